//! Drives a client: sends what the driver says, waits as long as it says, and hands on what came of that. It decides nothing itself.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, oneshot};

#[cfg(not(target_arch = "wasm32"))]
use super::budget_file::BudgetFile;
use super::runtime::{self, Clock, Runtime};
use super::transport::Transport;
use crate::api::Answer;
use crate::call::Response;
use crate::call::Session;
use crate::call::{Now, TransportError};
use crate::error::{ConfigError, Error, Result};
use crate::publish::driver::{Driver, Finished, Line, Op, Outcome, Outgoing};
use crate::publish::{AccountBudget, Command, EventKind, Reply, Rules};

/// The most lines of the log that are kept for the caller.
#[cfg(feature = "ffi")]
const MOST_LINES: usize = 256;

/// What the clones of a client, its publishers and their tasks share.
pub(crate) struct Shared {
    pub(crate) session: Arc<Session>,
    pub(super) transport: Arc<dyn Transport>,
    #[cfg(not(target_arch = "wasm32"))]
    store: Option<Arc<BudgetFile>>,
    clock: Clock,
    state: Mutex<State>,
    /// There may be something to do for the tasks.
    changed: Notify,
    /// There may be an outcome for threads that wait.
    settled: Condvar,
}

pub(crate) struct State {
    pub(crate) driver: Driver,
    /// The operations that have an outcome, or something that waits for one.
    operations: HashMap<Op, Operation>,
    /// The newest number of an operation that was chosen here.
    newest: Op,
    /// The calls under way: where they were made and, once a request was sent, what abandons it.
    calls: HashMap<Op, (Runtime, Option<oneshot::Sender<()>>)>,
    /// The runtimes on which a task drives. There may be several, since one that is not polled any more sends nothing.
    running_on: HashSet<runtime::Id>,
    /// The lines that the caller is to log itself, where it does.
    lines: Option<VecDeque<Line>>,
}

/// What an outcome is handed to.
#[cfg(feature = "ffi")]
type Callback = Box<dyn FnOnce(&mut State, Outcome) + Send>;

/// What waits for an outcome.
#[allow(clippy::large_enum_variant, reason = "there are few, and they are kept for a moment")]
enum Operation {
    Thread,
    Task(oneshot::Sender<Outcome>),
    #[cfg(feature = "ffi")]
    Callback(Callback),
    Known(Outcome),
}

impl Shared {
    pub(super) fn new(
        session: Session,
        rules: &Rules,
        transport: Arc<dyn Transport>,
        budget: Option<Box<dyn AccountBudget + Send>>,
    ) -> Self {
        let session = Arc::new(session);
        Self {
            #[cfg(not(target_arch = "wasm32"))]
            store: session.budget_file().map(|path| Arc::new(BudgetFile::new(path, &rules.budget))),
            transport,
            clock: Clock::start(),
            state: Mutex::new(State {
                driver: Driver::new(Arc::clone(&session), *rules, budget),
                operations: HashMap::new(),
                newest: 0,
                calls: HashMap::new(),
                running_on: HashSet::new(),
                lines: None,
            }),
            session,
            changed: Notify::new(),
            settled: Condvar::new(),
        }
    }

    /// Since the client was made.
    pub(crate) fn now(&self) -> Duration {
        self.clock.elapsed()
    }

    /// Both clocks.
    pub(crate) fn clock_now(&self) -> Now {
        self.clock.now()
    }

    /// No change leaves the state half done, so a panic elsewhere leaves it usable.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins something whose outcome is asked for by its number, and drives it on this runtime.
    pub(crate) fn begin(
        self: &Arc<Self>,
        runtime: &Runtime,
        op: Option<Op>,
        begin: impl FnOnce(&mut Driver, Op) -> Result<()>,
    ) -> Result<Op> {
        let mut state = self.state();
        let op = op.unwrap_or_else(|| {
            state.newest += 1;
            state.newest
        });
        state.operations.insert(op, Operation::Thread);
        state.calls.insert(op, (runtime.clone(), None));
        if let Err(error) = begin(&mut state.driver, op) {
            state.forget(op);
            return Err(error);
        }
        drop(state);
        self.drive(runtime);
        Ok(op)
    }

    /// As [`begin`](Self::begin), on the runtime that this is called on, and waits for the outcome.
    pub(crate) async fn run(
        self: &Arc<Self>,
        begin: impl FnOnce(&mut Driver, Op) -> Result<()>,
    ) -> Result<Option<Answer>> {
        let op = self.begin(&Runtime::current()?, None, begin)?;
        let mut abandons = AbandonsWhenDropped { shared: self, op: Some(op) };
        let outcome = self.state().outcome(op);
        let outcome = outcome.await;
        abandons.op = None;
        outcome.into()
    }

    /// Waits in a thread for an outcome, which is handed over once. Nothing where there is none in that time.
    #[cfg(feature = "blocking")]
    pub(crate) fn wait_in_thread(&self, op: Op, limit: Duration) -> Option<Outcome> {
        let is_open = |state: &mut State| !matches!(state.operations.get(&op), None | Some(Operation::Known(_)));
        let waited = self.settled.wait_timeout_while(self.state(), limit, is_open);
        let (mut state, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
        if timeout.timed_out() {
            return None;
        }
        match state.operations.remove(&op) {
            Some(Operation::Known(outcome)) => Some(outcome),
            _ => Some(Outcome::Failed(unknown())),
        }
    }

    /// Hands an outcome to a callback, now or when it is known.
    #[cfg(feature = "ffi")]
    pub(crate) fn call_back(&self, op: Op, callback: impl FnOnce(&mut State, Outcome) + Send + 'static) {
        let mut state = self.state();
        match state.operations.remove(&op) {
            Some(Operation::Known(outcome)) => callback(&mut state, outcome),
            Some(_) => _ = state.operations.insert(op, Operation::Callback(Box::new(callback))),
            None => callback(&mut state, Outcome::Failed(unknown())),
        }
    }

    /// Abandons a call, or waits no more for a flush or an end, which goes on. Then it has no outcome.
    pub(crate) fn cancel(&self, op: Op) {
        self.state().forget(op);
        self.changed.notify_waiters();
    }

    /// Refuses calls and publishers from now on, and says why to what waits.
    #[cfg(feature = "ffi")]
    pub(crate) fn stop(self: &Arc<Self>, reason: Error) {
        self.state().driver.stop(reason);
        self.poll(None);
        self.changed.notify_waiters();
    }

    /// Has something looked at that has changed, on this runtime and any other.
    pub(crate) fn drive(self: &Arc<Self>, runtime: &Runtime) {
        if self.state().running_on.insert(runtime.id()) {
            let task = Run { shared: Arc::clone(self), runtime: runtime.clone(), has_finished: false };
            runtime.spawn(task.run());
        }
        self.changed.notify_waiters();
    }

    /// Has the tasks look again.
    pub(crate) fn wake(&self) {
        self.changed.notify_waiters();
    }

    /// Does what there is to do, on this runtime unless a call was made on another. Gives back when to look again, if that is known.
    fn poll(self: &Arc<Self>, runtime: Option<&Runtime>) -> Option<Duration> {
        let mut state = self.state();
        let steps = state.driver.poll(self.clock.now());
        let lines = state.keep_lines(steps.log);
        let has_outcomes = !steps.outcomes.is_empty();
        steps.outcomes.into_iter().for_each(|finished| state.settle(finished));
        let mut flights = Vec::new();
        for send in steps.send {
            let (abandon, abandoned) = oneshot::channel();
            let call = send.op.and_then(|op| state.calls.get_mut(&op));
            let is_on = call.as_ref().map(|(runtime, _)| runtime.clone()).or_else(|| runtime.cloned());
            let is_of_call = call.map(|(_, newest)| *newest = Some(abandon)).is_some();
            let Some(is_on) = is_on else { continue };
            let flight = InFlight { shared: Arc::clone(self), request: send.request, is_settled: false };
            let abandoned = is_of_call.then_some(abandoned);
            flights.push((is_on.clone(), flight.fly(send, is_on, abandoned)));
        }
        drop(state);
        if has_outcomes {
            self.settled.notify_all();
        }
        // Without the lock, since a runtime that has ended drops what is spawned on it at once.
        for (runtime, flight) in flights {
            runtime.spawn(flight);
        }
        if let Some(command) = steps.store {
            self.ask_store(command, runtime);
        }
        lines.iter().for_each(write);
        steps.wait
    }

    fn ask_store(self: &Arc<Self>, command: Command, runtime: Option<&Runtime>) {
        let storing = Storing { shared: Arc::clone(self), reply: Some(Err("the program is ending".to_owned())) };
        #[cfg(not(target_arch = "wasm32"))]
        if let Some(runtime) = runtime {
            let store = self.store.clone();
            runtime.spawn_blocking(move || {
                let mut storing = storing;
                storing.reply =
                    Some(store.map_or_else(|| Err("there is no store".to_owned()), |file| file.apply(&command)));
            });
        }
        #[cfg(target_arch = "wasm32")]
        let _ = (command, runtime, storing);
    }
}

impl State {
    /// The outcome of an operation, for a task.
    fn outcome(&mut self, op: Op) -> impl Future<Output = Outcome> + use<> {
        let (sender, outcome) = oneshot::channel();
        match self.operations.remove(&op) {
            Some(Operation::Known(known)) => _ = sender.send(known),
            _ => _ = self.operations.insert(op, Operation::Task(sender)),
        }
        async { outcome.await.unwrap_or_else(|_| Outcome::Failed(unknown())) }
    }

    fn settle(&mut self, Finished { op, outcome }: Finished) {
        self.calls.remove(&op);
        match self.operations.remove(&op) {
            Some(Operation::Thread | Operation::Known(_)) => {
                self.operations.insert(op, Operation::Known(outcome));
            }
            Some(Operation::Task(sender)) => _ = sender.send(outcome),
            #[cfg(feature = "ffi")]
            Some(Operation::Callback(callback)) => callback(self, outcome),
            None => {}
        }
    }

    fn forget(&mut self, op: Op) {
        self.driver.cancel(op);
        self.operations.remove(&op);
        self.calls.remove(&op);
    }

    /// Keeps lines for the caller, where it logs itself; else gives them back.
    fn keep_lines(&mut self, lines: Vec<Line>) -> Vec<Line> {
        match &mut self.lines {
            None => lines,
            Some(kept) => {
                kept.extend(lines);
                #[cfg(feature = "ffi")]
                kept.drain(..kept.len().saturating_sub(MOST_LINES));
                Vec::new()
            }
        }
    }

    /// Has lines of the log kept for the caller.
    #[cfg(feature = "ffi")]
    pub(crate) fn keep_log(&mut self) {
        self.lines = Some(VecDeque::new());
    }

    /// Whether there are lines for the caller to log.
    #[cfg(feature = "ffi")]
    pub(crate) fn has_lines(&self) -> bool {
        self.lines.as_ref().is_some_and(|lines| !lines.is_empty())
    }

    /// The lines of the log since this was asked last.
    #[cfg(feature = "ffi")]
    pub(crate) fn take_lines(&mut self) -> Vec<Line> {
        let lines = self.driver.take_log();
        self.keep_lines(lines);
        self.lines.as_mut().map(|kept| kept.drain(..).collect()).unwrap_or_default()
    }
}

fn unknown() -> Error {
    ConfigError::new("operation", "is not under way").into()
}

fn write(line: &Line) {
    let Line { warning, stream_key, event, text } = line;
    let (stream_key, event) = (stream_key.as_deref(), event.map(EventKind::as_str));
    if *warning {
        tracing::warn!(stream_key, event, "{text}");
    } else {
        tracing::debug!(stream_key, event, "{text}");
    }
}

impl From<Outcome> for Result<Option<Answer>> {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Done(response) => Ok(response),
            Outcome::Failed(error) => Err(error),
        }
    }
}

/// An operation whose outcome nothing waits for any more, where its future is dropped.
struct AbandonsWhenDropped<'a> {
    shared: &'a Shared,
    op: Option<Op>,
}

impl Drop for AbandonsWhenDropped<'_> {
    fn drop(&mut self) {
        if let Some(op) = self.op {
            self.shared.cancel(op);
        }
    }
}

/// A runtime's task. When the runtime ends and the task with it, another may take its place.
struct Run {
    shared: Arc<Shared>,
    runtime: Runtime,
    has_finished: bool,
}

impl Run {
    async fn run(mut self) {
        let shared = Arc::clone(&self.shared);
        loop {
            let mut changed = std::pin::pin!(shared.changed.notified());
            // From here on no change is missed.
            changed.as_mut().enable();
            let wait = shared.poll(Some(&self.runtime));
            if self.finish() {
                return;
            }
            match wait {
                Some(wait) => _ = runtime::within(wait, changed).await,
                None => changed.await,
            }
        }
    }

    /// Whether there is nothing left to drive. Then the next one that has something to do starts a task of its own.
    fn finish(&mut self) -> bool {
        let mut state = self.shared.state();
        self.has_finished = state.driver.is_idle();
        if self.has_finished {
            state.running_on.remove(&self.runtime.id());
        }
        self.has_finished
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        if !self.has_finished {
            self.shared.state().running_on.remove(&self.runtime.id());
        }
    }
}

/// A request under way. However it ends, the driver gets an outcome.
struct InFlight {
    shared: Arc<Shared>,
    request: u64,
    is_settled: bool,
}

impl InFlight {
    async fn fly(mut self, send: Outgoing, runtime: Runtime, abandoned: Option<oneshot::Receiver<()>>) {
        let shared = Arc::clone(&self.shared);
        let sending = runtime::within(send.timeout, shared.transport.send(send.http));
        let answer = match abandoned {
            None => Some(sending.await),
            Some(abandoned) => runtime::unless(abandoned, sending).await,
        };
        self.is_settled = true;
        if let Some(answer) = answer {
            shared.answered(self.request, answer.unwrap_or_else(|| Err(TransportError::timeout())));
            shared.poll(Some(&runtime));
            shared.wake();
        }
    }
}

impl Shared {
    fn answered(&self, request: u64, answer: Result<Response, TransportError>) {
        self.state().driver.answered(request, answer, self.clock.now(), runtime::random());
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        if !self.is_settled {
            self.shared.answered(self.request, Err(TransportError::interrupted("the request was abandoned")));
            self.shared.wake();
        }
    }
}

/// A command to the store. However it ends, the driver gets an outcome.
struct Storing {
    shared: Arc<Shared>,
    reply: Option<Result<Reply, String>>,
}

impl Drop for Storing {
    fn drop(&mut self) {
        if let Some(reply) = self.reply.take() {
            self.shared.state().driver.stored(reply, self.shared.now());
            self.shared.wake();
        }
    }
}
