//! A queue of outcomes that an event loop can watch: one end of a socket pair is readable while something may be in it.

use std::collections::VecDeque;
#[cfg(not(unix))]
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::NativeError;
use crate::error::{ConfigError, Error};
use crate::publish::driver::Op;

/// Outcomes that were not taken yet. One serves an event loop.
#[derive(uniffi::Object)]
pub struct Completions {
    outcomes: Mutex<VecDeque<Vec<u8>>>,
    signal: Signal,
}

#[uniffi::export]
impl Completions {
    // An empty one. It fails where there is nothing that an event loop can watch.
    #[uniffi::constructor]
    pub fn new() -> Result<Self, NativeError> {
        let signal = Signal::new()
            .map_err(|error| Error::from(ConfigError::new("event loop", format!("cannot be served: {error}"))))?;
        Ok(Self { outcomes: Mutex::default(), signal })
    }

    // The descriptor to watch; it stays the queue's own.
    pub fn descriptor(&self) -> Result<i32, NativeError> {
        Ok(self.signal.descriptor())
    }

    // The next outcome, `{"op": ..., "outcome": ...}`; nothing when there is none left.
    pub fn take(&self) -> Result<Vec<u8>, NativeError> {
        if let Some(outcome) = self.outcomes().pop_front() {
            return Ok(outcome);
        }
        self.signal.clear();
        // What came meanwhile has woken in vain.
        Ok(self.outcomes().pop_front().unwrap_or_default())
    }
}

impl Completions {
    pub(super) fn put(&self, op: Op, outcome: &[u8]) {
        let head = format!(r#"{{"op":{op},"outcome":"#);
        self.outcomes().push_back([head.as_bytes(), outcome, b"}"].concat());
        self.signal.raise();
    }

    fn outcomes(&self) -> MutexGuard<'_, VecDeque<Vec<u8>>> {
        self.outcomes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(unix)]
use unix::Signal;

#[cfg(unix)]
mod unix {
    use std::io::{self, Read as _, Write as _};
    use std::os::fd::AsRawFd as _;
    use std::os::unix::net::UnixStream;

    /// What is readable while something may be in the queue.
    pub(super) struct Signal {
        waker: UnixStream,
        pub(super) watched: UnixStream,
    }

    impl Signal {
        pub(super) fn new() -> io::Result<Self> {
            let (waker, watched) = UnixStream::pair()?;
            waker.set_nonblocking(true)?;
            watched.set_nonblocking(true)?;
            Ok(Self { waker, watched })
        }

        pub(super) fn descriptor(&self) -> i32 {
            self.watched.as_raw_fd()
        }

        pub(super) fn raise(&self) {
            // One that is full is readable all the same.
            let _ = (&self.waker).write(&[0]);
        }

        pub(super) fn clear(&self) {
            let mut bytes = [0; 256];
            while (&self.watched).read(&mut bytes).is_ok_and(|count| count == bytes.len()) {}
        }
    }
}

/// There is none where event loops watch no descriptors.
#[cfg(not(unix))]
enum Signal {}

#[cfg(not(unix))]
impl Signal {
    fn new() -> io::Result<Self> {
        Err(io::Error::other("this platform has no descriptors to watch"))
    }

    fn descriptor(&self) -> i32 {
        match *self {}
    }

    fn raise(&self) {
        match *self {}
    }

    fn clear(&self) {
        match *self {}
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::io::Read as _;

    use super::*;

    /// Takes one wake-up, if there is one.
    fn is_readable(completions: &Completions) -> bool {
        (&completions.signal.watched).read(&mut [0]).is_ok()
    }

    #[test]
    fn it_is_readable_while_something_is_in_it() {
        let completions = Completions::new().unwrap();
        assert!(!is_readable(&completions));
        completions.put(1, b"1");
        completions.put(2, b"2");
        assert!(is_readable(&completions));
        assert_eq!(completions.take().unwrap(), br#"{"op":1,"outcome":1}"#);
        assert_eq!(completions.take().unwrap(), br#"{"op":2,"outcome":2}"#);
        assert_eq!(completions.take().unwrap(), b"");
        assert!(!is_readable(&completions));
    }

    #[test]
    fn ten_thousand_outcomes_block_nobody() {
        let completions = Completions::new().unwrap();
        for op in 0..10_000 {
            completions.put(op, b"null");
        }
        assert_eq!(
            std::iter::repeat_with(|| completions.take().unwrap()).take_while(|taken| !taken.is_empty()).count(),
            10_000
        );
        assert!(!is_readable(&completions));
    }
}
