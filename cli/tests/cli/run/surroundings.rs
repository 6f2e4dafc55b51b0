//! Surroundings that are not as usual: closed descriptors, variables that are missing or no text, other runs beside this one, and
//! processes that go their own way.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::process::{Command, Stdio};

#[cfg(target_os = "linux")]
use activitysmith_emulator::AccountSettings;
use activitysmith_emulator::StreamState;

use super::{job, last, operations};
use crate::support::{Run, Running, Service, Words, asmith, file, run, run_with};

/// What is no UTF-8, as the name of a file may be.
fn no_text() -> &'static OsStr {
    OsStr::from_bytes(b"caf\xe9")
}

/// Runs `asmith` below a shell that has closed some descriptors for it.
fn closed(service: &Service, closing: &str, args: &[&str]) -> Run {
    let inner = service.asmith(args);
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("exec \"$@\" {closing}"), "sh"]).arg(inner.get_program()).args(inner.get_args());
    for (variable, value) in inner.get_envs() {
        value.map(|value| shell.env(variable, value));
    }
    run_with(&mut shell, "in\n")
}

#[test]
fn with_closed_descriptors_a_command_has_its_code_and_what_is_open() {
    for flags in [&["--progress", "off"][..], &["--progress", "auto"], &["--output-lines", "2"]] {
        for (closing, stdout, stderr) in [
            ("<&-", "out\n", "err\n"),
            (">&-", "", "err\n"),
            ("2>&-", "out\nin\n", ""),
            (">&- 2>&-", "", ""),
            ("<&- >&- 2>&-", "", ""),
        ] {
            let service = Service::start();
            let script = "echo out; echo err >&2; cat; exit 3";
            let told = closed(&service, closing, &[&["run", "job"], flags, &["--", "sh", "-c", script]].concat());
            assert_eq!(
                (told.code, told.stdout.as_str(), told.stderr.as_str()),
                (Some(3), stdout, stderr),
                "{closing} {flags:?}"
            );
            assert_eq!(operations(&service), ["started", "ended"], "{closing} {flags:?}");
        }
    }
}

/// Linux has a device that is always full.
#[cfg(target_os = "linux")]
#[test]
fn with_a_full_stderr_a_command_goes_on_and_has_its_code() {
    let script = "for line in 1 2 3; do echo err $line >&2; sleep 0.01; done; echo out; cat; exit 3";
    for flags in [&["--progress", "off"][..], &["--progress", "auto"], &["--output-lines", "2"], &["--output", "json"]]
    {
        let service = Service::start();
        let told = closed(&service, "2>/dev/full", &[&["run", "job"], flags, &["--", "sh", "-c", script]].concat());
        assert_eq!((told.code, told.stdout.as_str()), (Some(3), "out\nin\n"), "{flags:?}");
        assert_eq!(operations(&service), ["started", "ended"], "{flags:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn words_that_cannot_be_written_are_dropped() {
    let service = Service::start();
    service.emulator.with_service(|service, _| {
        service.set_account(None, &AccountSettings { revoked: true, ..AccountSettings::default() });
    });
    for closing in ["2>&-", "2>/dev/full", ">&- 2>&-", ">&- 2>/dev/full"] {
        for (args, code) in [
            (&["run", "job", "--", "sh", "-c", "exit 3"][..], 3),
            (&["run", "job", "--", "no-such-command-anywhere"], 127),
            (&["pipe", "job"], 0),
            (&["watch", "queue", "--every", "1ms", "--times", "2", "--", "echo", "plenty"], 0),
            (&["step", "Build"], 0),
            (&["step", "Build", "--strict"], 69),
            (&["stream", "k", "--title", "T"], 77),
            (&["end", "k"], 77),
            (&["validate", "/nowhere"], 64),
            (&["emulate", "--exec", "--", "sh", "-c", "exit 3"], 3),
            (&["no-such-command"], 64),
            (&[], 64),
        ] {
            assert_eq!(closed(&service, closing, args).code, Some(code), "{args:?} {closing}");
        }
    }
}

#[test]
fn with_closed_descriptors_pipes_and_states_arrive() {
    for closing in ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"] {
        let service = Service::start();
        assert_eq!(closed(&service, closing, &["pipe", "copy"]).code, Some(0), "{closing}");
        assert_eq!(operations(&service), ["started", "ended"], "{closing}");
        let told = closed(&service, closing, &["stream", "k", "--type", "value", "--title", "T", "--value", "1"]);
        assert_eq!((told.code, last(&service)["title"].as_str()), (Some(0), Some("T")), "{closing}");
    }
}

#[test]
fn without_variables_it_runs_and_is_reported() {
    let service = Service::start();
    let mut command = service.asmith(&["run", "job", "--", "/bin/echo", "out"]);
    assert_eq!(run(command.env_remove("PATH")).succeeded().stdout, "out\n");
    assert_eq!(operations(&service), ["started", "ended"]);
}

#[test]
fn places_that_are_not_there_are_done_without() {
    for place in [OsStr::new("/nowhere/at/all"), OsStr::new("/dev/null"), OsStr::new("relative"), no_text()] {
        let service = Service::start();
        let mut command = job(&service, &[], "echo $ASMITH_SOCKET");
        for variable in ["HOME", "TMPDIR", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "ACTIVITYSMITH_BUDGET_FILE"] {
            command.env(variable, place);
        }
        // The command uses the folder that it is given, and leaves nothing else in this one.
        command.current_dir(env!("CARGO_TARGET_TMPDIR"));
        let told = run(&mut command);
        assert!(told.succeeded().stdout.starts_with("/tmp/asmith-"), "{place:?} {told:?}");
        assert_eq!((told.stderr.as_str(), operations(&service).len()), ("", 2), "{place:?}");
    }
}

#[test]
fn what_is_no_text_reaches_the_command_and_keeps_it_from_nothing() {
    let service = Service::start();
    let mut command = service.asmith(&["run", "job", "--title"]);
    command.arg(no_text()).args(["--", "printf", "%s %s"]).arg(no_text()).env("ODD", no_text());
    assert_eq!(command.output().expect("it runs").stdout, b"caf\xe9 ");
    assert_eq!(last(&service)["title"], "caf\u{fffd}");
    let mut command = service.asmith(&["run"]);
    let told = run(command.arg(no_text()).args(["--", "echo", "it ran"]));
    assert_eq!(told.succeeded().stdout, "it ran\n");
    assert!(told.stderr.contains("stream_key"), "{told:?}");
}

#[test]
fn settings_that_are_no_text_are_told_and_never_taken_for_none() {
    let service = Service::start();
    let problems =
        [("ACTIVITYSMITH_BASE_URL", "must start with https://"), ("ACTIVITYSMITH_API_KEY", "contains a space")];
    for (variable, problem) in problems {
        let told = run(job(&service, &[], "echo it ran").env(variable, no_text()));
        assert_eq!(told.succeeded().stdout, "it ran\n");
        assert!(told.stderr.starts_with(&format!("asmith: job is not reported: {variable} {problem}")), "{told:?}");
    }
    assert!(service.bodies().is_empty());
}

#[test]
fn a_variable_that_is_empty_is_none() {
    let service = Service::start();
    let mut command = job(&service, &[], "true");
    for flag in ["TITLE", "TIMEOUT", "STEPS", "PROGRESS", "CHANNEL", "STRICT"] {
        command.env(format!("ASMITH_RUN_{flag}"), "");
    }
    assert_eq!(run(&mut command).succeeded().stderr, "");
    assert_eq!(operations(&service), ["started", "ended"]);
}

#[test]
fn two_runs_with_one_key_have_each_its_own_code_and_leave_nothing_on_the_phone() {
    let service = Service::start();
    let script = "echo ready; read line; exit $0";
    let start = |code: &str| {
        let mut command = service.asmith(&["run", "job", "--", "sh", "-c", script, code]);
        Running::start(command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()))
    };
    let mut both = [start("4"), start("5")];
    for run in &mut both {
        Words::of(run.0.stdout.take().expect("stdout is piped")).line_with("ready");
    }
    for (run, code) in both.iter_mut().zip([4, 5]) {
        drop(run.0.stdin.take());
        assert_eq!(run.code(), Some(code));
        assert_eq!(Words::of(run.0.stderr.take().expect("stderr is piped")).rest(), "");
    }
    let streams = service.emulator.with_service(|service, now| service.streams(now, None));
    assert!(streams.iter().all(|stream| stream.state == StreamState::Ended), "{streams:?}");
}

#[test]
fn a_command_that_becomes_a_daemon_is_let_go_and_lives_on() {
    let service = Service::start();
    let done = file("daemon", "");
    std::fs::remove_file(&done).expect("it can be removed");
    // It writes once the pipe that it reads is closed, which is after the run has ended.
    let daemon = format!("exec 3<&0; setsid sh -c 'read line <&3; echo late > {done}' >/dev/null 2>&1 & exit 0");
    for flags in [&[][..], &["--progress", "auto"], &["--timeout", "100s"]] {
        let mut asmith = Running::start(job(&service, flags, &daemon).stdin(Stdio::piped()));
        let stdin = asmith.0.stdin.take();
        assert_eq!(asmith.code(), Some(0), "{flags:?}");
        drop(stdin);
        super::until(|| std::fs::read_to_string(&done).is_ok_and(|text| text == "late\n"));
        std::fs::remove_file(&done).expect("it can be removed");
    }
    assert_eq!(last(&service)["subtitle"].as_str().map(|words| &words[..4]), Some("done"));
}

#[test]
fn a_flag_that_is_no_text_elsewhere_is_64() {
    let mut command = asmith(&["stream", "k", "--title"]);
    assert_eq!(run(command.arg(no_text())).code, Some(64));
}
