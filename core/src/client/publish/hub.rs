//! A client's publishers and the task that sends for them: it asks what goes next, sends that, and waits.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::runtime::{Handle, Id};
use tokio::sync::Notify;

use super::budget_file::BudgetFile;
use super::current_runtime;
use crate::client::Inner;
use crate::client::runtime::{self, Clock};
use crate::error::{ConfigError, ConnectionError, ConnectionErrorKind, Error, Result};
use crate::model::StreamResponse;
use crate::publish::{AccountBudget, Budget, Dispatcher, Event, EventLog, ProgressCounter, PublisherId, Step, Urgency};
use crate::retry::RetryPolicy;
use crate::session::Patience;
use crate::wire::Request;

pub(in crate::client) struct Hub {
    clock: Clock,
    /// The requests that this client may make.
    budget: Mutex<Box<dyn AccountBudget + Send>>,
    /// Where it is shared with other processes.
    #[cfg_attr(not(feature = "ffi"), allow(dead_code, reason = "only forked children ask"))]
    budget_file: Option<PathBuf>,
    /// The longest that a request may take.
    timeout: Duration,
    state: Mutex<State>,
    /// Something is new for the tasks.
    news: Notify,
    /// Something has been settled for what waits, in a task or in a thread.
    settled: Notify,
    #[cfg_attr(not(feature = "blocking"), allow(dead_code, reason = "only threads wait for it"))]
    settled_for_threads: Condvar,
    /// That nothing can be published was logged.
    warned: AtomicBool,
}

#[derive(Default)]
pub(super) struct State {
    pub(super) dispatcher: Dispatcher,
    pub(super) publishers: HashMap<PublisherId, Entry>,
    /// What a task is to log.
    log: Vec<LogLine>,
    /// The runtimes on which a task runs. There may be several, since one that is not polled any more sends nothing.
    driven: HashSet<Id>,
}

/// What belongs to a publisher beside its state.
#[derive(Default)]
pub(super) struct Entry {
    pub(super) counter: Option<Arc<ProgressCounter>>,
    /// Nobody holds it any more; it goes when it is over.
    pub(super) released: bool,
    pub(super) events: EventLog,
}

impl Hub {
    pub(in crate::client) fn new(timeout: Duration, budget: Option<Box<dyn AccountBudget + Send>>) -> Self {
        Self::with(timeout, budget.unwrap_or_else(|| Box::new(Budget::default())), None)
    }

    pub(in crate::client) fn sharing(timeout: Duration, file: PathBuf) -> Self {
        Self::with(timeout, Box::new(BudgetFile::new(&file)), Some(file))
    }

    /// One without publishers, for a forked child.
    #[cfg(feature = "ffi")]
    pub(in crate::client) fn anew(&self) -> Self {
        match &self.budget_file {
            Some(file) => Self::sharing(self.timeout, file.clone()),
            None => Self::new(self.timeout, None),
        }
    }

    fn with(timeout: Duration, budget: Box<dyn AccountBudget + Send>, budget_file: Option<PathBuf>) -> Self {
        Self {
            clock: Clock::start(),
            budget: Mutex::new(budget),
            budget_file,
            timeout,
            state: Mutex::default(),
            news: Notify::new(),
            settled: Notify::new(),
            settled_for_threads: Condvar::new(),
            warned: AtomicBool::new(false),
        }
    }

    /// Since the hub was made.
    pub(in crate::client) fn now(&self) -> Duration {
        self.clock.elapsed()
    }

    fn budget(&self) -> MutexGuard<'_, Box<dyn AccountBudget + Send>> {
        self.budget.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// No change leaves the state half done, so a panic elsewhere does not spoil it.
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets the tasks look again.
    pub(super) fn wake(&self) {
        self.news.notify_waiters();
    }

    /// Waits until `done` gives something, which it is asked whenever something was settled, and at most so long. Meanwhile the
    /// caller's runtime sends.
    pub(super) async fn wait_for<T>(
        inner: &Arc<Inner>,
        limit: Duration,
        mut done: impl FnMut(&mut State) -> Option<T>,
    ) -> Result<Option<T>> {
        Self::ensure_driven(inner, &current_runtime()?);
        // A timer of tokio's takes a millisecond at least, in which an answer may come.
        if limit.is_zero() {
            return Ok(done(&mut inner.hub.state()));
        }
        let work = async {
            loop {
                let mut settled = std::pin::pin!(inner.hub.settled.notified());
                // From here on no news is missed.
                settled.as_mut().enable();
                if let Some(value) = done(&mut inner.hub.state()) {
                    return value;
                }
                settled.await;
            }
        };
        Ok(runtime::within(limit, work).await)
    }

    /// As [`wait_for`](Self::wait_for), in a thread that has nothing else to do.
    #[cfg(feature = "blocking")]
    pub(super) fn wait_in_thread_for<T>(
        &self,
        limit: Duration,
        mut done: impl FnMut(&mut State) -> Option<T>,
    ) -> Option<T> {
        let end = self.now().saturating_add(limit);
        let mut state = self.state();
        loop {
            if let Some(value) = done(&mut state) {
                return Some(value);
            }
            let left = end.saturating_sub(self.now());
            if left.is_zero() {
                return None;
            }
            let waited = self.settled_for_threads.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Sends nothing more, and says why to those who wait.
    #[cfg(feature = "ffi")]
    pub(super) fn stop(&self, reason: &Error) {
        self.state().dispatcher.stop(reason);
        self.tell_settled();
        self.wake();
    }

    fn tell_settled(&self) {
        self.settled.notify_waiters();
        self.settled_for_threads.notify_all();
    }

    /// What to do now. Nothing when there is no publisher left, and the task on that runtime with it.
    fn poll(&self, runtime: Id) -> Option<Step> {
        let now = self.now();
        self.work(|state, budget| {
            for (id, entry) in &state.publishers {
                if let Some(counter) = &entry.counter {
                    // It fits the state that the counter was made for. Where another took its place, it says nothing.
                    let _ = state.dispatcher.update(*id, counter.read(), Urgency::ByKind, || now);
                }
            }
            let step = state.dispatcher.poll(now, budget);
            state.collect_all_events();
            let over: Vec<_> = state.publishers.iter().filter(|(_, entry)| entry.released).map(|(id, _)| *id).collect();
            for id in over {
                if state.dispatcher.is_over(id) {
                    state.forget(id);
                }
            }
            if state.publishers.is_empty() {
                state.driven.remove(&runtime);
                return None;
            }
            let look = state
                .publishers
                .values()
                .filter_map(|entry| entry.counter.as_ref())
                .map(|counter| now + counter.look())
                .min();
            let step = match (step, look) {
                (Step::Idle, Some(look)) => Step::WaitUntil(look),
                (Step::WaitUntil(time), Some(look)) => Step::WaitUntil(time.min(look)),
                (step, _) => step,
            };
            Some(step)
        })
    }

    fn settle(&self, id: PublisherId, outcome: Result<StreamResponse>) {
        self.work(|state, budget| {
            state.dispatcher.settle(id, outcome, self.now(), runtime::random(), budget);
            state.collect_all_events();
        });
        self.wake();
    }

    /// Does something with the state, and logs what came of it after the state and the budget are unlocked: a subscriber may write to
    /// a stream that another thread holds while it waits for the state, or use a publisher itself.
    fn work<T>(&self, act: impl FnOnce(&mut State, &mut dyn AccountBudget) -> T) -> T {
        let mut state = self.state();
        let mut budget = self.budget();
        let outcome = act(&mut state, &mut **budget);
        let log = std::mem::take(&mut state.log);
        let problem = budget.take_problem();
        drop((state, budget));
        self.tell_settled();
        if let Some(problem) = problem {
            tracing::debug!("{problem}");
        }
        log.iter().for_each(LogLine::write);
        outcome
    }

    /// Counts a direct call, which waits for nothing.
    pub(in crate::client) fn charge(&self) {
        self.use_budget(|budget| budget.charge(self.now()));
    }

    /// Learns from a direct call.
    pub(in crate::client) fn learn(&self, outcome: &Result<StreamResponse>) {
        self.use_budget(|budget| budget.learn(outcome, self.now(), runtime::random()));
    }

    fn use_budget(&self, act: impl FnOnce(&mut dyn AccountBudget)) {
        let mut budget = self.budget();
        act(&mut **budget);
        let problem = budget.take_problem();
        drop(budget);
        if let Some(problem) = problem {
            tracing::debug!("{problem}");
        }
    }

    /// Has a task run on this runtime, also where there is one on another: that may be idle, or about to end.
    pub(super) fn ensure_driven(inner: &Arc<Inner>, runtime: &Handle) {
        let is_new = inner.hub.state().driven.insert(runtime.id());
        if is_new {
            runtime.spawn(Driven { inner: Arc::clone(inner), runtime: runtime.id(), finished: false }.run());
        }
        inner.hub.wake();
    }
}

impl State {
    fn collect_all_events(&mut self) {
        for (id, entry) in &mut self.publishers {
            entry.collect_events(*id, &mut self.dispatcher, &mut self.log);
        }
    }

    /// Takes what has happened to one publisher. The task logs it: a change never writes to the log by itself.
    pub(super) fn collect_events(&mut self, id: PublisherId) {
        if let Some(entry) = self.publishers.get_mut(&id) {
            entry.collect_events(id, &mut self.dispatcher, &mut self.log);
        }
    }

    pub(super) fn forget(&mut self, id: PublisherId) {
        self.dispatcher.remove(id);
        self.publishers.remove(&id);
    }
}

/// An event as the log tells it.
struct LogLine {
    stream_key: String,
    is_warning: bool,
    event: Event,
}

impl LogLine {
    fn write(&self) {
        let Self { stream_key, is_warning, event } = self;
        if *is_warning {
            tracing::warn!(stream_key, event = event.kind.as_str(), "{}", event.message);
        } else {
            tracing::debug!(stream_key, event = event.kind.as_str(), "{}", event.message);
        }
    }
}

impl Entry {
    fn collect_events(&mut self, id: PublisherId, dispatcher: &mut Dispatcher, log: &mut Vec<LogLine>) {
        for event in dispatcher.take_events(id) {
            let stream_key = dispatcher.stream_key(id).unwrap_or_default().to_owned();
            let is_warning = self.events.keep(event.clone());
            log.push(LogLine { stream_key, is_warning, event });
        }
    }
}

/// A task's hold on the client. When a runtime ends and the task with it, another may take its place.
struct Driven {
    inner: Arc<Inner>,
    runtime: Id,
    finished: bool,
}

impl Driven {
    async fn run(mut self) {
        drive(&self.inner, self.runtime).await;
        self.finished = true;
    }
}

impl Drop for Driven {
    fn drop(&mut self) {
        if !self.finished {
            self.inner.hub.state().driven.remove(&self.runtime);
        }
    }
}

impl Inner {
    /// Why nothing can be published. It is told once in the log, and no job is broken by it.
    pub(super) fn obstacle(&self) -> Option<ConfigError> {
        let problem = self.endpoint.check_key().err();
        if let Some(problem) = &problem
            && !self.hub.warned.swap(true, Ordering::Relaxed)
        {
            tracing::warn!("nothing is published: {problem}");
        }
        problem
    }

    /// Sends a request of a publisher, which repeats it by itself and has counted it.
    async fn perform_once(&self, request: Request, timeout: Duration) -> Result<StreamResponse> {
        let clock = Clock::start();
        let patience = Patience { timeout: timeout.min(self.hub.timeout), retry: RetryPolicy { max_retries: 0 } };
        let mut exchange = self.endpoint.begin(request, patience, clock.now())?;
        self.drive(&mut exchange, &clock, || ()).await
    }
}

/// Asks what goes next, sends that, and waits, as long as there are publishers.
async fn drive(inner: &Arc<Inner>, runtime: Id) {
    loop {
        let mut news = std::pin::pin!(inner.hub.news.notified());
        // From here on no news is missed.
        news.as_mut().enable();
        let Some(step) = inner.hub.poll(runtime) else { return };
        match step {
            Step::Send { publisher, request, timeout } => {
                let flight = Flight { inner: Arc::clone(inner), publisher, settled: false };
                tokio::spawn(flight.fly(request, timeout));
            }
            Step::WaitUntil(time) => {
                let wait = time.saturating_sub(inner.hub.now());
                runtime::within(wait, news).await;
            }
            Step::Idle => news.await,
        }
    }
}

/// A request under way. However it ends, its publisher hears of it.
struct Flight {
    inner: Arc<Inner>,
    publisher: PublisherId,
    settled: bool,
}

impl Flight {
    async fn fly(mut self, request: Request, timeout: Duration) {
        let outcome = self.inner.perform_once(request, timeout).await;
        self.settled = true;
        self.inner.hub.settle(self.publisher, outcome);
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        if !self.settled {
            let kind = ConnectionErrorKind::Interrupted("the request was abandoned".to_owned());
            let lost: Error = ConnectionError { kind, attempts: 1, source: None }.into();
            self.inner.hub.settle(self.publisher, Err(lost));
        }
    }
}
