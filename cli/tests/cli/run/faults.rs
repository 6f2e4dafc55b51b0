//! What stands in the way of a report, and that none of it harms the command: it runs, its output is its own, and so is its code.

use std::net::TcpListener;
use std::process::Command;

use activitysmith_emulator::{AccountSettings, Billing};
use activitysmith_emulator::{Limits, Options};

use super::{job, operations, run};
use crate::support::{KEY, Running, Service, asmith, asmith_at, file, run as run_command, server_that_says};

const SCRIPT: &str = "echo out; echo err >&2; exit 3";

fn command(base_url: &str, flags: &[&str]) -> Command {
    asmith_at(base_url, &[&["run", "job"], flags, &["--", "sh", "-c", SCRIPT]].concat())
}

/// It ran as without us, and one line more tells why it is not reported.
fn ran(mut command: Command, why: &str) {
    let told = run_command(&mut command);
    assert_eq!((told.code, told.stdout.as_str()), (Some(3), "out\n"), "{told:?}");
    let lines: Vec<_> = told.stderr.lines().filter(|line| *line != "err").collect();
    let [line] = lines[..] else { panic!("one line: {told:?}") };
    assert!(line.starts_with("asmith: job is not reported: ") && line.contains(why), "{why} is not in {line}");
}

#[test]
fn without_a_key_the_command_runs_all_the_same() {
    let service = Service::start();
    let mut without = command(&service.emulator.base_url(), &[]);
    without.env_remove("ACTIVITYSMITH_API_KEY");
    ran(without, "ACTIVITYSMITH_API_KEY is not set");
    assert!(service.bodies().is_empty());
}

#[test]
fn without_a_word_where_it_is_to_be_quiet() {
    let mut quiet = asmith(&["-q", "run", "job", "--", "sh", "-c", SCRIPT]);
    let told = run_command(&mut quiet);
    assert_eq!((told.code, told.stderr.as_str()), (Some(3), "err\n"));
}

#[test]
fn without_a_network_the_command_runs_all_the_same() {
    ran(command("http://127.0.0.1:1/api", &[]), "could not connect");
}

#[test]
fn a_key_that_is_not_known_and_a_bill_that_is_not_paid_harm_nothing() {
    for (settings, why) in [
        (AccountSettings { revoked: true, ..Default::default() }, "does not know this API key"),
        (AccountSettings { billing: Billing::TrialExpired, ..Default::default() }, "billing blocks this account"),
    ] {
        let service = Service::start();
        service.emulator.with_service(|service, _| service.set_account(None, &settings));
        ran(command(&service.emulator.base_url(), &[]), why);
    }
}

#[test]
fn too_many_requests_and_servers_in_trouble_harm_nothing() {
    let options = Options { limits: Limits { account_per_minute: Some(0), ..Limits::none() }, ..Options::default() };
    ran(command(&Service::with(options).emulator.base_url(), &["--flush-timeout", "5s"]), "too many requests");
    ran(command(&server_that_says("503 Service Unavailable", ""), &["--flush-timeout", "5s"]), "503");
    ran(
        command(&server_that_says("200 OK", "<html>log in here</html>"), &["--flush-timeout", "5s"]),
        "not the service's",
    );
}

#[test]
fn a_server_that_never_answers_holds_nobody_up_for_longer_than_was_said() {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let base_url = format!("http://{}/api", silent.local_addr().expect("an address"));
    ran(command(&base_url, &["--flush-timeout", "0.3"]), "no answer");
}

#[test]
fn without_a_service_a_command_that_has_succeeded_is_not_held_up() {
    let args = ["-q", "run", "job", "--flush-timeout", "1h", "--", "true"];
    assert_eq!(Running::start(&mut asmith_at("http://127.0.0.1:1/api", &args)).code(), Some(0));
}

#[test]
fn how_long_an_end_may_take_is_what_the_rules_say_unless_something_else_is_said() {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let base_url = format!("http://{}/api", silent.local_addr().expect("an address"));
    let rules = r#"{"success_timeout_seconds": 0.11, "failure_timeout_seconds": 0.22}"#;
    for (flags, variable, code, seconds) in [
        (&[][..], "", 0, "0.11 s"),
        (&[], "", 3, "0.22 s"),
        (&[], "0.33", 0, "0.33 s"),
        (&[], "0.33", 3, "0.33 s"),
        (&["--flush-timeout", "0.44"], "0.33", 0, "0.44 s"),
        (&["--flush-timeout", "0.44"], "0.33", 3, "0.44 s"),
    ] {
        let script = format!("exit {code}");
        let mut command = asmith_at(&base_url, &[&["run", "job"], flags, &["--", "sh", "-c", &script]].concat());
        let told = run_command(command.env("ACTIVITYSMITH_RULES", rules).env("ACTIVITYSMITH_FLUSH_TIMEOUT", variable));
        assert_eq!(told.code, Some(code), "{told:?}");
        assert!(told.stderr.contains(&format!("within {seconds}")), "{flags:?} {variable} {code}: {told:?}");
    }
}

#[test]
fn a_job_that_the_budget_has_no_room_for_says_so() {
    let service = Service::start();
    let nothing = r#"{"secs": 0, "nanos": 0}"#;
    let endless = r#"{"secs": 9000000000, "nanos": 0}"#;
    let frozen = format!(
        r#"{{"interval":{nothing}, "burst": 10, "due": {nothing}, "frozen_until": {endless}, "slowed": 1.0,
            "slowed_at": {nothing}, "blind_freezes": 0}}"#
    );
    let budget = file("full-budget", &frozen);
    for (flags, code) in [(&[][..], 0), (&["--strict"], 75)] {
        let mut command = job(&service, flags, "true");
        // The budget counts, however late it can be read.
        let rules = r#"{"budget": {"store_timeout_seconds": 3600}}"#;
        let told = run_command(command.env("ACTIVITYSMITH_BUDGET_FILE", &budget).env("ACTIVITYSMITH_RULES", rules));
        assert_eq!(told.code, Some(code), "{told:?}");
        assert!(told.stderr.starts_with("asmith: job is not reported: nothing was shown: "), "{told:?}");
    }
    assert!(service.bodies().is_empty());
}

#[test]
fn settings_that_cannot_be_harm_nothing() {
    ran(command("http://example.com", &[]), "plain http");
    ran(command("nonsense", &[]), "ACTIVITYSMITH_BASE_URL");
    ran(command("http://127.0.0.1:1/api", &["--api-key-file", "/nowhere/key"]), "cannot be read");
}

#[test]
fn a_state_that_breaks_a_rule_harms_nothing() {
    let service = Service::start();
    let told = service.run(&["run", "not a key", "--", "sh", "-c", SCRIPT]);
    assert_eq!((told.code, told.stdout.as_str()), (Some(3), "out\n"));
    assert!(told.stderr.contains("stream_key"), "{told:?}");
    ran(command(&service.emulator.base_url(), &["--title", ""]), "content_state.title");
    assert!(service.bodies().is_empty());
}

#[test]
fn the_key_given_as_stream_key_is_not_repeated() {
    let service = Service::start();
    let told = service.run(&["run", KEY, "--", "true"]);
    assert!(told.succeeded().stderr.contains("must not be the API key"), "{told:?}");
}

#[test]
fn disabled_it_says_and_sends_nothing() {
    let service = Service::start();
    let told = run_command(job(&service, &[], SCRIPT).env("ACTIVITYSMITH_DISABLED", "1"));
    assert_eq!((told.code, told.stderr.as_str()), (Some(3), "err\n"));
    assert!(service.bodies().is_empty());
}

#[test]
fn without_room_for_the_socket_the_command_runs_all_the_same() {
    let service = Service::start();
    // A path that is too long for a socket, in place of a full disk; the other places are no folders.
    let long = format!("/tmp/{}", "x".repeat(200));
    let mut command = job(&service, &[], "echo ${ASMITH_SOCKET-none}");
    let told = run_command(command.env("TMPDIR", &long).env("XDG_RUNTIME_DIR", "/dev/null"));
    assert!(told.succeeded().stdout.starts_with("/tmp/asmith-"), "{told:?}");
    assert_eq!(operations(&service), ["started", "ended"]);
}

/// An empty folder.
fn runtime_dir(name: &str) -> String {
    let folder = file(name, "");
    std::fs::remove_file(&folder).and_then(|()| std::fs::create_dir(&folder)).expect("a folder");
    folder
}

#[test]
fn what_asmith_leaves_is_nothing() {
    let folder = runtime_dir("runtime-dir");
    let service = Service::start();
    let told = run_command(job(&service, &[], "echo $ASMITH_SOCKET").env("XDG_RUNTIME_DIR", &folder));
    assert!(told.succeeded().stdout.starts_with(&folder), "{told:?}");
    assert_eq!(std::fs::read_dir(&folder).expect("a folder").count(), 0);
}

#[test]
fn signals_of_a_job_that_nobody_hears_of_are_its_own() {
    let told = run_command(&mut asmith(&["-q", "run", "job", "--", "sh", "-c", "kill -KILL $$"]));
    assert_eq!(told.code, Some(137));
    let service = Service::start();
    assert_eq!(run(&service, &["--on-failure", "keep"], "kill -SEGV $$").code, Some(139));
}

#[test]
fn with_too_few_files_to_watch_it_the_command_runs_all_the_same() {
    let folder = runtime_dir("few-files");
    for limit in [5, 6, 7, 8, 10, 12, 14, 16, 24] {
        let script = "ulimit -n $0; exec \"$1\" run job -- sh -c 'echo out; exit 3'";
        let mut few = Command::new("sh");
        few.args(["-c", script, &limit.to_string(), env!("CARGO_BIN_EXE_asmith")]);
        let told = run_command(few.env("XDG_RUNTIME_DIR", &folder));
        assert_eq!((told.code, told.stdout.as_str()), (Some(3), "out\n"), "{limit} files: {told:?}");
        assert_eq!(std::fs::read_dir(&folder).expect("a folder").count(), 0, "{limit} files");
    }
}
