//! How a process ends that publishes: what is promised of each way out of it, against the emulator.
#![cfg(unix)]

use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, ExitStatus};
use std::time::{Duration, Instant};

use activitysmith_emulator::{Emulator, Options};
use activitysmith_emulator::{StreamState, StreamView};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

const KEY: &str = "ask_test_exits";

#[test]
fn a_handle_that_main_leaves_behind_is_a_job_that_failed() {
    for way in ["drop", "question-mark"] {
        let service = Service::start();
        assert_eq!(service.run(way).success(), way == "drop");
        service.has_failed(&Value::Null);
    }
}

#[test]
fn a_panic_ends_the_program_and_the_stream_as_failed() {
    let service = Service::start();
    assert_eq!(service.run("panic").code(), Some(101));
    service.has_failed(&json!("panicked"));
}

#[test]
fn process_exit_ends_at_once_and_what_was_not_sent_is_lost() {
    let service = Service::start();
    assert_eq!(service.run("exit").code(), Some(3));
    service.is_left();
}

#[test]
fn process_exit_keeps_an_end_that_was_waited_for() {
    let service = Service::start();
    assert_eq!(service.run("finish-and-exit").code(), Some(3));
    assert_eq!(service.stream().state, StreamState::Ended);
    assert_eq!(service.shown(), json!({"title": "Backup", "type": "progress", "percentage": 40}));
}

#[test]
fn sigterm_ends_at_once_and_the_next_run_of_the_same_stream_sets_the_screen_right() {
    let service = Service::start();
    assert_eq!(service.run("SIGTERM").signal(), Some(15));
    service.is_left();
    assert!(service.run("finish").success());
    assert_eq!(service.stream().state, StreamState::Ended);
    assert_eq!(service.shown()["percentage"], 40);
}

#[test]
fn ctrl_c_that_the_program_handles_ends_the_stream_as_the_program_says() {
    let service = Service::start();
    assert_eq!(service.run("Ctrl-C").code(), Some(130));
    service.has_failed(&json!("interrupted"));
}

/// An emulator, and the runtime on which it answers.
struct Service {
    emulator: Emulator,
    _runtime: Runtime,
}

impl Service {
    fn start() -> Self {
        let runtime = Runtime::new().unwrap();
        let emulator = runtime.block_on(Emulator::start(Options::default())).unwrap();
        Self { emulator, _runtime: runtime }
    }

    /// Runs the job, which ends in this way.
    fn run(&self, way: &str) -> ExitStatus {
        let mut job = Command::new(env!("CARGO_BIN_EXE_publishing-job"));
        job.arg(way).env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        job.env("ACTIVITYSMITH_BASE_URL", self.emulator.base_url()).env("ACTIVITYSMITH_API_KEY", KEY);
        job.status().unwrap()
    }

    fn stream(&self) -> StreamView {
        self.emulator.with_service(|service, now| service.stream(now, Some(KEY), "backup")).unwrap()
    }

    fn shown(&self) -> Value {
        serde_json::to_value(self.stream()).unwrap()["content_state"].clone()
    }

    /// The stream has ended as that of a job that has failed, for this reason.
    fn has_failed(&self, reason: &Value) {
        // Its end was sent, and the emulator may take a moment to see to it.
        let began = Instant::now();
        while self.stream().state != StreamState::Ended && began.elapsed() < Duration::from_secs(10) {
            std::thread::sleep(Duration::from_millis(10));
        }
        assert_eq!(self.stream().state, StreamState::Ended);
        let shown = self.shown();
        assert_eq!((&shown["percentage"], &shown["color"]), (&json!(40), &json!("red")));
        assert_eq!(&shown["subtitle"], reason);
    }

    /// The stream was not ended, and what was not sent is lost.
    fn is_left(&self) {
        assert_eq!(self.stream().state, StreamState::Active);
        assert_eq!(self.shown()["percentage"], 0);
    }
}
