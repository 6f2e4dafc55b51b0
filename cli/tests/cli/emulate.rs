//! `asmith emulate`: it says where it listens, and stops when told to.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::TcpListener;
use std::process::{ChildStdout, Stdio};

use nix::sys::signal::Signal;

use crate::support::{Running, asmith, asmith_at, run, run_with};

/// A running emulator, the rest of its stdout, and where it listens.
fn start(args: &[&str]) -> (Running, BufReader<ChildStdout>, String) {
    let mut command = asmith(&[&["emulate", "--port", "0"], args].concat());
    let mut emulator = Running::start(command.stdout(Stdio::piped()).stderr(Stdio::piped()));
    let mut stdout = BufReader::new(emulator.0.stdout.take().expect("stdout is piped"));
    let mut line = String::new();
    stdout.read_line(&mut line).expect("it says something");
    let base_url = line.trim_end().strip_prefix("listening on ").expect("it says where").to_owned();
    (emulator, stdout, base_url)
}

/// Stops it; what it wrote to stdout in the meantime must be nothing.
fn stop(mut emulator: Running, mut stdout: BufReader<ChildStdout>, signal: Signal) {
    emulator.send(signal);
    assert_eq!(emulator.code(), Some(0));
    let mut rest = String::new();
    stdout.read_to_string(&mut rest).expect("UTF-8");
    assert_eq!(rest, "");
}

#[test]
fn it_serves_until_it_is_told_to_stop() {
    for signal in [Signal::SIGINT, Signal::SIGTERM] {
        let (emulator, stdout, base_url) = start(&[]);
        assert!(base_url.starts_with("http://127.0.0.1:") && base_url.ends_with("/api"), "{base_url}");
        run(&mut asmith_at(&base_url, &["stream", "k", "--type", "timer", "--title", "T", "--counts-down", "false"]))
            .succeeded();
        stop(emulator, stdout, signal);
    }
}

#[test]
fn a_port_that_is_in_use_is_said_clearly() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = taken.local_addr().expect("an address").port().to_string();
    run(&mut asmith(&["emulate", "--port", &port])).failed(69, &format!("port {port} of 127.0.0.1 is in use"));
    run(&mut asmith(&["emulate", "--port", &port, "--exec", "--", "true"])).failed(69, "is in use");
}

#[test]
fn its_clock_can_stand_still() {
    let (emulator, stdout, base_url) = start(&["--clock", "2026-12-01T08:00:00Z"]);
    let mut stream =
        asmith_at(&base_url, &["stream", "k", "--title", "T", "--type", "value", "--value", "1", "--output", "json"]);
    assert_eq!(run(&mut stream).json()["timestamp"], "2026-12-01T08:00:00.000Z");
    stop(emulator, stdout, Signal::SIGTERM);
}

#[test]
fn its_limits_can_be_switched_off_and_its_strictness_too() {
    let (emulator, stdout, base_url) = start(&["--limits", "none", "--lenient", "--clock", "manual"]);
    for key in ["a", "b", "c", "d", "e", "f"] {
        run(&mut asmith_at(&base_url, &["stream", key, "--title", "T", "--type", "value", "--value", "1"])).succeeded();
    }
    let text = r#"{"content_state": {"title": "T", "type": "value", "value": 1, "extra": {"glow": true}}}"#;
    run_with(&mut asmith_at(&base_url, &["stream", "a", "--json", "-"]), text).succeeded();
    stop(emulator, stdout, Signal::SIGTERM);
}

#[test]
fn people_learn_which_settings_lead_to_it() {
    let (mut emulator, stdout, base_url) = start(&[]);
    let mut stderr = emulator.0.stderr.take().expect("stderr is piped");
    stop(emulator, stdout, Signal::SIGTERM);
    let mut told = String::new();
    stderr.read_to_string(&mut told).expect("UTF-8");
    let settings = format!("ACTIVITYSMITH_BASE_URL={base_url} ACTIVITYSMITH_API_KEY=ask_test_");
    assert!(told.contains(&settings), "{told}");
}
