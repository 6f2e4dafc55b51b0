//! The handle that a program holds while it publishes a stream: the latest state goes in, and nothing waits for the network.

use std::fmt;
use std::future::IntoFuture;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures_core::Stream;

use super::handle::{ActivitySmith, LiveActivities};
use super::run::Shared;
use super::runtime::BoxFuture;
use super::runtime::Runtime;
#[cfg(feature = "blocking")]
use super::thread::Thread;
use crate::api::{Patch, Push, STREAM, StreamResponse};
use crate::error::{ConfigError, Error, Result};
use crate::json::to_value;
use crate::publish::PushBody;
use crate::publish::driver::{Driver, Handle};
use crate::publish::{Changes, Counters, Ending, Event, Options, Pacing, ProgressCounter, Urgency};

/// A stream or items to publish: set options first, then call [`start`](Self::start) or [`scope`](Self::scope).
#[derive(Debug)]
#[must_use = "nothing is published until it is started"]
pub struct Publish<'c, C, I = ()> {
    pub(super) client: &'c C,
    pub(super) stream_key: String,
    pub(super) first: Changes,
    pub(super) items: I,
    /// How many items there are that are counted, if there are any and if that is known.
    #[allow(clippy::option_option, reason = "whether items are counted, and then how many")]
    counted: Option<Option<u64>>,
    pub(super) options: Options,
}

/// Items whose progress is published.
#[derive(Debug)]
pub struct Items<I>(pub(super) I);

/// A stream of items whose progress is published. It is boxed, so that it can be polled wherever it is moved to.
#[derive(Debug)]
pub struct Streamed<S>(pub(super) Pin<Box<S>>);

impl<'c, C> LiveActivities<'c, C> {
    /// Publishes a stream: shows its first state, which must name its type, and then the latest one, in the background.
    ///
    /// ```no_run
    /// # async fn example(client: activitysmith_kit::ActivitySmith) -> activitysmith_kit::Result<()> {
    /// use activitysmith_kit::{Patch, Progress};
    ///
    /// let state = Progress::new("Nightly backup").percentage(0);
    /// client.live_activities().publish("nightly-backup", state).scope(async |live| {
    ///     for percentage in 1..=100 {
    ///         live.update(Patch::new().percentage(percentage))?;
    ///     }
    ///     Ok::<_, activitysmith_kit::Error>(())
    /// }).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn publish(&self, stream_key: impl Into<String>, request: impl Into<Changes>) -> Publish<'c, C> {
        Publish {
            client: self.client,
            stream_key: stream_key.into(),
            first: request.into(),
            items: (),
            counted: None,
            options: Options::default(),
        }
    }

    /// Iterates over items and publishes the progress: in percent where their number is known, else as a count.
    ///
    /// ```no_run
    /// # async fn example(client: activitysmith_kit::ActivitySmith, files: Vec<String>) -> activitysmith_kit::Result<()> {
    /// let mut files = client.live_activities().track(files, "search-reindex", "Search Reindex").start()?;
    /// for file in &mut files {
    ///     // ...
    /// }
    /// files.finish().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn track<I: IntoIterator>(
        &self,
        items: I,
        stream_key: impl Into<String>,
        title: impl Into<String>,
    ) -> Publish<'c, C, Items<I::IntoIter>> {
        Publish {
            client: self.client,
            stream_key: stream_key.into(),
            first: serde_json::json!({ "title": title.into() }).into(),
            items: Items(items.into_iter()),
            counted: None,
            options: Options::default(),
        }
    }
}

impl<'c> LiveActivities<'c, ActivitySmith> {
    /// As [`track`](Self::track), for the items of a stream.
    ///
    /// ```no_run
    /// # use activitysmith_kit::{ActivitySmith, Result};
    /// # async fn example(client: ActivitySmith, files: impl futures_util::Stream<Item = String>) -> Result<()> {
    /// use futures_util::StreamExt as _;
    ///
    /// let mut files = client.live_activities().track_stream(files, "search-reindex", "Search Reindex").start()?;
    /// while let Some(file) = files.next().await {
    ///     // ...
    /// }
    /// files.finish().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn track_stream<S: Stream>(
        &self,
        items: S,
        stream_key: impl Into<String>,
        title: impl Into<String>,
    ) -> Publish<'c, ActivitySmith, Streamed<S>> {
        self.track([(); 0], stream_key, title).with_items(Streamed(Box::pin(items)))
    }
}

impl<'c, C, I> Publish<'c, C, I> {
    /// As it is, with other items.
    pub(super) fn with_items<J>(self, items: J) -> Publish<'c, C, J> {
        let Self { client, stream_key, first, counted, options, .. } = self;
        Publish { client, stream_key, first, items, counted, options }
    }

    /// Minimum time between two updates, for short jobs; iOS may skip some. Default: as often as iOS shows them for hours.
    pub fn min_interval(mut self, min_interval: Duration) -> Self {
        self.options.pacing = Pacing::Every(min_interval);
        self
    }

    /// The timeout of the end: 2 seconds after a success and 5 after a failure by default.
    pub fn flush_timeout(mut self, flush_timeout: Duration) -> Self {
        self.options.flush_timeout = Some(flush_timeout);
        self
    }

    /// Delays the first request, so that jobs that start at the same moment do not call the service at the same moment. A job that
    /// ends earlier is shown and ended at once.
    pub fn delay(mut self, delay: Duration) -> Self {
        self.options.delay = Some(delay);
        self
    }

    /// Sends a push notification if the job fails, at the end of its stream. If that fails, it is logged and changes nothing else.
    pub fn on_failure(mut self, push: impl Into<Push>) -> Self {
        self.options.pushes.on_failure = Some(PushBody(to_value(&push.into())));
        self
    }

    /// Sends a push notification if the job succeeds, at the end of its stream. If that fails, it is logged and changes nothing else.
    pub fn on_success(mut self, push: impl Into<Push>) -> Self {
        self.options.pushes.on_success = Some(PushBody(to_value(&push.into())));
        self
    }

    /// Shows nothing for this time. A job that succeeds earlier sends nothing; one that fails is shown.
    pub fn show_after(mut self, show_after: Duration) -> Self {
        self.options.show_after = Some(show_after);
        self
    }
}

impl<C> Publish<'_, C> {
    /// Counts items, with [`Publisher::inc`]. The state needs only a title: it shows percent where `total` is known, else the
    /// count.
    pub fn counting(mut self, total: Option<u64>) -> Self {
        self.counted = Some(total);
        self
    }

    /// The first state, and what counts the items.
    pub(super) fn first(&mut self) -> (Changes, Option<Arc<ProgressCounter>>) {
        let first = std::mem::take(&mut self.first);
        let counter = self.counted.map(|total| Arc::new(ProgressCounter::new(total)));
        (counter.as_ref().map_or_else(|| first.clone(), |counter| counter.first(first.clone())), counter)
    }
}

impl Publish<'_, ActivitySmith> {
    /// Starts publishing, in the background of the current runtime.
    ///
    /// # Errors
    ///
    /// The first state breaks a rule of the API, a setting is invalid, or there is no runtime.
    pub fn start(mut self) -> Result<Publisher> {
        let (first, counter) = self.first();
        Publisher::open(&self.client.shared, Runtime::current()?, self.stream_key, first, self.options, counter)
    }

    /// Runs a job while its stream is published, and ends the stream with the job: with its last state, or as failed if the job
    /// returns an error, panics or is dropped. If the end fails, that is logged and does not change the job's outcome.
    ///
    /// # Errors
    ///
    /// Those of [`start`](Self::start), and those of the job.
    ///
    /// # Cancel safety
    ///
    /// Where its future is dropped while the job runs, the stream ends as failed, in the background.
    pub async fn scope<T, E: From<Error>>(self, job: impl AsyncFnOnce(&Publisher) -> Result<T, E>) -> Result<T, E> {
        let live = self.start()?;
        let outcome = job(&live).await;
        let _ = match &outcome {
            Ok(_) => live.finish().await,
            Err(_) => live.fail(type_name::<E>()).await,
        };
        outcome
    }
}

/// A type's name without its path, as a second line has room for it; of a boxed trait object the trait's.
pub(super) fn type_name<T>() -> &'static str {
    let name = std::any::type_name::<T>();
    let name = name.split_once("dyn ").map_or(name, |(_, object)| object);
    let end = name.find(['<', '>', ' ']).unwrap_or(name.len());
    name[..end].rsplit("::").next().unwrap_or(name)
}

/// A stream that is being published: its latest state is sent in the background, as often as iOS shows it.
///
/// [`update`](Self::update) is cheap, never waits, and fails only for a change that breaks a rule of the API. At the end call
/// [`finish`](Self::finish) or [`fail`](Self::fail). Clones are handles of the same stream. If the last one is dropped before the
/// end, for example by `?` or a panic, the stream ends as failed. That end is sent in the background, as long as the runtime lives;
/// [`ActivitySmith::shutdown`] waits for it.
///
/// Without a key it logs one warning, checks states and sends nothing. With `ACTIVITYSMITH_DISABLED` set it does nothing.
///
/// ```no_run
/// # async fn example(client: activitysmith_kit::ActivitySmith) -> activitysmith_kit::Result<()> {
/// use activitysmith_kit::{Patch, Progress};
///
/// let live = client.live_activities().publish("nightly-backup", Progress::new("Nightly backup").percentage(0)).start()?;
/// for percentage in 1..=100 {
///     live.update(Patch::new().percentage(percentage))?;
/// }
/// live.finish().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use = "a publisher that is dropped ends its stream as failed"]
pub struct Publisher {
    held: Arc<Held>,
}

/// What all handles of a stream hold.
pub(super) struct Held {
    pub(super) shared: Arc<Shared>,
    pub(super) handle: Handle,
    stream_key: String,
    counter: Option<Arc<ProgressCounter>>,
    pub(super) runtime: Runtime,
    /// What waits for the end when the last handle is dropped.
    #[cfg(feature = "blocking")]
    pub(super) thread: Option<Arc<Thread>>,
}

impl fmt::Debug for Publisher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Publisher").field("stream_key", &self.held.stream_key).finish_non_exhaustive()
    }
}

impl Publisher {
    /// A publisher whose requests are sent on this runtime.
    pub(crate) fn open(
        shared: &Arc<Shared>,
        runtime: Runtime,
        stream_key: String,
        first: Changes,
        options: Options,
        counter: Option<Arc<ProgressCounter>>,
    ) -> Result<Self> {
        let held = Held::open(shared, runtime, stream_key, first, options, counter)?;
        Ok(Self { held: Arc::new(held) })
    }

    #[cfg(feature = "blocking")]
    pub(super) fn open_in_thread(
        shared: &Arc<Shared>,
        thread: &Arc<Thread>,
        stream_key: String,
        first: Changes,
        options: Options,
        counter: Option<Arc<ProgressCounter>>,
    ) -> Result<Self> {
        let runtime = thread.runtime().clone().into();
        let mut held = Held::open(shared, runtime, stream_key, first, options, counter)?;
        held.thread = Some(Arc::clone(thread));
        Ok(Self { held: Arc::new(held) })
    }

    /// The key of the stream.
    pub fn stream_key(&self) -> &str {
        &self.held.stream_key
    }

    /// Why nothing is sent, for example a missing or refused key, and when it is tried again. `None` if `ACTIVITYSMITH_DISABLED` is
    /// set.
    pub fn disabled_reason(&self) -> Option<ConfigError> {
        let now = self.held.shared.now();
        self.held.shared.state().driver.disabled_reason(self.held.handle, now)
    }

    /// Changes fields of the state; all others stay. Changed numbers are sent at the next interval, other changes at once, as long
    /// as they are few.
    ///
    /// A change after the end is ignored and reported once.
    ///
    /// # Errors
    ///
    /// The change breaks a rule of the API; it is not applied.
    pub fn update(&self, patch: impl Into<Changes>) -> Result<()> {
        let changes = patch.into();
        self.change(|driver, handle, now| driver.update(handle, changes, Urgency::ByKind, now))
    }

    /// As [`update`](Self::update), but sends numbers at once, too.
    ///
    /// # Errors
    ///
    /// As those of [`update`](Self::update).
    pub fn update_urgently(&self, patch: impl Into<Changes>) -> Result<()> {
        let changes = patch.into();
        self.change(|driver, handle, now| driver.update(handle, changes, Urgency::Urgent, now))
    }

    /// Replaces the whole state. Buttons, tags and other fields beside it stay, unless they are given.
    ///
    /// # Errors
    ///
    /// The state breaks a rule of the API; it is not applied.
    pub fn replace(&self, state: impl Into<Changes>) -> Result<()> {
        let state = state.into();
        self.change(|driver, handle, now| driver.replace(handle, state, Urgency::ByKind, now))
    }

    /// Shows that the job has failed, as [`fail`](Self::fail) does, without ending the stream.
    ///
    /// # Errors
    ///
    /// The reason breaks a rule of the API.
    pub fn show_failure(&self, reason: &str) -> Result<()> {
        self.change(|driver, handle, now| driver.show_failure(handle, reason, now))
    }

    /// Counts more items as done, for a publisher with [`Publish::counting`]. It only adds to a counter.
    ///
    /// # Errors
    ///
    /// The publisher counts no items.
    pub fn inc(&self, more: u64) -> Result<()> {
        self.counter()?.add(more);
        Ok(())
    }

    /// Sets the number of items, in place of the one given to [`Publish::counting`].
    ///
    /// # Errors
    ///
    /// The publisher counts no items, or was started without a total.
    pub fn set_total(&self, total: u64) -> Result<()> {
        if self.counter()?.set_total(total) {
            return Ok(());
        }
        Err(ConfigError::new("total", "was not known at the start; publish with a total, or use `update`").into())
    }

    fn counter(&self) -> Result<&ProgressCounter> {
        let problem = "counts no items; publish with `counting`, or use `update`";
        self.held.counter.as_deref().ok_or_else(|| ConfigError::new("publisher", problem).into())
    }

    fn change(&self, change: impl FnOnce(&mut Driver, Handle, &dyn Fn() -> Duration) -> Result<bool>) -> Result<()> {
        let Held { shared, handle, .. } = &*self.held;
        if change(&mut shared.state().driver, *handle, &|| shared.now())? {
            shared.wake();
        }
        Ok(())
    }

    /// Sends the newest state now, as far as the request budget allows, and waits until the service has accepted it.
    ///
    /// # Errors
    ///
    /// The newest state has not arrived in that time.
    ///
    /// # Cancel safety
    ///
    /// If its future is dropped, the newest state is sent all the same.
    pub async fn flush(&self, timeout: Duration) -> Result<()> {
        let Held { shared, handle, .. } = &*self.held;
        let now = shared.now();
        let flushed = shared.run(|driver, op| {
            driver.flush(*handle, Some(timeout), op, now);
            Ok(())
        });
        flushed.await.map(drop)
    }

    /// Ends the stream with its last state and waits for the end: at most 2 seconds, unless [`End::within`] is used. A second end
    /// has the outcome of the first.
    pub fn finish(&self) -> End<'_> {
        self.end(Ending::Finished(Changes::default()))
    }

    /// As [`finish`](Self::finish), with a last change to the state.
    pub fn finish_with(&self, patch: Patch) -> End<'_> {
        self.end(Ending::Finished(patch.into()))
    }

    /// Ends the stream as failed: red, with a badge where the state has one, and `reason` in the second line. It waits at most 5
    /// seconds, unless [`End::within`] is used. The reason shows on a Lock Screen, so it must not hold secrets.
    pub fn fail<'p>(&'p self, reason: &'p str) -> End<'p> {
        self.end(Ending::Failed(Some(reason)))
    }

    /// Ends the stream.
    pub fn end<'p>(&'p self, ending: Ending<'p>) -> End<'p> {
        End { publisher: self, ending, timeout: None }
    }

    /// The timeout of the end after a success or a failure.
    pub fn end_timeout(&self, failed: bool) -> Duration {
        self.held.shared.state().driver.end_timeout(self.held.handle, failed)
    }

    /// Stops publishing and leaves the activity on screen as it is.
    pub fn detach(&self) {
        self.held.shared.state().driver.detach(self.held.handle);
        self.held.shared.wake();
    }

    /// The events since the last call, at most the newest 64.
    pub fn events(&self) -> Vec<Event> {
        self.held.shared.state().driver.events(self.held.handle)
    }

    /// Event counters.
    pub fn counters(&self) -> Counters {
        self.held.shared.state().driver.counters(self.held.handle)
    }

    /// Ends the stream in the background.
    pub(super) fn begin_to_end(&self, ending: Ending<'_>) -> Result<()> {
        let Held { shared, handle, runtime, .. } = &*self.held;
        shared.state().driver.end(*handle, ending, None, None, shared.now())?;
        shared.drive(runtime);
        Ok(())
    }

    #[cfg(feature = "blocking")]
    pub(super) fn held(&self) -> &Held {
        &self.held
    }
}

impl Held {
    /// The thread of a client for programs without an async runtime.
    #[cfg(feature = "blocking")]
    pub(super) fn thread(&self) -> &Thread {
        self.thread.as_ref().expect("the publisher of a blocking client has one")
    }

    fn open(
        shared: &Arc<Shared>,
        runtime: Runtime,
        stream_key: String,
        first: Changes,
        options: Options,
        counter: Option<Arc<ProgressCounter>>,
    ) -> Result<Self> {
        // Reads the key, which is no work for the lock.
        let disabled_reason = shared.session.disabled_reason();
        let now = shared.now();
        let mut state = shared.state();
        let handle = state.driver.publish(stream_key.clone(), first, options, counter.clone(), disabled_reason, now)?;
        drop(state);
        shared.drive(&runtime);
        Ok(Self {
            shared: Arc::clone(shared),
            handle,
            stream_key,
            counter,
            runtime,
            #[cfg(feature = "blocking")]
            thread: None,
        })
    }
}

/// A job that does not say how it ended has failed: that is where `?` and a panic lead.
impl Drop for Held {
    fn drop(&mut self) {
        let Self { shared, handle, runtime, .. } = self;
        let reason = std::thread::panicking().then_some("panicked");
        #[cfg(feature = "blocking")]
        if self.thread.is_some() {
            let now = shared.now();
            let ended = shared.begin(runtime, None, |driver, op| driver.end_dropped(*handle, reason, op, now));
            if let Ok(op) = ended {
                // What becomes of it is logged.
                let _ = shared.wait_in_thread(op, Duration::MAX);
            }
        }
        shared.state().driver.release(*handle, Ending::Failed(reason), shared.now());
        shared.drive(runtime);
    }
}

/// The end of a stream, which is sent when awaited.
///
/// # Errors
///
/// Why the last state did not arrive in the time that it may take.
///
/// # Cancel safety
///
/// If its future is dropped after it was polled, the end goes on. It can be awaited again, by a second end, which has the outcome of
/// the first.
#[derive(Debug)]
#[must_use = "a stream does not end until this is awaited"]
pub struct End<'p> {
    publisher: &'p Publisher,
    ending: Ending<'p>,
    timeout: Option<Duration>,
}

impl End<'_> {
    /// Sets the timeout.
    pub fn within(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }
}

impl<'p> IntoFuture for End<'p> {
    /// The error says why the last state did not arrive.
    type Output = Result<StreamResponse>;
    type IntoFuture = BoxFuture<'p, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let Held { shared, handle, stream_key, .. } = &*self.publisher.held;
            let now = shared.now();
            let ended = shared.run(|driver, op| driver.end(*handle, self.ending, self.timeout, Some(op), now)).await?;
            Ok(ended.unwrap_or_else(|| (STREAM.inert)(stream_key)).into())
        })
    }
}
