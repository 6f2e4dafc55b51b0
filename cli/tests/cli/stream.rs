//! `asmith stream`: the state arrives, and the outcome is told to whom it is for.

use serde_json::json;

use crate::support::{Service, asmith, run, run_with};

const STREAM: &[&str] = &["stream", "search-reindex", "--type", "progress", "--title", "Search Reindex"];

#[test]
fn under_the_emulator_it_prints_nothing_but_the_response() {
    let stream = [STREAM, &["--subtitle", "catalog-v2", "--percentage", "42", "--output", "json"]].concat();
    let args = [&["emulate", "--exec", "--", env!("CARGO_BIN_EXE_asmith")], &*stream].concat();
    let run = run(&mut asmith(&args));
    assert_eq!(run.succeeded().json()["operation"], "started");
    assert_eq!(run.json()["stream_key"], "search-reindex");
    assert_eq!(run.stdout.lines().count(), 1);
}

#[test]
fn people_read_stderr() {
    let service = Service::start();
    let run = service.run(&[STREAM, &["--percentage", "1"]].concat());
    assert_eq!(run.succeeded().stdout, "");
    assert_eq!(run.stderr, "asmith: search-reindex: started (devices: 1)\n");
    let again = service.run(&[STREAM, &["--percentage", "1"]].concat());
    assert!(again.stderr.contains("noop, nothing changed"), "{again:?}");
}

#[test]
fn quiet_leaves_nothing_but_errors() {
    let service = Service::start();
    let run = service.run(&[STREAM, &["--percentage", "1", "-q"]].concat());
    assert_eq!((run.succeeded().stdout.as_str(), run.stderr.as_str()), ("", ""));
    service.run(&[STREAM, &["--percentage", "101", "-q"]].concat()).failed(65, "percentage");
}

#[test]
fn a_paused_stream_is_an_answer_and_says_so() {
    let service = Service::start();
    service.run(&[STREAM, &["--percentage", "1"]].concat()).succeeded();
    service
        .emulator
        .with_service(|service, now| service.pause(now, None, "search-reindex").map(drop))
        .expect("it runs");
    let run = service.run(&[STREAM, &["--percentage", "2", "--output", "json"]].concat());
    assert_eq!(run.succeeded().json()["operation"], "paused");
    assert!(run.stderr.contains("paused, so nothing was shown"), "{run:?}");
}

#[test]
fn disabled_sends_nothing_and_succeeds() {
    let service = Service::start();
    let run = run(service.asmith(&[STREAM, &["--output", "json"]].concat()).env("ACTIVITYSMITH_DISABLED", "1"));
    assert_eq!(run.succeeded().json()["operation"], "disabled");
    assert!(service.bodies().is_empty());
}

#[test]
fn numbers_arrive_in_the_form_in_which_they_were_given() {
    let service = Service::start();
    service
        .run(&[STREAM, &["--value", "9007199254740993", "--upper-limit", "18446744073709551615"]].concat())
        .succeeded();
    service.run(&[STREAM, &["--percentage", "42"]].concat()).succeeded();
    service.run(&[STREAM, &["--percentage", "42.25"]].concat()).succeeded();
    let bodies = service.bodies();
    for (body, number) in bodies.iter().zip(["9007199254740993,\"upper_limit\":18446744073709551615", "42", "42.25"]) {
        assert!(body.contains(&format!(":{number}}}")), "{number} is not in {body}");
    }
}

#[test]
fn a_readout_is_a_number_if_it_looks_so_unless_it_is_given_as_a_text() {
    let service = Service::start();
    for (flag, given, readout) in [
        ("--value", "42", json!(42)),
        ("--value", "-3.5", json!(-3.5)),
        ("--value", "€3,180", json!("€3,180")),
        ("--value-text", "42.50", json!("42.50")),
    ] {
        service.run(&["stream", "cost", "--type", "value", "--title", "Cost", flag, given]).succeeded();
        assert_eq!(service.body()["content_state"]["value"], readout);
    }
}

#[test]
fn a_text_may_begin_with_a_hyphen() {
    let service = Service::start();
    let alert = ["--type", "alert", "--title", "-1 disk", "--subtitle", "--", "--message", "-v", "--badge", "-x:red"];
    let beside = ["--metadata", "-x=-1", "--alert-title", "--dry-run", "--alert-body", "-b"];
    service.run(&[&["stream", "a"], &alert[..], &beside].concat()).succeeded();
    let state = json!({"type": "alert", "title": "-1 disk", "subtitle": "--", "message": "-v",
        "badge": {"title": "-x", "color": "red"}});
    let body = service.body();
    assert_eq!(body["content_state"], state);
    assert_eq!(
        (&body["metadata"], &body["alert"]),
        (&json!({"-x": "-1"}), &json!({"title": "--dry-run", "body": "-b"}))
    );
    service.run(&["stream", "b", "--type", "value", "--title", "T", "--value", "-n/a"]).succeeded();
    assert_eq!(service.body()["content_state"]["value"], "-n/a");
    service.run(&["stream", "c", "--type", "stats", "--title", "T", "--metric", "-5 °C=5"]).succeeded();
    assert_eq!(service.body()["content_state"]["metrics"], json!([{"label": "-5 °C", "value": 5}]));
}

#[test]
fn what_follows_a_colon_is_a_colour_only_if_it_is_one() {
    let service = Service::start();
    for (badge, stands_for) in [
        ("stage:prod", json!({"title": "stage:prod"})),
        ("stage:prod:red", json!({"title": "stage:prod", "color": "red"})),
    ] {
        service.run(&[STREAM, &["--percentage", "1", "--badge", badge]].concat()).succeeded();
        assert_eq!(service.body()["content_state"]["badge"], stands_for);
    }
}

#[test]
fn json_comes_from_a_file_or_from_stdin() {
    let text =
        r#"{"content_state": {"title": "T", "type": "progress", "percentage": 7}, "target": {"channels": ["ops"]}}"#;
    let service = Service::start();
    service.run(&["stream", "k", "--json", &crate::support::file("stream.json", text)]).succeeded();
    run_with(&mut service.asmith(&["stream", "k", "--json", "-"]), text).succeeded();
    run_with(&mut service.asmith(&["stream", "k", "--json", "-"]), &format!("\u{feff}{text}")).succeeded();
    let [first, second, third] = &service.bodies()[..] else { panic!("three requests") };
    assert_eq!((first, first), (second, third));
    assert_eq!(service.body(), serde_json::from_str::<serde_json::Value>(text).expect("JSON"));
}

#[test]
fn flags_replace_fields_of_the_json_and_leave_the_others() {
    let text = r#"{"content_state": {"title": "T", "type": "progress", "percentage": 7, "icon": {"symbol": "bolt", "color": "red"}},
        "action": {"title": "Open", "type": "open_url", "url": "https://example.com/1"}, "tags": ["a", "b"]}"#;
    let service = Service::start();
    let args = ["--percentage", "8", "--icon", "star", "--action-open-url", "https://example.com/2", "--tag", "c"];
    run_with(&mut service.asmith(&[&["stream", "k", "--json", "-"], &args[..]].concat()), text).succeeded();
    assert_eq!(
        service.body(),
        json!({
            "content_state": {
                "title": "T", "type": "progress", "percentage": 8, "icon": {"symbol": "star", "color": "red"}
            },
            "action": {"title": "Open", "type": "open_url", "url": "https://example.com/2"},
            "tags": ["c"],
        })
    );
}

#[test]
fn fields_newer_than_this_release_go_through_extra() {
    let text = r#"{"content_state": {"title": "T", "type": "progress", "percentage": 7, "extra": {"glow": true}}}"#;
    let service = Service::with(activitysmith_emulator::Options {
        mode: activitysmith_emulator::Mode::Lenient,
        ..Default::default()
    });
    run_with(&mut service.asmith(&["stream", "k", "--json", "-", "--percentage", "8"]), text).succeeded();
    assert_eq!(service.body()["content_state"]["glow"], true);
}

#[test]
fn what_may_not_come_out_as_hoped_is_said() {
    let service = Service::start();
    let steps = ["stream", "k", "--type", "segmented_progress", "--title", "T", "--number-of-steps", "3"];
    let run = service.run(&[&steps[..], &["--current-step", "2", "--step-colors", "red"]].concat());
    assert!(run.succeeded().stderr.contains("asmith: warning: content_state.step_colors"), "{run:?}");
}
