//! `asmith preview`: a state as a picture, offline.

use std::fs;

use crate::support::{asmith, file, run, run_with};

const STATE: &str = r#"{"title": "Reindex <b>", "type": "progress", "percentage": 42}"#;

#[test]
fn a_state_is_drawn_as_svg() {
    let out = file("state.svg", "");
    let state = file("preview.json", STATE);
    let run = run(&mut asmith(&["preview", &state, "--out", &out]));
    assert_eq!((run.succeeded().stdout.as_str(), run.stderr.as_str()), ("", format!("asmith: drew {out}\n").as_str()));
    let svg = fs::read_to_string(out).expect("the picture is there");
    assert!(svg.starts_with("<svg ") && svg.contains("Reindex &lt;b&gt;") && svg.contains("42%"), "{svg}");
}

#[test]
fn a_whole_request_is_drawn_with_its_buttons() {
    let body = format!(
        r#"{{"content_state": {STATE}, "action": {{"title": "Log", "type": "open_url", "url": "https://ci.example.com"}}}}"#
    );
    let run = run_with(
        &mut asmith(&["preview", "-", "--out", "-", "--theme", "dark", "--surface", "island-expanded"]),
        &body,
    );
    assert!(run.succeeded().stdout.contains(">Log</text>"), "{run:?}");
}

#[cfg(feature = "png")]
#[test]
fn a_name_in_png_makes_a_png() {
    let out = file("state.PNG", "");
    run_with(&mut asmith(&["preview", "-", "--out", &out, "--scale", "1"]), STATE).succeeded();
    assert_eq!(&fs::read(out).expect("the picture is there")[..4], b"\x89PNG");
}

#[test]
fn what_could_not_be_sent_is_not_drawn() {
    let out = file("none.svg", "nothing");
    let args = ["preview", "-", "--out", &out];
    run_with(&mut asmith(&args), r#"{"title": "T", "type": "progress", "percentage": 142}"#)
        .failed(65, "content_state.percentage");
    run_with(&mut asmith(&args), r#"{"title": "T", "percentage": 42}"#).failed(65, "content_state.type");
    run_with(&mut asmith(&args), r#"{"title": "#).failed(65, "nothing was drawn");
    assert_eq!(fs::read_to_string(out).expect("it is there"), "nothing");
}

#[test]
fn what_is_no_picture_is_64() {
    for (args, words) in [
        (&["--out", "card.gif"][..], ".svg or .png"),
        (&["--out", "/no/such/folder/card.svg"], "cannot be written"),
        (&["--out", "-", "--theme", "sepia"], "light, dark or dimmed"),
        (&["--out", "-", "--surface", "watch"], "island-compact"),
    ] {
        run_with(asmith(&["preview", "-"]).args(args), STATE).failed(64, words);
    }
}
