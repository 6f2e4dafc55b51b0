//! The publisher as other languages hold it: it belongs to the process that made it, and in a forked child nothing happens.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::NativeError;
use super::completions::Completions;
use super::outcome;
use super::process_clients::ProcessClient;
use crate::call::Nulls;
use crate::client::Shared;
use crate::error::{ClosedError, Error, Result};
use crate::publish::Ending;
use crate::publish::driver::{Handle, Line, Op, Outcome};
use crate::publish::json;

/// A stream that is being published. In a forked child nothing happens, and a warning says so once. One that is let go before it has
/// ended ends as failed.
///
/// A flush and an end have numbers, like calls. Their outcome is `{"done": ...}` once the state has arrived, or `{"failed": ...}`.
#[derive(uniffi::Object)]
pub struct NativePublisher {
    /// There until this is dropped. Its thread sends for the publisher.
    client: Option<Arc<ProcessClient>>,
    handle: Handle,
    stream_key: String,
    /// It was logged that nothing happens in this process.
    has_warned: AtomicBool,
}

/// Checks what `NativeClient::publish` takes, before there is a client.
#[uniffi::export]
pub fn check_publishing(beginning: &[u8]) -> Result<(), NativeError> {
    Ok(json::check_publishing(beginning, Nulls::Absence)?)
}

#[uniffi::export]
impl NativePublisher {
    // Changes what is shown: `{"update": {...}, "urgent": true}` some of the state, `{"replace": {...}}` the whole of it,
    // `{"done": 12}` how many items are done with. Gives back the lines to log, `[{"warning", "message"}]`, if there are any.
    pub fn change(&self, change: &[u8]) -> Result<Vec<u8>, NativeError> {
        let Some(shared) = self.shared() else { return Ok(outcome::lines(&self.warnings_elsewhere())) };
        let mut state = shared.state();
        let polls = state.driver.change_json(self.handle, change, Nulls::Absence, || shared.now())?;
        let lines = if polls || state.has_lines() { state.take_lines() } else { Vec::new() };
        drop(state);
        if polls {
            shared.wake();
        }
        Ok(outcome::lines(&lines))
    }

    // Has the newest state sent, and waits until it has arrived: `{"timeout_seconds"}`.
    pub fn flush(&self, flush: &[u8], op: Op) -> Result<(), NativeError> {
        let Some(client) = self.client() else { return Ok(()) };
        let now = client.shared().now();
        Ok(client.begin(op, |driver| driver.flush_json(self.handle, flush, op, now))?)
    }

    // Ends the stream: `{"how": "finished", "change": {...}}` with its last state, changed once more, `{"how": "complete"}` with all
    // items done, or `{"how": "failed", "reason": "..."}`. It may take 2 seconds after a success and 5 after a failure, unless it, its
    // publisher or its client says otherwise by `timeout_seconds` or `flush_timeout_seconds`. A second end changes nothing, and has the
    // outcome of the first.
    pub fn end(&self, end: &[u8], op: Op) -> Result<(), NativeError> {
        let Some(client) = self.client() else { return Ok(()) };
        let now = client.shared().now();
        Ok(client.begin(op, |driver| driver.end_json(self.handle, end, Nulls::Absence, op, now))?)
    }

    // Stops publishing and leaves the activity on screen as it is.
    pub fn detach(&self) -> Result<(), NativeError> {
        if let Some(shared) = self.shared() {
            shared.state().driver.detach(self.handle);
            shared.wake();
        }
        Ok(())
    }

    // Whether no end has begun. In a forked child there is nothing to end.
    pub fn is_open(&self) -> Result<bool, NativeError> {
        Ok(self.shared().is_some_and(|shared| shared.state().driver.takes_changes(self.handle)))
    }

    // Why nothing is sent, or why the newest flush or end did not arrive: the error as JSON, or nothing.
    pub fn problem(&self) -> Result<Vec<u8>, NativeError> {
        Ok(outcome::problem(match self.shared() {
            Some(shared) => shared.state().driver.problem(self.handle, shared.now()),
            None => self.handle.map(|_| elsewhere()),
        }))
    }

    // How often it is worth saying how many items are done, in seconds; 0 where items are not counted.
    pub fn look_seconds(&self) -> Result<f64, NativeError> {
        let look = self.shared().and_then(|shared| shared.state().driver.look(self.handle));
        Ok(look.unwrap_or_default().as_secs_f64())
    }

    // What has happened since this was asked last, as JSON: `[{"kind", "message", "warning"}]`.
    pub fn events(&self) -> Result<Vec<u8>, NativeError> {
        let events = self.shared().map(|shared| shared.state().driver.events(self.handle));
        Ok(outcome::json(&events.unwrap_or_default()))
    }

    // How often what has happened, as JSON.
    pub fn counters(&self) -> Result<Vec<u8>, NativeError> {
        let counters = self.shared().map(|shared| shared.state().driver.counters(self.handle));
        Ok(outcome::json(&counters.unwrap_or_default()))
    }

    // Waits for a flush or an end, as [`NativeClient::wait`](super::client::NativeClient::wait) does.
    pub fn wait(&self, op: Op, limit_ms: u32) -> Result<Vec<u8>, NativeError> {
        match self.client() {
            Some(client) => Ok(client.wait(op, Duration::from_millis(limit_ms.into()))),
            None => Ok(self.outcome_elsewhere()),
        }
    }

    // Has an outcome put into a queue, instead of waiting for it.
    pub fn deliver(&self, op: Op, completions: Arc<Completions>) -> Result<(), NativeError> {
        match self.client() {
            Some(client) => client.deliver(op, completions),
            None => completions.put(op, &self.outcome_elsewhere()),
        }
        Ok(())
    }

    // Waits no more for a flush or an end, which goes on.
    pub fn cancel(&self, op: Op) -> Result<(), NativeError> {
        if let Some(shared) = self.shared() {
            shared.cancel(op);
        }
        Ok(())
    }
}

impl NativePublisher {
    pub(super) fn open(client: Arc<ProcessClient>, beginning: &[u8]) -> Result<Self> {
        let shared = client.shared();
        // Reads the key, which is no work for the lock.
        let disabled_reason = shared.session.disabled_reason();
        let now = shared.now();
        let mut state = shared.state();
        let handle = state.driver.publish_json(beginning, Nulls::Absence, disabled_reason, now)?;
        let stream_key = state.driver.stream_key(handle).to_owned();
        drop(state);
        shared.drive(&client.runtime()?);
        Ok(Self { client: Some(client), handle, stream_key, has_warned: AtomicBool::new(false) })
    }

    /// What came of an operation that another process has to do.
    fn outcome_elsewhere(&self) -> Vec<u8> {
        let outcome = self.handle.map_or(Outcome::Done(None), |_| Outcome::Failed(elsewhere()));
        outcome::with_log(outcome, self.warnings_elsewhere())
    }

    fn warnings_elsewhere(&self) -> Vec<Line> {
        if self.handle.is_none() || self.has_warned.swap(true, Ordering::Relaxed) {
            return Vec::new();
        }
        let (stream_key, text) = (Some(self.stream_key.clone()), elsewhere().to_string());
        vec![Line { warning: true, stream_key, event: None, text }]
    }

    /// The client, in its own process. In another its lock may be held by a thread that is not there.
    fn client(&self) -> Option<&Arc<ProcessClient>> {
        self.client.as_ref().filter(|client| client.is_here())
    }

    fn shared(&self) -> Option<&Arc<Shared>> {
        self.client().map(|client| client.shared())
    }
}

fn elsewhere() -> Error {
    let message =
        "the publisher belongs to the process that this one was forked from, and is inert here; publish again";
    ClosedError::new(message).into()
}

impl Drop for NativePublisher {
    fn drop(&mut self) {
        match self.client() {
            Some(client) => {
                let shared = client.shared();
                shared.state().driver.release(self.handle, Ending::Failed(None), shared.now());
                if let Ok(runtime) = client.runtime() {
                    shared.drive(&runtime);
                }
            }
            // The parent's threads are not here to be stopped.
            None => std::mem::forget(self.client.take()),
        }
    }
}
