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
    bell: UnixStream,
    watched: UnixStream,
}

#[uniffi::export]
impl Inbox {
    /// An empty one.
    #[uniffi::constructor]
    pub fn new() -> Result<Self, NativeError> {
        let pair = || {
            let (bell, watched) = UnixStream::pair()?;
            bell.set_nonblocking(true)?;
            watched.set_nonblocking(true)?;
            Ok((bell, watched))
        };
        let (bell, watched) = pair().map_err(|error: std::io::Error| {
            Error::from(ConfigError::new("event loop", format!("cannot be served: {error}")))
        })?;
        Ok(Self { outcomes: Mutex::default(), bell, watched })
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
        self.silence();
        // What came before the silence rang in vain.
        Ok(self.outcomes().pop_front().unwrap_or_default())
    }
}

impl Inbox {
    pub(super) fn put(&self, outcome: Vec<u8>) {
        self.outcomes().push_back(outcome);
        // A bell that is full of rings is heard all the same.
        let _ = (&self.bell).write(&[0]);
    }

    fn silence(&self) {
        let mut rings = [0; 256];
        while (&self.watched).read(&mut rings).is_ok_and(|count| count == rings.len()) {}
    }

    fn outcomes(&self) -> MutexGuard<'_, VecDeque<Vec<u8>>> {
        self.outcomes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hears one ring, if there is one.
    fn rings(inbox: &Inbox) -> bool {
        (&inbox.watched).read(&mut [0]).is_ok()
    }

    #[test]
    fn it_rings_while_something_is_in_it() {
        let inbox = Inbox::new().unwrap();
        assert!(!rings(&inbox));
        inbox.put(b"one".to_vec());
        inbox.put(b"two".to_vec());
        assert!(rings(&inbox));
        assert_eq!(inbox.take().unwrap(), b"one");
        assert_eq!(inbox.take().unwrap(), b"two");
        assert_eq!(inbox.take().unwrap(), b"");
        assert!(!rings(&inbox));
    }

    #[test]
    fn ten_thousand_rings_block_nobody() {
        let inbox = Inbox::new().unwrap();
        for _ in 0..10_000 {
            inbox.put(b"outcome".to_vec());
        }
        assert_eq!(
            std::iter::repeat_with(|| inbox.take().unwrap()).take_while(|taken| !taken.is_empty()).count(),
            10_000
        );
        assert!(!rings(&inbox));
    }
}
