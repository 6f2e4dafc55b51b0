//! The publisher as other languages hold it.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use super::NativeError;
use super::completions::Completions;
use super::outcome::{self, Op};
use super::publishing::{self, Publishing};
use crate::client::Publisher;
use crate::error::{Error, Result};
use crate::publish::json::{Change, End, flush_timeout};
use crate::session::Nulls;

/// A stream that is being published. In a forked child nothing happens.
///
/// A flush and an end have numbers, like calls. Their outcome is `{"done": null}` once the state has arrived, or `{"failed": ...}`.
#[derive(uniffi::Object)]
pub struct NativePublisher {
    publishing: Arc<Publishing>,
}

impl From<Publishing> for NativePublisher {
    fn from(publishing: Publishing) -> Self {
        Self { publishing: Arc::new(publishing) }
    }
}

/// Checks what `NativeClient::publish` takes, before there is a client.
#[uniffi::export]
pub fn check_publishing(beginning: &[u8]) -> Result<(), NativeError> {
    Ok(publishing::check(beginning)?)
}

#[uniffi::export]
impl NativePublisher {
    /// Why nothing is published, unless that was asked for: the error as JSON, or nothing.
    pub fn obstacle(&self) -> Result<Vec<u8>, NativeError> {
        let obstacle = self.publishing.get().and_then(|publisher| publisher.obstacle());
        Ok(obstacle.map(|obstacle| outcome::json(&Error::from(obstacle.clone()))).unwrap_or_default())
    }

    /// Changes what is shown: `{"update": {...}, "urgent": true}` some of the state, `{"replace": {...}}` the whole of it,
    /// `{"done": 12}` how many items are done with. Gives back whether something has happened that [`events`](Self::events) tells.
    pub fn change(&self, change: &[u8]) -> Result<bool, NativeError> {
        let Some(publisher) = self.publishing.get() else { return Ok(false) };
        match Change::parse(change, Nulls::Absence)? {
            Change::Update(changes, urgency) => publisher.change(changes, urgency)?,
            Change::Replace(changes, urgency) => publisher.change_whole(changes, urgency)?,
            Change::Done(done) => self.publishing.count(done),
        }
        Ok(publisher.has_events())
    }

    /// Has the newest state sent, and waits until it has arrived: `{"timeout_seconds"}`.
    pub fn flush(&self, flush: &[u8], op: Op) -> Result<(), NativeError> {
        let timeout = flush_timeout(flush)?;
        self.run(op, Arc::clone(&self.publishing).flush(timeout))
    }

    /// Ends the stream: `{"how": "finished", "change": {...}}` with its last state, changed once more, `{"how": "complete"}` with all
    /// items done, or `{"how": "failed", "reason": "..."}`. How long that may take depends on whether it is `attended`, unless it has
    /// `timeout_seconds`. A second end changes nothing, and has the outcome of the first.
    pub fn end(&self, end: &[u8], op: Op) -> Result<(), NativeError> {
        let end = End::parse(end, Nulls::Absence)?;
        let timeout = end.timeout;
        if let Some(publisher) = self.publishing.get() {
            publisher.begin_to_end(end.ending(self.publishing.counter.as_deref()), timeout)?;
        }
        self.run(op, Arc::clone(&self.publishing).outcome(timeout))
    }

    /// Sends no more, and leaves the activity as it is.
    pub fn close(&self) -> Result<(), NativeError> {
        if let Some(publisher) = self.publishing.get() {
            publisher.close();
        }
        Ok(())
    }

    /// What has happened since this was asked last, as JSON: `[{"kind", "message", "warning"}]`.
    pub fn events(&self) -> Result<Vec<u8>, NativeError> {
        Ok(outcome::json(&self.publishing.get().map(Publisher::events).unwrap_or_default()))
    }

    /// How often what has happened, as JSON.
    pub fn counters(&self) -> Result<Vec<u8>, NativeError> {
        Ok(outcome::json(&self.publishing.get().map(Publisher::counters).unwrap_or_default()))
    }

    /// Waits for a flush or an end, as [`NativeClient::wait`](super::client::NativeClient::wait) does.
    pub fn wait(&self, op: Op, limit_ms: u32) -> Result<Vec<u8>, NativeError> {
        match self.publishing.held() {
            Some(held) => Ok(held.operations.wait(op, Duration::from_millis(limit_ms.into())).unwrap_or_default()),
            None => Ok(outcome::of_publisher(Ok(()))),
        }
    }

    /// Has an outcome put into a queue, instead of waiting for it.
    pub fn deliver(&self, op: Op, completions: Arc<Completions>) -> Result<(), NativeError> {
        match self.publishing.held() {
            Some(held) => held.operations.deliver(op, completions),
            None => completions.put(op, &outcome::of_publisher(Ok(()))),
        }
        Ok(())
    }

    /// Waits no more for a flush or an end, which goes on.
    pub fn cancel(&self, op: Op) -> Result<(), NativeError> {
        if let Some(held) = self.publishing.held() {
            held.operations.cancel(op);
        }
        Ok(())
    }
}

impl NativePublisher {
    fn run(&self, op: Op, work: impl Future<Output = Result<()>> + Send + 'static) -> Result<(), NativeError> {
        if let Some(held) = self.publishing.held() {
            let runtime = held.client.runtime().map_err(Error::from)?;
            held.operations.run(op, &runtime, async move { outcome::of_publisher(work.await) });
        }
        Ok(())
    }
}
