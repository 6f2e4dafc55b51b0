//! What a script says from inside: steps and states, which cost no request of their own.

use std::io::Write as _;
use std::os::unix::net::UnixListener;
#[cfg(target_os = "linux")]
use std::os::unix::process::CommandExt as _;
use std::os::unix::process::ExitStatusExt as _;
use std::process::Stdio;

#[cfg(target_os = "linux")]
use nix::sys::signal::Signal;
use serde_json::json;

#[cfg(target_os = "linux")]
use super::until;
use super::{job, last, operations, run, states};
#[cfg(target_os = "linux")]
use crate::support::asmith_at;
use crate::support::{KEY, Run, Running, Service, Words, asmith, file, run as run_command};

/// Runs a script in which `$A` is `asmith`.
fn inside(service: &Service, flags: &[&str], script: &str) -> Run {
    run_command(job(service, flags, script).env("A", env!("CARGO_BIN_EXE_asmith")))
}

#[test]
fn steps_are_counted_and_named() {
    let service = Service::start();
    let told = inside(&service, &["--steps", "3"], "$A -q step Build; $A -q step Deploy; exit 1");
    assert_eq!((told.code, told.stderr.as_str()), (Some(1), ""));
    let first = states(&service)[0].clone();
    assert_eq!((&first["number_of_steps"], &first["current_step"]), (&json!(3), &json!(0)));
    assert_eq!(last(&service)["current_step"], 1, "Deploy has begun, so Build is done");
    inside(&service, &["--steps", "3"], "$A -q step Build").succeeded();
    assert_eq!((&last(&service)["current_step"], &last(&service)["number_of_steps"]), (&json!(3), &json!(3)));
    inside(&service, &["--steps", "1"], "$A -q step a; $A -q step b; $A -q step c; exit 1");
    assert_eq!((&last(&service)["current_step"], &last(&service)["number_of_steps"]), (&json!(2), &json!(3)));
}

#[test]
fn a_state_from_inside_costs_no_request() {
    let service = Service::start();
    let told = inside(&service, &[], "for n in 10 20 30; do $A stream --current --percentage $n; done; exit 1");
    assert_eq!(told.stderr.lines().last(), Some("asmith: job: handed to asmith run"));
    assert_eq!((&last(&service)["percentage"], &last(&service)["type"]), (&json!(30), &json!("progress")));
    assert!(operations(&service).len() <= 3, "a start, perhaps the change to a progress, the end");
}

#[test]
fn the_stream_of_the_job_is_known_by_its_key_too() {
    let service = Service::start();
    let script = "$A -q stream job --type value --title Mine --value 42; exit 1";
    inside(&service, &[], script);
    assert_eq!((&last(&service)["title"], &last(&service)["value"]), (&json!("Mine"), &json!(42)));
    // Another stream is none of its business.
    inside(&service, &[], "$A -q stream other --type value --title Other --value 1").succeeded();
    assert!(service.emulator.requests().iter().any(|request| request.path.ends_with("/other")));
}

#[test]
fn what_breaks_a_rule_is_refused_inside_and_harms_nothing() {
    let service = Service::start();
    let told = inside(
        &service,
        &[],
        "$A stream --current --percentage half; echo $?; $A stream --current --json /dev/null; echo $?",
    );
    assert_eq!(told.succeeded().stdout, "65\n65\n");
    assert!(told.stderr.contains("content_state.percentage is a string"), "{told:?}");
    assert_eq!(operations(&service), ["started", "ended"]);
}

#[test]
fn numbers_that_a_script_computes_do_not_break_it() {
    for (flags, field, shown) in [
        ("--percentage 100.00000000000001", "percentage", json!(100)),
        ("--percentage 101", "percentage", json!(100)),
        ("--percentage -3", "percentage", json!(0)),
        ("--percentage .5", "percentage", json!(0.5)),
        ("--number-of-steps 3 --current-step 7", "current_step", json!(3)),
        ("--percentage 40 && $A stream --current --percentage nan", "percentage", json!(40)),
        ("--percentage 40 && $A -q stream job --percentage Infinity", "percentage", json!(40)),
        ("--percentage inf && $A -q stream --current --percentage 40", "percentage", json!(40)),
        ("--value 2 --type value && $A -q stream --current --value nan", "value", json!(2)),
        ("--metric CPU=2 && $A -q stream --current --metric CPU=nan", "metrics", json!([{"label": "CPU", "value": 2}])),
    ] {
        let service = Service::start();
        let told = inside(&service, &[], &format!("set -e; $A -q stream --current {flags}; exit 9"));
        assert_eq!((told.code, &last(&service)[field]), (Some(9), &shown), "{flags}: {told:?}");
        let warnings = told.stderr.matches("asmith: warning: job: content_state.").count();
        assert_eq!(warnings, usize::from(!flags.contains("00000") && !flags.contains(".5")), "{flags}: {told:?}");
    }
}

#[test]
fn numbers_in_json_that_a_script_computes_do_not_break_it() {
    let service = Service::start();
    let json = |text: &str| format!("echo '{text}' | $A -q stream --current --json -");
    let changes = [r#"{"percentage": 107}"#, r#"{"content_state": {"percentage": 100.00000000000001}}"#].map(json);
    let told = inside(&service, &[], &format!("set -e; {}; exit 9", changes.join("; ")));
    assert_eq!((told.code, &last(&service)["percentage"]), (Some(9), &json!(100)), "{told:?}");
    assert_eq!(told.stderr.matches("percentage is 107; 100 is shown").count(), 1, "{told:?}");
}

#[test]
fn numbers_of_a_call_of_its_own_stay_strict_beside_a_run() {
    let service = Service::start();
    let told = inside(&service, &[], "$A -q stream other --type progress --title T --percentage 101; echo $?");
    assert_eq!(told.succeeded().stdout, "65\n");
    assert!(told.stderr.contains("content_state.percentage is 101"), "{told:?}");
}

#[test]
fn a_script_that_runs_by_itself_is_not_broken_by_what_it_says() {
    for args in SAID {
        let told = run_command(&mut asmith(args));
        assert!(told.succeeded().stderr.contains("there is no asmith run around this"), "{told:?}");
        run_command(asmith(args).arg("--strict")).failed(69, "there is no asmith run around this");
    }
}

/// What a script says to an `asmith run` that is gone, without and with `--strict`.
const SAID: [&[&str]; 2] = [&["step", "Build"], &["stream", "--current", "--percentage", "40"]];

#[test]
fn a_run_that_is_gone_is_told_of_and_breaks_no_script() {
    // None at all, a file that is no socket, one that hangs up, and one that says something else.
    let deaf = file("no-socket", "");
    let folder = std::env::temp_dir().join(format!("asmith-gone-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let server = |name: &str, answer: &'static str| {
        let path = folder.join(name);
        let listener = UnixListener::bind(&path).expect("a socket");
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let _ = stream.write_all(answer.as_bytes());
            }
        });
        path.into_os_string().into_string().expect("UTF-8")
    };
    for socket in ["/nowhere/socket".to_owned(), deaf, server("silent", ""), server("other", "hello\n")] {
        for args in SAID {
            let tell = |more: &[&str]| {
                let mut command = asmith(&[args, more].concat());
                run_command(command.env("ASMITH_SOCKET", &socket))
            };
            let told = tell(&[]);
            assert_eq!(told.succeeded().stdout, "");
            assert!(told.stderr.contains("the asmith run around this does not answer"), "{told:?}");
            assert_eq!(tell(&["-q"]).succeeded().stderr, "");
            assert_eq!(tell(&["--output", "json"]).succeeded().json(), json!({"handed_over": false}));
            tell(&["--strict"]).failed(69, "does not answer");
            tell(&["--strict", "-q", "--output", "json"]).failed(69, "does not answer");
        }
        let mut command = asmith(SAID[0]);
        run_command(command.env("ASMITH_SOCKET", &socket).env("ASMITH_STEP_STRICT", "1")).failed(69, "does not answer");
    }
    std::fs::remove_dir_all(&folder).expect("it can be removed");
    run_command(&mut asmith(&["step", "Build", "--strict"])).failed(69, "there is no asmith run around this");
}

#[test]
fn a_script_outlives_its_run() {
    let service = Service::start();
    let script = "set -e; kill -KILL $PPID; while kill -0 $PPID 2>/dev/null; do sleep 0.01; done
        $A step Build; $A stream --current --percentage 40; echo went on; $A step Deploy --strict; echo never";
    let mut command = job(&service, &["--progress", "off"], script);
    let mut asmith = Running::start(command.env("A", env!("CARGO_BIN_EXE_asmith")).stdout(Stdio::piped()));
    let mut words = Words::of(asmith.0.stdout.take().expect("stdout is piped"));
    assert_eq!(asmith.0.wait().expect("it ends").signal(), Some(9));
    assert_eq!(words.rest(), "went on\n");
}

#[cfg(target_os = "linux")]
#[test]
fn what_comes_after_the_command_has_ended_breaks_no_script() {
    // A service that says nothing: the report of the end is waited for, and with it what the command has left behind goes on.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let base_url = format!("http://{}/api", silent.local_addr().expect("an address"));
    let script = "exec 3<&0; { read line <&3; set -e; $A step Late; echo code $?; } & exit 3";
    let args = ["run", "job", "--flush-timeout", "1h", "--progress", "off", "--", "sh", "-c", script];
    let mut command = asmith_at(&base_url, &args);
    command.env("A", env!("CARGO_BIN_EXE_asmith")).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut asmith = Running::start(command.process_group(0));
    let mut words = Words::of(asmith.0.stdout.take().expect("stdout is piped"));
    let _first = silent.accept().expect("it asks");
    let state = || std::fs::read_to_string(format!("/proc/{id}/task/{id}/children", id = asmith.0.id()));
    until(|| state().is_ok_and(|children| children.is_empty()));
    asmith.0.stdin.take().expect("stdin is piped").write_all(b"go\n").expect("it reads");
    words.line_with("code 0");
    assert!(
        Words::of(asmith.0.stderr.take().expect("stderr is piped"))
            .line_with("nothing was")
            .ends_with("the command has ended")
    );
    asmith.send(Signal::SIGINT);
    assert_eq!(asmith.code(), Some(3));
}

#[test]
fn a_stream_that_is_named_goes_to_the_service_where_its_run_is_gone() {
    let service = Service::start();
    let mut command = service.asmith(&["stream", "job", "--type", "value", "--title", "T", "--value", "1"]);
    run_command(command.env("ASMITH_SOCKET", "/nowhere/socket").env("ASMITH_STREAM_KEY", "job")).succeeded();
}

#[test]
fn programs_read_what_became_of_a_message() {
    let service = Service::start();
    let told = inside(&service, &[], "$A -q step Build --output json");
    assert_eq!(told.json(), json!({"stream_key": "job", "handed_over": true}));
    let told = run_command(&mut asmith(&["-q", "step", "Build", "--output", "json"]));
    assert_eq!(told.json(), json!({"handed_over": false}));
    let current = ["-q", "stream", "--current", "--percentage", "101", "--output", "json"];
    assert_eq!(run_command(&mut asmith(&current)).json(), json!({"handed_over": false}));
}

#[test]
fn the_socket_is_for_its_owner_alone_and_goes_with_the_job() {
    let service = Service::start();
    let told = run(
        &service,
        &[],
        "stat -c %a $ASMITH_SOCKET $(dirname $ASMITH_SOCKET); echo $ASMITH_SOCKET $ASMITH_STREAM_KEY",
    );
    let lines: Vec<_> = told.succeeded().stdout.lines().collect();
    let [socket, folder, variables] = lines[..] else { panic!("three lines: {told:?}") };
    assert_eq!((socket, folder), ("600", "700"));
    let (path, key) = variables.split_once(' ').expect("two words");
    assert_eq!(key, "job");
    assert!(!std::path::Path::new(path).parent().expect("a folder").exists());
}

#[test]
fn a_run_inside_a_run_has_a_stream_of_its_own() {
    let service = Service::start();
    let script = "$A run inner --title Inner -- sh -c '$A -q stream --current --percentage 5; exit 2'";
    assert_eq!(inside(&service, &[], script).code, Some(2));
    let of = |key: &str| {
        let requests = service.emulator.requests();
        let mine = requests.iter().rfind(|request| request.path.ends_with(key)).expect("requests came");
        String::from_utf8_lossy(&mine.body).into_owned()
    };
    assert!(of("/inner").contains(r#""percentage":5"#) && !of("/job").contains("percentage"));
    assert!(!of("/job").contains(KEY));
}
