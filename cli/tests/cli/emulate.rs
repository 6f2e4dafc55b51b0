//! `asmith emulate`: it says where it listens, and stops when told to.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::TcpListener;
use std::process::{Child, Stdio};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::support::{asmith, asmith_at, run};

/// A running emulator and where it listens.
fn start(args: &[&str]) -> (Child, BufReader<std::process::ChildStdout>, String) {
    let mut command = asmith(&[&["emulate", "--port", "0"], args].concat());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
    let mut stdout = BufReader::new(child.stdout.take().expect("stdout is piped"));
    let mut line = String::new();
    stdout.read_line(&mut line).expect("it says something");
    let base_url = line.trim_end().strip_prefix("listening on ").expect("it says where").to_owned();
    (child, stdout, base_url)
}

/// Stops it; what it wrote to stdout in the meantime must be nothing.
fn stop(mut child: Child, mut stdout: BufReader<std::process::ChildStdout>, signal: Signal) {
    kill(Pid::from_raw(child.id().try_into().expect("a process id")), signal).expect("it runs");
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
    let mut rest = String::new();
    stdout.read_to_string(&mut rest).expect("UTF-8");
    assert_eq!(rest, "");
}

#[test]
fn it_serves_until_it_is_told_to_stop() {
    for signal in [Signal::SIGINT, Signal::SIGTERM] {
        let (child, stdout, base_url) = start(&[]);
        assert!(base_url.starts_with("http://127.0.0.1:") && base_url.ends_with("/api"), "{base_url}");
        run(&mut asmith_at(&base_url, &["stream", "k", "--type", "timer", "--title", "T", "--counts-down", "false"]))
            .succeeded();
        stop(child, stdout, signal);
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
    let (child, stdout, base_url) = start(&["--clock", "2026-12-01T08:00:00Z"]);
    let mut stream =
        asmith_at(&base_url, &["stream", "k", "--title", "T", "--type", "value", "--value", "1", "--output", "json"]);
    assert_eq!(run(&mut stream).json()["timestamp"], "2026-12-01T08:00:00.000Z");
    stop(child, stdout, Signal::SIGTERM);
}

#[test]
fn its_limits_can_be_switched_off_and_its_strictness_too() {
    let (child, stdout, base_url) = start(&["--limits", "none", "--lenient", "--clock", "manual"]);
    for key in ["a", "b", "c", "d", "e", "f"] {
        run(&mut asmith_at(&base_url, &["stream", key, "--title", "T", "--type", "value", "--value", "1"])).succeeded();
    }
    let text = r#"{"content_state": {"title": "T", "type": "value", "value": 1, "extra": {"glow": true}}}"#;
    crate::support::run_with(&mut asmith_at(&base_url, &["stream", "a", "--json", "-"]), text).succeeded();
    stop(child, stdout, Signal::SIGTERM);
}
