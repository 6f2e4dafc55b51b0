//! The publisher as Python holds it: changes and outcomes are JSON texts, and whoever waits does so in short steps, or at an inbox.

use std::sync::Arc;
use std::time::Duration;

use super::NativeError;
use super::client::NativeClient;
#[cfg(unix)]
use super::inbox::Inbox;
use super::outcome;
#[cfg(unix)]
use super::outcome::Ticket;
use super::publishing::{self, Publishing, changes};
use crate::client::Publisher;
use crate::error::{Error, Result};
use crate::publish::{Ending, Urgency};

/// A stream that is being published. Changes are objects of the API's own shape, or with the state's fields beside those of the
/// request. An outcome is `{"done": ...}` or `{"failed": ...}`. In a forked child nothing happens.
#[derive(uniffi::Object)]
pub struct NativePublisher {
    publishing: Publishing,
}

/// Checks what `NativeClient::publish` takes, before there is a client.
#[uniffi::export]
pub fn check_publishing(beginning: &[u8]) -> Result<(), NativeError> {
    Ok(publishing::check(beginning)?)
}

#[uniffi::export]
impl NativeClient {
    /// Begins to publish a stream: `{"stream_key", "body", "pace_seconds", "items"}`.
    pub fn publish(&self, beginning: &[u8]) -> Result<Arc<NativePublisher>, NativeError> {
        Ok(Arc::new(NativePublisher { publishing: Publishing::open(self.engine()?, beginning)? }))
    }
}

#[uniffi::export]
impl NativePublisher {
    /// Why nothing is published, unless that was asked for: the error as JSON, or nothing.
    pub fn obstacle(&self) -> Result<Vec<u8>, NativeError> {
        let obstacle = self.publishing.get().and_then(|publisher| publisher.obstacle());
        Ok(obstacle.map(|obstacle| outcome::error_json(&obstacle.clone().into()).into_bytes()).unwrap_or_default())
    }

    /// Changes some of the state. Gives back whether something has happened that [`events`](Self::events) tells.
    pub fn update(&self, patch: &[u8], urgent: bool) -> Result<bool, NativeError> {
        let Some(publisher) = self.publishing.get() else { return Ok(false) };
        publisher.change(changes(patch)?, urgency(urgent))?;
        Ok(publisher.has_events())
    }

    /// Puts another state in place of the whole one. Gives back the same.
    pub fn replace(&self, state: &[u8], urgent: bool) -> Result<bool, NativeError> {
        let Some(publisher) = self.publishing.get() else { return Ok(false) };
        publisher.change_whole(changes(state)?, urgency(urgent))?;
        Ok(publisher.has_events())
    }

    /// Says how many items are done with. Gives back the same.
    pub fn progressed(&self, done: u64) -> Result<bool, NativeError> {
        if let Some(gauge) = &self.publishing.gauge {
            gauge.set(done);
        }
        Ok(self.publishing.get().is_some_and(Publisher::has_events))
    }

    /// Has the newest state sent, and waits until it has arrived, at most so long: gives back the outcome, or nothing where that is
    /// still open.
    pub fn flush(&self, wait_ms: u32) -> Result<Vec<u8>, NativeError> {
        let Some(publisher) = self.publishing.get() else { return Ok(outcome::bare(&Ok(()))) };
        match publisher.flush_in_thread(Duration::from_millis(wait_ms.into())) {
            Err(Error::Connection(error)) if error.is_timeout() => Ok(Vec::new()),
            flushed => Ok(outcome::bare(&flushed)),
        }
    }

    /// Begins to end the stream with its last state, changed once more.
    pub fn finish(&self, patch: &[u8], timeout_ms: u32) -> Result<(), NativeError> {
        self.end(Ending::Finished(changes(patch)?), timeout_ms)
    }

    /// Begins to end the stream with all of it done.
    pub fn complete(&self, timeout_ms: u32) -> Result<(), NativeError> {
        self.end(Ending::Complete, timeout_ms)
    }

    /// Begins to end the stream as failed, for this reason, if one is given.
    pub fn fail(&self, reason: &[u8], timeout_ms: u32) -> Result<(), NativeError> {
        let reason = String::from_utf8_lossy(reason);
        self.end(Ending::Failed((!reason.is_empty()).then_some(&*reason)), timeout_ms)
    }

    /// Waits for the end, at most so long: gives back its outcome, once, or nothing where it is still under way.
    pub fn outcome(&self, wait_ms: u32) -> Result<Vec<u8>, NativeError> {
        let Some(publisher) = self.publishing.get() else { return Ok(outcome::bare(&Ok(()))) };
        let ended = publisher.try_outcome_in_thread(Duration::from_millis(wait_ms.into()));
        Ok(ended.map(|ended| outcome::bare(&ended.map(|_| ()))).unwrap_or_default())
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
        let events = self.publishing.get().map(Publisher::events).unwrap_or_default();
        Ok(serde_json::to_vec(&events).expect("events serialize"))
    }

    /// How often what has happened, as JSON.
    pub fn counters(&self) -> Result<Vec<u8>, NativeError> {
        let counters = self.publishing.get().map(Publisher::counters).unwrap_or_default();
        Ok(serde_json::to_vec(&counters).expect("counters serialize"))
    }
}

#[cfg(unix)]
#[uniffi::export]
impl NativePublisher {
    /// Has the newest state sent; the outcome goes to an inbox with its ticket, which the caller chooses, after so long at the latest.
    pub fn start_flush(self: Arc<Self>, timeout_ms: u32, ticket: u64, inbox: Arc<Inbox>) -> Result<(), NativeError> {
        let timeout = Duration::from_millis(timeout_ms.into());
        self.start(ticket, inbox, move |held| async move {
            match held.publishing.get() {
                Some(publisher) => publisher.flush(timeout).await,
                None => Ok(()),
            }
        })
    }

    /// Waits for the end that was begun with this time limit; its outcome goes to an inbox, once.
    pub fn start_outcome(self: Arc<Self>, timeout_ms: u32, ticket: u64, inbox: Arc<Inbox>) -> Result<(), NativeError> {
        let timeout = Duration::from_millis(timeout_ms.into());
        self.start(ticket, inbox, move |held| async move {
            match held.publishing.get() {
                Some(publisher) => publisher.outcome(timeout).await.map(|_| ()),
                None => Ok(()),
            }
        })
    }

    /// Waits no more at the inbox. What the publisher does goes on.
    pub fn cancel(&self, ticket: u64) -> Result<(), NativeError> {
        if let Some((_, engine)) = self.publishing.held() {
            engine.cancel(ticket);
        }
        Ok(())
    }
}

impl NativePublisher {
    fn end(&self, ending: Ending<'_>, timeout_ms: u32) -> Result<(), NativeError> {
        if let Some(publisher) = self.publishing.get() {
            publisher.begin_to_end(ending, Duration::from_millis(timeout_ms.into()))?;
        }
        Ok(())
    }

    /// Waits in the background; nobody here does.
    #[cfg(unix)]
    fn start<F>(
        self: Arc<Self>,
        ticket: Ticket,
        inbox: Arc<Inbox>,
        wait: impl FnOnce(Arc<Self>) -> F,
    ) -> Result<(), NativeError>
    where
        F: Future<Output = Result<()>> + Send + 'static,
    {
        if let Some((_, engine)) = self.publishing.held() {
            let wait = wait(Arc::clone(&self));
            let runtime = engine.runtime().map_err(Error::from)?;
            engine.deliver(&runtime, ticket, inbox, async move { outcome::bare(&wait.await) });
        } else {
            inbox.put(outcome::addressed(ticket, &outcome::bare(&Ok(()))));
        }
        Ok(())
    }
}

fn urgency(urgent: bool) -> Urgency {
    if urgent { Urgency::Urgent } else { Urgency::ByKind }
}
