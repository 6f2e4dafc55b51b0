//! Drives calls and publishers without I/O: it says what to send, and takes what came of that. An edge sends, waits and asks again.

use std::time::Duration;

use serde::{Serialize, Serializer};
use serde_json::Value;

use super::json::{Beginning, Change, End, flush_timeout};
use super::{
    AccountBudget as _, Budget, Counters, Dispatcher, Event, EventLog, GRACE, Newest, ProgressCounter, PublisherId,
    Step, Urgency, too_late,
};
use crate::error::{ConfigError, Error, Result};
use crate::exchange::{Exchange, Next, Now, TransportError};
use crate::model::StreamResponse;
use crate::session::{Begun, Nulls, Session};
use crate::wire::{LARGEST_ANSWER, Response, parse_json};

/// Names a call, a flush or an end. Callers choose them.
pub type Op = u32;
/// Names a publisher of a driver.
pub type Handle = u32;

/// The longest text of a transport's failure that is kept, in characters; longer than any key.
const LONGEST_DETAIL: usize = 1_000;

/// The calls and publishers of one client.
#[derive(Debug)]
pub struct Driver {
    session: Session,
    connect_timeout: Duration,
    dispatcher: Dispatcher,
    budget: Budget,
    /// By their handles, in order.
    publishers: Vec<Publisher>,
    opened: Handle,
    waits: Vec<Wait>,
    calls: Vec<Call>,
    /// How many requests there have been.
    requests: u32,
    outcomes: Vec<Finished>,
    log: Vec<Line>,
}

/// What is known of a publisher beside its state.
#[derive(Debug)]
struct Publisher {
    handle: Handle,
    id: PublisherId,
    stream_key: String,
    counter: Option<ProgressCounter>,
    events: EventLog,
    /// A change that came after the end was reported.
    was_late: bool,
    /// What is left of it when it is over.
    over: Option<(Result<()>, Counters)>,
    /// It goes when it is over.
    is_released: bool,
}

/// A flush or an end that has no outcome yet.
#[derive(Debug)]
struct Wait {
    op: Op,
    publisher: Handle,
    is_end: bool,
    timeout: Duration,
    until: Duration,
}

/// A call under way.
#[derive(Debug)]
struct Call {
    request: u32,
    caller: Caller,
    exchange: Exchange,
    /// When it is to be sent, unless it is.
    due: Option<Duration>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Caller {
    Op(Op),
    Publisher(PublisherId),
}

/// What there is to do now.
#[derive(Debug, Serialize)]
pub struct Steps {
    /// What to send.
    pub send: Vec<Send>,
    /// What came of operations.
    pub outcomes: Vec<Finished>,
    /// What to log, after all else: a logger may use the client itself.
    pub log: Vec<Line>,
    /// After how long there may be more to do, unless something happens before.
    #[serde(rename = "wait_seconds", serialize_with = "seconds")]
    pub wait: Option<Duration>,
}

/// A request to be sent.
#[derive(Debug, Serialize)]
pub struct Send {
    /// Its number, to be handed in with its answer.
    pub request: u32,
    /// Whose it is; nothing for one of a publisher.
    pub op: Option<Op>,
    method: &'static str,
    url: String,
    /// Whether it stays on this machine, where no proxy belongs in between.
    loopback: bool,
    #[serde(serialize_with = "as_object")]
    headers: Vec<(&'static str, String)>,
    body: Option<String>,
    timeout_seconds: f64,
    connect_timeout_seconds: f64,
    largest_answer: usize,
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
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(clippy::large_enum_variant, reason = "it is written once and never kept")]
pub enum Outcome {
    /// Its answer; nothing for a flush or an end.
    Done(#[serde(serialize_with = "with_extra_apart")] Option<StreamResponse>),
    /// Why it failed.
    Failed(Error),
}

/// A line of the log.
#[derive(Debug, Serialize)]
pub struct Line {
    /// Whether it is a warning.
    pub warning: bool,
    /// What it says.
    pub message: String,
}

impl Driver {
    /// A driver of a session's calls, which connect in this time.
    pub fn new(session: Session, connect_timeout: Duration) -> Self {
        Self {
            session,
            connect_timeout,
            dispatcher: Dispatcher::default(),
            budget: Budget::default(),
            publishers: Vec::new(),
            opened: 0,
            waits: Vec::new(),
            calls: Vec::new(),
            requests: 0,
            outcomes: Vec::new(),
            log: Vec::new(),
        }
    }

    /// Why nothing can be published, unless that was asked for.
    pub fn obstacle(&self) -> Option<ConfigError> {
        self.session.obstacle()
    }

    /// Takes the key out of a part of an answer.
    pub fn redact(&self, bytes: Vec<u8>) -> Vec<u8> {
        self.session.redact(bytes)
    }

    /// Starts a call: `{"purpose", "stream_key", "body", "timeout_seconds", "max_retries"}`.
    pub fn start(&mut self, call: &[u8], op: Op, now: Now) -> Result<()> {
        match self.session.begin_json(call, now)? {
            Begun::Exchange(exchange) => {
                self.budget.charge(now.monotonic);
                self.call(Caller::Op(op), exchange, now);
            }
            Begun::Done(response) => self.finish(op, Ok(Some(response))),
        }
        Ok(())
    }

    /// Abandons a call. Then it has no outcome.
    pub fn cancel(&mut self, op: Op) {
        self.calls.retain(|call| call.caller != Caller::Op(op));
    }

    /// Begins to publish a stream: see [`Beginning`].
    pub fn publish(&mut self, beginning: &[u8], nulls: Nulls, now: Duration) -> Result<Handle> {
        let Beginning { stream_key, first, pacing, counter } = Beginning::parse(beginning, nulls)?;
        let id = self.dispatcher.open(&stream_key, first, pacing, now)?;
        self.opened += 1;
        self.publishers.push(Publisher {
            handle: self.opened,
            id,
            stream_key,
            counter,
            events: EventLog::default(),
            was_late: false,
            over: None,
            is_released: false,
        });
        Ok(self.opened)
    }

    /// Changes what is shown: see [`Change`]. After the end it is ignored, and reported the first time. Gives back whether to poll.
    pub fn change(
        &mut self,
        publisher: Handle,
        change: &[u8],
        nulls: Nulls,
        now: impl FnOnce() -> Duration,
    ) -> Result<bool> {
        let position = self.position(publisher);
        let (publisher, dispatcher) = (&mut self.publishers[position], &mut self.dispatcher);
        if !dispatcher.takes_changes(publisher.id) {
            if !std::mem::replace(&mut publisher.was_late, true) {
                publisher.report(Event::after_end(), &mut self.log);
            }
            return Ok(true);
        }
        match Change::parse(change, nulls)? {
            Change::Update(changes, urgency) => dispatcher.update(publisher.id, changes, urgency, now),
            Change::Replace(changes, urgency) => dispatcher.replace(publisher.id, changes, urgency, now),
            Change::Done(done) => {
                let Some(counter) = &publisher.counter else { return Ok(false) };
                counter.set(done);
                // It fits the state that it was made for. Where another took its place, it says nothing.
                Ok(dispatcher.update(publisher.id, counter.read(), Urgency::ByKind, now).unwrap_or_default())
            }
        }
    }

    /// Sends the newest state, and waits until it has arrived: `{"timeout_seconds"}`.
    pub fn flush(&mut self, publisher: Handle, flush: &[u8], op: Op, now: Duration) -> Result<()> {
        let timeout = flush_timeout(flush)?;
        let position = self.position(publisher);
        self.dispatcher.hasten(self.publishers[position].id);
        self.waits.push(Wait { op, publisher, is_end: false, timeout, until: now.saturating_add(timeout) });
        Ok(())
    }

    /// Ends the stream: see [`End`]. A second end has the outcome of the first.
    pub fn end(&mut self, publisher: Handle, end: &[u8], nulls: Nulls, op: Op, now: Duration) -> Result<()> {
        let end = End::parse(end, nulls)?;
        let timeout = end.timeout;
        let position = self.position(publisher);
        let Publisher { id, counter, .. } = &self.publishers[position];
        if self.dispatcher.takes_changes(*id) {
            self.dispatcher.end(*id, end.ending(counter.as_ref()), timeout, now)?;
        }
        let until = now.saturating_add(timeout).saturating_add(GRACE);
        self.waits.push(Wait { op, publisher, is_end: true, timeout, until });
        Ok(())
    }

    /// Sends no more, and leaves the activity as it is.
    pub fn close(&mut self, publisher: Handle) {
        let position = self.position(publisher);
        self.dispatcher.close(self.publishers[position].id);
    }

    /// What has happened since this was asked last.
    pub fn events(&mut self, publisher: Handle) -> Vec<Event> {
        let position = self.position(publisher);
        let publisher = &mut self.publishers[position];
        publisher.collect(&mut self.dispatcher, &mut self.log);
        publisher.events.take()
    }

    /// How often what has happened.
    pub fn counters(&mut self, publisher: Handle) -> Counters {
        let position = self.position(publisher);
        let Publisher { id, over, .. } = &self.publishers[position];
        over.as_ref().map_or_else(|| self.dispatcher.counters(*id), |(_, counters)| *counters)
    }

    /// Lets go of a publisher that nothing is asked of any more. It goes on until it is over.
    pub fn release(&mut self, publisher: Handle) {
        let position = self.position(publisher);
        self.publishers[position].is_released = true;
        self.forget_released();
    }

    /// What there is to do. When something has happened, ask again.
    pub fn poll(&mut self, now: Now) -> Result<Steps> {
        let next = loop {
            match self.dispatcher.poll(now.monotonic, &mut self.budget) {
                Step::Send { publisher, request, timeout } => match self.session.begin_once(request, timeout, now) {
                    Ok(exchange) => self.call(Caller::Publisher(publisher), exchange, now),
                    Err(error) => self.settle(publisher, Err(error), now, 0.0),
                },
                Step::WaitUntil(time) => break Some(time),
                Step::Idle => break None,
            }
        };
        self.settle_waits(now.monotonic);
        self.collect_events();
        let mut send = Vec::new();
        for call in self.calls.iter_mut().filter(|call| call.due.is_some_and(|due| due <= now.monotonic)) {
            call.due = None;
            send.push(call.request(&self.session, self.connect_timeout, now)?);
        }
        let look = |publisher: &Publisher| Some(now.monotonic + publisher.counter.as_ref()?.look());
        let looks = self.publishers.iter().filter(|publisher| publisher.over.is_none()).filter_map(look);
        let due = self.calls.iter().filter_map(|call| call.due).chain(self.waits.iter().map(|wait| wait.until));
        Ok(Steps {
            send,
            outcomes: std::mem::take(&mut self.outcomes),
            log: std::mem::take(&mut self.log),
            wait: due.chain(looks).chain(next).min().map(|time| time.saturating_sub(now.monotonic)),
        })
    }

    /// Takes what came of a request: `{"request", "status", "headers": [["name", "value"]]}` and the bytes of the body, or
    /// `{"request", "failure": "connect" | "connect_timeout" | "timeout" | "interrupted", "detail": "..."}`.
    pub fn handle(&mut self, answer: &[u8], body: Vec<u8>, now: Now, chance: f64) -> Result<()> {
        let answer = parse_json(answer)?;
        // That of a call which was abandoned is not waited for.
        let is_of = |call: &Call| Some(u64::from(call.request)) == answer["request"].as_u64();
        let Some(position) = self.calls.iter().position(is_of) else { return Ok(()) };
        let response = match answer["failure"].as_str() {
            None => Ok(response(&answer, body)),
            Some(failure) => Err(self.failure(failure, answer["detail"].as_str().unwrap_or_default())),
        };
        let call = &mut self.calls[position];
        match (self.session.proceed(&mut call.exchange, response, now, chance), call.caller) {
            (Next::RetryAfter(pause), _) => {
                call.due = Some(now.monotonic + pause);
                let stream_key = call.exchange.request().stream_key();
                let message = format!("{stream_key}: trying again in {} ms", pause.as_millis());
                self.budget.charge(now.monotonic);
                self.log.push(Line { warning: false, message });
            }
            (Next::Done(outcome), caller) => {
                self.calls.remove(position);
                match caller {
                    Caller::Publisher(publisher) => self.settle(publisher, outcome, now, chance),
                    Caller::Op(op) => {
                        self.budget.learn(&outcome, now.monotonic, chance);
                        self.finish(op, outcome.map(Some));
                    }
                }
            }
        }
        Ok(())
    }

    fn failure(&self, failure: &str, detail: &str) -> TransportError {
        // Half a key would not be known for one, so the text is cut when the key is out.
        let clean = String::from_utf8_lossy(&self.redact(detail.as_bytes().to_vec())).into_owned();
        let detail: String = clean.chars().take(LONGEST_DETAIL).collect();
        match failure {
            "connect" => TransportError::connect(detail),
            "connect_timeout" => TransportError::connect_timeout(),
            "timeout" => TransportError::timeout(),
            _ => TransportError::interrupted(detail),
        }
    }

    /// Takes up a call, which is sent at the next poll.
    fn call(&mut self, caller: Caller, exchange: Exchange, now: Now) {
        self.requests = self.requests.wrapping_add(1);
        self.calls.push(Call { request: self.requests, caller, exchange, due: Some(now.monotonic) });
    }

    fn settle(&mut self, publisher: PublisherId, outcome: Result<StreamResponse>, now: Now, chance: f64) {
        self.dispatcher.settle(publisher, outcome, now.monotonic, chance, &mut self.budget);
    }

    fn finish(&mut self, op: Op, outcome: Result<Option<StreamResponse>>) {
        self.outcomes.push(Finished { op, outcome: outcome.map_or_else(Outcome::Failed, Outcome::Done) });
    }

    /// Gives what is waited for its outcome, where that is known or its time is up.
    fn settle_waits(&mut self, now: Duration) {
        for wait in std::mem::take(&mut self.waits) {
            let position = self.position(wait.publisher);
            let publisher = &self.publishers[position];
            let dispatcher = &mut self.dispatcher;
            let known = if wait.is_end { publisher.ended(dispatcher) } else { publisher.arrived(dispatcher) };
            match known.or_else(|| (now >= wait.until).then(|| Err(too_late(wait.timeout)))) {
                Some(outcome) => self.finish(wait.op, outcome.map(|()| None)),
                None => self.waits.push(wait),
            }
        }
    }

    /// Takes in what has happened, and lets go of the publishers that are over.
    fn collect_events(&mut self) {
        let Self { dispatcher, publishers, log, .. } = self;
        for publisher in publishers.iter_mut().filter(|publisher| publisher.over.is_none()) {
            publisher.collect(dispatcher, log);
            if let Some(outcome) = publisher.ended(dispatcher) {
                publisher.over = Some((outcome, dispatcher.counters(publisher.id)));
                dispatcher.remove(publisher.id);
            }
        }
        self.forget_released();
    }

    fn forget_released(&mut self) {
        let waits = &self.waits;
        self.publishers.retain(|publisher| {
            let is_awaited = || waits.iter().any(|wait| wait.publisher == publisher.handle);
            !publisher.is_released || publisher.over.is_none() || is_awaited()
        });
    }

    fn position(&self, publisher: Handle) -> usize {
        let position = self.publishers.binary_search_by_key(&publisher, |publisher| publisher.handle);
        position.expect("a publisher is there until it is released")
    }
}

impl Call {
    /// What to send for it.
    fn request(&self, session: &Session, connect_timeout: Duration, now: Now) -> Result<Send> {
        let http = session.http_request(&self.exchange)?;
        Ok(Send {
            request: self.request,
            op: match self.caller {
                Caller::Op(op) => Some(op),
                Caller::Publisher(_) => None,
            },
            method: http.method.as_str(),
            url: http.url(),
            loopback: http.loopback,
            body: http.body.map(|body| String::from_utf8_lossy(body).into_owned()),
            timeout_seconds: self.exchange.time_left(now).as_secs_f64(),
            connect_timeout_seconds: connect_timeout.as_secs_f64(),
            largest_answer: LARGEST_ANSWER,
            headers: http.headers.into_iter().map(|(name, value)| (name, value.into_owned())).collect(),
        })
    }
}

impl Publisher {
    fn collect(&mut self, dispatcher: &mut Dispatcher, log: &mut Vec<Line>) {
        for event in dispatcher.take_events(self.id) {
            self.report(event, log);
        }
    }

    fn report(&mut self, event: Event, log: &mut Vec<Line>) {
        let message = format!("{}: {}", self.stream_key, event.message);
        log.push(Line { warning: self.events.keep(event), message });
    }

    /// Whether the last state has arrived, or why not, once that is known.
    fn ended(&self, dispatcher: &mut Dispatcher) -> Option<Result<()>> {
        match &self.over {
            Some((outcome, _)) => Some(outcome.clone()),
            None => Some(dispatcher.outcome(self.id)?.map(|_| ())),
        }
    }

    /// Whether the newest state has arrived, or why not, once that is known.
    fn arrived(&self, dispatcher: &mut Dispatcher) -> Option<Result<()>> {
        if self.over.is_some() {
            return self.ended(dispatcher);
        }
        match dispatcher.newest(self.id) {
            Ok(Newest::Pending) => None,
            Ok(Newest::Acknowledged) => Some(Ok(())),
            Ok(Newest::Refused(error)) => Some(Err((*error).clone())),
            Err(error) => Some(Err(error)),
        }
    }
}

fn response(answer: &Value, body: Vec<u8>) -> Response {
    let headers = answer["headers"].as_array().into_iter().flatten();
    let header = |pair: &Value| Some((pair[0].as_str()?.to_owned(), pair[1].as_str()?.to_owned()));
    let status = answer["status"].as_u64().and_then(|status| u16::try_from(status).ok());
    Response { status: status.unwrap_or_default(), headers: headers.filter_map(header).collect(), body }
}

#[allow(clippy::ref_option, reason = "serde hands it over so")]
fn with_extra_apart<S: Serializer>(response: &Option<StreamResponse>, serializer: S) -> Result<S::Ok, S::Error> {
    response.as_ref().map(StreamResponse::with_extra_apart).serialize(serializer)
}

#[allow(clippy::ref_option, reason = "serde hands it over so")]
fn seconds<S: Serializer>(time: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
    time.map(|time| time.as_secs_f64()).serialize(serializer)
}

fn as_object<S: Serializer>(pairs: &[(&'static str, String)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(pairs.iter().map(|(name, value)| (name, value)))
}

#[cfg(all(test, feature = "client"))]
mod tests {
    use std::time::SystemTime;

    use super::*;
    use crate::session::{Settings, Variables};

    const UPDATED: &str = r#"{"success": true, "operation": "updated"}"#;

    /// A driver, and the seconds that have passed.
    struct Story {
        driver: Driver,
        seconds: f64,
    }

    impl Story {
        fn new() -> Self {
            let settings = Settings { api_key: Some("ask_1".to_owned()), ..Settings::default() };
            let session = Session::new(settings, Variables(|_| None)).unwrap();
            Self { driver: Driver::new(session, Duration::from_secs(5)), seconds: 0.0 }
        }

        fn now(&self) -> Now {
            let monotonic = Duration::from_secs_f64(self.seconds);
            Now { monotonic, wall: SystemTime::UNIX_EPOCH + monotonic }
        }

        fn poll(&mut self) -> Value {
            serde_json::to_value(self.driver.poll(self.now()).unwrap()).unwrap()
        }

        /// Answers each request that is to be sent, and gives the methods of these and the outcomes.
        fn serve(&mut self, status: u16, body: &str) -> (Vec<String>, Value) {
            let steps = self.poll();
            let mut methods = Vec::new();
            for send in steps["send"].as_array().unwrap() {
                methods.push(send["method"].as_str().unwrap().to_owned());
                let answer = format!(r#"{{"request": {}, "status": {status}, "headers": []}}"#, send["request"]);
                self.driver.handle(answer.as_bytes(), body.into(), self.now(), 0.5).unwrap();
            }
            (methods, if steps["send"] == Value::Array(Vec::new()) { steps } else { self.poll() }["outcomes"].clone())
        }

        fn publish(&mut self) -> Handle {
            let beginning = br#"{"stream_key": "k", "body": {"title": "T", "type": "progress", "percentage": 0}}"#;
            self.driver.publish(beginning, Nulls::Values, self.now().monotonic).unwrap()
        }
    }

    #[test]
    fn a_call_is_repeated_and_has_one_outcome() {
        let mut story = Story::new();
        let call =
            br#"{"purpose": "stream", "stream_key": "k", "body": {"content_state": {"title": "T", "percentage": 5}}}"#;
        story.driver.start(call, 7, story.now()).unwrap();
        assert_eq!(story.serve(500, "{}"), (vec!["PUT".to_owned()], serde_json::json!([])));
        let wait = story.poll()["wait_seconds"].as_f64().unwrap();
        assert!(wait > 0.0 && wait < 5.0, "{wait}");
        story.seconds += wait;
        let (methods, outcomes) = story.serve(200, UPDATED);
        assert_eq!((methods.len(), &outcomes[0]["op"]), (1, &7.into()));
        assert_eq!(outcomes[0]["outcome"]["done"]["facts"]["attempts"], 2);
        assert_eq!(story.serve(200, UPDATED), (Vec::new(), serde_json::json!([])));
    }

    #[test]
    fn a_cancelled_call_has_no_outcome() {
        let mut story = Story::new();
        story.driver.start(br#"{"purpose": "end", "stream_key": "k"}"#, 7, story.now()).unwrap();
        let request = story.poll()["send"][0]["request"].clone();
        story.driver.cancel(7);
        let answer = format!(r#"{{"request": {request}, "failure": "interrupted", "detail": "gone"}}"#);
        story.driver.handle(answer.as_bytes(), Vec::new(), story.now(), 0.5).unwrap();
        assert_eq!(story.poll()["outcomes"], serde_json::json!([]));
    }

    #[test]
    fn a_publisher_is_there_until_it_is_over_and_released() {
        let mut story = Story::new();
        let live = story.publish();
        story.driver.flush(live, b"{}", 1, story.now().monotonic).unwrap();
        let (methods, outcomes) = story.serve(200, UPDATED);
        assert_eq!((methods, &outcomes[0]["outcome"]), (vec!["PUT".to_owned()], &serde_json::json!({"done": null})));
        story.driver.end(live, br#"{"how": "finished"}"#, Nulls::Values, 2, story.now().monotonic).unwrap();
        story.driver.release(live);
        let (methods, outcomes) = story.serve(200, r#"{"success": true, "operation": "ended"}"#);
        assert_eq!((methods, &outcomes[0]["op"]), (vec!["DELETE".to_owned()], &2.into()));
        assert_eq!(story.driver.publishers.len(), 0);
    }

    #[test]
    fn a_second_end_has_the_outcome_of_the_first_and_late_changes_are_reported_once() {
        let mut story = Story::new();
        let live = story.publish();
        story.serve(200, UPDATED);
        story
            .driver
            .end(live, br#"{"how": "failed", "reason": "OSError"}"#, Nulls::Values, 1, story.now().monotonic)
            .unwrap();
        let (_, first) = story.serve(401, "{}");
        story.driver.end(live, b"{}", Nulls::Values, 2, story.now().monotonic).unwrap();
        let (_, second) = story.serve(200, "{}");
        assert_eq!(first[0]["outcome"]["failed"]["kind"], "unauthorized");
        assert_eq!(first[0]["outcome"], second[0]["outcome"]);
        story.driver.events(live);
        for _ in 0..2 {
            story.driver.change(live, br#"{"update": {"percentage": 9}}"#, Nulls::Values, || Duration::ZERO).unwrap();
        }
        let kinds: Vec<_> = story.driver.events(live).iter().map(|event| event.kind.as_str()).collect();
        assert_eq!(kinds, ["after_end"]);
    }
}
