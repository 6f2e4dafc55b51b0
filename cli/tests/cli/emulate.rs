//! `asmith emulate`: it says where it listens, and stops when told to.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{ChildStdout, Command, Stdio};

use nix::sys::signal::Signal;

use crate::support::{Running, asmith, asmith_at, file, run, run_with};

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
    let page = base_url.trim_end_matches("api");
    assert!(told.contains(&format!("the phone: {page}\n")), "{told}");
}

#[test]
fn it_ends_with_the_program_that_started_it() {
    let asmith = env!("CARGO_BIN_EXE_asmith");
    let script = format!("'{asmith}' --quiet emulate --port 0 --exit-with-parent & exec cat");
    let mut shell = Command::new("sh");
    shell.args(["-c", &script]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut shell = Running::start(&mut shell);
    let mut stdout = BufReader::new(shell.0.stdout.take().expect("stdout is piped"));
    let mut line = String::new();
    stdout.read_line(&mut line).expect("it says something");
    assert!(line.starts_with("listening on "), "{line}");
    shell.send(Signal::SIGKILL);
    shell.code();
    // The other end of stdout closes when both have ended.
    let mut rest = String::new();
    stdout.read_to_string(&mut rest).expect("UTF-8");
    assert_eq!(rest, "");
}

#[test]
fn its_state_is_kept_in_a_file_and_one_that_is_none_is_left_alone() {
    let path = file("state.json", "");
    std::fs::remove_file(&path).expect("it can be removed");
    let put = |base_url: &str| {
        let mut stream = asmith_at(
            base_url,
            &["stream", "k", "--title", "T", "--type", "value", "--value", "1", "--output", "json"],
        );
        run(&mut stream).json()["operation"].clone()
    };
    for operation in ["started", "noop"] {
        let (emulator, stdout, base_url) = start(&["--state", &path]);
        assert_eq!(put(&base_url), operation);
        stop(emulator, stdout, Signal::SIGTERM);
    }
    std::fs::write(&path, "dear diary").expect("it can be written");
    run(&mut asmith(&["emulate", "--port", "0", "--state", &path])).failed(64, "is left as it is");
    assert_eq!(std::fs::read_to_string(&path).expect("it is there"), "dear diary");
    run(&mut asmith(&["emulate", "--port", "0", "--state", "/nowhere/at/all"]))
        .failed(64, "cannot keep the state in /nowhere");
}

#[test]
fn its_own_endpoints_can_be_left_out() {
    let (emulator, stdout, base_url) = start(&["--no-control"]);
    let address = base_url.trim_start_matches("http://").trim_end_matches("/api").to_owned();
    let mut stream = TcpStream::connect(&address).expect("it listens");
    write!(stream, "GET /_emulator/streams HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")
        .expect("it reads");
    let mut response = String::new();
    stream.read_to_string(&mut response).expect("UTF-8");
    assert!(response.starts_with("HTTP/1.1 404"), "{response}");
    stop(emulator, stdout, Signal::SIGTERM);
}
