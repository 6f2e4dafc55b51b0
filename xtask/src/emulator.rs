//! An emulator on this machine, and programs that speak to it.

use crate::child::Running;
use crate::failure::{Failure, Result};
use crate::process;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

/// A key that every emulator takes.
pub(crate) const KEY: &str = "ask_test_demo";

/// How long the emulator may take to say where it listens.
const START: Duration = Duration::from_secs(30);

/// A running emulator, stopped when this value goes.
pub(crate) struct Emulator {
    running: Running,
    /// The base URL of its API.
    pub(crate) url: String,
}

impl Emulator {
    pub(crate) fn start(asmith: &Path, arguments: &[&str]) -> Result<Self> {
        let mut command = Command::new(asmith);
        // Not even a kill leaves it running.
        isolated(&mut command).args(["--quiet", "emulate", "--port", "0", "--exit-with-parent"]).args(arguments);
        let mut running = Running::start(command.stdout(Stdio::piped()))?;
        let stdout = running.0.stdout.take().expect("stdout is piped");
        let (sender, first_line) = channel();
        // Reads to the end, so that the emulator never blocks on a full pipe; only the first line matters.
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(std::result::Result::ok) {
                // The receiver takes only the first.
                let _ = sender.send(line);
            }
        });
        let line = first_line
            .recv_timeout(START)
            .map_err(|_| Failure::new("the emulator did not start").hint("run `cargo run -- emulate` to see why"))?;
        match line.strip_prefix("listening on ") {
            Some(url) => Ok(Self { running, url: url.trim().to_owned() }),
            None => Err(Failure::new(format!("the emulator did not say where it listens, but: {line}"))),
        }
    }

    pub(crate) fn page(&self) -> &str {
        self.url.trim_end_matches("api")
    }

    /// Waits until Ctrl-C, while the user looks around.
    pub(crate) fn keep(&mut self, interruptions: &Receiver<()>) -> Result<()> {
        println!("the emulator runs until Ctrl-C");
        println!("  page  {}", self.page());
        println!("  API   {}  (key {KEY})", self.url);
        let status = self.running.wait(interruptions)?.status;
        if status.success() {
            return Ok(());
        }
        Err(Failure::new(format!("the emulator ended ({status})")).code(status))
    }
}

/// A command beside an emulator of its own, which it is told of by variables.
pub(crate) fn beside(asmith: &Path, options: &[&str], inner: &Command) -> Command {
    let mut command = Command::new(asmith);
    isolated(&mut command).args(["--quiet", "emulate"]).args(options).args(["--exec", "--"]);
    command.arg(inner.get_program()).args(inner.get_args());
    for (name, value) in inner.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    if let Some(folder) = inner.get_current_dir() {
        command.current_dir(folder);
    }
    command
}

/// A program of ours that speaks to this machine alone, whatever the caller's environment holds.
pub(crate) fn isolated(command: &mut Command) -> &mut Command {
    process::without_service_settings(command);
    process::without_proxies(command).stdin(Stdio::null())
}
