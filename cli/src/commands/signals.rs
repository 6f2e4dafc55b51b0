//! The signals that ask a process to end, and how a command that runs under us gets them.

use std::fs::File;
use std::future::poll_fn;
use std::io;
use std::task::Poll;

use nix::sys::signal::{self, Signal as Kind};
use nix::unistd::{Pid, getpgrp, tcgetpgrp};
use tokio::signal::unix::{self, SignalKind};

/// What asks a server to stop. A terminal that closes is not among them, so that it works under `nohup`.
pub const STOP: &[Kind] = &[Kind::SIGINT, Kind::SIGTERM];
/// What a command gets that runs under us.
pub const PASSED_ON: &[Kind] = &[Kind::SIGINT, Kind::SIGTERM, Kind::SIGHUP];

/// Some signals. From its making on, they end nothing by themselves.
pub struct Signals(Vec<(Kind, unix::Signal)>);

/// One that came.
#[derive(Clone, Copy, Debug)]
pub struct Signal(Kind);

impl Signals {
    pub fn listen(kinds: &[Kind]) -> io::Result<Self> {
        let listen = |&kind| Ok((kind, unix::signal(SignalKind::from_raw(kind as i32))?));
        kinds.iter().map(listen).collect::<io::Result<_>>().map(Self)
    }

    /// The next one.
    pub async fn next(&mut self) -> Signal {
        poll_fn(|context| {
            for (kind, signal) in &mut self.0 {
                if signal.poll_recv(context).is_ready() {
                    return Poll::Ready(Signal(*kind));
                }
            }
            Poll::Pending
        })
        .await
    }
}

impl Signal {
    /// Sends it to a process, unless the terminal has done so.
    pub fn pass_on(self, process: u32) {
        if self.0 == Kind::SIGINT && in_foreground() {
            return;
        }
        if let Ok(id) = i32::try_from(process) {
            // It fails only for a process that has ended in the meantime.
            let _ = signal::kill(Pid::from_raw(id), self.0);
        }
    }
}

/// Whether Ctrl-C in a terminal reaches us. It then reaches the commands that we run too, as they share our process group, and
/// passed on it would come twice; many programs take a second one for "at once, without cleaning up".
fn in_foreground() -> bool {
    File::open("/dev/tty").ok().and_then(|terminal| tcgetpgrp(terminal).ok()) == Some(getpgrp())
}
