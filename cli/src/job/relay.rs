//! Copies an output, byte for byte and at once, and shows each piece to a function.

use std::fs::File;
use std::io::{self, ErrorKind, PipeReader, PipeWriter, Read as _, Write as _};
use std::os::fd::{AsFd as _, BorrowedFd, OwnedFd};
use std::thread;

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use tokio::sync::oneshot;

use crate::commands::relay;

/// How much is read at a time, in bytes: as much as `cat` takes.
pub const BUFFER: usize = 128 * 1024;

/// Where an output goes: one of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    Stdout,
    Stderr,
    /// It is only looked at.
    Nowhere,
}

impl Target {
    /// The descriptor itself: what the standard library has in front of it would hold lines back.
    pub fn open(self) -> io::Result<File> {
        Ok(match self {
            Self::Stdout => io::stdout().as_fd().try_clone_to_owned()?.into(),
            Self::Stderr => io::stderr().as_fd().try_clone_to_owned()?.into(),
            Self::Nowhere => File::options().write(true).open("/dev/null")?,
        })
    }
}

/// An output on its way.
#[derive(Debug)]
pub struct Relay {
    target: Target,
    done: oneshot::Receiver<End>,
    /// Closed, it lets the relay go when there is nothing to read for the moment.
    stop: Option<PipeWriter>,
}

/// How it ended.
#[derive(Debug)]
enum End {
    /// All writers have closed it, or the reader of the copy has.
    Closed,
    /// Another process still holds its other end: one that the command has left behind.
    Open(File),
    /// It could not be passed on.
    Failed(io::Error),
}

impl Relay {
    /// Begins to pass on. `look` sees each buffer once it has been passed on, and nothing at its end.
    pub fn start(from: PipeReader, target: Target, look: impl FnMut(&[u8]) + Send + 'static) -> io::Result<Self> {
        let (from, to) = (OwnedFd::from(from), target.open()?);
        let (stopped, stop) = io::pipe()?;
        let (sender, done) = oneshot::channel();
        thread::Builder::new().name("output".to_owned()).spawn(move || {
            // The receiver may be gone.
            let _ = sender.send(pass_on(from.into(), to, target, stopped.as_fd(), look));
        })?;
        Ok(Self { target, done, stop: Some(stop) })
    }

    /// Waits until all that the command has written is passed on. What it has left behind may write on: a process of its own
    /// copies that, so no caller waits for it.
    pub async fn finish(&mut self) -> io::Result<()> {
        self.stop = None;
        match (&mut self.done).await {
            Ok(End::Closed) | Err(_) => Ok(()),
            Ok(End::Open(from)) => relay::leave_behind(from, self.target),
            Ok(End::Failed(error)) => Err(error),
        }
    }
}

fn pass_on(mut from: File, mut to: File, target: Target, stopped: BorrowedFd<'_>, mut look: impl FnMut(&[u8])) -> End {
    let mut buffer = vec![0; BUFFER];
    let mut attend = true;
    loop {
        match wait(from.as_fd(), stopped, &mut attend) {
            Ok(true) => {}
            Ok(false) => {
                look(b"");
                return End::Open(from);
            }
            Err(error) => return End::Failed(error),
        }
        match from.read(&mut buffer) {
            Ok(0) => {
                look(b"");
                return End::Closed;
            }
            Ok(length) => {
                match write_all(&mut to, &buffer[..length]) {
                    Ok(()) => {}
                    // Without us, too, the command would go on when its messages cannot be written, as on a full disk.
                    Err(error) if target == Target::Stderr && error.kind() != ErrorKind::BrokenPipe => {}
                    Err(error) => {
                        // The command notices it as it would without us: by a closed pipe.
                        drop(from);
                        look(b"");
                        return if error.kind() == ErrorKind::BrokenPipe { End::Closed } else { End::Failed(error) };
                    }
                }
                look(&buffer[..length]);
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return End::Failed(error),
        }
    }
}

/// Waits for something to read. False when there is nothing to read and the wait was stopped.
fn wait(from: BorrowedFd<'_>, stopped: BorrowedFd<'_>, attend: &mut bool) -> io::Result<bool> {
    loop {
        let mut waited_for = [PollFd::new(from, PollFlags::POLLIN), PollFd::new(stopped, PollFlags::POLLIN)];
        let timeout = if *attend { PollTimeout::NONE } else { PollTimeout::ZERO };
        let of_interest = if *attend { &mut waited_for[..] } else { &mut waited_for[..1] };
        match poll(of_interest, timeout) {
            Err(Errno::EINTR) => continue,
            Err(error) => return Err(error.into()),
            Ok(_) => {}
        }
        if waited_for[0].any().unwrap_or(true) {
            return Ok(true);
        }
        if !*attend {
            return Ok(false);
        }
        // Once more, for what was written just before.
        *attend = false;
    }
}

/// Writes all of it, also where the output was set to non-blocking.
pub fn write_all(to: &mut File, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match to.write(bytes) {
            Ok(0) => return Err(ErrorKind::WriteZero.into()),
            Ok(length) => bytes = &bytes[length..],
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                match poll(&mut [PollFd::new(to.as_fd(), PollFlags::POLLOUT)], PollTimeout::NONE) {
                    Ok(_) | Err(Errno::EINTR) => {}
                    Err(error) => return Err(error.into()),
                }
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
