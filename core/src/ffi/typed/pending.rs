//! Work on the engine's runtime that somebody in Swift awaits, and may abandon meanwhile.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use tokio::task::{AbortHandle, JoinError, JoinHandle};

use super::failure::CallError;
use crate::error::{ConfigError, Error, Result};
use crate::ffi::process_clients::closed;

pub(super) struct Pending<T> {
    task: Mutex<Option<JoinHandle<Result<T>>>>,
    abort: AbortHandle,
    /// By [`Pending::cancel`], rather than since its client was closed.
    is_cancelled: AtomicBool,
}

impl<T> Pending<T> {
    pub(super) fn new(task: JoinHandle<Result<T>>) -> Self {
        Self { abort: task.abort_handle(), task: Mutex::new(Some(task)), is_cancelled: AtomicBool::new(false) }
    }

    /// What became of it. It is told once.
    pub(super) async fn outcome(&self) -> Result<T, CallError> {
        let task = self.task.lock().unwrap_or_else(PoisonError::into_inner).take();
        match task {
            Some(task) => match task.await {
                Ok(outcome) => outcome.map_err(CallError::from),
                Err(failure) => Err(self.abandoned(failure)),
            },
            None => Err(Error::from(ConfigError::new("call", "was awaited before; its outcome is told once")).into()),
        }
    }

    pub(super) fn cancel(&self) {
        self.is_cancelled.store(true, Ordering::Release);
        self.abort.abort();
    }

    /// Why it has no outcome.
    fn abandoned(&self, failure: JoinError) -> CallError {
        match failure.try_into_panic() {
            Ok(panic) => CallError::defect(panic.as_ref()),
            Err(_) if self.is_cancelled.load(Ordering::Acquire) => CallError::Cancelled,
            Err(_) => closed().into(),
        }
    }
}
