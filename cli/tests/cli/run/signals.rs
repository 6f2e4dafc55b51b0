//! Signals that reach `asmith run`, and what the command and the parent process see of them. With a terminal, see `terminal`.

use std::io::{BufRead, BufReader, Read as _};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::process::{ChildStdout, Command, Stdio};

use nix::sys::signal::Signal;

#[cfg(target_os = "linux")]
use super::until;
use super::{job, last};
use crate::support::{Running, Service};

/// Starts a command in a process group of its own, as under a supervisor, and waits until it says that it is ready.
fn ready(mut command: Command) -> (Running, BufReader<ChildStdout>) {
    let mut asmith = Running::start(command.process_group(0).stdout(Stdio::piped()));
    let mut stdout = BufReader::new(asmith.0.stdout.take().expect("stdout is piped"));
    line_with(&mut stdout, "ready");
    (asmith, stdout)
}

fn line_with(stdout: &mut impl BufRead, words: &str) {
    let mut line = String::new();
    while !line.contains(words) {
        line.clear();
        assert_ne!(stdout.read_line(&mut line).expect("UTF-8"), 0, "{words} never came");
    }
}

const WAIT: &str = "while :; do sleep 0.01; done";

#[test]
fn signals_are_passed_on_and_their_answer_is_ours() {
    let service = Service::start();
    for (signal, name) in [
        (Signal::SIGINT, "INT"),
        (Signal::SIGTERM, "TERM"),
        (Signal::SIGHUP, "HUP"),
        (Signal::SIGQUIT, "QUIT"),
        (Signal::SIGUSR1, "USR1"),
        (Signal::SIGUSR2, "USR2"),
        (Signal::SIGWINCH, "WINCH"),
    ] {
        let script = format!("trap 'echo cleaning up; exit 7' {name}; echo ready; {WAIT}");
        let (mut asmith, mut stdout) = ready(job(&service, &[], &script));
        asmith.send(signal);
        let mut rest = String::new();
        stdout.read_to_string(&mut rest).expect("UTF-8");
        assert_eq!((asmith.code(), rest.as_str()), (Some(7), "cleaning up\n"), "{name}");
        assert_eq!(last(&service)["subtitle"].as_str().map(|words| &words[..6]), Some("exit 7"), "{name}");
    }
}

#[test]
fn a_command_that_our_signal_ends_has_us_end_by_it_too() {
    let service = Service::start();
    for signal in [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP] {
        let (mut asmith, _stdout) = ready(job(&service, &[], &format!("echo ready; {WAIT}")));
        asmith.send(signal);
        let status = asmith.0.wait().expect("it ends");
        assert_eq!((status.signal(), status.code()), (Some(signal as i32), None));
        let words = last(&service)["subtitle"].as_str().unwrap_or_default().to_owned();
        assert!(words.starts_with(signal.as_str()), "{words}");
    }
}

#[test]
fn what_the_command_has_started_gets_them_too() {
    let service = Service::start();
    let script = format!("trap : TERM; sh -c \"trap 'echo inner; exit 0' TERM; echo ready; {WAIT}\"; echo outer");
    let (mut asmith, mut stdout) = ready(job(&service, &[], &script));
    asmith.send(Signal::SIGTERM);
    let mut rest = String::new();
    stdout.read_to_string(&mut rest).expect("UTF-8");
    assert_eq!((asmith.code(), rest.as_str()), (Some(0), "inner\nouter\n"));
}

#[test]
fn ctrl_c_a_second_time_reaches_the_command_again() {
    let service = Service::start();
    // It speaks when it is ready for the second: one that came before would find the trap as it was.
    let script = format!("trap 'trap \"exit 9\" INT; echo once' INT; echo ready; {WAIT}");
    let (mut asmith, mut stdout) = ready(job(&service, &[], &script));
    asmith.send(Signal::SIGINT);
    line_with(&mut stdout, "once");
    asmith.send(Signal::SIGINT);
    assert_eq!(asmith.code(), Some(9));
}

#[cfg(target_os = "linux")]
#[test]
fn whoever_does_not_want_to_wait_for_the_report_ends_it() {
    // A service that takes a connection and never says a word.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let base_url = format!("http://{}/api", silent.local_addr().expect("an address"));
    let args = ["run", "job", "--flush-timeout", "1h", "--", "sh", "-c", "echo ready; exit 3"];
    let mut command = crate::support::asmith_at(&base_url, &args);
    let mut asmith = Running::start(command.process_group(0).stdout(Stdio::piped()));
    let mut stdout = BufReader::new(asmith.0.stdout.take().expect("stdout is piped"));
    line_with(&mut stdout, "ready");
    let _first = silent.accept().expect("it asks");
    // The command has ended, and only the report is waited for.
    let children = format!("/proc/{id}/task/{id}/children", id = asmith.0.id());
    until(|| std::fs::read_to_string(&children).is_ok_and(|children| children.is_empty()));
    asmith.send(Signal::SIGINT);
    assert_eq!(asmith.code(), Some(3));
}

/// As under `nohup`, or in the background of a script.
#[cfg(target_os = "linux")]
#[test]
fn a_signal_that_was_ignored_before_stays_so_for_both() {
    let service = Service::start();
    for name in ["HUP", "INT", "TERM"] {
        let mut inner = job(&service, &[], &format!("kill -{name} $PPID; kill -{name} $$; echo alive"));
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("trap '' {name}; exec \"$@\""), "sh"]).arg(inner.get_program());
        shell.args(inner.get_args());
        for (variable, value) in inner.get_envs() {
            value.map(|value| shell.env(variable, value));
        }
        let told = crate::support::run(&mut shell);
        assert_eq!(told.succeeded().stdout, "alive\n", "{name}");
        inner.env_clear();
    }
}

#[cfg(target_os = "linux")]
fn is_stopped(process: &str) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    status.lines().any(|line| line.starts_with("State:") && line.contains('T'))
}

#[cfg(target_os = "linux")]
#[test]
fn a_job_without_a_terminal_is_stopped_and_continued_with_us() {
    let service = Service::start();
    // It starts nothing once it is ready: a shell that is stopped in the midst of that may wait for its child instead.
    let script = "trap 'kill $!; exit 6' USR1; sleep 60 & echo ready $$; wait";
    let mut asmith = Running::start(job(&service, &[], script).process_group(0).stdout(Stdio::piped()));
    let mut stdout = BufReader::new(asmith.0.stdout.take().expect("stdout is piped"));
    let mut line = String::new();
    stdout.read_line(&mut line).expect("UTF-8");
    let command = line.trim_start_matches("ready ").trim().to_owned();
    asmith.send(Signal::SIGTSTP);
    until(|| is_stopped(&command) && is_stopped(&asmith.0.id().to_string()));
    asmith.send(Signal::SIGCONT);
    until(|| !is_stopped(&command) && !is_stopped(&asmith.0.id().to_string()));
    asmith.send(Signal::SIGUSR1);
    assert_eq!(asmith.code(), Some(6));
}
