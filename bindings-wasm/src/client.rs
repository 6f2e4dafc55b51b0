//! A client for JavaScript to drive: it says what to send, and takes what came of that.

use std::borrow::Cow;
use std::cell::RefCell;
use std::mem;
use std::rc::Rc;
use std::time::Duration;

use activitysmith_kit::exchange::{Exchange, Next, Now, TransportError};
use activitysmith_kit::publish::{AccountBudget as _, Budget, Dispatcher, PublisherId, Step};
use activitysmith_kit::session::{Begun, Session, Settings};
use activitysmith_kit::wire::{LARGEST_ANSWER, Response};
use activitysmith_kit::{Error, StreamResponse};
use serde::{Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};
use wasm_bindgen::prelude::*;

use crate::host::{Host, Runtime};
use crate::publisher::{Entry, Wait};
use crate::{Members, thrown, write};

/// The longest text of a transport's failure that is kept, in characters; longer than any key.
const LONGEST_DETAIL: usize = 1_000;

#[wasm_bindgen]
pub struct NativeClient {
    pub(crate) shared: Rc<Shared>,
}

/// What a client and its publishers share.
pub(crate) struct Shared {
    session: Session,
    connect_timeout: Duration,
    pub(crate) host: Host,
    pub(crate) state: RefCell<State>,
}

#[derive(Default)]
pub(crate) struct State {
    pub(crate) dispatcher: Dispatcher,
    budget: Budget,
    /// Those that are not over.
    pub(crate) publishers: Vec<Rc<RefCell<Entry>>>,
    pub(crate) waits: Vec<Wait>,
    calls: Vec<Call>,
    /// How many requests there have been.
    requests: u32,
    outcomes: Vec<Finished>,
    pub(crate) log: Vec<Line>,
}

/// A call under way.
struct Call {
    request: u32,
    caller: Caller,
    exchange: Exchange,
    /// When it is to be sent, unless it is.
    due: Option<Duration>,
}

#[derive(Clone, Copy, PartialEq)]
enum Caller {
    Op(u32),
    Publisher(PublisherId),
}

/// What there is to do.
#[derive(Serialize)]
struct Steps {
    send: Vec<Box<RawValue>>,
    outcomes: Vec<Finished>,
    log: Vec<Line>,
    wait_seconds: Option<f64>,
}

#[derive(Serialize)]
struct Finished {
    op: u32,
    outcome: Outcome,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(clippy::large_enum_variant, reason = "it is written once and never kept")]
enum Outcome {
    Done(#[serde(serialize_with = "with_extra_apart")] Option<StreamResponse>),
    Failed(Error),
}

#[allow(clippy::ref_option, reason = "serde hands it over so")]
fn with_extra_apart<S: Serializer>(response: &Option<StreamResponse>, serializer: S) -> Result<S::Ok, S::Error> {
    response.as_ref().map(StreamResponse::with_extra_apart).serialize(serializer)
}

/// A line of the log.
#[derive(Serialize)]
pub(crate) struct Line {
    pub(crate) warning: bool,
    pub(crate) message: String,
}

#[wasm_bindgen]
impl NativeClient {
    /// A client of these settings, in JSON: see `Settings::from_json`.
    #[wasm_bindgen(constructor)]
    pub fn new(settings: &str, host: Host) -> Result<NativeClient, String> {
        let settings = Settings::from_json(settings.as_bytes()).map_err(thrown)?;
        let connect_timeout = settings.connect_timeout;
        let session = Session::new(settings, Runtime(host.clone())).map_err(thrown)?;
        Ok(Self { shared: Rc::new(Shared { session, connect_timeout, host, state: RefCell::default() }) })
    }

    /// Whether the environment asks that nothing is ever sent. Then a client needs no settings.
    #[wasm_bindgen(js_name = isDisabled)]
    pub fn is_disabled(host: Host) -> bool {
        Session::inert(&Runtime(host)).is_some()
    }

    /// Why nothing can be published, unless that was asked for: the error as JSON.
    pub fn obstacle(&self) -> Option<String> {
        self.shared.session.obstacle().map(thrown)
    }

    /// Starts a call: `{"purpose", "stream_key", "body", "timeout_seconds", "max_retries"}`.
    pub fn start(&self, call: &str, op: u32) -> Result<(), String> {
        let now = self.shared.host.now();
        let begun = self.shared.session.begin_json(call.as_bytes(), now).map_err(thrown)?;
        let state = &mut *self.shared.state.borrow_mut();
        match begun {
            Begun::Exchange(exchange) => {
                state.budget.charge(now.monotonic);
                state.call(Caller::Op(op), exchange, now);
            }
            Begun::Done(response) => state.finish(op, Ok(Some(response))),
        }
        Ok(())
    }

    /// Abandons a call. Then it has no outcome.
    pub fn cancel(&self, op: u32) {
        self.shared.state.borrow_mut().calls.retain(|call| call.caller != Caller::Op(op));
    }

    /// What there is to do: `{"send": [{"request", "op", "method", "url", "loopback", "headers", "body", "timeout_seconds",
    /// "connect_timeout_seconds", "largest_answer"}], "outcomes": [{"op", "outcome": {"done": ...} | {"failed": ...}}], "log":
    /// [{"warning", "message"}], "wait_seconds": 0.5}`. Without an `op` a request is a publisher's. After that time, or when something
    /// has happened, there may be more to do.
    pub fn poll(&self) -> Result<String, String> {
        let Shared { session, host, state, .. } = &*self.shared;
        let now = host.now();
        let state = &mut *state.borrow_mut();
        let next = loop {
            match state.dispatcher.poll(now.monotonic, &mut state.budget) {
                Step::Send { publisher, request, timeout } => match session.begin_once(request, timeout, now) {
                    Ok(exchange) => state.call(Caller::Publisher(publisher), exchange, now),
                    Err(error) => state.settle(publisher, Err(error), now, 0.0),
                },
                Step::WaitUntil(time) => break Some(time),
                Step::Idle => break None,
            }
        };
        state.settle_waits(now.monotonic);
        state.collect_events();
        let mut send = Vec::new();
        for call in state.calls.iter_mut().filter(|call| call.due.is_some_and(|due| due <= now.monotonic)) {
            call.due = None;
            send.push(self.shared.request(call, now).map_err(thrown)?);
        }
        let due = state.calls.iter().filter_map(|call| call.due);
        let wait = due.chain(next).chain(state.looks(now.monotonic)).min();
        Ok(write(&Steps {
            send,
            outcomes: mem::take(&mut state.outcomes),
            log: mem::take(&mut state.log),
            wait_seconds: wait.map(|time| time.saturating_sub(now.monotonic).as_secs_f64()),
        }))
    }

    /// Takes what came of a request: `{"request", "status", "headers": [["name", "value"]]}` and the bytes of the body, or
    /// `{"request", "failure": "connect" | "connect_timeout" | "timeout" | "interrupted", "detail": "..."}`.
    pub fn handle(&self, answer: &str, body: Option<Vec<u8>>) -> Result<(), String> {
        let answer = Members::read(answer)?;
        let Shared { session, host, state, .. } = &*self.shared;
        let request = answer.get::<u32>("request")?;
        let answer = match answer.get::<String>("failure")? {
            None => Ok(Response {
                status: answer.get("status")?.unwrap_or_default(),
                headers: answer.get("headers")?.unwrap_or_default(),
                body: body.unwrap_or_default(),
            }),
            Some(failure) => {
                // Half a key would not be known for one, so the text is cut when the key is out.
                let detail = answer.get::<String>("detail")?.unwrap_or_default();
                let clean = String::from_utf8_lossy(&session.redact(detail.into_bytes())).into_owned();
                let detail: String = clean.chars().take(LONGEST_DETAIL).collect();
                Err(match &*failure {
                    "connect" => TransportError::connect(detail),
                    "connect_timeout" => TransportError::connect_timeout(),
                    "timeout" => TransportError::timeout(),
                    _ => TransportError::interrupted(detail),
                })
            }
        };
        let (now, chance) = (host.now(), host.random());
        let state = &mut *state.borrow_mut();
        // That of a call which was abandoned is not waited for.
        let Some(position) = state.calls.iter().position(|call| Some(call.request) == request) else { return Ok(()) };
        let call = &mut state.calls[position];
        match (session.proceed(&mut call.exchange, answer, now, chance), call.caller) {
            (Next::RetryAfter(pause), _) => {
                call.due = Some(now.monotonic + pause);
                let stream_key = call.exchange.request().stream_key();
                let message = format!("{stream_key}: trying again in {} ms", pause.as_millis());
                state.budget.charge(now.monotonic);
                state.log.push(Line { warning: false, message });
            }
            (Next::Done(outcome), caller) => {
                state.calls.remove(position);
                match caller {
                    Caller::Publisher(publisher) => state.settle(publisher, outcome, now, chance),
                    Caller::Op(op) => {
                        state.budget.learn(&outcome, now.monotonic, chance);
                        state.finish(op, outcome.map(Some));
                    }
                }
            }
        }
        Ok(())
    }

    /// Takes the key out of a part of an answer.
    pub fn redact(&self, bytes: Vec<u8>) -> Vec<u8> {
        self.shared.session.redact(bytes)
    }
}

impl Shared {
    /// What to send for a call.
    fn request(&self, call: &Call, now: Now) -> Result<Box<RawValue>, Error> {
        let http = self.session.http_request(&call.exchange)?;
        let send = Send {
            request: call.request,
            op: match call.caller {
                Caller::Op(op) => Some(op),
                Caller::Publisher(_) => None,
            },
            method: http.method.as_str(),
            url: http.url(),
            loopback: http.loopback,
            headers: Headers(&http.headers),
            body: http.body.and_then(|body| std::str::from_utf8(body).ok()),
            timeout_seconds: call.exchange.time_left(now).as_secs_f64(),
            connect_timeout_seconds: self.connect_timeout.as_secs_f64(),
            largest_answer: LARGEST_ANSWER,
        };
        Ok(to_raw_value(&send).expect("it has text keys only"))
    }
}

#[derive(Serialize)]
struct Send<'a> {
    request: u32,
    op: Option<u32>,
    method: &'a str,
    url: String,
    loopback: bool,
    headers: Headers<'a>,
    body: Option<&'a str>,
    timeout_seconds: f64,
    connect_timeout_seconds: f64,
    largest_answer: usize,
}

/// Headers as an object.
struct Headers<'a>(&'a [(&'static str, Cow<'a, str>)]);

impl Serialize for Headers<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

impl State {
    /// Takes up a call, which is sent at the next poll.
    fn call(&mut self, caller: Caller, exchange: Exchange, now: Now) {
        self.requests = self.requests.wrapping_add(1);
        self.calls.push(Call { request: self.requests, caller, exchange, due: Some(now.monotonic) });
    }

    fn settle(&mut self, publisher: PublisherId, outcome: Result<StreamResponse, Error>, now: Now, chance: f64) {
        self.dispatcher.settle(publisher, outcome, now.monotonic, chance, &mut self.budget);
    }

    pub(crate) fn finish(&mut self, op: u32, outcome: Result<Option<StreamResponse>, Error>) {
        self.outcomes.push(Finished { op, outcome: outcome.map_or_else(Outcome::Failed, Outcome::Done) });
    }
}
