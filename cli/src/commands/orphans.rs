//! Processes whose parents have ended. They become children of the first process of their namespace, as `asmith` is in a container
//! without an init of its own, and stay there as zombies until it waits for them.

use std::convert::Infallible;
use std::future::pending;
use std::io;

use nix::unistd::{Pid, getpid};
use tokio::signal::unix::{self, SignalKind};

use super::signals::FIRST_PROCESS;

/// Reaps orphans if this is the first process of its namespace, and does nothing otherwise.
pub struct Orphans {
    /// SIGCHLD: a child has ended.
    ended: unix::Signal,
    /// Orphans become children of this process.
    is_first: bool,
}

impl Orphans {
    /// It has to be called within a runtime, and before a command is started: a process that inherits an ignored SIGCHLD loses the exit
    /// status of its children until it handles that signal.
    pub fn watch() -> io::Result<Self> {
        Ok(Self { ended: unix::signal(SignalKind::child())?, is_first: getpid() == FIRST_PROCESS })
    }

    /// Reaps each orphan as it ends, and never returns. The exit status of `command`, a child, is left to the caller.
    pub async fn reap(&mut self, command: Option<Pid>) -> Infallible {
        if !self.is_first {
            return pending().await;
        }
        loop {
            reap_ended(command);
            self.ended.recv().await;
        }
    }
}

#[cfg(target_os = "linux")]
fn reap_ended(command: Option<Pid>) {
    use nix::sys::wait::{Id, WaitPidFlag, waitid, waitpid};

    // Looked at first, and left in place: it may be the command's.
    let look = WaitPidFlag::WEXITED | WaitPidFlag::WNOHANG | WaitPidFlag::WNOWAIT;
    while let Some(ended) = waitid(Id::All, look).ok().and_then(|status| status.pid()) {
        // The command may hide orphans behind it. They are found after its status was taken.
        if Some(ended) == command || waitpid(ended, Some(WaitPidFlag::WNOHANG)).is_err() {
            return;
        }
    }
}

/// No other system runs `asmith` as its first process.
#[cfg(not(target_os = "linux"))]
fn reap_ended(_: Option<Pid>) {}
