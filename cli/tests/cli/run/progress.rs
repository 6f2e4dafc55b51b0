//! How far a job is, from its output, from a descriptor and by sequences to a terminal.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use serde_json::json;

use super::{job, last, run, states, until};
use crate::support::{Running, Service, file};

/// The percentage that a failing job ends with, which is the last one that was found.
fn percentage(flags: &[&str], script: &str) -> serde_json::Value {
    let service = Service::start();
    assert_eq!(run(&service, flags, &format!("{script}; exit 1")).code, Some(1));
    assert_eq!(states(&service)[0]["type"], "progress");
    last(&service)["percentage"].clone()
}

#[test]
fn progress_is_found_in_either_output() {
    assert_eq!(percentage(&["--progress", "auto"], "echo 42%"), 42);
    assert_eq!(percentage(&["--progress", "auto"], "echo '[3/4] linking' >&2"), 75);
    assert_eq!(percentage(&["--progress", "auto"], r"printf '10%%\r20%%\r'"), 20);
    assert_eq!(percentage(&["--progress", "auto"], r"printf '\033]9;4;1;66\007'"), 66);
}

#[test]
fn a_regex_says_what_counts() {
    assert_eq!(percentage(&["--progress", r"row (\d+) of (\d+)"], "echo 99%; echo row 1 of 8"), 12);
    assert_eq!(percentage(&["--progress", r"at (\d+)"], "echo at 7"), 7);
}

#[test]
fn a_descriptor_takes_progress_in_every_form() {
    for (script, expected) in [
        ("echo 42 >&3", json!(42)),
        ("echo 42% >&3", json!(42)),
        ("echo 3/10 >&3", json!(30)),
        (r#"echo '{"percentage": 12.5}' >&3"#, json!(12.5)),
        ("echo nonsense >&3; echo 5 >&3", json!(5)),
        ("echo 100.00000000000001 >&3", json!(100)),
        ("echo 107 >&3", json!(100)),
        ("echo 11/10 >&3", json!(100)),
        ("echo 5 >&3; echo nan >&3; echo inf% >&3", json!(5)),
        (r#"echo '{"percentage": 101}' >&3"#, json!(100)),
    ] {
        assert_eq!(percentage(&["--progress-fd", "3"], script), expected, "{script}");
    }
    assert_eq!(percentage(&["--progress-fd", "7"], "echo 42 >&7"), 42);
}

#[test]
fn a_job_that_succeeds_has_done_all() {
    let service = Service::start();
    run(&service, &["--progress", "auto"], "echo 42%").succeeded();
    assert_eq!(last(&service)["percentage"], 100);
}

#[test]
fn unasked_only_what_grows_is_taken_for_progress() {
    for (flags, script, shown) in [
        (&[][..], "echo 'disk 80% full'", None),
        (&[], "echo 1/3; echo 2/3", Some("66 %")),
        (&["--progress", "off"], "echo 1/3; echo 2/3", None),
    ] {
        let service = Service::start();
        // It begins when the start has come, of which an update would else be a part, and ends when what it says has come.
        let wait = |name: &str| format!("while [ ! -e ${name} ]; do sleep 0.01; done");
        let script = format!("{}; {script}; {}", wait("BEGIN"), wait("END"));
        let signs = ["begin", "end"].map(|name| file(name, ""));
        for sign in &signs {
            std::fs::remove_file(sign).expect("it can be removed");
        }
        let [begin, end] = &signs;
        let mut command = job(&service, flags, &script);
        let mut asmith = Running::start(command.env("BEGIN", begin).env("END", end).stdout(Stdio::piped()));
        until(|| !states(&service).is_empty());
        std::fs::write(begin, "").expect("a file");
        // What is passed on has been looked at; what is found of it comes by itself.
        let mut line = String::new();
        let mut stdout = BufReader::new(asmith.0.stdout.take().expect("stdout is piped"));
        stdout.read_line(&mut line).expect("UTF-8");
        let words = |state: &serde_json::Value| state["subtitle"].as_str().map(str::to_owned);
        until(|| shown.is_none() || states(&service).iter().any(|state| words(state).as_deref() == shown));
        std::fs::write(end, "").expect("a file");
        assert_eq!(asmith.code(), Some(0));
        let found = states(&service).iter().filter_map(words).any(|words| words.contains('%'));
        assert_eq!((found, &last(&service)["type"]), (shown.is_some(), &json!("timer")));
    }
}

#[test]
fn a_source_that_cannot_be_is_refused_before_anything_runs() {
    let service = Service::start();
    for (flags, words) in [
        (["--progress", "("], "regex"),
        (["--progress", "percent"], "0 groups"),
        (["--progress-fd", "2"], "3..=255"),
        (["--steps", "0"], "1..=1000"),
        (["--on-failure", "explode"], "end"),
    ] {
        run(&service, &flags, "echo it ran").failed(64, words);
    }
    service.run(&["run", "job", "echo", "it ran"]).failed(64, "--");
    service.run(&["run", "job"]).failed(64, "CMD");
}
