//! `asmith run`: real commands, the emulator as the service, and faults of all kinds between them.

#[cfg(target_os = "linux")]
mod container;
mod ends;
mod faults;
mod inside;
mod output;
mod progress;
mod pushes;
mod signals;
mod surroundings;

use std::process::Command;

use serde_json::Value;

use crate::support::{Run, Service};

/// `asmith run job --title Job ... -- sh -c SCRIPT`, set up for this service.
fn job(service: &Service, flags: &[&str], script: &str) -> Command {
    service.asmith(&[&["run", "job", "--title", "Job"], flags, &["--", "sh", "-c", script]].concat())
}

/// Runs it to its end.
fn run(service: &Service, flags: &[&str], script: &str) -> Run {
    crate::support::run(&mut job(service, flags, script))
}

/// What became of each request that came, oldest first.
fn operations(service: &Service) -> Vec<String> {
    let entries = service.emulator.requests();
    let answers = entries.iter().map(|entry| serde_json::from_slice::<Value>(&entry.response).unwrap_or_default());
    answers.map(|answer| answer["operation"].as_str().unwrap_or("refused").to_owned()).collect()
}

/// The states that came, oldest first.
fn states(service: &Service) -> Vec<Value> {
    let state = |body: String| serde_json::from_str::<Value>(&body).expect("bodies are JSON")["content_state"].clone();
    service.bodies().into_iter().map(state).collect()
}

/// The state that it ended with.
fn last(service: &Service) -> Value {
    states(service).pop().expect("a request came")
}

/// Waits until something has happened elsewhere.
pub fn until(happened: impl Fn() -> bool) {
    let started = std::time::Instant::now();
    while !happened() {
        assert!(started.elapsed() < std::time::Duration::from_secs(30), "it did not happen");
        std::thread::yield_now();
    }
}
