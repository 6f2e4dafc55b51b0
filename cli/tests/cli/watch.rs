//! `asmith watch`: a command that runs again and again, and the numbers it prints.

use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::process::Stdio;

use nix::sys::signal::Signal;
use serde_json::{Value, json};

use crate::support::{Run, Running, Service, file, timeless};

fn watch(service: &Service, times: &str, script: &str) -> Run {
    service.run(&["watch", "queue", "--title", "Queue", "--every", "1ms", "--times", times, "--", "sh", "-c", script])
}

fn last(service: &Service) -> Value {
    service.body()["content_state"].clone()
}

#[test]
fn a_printed_number_is_shown() {
    let service = Service::start();
    let told = watch(&service, "1", "echo 42.5");
    assert_eq!((told.code, told.stdout.as_str(), told.stderr.as_str()), (Some(0), "", ""));
    let state = last(&service);
    assert_eq!((&state["type"], &state["title"], &state["value"]), (&json!("value"), &json!("Queue"), &json!(42.5)));
}

#[test]
fn a_percentage_and_a_state_are_shown_too() {
    let service = Service::start();
    watch(&service, "1", "echo '  87%'").succeeded();
    let first: Value = serde_json::from_str(&service.bodies()[0]).expect("JSON");
    assert_eq!(first["content_state"]["percentage"], 87);
    let state = r#"{"type": "stats", "metrics": [{"label": "CPU", "value": 76}]}"#;
    watch(&service, "1", &format!("echo '{state}'")).succeeded();
    assert_eq!(last(&service)["metrics"], json!([{"label": "CPU", "value": 76}]));
}

#[test]
fn figures_out_of_their_range_are_shown_as_the_nearest_or_skipped() {
    for (printed, field, shown, told_of) in [
        ("100.00000000000001%", "percentage", 100, ""),
        ("101%", "percentage", 100, "percentage is 101; 100 is shown"),
        ("-1%", "percentage", 0, "percentage is -1; 0 is shown"),
        ("11/10", "percentage", 100, ""),
        (r#"{"percentage": 101}"#, "percentage", 100, "percentage is 101; 100 is shown"),
        ("101", "value", 101, ""),
    ] {
        let service = Service::start();
        let told = watch(&service, "3", &format!("echo '{printed}'"));
        let first: Value = serde_json::from_str(&service.bodies()[0]).expect("JSON");
        assert_eq!(first["content_state"][field], shown, "{printed}");
        assert_eq!(told.succeeded().stderr.lines().count(), usize::from(!told_of.is_empty()), "{printed}: {told:?}");
        assert!(told.stderr.contains(told_of), "{printed}: {told:?}");
    }
    let service = Service::start();
    let counter = file("nan-counter", "");
    let script =
        format!("echo x >> {counter}; case $(wc -l < {counter}) in 1) echo 7;; 2) echo nan;; *) echo inf;; esac");
    let told = watch(&service, "4", &script);
    assert_eq!(last(&service)["value"], 7);
    assert_eq!(told.succeeded().stderr.matches("the command printed nan, which is not shown").count(), 1, "{told:?}");
    assert_eq!(told.stderr.lines().count(), 1, "{told:?}");
    let service = Service::start();
    watch(&service, "2", "echo NaN").succeeded();
    assert!(service.bodies().is_empty());
}

#[test]
fn the_newest_number_is_the_last_one_shown() {
    let service = Service::start();
    let counter = file("counter", "");
    let script = format!("echo x >> {counter}; wc -l < {counter}");
    watch(&service, "5", &script).succeeded();
    assert_eq!(last(&service)["value"], 5);
    assert!(service.bodies().len() <= 3, "{:?}", service.bodies());
}

#[test]
fn a_run_that_fails_or_says_nothing_of_use_changes_nothing() {
    let service = Service::start();
    let told = watch(&service, "2", "echo 1; exit 1");
    assert!(told.succeeded().stderr.contains("the command has failed"), "{told:?}");
    let told = watch(&service, "1", "echo plenty");
    assert!(told.succeeded().stderr.contains("neither a number nor a state"), "{told:?}");
    let told = watch(&service, "1", "yes | head -c 65537");
    assert!(told.succeeded().stderr.contains("more than 64 KiB"), "{told:?}");
    assert!(service.bodies().is_empty());
    service.run(&["watch", "queue", "--every", "1ms", "--", "no-such-command"]).failed(127, "cannot run");
}

#[test]
fn a_signal_ends_it_and_its_stream() {
    let service = Service::start();
    let mut command = service.asmith(&["watch", "queue", "--every", "1h", "--", "sh", "-c", "echo 7; echo ran >&2"]);
    let mut watch = Running::start(command.process_group(0).stderr(Stdio::piped()));
    BufReader::new(watch.0.stderr.take().expect("stderr is piped")).read_line(&mut String::new()).expect("UTF-8");
    while service.bodies().is_empty() {
        std::thread::yield_now();
    }
    watch.send(Signal::SIGTERM);
    assert_eq!(watch.code(), Some(0));
    let state = last(&service);
    assert_eq!((&state["value"], timeless(&state["subtitle"]).as_str()), (&json!(7), "watched for 0 s"));
}
