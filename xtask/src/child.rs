//! Child processes that a Ctrl-C reaches through us alone, so that they end in the right order and never outlive us.

use crate::failure::{Failure, Result};
use std::process::{Child, Command, ExitStatus};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
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
pub(crate) struct Running(Child);

impl Running {
    /// Starts a command in a process group of its own, which the terminal's Ctrl-C does not reach.
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        let program = command.get_program().to_string_lossy().into_owned();
        command.spawn().map(Self).map_err(|error| Failure::new(format!("cannot run {program}: {error}")))
    }

    pub(crate) fn child(&mut self) -> &mut Child {
        &mut self.0
    }

    /// Waits for the child's end; an interruption is passed on, a second one ends it at once.
    pub(crate) fn wait(&mut self, interruptions: &Receiver<()>) -> Result<Ending> {
        let mut interrupted = false;
        loop {
            if let Some(status) = self.ended()? {
                return Ok(Ending { status, interrupted });
            }
            match interruptions.recv_timeout(TICK) {
                Ok(()) if interrupted => self.kill(),
                Ok(()) => {
                    interrupted = true;
                    signal(&mut self.0, Signal::Interrupt);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => thread::sleep(TICK),
            }
        }
    }

    /// How the child ended, or nothing while it runs.
    pub(crate) fn ended(&mut self) -> Result<Option<ExitStatus>> {
        self.0.try_wait().map_err(|error| Failure::new(format!("cannot wait for a child process: {error}")))
    }

    fn kill(&mut self) {
        // It fails only for a child that has ended.
        let _ = self.0.kill();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if matches!(self.0.try_wait(), Ok(Some(_))) {
            return;
        }
        signal(&mut self.0, Signal::Terminate);
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            if matches!(self.0.try_wait(), Ok(Some(_))) {
                return;
            }
            thread::sleep(TICK);
        }
        self.kill();
        let _ = self.0.wait();
    }
}

#[derive(Clone, Copy)]
enum Signal {
    Interrupt,
    Terminate,
}

#[cfg(unix)]
fn signal(child: &mut Child, kind: Signal) {
    use nix::sys::signal;
    let kind = match kind {
        Signal::Interrupt => signal::Signal::SIGINT,
        Signal::Terminate => signal::Signal::SIGTERM,
    };
    let Ok(id) = i32::try_from(child.id()) else { return };
    // It fails only for a child that has ended.
    let _ = signal::kill(nix::unistd::Pid::from_raw(id), kind);
}

/// Windows passes a Ctrl-C on by itself, and knows no gentler way to end a process.
#[cfg(not(unix))]
fn signal(child: &mut Child, kind: Signal) {
    if let Signal::Terminate = kind {
        let _ = child.kill();
    }
}
