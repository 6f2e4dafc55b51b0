//! The handle that a program holds while it publishes a stream: the latest state goes in, and nothing waits for the network.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::runtime::Handle;

use super::hub::{Entry, Hub, State};
use crate::client::Inner;
use crate::error::{ConfigError, Result};
use crate::model::{Patch, StreamResponse};
use crate::publish::{
    Changes, Counters, Ending, Event, GRACE, Newest, Pacing, ProgressCounter, PublisherId, TIMEOUT, UNATTENDED_TIMEOUT,
    Urgency, too_late,
};

/// A stream that is being published: its latest state is sent as often as it helps and no more, in the background.
///
/// [`update`](Self::update) is cheap, waits for nothing and fails only for what breaks a rule of the API. At the end call
/// [`finish`](Self::finish) or [`fail`](Self::fail). A handle that is dropped before is taken for a job that has failed: that is
/// where `?` and a panic lead. Its end is then sent in the background, as long as the runtime lives.
///
/// Without a key it warns once and is inert, and so it is when `ACTIVITYSMITH_DISABLED` is set.
///
/// ```no_run
/// # async fn example(client: activitysmith_kit::ActivitySmith) -> activitysmith_kit::Result<()> {
/// use activitysmith_kit::{Patch, Progress};
///
/// let live = client.live_activities().publish("search-reindex", Progress::new("Search Reindex").percentage(0))?;
/// for percentage in 1..=100 {
///     live.update(Patch::new().percentage(percentage))?;
/// }
/// live.finish().await?;
/// # Ok(())
/// # }
/// ```
#[must_use = "a publisher that is dropped ends its stream as failed"]
pub struct Publisher {
    stream_key: String,
    /// Nothing when it is inert.
    live: Option<Live>,
    /// Why it is, unless that was asked for.
    obstacle: Option<ConfigError>,
    /// Its end is under way, or it has been let go.
    ended: AtomicBool,
}

pub(super) struct Live {
    inner: Arc<Inner>,
    id: PublisherId,
}

impl fmt::Debug for Publisher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Publisher").field("stream_key", &self.stream_key).finish_non_exhaustive()
    }
}

impl Publisher {
    /// A publisher whose requests are sent on this runtime.
    pub(super) fn open(
        inner: Option<&Arc<Inner>>,
        runtime: &Handle,
        stream_key: String,
        first: Changes,
        pacing: Pacing,
        counter: Option<Arc<ProgressCounter>>,
    ) -> Result<Self> {
        let obstacle = inner.and_then(|inner| inner.obstacle());
        let live = inner.filter(|_| obstacle.is_none()).map(|inner| -> Result<Live> {
            let hub = &inner.hub;
            let mut state = hub.state();
            let id = state.dispatcher.open(&stream_key, first, pacing, hub.now())?;
            state.publishers.insert(id, Entry { counter, ..Entry::default() });
            drop(state);
            Hub::ensure_driven(inner, runtime);
            Ok(Live { inner: Arc::clone(inner), id })
        });
        Ok(Self { stream_key, live: live.transpose()?, obstacle, ended: AtomicBool::new(false) })
    }

    /// The key of the stream.
    pub fn stream_key(&self) -> &str {
        &self.stream_key
    }

    /// Why it is inert, unless that was asked for: a key is missing, or the like.
    pub fn obstacle(&self) -> Option<&ConfigError> {
        self.obstacle.as_ref()
    }

    /// Changes some of the state; all else stays. Nothing changes where that breaks a rule.
    ///
    /// Figures wait for their turn. What else changes goes at once, as long as it is seldom.
    pub fn update(&self, patch: impl Into<Changes>) -> Result<()> {
        self.change(patch.into(), Urgency::ByKind)
    }

    /// As [`update`](Self::update), for a figure that should not wait.
    pub fn update_urgently(&self, patch: impl Into<Changes>) -> Result<()> {
        self.change(patch.into(), Urgency::Urgent)
    }

    pub(crate) fn change(&self, changes: Changes, urgency: Urgency) -> Result<()> {
        self.with(|hub, state, id| state.dispatcher.update(id, changes, urgency, || hub.now()))
    }

    /// Puts another state in place of the whole one. What goes beside it (buttons, tags, ...) stays, unless it is given.
    pub fn replace(&self, state: impl Into<Changes>) -> Result<()> {
        self.change_whole(state.into(), Urgency::ByKind)
    }

    /// Shows that the job has failed, as [`fail`](Self::fail) does, and does not end the stream: the activity stays until somebody
    /// ends it.
    pub fn show_failure(&self, reason: &str) -> Result<()> {
        self.with(|hub, state, id| state.dispatcher.show_failure(id, Some(reason), || hub.now()))
    }

    pub(crate) fn change_whole(&self, changes: Changes, urgency: Urgency) -> Result<()> {
        self.with(|hub, state, id| state.dispatcher.replace(id, changes, urgency, || hub.now()))
    }

    fn with(&self, change: impl FnOnce(&Hub, &mut State, PublisherId) -> Result<bool>) -> Result<()> {
        let Some(Live { inner, id }) = &self.live else { return Ok(()) };
        let mut state = inner.hub.state();
        if change(&inner.hub, &mut state, *id)? {
            // The caller may ask at once what has come of the change.
            state.collect_events(*id);
            drop(state);
            inner.hub.wake();
        }
        Ok(())
    }

    /// Sends the newest state now, as far as the account's budget allows, and waits until the service has taken it: at most so
    /// long. The error says why it has not.
    pub async fn flush(&self, timeout: Duration) -> Result<()> {
        let Some(Live { inner, id }) = self.hastened() else { return Ok(()) };
        let arrived = Hub::wait_for(inner, timeout, |state| arrived(state, *id)).await?;
        arrived.unwrap_or_else(|| Err(too_late(timeout)))
    }

    /// As [`flush`](Self::flush), in a thread.
    #[cfg(feature = "blocking")]
    pub(crate) fn flush_in_thread(&self, timeout: Duration) -> Result<()> {
        let Some(Live { inner, id }) = self.hastened() else { return Ok(()) };
        let arrived = inner.hub.wait_in_thread_for(timeout, |state| arrived(state, *id));
        arrived.unwrap_or_else(|| Err(too_late(timeout)))
    }

    /// Has the newest state sent as soon as there is room in the budget.
    fn hastened(&self) -> Option<&Live> {
        let live = self.live.as_ref()?;
        live.inner.hub.state().dispatcher.hasten(live.id);
        live.inner.hub.wake();
        Some(live)
    }

    /// Ends the stream with its last state, and waits for that: at most 10 seconds. The error says why it did not arrive.
    pub async fn finish(&self) -> Result<StreamResponse> {
        self.end(Ending::Finished(Changes::default()), TIMEOUT).await
    }

    /// As [`finish`](Self::finish), with the last state changed once more.
    pub async fn finish_with(&self, patch: Patch) -> Result<StreamResponse> {
        self.end(Ending::Finished(patch.into()), TIMEOUT).await
    }

    /// Ends the stream with a state that shows that the job has failed: red, with a badge where there is room for one, and
    /// `reason` in its second line. It shows on a Lock Screen, so let it hold no secret.
    pub async fn fail(&self, reason: &str) -> Result<StreamResponse> {
        self.end(Ending::Failed(Some(reason)), TIMEOUT).await
    }

    /// Ends the stream, and waits for that, at most so long.
    pub async fn end(&self, ending: Ending<'_>, timeout: Duration) -> Result<StreamResponse> {
        self.begin_to_end(ending, timeout)?;
        self.outcome(timeout).await
    }

    /// Waits until an end has arrived that was begun in the background, or did not in its time.
    pub(crate) async fn outcome(&self, timeout: Duration) -> Result<StreamResponse> {
        let Some(Live { inner, id }) = &self.live else {
            return Ok(StreamResponse::disabled(&self.stream_key));
        };
        let limit = timeout.saturating_add(GRACE);
        let outcome = Hub::wait_for(inner, limit, |state| state.dispatcher.outcome(*id)).await?;
        outcome.unwrap_or_else(|| Err(too_late(timeout)))
    }

    /// As [`outcome`](Self::outcome), in a thread.
    #[cfg(feature = "blocking")]
    pub(crate) fn outcome_in_thread(&self, timeout: Duration) -> Result<StreamResponse> {
        let Some(Live { inner, id }) = &self.live else {
            return Ok(StreamResponse::disabled(&self.stream_key));
        };
        let outcome =
            inner.hub.wait_in_thread_for(timeout.saturating_add(GRACE), |state| state.dispatcher.outcome(*id));
        outcome.unwrap_or_else(|| Err(too_late(timeout)))
    }

    /// Ends the stream in the background.
    pub(crate) fn begin_to_end(&self, ending: Ending<'_>, timeout: Duration) -> Result<()> {
        let Some(Live { inner, id }) = &self.live else { return Ok(()) };
        let hub = &inner.hub;
        let mut state = hub.state();
        if let Some(changes) = state.publishers.get_mut(id).and_then(|entry| Some(entry.counter.take()?.read())) {
            state.dispatcher.update(*id, changes, Urgency::ByKind, || hub.now())?;
        }
        state.dispatcher.end(*id, ending, timeout, hub.now())?;
        drop(state);
        self.ended.store(true, Ordering::Relaxed);
        hub.wake();
        Ok(())
    }

    /// Sends no more, and leaves the activity as it is.
    pub fn close(&self) {
        if let Some(Live { inner, id }) = &self.live {
            self.ended.store(true, Ordering::Relaxed);
            let mut state = inner.hub.state();
            if let Some(entry) = state.publishers.get_mut(id) {
                entry.counter = None;
            }
            state.dispatcher.close(*id);
            drop(state);
            inner.hub.wake();
        }
    }

    /// What has happened since this was asked last; the newest 64 events.
    pub fn events(&self) -> Vec<Event> {
        let Some(Live { inner, id }) = &self.live else { return Vec::new() };
        inner.hub.state().publishers.get_mut(id).map(|entry| entry.events.take()).unwrap_or_default()
    }

    /// Whether something has happened since [`events`](Self::events) was asked last.
    #[cfg(feature = "ffi")]
    pub(crate) fn has_events(&self) -> bool {
        let Some(Live { inner, id }) = &self.live else { return false };
        inner.hub.state().publishers.get(id).is_some_and(|entry| !entry.events.is_empty())
    }

    /// How often what has happened.
    pub fn counters(&self) -> Counters {
        let Some(Live { inner, id }) = &self.live else { return Counters::default() };
        inner.hub.state().dispatcher.counters(*id)
    }

    /// Whether its end is under way, or it has been closed.
    pub(super) fn has_ended(&self) -> bool {
        self.ended.load(Ordering::Relaxed)
    }

    /// Ends the stream in the background, unless that was begun: with its last state, or as failed. Gives back whether it has.
    pub(super) fn end_unattended(&self, failed: bool) -> bool {
        if self.live.is_none() || self.has_ended() {
            return false;
        }
        let reason = std::thread::panicking().then_some("panicked");
        let ending =
            if failed || reason.is_some() { Ending::Failed(reason) } else { Ending::Finished(Changes::default()) };
        self.begin_to_end(ending, UNATTENDED_TIMEOUT).is_ok()
    }
}

/// A job that does not say how it ended has failed: that is where `?` and a panic lead.
impl Drop for Publisher {
    fn drop(&mut self) {
        self.end_unattended(true);
        if let Some(Live { inner, id }) = &self.live {
            if let Some(entry) = inner.hub.state().publishers.get_mut(id) {
                entry.released = true;
            }
            inner.hub.wake();
        }
    }
}

/// Whether the newest state has arrived, or will not; nothing while that is open.
fn arrived(state: &mut State, id: PublisherId) -> Option<Result<()>> {
    match state.dispatcher.newest(id) {
        Ok(Newest::Pending) => None,
        Ok(Newest::Acknowledged) => Some(Ok(())),
        Ok(Newest::Refused(reason)) => {
            Some(Err(ConfigError::new("the newest state", format!("did not arrive: {reason}")).into()))
        }
        Err(error) => Some(Err(error)),
    }
}
