//! How a job ends: its code, and what is shown of it.

use std::fs::File;
use std::process::Stdio;

use serde_json::{Value, json};

use super::{job, last, operations, run, states, until};
use crate::support::{Running, Service, asmith, file, run as run_command, shown_in, timeless};

#[test]
fn a_job_is_shown_while_it_runs_and_ended_when_it_has_succeeded() {
    let service = Service::start();
    let told = run(&service, &[], "echo out; echo err >&2");
    assert_eq!((told.code, told.stdout.as_str(), told.stderr.as_str()), (Some(0), "out\n", "err\n"));
    assert_eq!(operations(&service), ["started", "ended"]);
    assert_eq!(states(&service)[0], json!({"title": "Job", "type": "timer", "counts_down": false}));
    assert_eq!(timeless(&last(&service)["subtitle"]), "done in 0 s");
}

#[test]
fn a_job_that_fails_is_shown_as_such_without_a_word_of_its_output() {
    let service = Service::start();
    let told = run(&service, &[], "echo secret; exit 3");
    assert_eq!((told.code, told.stderr.as_str()), (Some(3), ""));
    let state = last(&service);
    assert_eq!((&state["color"], timeless(&state["subtitle"]).as_str()), (&json!("red"), "exit 3 after 0 s"));
    assert_eq!(state["auto_dismiss_minutes"], 60);
    assert!(!service.bodies().concat().contains("secret"));
}

#[test]
fn the_commands_code_is_ours() {
    let service = Service::start();
    for (script, code, words) in [
        ("exit 0", 0, "done in 0 s"),
        ("exit 255", 255, "exit 255 after 0 s"),
        ("kill -TERM $$", 143, "SIGTERM after 0 s"),
        ("kill -KILL $$", 137, "SIGKILL after 0 s"),
    ] {
        assert_eq!(run(&service, &[], script).code, Some(code), "{script}");
        assert_eq!(timeless(&last(&service)["subtitle"]), words, "{script}");
    }
}

#[test]
fn a_command_that_cannot_be_run_is_126_or_127_and_shown_as_failed() {
    let service = Service::start();
    service.run(&["run", "job", "--", "no-such-command-anywhere"]).failed(127, "cannot run no-such-command-anywhere");
    assert_eq!(last(&service)["subtitle"], "command not found");
    service.run(&["run", "job", "--", "/"]).failed(126, "cannot run /");
    assert_eq!(last(&service)["subtitle"], "cannot be run");
    let script = file("not-executable", "exit 0");
    service.run(&["run", "job", "--", &script]).failed(126, "cannot run");
}

#[test]
fn no_shell_reads_the_command() {
    let service = Service::start();
    let told = service.run(&["run", "job", "--", "printf", "%s|", "$HOME", "a  b", "*", ""]);
    assert_eq!(told.succeeded().stdout, "$HOME|a  b|*||");
}

#[test]
fn a_shell_reads_the_command_where_that_is_asked_for() {
    let service = Service::start();
    let shell = |shell: Option<&str>, command: &[&str]| {
        let mut asmith = service.asmith(&[&["run", "job", "--shell", "--"], command].concat());
        shell.map(|shell| asmith.env("SHELL", shell));
        run_command(&mut asmith)
    };
    let told = shell(Some("/bin/sh"), &["echo $0 | tr a-z A-Z; exit 3"]);
    assert_eq!((told.code, told.stdout.as_str()), (Some(3), "/BIN/SH\n"));
    assert_eq!(shell(None, &["echo one && echo two"]).succeeded().stdout, "one\ntwo\n");
    shell(Some("/nowhere/sh"), &["true"]).failed(127, "cannot run /nowhere/sh");
    // Words in a row would be quoted anew, and differently.
    shell(None, &["echo", "two words"]).failed(64, "one text, in quotes");
}

#[test]
fn a_title_is_the_key_unless_it_is_given() {
    let service = Service::start();
    service.run(&["run", "nightly-backup", "--", "true"]).succeeded();
    assert_eq!(last(&service)["title"], "nightly-backup");
}

#[test]
fn a_command_that_takes_too_long_is_124_even_if_it_ends_well() {
    let service = Service::start();
    let script = "trap 'exit 0' TERM; while :; do sleep 0.01; done";
    assert_eq!(run(&service, &["--timeout", "0.2"], script).code, Some(124));
    assert_eq!(last(&service)["subtitle"], "timed out after 0 s");
}

#[test]
fn a_command_that_ignores_sigterm_is_killed_in_the_end() {
    let service = Service::start();
    let script = "trap '' TERM; while :; do sleep 0.01; done";
    assert_eq!(run(&service, &["--timeout", "0.2", "--kill-after", "0.1"], script).code, Some(124));
}

#[test]
fn a_timeout_ends_what_the_command_has_started_too() {
    let service = Service::start();
    // The pipe of stdout closes only when the last of them has ended.
    let told = run(&service, &["--timeout", "0.2", "--progress", "off"], "sh -c 'sleep 1000; true'; true");
    assert_eq!((told.code, told.stdout.as_str()), (Some(124), ""));
}

#[test]
fn an_activity_may_stay_after_the_end() {
    let service = Service::start();
    run(&service, &["--on-success", "keep"], "true").succeeded();
    assert_eq!(operations(&service)[0], "started");
    assert!(!operations(&service).contains(&"ended".to_owned()));
    let state = last(&service);
    assert_eq!((timeless(&state["subtitle"]).as_str(), &state["is_running"]), ("done in 0 s", &json!(false)));

    let service = Service::start();
    assert_eq!(run(&service, &["--steps", "2", "--on-failure", "keep"], "exit 4").code, Some(4));
    assert!(!operations(&service).contains(&"ended".to_owned()));
    let state = last(&service);
    assert_eq!(
        (timeless(&state["subtitle"]).as_str(), &state["badge"]["title"]),
        ("exit 4 after 0 s", &json!("Failed"))
    );
    assert_eq!(state.get("auto_dismiss_minutes"), None);
}

#[test]
fn how_long_it_stays_on_the_lock_screen_can_be_said() {
    let service = Service::start();
    for (script, code) in [("true", 0), ("exit 1", 1)] {
        assert_eq!(run(&service, &["--dismiss-after", "5m"], script).code, Some(code));
        let state = last(&service);
        assert_eq!((&state["auto_dismiss_seconds"], state.get("auto_dismiss_minutes")), (&json!(300), None));
    }
}

#[test]
fn the_last_lines_are_shown_where_that_is_asked_for_and_without_colours_and_keys() {
    let service = Service::start();
    let script = r"echo one; printf '\033[31mtwo\033[0m ask_live_1\n' >&2; echo; exit 1";
    let told = run(&service, &["--output-lines", "2"], script);
    assert_eq!((told.code, told.stdout.as_str()), (Some(1), "one\n\n"));
    let words = timeless(&last(&service)["subtitle"]);
    assert!(words == "exit 1 after 0 s: one | two [redacted]" || words == "exit 1 after 0 s: two [redacted] | one");
}

#[test]
fn channels_and_tags_go_with_it() {
    let service = Service::start();
    run(&service, &["--channel", "ops", "--tag", "backup"], "true");
    let first: Value = serde_json::from_str(&service.bodies()[0]).expect("JSON");
    assert_eq!((&first["channels"], &first["tags"]), (&json!(["ops"]), &json!(["backup"])));
}

#[test]
fn programs_read_how_it_went_on_stderr() {
    let service = Service::start();
    let told = run(&service, &["--output", "json"], "echo out; exit 3");
    assert_eq!((told.code, told.stdout.as_str()), (Some(3), "out\n"));
    let summary: Value = serde_json::from_str(&told.stderr).expect("one line of JSON");
    assert_eq!(
        (&summary["exit_code"], &summary["problem"], &summary["requests"]),
        (&json!(3), &json!(null), &json!(2))
    );
}

#[test]
fn a_job_that_ends_before_it_is_to_be_shown_sends_nothing_unless_it_fails() {
    let service = Service::start();
    for more in [&[][..], &["--on-success", "keep"]] {
        let told = run(&service, &[&["--show-after", "1000h", "--strict"], more].concat(), "true");
        assert_eq!(told.succeeded().stderr, "", "{more:?}");
    }
    assert!(service.bodies().is_empty());
    assert_eq!(run(&service, &["--show-after", "1000h"], "exit 3").code, Some(3));
    assert_eq!(operations(&service), ["started", "ended"]);
    assert_eq!(last(&service)["color"], "red");
    let service = Service::start();
    assert_eq!(run(&service, &["--show-after", "1000h", "--on-failure", "keep"], "exit 3").code, Some(3));
    assert_eq!(operations(&service), ["started"]);
    assert_eq!(last(&service)["color"], "red");
}

#[test]
fn a_wait_before_the_first_request_delays_no_command() {
    for more in [&[][..], &["--on-success", "keep"]] {
        let service = Service::start();
        run(&service, &[&["--jitter", "1000h"], more].concat(), "true").succeeded();
        assert_eq!(operations(&service), ["started", "ended"][..2 - more.len() / 2]);
    }
}

#[test]
fn a_job_that_takes_longer_is_shown() {
    let service = Service::start();
    let mut asmith = Running::start(job(&service, &["--show-after", "0.1"], "read line").stdin(Stdio::piped()));
    until(|| !service.emulator.requests().is_empty());
    drop(asmith.0.stdin.take());
    assert_eq!(asmith.code(), Some(1));
    assert_eq!(operations(&service), ["started", "ended"]);
}

/// The line that the issue accepts, where its output is read and where it goes to a file; a terminal has its own story.
#[test]
fn the_acceptance_line() {
    let (journal, out) = (file("acceptance-journal", ""), file("acceptance-output", ""));
    let script = r#"for i in 1 2 3; do echo "$i/3"; sleep 1; done; exit 3"#;
    let run =
        [env!("CARGO_BIN_EXE_asmith"), "run", "nightly-backup", "--title", "Nightly backup", "--", "sh", "-c", script];
    let command = || asmith(&[&["emulate", "--journal", &journal, "--exec", "--"], &run[..]].concat());
    let shown = || {
        let mut shown = shown_in(&journal);
        assert_eq!(shown.remove(0), ("started".to_owned(), String::new()));
        let (operation, words) = shown.pop().expect("it has ended");
        assert_eq!((operation.as_str(), words.starts_with("exit 3 after ")), ("ended", true), "{words}");
        // On a machine that stalls, not each of them.
        let found =
            |(operation, words): &(String, String)| operation == "updated" && ["66 %", "100 %"].contains(&&**words);
        assert!(!shown.is_empty() && shown.iter().all(found), "{shown:?}");
    };
    let told = run_command(&mut command());
    assert_eq!((told.code, told.stdout.as_str(), told.stderr.as_str()), (Some(3), "1/3\n2/3\n3/3\n", ""));
    shown();
    let status = command().stdout(File::create(&out).expect("a file")).status().expect("it runs");
    assert_eq!(
        (status.code(), std::fs::read_to_string(&out).expect("a file")),
        (Some(3), "1/3\n2/3\n3/3\n".to_owned())
    );
    shown();
}

#[test]
fn strictly_a_report_that_failed_is_a_failure_of_its_own() {
    let service = Service::start();
    let without_key = |flags: &[&str], script: &str| {
        run_command(job(&service, flags, script).env_remove("ACTIVITYSMITH_API_KEY")).code
    };
    assert_eq!(without_key(&["--strict"], "true"), Some(78));
    assert_eq!(without_key(&["--strict"], "exit 3"), Some(3));
    assert_eq!(without_key(&[], "true"), Some(0));
}
