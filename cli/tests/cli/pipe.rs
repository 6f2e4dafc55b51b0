//! `asmith pipe`: what goes in comes out, and how much it is is shown.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::process::Stdio;

use nix::sys::signal::Signal;
use serde_json::{Value, json};

use crate::support::{Running, Service, asmith, file, run, run_with, timeless};

fn last(service: &Service) -> Value {
    service.body()["content_state"].clone()
}

#[test]
fn lines_are_passed_on_and_counted() {
    let service = Service::start();
    let told = run_with(&mut service.asmith(&["pipe", "import", "--title", "Import"]), "a\nb\nc");
    assert_eq!((told.code, told.stdout.as_str(), told.stderr.as_str()), (Some(0), "a\nb\nc", ""));
    let state = last(&service);
    assert_eq!(
        (&state["type"], &state["value"], timeless(&state["subtitle"]).as_str()),
        (&json!("value"), &json!(2), "2 lines in 0 s")
    );
}

#[test]
fn what_is_known_to_come_is_a_percentage() {
    let service = Service::start();
    run_with(&mut service.asmith(&["pipe", "import", "--total", "4"]), "a\nb\n").succeeded();
    assert_eq!(last(&service)["percentage"], 100, "it is over, however many came");
    let path = file("pipe-in", &"x".repeat(1000));
    let stdin = File::open(&path).expect("a file");
    let told = run(service.asmith(&["pipe", "copy", "--bytes"]).stdin(stdin));
    assert_eq!(told.succeeded().stdout.len(), 1000);
    assert_eq!(
        (&last(&service)["type"], timeless(&last(&service)["subtitle"]).as_str()),
        (&json!("progress"), "1000 bytes in 0 s")
    );
}

#[test]
fn a_total_of_nothing_is_one_that_is_not_known() {
    let service = Service::start();
    let told = run_with(&mut service.asmith(&["pipe", "import", "--total", "0"]), "a\nb\n");
    assert_eq!(told.succeeded().stdout, "a\nb\n");
    assert_eq!((&last(&service)["type"], &last(&service)["value"]), (&json!("value"), &json!(2)));
}

#[test]
fn lines_can_say_what_to_show() {
    let service = Service::start();
    let lines = "{\"percentage\": 42}\nnot JSON\n{\"badge\": {\"title\": \"eu\"}}\n";
    assert_eq!(run_with(&mut service.asmith(&["pipe", "import", "--json"]), lines).succeeded().stdout, lines);
    assert_eq!(last(&service)["badge"]["title"], "eu");
}

#[test]
fn bytes_of_all_kinds_come_out_as_they_went_in() {
    let service = Service::start();
    let every: Vec<u8> = (0..=255).cycle().take(3 << 20).collect();
    let path = file("pipe-every-byte", "");
    std::fs::write(&path, &every).expect("a file");
    let stdin = File::open(&path).expect("a file");
    assert!(service.asmith(&["pipe", "copy"]).stdin(stdin).output().expect("it runs").stdout == every);
}

#[test]
fn a_reader_that_goes_away_ends_it_as_it_ends_cat() {
    let service = Service::start();
    let stdin = File::open("/dev/zero").expect("it is there");
    let mut pipe = Running::start(service.asmith(&["pipe", "copy", "--bytes"]).stdin(stdin).stdout(Stdio::piped()));
    pipe.0.stdout.take().expect("stdout is piped").read_exact(&mut [0; 4]).expect("it writes");
    assert_eq!(pipe.0.wait().expect("it ends").signal(), Some(Signal::SIGPIPE as i32));
}

#[test]
fn an_interrupted_pipe_has_failed() {
    let service = Service::start();
    let mut command = service.asmith(&["pipe", "copy"]);
    let mut pipe = Running::start(command.process_group(0).stdin(Stdio::piped()).stdout(Stdio::piped()));
    // Waiting would close it, which ends it too.
    let mut stdin = pipe.0.stdin.take().expect("stdin is piped");
    stdin.write_all(b"begun\n").expect("it reads");
    pipe.0.stdout.as_mut().expect("stdout is piped").read_exact(&mut [0; 6]).expect("it writes");
    pipe.send(Signal::SIGTERM);
    assert_eq!(pipe.0.wait().expect("it ends").signal(), Some(Signal::SIGTERM as i32));
    let state = last(&service);
    assert_eq!((timeless(&state["subtitle"]).as_str(), &state["color"]), ("SIGTERM after 0 s", &json!("red")));
}

#[test]
fn whatever_stands_in_the_way_of_a_report_all_is_passed_on() {
    let told = run_with(&mut asmith(&["pipe", "import"]), "through\n");
    assert_eq!((told.code, told.stdout.as_str()), (Some(0), "through\n"));
    assert_eq!(told.stderr.lines().count(), 1, "{told:?}");
    run_with(&mut asmith(&["pipe", "import", "--strict"]), "through\n").failed_with(78, "through\n");
}

/// Linux has a device that is always full.
#[cfg(target_os = "linux")]
#[test]
fn what_cannot_be_written_is_no_success() {
    let service = Service::start();
    let full = File::options().write(true).open("/dev/full").expect("it is there");
    let stdin = File::open("/dev/zero").expect("it is there");
    let output = service.asmith(&["pipe", "copy"]).stdin(stdin).stdout(full).output().expect("it runs");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(last(&service)["subtitle"], "cannot write to stdout");
}

#[test]
fn programs_read_how_it_went_on_stderr() {
    let service = Service::start();
    let told = run_with(&mut service.asmith(&["pipe", "import", "--output", "json"]), "a\n");
    let summary: Value = serde_json::from_str(&told.stderr).expect("one line of JSON");
    assert_eq!((&summary["count"], &summary["exit_code"], told.stdout.as_str()), (&json!(1), &json!(0), "a\n"));
}
