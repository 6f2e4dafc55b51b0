//! What a script says from inside: steps and states, which cost no request of their own.

use serde_json::json;

use super::{job, last, operations, run, states};
use crate::support::{KEY, Run, Service, asmith, run as run_command};

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
        "$A stream --current --percentage 101; echo $?; $A stream --current --json /dev/null; echo $?",
    );
    assert_eq!(told.succeeded().stdout, "65\n65\n");
    assert!(told.stderr.contains("content_state.percentage is 101"), "{told:?}");
    assert_eq!(operations(&service), ["started", "ended"]);
}

#[test]
fn a_script_that_runs_by_itself_is_not_broken_by_its_steps() {
    let told = run_command(&mut asmith(&["step", "Build"]));
    assert!(told.succeeded().stderr.contains("there is no asmith run around this"), "{told:?}");
    run_command(&mut asmith(&["stream", "--current", "--percentage", "1"])).failed(78, "ASMITH_SOCKET is not set");
}

#[test]
fn a_socket_whose_run_is_over_is_told_of() {
    let mut command = asmith(&["step", "Build"]);
    run_command(command.env("ASMITH_SOCKET", "/nowhere/socket")).failed(69, "does not answer");
    // A stream that is named goes to the service all the same.
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
