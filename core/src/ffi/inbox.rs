//! A queue of outcomes that an event loop can watch: one end of a socket pair is readable while something may be in it.

use std::collections::VecDeque;
use std::io::{Read as _, Write as _};
use std::os::fd::AsRawFd as _;
use std::os::unix::net::UnixStream;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::NativeError;
use crate::error::{ConfigError, Error};

/// Outcomes that nobody has taken yet. One serves an event loop.
#[derive(uniffi::Object)]
pub struct Inbox {
    outcomes: Mutex<VecDeque<Vec<u8>>>,
    waker: UnixStream,
    watched: UnixStream,
}

#[uniffi::export]
impl Inbox {
    /// An empty one.
    #[uniffi::constructor]
    pub fn new() -> Result<Self, NativeError> {
        let pair = || {
            let (waker, watched) = UnixStream::pair()?;
            waker.set_nonblocking(true)?;
            watched.set_nonblocking(true)?;
            Ok((waker, watched))
        };
        let (waker, watched) = pair().map_err(|error: std::io::Error| {
            Error::from(ConfigError::new("event loop", format!("cannot be served: {error}")))
        })?;
        Ok(Self { outcomes: Mutex::default(), waker, watched })
    }

    /// The descriptor to watch; it stays the inbox's own.
    pub fn descriptor(&self) -> Result<i32, NativeError> {
        Ok(self.watched.as_raw_fd())
    }

    /// The next outcome, `{"ticket": ..., "outcome": ...}`; nothing when there is none left.
    pub fn take(&self) -> Result<Vec<u8>, NativeError> {
        if let Some(outcome) = self.outcomes().pop_front() {
            return Ok(outcome);
        }
        self.drain();
        // What came meanwhile has woken in vain.
        Ok(self.outcomes().pop_front().unwrap_or_default())
    }
}

impl Inbox {
    pub(super) fn put(&self, outcome: Vec<u8>) {
        self.outcomes().push_back(outcome);
        // One that is full is readable all the same.
        let _ = (&self.waker).write(&[0]);
    }

    fn drain(&self) {
        let mut bytes = [0; 256];
        while (&self.watched).read(&mut bytes).is_ok_and(|count| count == bytes.len()) {}
    }

    fn outcomes(&self) -> MutexGuard<'_, VecDeque<Vec<u8>>> {
        self.outcomes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes one wake-up, if there is one.
    fn is_readable(inbox: &Inbox) -> bool {
        (&inbox.watched).read(&mut [0]).is_ok()
    }

    #[test]
    fn it_is_readable_while_something_is_in_it() {
        let inbox = Inbox::new().unwrap();
        assert!(!is_readable(&inbox));
        inbox.put(b"one".to_vec());
        inbox.put(b"two".to_vec());
        assert!(is_readable(&inbox));
        assert_eq!(inbox.take().unwrap(), b"one");
        assert_eq!(inbox.take().unwrap(), b"two");
        assert_eq!(inbox.take().unwrap(), b"");
        assert!(!is_readable(&inbox));
    }

    #[test]
    fn ten_thousand_outcomes_block_nobody() {
        let inbox = Inbox::new().unwrap();
        for _ in 0..10_000 {
            inbox.put(b"outcome".to_vec());
        }
        assert_eq!(
            std::iter::repeat_with(|| inbox.take().unwrap()).take_while(|taken| !taken.is_empty()).count(),
            10_000
        );
        assert!(!is_readable(&inbox));
    }
}
