//! Each exit code has its story.

use std::collections::BTreeSet;
use std::net::TcpListener;

use activitysmith_emulator::{AccountSettings, Billing};
use activitysmith_emulator::{Limits, Options};

use crate::support::{Run, Service, asmith, asmith_at, run, server_that_says};

const STREAM: &[&str] = &["stream", "k", "--type", "progress", "--title", "T", "--percentage", "1"];

fn stream_at(base_url: &str) -> Run {
    run(&mut asmith_at(base_url, &[STREAM, &["--max-retries", "0", "--timeout", "60s", "--output", "json"]].concat()))
}

fn stream_as(settings: &AccountSettings) -> Run {
    let service = Service::start();
    service.emulator.with_service(|service, _| service.set_account(None, settings));
    service.run(&[STREAM, &["--channel", "ops"]].concat())
}

#[test]
fn success_is_0_and_so_are_help_and_version() {
    Service::start().run(STREAM).succeeded();
    for args in [&["--help"][..], &["--version"], &["stream", "--help"], &["emulate", "-h"]] {
        let run = run(&mut asmith(args));
        assert!(!run.succeeded().stdout.is_empty() && run.stderr.is_empty(), "{run:?}");
    }
}

#[test]
fn a_command_line_that_cannot_be_understood_is_64() {
    for (args, words) in [
        (&["strem"][..], "'stream'"),
        (&["stream"], "<STREAM_KEY>"),
        (&["stream", "k", "--metric", "CPU"], "= is missing; write it as LABEL=VALUE"),
        (&["stream", "k", "--metadata", "a:=b"], "not JSON"),
        (&["stream", "k", "--tag", "a", "--no-tags"], "cannot be used with"),
        (&["stream", "k", "--json", "/nowhere/state.json"], "/nowhere/state.json cannot be read"),
        (&["validate", "/nowhere/state.json"], "/nowhere/state.json cannot be read"),
        (&["stream", "k", "--json", r#"{"a":1}"#], "--json -"),
        (&["validate", r#" {"a":1}"#], "asmith validate -"),
        (&["emulate", "--exec"], "<CMD>"),
        (&["emulate", "--exec", "pytest", "-x"], "put -- before the command"),
        (&["emulate", "--", "true"], "--exec"),
        (&["emulate", "--clock", "yesterday"], "real, manual or a time"),
        (&["emulate", "--port", "70000"], "--port"),
    ] {
        run(&mut asmith(args)).failed(64, words);
    }
}

#[test]
fn no_command_at_all_is_64_with_the_help() {
    let run = run(&mut asmith(&[]));
    assert_eq!((run.code, run.stdout.as_str()), (Some(64), ""));
    assert!(run.stderr.starts_with("Live Activities") && run.stderr.contains("Usage"), "{run:?}");
}

#[test]
fn a_state_that_breaks_a_rule_is_65_whoever_finds_it() {
    Service::start().run(&["stream", "k", "--title", "T", "--percentage", "101"]).failed(65, "percentage");
    stream_at(&server_that_says("400 Bad Request", r#"{"error": "Invalid request"}"#)).failed(65, "refused");
    // Without a type nothing can be started, which only the service knows.
    Service::start().run(&["stream", "k", "--title", "T", "--percentage", "1"]).failed(65, "400");
}

#[test]
fn a_service_that_is_not_there_or_in_trouble_is_69() {
    let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port");
    stream_at(&format!("http://{port}/api")).failed(69, "could not connect");
    let silent = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = silent.local_addr().expect("an address");
    run(&mut asmith_at(&format!("http://{address}/api"), &[STREAM, &["--timeout", "200ms"]].concat()))
        .failed(69, "no answer within 0.2 s");
    stream_at(&server_that_says("503 Service Unavailable", "")).failed(69, "503");
    stream_at(&server_that_says("302 Found", "")).failed(69, "redirects");
    stream_at(&server_that_says("200 OK", "<html>log in here</html>")).failed(69, "not the service's");
}

#[test]
fn an_answer_that_says_it_was_no_success_is_69_also_for_programs() {
    let body = r#"{"success": false, "operation": "updated", "message": "Apple said no", "errors": ["a", "b"]}"#;
    let service = server_that_says("200 OK", body);
    let run = run(&mut asmith_at(&service, &[STREAM, &["--output", "json", "-q"]].concat()));
    assert_eq!((run.code, &run.json()["success"]), (Some(69), &false.into()), "{run:?}");
    assert_eq!(run.stderr, "asmith: k: the service answered success: false\n  Apple said no\n  a\n  b\n");
}

#[test]
fn nobody_to_deliver_to_is_69() {
    stream_as(&AccountSettings { has_device: false, ..Default::default() }).failed(69, "no device to deliver to");
}

#[test]
fn what_a_server_writes_cannot_command_the_terminal() {
    let body = "{\"error\": \"x\", \"message\": \"\\u001b[2Jgone\\nasmith: fine\"}";
    let run = stream_at(&server_that_says("400 Bad Request", body));
    run.failed(65, "gone asmith: fine");
    assert_eq!(run.stderr.lines().count(), 1, "{run:?}");
    assert!(!run.stderr.contains('\u{1b}'), "{run:?}");
}

#[test]
fn too_many_requests_or_activities_are_75() {
    let service = Service::with(Options {
        limits: Limits { account_per_minute: Some(1), ..Limits::none() },
        ..Options::default()
    });
    service.run(STREAM).succeeded();
    service.run(STREAM).failed(75, "too many requests");

    let service = Service::with(Options {
        limits: Limits { activities_per_device: Some(1), ..Limits::none() },
        ..Options::default()
    });
    service.run(STREAM).succeeded();
    service
        .run(&["stream", "other", "--type", "timer", "--title", "T", "--duration-seconds", "9"])
        .failed(75, "end one first");
}

#[test]
fn key_billing_and_permission_are_77() {
    let channels = Some(BTreeSet::from(["dev".to_owned()]));
    for (settings, words) in [
        (AccountSettings { revoked: true, ..Default::default() }, "does not know this API key"),
        (AccountSettings { billing: Billing::TrialExpired, ..Default::default() }, "billing blocks this account"),
        (AccountSettings { key_channels: channels, ..Default::default() }, "may not do that"),
    ] {
        stream_as(&settings).failed(77, words);
    }
}

#[test]
fn a_setting_that_is_missing_is_78() {
    let service = Service::start();
    run(service.asmith(STREAM).env_remove("ACTIVITYSMITH_API_KEY")).failed(78, "ACTIVITYSMITH_API_KEY is not set");
    assert!(service.bodies().is_empty());
}

/// Linux has a device that is always full.
#[cfg(target_os = "linux")]
#[test]
fn an_answer_that_cannot_be_written_is_no_success() {
    let service = Service::start();
    let mut command = service.asmith(&[STREAM, &["--output", "json"]].concat());
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("it is there");
    let output = command.stdout(full).output().expect("it runs");
    assert_eq!(output.status.code(), Some(69));
    assert!(String::from_utf8_lossy(&output.stderr).contains("cannot write to standard output"));
}

#[test]
fn with_too_few_files_to_ask_the_service_it_says_so_in_a_line() {
    let service = Service::start();
    let limited = |limit: u32, args: &[&str]| {
        let asmith = service.asmith(args);
        let mut few = std::process::Command::new("sh");
        few.args(["-c", "ulimit -n $0; exec \"$@\"", &limit.to_string(), env!("CARGO_BIN_EXE_asmith")]).args(args);
        few.env_clear().envs(asmith.get_envs().filter_map(|(name, value)| Some((name, value?))));
        run(few.stdin(std::process::Stdio::null()))
    };
    let watch = ["watch", "key", "--every", "1ms", "--times", "1", "--", "echo", "1"];
    let commands =
        [STREAM, &["end", "key"], &["pipe", "key"], &watch, &["doctor"], &["emulate", "--exec", "--", "true"]];
    for args in commands {
        for limit in 5..16 {
            let told = limited(limit, args);
            assert!(!told.stderr.contains("panicked"), "{limit} files: {told:?}");
            assert!(limit > 7 || told.code == Some(69), "{limit} files: {told:?}");
        }
    }
    limited(6, STREAM).failed(69, "Too many open files");
}
