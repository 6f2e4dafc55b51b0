//! The signals that ask a process to end, and how a command that runs under us gets them.

use std::fs::{self, File};
use std::future::poll_fn;
use std::io;
use std::task::Poll;

use nix::sys::signal::{self, Signal};
use nix::unistd::{Pid, getpgrp, getpid, getsid, tcgetpgrp};
use tokio::signal::unix::{self, SignalKind};

use crate::job::Place;

/// What asks a server to stop. A terminal that closes is not among them, so that it works under `nohup`.
pub const STOP: &[Signal] = &[Signal::SIGINT, Signal::SIGTERM];
/// What a command gets that runs under us. Of several at once, the one that ends it for good comes last.
const PASSED_ON: &[Signal] = &[Signal::SIGINT, Signal::SIGHUP, Signal::SIGTERM];

/// What a job's processes get, and what ends them last.
const OF_A_JOB: &[Signal] = &[
    Signal::SIGWINCH,
    Signal::SIGUSR1,
    Signal::SIGUSR2,
    Signal::SIGINT,
    Signal::SIGQUIT,
    Signal::SIGHUP,
    Signal::SIGTERM,
];
/// The process id of the first process of a namespace.
pub const FIRST_PROCESS: Pid = Pid::from_raw(1);

/// What stops and continues a job that has a process group of its own.
const OF_JOB_CONTROL: &[Signal] = &[Signal::SIGTSTP, Signal::SIGCONT];

/// Some signals. From its making on, they end nothing by themselves.
pub struct Signals {
    sources: Vec<(Signal, unix::Signal)>,
    /// Those of them that the command got without us when we started. Nothing where it gets none, since it is in a group of its own.
    shared: Option<&'static [Signal]>,
}

impl Signals {
    pub fn listen(signals: &[Signal]) -> io::Result<Self> {
        let listen = |&signal| Ok((signal, unix::signal(SignalKind::from_raw(signal as i32))?));
        Ok(Self { sources: signals.iter().map(listen).collect::<io::Result<_>>()?, shared: None })
    }

    /// Those that a command gets that runs under us. What was ignored when we started, as under `nohup` or in a script's
    /// background, stays so, for the command too.
    pub fn to_pass_on() -> io::Result<Self> {
        Self::listen_unless_ignored(PASSED_ON, Some(shared_with_command()))
    }

    /// Those that a job's processes get.
    pub fn of_job(place: Place) -> io::Result<Self> {
        match place {
            // What stops us from the terminal stops the job, and so does what continues us.
            Place::Shared => Self::listen_unless_ignored(OF_A_JOB, Some(shared_with_command())),
            Place::Own => Self::listen_unless_ignored(&[OF_JOB_CONTROL, OF_A_JOB].concat(), None),
        }
    }

    fn listen_unless_ignored(signals: &[Signal], shared: Option<&'static [Signal]>) -> io::Result<Self> {
        let ignored = ignored();
        let handled: Vec<_> = signals.iter().copied().filter(|signal| ignored & bit(*signal) == 0).collect();
        Ok(Self { shared, ..Self::listen(&handled)? })
    }

    /// Whether the command has got this one without us: asked now, since a job may go to the background and come back, but for a
    /// terminal that has closed, which says no more.
    pub fn is_shared(&self, signal: Signal) -> bool {
        match self.shared {
            None => false,
            Some(at_first) if signal == Signal::SIGHUP => at_first.contains(&signal),
            Some(_) => shared_with_command().contains(&signal),
        }
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
    pub fn pass_on(&self, signal: Signal, command: Pid) {
        if !self.is_shared(signal) {
            // It fails only for a process that has ended in the meantime.
            let _ = signal::kill(command, signal);
        }
    }
}

/// Ends this process by a signal, as it ended the command: the parent process then sees what it would see of the command itself, and a
/// shell leaves its loop after Ctrl-C. It returns where the process cannot end so.
pub fn end_by(signal: i32) {
    // The kernel ignores a signal that the first process of a namespace, as in a container, sends to itself. The fallback is
    // `abort`, which crashes there.
    if getpid() != FIRST_PROCESS {
        let _ = signal_hook::low_level::emulate_default_handler(signal);
    }
}

/// What a terminal sends to the command as well as to us, since both are in its foreground: passed on, it would come twice, and
/// many programs take a second one for "at once, without cleaning up".
fn shared_with_command() -> &'static [Signal] {
    let foreground = File::open("/dev/tty").ok().and_then(|terminal| tcgetpgrp(terminal).ok());
    if foreground != Some(getpgrp()) {
        return &[];
    }
    // A terminal that closes tells the leader of its session alone, and the others only when that one has ended.
    let of_the_leader = &[Signal::SIGINT, Signal::SIGQUIT, Signal::SIGWINCH];
    if getsid(None) == Ok(getpid()) {
        of_the_leader
    } else {
        &[Signal::SIGINT, Signal::SIGQUIT, Signal::SIGWINCH, Signal::SIGHUP]
    }
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
