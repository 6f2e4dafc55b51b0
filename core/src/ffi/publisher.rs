//! The publisher as Python holds it: changes and outcomes are JSON texts, and whoever waits does so in short steps.

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;

use super::NativeError;
use super::client::NativeClient;
use super::outcome;
use super::publishing::Publishing;
use crate::client::Publisher;
use crate::error::{Error, Result};
use crate::model::StreamResponse;
use crate::publish::{Changes, Ending, Urgency};
use crate::session::Nulls;

/// A stream that is being published. Changes are objects of the API's own shape, or with the state's fields beside those of the
/// request.
#[derive(uniffi::Object)]
pub struct NativePublisher {
    stream_key: String,
    publishing: Publishing,
}

#[uniffi::export]
impl NativeClient {
    /// Begins to publish a stream. Without `pace_seconds` it is as often as the device shows it; else so many seconds lie between
    /// two updates.
    pub fn publish(
        &self,
        stream_key: String,
        first: &[u8],
        pace_seconds: Option<f64>,
    ) -> Result<Arc<NativePublisher>, NativeError> {
        let first = changes(first)?;
        let publishing = Publishing::open(self.engine()?, stream_key.clone(), first, pace_seconds)?;
        Ok(Arc::new(NativePublisher { stream_key, publishing }))
    }
}

#[uniffi::export]
impl NativePublisher {
    /// Why nothing is published, unless that was asked for: the error as JSON, or nothing.
    pub fn obstacle(&self) -> Result<Option<String>, NativeError> {
        let obstacle = self.publishing.get().and_then(|publisher| publisher.obstacle());
        Ok(obstacle.map(|obstacle| outcome::error_json(&obstacle.clone().into())))
    }

    /// Whether this is the process that publishes it. In a forked child nothing happens.
    pub fn is_here(&self) -> Result<bool, NativeError> {
        Ok(self.publishing.get().is_some())
    }

    /// Changes some of the state.
    pub fn update(&self, patch: &[u8], urgent: bool) -> Result<(), NativeError> {
        if let Some(publisher) = self.publishing.get() {
            publisher.change(changes(patch)?, urgency(urgent))?;
        }
        Ok(())
    }

    /// Puts another state in place of the whole one.
    pub fn replace(&self, state: &[u8], urgent: bool) -> Result<(), NativeError> {
        if let Some(publisher) = self.publishing.get() {
            publisher.change_whole(changes(state)?, urgency(urgent))?;
        }
        Ok(())
    }

    /// Has the newest state sent, and waits until it has arrived, at most so long: gives back `{"arrived": true}`, or `false` and
    /// why as `problem`, or nothing where that is still open.
    pub fn flush(&self, wait_ms: u32) -> Result<Vec<u8>, NativeError> {
        let Some(publisher) = self.publishing.get() else { return Ok(arrived(&Ok(()))) };
        match publisher.flush_in_thread(Duration::from_millis(wait_ms.into())) {
            Err(Error::Connection(error)) if error.is_timeout() => Ok(Vec::new()),
            result => Ok(arrived(&result)),
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

    /// Begins to end the stream as failed.
    #[allow(clippy::needless_pass_by_value, reason = "as it crosses")]
    pub fn fail(&self, reason: Option<String>, timeout_ms: u32) -> Result<(), NativeError> {
        self.end(Ending::Failed(reason.as_deref()), timeout_ms)
    }

    /// Waits for the end, at most so long: gives back its outcome, once, or nothing where it is still under way.
    pub fn outcome(&self, wait_ms: u32) -> Result<Vec<u8>, NativeError> {
        let Some(publisher) = self.publishing.get() else {
            return Ok(outcome::of(&Ok(StreamResponse::disabled(&self.stream_key))));
        };
        let ended = publisher.try_outcome_in_thread(Duration::from_millis(wait_ms.into()));
        Ok(ended.map(|ended| outcome::of(&ended.map_err(Into::into))).unwrap_or_default())
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

impl NativePublisher {
    fn end(&self, ending: Ending<'_>, timeout_ms: u32) -> Result<(), NativeError> {
        if let Some(publisher) = self.publishing.get() {
            publisher.begin_to_end(ending, Duration::from_millis(timeout_ms.into()))?;
        }
        Ok(())
    }
}

/// Python writes None for nothing.
fn changes(text: &[u8]) -> Result<Changes<'_>, Error> {
    Ok(Changes::parse_with(text, Nulls::Absence)?)
}

fn urgency(urgent: bool) -> Urgency {
    if urgent { Urgency::Urgent } else { Urgency::ByKind }
}

fn arrived(result: &Result<()>) -> Vec<u8> {
    #[derive(Serialize)]
    struct Arrived<'a> {
        arrived: bool,
        problem: Option<&'a Error>,
    }
    let problem = result.as_ref().err();
    serde_json::to_vec(&Arrived { arrived: problem.is_none(), problem }).expect("an answer serializes")
}
