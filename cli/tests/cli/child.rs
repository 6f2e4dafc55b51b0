//! `asmith emulate --exec`: the command's environment, its exit code, and the signals that reach it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::process::CommandExt as _;
use std::process::{ChildStdout, Command, Stdio};

use nix::sys::signal::Signal;

use crate::support::{Running, asmith, file, run, run_with};

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
fn the_command_finds_this_program_for_its_test_helpers_unless_another_is_named() {
    let told = run(&mut shell("echo $ASMITH_BIN"));
    assert_eq!(told.succeeded().stdout.trim(), env!("CARGO_BIN_EXE_asmith"));
    let told = run(shell("echo $ASMITH_BIN").env("ASMITH_BIN", "/opt/asmith"));
    assert_eq!(told.succeeded().stdout, "/opt/asmith\n");
}

#[test]
fn no_proxy_stands_between_the_command_and_the_emulator() {
    for (given, seen) in [
        (&[][..], ["127.0.0.1,localhost"; 2]),
        (&[("NO_PROXY", "a.test")], ["a.test,127.0.0.1,localhost"; 2]),
        (
            &[("NO_PROXY", "a.test"), ("no_proxy", "b.test")],
            ["a.test,127.0.0.1,localhost", "b.test,127.0.0.1,localhost"],
        ),
        (&[("no_proxy", "*")], ["*"; 2]),
    ] {
        let mut command = shell("set -f; echo $NO_PROXY; echo $no_proxy; echo $http_proxy");
        command.env("http_proxy", "http://proxy.test:3128").envs(given.iter().copied());
        let run = run(&mut command);
        let lines: Vec<_> = run.succeeded().stdout.lines().collect();
        assert_eq!(lines, [seen[0], seen[1], "http://proxy.test:3128"]);
    }
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

/// A phone's state that goes from one run to the next, as in a cron job that is tried out.
#[test]
fn the_state_is_kept_for_the_next_command() {
    let path = file("exec-state.json", "");
    std::fs::remove_file(&path).expect("it can be removed");
    let stream = "\"$0\" stream k --title T --type value --value 1 --output json";
    for operation in ["started", "noop"] {
        let mut asmith = asmith(&["emulate", "--state", &path, "--exec", "--", "sh", "-c", stream]);
        let run = run(asmith.arg(env!("CARGO_BIN_EXE_asmith")));
        assert_eq!(run.json()["operation"], operation);
    }
}

#[test]
fn a_journal_stays_until_there_is_another() {
    let journal = file("exec-journal", "of yesterday\n");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let emulate =
        |port: &str| run(&mut asmith(&["emulate", "--port", port, "--journal", &journal, "--exec", "--", "true"]));
    emulate(&port).failed(69, "is in use");
    assert_eq!(std::fs::read_to_string(&journal).expect("it is there"), "of yesterday\n");
    emulate("0").succeeded();
    assert_eq!(std::fs::read_to_string(&journal).expect("it is there"), "");
}

#[test]
fn a_pipe_that_closes_ends_the_command_as_ever() {
    let mut asmith = Running::start(shell("yes").stdout(Stdio::piped()));
    let mut start = [0; 4];
    asmith.0.stdout.take().expect("stdout is piped").read_exact(&mut start).expect("it writes");
    assert_eq!(asmith.code(), Some(141));
}

/// Runs a command until it says that it is ready, given what to say. In a process group of its own, as under a supervisor: the
/// terminal in which the tests may run then has no part in it.
fn ready(mut command: Command, given: &str) -> (Running, BufReader<ChildStdout>) {
    let command = command.process_group(0).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut asmith = Running::start(command);
    asmith.0.stdin.as_mut().expect("stdin is piped").write_all(given.as_bytes()).expect("it reads");
    let mut stdout = BufReader::new(asmith.0.stdout.take().expect("stdout is piped"));
    let mut line = String::new();
    stdout.read_line(&mut line).expect("it says something");
    assert_eq!(line, "ready\n");
    (asmith, stdout)
}

#[test]
fn signals_are_passed_on_and_waited_for() {
    for (signal, name) in [(Signal::SIGINT, "INT"), (Signal::SIGTERM, "TERM"), (Signal::SIGHUP, "HUP")] {
        let script = format!("trap 'echo cleaning up; exit 7' {name}; echo ready; while :; do sleep 0.01; done");
        let (mut asmith, mut stdout) = ready(shell(&script), "");
        asmith.send(signal);
        let mut rest = String::new();
        stdout.read_to_string(&mut rest).expect("UTF-8");
        assert_eq!(rest, "cleaning up\n", "{name}");
        assert_eq!(asmith.code(), Some(7), "{name}");
    }
}

#[test]
fn a_command_that_a_signal_ends_is_128_and_the_signal() {
    for (signal, code) in [(Signal::SIGINT, 130), (Signal::SIGTERM, 143), (Signal::SIGHUP, 129)] {
        let (mut asmith, _stdout) = ready(exec(&["cat"]), "ready\n");
        // Waiting would close it, which ends the command too.
        let _input = asmith.0.stdin.take();
        asmith.send(signal);
        assert_eq!(asmith.code(), Some(code), "{signal}");
    }
}

/// As under `nohup`, or in the background of a script.
#[cfg(target_os = "linux")]
#[test]
fn a_signal_that_was_ignored_before_stays_so_for_both() {
    for name in ["HUP", "INT", "TERM"] {
        let script = format!(
            "trap '' {name}; exec \"$0\" emulate --exec -- sh -c 'kill -{name} $PPID; kill -{name} $$; echo alive'"
        );
        let run = run(Command::new("sh").args(["-c", &script, env!("CARGO_BIN_EXE_asmith")]));
        assert_eq!(run.succeeded().stdout, "alive\n", "{name}");
    }
}
