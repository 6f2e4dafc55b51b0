//! The client for programs without an async runtime: the async one, driven by a thread of its own.
//!
//! The thread does more than save the caller a runtime: it keeps an eye on idle connections, so that a job that reports every
//! few minutes does not write into one that the server has closed meanwhile.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::builder::Builder;
use super::call::{Call, Prepare, calls};
use super::handle::{self, LiveActivities};
use super::publisher::{self, Items, Publish, type_name};
use super::thread::Thread;
use super::track::{Counted, as_beneath};
use crate::api::{Patch, STREAM, StreamResponse};
use crate::error::{ConfigError, Error, Result};
use crate::publish::{Changes, Counters, Ending, Event, Options, ProgressCounter};

/// A client of the ActivitySmith API with blocking calls. Cloning is cheap; clones share connections, and several threads may use
/// them at once. In an async program use [`ActivitySmith`](crate::ActivitySmith).
///
/// ```no_run
/// # fn main() -> activitysmith_kit::Result<()> {
/// use activitysmith_kit::{Progress, blocking::ActivitySmith};
///
/// let client = ActivitySmith::from_env()?;
/// client.live_activities().stream("nightly-backup", Progress::new("Nightly backup").percentage(42)).send()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct ActivitySmith {
    pub(super) client: handle::ActivitySmith,
    pub(super) thread: Arc<Thread>,
}

impl Builder {
    /// The client for programs without an async runtime.
    ///
    /// # Errors
    ///
    /// A setting cannot be used, or its thread cannot be started.
    pub fn build_blocking(self) -> Result<ActivitySmith> {
        ActivitySmith::new(self.build()?)
    }
}

impl fmt::Debug for ActivitySmith {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.client.fmt(f)
    }
}

impl ActivitySmith {
    /// A client whose settings come from the environment; see [`Builder`]. A missing key shows only at the first request.
    ///
    /// # Errors
    ///
    /// A setting cannot be used, or its thread cannot be started.
    pub fn from_env() -> Result<Self> {
        Self::builder().build_blocking()
    }

    /// Sets up a client; finish with [`Builder::build_blocking`].
    pub fn builder() -> Builder {
        Builder::default()
    }

    pub(super) fn new(client: handle::ActivitySmith) -> Result<Self> {
        Ok(Self { client, thread: Arc::new(Thread::start()?) })
    }

    /// Starts publishing a stream.
    pub(super) fn open(
        &self,
        stream_key: String,
        first: Changes,
        options: Options,
        counter: Option<Arc<ProgressCounter>>,
    ) -> Result<Publisher> {
        let shared = &self.client.shared;
        let live = publisher::Publisher::open_in_thread(shared, &self.thread, stream_key, first, options, counter)?;
        Ok(Publisher { live })
    }
}

calls!(ActivitySmith, client.shared);

impl<R: Prepare> Call<'_, ActivitySmith, R> {
    /// Sends it and waits for the outcome.
    ///
    /// # Errors
    ///
    /// The call breaks a rule of the API, there is no key, or the service failed to carry it out.
    pub fn send(self) -> Result<R::Response> {
        let client = self.client;
        let shared = &client.client.shared;
        let (request, limits) = match self.prepare(&shared.session)? {
            Ok(prepared) => prepared,
            Err(disabled) => return Ok(disabled.into()),
        };
        let now = shared.clock_now();
        let answer = client.thread.wait_for(shared, |driver, op| driver.call(request, limits, op, now))?;
        Ok(answer.expect("a call has an answer").into())
    }
}

impl ActivitySmith {
    /// See [`ActivitySmith::shutdown`](crate::ActivitySmith::shutdown).
    ///
    /// # Errors
    ///
    /// The error of the first end that did not arrive.
    pub fn shutdown(&self, timeout: Duration) -> Result<()> {
        let shared = &self.client.shared;
        let now = shared.now();
        let ended = self.thread.wait_for(shared, |driver, op| {
            driver.shutdown(Some(None), Some(timeout), op, now);
            Ok(())
        });
        ended.map(drop)
    }
}

impl Publish<'_, ActivitySmith> {
    /// Starts publishing, in the client's own thread.
    ///
    /// # Errors
    ///
    /// The first state breaks a rule of the API, or a setting is invalid.
    pub fn start(mut self) -> Result<Publisher> {
        let (first, counter) = self.first();
        self.client.open(self.stream_key, first, self.options, counter)
    }

    /// Runs a job while its stream is published, and ends the stream with the job: with its last state, or as failed if the job
    /// returns an error or panics. If the end fails, that is logged and does not change the job's outcome.
    ///
    /// # Errors
    ///
    /// Those of [`start`](Self::start), and those of the job.
    pub fn scope<T, E: From<Error>>(self, job: impl FnOnce(&Publisher) -> Result<T, E>) -> Result<T, E> {
        let live = self.start()?;
        let outcome = job(&live);
        let _ = match &outcome {
            Ok(_) => live.finish(),
            Err(_) => live.fail(type_name::<E>()),
        };
        outcome
    }
}

impl<I: Iterator> Publish<'_, ActivitySmith, Items<I>> {
    /// Starts publishing, in the client's own thread, and returns the items.
    ///
    /// # Errors
    ///
    /// As for a state that is published.
    pub fn start(self) -> Result<Track<I>> {
        let Self { client, stream_key, first, items, options, .. } = self;
        let items = Counted::new(items.0);
        let (first, counter) = (items.counter.first(first), Some(Arc::clone(&items.counter)));
        let publisher = client.open(stream_key, first, options, counter)?;
        Ok(Track { items, publisher })
    }
}

/// A stream that is being published, for programs without an async runtime; see [`Publisher`](crate::Publisher).
///
/// Dropping the last handle before the end waits until the end has arrived, at most 5 seconds. Handles that are dropped together
/// share that limit.
///
/// ```no_run
/// # fn main() -> activitysmith_kit::Result<()> {
/// use activitysmith_kit::{Patch, Progress, blocking::ActivitySmith};
///
/// let client = ActivitySmith::from_env()?;
/// let live = client.live_activities().publish("nightly-backup", Progress::new("Nightly backup").percentage(0)).start()?;
/// for percentage in 1..=100 {
///     live.update(Patch::new().percentage(percentage))?;
/// }
/// live.finish()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use = "a publisher that is dropped ends its stream as failed"]
pub struct Publisher {
    live: publisher::Publisher,
}

impl fmt::Debug for Publisher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.live.fmt(f)
    }
}

impl Publisher {
    /// The key of the stream.
    pub fn stream_key(&self) -> &str {
        self.live.stream_key()
    }

    /// See [`Publisher::disabled_reason`](crate::Publisher::disabled_reason).
    pub fn disabled_reason(&self) -> Option<ConfigError> {
        self.live.disabled_reason()
    }

    /// See [`Publisher::update`](crate::Publisher::update).
    ///
    /// # Errors
    ///
    /// The change breaks a rule of the API; it is not applied.
    pub fn update(&self, patch: impl Into<Changes>) -> Result<()> {
        self.live.update(patch)
    }

    /// See [`Publisher::update_urgently`](crate::Publisher::update_urgently).
    ///
    /// # Errors
    ///
    /// The change breaks a rule of the API; it is not applied.
    pub fn update_urgently(&self, patch: impl Into<Changes>) -> Result<()> {
        self.live.update_urgently(patch)
    }

    /// See [`Publisher::replace`](crate::Publisher::replace).
    ///
    /// # Errors
    ///
    /// The change breaks a rule of the API; it is not applied.
    pub fn replace(&self, state: impl Into<Changes>) -> Result<()> {
        self.live.replace(state)
    }

    /// See [`Publisher::show_failure`](crate::Publisher::show_failure).
    ///
    /// # Errors
    ///
    /// The change breaks a rule of the API; it is not applied.
    pub fn show_failure(&self, reason: &str) -> Result<()> {
        self.live.show_failure(reason)
    }

    /// See [`Publisher::inc`](crate::Publisher::inc).
    ///
    /// # Errors
    ///
    /// The publisher counts no items.
    pub fn inc(&self, more: u64) -> Result<()> {
        self.live.inc(more)
    }

    /// See [`Publisher::set_total`](crate::Publisher::set_total).
    ///
    /// # Errors
    ///
    /// The publisher counts no items, or was started without a total.
    pub fn set_total(&self, total: u64) -> Result<()> {
        self.live.set_total(total)
    }

    /// See [`Publisher::flush`](crate::Publisher::flush).
    ///
    /// # Errors
    ///
    /// The newest state has not arrived in that time.
    pub fn flush(&self, timeout: Duration) -> Result<()> {
        let held = self.live.held();
        let now = held.shared.now();
        let flushed = held.thread().wait_for(&held.shared, |driver, op| {
            driver.flush(held.handle, Some(timeout), op, now);
            Ok(())
        });
        flushed.map(drop)
    }

    /// See [`Publisher::finish`](crate::Publisher::finish).
    ///
    /// # Errors
    ///
    /// The last state did not arrive.
    pub fn finish(&self) -> Result<StreamResponse> {
        self.end(Ending::Finished(Changes::default()), None)
    }

    /// See [`Publisher::finish_with`](crate::Publisher::finish_with).
    ///
    /// # Errors
    ///
    /// As those of [`finish`](Self::finish).
    pub fn finish_with(&self, patch: Patch) -> Result<StreamResponse> {
        self.end(Ending::Finished(patch.into()), None)
    }

    /// See [`Publisher::fail`](crate::Publisher::fail).
    ///
    /// # Errors
    ///
    /// As those of [`finish`](Self::finish).
    pub fn fail(&self, reason: &str) -> Result<StreamResponse> {
        self.end(Ending::Failed(Some(reason)), None)
    }

    /// Ends the stream and waits for the end, at most for this timeout if it is given.
    ///
    /// # Errors
    ///
    /// As those of [`finish`](Self::finish).
    pub fn end(&self, ending: Ending<'_>, timeout: Option<Duration>) -> Result<StreamResponse> {
        let held = self.live.held();
        let now = held.shared.now();
        let ended = held
            .thread()
            .wait_for(&held.shared, |driver, op| driver.end(held.handle, ending, timeout, Some(op), now))?;
        Ok(ended.unwrap_or_else(|| (STREAM.inert)(self.stream_key())).into())
    }

    /// See [`Publisher::detach`](crate::Publisher::detach).
    pub fn detach(&self) {
        self.live.detach();
    }

    /// See [`Publisher::events`](crate::Publisher::events).
    pub fn events(&self) -> Vec<Event> {
        self.live.events()
    }

    /// See [`Publisher::counters`](crate::Publisher::counters).
    pub fn counters(&self) -> Counters {
        self.live.counters()
    }
}

/// An iterator that publishes its progress; see [`LiveActivities::track`].
///
/// Its stream ends as complete when it is exhausted, with the count so far when it is dropped earlier, and as failed in a panic. It
/// waits for the end, at most 2 seconds, or 5 after a panic.
#[derive(Debug)]
#[must_use = "iterators do nothing until they are iterated"]
pub struct Track<I> {
    items: Counted<I>,
    publisher: Publisher,
}

impl<I> Track<I> {
    /// The underlying publisher, for other changes.
    pub fn publisher(&self) -> &Publisher {
        &self.publisher
    }
}

impl<I: Iterator> Iterator for Track<I> {
    type Item = I::Item;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let item = self.items.next();
        if item.is_none() {
            self.exhausted();
        }
        item
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.items.size_hint()
    }
}

as_beneath!();

impl<I: Iterator> Track<I> {
    fn exhausted(&mut self) {
        // What becomes of it is logged: no job breaks for it.
        let _ = self.publisher.end(self.items.counter.ending(), None);
    }
}

impl<I> Drop for Track<I> {
    /// To leave a loop early is no failure.
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let _ = self.publisher.live.begin_to_end(Ending::Finished(Changes::default()));
        }
    }
}
