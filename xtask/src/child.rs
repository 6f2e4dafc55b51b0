//! Child processes that a Ctrl-C reaches through us alone, so that they end in the right order and never outlive us.

use crate::failure::{Failure, Result};
use crate::process;
use std::process::{Child, Command, ExitStatus};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

/// How often a child is looked at.
const TICK: Duration = Duration::from_millis(20);
/// What a child gets to end by itself.
const PATIENCE: Duration = Duration::from_secs(5);

/// Receives one message for each Ctrl-C or termination signal.
pub(crate) fn interruptions() -> Result<Receiver<()>> {
    let (sender, receiver) = channel();
    ctrlc::set_handler(move || {
        // The receiver is gone when the program is about to end.
        let _ = sender.send(());
    })
    .map_err(|error| Failure::new(format!("cannot watch for Ctrl-C: {error}")))?;
    Ok(receiver)
}

/// How a child ended.
pub(crate) struct Ending {
    pub(crate) status: ExitStatus,
    /// The user asked for it.
    pub(crate) interrupted: bool,
}

/// A running child, stopped when this value goes.
pub(crate) struct Running(pub(crate) Child);

impl Running {
    /// Starts a command in a process group of its own, which the terminal's Ctrl-C does not reach.
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        command.spawn().map(Self).map_err(|error| process::not_started(command, &error))
    }

    /// Waits for the child's end; an interruption is passed on, a second one ends it at once.
    pub(crate) fn wait(&mut self, interruptions: &Receiver<()>) -> Result<Ending> {
        let mut interrupted = false;
        loop {
            if let Some(status) = self.0.try_wait()? {
                return Ok(Ending { status, interrupted });
            }
            if interruptions.recv_timeout(TICK).is_err() {
                continue;
            }
            if interrupted {
                self.0.kill()?;
            }
            interrupted = true;
            interrupt(&self.0);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if !matches!(self.0.try_wait(), Ok(None)) {
            return;
        }
        interrupt(&self.0);
        let deadline = Instant::now() + PATIENCE;
        while matches!(self.0.try_wait(), Ok(None)) && Instant::now() < deadline {
            thread::sleep(TICK);
        }
        // It fails only for a child that has ended.
        let _ = self.0.kill().and_then(|()| self.0.wait());
    }
}

/// Asks a child that has not been waited for to end.
#[cfg(unix)]
fn interrupt(child: &Child) {
    let id = nix::unistd::Pid::from_raw(child.id().cast_signed());
    // It fails only for a child that has ended.
    let _ = nix::sys::signal::kill(id, nix::sys::signal::Signal::SIGINT);
}

/// Windows passes a Ctrl-C on by itself.
#[cfg(not(unix))]
fn interrupt(_: &Child) {}
