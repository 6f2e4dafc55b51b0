//! The signals that ask a process to end, and how a command that runs under us gets them.

use std::fs::{self, File};
use std::future::poll_fn;
use std::io;
use std::task::Poll;

use nix::sys::signal::{self, Signal};
use nix::unistd::{Pid, getpgrp, getpid, getsid, tcgetpgrp};
use tokio::signal::unix::{self, SignalKind};

/// What asks a server to stop. A terminal that closes is not among them, so that it works under `nohup`.
pub const STOP: &[Signal] = &[Signal::SIGINT, Signal::SIGTERM];
/// What a command gets that runs under us. Of several at once, the one that ends it for good comes last.
const PASSED_ON: &[Signal] = &[Signal::SIGINT, Signal::SIGHUP, Signal::SIGTERM];

/// Some signals. From its making on, they end nothing by themselves.
pub struct Signals {
    sources: Vec<(Signal, unix::Signal)>,
    /// Those of them that the command gets without us.
    shared: &'static [Signal],
}

impl Signals {
    pub fn listen(signals: &[Signal]) -> io::Result<Self> {
        let listen = |&signal| Ok((signal, unix::signal(SignalKind::from_raw(signal as i32))?));
        Ok(Self { sources: signals.iter().map(listen).collect::<io::Result<_>>()?, shared: &[] })
    }

    /// Those that a command gets that runs under us. What was ignored when we started, as under `nohup` or in a script's
    /// background, stays so, for the command too.
    pub fn to_pass_on() -> io::Result<Self> {
        let ignored = ignored();
        let heard: Vec<_> = PASSED_ON.iter().copied().filter(|signal| ignored & bit(*signal) == 0).collect();
        Ok(Self { shared: shared_with_command(), ..Self::listen(&heard)? })
    }

    /// The next one.
    pub async fn next(&mut self) -> Signal {
        poll_fn(|context| {
            for (signal, source) in &mut self.sources {
                if source.poll_recv(context).is_ready() {
                    return Poll::Ready(*signal);
                }
            }
            Poll::Pending
        })
        .await
    }

    /// Sends it to the command, unless the command has got it already.
    pub fn pass_on(&self, signal: Signal, command: u32) {
        if self.shared.contains(&signal) {
            return;
        }
        if let Ok(id) = i32::try_from(command) {
            // It fails only for a process that has ended in the meantime.
            let _ = signal::kill(Pid::from_raw(id), signal);
        }
    }
}

/// What a terminal sends to the command as well as to us, since both are in its foreground: passed on, it would come twice, and
/// many programs take a second one for "at once, without cleaning up". Asked once, as a terminal that has closed says no more.
fn shared_with_command() -> &'static [Signal] {
    let foreground = File::open("/dev/tty").ok().and_then(|terminal| tcgetpgrp(terminal).ok());
    if foreground != Some(getpgrp()) {
        return &[];
    }
    // A terminal that closes tells the leader of its session alone, and the others only when that one has ended.
    if getsid(None) == Ok(getpid()) { &[Signal::SIGINT] } else { &[Signal::SIGINT, Signal::SIGHUP] }
}

/// The signals that were ignored when we started, a bit each. Linux says so; elsewhere none counts as ignored.
fn ignored() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
}

fn bit(signal: Signal) -> u64 {
    1 << (signal as i32 - 1)
}
