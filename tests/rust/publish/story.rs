//! One program with its publishers, the clock, and the service, which answers what it is told to. It goes the way of a driver: every
//! answer is bytes, read as a client reads them.

use std::time::{Duration, SystemTime};

use activitysmith_kit::call::{Exchange, Next, Now, RetryPolicy, TransportError};
use activitysmith_kit::call::{Request, Response};
use activitysmith_kit::publish::{
    Budget, Changes, Counters, Dispatcher, Ending, EventKind, Newest, Options, PublisherId, Rules, Step, Urgency,
};
use activitysmith_kit::{Error, Result, StreamResponse, ValidationError};
use serde_json::{Value, json};

/// What the service, or the network before it, does with a request.
#[derive(Clone, Debug)]
pub enum Answer {
    /// Success with this operation.
    Done(&'static str),
    /// Success with a warning.
    Warned,
    Status(u16),
    /// 429, with `Retry-After` or without.
    TooMany(Option<u64>),
    Capacity,
    Nobody,
    /// Nothing was sent.
    Unreachable,
    /// What was done is unknown.
    Silence,
    /// Success, with these `RateLimit-Policy` and `RateLimit` headers.
    Limited(&'static str, &'static str),
}
pub use Answer::{Capacity, Done, Limited, Nobody, Silence, Status, TooMany, Unreachable, Warned};

/// A request that waits for its answer.
#[derive(Clone, Debug)]
pub struct Sent {
    pub publisher: PublisherId,
    pub at: Duration,
    pub timeout: Duration,
    pub request: Request,
}

impl Sent {
    pub fn is_end(&self) -> bool {
        self.request.spec.method == "DELETE"
    }

    pub fn body(&self) -> Value {
        self.request.body.as_deref().map_or(Value::Null, |body| serde_json::from_slice(body).unwrap())
    }

    /// A field of the state.
    pub fn state(&self, field: &str) -> Value {
        self.body()["content_state"][field].clone()
    }
}

pub const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

pub fn progress(percentage: u32) -> Value {
    json!({"title": "T", "type": "progress", "percentage": percentage})
}

/// The clock does not begin at zero, which no program's does.
const BEGIN: Duration = seconds(1_000_000);

pub struct Story {
    pub dispatcher: Dispatcher,
    pub budget: Budget,
    /// Since the beginning.
    time: Duration,
    /// For every random choice.
    pub jitter: f64,
}

impl Story {
    pub fn new() -> Self {
        Self::with_rules(&Rules::default())
    }

    pub fn with_rules(rules: &Rules) -> Self {
        let budget = Budget::new(rules.budget);
        Self { dispatcher: Dispatcher::new(*rules), budget, time: Duration::ZERO, jitter: 1.0 }
    }

    /// A program that has published one state, which the service has taken.
    pub fn running(state: &Value) -> (Self, PublisherId) {
        let mut story = Self::new();
        let id = story.open("k", state);
        story.serve(&Done("started"));
        (story, id)
    }

    pub fn clock(&self) -> Duration {
        BEGIN + self.time
    }

    pub fn time(&self) -> Duration {
        self.time
    }

    pub fn pass(&mut self, time: Duration) {
        self.time += time;
    }

    pub fn open(&mut self, stream_key: &str, state: &Value) -> PublisherId {
        self.open_with(stream_key, state, Options::default())
    }

    pub fn open_with(&mut self, stream_key: &str, state: &Value, options: Options) -> PublisherId {
        let text = state.to_string();
        let first = Changes::parse(text.as_bytes()).unwrap();
        self.dispatcher.open(stream_key, first, options, self.clock()).unwrap()
    }

    pub fn try_open(&mut self, state: &Value) -> Result<PublisherId, ValidationError> {
        let text = state.to_string();
        self.dispatcher.open("k", Changes::parse(text.as_bytes())?, Options::default(), self.clock())
    }

    pub fn try_update(&mut self, id: PublisherId, changes: &Value, urgency: Urgency) -> Result<bool> {
        let text = changes.to_string();
        let now = self.clock();
        self.dispatcher.update(id, Changes::parse(text.as_bytes())?, urgency, || now)
    }

    pub fn update(&mut self, id: PublisherId, changes: &Value) {
        self.try_update(id, changes, Urgency::ByKind).unwrap();
    }

    pub fn replace(&mut self, id: PublisherId, state: &Value) {
        let text = state.to_string();
        let now = self.clock();
        self.dispatcher.replace(id, Changes::parse(text.as_bytes()).unwrap(), Urgency::ByKind, || now).unwrap();
    }

    pub fn end(&mut self, id: PublisherId, ending: Ending<'_>, timeout: Duration) {
        self.dispatcher.end(id, ending, Some(timeout), self.clock()).unwrap();
    }

    pub fn finish(&mut self, id: PublisherId) {
        self.end(id, Ending::Finished(Changes::default()), seconds(10));
    }

    fn poll(&mut self) -> Step {
        self.dispatcher.poll(self.clock(), &mut self.budget)
    }

    /// Whether nothing will be sent unless something happens.
    pub fn is_idle(&mut self) -> bool {
        matches!(self.poll(), Step::Idle)
    }

    /// What goes now, if anything.
    pub fn sent(&mut self) -> Option<Sent> {
        match self.poll() {
            Step::Send { publisher, request, timeout } => Some(Sent { publisher, at: self.time(), timeout, request }),
            _ => None,
        }
    }

    /// Waits for the next request.
    pub fn next(&mut self) -> Sent {
        loop {
            if let Some(sent) = self.sent() {
                return sent;
            }
            match self.poll() {
                Step::WaitUntil(moment) => {
                    assert!(moment > self.clock(), "a wait until {moment:?} at {:?}", self.clock());
                    self.time = moment.saturating_sub(BEGIN);
                }
                other => panic!("nothing will be sent: {other:?}"),
            }
        }
    }

    /// Asserts that nothing is sent for this time.
    pub fn is_quiet_for(&mut self, time: Duration) {
        let end = self.time + time;
        loop {
            match self.poll() {
                Step::WaitUntil(moment) if moment <= BEGIN + end => self.time = moment.saturating_sub(BEGIN),
                Step::Send { request, .. } => panic!("{request:?} is sent at {:?}", self.time()),
                _ => break,
            }
        }
        self.time = end;
    }

    /// Answers a request.
    pub fn answer(&mut self, sent: &Sent, answer: &Answer) {
        let now = Now { monotonic: self.clock(), wall: SystemTime::UNIX_EPOCH };
        let mut exchange = Exchange::new(sent.request.clone(), RetryPolicy { max_retries: 0 }, sent.timeout, now);
        let Next::Done(outcome) = exchange.proceed(bytes(answer), now, 0.0) else { panic!("it is sent once") };
        self.dispatcher.settle(sent.publisher, outcome, self.clock(), self.jitter, &mut self.budget);
    }

    /// Waits for the next request, and answers it at once.
    pub fn serve(&mut self, answer: &Answer) -> Sent {
        let sent = self.next();
        self.answer(&sent, answer);
        sent
    }

    pub fn newest(&mut self, id: PublisherId) -> Newest {
        self.dispatcher.newest(id).unwrap()
    }

    pub fn outcome(&mut self, id: PublisherId) -> Result<StreamResponse, Error> {
        self.dispatcher.outcome(id).expect("it is over").map(Into::into)
    }

    pub fn events(&mut self, id: PublisherId) -> Vec<EventKind> {
        self.dispatcher.take_events(id).into_iter().map(|event| event.kind).collect()
    }

    pub fn counters(&mut self, id: PublisherId) -> Counters {
        self.dispatcher.counters(id)
    }
}

/// What a client receives.
pub fn bytes(answer: &Answer) -> Result<Response, TransportError> {
    let (status, retry_after, body) = match answer {
        Done(operation) => (200, None, json!({"success": true, "operation": operation})),
        Limited(..) => (200, None, json!({"success": true, "operation": "updated"})),
        Warned => (200, None, json!({"success": true, "operation": "updated", "warning": "too often"})),
        Status(status) => (*status, None, json!({"error": "as told"})),
        TooMany(retry_after) => (429, *retry_after, json!({"error": "Rate limit exceeded", "code": "rate_limited"})),
        Capacity => (429, None, json!({"error": "Live Activity limit reached", "limit": 5, "active": 5})),
        Nobody => (422, None, json!({"error": "No recipients found"})),
        Unreachable => return Err(TransportError::connect("refused")),
        Silence => return Err(TransportError::timeout()),
    };
    let mut headers: Vec<_> =
        retry_after.map(|seconds| ("retry-after".to_owned(), seconds.to_string())).into_iter().collect();
    if let Limited(policy, limit) = answer {
        let named = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        headers.extend([named("ratelimit-policy", policy), named("ratelimit", limit)]);
    }
    Ok(Response { status, headers, body: body.to_string().into_bytes() })
}
