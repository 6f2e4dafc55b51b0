//! Drives calls and publishers without I/O: it says what to send, and takes what came of that. An edge sends, waits and asks again.

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde::ser::{SerializeStruct as _, Serializer};

use super::event::{EventKind, EventLog};
use super::keyed::{Keyed, Moments};
use super::options::{PushBody, Pushes};
use super::store::{Command, Reply};
use super::{
    AccountBudget, Budget, Changes, Counters, Dispatcher, Ending, Event, Newest, Options, ProgressCounter, PublisherId,
    Rules, Step, Urgency,
};
use crate::api::{Answer, PUSH, STREAM, Spec};
use crate::call::{CallLimits, HttpRequest, Session};
use crate::call::{Exchange, Next, Now, TransportError};
use crate::call::{LARGEST_ANSWER, Request, Response};
use crate::error::{ConfigError, Error, Result};
use crate::validate::ValidationError;

/// Names a call, a flush or an end. Callers choose them.
pub type Op = u64;
/// Names a publisher of a driver; `None` where `ACTIVITYSMITH_DISABLED` is set, and nothing is published or checked.
pub type Handle = Option<PublisherId>;

/// The most requests that one poll gives out, so that an edge does not hold its lock for long.
const MOST_REQUESTS: usize = 64;

/// The calls and publishers of one client.
#[derive(Debug)]
pub struct Driver {
    session: Arc<Session>,
    rules: Rules,
    dispatcher: Dispatcher,
    budget: Box<dyn AccountBudget + Send>,
    publishers: Keyed<Publisher>,
    /// The publishers whose items are counted, and how often their counters are read.
    counted: Vec<(PublisherId, Duration)>,
    calls: Keyed<Call>,
    /// Push notifications to be sent, and how long they may take.
    pushes: Vec<(PublisherId, Request, Duration)>,
    /// When calls are to be sent, and when those that were sent are lost.
    due: Moments,
    waits: Keyed<Wait>,
    /// When the time of a flush or a shutdown is up.
    deadlines: Moments,
    /// The number of the newest request.
    requests: u64,
    /// A command to the store has no reply yet.
    is_storing: bool,
    /// When the time limit is up of handles that were dropped together.
    dropped_until: Option<Duration>,
    /// Why calls are refused and publishers stopped.
    closed: Option<Error>,
    /// That nothing can be published was logged.
    has_warned: bool,
    outcomes: Vec<Finished>,
    log: Vec<Line>,
}

/// What belongs to a publisher beside its state.
#[derive(Debug)]
struct Publisher {
    id: PublisherId,
    stream_key: String,
    counter: Option<Arc<ProgressCounter>>,
    flush_timeout: Option<Duration>,
    events: EventLog,
    /// Why it sends nothing: there is no key, or the like.
    disabled_reason: Option<ConfigError>,
    /// Why the newest flush or end did not arrive.
    problem: Option<Error>,
    /// What is pushed at its end.
    pushes: EndPushes,
    /// The operations that wait for it.
    waits: Vec<Op>,
    /// Nothing more is sent, as its owner asked.
    is_detached: bool,
    /// The program is ending, so changes that come late are no mistake.
    is_shut_down: bool,
    /// Its handle is gone; it goes when it is over.
    is_released: bool,
}

/// Push notifications about the end of a job, ready to be sent.
#[derive(Debug, Default)]
pub(super) struct EndPushes {
    on_failure: Option<Request>,
    on_success: Option<Request>,
    /// One of them is on its way.
    is_under_way: bool,
}

impl EndPushes {
    pub(super) fn new(pushes: &Pushes) -> Result<Self, ValidationError> {
        let build = |name, push: &Option<PushBody>| {
            let Some(PushBody(body)) = push else { return Ok(None) };
            Request::build(&PUSH, &"".into(), body.clone()).map(Some).map_err(|error| error.beneath(name))
        };
        Ok(Self {
            on_failure: build("on_failure", &pushes.on_failure)?,
            on_success: build("on_success", &pushes.on_success)?,
            is_under_way: false,
        })
    }
}

/// A flush or an end that has no outcome yet.
#[derive(Debug)]
struct Wait {
    is_end: bool,
    /// The publishers that it waits for.
    publishers: Vec<PublisherId>,
    timeout: Duration,
    until: Option<Duration>,
    response: Option<Answer>,
    /// What does not arrive is logged, because the process ends.
    is_exit: bool,
    failure: Option<Error>,
}

impl Wait {
    fn on(publishers: Vec<PublisherId>) -> Self {
        Self {
            is_end: false,
            publishers,
            timeout: Duration::ZERO,
            until: None,
            response: None,
            is_exit: false,
            failure: None,
        }
    }
}

/// A call under way.
#[derive(Debug)]
struct Call {
    caller: Caller,
    exchange: Exchange,
    /// When it is sent next or, once it was sent, counts as lost.
    moment: Duration,
    is_sent: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Caller {
    Op(Op),
    Publisher(PublisherId),
    /// The push notification about the end of a publisher's job.
    Push(PublisherId),
}

/// What there is to do now.
#[derive(Debug, Serialize)]
pub struct Steps {
    /// What to send.
    pub send: Vec<Outgoing>,
    /// What to ask of the store of the shared budget.
    #[serde(skip)]
    pub store: Option<Command>,
    /// What came of operations.
    pub outcomes: Vec<Finished>,
    /// What to log, after all else and without a lock: a logger may use the client itself.
    pub log: Vec<Line>,
    /// After how long there may be more to do, unless something happens before.
    #[serde(rename = "wait_seconds", serialize_with = "seconds")]
    pub wait: Option<Duration>,
}

/// A request to be sent.
#[derive(Debug)]
pub struct Outgoing {
    /// Its number, to be handed in with its answer.
    pub request: u64,
    /// Which call it belongs to; nothing for one of a publisher.
    pub op: Option<Op>,
    /// What to send.
    pub http: HttpRequest,
    /// Sets the timeout.
    pub timeout: Duration,
    /// How long connecting may take.
    connect_timeout: Duration,
}

/// An operation and its outcome.
#[derive(Debug, Serialize)]
pub struct Finished {
    /// Which operation.
    pub op: Op,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of an operation.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(clippy::large_enum_variant, reason = "it is written once and never kept")]
pub enum Outcome {
    /// Its answer; nothing where there is none.
    Done(Option<Answer>),
    /// Why it failed.
    Failed(Error),
}

/// A line of the log.
#[derive(Clone, Debug)]
pub struct Line {
    /// Whether it is a warning.
    pub warning: bool,
    /// The stream that it is about, if it is about one.
    pub stream_key: Option<String>,
    /// The event that it reports, if any.
    pub event: Option<EventKind>,
    /// What it says of the stream.
    pub text: String,
}

impl Driver {
    /// A driver of a session's calls. Without a budget its publishers have one of their own.
    pub fn new(session: Arc<Session>, rules: Rules, budget: Option<Box<dyn AccountBudget + Send>>) -> Self {
        Self {
            session,
            dispatcher: Dispatcher::new(rules),
            budget: budget.unwrap_or_else(|| Box::new(Budget::new(rules.budget))),
            rules,
            publishers: Keyed::default(),
            counted: Vec::new(),
            calls: Keyed::default(),
            pushes: Vec::new(),
            due: Moments::default(),
            waits: Keyed::default(),
            deadlines: Moments::default(),
            requests: 0,
            is_storing: false,
            dropped_until: None,
            closed: None,
            has_warned: false,
            outcomes: Vec::new(),
            log: Vec::new(),
        }
    }

    /// Makes a call.
    ///
    /// # Errors
    ///
    /// There is no key, or the driver is closed.
    pub fn call(&mut self, request: Request, limits: CallLimits, op: Op, now: Now) -> Result<()> {
        if let Some(error) = &self.closed {
            return Err(error.clone());
        }
        let is_of_the_budget = is_of_the_budget(request.spec);
        let exchange = self.session.begin(request, limits, now)?;
        if is_of_the_budget {
            self.budget.charge(now.monotonic);
        }
        self.enter(Caller::Op(op), exchange, now);
        Ok(())
    }

    pub(super) fn session(&self) -> &Session {
        &self.session
    }

    /// Gives a call its outcome where nothing is sent.
    pub(super) fn disabled(&mut self, spec: &Spec, key: &str, op: Op) {
        self.finish(op, Ok(Some((spec.inert)(key))));
    }

    /// Abandons a call, or waits no more for a flush or an end, which goes on. Then it has no outcome.
    pub fn cancel(&mut self, op: Op) {
        self.outcomes.retain(|finished| finished.op != op);
        let request = self.calls.iter().find(|(_, call)| call.caller == Caller::Op(op)).map(|(request, _)| *request);
        if let Some(call) = request.and_then(|request| self.calls.remove(&request)) {
            self.due.remove(&(call.moment, request.unwrap_or_default()));
        }
        if let Some(wait) = self.waits.remove(&op) {
            self.deadlines.remove(&(wait.until.unwrap_or_default(), op));
            for id in wait.publishers {
                self.wait_no_more(id, op);
            }
        }
    }

    /// Has an operation fail that could not be begun, and logs why.
    pub fn fail(&mut self, op: Op, error: Error) {
        self.log_failure(None, &error);
        self.finish(op, Err(error));
    }

    /// Begins to publish a stream. With a reason why it is disabled its states are checked, and nothing is sent.
    ///
    /// # Errors
    ///
    /// The first state breaks a rule, or the driver is closed.
    pub fn publish(
        &mut self,
        stream_key: String,
        first: Changes,
        options: Options,
        counter: Option<Arc<ProgressCounter>>,
        disabled_reason: Option<ConfigError>,
        now: Duration,
    ) -> Result<Handle> {
        if let Some(error) = &self.closed {
            return Err(error.clone());
        }
        if self.session.is_disabled() {
            return Ok(None);
        }
        self.session.check_stream_key(&stream_key)?;
        let pushes = EndPushes::new(&options.pushes)?;
        let (pacing, flush_timeout) = (options.pacing, options.flush_timeout);
        let id = self.dispatcher.open(&stream_key, first, options, now)?;
        if let Some(disabled_reason) = &disabled_reason {
            self.dispatcher.stop_publisher(id, disabled_reason);
            if !std::mem::replace(&mut self.has_warned, true) {
                let text = format!("nothing is published: {disabled_reason}");
                self.log.push(Line { warning: true, stream_key: None, event: None, text });
            }
        }
        if counter.is_some() {
            self.counted.push((id, self.rules.look(pacing)));
        }
        let publisher = Publisher {
            id,
            stream_key,
            counter,
            flush_timeout,
            events: EventLog::new(self.rules.kept_events),
            disabled_reason,
            problem: None,
            pushes,
            waits: Vec::new(),
            is_detached: false,
            is_shut_down: false,
            is_released: false,
        };
        self.publishers.insert(id.key(), publisher);
        Ok(Some(id))
    }

    /// Whether changes are looked at: no end has begun.
    pub fn takes_changes(&mut self, handle: Handle) -> bool {
        handle.is_some_and(|id| self.dispatcher.takes_changes(id))
    }

    /// Changes some of what is shown. After the end the change is ignored, and reported the first time. Gives back whether to poll.
    ///
    /// # Errors
    ///
    /// The change breaks a rule. Then nothing changes.
    pub fn update(
        &mut self,
        handle: Handle,
        changes: Changes,
        urgency: Urgency,
        now: impl FnOnce() -> Duration,
    ) -> Result<bool> {
        let Some(id) = handle else { return Ok(false) };
        self.dispatcher.update(id, changes, urgency, now)
    }

    /// Puts another state in place of the whole one. Otherwise as [`update`](Self::update).
    ///
    /// # Errors
    ///
    /// The state breaks a rule. Then nothing changes.
    pub fn replace(
        &mut self,
        handle: Handle,
        state: Changes,
        urgency: Urgency,
        now: impl FnOnce() -> Duration,
    ) -> Result<bool> {
        let Some(id) = handle else { return Ok(false) };
        self.dispatcher.replace(id, state, urgency, now)
    }

    /// Shows that the job has failed, and does not end the stream. Gives back whether to poll.
    ///
    /// # Errors
    ///
    /// The reason breaks a rule.
    pub fn show_failure(&mut self, handle: Handle, reason: &str, now: impl FnOnce() -> Duration) -> Result<bool> {
        let Some(id) = handle else { return Ok(false) };
        self.dispatcher.show_failure(id, Some(reason), now)
    }

    /// Says how many items are done, where they are counted. Gives back whether to poll.
    pub fn count(&mut self, handle: Handle, done: u64, now: impl FnOnce() -> Duration) -> bool {
        let Some(id) = handle else { return false };
        let Some(counter) = self.counter(handle) else { return false };
        counter.set(done);
        self.show_count(id, now)
    }

    /// The key of a publisher's stream.
    pub fn stream_key(&self, handle: Handle) -> &str {
        handle.and_then(|id| self.publishers.get(&id.key())).map_or("", |publisher| &publisher.stream_key)
    }

    /// How often it is worth saying how many items are done, where they are counted.
    pub fn look(&self, handle: Handle) -> Option<Duration> {
        self.counted.iter().find(|(id, _)| Some(*id) == handle).map(|(_, look)| *look)
    }

    /// Sends the newest state, and waits until it has arrived, or its time is up.
    pub fn flush(&mut self, handle: Handle, timeout: Option<Duration>, op: Op, now: Duration) {
        let Some(id) = handle else { return self.finish(op, Ok(None)) };
        self.read_counter(id, now);
        self.wait_for_flush(vec![id], timeout, op, now);
    }

    /// As [`flush`](Self::flush), for all publishers that have not ended.
    pub fn flush_all(&mut self, timeout: Option<Duration>, op: Op, now: Duration) {
        let ids: Vec<_> = self.publishers.iter().map(|(_, publisher)| publisher.id).collect();
        let open: Vec<_> = ids.into_iter().filter(|id| self.dispatcher.takes_changes(*id)).collect();
        for id in &open {
            self.read_counter(*id, now);
        }
        self.wait_for_flush(open, timeout, op, now);
    }

    /// As [`flush_all`](Self::flush_all), where the process is about to end: what does not arrive in time is logged.
    pub fn flush_at_exit(&mut self, op: Op, now: Duration) {
        self.flush_all(Some(self.rules.exit_timeout), op, now);
        if let Some(wait) = self.waits.get_mut(&op) {
            wait.is_exit = true;
        }
    }

    /// How long the end of a publisher may take after a success or a failure, unless the end itself says otherwise.
    pub fn end_timeout(&self, handle: Handle, failed: bool) -> Duration {
        let own = handle.and_then(|id| self.publishers.get(&id.key())?.flush_timeout);
        own.unwrap_or(if failed { self.rules.failure_timeout } else { self.rules.success_timeout })
    }

    /// Ends the stream and, where there is an operation, waits for that. A second end has the outcome of the first. Without a time
    /// limit the publisher's own applies.
    ///
    /// # Errors
    ///
    /// The end breaks a rule. Then the stream does not end.
    pub fn end(
        &mut self,
        handle: Handle,
        ending: Ending<'_>,
        timeout: Option<Duration>,
        op: Option<Op>,
        now: Duration,
    ) -> Result<()> {
        if let Some(id) = handle
            && self.dispatcher.takes_changes(id)
        {
            self.end_publisher(id, ending, timeout, now)?;
        }
        if let Some(op) = op {
            self.wait_for_end(handle.into_iter().collect(), op);
        }
        Ok(())
    }

    /// Ends the stream of a handle that is dropped, as failed, and waits for that. Handles that are dropped together share one time
    /// limit.
    ///
    /// # Errors
    ///
    /// As those of [`end`](Self::end).
    pub fn end_dropped(&mut self, handle: Handle, reason: Option<&str>, op: Op, now: Duration) -> Result<()> {
        if let Some(id) = handle
            && self.dispatcher.takes_changes(id)
        {
            let shared = self.dropped_until.filter(|until| now < until.saturating_add(self.rules.request_lateness));
            let left = shared.map(|until| until.saturating_sub(now));
            let timeout = self.end_publisher(id, Ending::Failed(reason), left, now)?;
            self.dropped_until = shared.or(Some(now.saturating_add(timeout)));
        }
        self.wait_for_end(handle.into_iter().collect(), op);
        Ok(())
    }

    /// Ends a stream, and has the push notification about that sent. Gives back how long both may take.
    fn end_publisher(
        &mut self,
        id: PublisherId,
        ending: Ending<'_>,
        timeout: Option<Duration>,
        now: Duration,
    ) -> Result<Duration> {
        let is_failure = ending.is_failure();
        // A stream that was never shown may be over at once, and its push still needs time.
        let for_push = timeout.unwrap_or_else(|| self.end_timeout(Some(id), is_failure)).max(self.rules.least_timeout);
        self.read_counter(id, now);
        let timeout = self.dispatcher.end(id, ending, timeout, now)?;
        let is_open = self.closed.is_none();
        let publisher = self.publishers.get_mut(&id.key()).filter(|it| is_open && it.disabled_reason.is_none());
        if let Some(publisher) = publisher {
            let EndPushes { on_failure, on_success, .. } = std::mem::take(&mut publisher.pushes);
            let push = if is_failure { on_failure } else { on_success };
            publisher.pushes.is_under_way = push.is_some();
            self.pushes.extend(push.map(|push| (id, push, for_push)));
        }
        Ok(timeout)
    }

    /// Takes note of what came of the push notification about an end. It changes nothing about the outcome of the end.
    fn pushed(&mut self, id: PublisherId, outcome: &Result<Answer>) {
        let Some(publisher) = self.publishers.get_mut(&id.key()) else { return };
        publisher.pushes.is_under_way = false;
        let stream_key = Some(publisher.stream_key.clone());
        let (warning, text) = match outcome {
            Ok(answer) if answer.known.get("success") == Some(&false.into()) => {
                (true, "the push notification was not sent: the service answered with success: false".to_owned())
            }
            Ok(_) => (false, "the push notification was sent".to_owned()),
            Err(error) => (true, format!("the push notification was not sent: {error}")),
        };
        self.log.push(Line { warning, stream_key, event: None, text });
        self.settle_waits(id);
    }

    /// Ends all streams that have not ended, within one time limit, and waits for that. What is given limits the wait for ends that
    /// have begun before, too.
    pub fn shutdown(&mut self, failed: Option<Option<&str>>, timeout: Option<Duration>, op: Op, now: Duration) {
        let ids: Vec<_> = self.publishers.iter().map(|(_, publisher)| publisher.id).collect();
        for id in ids.iter().copied() {
            let ending = failed.map_or(Ending::Finished(Changes::default()), Ending::Failed);
            // One whose last state breaks a rule is left as it is; its own handle says so.
            let _ = self.end(Some(id), ending, timeout, None, now);
            if let Some(publisher) = self.publishers.get_mut(&id.key()) {
                publisher.is_shut_down = true;
            }
        }
        let until = timeout.map(|timeout| now.saturating_add(timeout).saturating_add(self.rules.least_timeout));
        if let Some(until) = until {
            self.deadlines.insert((until, op));
        }
        let timeout = timeout.unwrap_or_default();
        self.wait_for(Wait { is_end: true, timeout, until, ..Wait::on(ids) }, op);
    }

    /// Sends no more of a stream, and leaves its activity as it is.
    pub fn detach(&mut self, handle: Handle) {
        let Some(id) = handle.filter(|id| self.dispatcher.takes_changes(*id)) else { return };
        self.dispatcher.detach(id);
        if let Some(publisher) = self.publishers.get_mut(&id.key()) {
            publisher.is_detached = true;
        }
    }

    /// Lets go of a publisher of which nothing is asked any more. One that has not ended ends so, in the background.
    pub fn release(&mut self, handle: Handle, ending: Ending<'_>, now: Duration) {
        let _ = self.end(handle, ending, None, None, now);
        self.forget(handle);
    }

    /// Lets go of a publisher of which nothing is asked any more, and lets it go on.
    pub fn forget(&mut self, handle: Handle) {
        let Some(id) = handle else { return };
        if let Some(publisher) = self.publishers.get_mut(&id.key()) {
            publisher.is_released = true;
        }
        self.forget_released(id);
    }

    pub(super) fn counter(&self, handle: Handle) -> Option<Arc<ProgressCounter>> {
        self.publishers.get(&handle?.key())?.counter.clone()
    }

    /// Why nothing is sent, or why the newest flush or end did not arrive.
    pub fn problem(&mut self, handle: Handle, now: Duration) -> Option<Error> {
        let problem = self.publishers.get(&handle?.key())?.problem.clone();
        problem.or_else(|| self.disabled_reason(handle, now).map(Error::from))
    }

    /// Why nothing is sent: there is no key, or it is refused, or the like; and when it is tried again, if it is.
    pub fn disabled_reason(&mut self, handle: Handle, now: Duration) -> Option<ConfigError> {
        let disabled_reason = self.publishers.get(&handle?.key())?.disabled_reason.clone();
        disabled_reason.or_else(|| self.dispatcher.disabled_reason(handle?, now))
    }

    /// The events since the last call, at most the newest 64.
    pub fn events(&mut self, handle: Handle) -> Vec<Event> {
        let Some(id) = handle else { return Vec::new() };
        self.collect(id);
        self.publishers.get_mut(&id.key()).map(|publisher| publisher.events.take()).unwrap_or_default()
    }

    /// Event counters.
    pub fn counters(&mut self, handle: Handle) -> Counters {
        handle.map(|id| self.dispatcher.counters(id)).unwrap_or_default()
    }

    /// Whether there is nothing to poll for.
    pub fn is_idle(&self) -> bool {
        let is_told = self.outcomes.is_empty() && self.log.is_empty();
        is_told && self.publishers.is_empty() && self.calls.is_empty() && self.waits.is_empty()
    }

    /// Refuses calls and publishers from now on, and has those under way fail.
    pub fn stop(&mut self, reason: Error) {
        let pushes: Vec<_> = self.pushes.drain(..).map(|(id, _, _)| Caller::Push(id)).collect();
        let calls: Vec<_> = std::mem::take(&mut self.calls).iter().map(|(_, call)| call.caller).collect();
        self.dispatcher.stop(&reason);
        for caller in calls.into_iter().chain(pushes) {
            match caller {
                Caller::Op(op) => self.finish(op, Err(reason.clone())),
                Caller::Push(id) => self.pushed(id, &Err(reason.clone())),
                Caller::Publisher(_) => {}
            }
        }
        self.closed = Some(reason);
    }

    /// Takes the lines that are to be logged, without polling.
    pub fn take_log(&mut self) -> Vec<Line> {
        self.collect_changed();
        std::mem::take(&mut self.log)
    }

    /// What there is to do. When something has happened, ask again.
    pub fn poll(&mut self, now: Now) -> Steps {
        self.lose_silent_calls(now);
        let Self { counted, dispatcher, .. } = self;
        counted.retain(|(id, _)| dispatcher.takes_changes(*id));
        for position in 0..self.counted.len() {
            self.read_counter(self.counted[position].0, now.monotonic);
        }
        let mut next = Some(now.monotonic);
        for _ in 0..MOST_REQUESTS {
            match self.dispatcher.poll(now.monotonic, &mut *self.budget) {
                Step::Send { publisher, request, timeout } => match self.session.begin_once(request, timeout, now) {
                    Ok(exchange) => self.enter(Caller::Publisher(publisher), exchange, now),
                    Err(error) => self.settle(publisher, Err(error), now, 0.0),
                },
                Step::WaitUntil(time) => {
                    next = Some(time);
                    break;
                }
                Step::Idle => {
                    next = None;
                    break;
                }
            }
        }
        for (id, push, timeout) in std::mem::take(&mut self.pushes) {
            let limits = self.session.limits();
            let limits = CallLimits { timeout: timeout.min(limits.timeout), ..limits };
            match self.session.begin(push, limits, now) {
                Ok(exchange) => self.enter(Caller::Push(id), exchange, now),
                Err(error) => self.pushed(id, &Err(error.into())),
            }
        }
        let store = if self.is_storing { None } else { self.budget.take_command() };
        self.is_storing |= store.is_some();
        self.log.extend(self.budget.take_problem().map(|text| Line {
            warning: false,
            stream_key: None,
            event: None,
            text,
        }));
        self.collect_changed();
        self.end_late_waits(now.monotonic);
        let send = self.send_due(now);
        let looks = self.counted.iter().map(|(_, look)| now.monotonic + *look).min();
        let due = self.due.first().map(|(time, _)| *time);
        let deadline = self.deadlines.first().map(|(time, _)| *time);
        let wait = [next, due, deadline, looks].into_iter().flatten().min();
        Steps {
            send,
            store,
            outcomes: std::mem::take(&mut self.outcomes),
            log: std::mem::take(&mut self.log),
            wait: wait.map(|time| time.saturating_sub(now.monotonic)),
        }
    }

    /// Takes what came of a request. `chance` is a random number from 0 to 1.
    pub fn answered(&mut self, request: u64, answer: Result<Response, TransportError>, now: Now, chance: f64) {
        // The answer to a call that was abandoned is of no use.
        let Some(mut call) = self.calls.remove(&request) else { return };
        self.due.remove(&(call.moment, request));
        match (self.session.proceed(&mut call.exchange, answer, now, chance), call.caller) {
            (Next::RetryAfter(pause), _) => {
                let sent = call.exchange.request();
                let text = format!("trying again in {} ms", pause.as_millis() as u64);
                let pushed = match call.caller {
                    Caller::Push(id) => self.publishers.get(&id.key()).map(|publisher| publisher.stream_key.clone()),
                    Caller::Op(_) | Caller::Publisher(_) => None,
                };
                let stream_key = Some(pushed.unwrap_or_else(|| subject(sent)));
                self.log.push(Line { warning: false, stream_key, event: None, text });
                if is_of_the_budget(sent.spec) {
                    self.budget.charge(now.monotonic);
                }
                (call.moment, call.is_sent) = (now.monotonic + pause, false);
                self.due.insert((call.moment, request));
                self.calls.insert(request, call);
            }
            (Next::Done(outcome), Caller::Publisher(publisher)) => self.settle(publisher, outcome, now, chance),
            (Next::Done(outcome), Caller::Push(publisher)) => self.pushed(publisher, &outcome),
            (Next::Done(outcome), Caller::Op(op)) => {
                let request = call.exchange.request();
                if is_of_the_budget(request.spec) {
                    self.budget.learn(&outcome, now.monotonic, chance);
                }
                if outcome.is_ok() {
                    self.dispatcher.succeeded(now.monotonic);
                }
                self.log_outcome(&subject(request), &outcome);
                self.finish(op, outcome.map(Some));
            }
        }
    }

    /// Takes the store's reply to the newest command, or why there is none.
    pub fn stored(&mut self, reply: Result<Reply, String>, now: Duration) {
        self.is_storing = false;
        self.budget.take_reply(reply, now);
    }

    fn log_outcome(&mut self, subject: &str, outcome: &Result<Answer>) {
        let mut add = |warning, text| {
            let stream_key = Some(subject.to_owned());
            self.log.push(Line { warning, stream_key, event: None, text });
        };
        match outcome {
            Ok(answer) => {
                let facts = &answer.facts;
                facts.advice.iter().for_each(|advice| add(true, advice.clone()));
                if let Some(warning) = answer.text("warning") {
                    add(true, format!("the service warns: {warning}"));
                }
                let (status, attempts) = (facts.status, facts.attempts);
                let milliseconds = facts.elapsed.as_millis() as u64;
                let operation = answer.text("operation").unwrap_or("done");
                add(false, format!("{operation} (status: {status}, attempts: {attempts}, {milliseconds} ms)"));
            }
            Err(error) => self.log_failure(Some(subject), error),
        }
    }

    /// Before anything is sent, what was given for a stream key may yet be found to be the API key.
    fn log_failure(&mut self, stream_key: Option<&str>, error: &Error) {
        let text = format!("{}: {error}", error.kind());
        self.log.push(Line { warning: false, stream_key: stream_key.map(str::to_owned), event: None, text });
    }

    /// Takes up a call, which is sent at the next poll.
    fn enter(&mut self, caller: Caller, exchange: Exchange, now: Now) {
        self.requests = self.requests.wrapping_add(1);
        self.due.insert((now.monotonic, self.requests));
        let call = Call { caller, exchange, moment: now.monotonic, is_sent: false };
        self.calls.insert(self.requests, call);
    }

    /// The requests whose moment has come.
    fn send_due(&mut self, now: Now) -> Vec<Outgoing> {
        let mut send = Vec::new();
        // Each once: where no time is left, a call that is sent here is lost already.
        let due: Vec<_> = self.due.iter().copied().take_while(|(moment, _)| *moment <= now.monotonic).collect();
        for (moment, request) in due {
            self.due.remove(&(moment, request));
            let Some(call) = self.calls.get_mut(&request) else { continue };
            match self.session.http_request(&call.exchange) {
                Ok(http) => {
                    let timeout = call.exchange.time_left(now);
                    (call.moment, call.is_sent) =
                        (now.monotonic.saturating_add(timeout).saturating_add(self.rules.request_lateness), true);
                    self.due.insert((call.moment, request));
                    let op = match call.caller {
                        Caller::Op(op) => Some(op),
                        Caller::Publisher(_) | Caller::Push(_) => None,
                    };
                    let connect_timeout = self.session.connect_timeout();
                    send.push(Outgoing { request, op, http, timeout, connect_timeout });
                }
                Err(error) => {
                    let caller = call.caller;
                    self.calls.remove(&request);
                    match caller {
                        Caller::Op(op) => self.finish(op, Err(error.into())),
                        Caller::Push(publisher) => self.pushed(publisher, &Err(error.into())),
                        Caller::Publisher(publisher) => self.settle(publisher, Err(error.into()), now, 0.0),
                    }
                }
            }
        }
        send
    }

    /// Ends the requests that an edge has lost: say, since the runtime on which they were sent is idle.
    fn lose_silent_calls(&mut self, now: Now) {
        while let Some((moment, request)) = self.due.first().copied().filter(|(moment, _)| *moment <= now.monotonic) {
            match self.calls.get(&request) {
                Some(call) if call.is_sent => self.answered(request, Err(TransportError::timeout()), now, 0.0),
                // The rest is sent below.
                Some(_) => break,
                None => self.due.remove(&(moment, request)),
            }
        }
    }

    fn settle(&mut self, publisher: PublisherId, outcome: Result<Answer>, now: Now, chance: f64) {
        self.dispatcher.settle(publisher, outcome, now.monotonic, chance, &mut *self.budget);
    }

    fn finish(&mut self, op: Op, outcome: Result<Option<Answer>>) {
        self.outcomes.push(Finished { op, outcome: outcome.map_or_else(Outcome::Failed, Outcome::Done) });
    }

    fn read_counter(&mut self, id: PublisherId, now: Duration) {
        self.show_count(id, || now);
    }

    /// Shows how far a counter is. Where another state took the place of the one it was made for, it shows nothing.
    fn show_count(&mut self, id: PublisherId, now: impl FnOnce() -> Duration) -> bool {
        let counter = self.publishers.get(&id.key()).and_then(|publisher| publisher.counter.as_ref());
        match counter.filter(|_| self.dispatcher.takes_changes(id)) {
            Some(counter) => self.dispatcher.update(id, counter.read(), Urgency::ByKind, now).unwrap_or_default(),
            None => false,
        }
    }

    fn wait_for_flush(&mut self, publishers: Vec<PublisherId>, timeout: Option<Duration>, op: Op, now: Duration) {
        let timeout = timeout.unwrap_or(self.rules.flush_timeout);
        for id in &publishers {
            self.dispatcher.hasten(*id);
        }
        let until = now.saturating_add(timeout);
        self.deadlines.insert((until, op));
        self.wait_for(Wait { timeout, until: Some(until), ..Wait::on(publishers) }, op);
    }

    fn wait_for_end(&mut self, publishers: Vec<PublisherId>, op: Op) {
        self.wait_for(Wait { is_end: true, ..Wait::on(publishers) }, op);
    }

    fn wait_for(&mut self, wait: Wait, op: Op) {
        let publishers = wait.publishers.clone();
        self.waits.insert(op, wait);
        for id in &publishers {
            if let Some(publisher) = self.publishers.get_mut(&id.key()) {
                publisher.waits.push(op);
            }
        }
        for id in publishers {
            self.settle_wait(op, id);
        }
        self.finish_wait(op);
    }

    /// Takes note of what became of one of the publishers that are waited for, once that is known.
    fn settle_wait(&mut self, op: Op, id: PublisherId) {
        let Some(wait) = self.waits.get(&op) else { return };
        let known = if wait.is_end { self.ended(id) } else { self.arrived(id).map(|outcome| outcome.map(|()| None)) };
        let Some(outcome) = known else { return };
        self.keep_problem(id, op, outcome.as_ref().err());
        let Some(wait) = self.waits.get_mut(&op) else { return };
        wait.publishers.retain(|waiting| *waiting != id);
        match outcome {
            Ok(response) => wait.response = response,
            Err(error) => _ = wait.failure.get_or_insert(error),
        }
    }

    /// Gives what is waited for its outcome, where that of all publishers is known.
    fn finish_wait(&mut self, op: Op) {
        if self.waits.get(&op).is_some_and(|wait| wait.publishers.is_empty())
            && let Some(wait) = self.waits.remove(&op)
        {
            self.deadlines.remove(&(wait.until.unwrap_or_default(), op));
            self.finish(op, wait.failure.map_or(Ok(wait.response), Err));
        }
    }

    fn keep_problem(&mut self, id: PublisherId, op: Op, problem: Option<&Error>) {
        if let Some(publisher) = self.publishers.get_mut(&id.key()) {
            publisher.problem = problem.cloned();
        }
        self.wait_no_more(id, op);
    }

    fn wait_no_more(&mut self, id: PublisherId, op: Op) {
        if let Some(publisher) = self.publishers.get_mut(&id.key()) {
            publisher.waits.retain(|waiting| *waiting != op);
        }
        self.forget_released(id);
    }

    fn end_late_waits(&mut self, now: Duration) {
        while let Some((until, op)) = self.deadlines.first().copied().filter(|(until, _)| *until <= now) {
            self.deadlines.remove(&(until, op));
            self.wait_for_no_push(op);
            let Some(wait) = self.waits.remove(&op) else { continue };
            let late = wait.publishers.first().map(|id| {
                let budget = &*self.budget;
                self.dispatcher.not_arrived(*id, wait.timeout, now, budget)
            });
            let Some(error) = wait.failure.or(late) else { continue };
            for id in wait.publishers {
                if let Some(publisher) = self.publishers.get(&id.key()).filter(|_| wait.is_exit) {
                    let stream_key = Some(publisher.stream_key.clone());
                    let text = "the newest state did not arrive before the process ended".to_owned();
                    self.log.push(Line { warning: true, stream_key, event: None, text });
                }
                self.keep_problem(id, op, Some(&error));
            }
            self.finish(op, Err(error));
        }
    }

    /// Gives an end whose time is up the outcomes that are known but for a push, which goes on.
    fn wait_for_no_push(&mut self, op: Op) {
        let Some(wait) = self.waits.get(&op).filter(|wait| wait.is_end) else { return };
        for id in wait.publishers.clone() {
            if self.dispatcher.outcome(id).is_some() {
                if let Some(publisher) = self.publishers.get_mut(&id.key()) {
                    publisher.pushes.is_under_way = false;
                }
                self.settle_wait(op, id);
            }
        }
        self.finish_wait(op);
    }

    /// The outcome of a publisher's end, once it is known. Where nothing can be or is to be sent, it is no failure.
    fn ended(&mut self, id: PublisherId) -> Option<Result<Option<Answer>>> {
        let Some(publisher) = self.publishers.get(&id.key()).filter(|publisher| !publisher.is_detached) else {
            return Some(Ok(None));
        };
        if publisher.pushes.is_under_way {
            return None;
        }
        if publisher.disabled_reason.is_some() {
            return Some(Ok(Some((STREAM.inert)(&publisher.stream_key))));
        }
        Some(self.dispatcher.outcome(id)?.map(Some))
    }

    /// Whether a publisher's newest state has arrived, or why not, once that is known.
    fn arrived(&mut self, id: PublisherId) -> Option<Result<()>> {
        if self.publishers.get(&id.key()).is_none_or(|publisher| publisher.disabled_reason.is_some()) {
            return Some(Ok(()));
        }
        if let Some(ended) = self.dispatcher.outcome(id) {
            return Some(ended.map(|_| ()));
        }
        match self.dispatcher.newest(id) {
            Ok(Newest::Pending) => None,
            Ok(Newest::Acknowledged) => Some(Ok(())),
            Ok(Newest::Refused(error)) => Some(Err((*error).clone())),
            Err(error) => Some(Err(error)),
        }
    }

    /// Takes in what has happened to publishers since this was done last.
    fn collect_changed(&mut self) {
        for id in self.dispatcher.take_changed() {
            self.collect(id);
            self.settle_waits(id);
        }
    }

    /// Gives what waits for a publisher its outcome, where that is known now.
    fn settle_waits(&mut self, id: PublisherId) {
        let waits = self.publishers.get(&id.key()).map(|publisher| publisher.waits.clone()).unwrap_or_default();
        for op in waits {
            self.settle_wait(op, id);
            self.finish_wait(op);
        }
        self.forget_released(id);
    }

    fn collect(&mut self, id: PublisherId) {
        let Some(publisher) = self.publishers.get_mut(&id.key()) else { return };
        for event in self.dispatcher.take_events(id) {
            // It was said once that nothing is published, and why.
            let is_known =
                publisher.disabled_reason.is_some() && !matches!(event.kind, EventKind::Adjusted | EventKind::AfterEnd);
            if is_known || publisher.is_shut_down && event.kind == EventKind::AfterEnd {
                continue;
            }
            let line = Line {
                warning: publisher.events.keep(event.clone()),
                stream_key: Some(publisher.stream_key.clone()),
                event: Some(event.kind),
                text: event.message,
            };
            self.log.push(line);
        }
    }

    fn forget_released(&mut self, id: PublisherId) {
        let is_done = |publisher: &Publisher| {
            publisher.is_released && publisher.waits.is_empty() && !publisher.pushes.is_under_way
        };
        if self.publishers.get(&id.key()).is_some_and(is_done) && self.dispatcher.is_over(id) {
            self.collect(id);
            self.publishers.remove(&id.key());
            self.counted.retain(|(counted, _)| *counted != id);
            self.dispatcher.remove(id);
        }
    }
}

impl Serialize for Outgoing {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { request, op, http, timeout, connect_timeout } = self;
        let mut send = serializer.serialize_struct("Outgoing", 10)?;
        send.serialize_field("request", request)?;
        send.serialize_field("op", op)?;
        send.serialize_field("method", http.method)?;
        send.serialize_field("url", &http.url())?;
        send.serialize_field("loopback", &http.loopback)?;
        send.serialize_field("headers", &AsObject(&http.headers))?;
        send.serialize_field("body", &http.body.as_deref().map(String::from_utf8_lossy))?;
        send.serialize_field("timeout_seconds", &timeout.as_secs_f64())?;
        send.serialize_field("connect_timeout_seconds", &connect_timeout.as_secs_f64())?;
        send.serialize_field("largest_answer", &LARGEST_ANSWER)?;
        send.end()
    }
}

struct AsObject<'a>(&'a [(&'static str, String)]);

impl Serialize for AsObject<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

impl Serialize for Line {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut line = serializer.serialize_struct("Line", 2)?;
        line.serialize_field("warning", &self.warning)?;
        let subject = self.stream_key.as_ref().map(|key| format!("{key}: ")).unwrap_or_default();
        line.serialize_field("message", &format!("{subject}{}", self.text))?;
        line.end()
    }
}

/// Whether its requests are counted with those of publishers.
fn is_of_the_budget(spec: &Spec) -> bool {
    spec.family == STREAM.family
}

/// What a line of the log is about: a stream, or the endpoint where that has no key.
fn subject(request: &Request) -> String {
    if request.key.is_empty() { request.spec.name.to_owned() } else { request.key.clone() }
}

#[allow(clippy::ref_option, reason = "serde hands it over so")]
fn seconds<S: Serializer>(time: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
    time.map(|time| time.as_secs_f64()).serialize(serializer)
}

#[cfg(all(test, feature = "client"))]
mod tests {
    use std::time::SystemTime;

    use serde_json::{Value, json};

    use super::*;
    use crate::call::{Nulls, Settings, Variables};
    use crate::error::ClosedError;

    const UPDATED: &str = r#"{"success": true, "operation": "updated"}"#;
    const ENDED: &str = r#"{"success": true, "operation": "ended"}"#;

    /// A driver, and the seconds that have passed.
    struct Story {
        driver: Driver,
        session: Arc<Session>,
        seconds: f64,
    }

    impl Story {
        fn new() -> Self {
            Self::with(Settings { api_key: Some("ask_1".to_owned()), ..Settings::default() })
        }

        fn with(settings: Settings) -> Self {
            let session = Arc::new(Session::new(settings, Variables(|_| None)).unwrap());
            let driver = Driver::new(Arc::clone(&session), Rules::of(&session).unwrap(), None);
            Self { driver, session, seconds: 0.0 }
        }

        fn now(&self) -> Now {
            let monotonic = Duration::from_secs_f64(self.seconds);
            Now { monotonic, wall: SystemTime::UNIX_EPOCH + monotonic }
        }

        fn poll(&mut self) -> Value {
            serde_json::to_value(self.driver.poll(self.now())).unwrap()
        }

        /// Answers each request that is to be sent, and gives the methods of these and the outcomes.
        fn serve(&mut self, status: u16, body: &str) -> (Vec<String>, Value) {
            let steps = self.poll();
            let mut methods = Vec::new();
            for send in steps["send"].as_array().unwrap() {
                methods.push(send["method"].as_str().unwrap().to_owned());
                let answer = format!(r#"{{"request": {}, "status": {status}, "headers": []}}"#, send["request"]);
                self.driver.answered_json(answer.as_bytes(), body.into(), self.now(), 0.5).unwrap();
            }
            (methods, if steps["send"] == Value::Array(Vec::new()) { steps } else { self.poll() }["outcomes"].clone())
        }

        fn publish(&mut self) -> Handle {
            self.publish_as("k")
        }

        fn publish_as(&mut self, key: &str) -> Handle {
            let beginning = json!({"stream_key": key, "body": {"title": "T", "type": "progress", "percentage": 0}});
            let (disabled_reason, now) = (self.session.disabled_reason(), self.now().monotonic);
            self.driver.publish_json(beginning.to_string().as_bytes(), Nulls::Values, disabled_reason, now).unwrap()
        }

        fn publish_with(&mut self, options: &str) -> Result<Handle> {
            let state = r#"{"title": "T", "type": "progress", "percentage": 0}"#;
            let beginning = format!(r#"{{"stream_key": "k", "body": {state}, {options}}}"#);
            self.driver.publish_json(beginning.as_bytes(), Nulls::Values, None, self.now().monotonic)
        }

        /// Answers what is to be sent, a push and all else each by its own status, until nothing is; gives the paths.
        fn serve_all(&mut self, pushed: u16, ended: u16) -> (Vec<String>, Vec<Value>, Vec<Line>) {
            let (mut paths, mut outcomes, mut log) = (Vec::new(), Vec::new(), Vec::new());
            loop {
                let steps = self.driver.poll(self.now());
                outcomes.extend(steps.outcomes.iter().map(|finished| serde_json::to_value(finished).unwrap()));
                log.extend(steps.log);
                if steps.send.is_empty() {
                    return (paths, outcomes, log);
                }
                for send in steps.send {
                    let (status, body) = if send.http.path == "/push-notification" {
                        (pushed, send.http.body.clone().unwrap())
                    } else {
                        (ended, UPDATED.into())
                    };
                    paths.push(send.http.path);
                    let answer = Response { status, headers: Vec::new(), body };
                    self.driver.answered(send.request, Ok(answer), self.now(), 0.5);
                }
            }
        }

        fn change(&mut self, live: Handle, change: &str) -> Result<bool> {
            self.driver.change_json(live, change.as_bytes(), Nulls::Values, || Duration::ZERO)
        }

        fn end(&mut self, live: Handle, end: &str, op: Op) {
            self.driver.end_json(live, end.as_bytes(), Nulls::Values, op, self.now().monotonic).unwrap();
        }
    }

    const PUSHES: &str = r#""on_failure": {"title": "Failed", "channels": ["ops"]}, "on_success": {"title": "Done"}"#;

    #[test]
    fn a_job_pushes_what_fits_how_it_ended() {
        for (how, stream, push) in
            [("failed", "PUT", "Failed"), ("finished", "PUT", "Done"), ("complete", "PUT", "Done")]
        {
            let mut story = Story::new();
            let live = story.publish_with(PUSHES).unwrap();
            assert_eq!(story.serve(200, UPDATED).0, [stream]);
            story.end(live, &format!(r#"{{"how": "{how}"}}"#), 7);
            let sent = story.driver.poll(story.now()).send;
            let body =
                |path: &str| sent.iter().find(|send| send.http.path == path).and_then(|send| send.http.body.clone());
            let body: Value = serde_json::from_slice(&body("/push-notification").unwrap()).unwrap();
            assert_eq!(body["title"], push);
            assert_eq!(body.get("target"), (push == "Failed").then(|| json!({"channels": ["ops"]})).as_ref());
        }
    }

    #[test]
    fn a_push_is_part_of_the_end_and_none_of_its_outcome() {
        for (pushed, ended) in [(200, 200), (403, 200), (200, 403), (500, 200)] {
            let mut story = Story::new();
            let live = story.publish_with(PUSHES).unwrap();
            story.serve(200, UPDATED);
            story.end(live, r#"{"how": "failed"}"#, 7);
            story.driver.forget(live);
            let (mut paths, outcomes, log) = story.serve_all(pushed, ended);
            paths.sort();
            // A push is sent once, whatever becomes of it.
            assert_eq!(paths, ["/live-activity/stream/k", "/push-notification"], "{pushed} {ended}");
            assert_eq!(outcomes.len(), 1, "{pushed} {ended}");
            assert_eq!(outcomes[0]["outcome"].get("done").is_some(), ended == 200, "{outcomes:?}");
            let warnings =
                log.iter().filter(|line| line.warning && line.text.contains("push notification was not sent"));
            assert_eq!(warnings.count(), usize::from(pushed != 200), "{log:?}");
            assert!(story.driver.is_idle());
        }
    }

    #[test]
    fn an_end_waits_for_its_push_as_long_as_it_may_take() {
        let mut story = Story::new();
        let live = story.publish_with(PUSHES).unwrap();
        story.serve(200, UPDATED);
        story.end(live, r#"{"how": "failed", "timeout_seconds": 3}"#, 7);
        for send in story.driver.poll(story.now()).send {
            assert!(send.timeout <= Duration::from_secs(3), "{send:?}");
            if send.http.path != "/push-notification" {
                let answer = Response { status: 200, headers: Vec::new(), body: ENDED.into() };
                story.driver.answered(send.request, Ok(answer), story.now(), 0.5);
            }
        }
        assert_eq!(story.poll()["outcomes"], json!([]));
        story.seconds += story.poll()["wait_seconds"].as_f64().unwrap() + 1e-3;
        assert_eq!(story.poll()["outcomes"][0]["op"], 7);
    }

    #[test]
    fn a_job_that_was_never_shown_pushes_all_the_same() {
        for (options, status) in [
            (r#""show_after_seconds": 600"#, None),
            (r#""flush_timeout_seconds": 0"#, None),
            (r#""show_after_seconds": 0"#, Some(403)),
        ] {
            let mut story = Story::new();
            let live = story.publish_with(&format!("{options}, {PUSHES}")).unwrap();
            if let Some(status) = status {
                story.serve(status, r#"{"error": "Forbidden"}"#);
            }
            story.end(live, r#"{"how": "finished"}"#, 7);
            let sent = story.driver.poll(story.now()).send;
            let push = sent.iter().find(|send| send.http.path == "/push-notification").expect(options);
            assert!(push.timeout >= Duration::from_millis(250), "{options}: {push:?}");
        }
    }

    #[test]
    fn a_closed_client_pushes_nothing() {
        let mut story = Story::new();
        let live = story.publish_with(PUSHES).unwrap();
        story.serve(200, UPDATED);
        story.driver.stop(ClosedError::new("the client is closed").into());
        story.end(live, r#"{"how": "failed"}"#, 7);
        assert_eq!(story.serve_all(200, 200).0, [""; 0]);
    }

    #[test]
    fn a_late_push_makes_no_end_late() {
        let mut story = Story::new();
        let live = story.publish_with(PUSHES).unwrap();
        story.serve(200, UPDATED);
        story.end(live, r#"{"how": "failed", "timeout_seconds": 60}"#, 7);
        for send in
            story.driver.poll(story.now()).send.into_iter().filter(|send| send.http.path != "/push-notification")
        {
            let answer = Response { status: 200, headers: Vec::new(), body: ENDED.into() };
            story.driver.answered(send.request, Ok(answer), story.now(), 0.5);
        }
        story.driver.shutdown(None, Some(Duration::from_secs(1)), 8, story.now().monotonic);
        story.seconds += 2.0;
        let outcomes = story.poll()["outcomes"].clone();
        let of_shutdown = outcomes.as_array().unwrap().iter().find(|finished| finished["op"] == 8);
        assert_eq!(of_shutdown.unwrap()["outcome"].get("failed"), None, "{outcomes}");
        assert!(story.driver.problem(live, story.now().monotonic).is_none());
    }

    #[test]
    fn a_push_is_checked_when_publishing_starts() {
        let mut story = Story::new();
        let error = story.publish_with(r#""on_failure": {"titel": "T"}"#).unwrap_err().to_string();
        assert!(error.contains("on_failure.titel is unknown; did you mean title?"), "{error}");
        let beginning = br#"{"stream_key": "k", "body": {"title": "T"}, "on_success": 5}"#;
        let error = super::super::json::check_publishing(beginning, Nulls::Values).unwrap_err().to_string();
        assert!(error.contains("on_success is a number; give an object"), "{error}");
    }

    #[test]
    fn a_detached_stream_pushes_nothing() {
        let mut story = Story::new();
        let live = story.publish_with(PUSHES).unwrap();
        story.serve(200, UPDATED);
        story.driver.detach(live);
        story.end(live, r#"{"how": "failed"}"#, 7);
        assert_eq!(story.serve_all(200, 200).0, [""; 0]);
    }

    #[test]
    fn a_call_is_repeated_and_has_one_outcome() {
        let mut story = Story::new();
        let call = br#"{"endpoint": "stream", "key": "k", "body": {"content_state": {"title": "T", "percentage": 5}}}"#;
        story.driver.call_json(call, Nulls::Values, 7, story.now()).unwrap();
        assert_eq!(story.serve(500, "{}"), (vec!["PUT".to_owned()], json!([])));
        let wait = story.poll()["wait_seconds"].as_f64().unwrap();
        assert!(wait > 0.0 && wait < 5.0, "{wait}");
        story.seconds += wait;
        let (methods, outcomes) = story.serve(200, UPDATED);
        assert_eq!((methods.len(), &outcomes[0]["op"]), (1, &7.into()));
        assert_eq!(outcomes[0]["outcome"]["done"]["facts"]["attempts"], 2);
        assert_eq!(story.serve(200, UPDATED), (Vec::new(), json!([])));
    }

    #[test]
    fn a_cancelled_call_has_no_outcome() {
        let mut story = Story::new();
        story.driver.call_json(br#"{"endpoint": "end_stream", "key": "k"}"#, Nulls::Values, 7, story.now()).unwrap();
        let request = story.poll()["send"][0]["request"].clone();
        story.driver.cancel(7);
        let answer = format!(r#"{{"request": {request}, "failure": "interrupted", "detail": "gone"}}"#);
        story.driver.answered_json(answer.as_bytes(), Vec::new(), story.now(), 0.5).unwrap();
        assert_eq!(story.poll()["outcomes"], json!([]));
        assert!(story.driver.is_idle());
    }

    #[test]
    fn an_outcome_that_was_not_taken_is_something_to_poll_for() {
        let mut story = Story::new();
        story.driver.fail(1, ConfigError::new("call", "is none").into());
        assert!(!story.driver.is_idle());
        assert_eq!(story.poll()["outcomes"][0]["op"], 1);
        assert!(story.driver.is_idle());
    }

    #[test]
    fn an_operation_that_is_cancelled_once_it_is_settled_has_no_outcome() {
        let mut story = Story::new();
        let live = story.publish();
        story.serve(200, UPDATED);
        story.driver.flush_json(live, b"{}", 7, story.now().monotonic).unwrap();
        story.driver.cancel(7);
        assert_eq!(story.poll()["outcomes"], json!([]));
    }

    #[test]
    fn an_alert_that_is_replaced_is_logged_at_once() {
        let mut story = Story::new();
        let live = story.publish();
        assert!(!story.change(live, r#"{"update": {"alert": {"title": "one"}}}"#).unwrap());
        assert!(story.change(live, r#"{"update": {"alert": {"title": "two"}}}"#).unwrap());
        assert!(story.driver.take_log()[0].text.contains("an alert was replaced"));
    }

    #[test]
    fn a_request_that_an_edge_has_lost_counts_as_one_without_an_answer() {
        let mut story =
            Story::with(Settings { api_key: Some("ask_1".to_owned()), max_retries: 0, ..Settings::default() });
        story.driver.call_json(br#"{"endpoint": "end_stream", "key": "k"}"#, Nulls::Values, 7, story.now()).unwrap();
        assert_eq!(story.poll()["send"].as_array().unwrap().len(), 1);
        assert_eq!(story.poll()["wait_seconds"], 16.0);
        story.seconds = 16.0;
        assert_eq!(story.poll()["outcomes"][0]["outcome"]["failed"]["kind"], "timeout");
    }

    #[test]
    fn a_publisher_is_there_until_it_is_over_and_released() {
        let mut story = Story::new();
        let live = story.publish();
        story.driver.flush_json(live, b"{}", 1, story.now().monotonic).unwrap();
        let (methods, outcomes) = story.serve(200, UPDATED);
        assert_eq!((methods, &outcomes[0]["outcome"]), (vec!["PUT".to_owned()], &json!({"done": null})));
        story.end(live, r#"{"how": "finished"}"#, 2);
        story.driver.release(live, Ending::Failed(None), story.now().monotonic);
        let (methods, outcomes) = story.serve(200, ENDED);
        assert_eq!((methods, &outcomes[0]["op"]), (vec!["DELETE".to_owned()], &2.into()));
        assert!(story.driver.is_idle());
    }

    #[test]
    fn a_publisher_that_is_released_before_its_end_ends_as_failed() {
        let mut story = Story::new();
        let live = story.publish();
        story.serve(200, UPDATED);
        story.driver.release(live, Ending::Failed(None), story.now().monotonic);
        let steps = story.poll();
        assert!(steps["send"][0]["body"].as_str().unwrap().contains(r#""color":"red""#), "{steps}");
    }

    #[test]
    fn a_second_end_has_the_outcome_of_the_first_and_late_changes_are_reported_once() {
        let mut story = Story::new();
        let live = story.publish();
        story.serve(200, UPDATED);
        story.end(live, r#"{"how": "failed", "reason": "OSError"}"#, 1);
        let (_, first) = story.serve(401, "{}");
        story.end(live, "{}", 2);
        let (_, second) = story.serve(200, "{}");
        assert_eq!(first[0]["outcome"]["failed"]["kind"], "unauthorized");
        assert_eq!(first[0]["outcome"], second[0]["outcome"]);
        let now = story.now().monotonic;
        assert_eq!(story.driver.problem(live, now).unwrap().kind(), "unauthorized");
        story.driver.events(live);
        for change in [r#"{"done": 3}"#, r#"{"update": {"percentage": 9}}"#, "no JSON"] {
            story.change(live, change).unwrap();
        }
        let kinds: Vec<_> = story.driver.events(live).iter().map(|event| event.kind.as_str()).collect();
        assert_eq!(kinds, ["after_end"]);
    }

    #[test]
    fn without_a_key_states_are_checked_and_nothing_is_sent() {
        let mut story = Story::with(Settings::default());
        let live = story.publish();
        assert!(story.change(live, r#"{"update": {"message": "m"}}"#).is_err());
        story.change(live, r#"{"update": {"percentage": 130}}"#).unwrap();
        story.publish();
        story.driver.flush_json(live, b"{}", 1, story.now().monotonic).unwrap();
        story.end(live, "{}", 2);
        let steps = story.poll();
        assert_eq!(steps["send"], json!([]));
        let outcomes = steps["outcomes"].as_array().unwrap();
        assert!(outcomes.iter().all(|finished| finished["outcome"].get("done").is_some()), "{steps}");
        let lines: Vec<_> =
            steps["log"].as_array().unwrap().iter().map(|line| line["message"].as_str().unwrap()).collect();
        assert!(lines[0].starts_with("nothing is published: ACTIVITYSMITH_API_KEY is not set"), "{lines:?}");
        assert!(lines.len() == 2 && lines[1].starts_with("k: ") && lines[1].contains("percentage"), "{lines:?}");
        let now = story.now().monotonic;
        assert_eq!(story.driver.problem(live, now).unwrap().kind(), "config");
    }

    #[test]
    fn an_end_that_nothing_waits_for_any_more_goes_on() {
        let mut story = Story::new();
        let live = story.publish();
        story.serve(200, UPDATED);
        story.end(live, "{}", 1);
        story.driver.cancel(1);
        story.driver.forget(live);
        assert_eq!(story.serve(200, ENDED), (vec!["DELETE".to_owned()], json!([])));
        assert!(story.driver.is_idle());
    }

    #[test]
    fn a_detached_publisher_ends_at_once() {
        let mut story = Story::new();
        let live = story.publish();
        story.serve(200, UPDATED);
        story.driver.detach(live);
        story.end(live, "{}", 1);
        let steps = story.poll();
        assert_eq!((&steps["send"], &steps["outcomes"][0]["outcome"]), (&json!([]), &json!({"done": null})));
        let now = story.now().monotonic;
        assert!(story.driver.problem(live, now).is_none());
    }

    #[test]
    fn a_shutdown_ends_all_that_have_not_ended_and_waits_for_all() {
        let mut story = Story::new();
        let lives: Vec<_> = (0..3).map(|n| story.publish_as(&n.to_string())).collect();
        story.serve(200, UPDATED);
        story.end(lives[0], "{}", 1);
        story.driver.release(lives[0], Ending::Failed(None), story.now().monotonic);
        story.driver.shutdown_json(br#"{"how": "failed"}"#, 2, story.now().monotonic).unwrap();
        let (methods, outcomes) = story.serve(200, ENDED);
        assert_eq!(methods, ["DELETE"; 3]);
        let ops: Vec<_> = outcomes.as_array().unwrap().iter().map(|finished| &finished["op"]).collect();
        assert_eq!((ops.len(), ops.contains(&&2.into())), (2, true), "{outcomes}");
        story.driver.shutdown_json(b"{}", 3, story.now().monotonic).unwrap();
        story.change(lives[1], r#"{"update": {"percentage": 9}}"#).unwrap();
        let steps = story.poll();
        assert_eq!((&steps["outcomes"][0]["op"], &steps["log"]), (&3.into(), &json!([])));
    }

    #[test]
    fn a_shutdown_within_a_time_does_not_wait_for_an_end_that_takes_longer() {
        let mut story = Story::new();
        let live = story.publish();
        story.serve(200, UPDATED);
        story.end(live, r#"{"timeout_seconds": 60}"#, 1);
        story.driver.shutdown_json(br#"{"timeout_seconds": 1}"#, 2, story.now().monotonic).unwrap();
        assert_eq!(story.poll()["wait_seconds"], 1.25);
        story.seconds = 1.25;
        let steps = story.poll();
        assert_eq!((&steps["outcomes"][0]["op"], steps["outcomes"].as_array().unwrap().len()), (&2.into(), 1));
        assert_eq!(steps["outcomes"][0]["outcome"]["failed"]["kind"], "timeout");
    }

    #[test]
    fn flushing_all_says_what_did_not_arrive() {
        let mut story = Story::new();
        story.publish_as("one");
        story.publish_as("two");
        story.driver.flush_all_json(br#"{"timeout_seconds": 3}"#, 1, story.now().monotonic).unwrap();
        assert_eq!(story.poll()["send"].as_array().unwrap().len(), 2);
        story.seconds = 3.0;
        assert_eq!(story.poll()["outcomes"][0]["outcome"]["failed"]["kind"], "timeout");
    }

    #[test]
    fn a_flush_at_the_exit_takes_as_long_as_the_rules_say_and_logs_what_did_not_arrive() {
        let mut story = Story::new();
        story.publish_as("one");
        story.driver.flush_at_exit(1, story.now().monotonic);
        assert_eq!(story.poll()["log"], json!([]));
        story.seconds = 2.0;
        let steps = story.poll();
        assert_eq!(steps["outcomes"][0]["outcome"]["failed"]["kind"], "timeout");
        let message = "one: the newest state did not arrive before the process ended";
        assert_eq!(steps["log"], json!([{"warning": true, "message": message}]));
    }

    #[test]
    fn handles_that_are_dropped_together_share_one_time_limit() {
        let mut story = Story::new();
        let lives: Vec<_> = (0..3).map(|n| story.publish_as(&n.to_string())).collect();
        story.serve(200, UPDATED);
        for (op, live) in lives.into_iter().enumerate() {
            story.driver.end_dropped(live, None, op as Op, story.now().monotonic).unwrap();
            for _ in 0..100 {
                let wait = story.poll()["wait_seconds"].as_f64().unwrap_or_default();
                if story.driver.waits.is_empty() {
                    break;
                }
                story.seconds += wait;
            }
        }
        assert!((2.0..6.0).contains(&story.seconds), "{} s", story.seconds);
    }

    #[test]
    fn a_closed_driver_refuses_calls_and_publishers_and_says_why_to_what_waits() {
        let mut story = Story::new();
        let live = story.publish();
        story.driver.call_json(br#"{"endpoint": "end_stream", "key": "k"}"#, Nulls::Values, 7, story.now()).unwrap();
        story.driver.flush_json(live, b"{}", 8, story.now().monotonic).unwrap();
        story.driver.stop(ClosedError::new("the client is closed").into());
        let steps = story.poll();
        assert_eq!(steps["send"], json!([]));
        for finished in steps["outcomes"].as_array().unwrap() {
            assert!(finished["outcome"]["failed"]["description"].as_str().unwrap().contains("is closed"), "{finished}");
        }
        assert_eq!(steps["outcomes"].as_array().unwrap().len(), 2);
        let call = story.driver.call_json(br#"{"endpoint": "end_stream", "key": "k"}"#, Nulls::Values, 9, story.now());
        assert!(call.unwrap_err().to_string().contains("is closed"));
    }
}
