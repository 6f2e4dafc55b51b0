//! The push notifications about the end of a job.

use serde_json::{Value, json};

use super::run;
use crate::support::{Run, Service, asmith, file, run as run_command, timeless};

/// The push notifications that came.
fn pushes(service: &Service) -> Vec<Value> {
    let requests = service.emulator.requests().into_iter().filter(|request| request.path == "/push-notification");
    requests.map(|request| serde_json::from_slice(&request.body).expect("bodies are JSON")).collect()
}

/// The title and the text of the one that came.
fn pushed(service: &Service) -> (Value, String) {
    let pushes = pushes(service);
    assert_eq!(pushes.len(), 1, "{pushes:?}");
    (pushes[0]["title"].clone(), timeless(&pushes[0]["message"]))
}

#[test]
fn the_journal_of_a_job_that_fails_holds_one() {
    let journal = file("push-journal", "");
    let asmith_run = [env!("CARGO_BIN_EXE_asmith"), "run", "k", "--title", "T", "--push-on-failure", "--", "false"];
    let told =
        run_command(&mut asmith(&[&["emulate", "--journal", &journal, "--exec", "--"], &asmith_run[..]].concat()));
    assert_eq!(told.code, Some(1), "{told:?}");
    let journal = std::fs::read_to_string(&journal).expect("it is there");
    let paths: Vec<Value> = journal.lines().map(|line| serde_json::from_str(line).expect("lines of JSON")).collect();
    let pushes = paths
        .iter()
        .filter(|entry| (&entry["method"], &entry["path"]) == (&json!("POST"), &json!("/push-notification")));
    assert_eq!(pushes.count(), 1, "{paths:?}");
}

#[test]
fn its_words_say_what_has_happened_unless_others_were_given() {
    for (flags, script, title, text) in [
        (&["--push-on-failure"][..], "exit 3", "Job failed", "exit 3 after 0 s"),
        (&["--push-on-failure=Wake up"], "exit 3", "Wake up", "exit 3 after 0 s"),
        (&["--push-on-success"], "exit 0", "Job finished", "done in 0 s"),
        (&["--push-on-success=Yes", "--push-on-failure=No"], "exit 0", "Yes", "done in 0 s"),
        (&["--push-on-failure", "--on-failure", "keep"], "exit 3", "Job failed", "exit 3 after 0 s"),
        (&["--push-on-failure", "--show-after", "1h"], "exit 3", "Job failed", "exit 3 after 0 s"),
        (&["--push-on-success", "--show-after", "1h"], "exit 0", "Job finished", "done in 0 s"),
    ] {
        let service = Service::start();
        assert_eq!(run(&service, flags, script).stderr, "", "{flags:?}");
        assert_eq!(pushed(&service), (json!(title), text.to_owned()), "{flags:?}");
    }
}

#[test]
fn there_is_none_for_another_end() {
    let service = Service::start();
    run(&service, &["--push-on-failure"], "exit 0").succeeded();
    assert_eq!(run(&service, &["--push-on-success"], "exit 3").code, Some(3));
    assert_eq!(pushes(&service), [json!(null); 0]);
}

#[test]
fn it_goes_where_the_activity_goes() {
    let service = Service::start();
    run(&service, &["--push-on-success", "--channel", "ops", "--tag", "nightly"], "exit 0").succeeded();
    let push = &pushes(&service)[0];
    assert_eq!((&push["target"], &push["tags"]), (&json!({"channels": ["ops"]}), &json!(["nightly"])));
}

#[test]
fn one_that_could_not_be_sent_is_a_line() {
    let line = |told: &Run| told.stderr.lines().filter(|line| line.contains("push notification was not sent")).count();
    let service = Service::start();
    let told = run(&service, &["--push-on-failure= "], "exit 3");
    assert_eq!((told.code, line(&told)), (Some(3), 1), "{told:?}");
    assert!(told.stderr.contains("asmith: job: the push notification was not sent: title is blank"), "{told:?}");
    assert_eq!(run(&service, &["--push-on-success= ", "--strict"], "exit 0").code, Some(65));
    assert!(pushes(&service).is_empty());
    let mut job = service.asmith(&["run", "job", "--push-on-failure", "--", "false"]);
    let told = run_command(job.env("ACTIVITYSMITH_BASE_URL", "http://127.0.0.1:1/api"));
    assert_eq!((told.code, line(&told)), (Some(1), 1), "{told:?}");
}

#[test]
fn without_a_key_one_line_says_all() {
    let service = Service::start();
    let mut job = service.asmith(&["run", "job", "--push-on-failure", "--", "false"]);
    let told = run_command(job.env_remove("ACTIVITYSMITH_API_KEY"));
    assert_eq!((told.code, told.stderr.lines().count()), (Some(1), 1), "{told:?}");
}

#[test]
fn a_pipe_and_a_watch_have_them_too() {
    let service = Service::start();
    service.run(&["pipe", "import", "--title", "Import", "--push-on-success"]).succeeded();
    assert_eq!(pushed(&service), (json!("Import finished"), "0 lines in 0 s".to_owned()));
    let service = Service::start();
    let watch = ["watch", "queue", "--push-on-success=Seen", "--every", "1ms", "--times", "1", "--", "echo", "1"];
    service.run(&watch).succeeded();
    assert_eq!(pushed(&service).0, "Seen");
    let service = Service::start();
    let watch = ["watch", "queue", "--push-on-failure", "--every", "1ms", "--", "no-such-command-anywhere"];
    assert_eq!(service.run(&watch).code, Some(127));
    assert_eq!(pushed(&service), (json!("queue failed"), "cannot be run after 0 s".to_owned()));
}
