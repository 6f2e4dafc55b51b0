//! The publisher as Swift holds it: each change is a whole state, and ends and flushes are awaited like calls.

#![allow(clippy::needless_pass_by_value, reason = "as it crosses")]

use std::future::Future;
use std::sync::Arc;

use tokio::task::JoinHandle;

use super::client::{PendingCall, TypedClient, duration};
use super::failure::CallError;
use super::pending::Pending;
use crate::client::Publisher;
use crate::error::{ConfigError, Error, Result};
use crate::ffi::publishing::Publishing;
use crate::model::StreamRequest;
use crate::publish::ProgressCounter as Gauge;
use crate::publish::json::pace;
use crate::publish::{Changes, Counters, Ending, EventKind, Pacing, TIMEOUT, UNATTENDED_TIMEOUT, Urgency};

/// A stream that is being published.
#[derive(uniffi::Object)]
pub struct TypedPublisher {
    publishing: Arc<Publishing>,
    /// How far it is, where items are counted.
    gauge: Option<Arc<Gauge>>,
}

/// A flush under way.
#[derive(uniffi::Object)]
pub struct PendingFlush {
    pending: Pending<()>,
}

/// How a stream is ended.
#[derive(uniffi::Enum)]
pub enum PublisherEnding {
    /// With its last state.
    Finished,
    /// Of items that are counted: there are no more.
    Exhausted,
    /// As failed, with this in its second line.
    Failed {
        /// It shows on a Lock Screen.
        reason: Option<String>,
    },
}

/// Something that happened to a publisher.
#[derive(uniffi::Record)]
pub struct PublisherEvent {
    /// What kind it is.
    pub kind: EventKind,
    /// It in words, for a log.
    pub message: String,
    /// Whether somebody should look at it.
    pub is_warning: bool,
}

#[uniffi::export]
impl TypedClient {
    /// Begins to publish a stream. Without a pace it is as often as the device shows it; else so many seconds lie between two
    /// updates.
    pub fn publish(
        &self,
        stream_key: String,
        first: StreamRequest,
        pace_seconds: Option<f64>,
    ) -> Result<Arc<TypedPublisher>, CallError> {
        let pacing = pacing(pace_seconds)?;
        let publishing = Publishing::begin(self.engines.current()?, stream_key, (&first).into(), pacing, None)?;
        Ok(Arc::new(TypedPublisher { publishing: Arc::new(publishing), gauge: None }))
    }

    /// Begins to publish how far items are: in percent where their number is known, else as a count.
    pub fn track(
        &self,
        stream_key: String,
        title: String,
        total: Option<i64>,
        pace_seconds: Option<f64>,
    ) -> Result<Arc<TypedPublisher>, CallError> {
        let pacing = pacing(pace_seconds)?;
        let total = total.map(whole).transpose()?;
        let gauge = Arc::new(Gauge::new(total, pacing));
        let (first, engine) = (gauge.first(title).into(), self.engines.current()?);
        let publishing = Publishing::begin(engine, stream_key, first, pacing, Some(Arc::clone(&gauge)))?;
        Ok(Arc::new(TypedPublisher { publishing: Arc::new(publishing), gauge: Some(gauge) }))
    }
}

#[uniffi::export]
impl TypedPublisher {
    /// Fails where nothing is published, and says why, unless that was asked for.
    pub fn check(&self) -> Result<(), CallError> {
        match self.get().and_then(Publisher::obstacle) {
            Some(obstacle) => Err(Error::from(obstacle.clone()).into()),
            None => Ok(()),
        }
    }

    /// Puts another state in place of the whole one. What goes beside it stays, unless it is given. Gives back whether something has
    /// happened that [`events`](Self::events) tells.
    pub fn replace(&self, state: StreamRequest, urgent: bool) -> Result<bool, CallError> {
        let urgency = if urgent { Urgency::Urgent } else { Urgency::ByKind };
        let Some(publisher) = self.get() else { return Ok(false) };
        publisher.change_whole((&state).into(), urgency)?;
        Ok(publisher.has_events())
    }

    /// Says how many items are done with.
    pub fn count(&self, done: u64) -> Result<(), CallError> {
        if let Some(gauge) = &self.gauge {
            gauge.set(done);
        }
        Ok(())
    }

    /// Has the newest state sent, and waits until it has arrived: so long, or as long as an end may take.
    pub fn flush(&self, timeout_seconds: Option<f64>) -> Result<Arc<PendingFlush>, CallError> {
        let timeout = timeout_seconds.map_or(TIMEOUT, duration);
        let task = self.spawn(async move |publishing| match publishing.get() {
            Some(publisher) => publisher.flush(timeout).await,
            None => Err(elsewhere()),
        })?;
        Ok(Arc::new(PendingFlush { pending: Pending::new(task) }))
    }

    /// Ends the stream; the outcome is there in 10 seconds at the latest, or in 2 where nobody has that much patience.
    pub fn end(&self, ending: PublisherEnding, is_patient: bool) -> Result<Arc<PendingCall>, CallError> {
        let timeout = if is_patient { TIMEOUT } else { UNATTENDED_TIMEOUT };
        if let Some(publisher) = self.get() {
            let ending = match &ending {
                PublisherEnding::Finished => Ending::Finished(Changes::default()),
                PublisherEnding::Exhausted => {
                    self.gauge.as_ref().map_or(Ending::Finished(Changes::default()), |gauge| gauge.ending())
                }
                PublisherEnding::Failed { reason } => Ending::Failed(reason.as_deref()),
            };
            publisher.begin_to_end(ending, timeout)?;
        }
        let task = self.spawn(async move |publishing| match publishing.get() {
            Some(publisher) => publisher.outcome(timeout).await,
            None => Err(elsewhere()),
        })?;
        Ok(Arc::new(PendingCall::new(task)))
    }

    /// Sends no more, and leaves the activity as it is.
    pub fn close(&self) -> Result<(), CallError> {
        if let Some(publisher) = self.get() {
            publisher.close();
        }
        Ok(())
    }

    /// What has happened since this was asked last.
    pub fn events(&self) -> Result<Vec<PublisherEvent>, CallError> {
        let events = self.get().map(Publisher::events).unwrap_or_default();
        let told = events.into_iter().map(|event| PublisherEvent {
            is_warning: event.kind.is_warning(),
            kind: event.kind,
            message: event.message,
        });
        Ok(told.collect())
    }

    /// How often what has happened.
    pub fn counters(&self) -> Result<Counters, CallError> {
        Ok(self.get().map(Publisher::counters).unwrap_or_default())
    }
}

impl TypedPublisher {
    fn get(&self) -> Option<&Publisher> {
        self.publishing.get()
    }

    /// Waits for something on the engine's runtime, which is that of no caller.
    fn spawn<T, W>(&self, wait: impl FnOnce(Arc<Publishing>) -> W) -> Result<JoinHandle<Result<T>>>
    where
        T: Send + 'static,
        W: Future<Output = Result<T>> + Send + 'static,
    {
        let engine = &self.publishing.held().ok_or_else(elsewhere)?.client;
        Ok(engine.runtime()?.spawn(wait(Arc::clone(&self.publishing))))
    }
}

fn pacing(pace_seconds: Option<f64>) -> Result<Pacing> {
    let pace = |seconds: f64| pace(&crate::Number::from(seconds).into()).map(Pacing::Every);
    Ok(pace_seconds.map_or(Ok(Pacing::Device), pace)?)
}

fn whole(total: i64) -> Result<u64> {
    u64::try_from(total)
        .map_err(|_| ConfigError::new("total", format!("is {total}; give a whole number of at least 0")).into())
}

fn elsewhere() -> Error {
    ConfigError::new("publisher", "belongs to another process; publish again in this one").into()
}

#[uniffi::export]
impl PendingFlush {
    /// Fails where the newest state has not arrived, and says why.
    pub async fn outcome(&self) -> Result<(), CallError> {
        self.pending.outcome().await
    }

    /// Waits no more.
    pub fn cancel(&self) -> Result<(), CallError> {
        self.pending.cancel();
        Ok(())
    }
}
