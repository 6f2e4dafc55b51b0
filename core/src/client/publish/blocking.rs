//! Publishing for programs without an async runtime: the same publisher, driven by the client's own thread, and waited for by the
//! caller's.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::track::Counted;
use crate::client::LiveActivities;
use crate::client::blocking::{ActivitySmith, Driver};
use crate::error::{ConfigError, Result};
use crate::model::{Patch, StreamResponse};
use crate::publish::{Changes, Counters, Ending, Event, Pacing, TIMEOUT, UNATTENDED_TIMEOUT};

/// A stream that is being published, for programs without an async runtime; see [`Publisher`](crate::Publisher).
///
/// A handle that is dropped before [`finish`](Self::finish) waits for 2 seconds at most until its end has arrived.
///
/// ```no_run
/// # fn main() -> activitysmith_kit::Result<()> {
/// use activitysmith_kit::{Patch, Progress, blocking::ActivitySmith};
///
/// let client = ActivitySmith::from_env()?;
/// let live = client.live_activities().publish("nightly-backup", Progress::new("Nightly backup").percentage(0))?;
/// for percentage in 1..=100 {
///     live.update(Patch::new().percentage(percentage))?;
/// }
/// live.finish()?;
/// # Ok(())
/// # }
/// ```
#[must_use = "a publisher that is dropped ends its stream as failed"]
pub struct Publisher {
    live: super::Publisher,
    /// Its thread sends, so it stays as long as this.
    _driver: Arc<Driver>,
}

impl fmt::Debug for Publisher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.live.fmt(f)
    }
}

impl LiveActivities<'_, ActivitySmith> {
    /// Publishes a stream: shows its first state, which has to name its type, and then the latest one, in the background.
    pub fn publish(&self, stream_key: impl Into<String>, request: impl Into<Changes>) -> Result<Publisher> {
        self.publish_paced(stream_key, request, Pacing::default())
    }

    /// As [`publish`](Self::publish), at another pace.
    pub fn publish_paced(
        &self,
        stream_key: impl Into<String>,
        request: impl Into<Changes>,
        pacing: Pacing,
    ) -> Result<Publisher> {
        let driver = Arc::clone(&self.client.driver);
        let inner = self.client.client.inner.as_ref();
        let live = super::Publisher::open(inner, driver.runtime(), stream_key.into(), request.into(), pacing, None)?;
        Ok(Publisher { live, _driver: driver })
    }

    /// Iterates over items and publishes how far that is: in percent where their number is known, else as a count.
    ///
    /// ```no_run
    /// # fn example(client: activitysmith_kit::blocking::ActivitySmith, files: Vec<String>) -> activitysmith_kit::Result<()> {
    /// for file in client.live_activities().track(files, "search-reindex", "Search Reindex")? {
    ///     // ...
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn track<I: IntoIterator>(
        &self,
        items: I,
        stream_key: impl Into<String>,
        title: impl Into<String>,
    ) -> Result<Track<I::IntoIter>> {
        self.track_paced(items, stream_key, title, Pacing::default())
    }

    /// As [`track`](Self::track), at another pace.
    pub fn track_paced<I: IntoIterator>(
        &self,
        items: I,
        stream_key: impl Into<String>,
        title: impl Into<String>,
        pacing: Pacing,
    ) -> Result<Track<I::IntoIter>> {
        let driver = Arc::clone(&self.client.driver);
        let items = Counted::new(items.into_iter(), pacing);
        let inner = self.client.client.inner.as_ref();
        let live = items.publish(inner, driver.runtime(), stream_key.into(), &title.into(), pacing)?;
        Ok(Track { items, publisher: Publisher { live, _driver: driver } })
    }
}

impl Publisher {
    /// The key of the stream.
    pub fn stream_key(&self) -> &str {
        self.live.stream_key()
    }

    /// See [`Publisher::obstacle`](crate::Publisher::obstacle).
    pub fn obstacle(&self) -> Option<&ConfigError> {
        self.live.obstacle()
    }

    /// See [`Publisher::update`](crate::Publisher::update).
    pub fn update(&self, patch: impl Into<Changes>) -> Result<()> {
        self.live.update(patch)
    }

    /// See [`Publisher::update_urgently`](crate::Publisher::update_urgently).
    pub fn update_urgently(&self, patch: impl Into<Changes>) -> Result<()> {
        self.live.update_urgently(patch)
    }

    /// See [`Publisher::replace`](crate::Publisher::replace).
    pub fn replace(&self, state: impl Into<Changes>) -> Result<()> {
        self.live.replace(state)
    }

    /// See [`Publisher::show_failure`](crate::Publisher::show_failure).
    pub fn show_failure(&self, reason: &str) -> Result<()> {
        self.live.show_failure(reason)
    }

    /// See [`Publisher::flush`](crate::Publisher::flush).
    pub fn flush(&self, timeout: Duration) -> Result<()> {
        self.live.flush_in_thread(timeout)
    }

    /// See [`Publisher::finish`](crate::Publisher::finish).
    pub fn finish(&self) -> Result<StreamResponse> {
        self.end(Ending::Finished(Changes::default()), TIMEOUT)
    }

    /// See [`Publisher::finish_with`](crate::Publisher::finish_with).
    pub fn finish_with(&self, patch: Patch) -> Result<StreamResponse> {
        self.end(Ending::Finished(patch.into()), TIMEOUT)
    }

    /// See [`Publisher::fail`](crate::Publisher::fail).
    pub fn fail(&self, reason: &str) -> Result<StreamResponse> {
        self.end(Ending::Failed(Some(reason)), TIMEOUT)
    }

    /// See [`Publisher::end`](crate::Publisher::end).
    pub fn end(&self, ending: Ending<'_>, timeout: Duration) -> Result<StreamResponse> {
        self.live.begin_to_end(ending, timeout)?;
        self.live.outcome_in_thread(timeout)
    }

    /// See [`Publisher::close`](crate::Publisher::close).
    pub fn close(&self) {
        self.live.close();
    }

    /// See [`Publisher::events`](crate::Publisher::events).
    pub fn events(&self) -> Vec<Event> {
        self.live.events()
    }

    /// See [`Publisher::counters`](crate::Publisher::counters).
    pub fn counters(&self) -> Counters {
        self.live.counters()
    }

    fn let_go(&self, failed: bool) {
        if self.live.end_unattended(failed) {
            // What becomes of it is told in the log.
            let _ = self.live.outcome_in_thread(UNATTENDED_TIMEOUT);
        }
    }
}

impl Drop for Publisher {
    fn drop(&mut self) {
        self.let_go(true);
    }
}

/// An iterator that publishes how far it is; see [`LiveActivities::track`].
///
/// When it is exhausted its stream ends with all of it done, when it is dropped before with as much as was done, and in a panic
/// as failed. The loop is over when that has arrived: after 10 seconds at the latest, or 2 where the loop was left early.
#[derive(Debug)]
#[must_use = "iterators do nothing until they are iterated"]
pub struct Track<I> {
    items: Counted<I>,
    publisher: Publisher,
}

impl<I> Track<I> {
    /// The publisher beneath, for what else changes.
    pub fn publisher(&self) -> &Publisher {
        &self.publisher
    }
}

impl<I: Iterator> Iterator for Track<I> {
    type Item = I::Item;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let item = self.items.next();
        if item.is_none() && !self.publisher.live.has_ended() {
            // What becomes of it is told in the log: no job should break for it.
            let _ = self.publisher.end(self.items.ending(), TIMEOUT);
        }
        item
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.items.size_hint()
    }
}

impl<I> Drop for Track<I> {
    /// To leave a loop early is no failure.
    fn drop(&mut self) {
        self.publisher.let_go(false);
    }
}
