//! `asmith emulate --exec`: the command's environment, its exit code, and the signals that reach it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, ChildStdout, Command, Stdio};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::support::{asmith, run, run_with};

fn exec(command: &[&str]) -> Command {
    asmith(&[&["emulate", "--exec", "--"], command].concat())
}

fn shell(script: &str) -> Command {
    exec(&["sh", "-c", script])
}

#[test]
fn the_command_knows_the_emulator_and_nothing_of_the_service() {
    let mut command = shell("env | grep ^ACTIVITYSMITH_ | sort");
    for (name, value) in [
        ("ACTIVITYSMITH_API_KEY", "ask_live_1"),
        ("ACTIVITYSMITH_API_KEY_FILE", "/nowhere"),
        ("ACTIVITYSMITH_BASE_URL", "https://example.com"),
        ("ACTIVITYSMITH_ALLOW_HOST", "example.com"),
        ("ACTIVITYSMITH_DISABLED", "1"),
    ] {
        command.env(name, value);
    }
    let run = run(&mut command);
    let [key, base_url] = &run.succeeded().stdout.lines().collect::<Vec<_>>()[..] else { panic!("two lines: {run:?}") };
    assert!(key.starts_with("ACTIVITYSMITH_API_KEY=ask_test_"), "{key}");
    assert!(base_url.starts_with("ACTIVITYSMITH_BASE_URL=http://127.0.0.1:"), "{base_url}");
}

#[test]
fn the_commands_streams_are_its_own() {
    let run = run_with(&mut shell("cat; echo err >&2"), "through\n");
    assert_eq!((run.succeeded().stdout.as_str(), run.stderr.as_str()), ("through\n", "err\n"));
}

#[test]
fn the_commands_code_is_ours() {
    for (script, code) in
        [("exit 0", 0), ("exit 3", 3), ("exit 255", 255), ("kill -TERM $$", 143), ("kill -KILL $$", 137)]
    {
        let run = run(&mut shell(script));
        assert_eq!(run.code, Some(code), "{script}");
        assert_eq!(run.stderr, "", "{script}");
    }
}

#[test]
fn a_command_that_cannot_be_run_is_126_or_127() {
    run(&mut exec(&["no-such-command-anywhere"])).failed(127, "cannot run no-such-command-anywhere");
    run(&mut exec(&["/"])).failed(126, "cannot run /");
}

#[test]
fn a_pipe_that_closes_ends_the_command_as_ever() {
    let mut child = shell("yes").stdout(Stdio::piped()).spawn().expect("it runs");
    let mut start = [0; 4];
    child.stdout.take().expect("stdout is piped").read_exact(&mut start).expect("it writes");
    assert_eq!(child.wait().expect("it ends").code(), Some(141));
}

/// Runs a command until it says that it is ready, given what to say. In a process group of its own, as under a supervisor: the
/// terminal in which the tests may run then has no part in it.
fn ready(mut command: Command, given: &str) -> (Child, BufReader<ChildStdout>) {
    let command = command.process_group(0).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().expect("it runs");
    child.stdin.as_mut().expect("stdin is piped").write_all(given.as_bytes()).expect("it reads");
    let mut stdout = BufReader::new(child.stdout.take().expect("stdout is piped"));
    let mut line = String::new();
    stdout.read_line(&mut line).expect("it says something");
    assert_eq!(line, "ready\n");
    (child, stdout)
}

fn send(child: &Child, signal: Signal) {
    kill(Pid::from_raw(child.id().try_into().expect("a process id")), signal).expect("it runs");
}

#[test]
fn signals_are_passed_on_and_waited_for() {
    for (signal, name) in [(Signal::SIGINT, "INT"), (Signal::SIGTERM, "TERM"), (Signal::SIGHUP, "HUP")] {
        let script = format!("trap 'echo cleaning up; exit 7' {name}; echo ready; read line");
        let (mut child, mut stdout) = ready(shell(&script), "");
        send(&child, signal);
        let mut rest = String::new();
        stdout.read_to_string(&mut rest).expect("UTF-8");
        assert_eq!(rest, "cleaning up\n", "{name}");
        assert_eq!(child.wait().expect("it ends").code(), Some(7), "{name}");
    }
}

#[test]
fn a_command_that_a_signal_ends_is_128_and_the_signal() {
    for (signal, code) in [(Signal::SIGINT, 130), (Signal::SIGTERM, 143), (Signal::SIGHUP, 129)] {
        let (mut child, _stdout) = ready(exec(&["cat"]), "ready\n");
        // Waiting would close it, which ends the command too.
        let _input = child.stdin.take();
        send(&child, signal);
        assert_eq!(child.wait().expect("it ends").code(), Some(code), "{signal}");
    }
}

/// In a terminal of its own, made by `script` as it is on Linux.
#[cfg(target_os = "linux")]
#[test]
fn ctrl_c_in_a_terminal_reaches_the_command_once() {
    let program = r"n=0; trap 'n=$((n+1)); echo interrupted $n' INT; trap 'echo total $n; exit 5' TERM
        echo ready $PPID.; while :; do read line; done";
    let mut script = Command::new("script");
    script
        .args(["-qec", r#"exec "$ASMITH" emulate --exec -- sh -c "$PROGRAM""#, "/dev/null"])
        .env("ASMITH", env!("CARGO_BIN_EXE_asmith"))
        .env("PROGRAM", program)
        .env("SHELL", "/bin/sh")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut terminal = script.spawn().expect("script, of util-linux, is there");
    let mut keyboard = terminal.stdin.take().expect("stdin is piped");
    let mut screen = BufReader::new(terminal.stdout.take().expect("stdout is piped"));
    let mut line_with = |words: &str| {
        let mut line = String::new();
        while !line.contains(words) {
            line.clear();
            assert_ne!(screen.read_line(&mut line).expect("UTF-8"), 0, "{words} never came");
        }
        line
    };

    let id =
        line_with("ready").trim_end().trim_start_matches("ready ").trim_end_matches('.').parse().expect("a process id");
    keyboard.write_all(b"\x03").expect("the terminal is open");
    line_with("interrupted");
    kill(Pid::from_raw(id), Signal::SIGTERM).expect("it runs");
    assert_eq!(line_with("total").trim_end(), "total 1");
    assert_eq!(terminal.wait().expect("it ends").code(), Some(5));
}
