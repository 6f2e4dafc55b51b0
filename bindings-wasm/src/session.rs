//! The core's session: from a call as JSON to what to send, and from what was answered to what came of it.

use std::borrow::Cow;
use std::cell::RefCell;
use std::time::Duration;

use activitysmith_kit::exchange::{Next, Now, TransportError};
use activitysmith_kit::session::{self, Begun, Settings};
use activitysmith_kit::wire::{HEADERS, LARGEST_ANSWER, Response};
use activitysmith_kit::{Error, StreamResponse};
use serde::{Serialize, Serializer};
use wasm_bindgen::prelude::*;

use crate::calls::{Call, Calls, now};
use crate::host::{Host, Runtime};
use crate::publishing::Publishing;

/// Settings that were checked, and the key, once it was needed.
#[wasm_bindgen]
pub struct Session {
    pub(crate) core: session::Session,
    connect_timeout: Duration,
    pub(crate) calls: RefCell<Calls>,
    pub(crate) publishing: RefCell<Publishing>,
}

#[wasm_bindgen]
impl Session {
    /// Opens a session with settings as the core reads them from JSON.
    #[wasm_bindgen(constructor)]
    pub fn new(settings: &str, host: Host) -> Result<Session, String> {
        let settings = Settings::from_json(settings.as_bytes()).map_err(thrown)?;
        let connect_timeout = settings.connect_timeout;
        let core = session::Session::new(settings, Runtime(host)).map_err(thrown)?;
        Ok(Self::of(core, connect_timeout))
    }

    /// A session whose calls are all inert, if the environment asks for that; then there is no need for settings.
    pub fn inert(host: Host) -> Option<Session> {
        let core = session::Session::inert(&Runtime(host))?;
        Some(Self::of(core, Duration::ZERO))
    }

    /// The largest answer that is read, in bytes.
    #[wasm_bindgen(js_name = largestAnswer)]
    pub fn largest_answer() -> usize {
        LARGEST_ANSWER
    }

    /// How long connecting may take, in milliseconds.
    #[wasm_bindgen(js_name = connectTimeout)]
    pub fn connect_timeout(&self) -> f64 {
        self.connect_timeout.as_secs_f64() * 1000.0
    }

    /// Checks a call as the core reads it from JSON, and begins it. Gives what to send, as lines: the call's number, how many
    /// milliseconds that may take, the method, the path and, if any, the body. Where calls are inert it gives what came of it, as
    /// JSON. The clocks are in milliseconds.
    pub fn begin(&self, call: &str, monotonic: f64, wall: f64) -> Result<String, String> {
        let now = now(monotonic, wall);
        Ok(match self.core.begin_json(call.as_bytes(), now).map_err(thrown)? {
            Begun::Exchange(exchange) => {
                self.publishing.borrow_mut().charge(now);
                self.calls.borrow_mut().begin(exchange, None, now)
            }
            Begun::Done(outcome) => json(&outcome.with_extra_apart()),
        })
    }

    /// What a call's request has in common with all others that have a body, or that have none, as JSON: `{"base_url", "loopback",
    /// "headers": {...}}`.
    pub fn head(&self, call: u32) -> Result<String, String> {
        let mut calls = self.calls.borrow_mut();
        let request = self.core.http_request(&calls.get(call)?.exchange).map_err(thrown)?;
        Ok(json(&Head { base_url: request.base_url, loopback: request.loopback, headers: Headers(&request.headers) }))
    }

    /// How long the next request of a call may take, in milliseconds.
    #[wasm_bindgen(js_name = timeLeft)]
    pub fn time_left(&self, call: u32, monotonic: f64) -> Result<f64, String> {
        // Nobody looks at the time of day to tell how much is left.
        let left = self.calls.borrow_mut().get(call)?.exchange.time_left(now(monotonic, 0.0));
        Ok(left.as_secs_f64() * 1000.0)
    }

    /// Forgets a call that nobody goes on with.
    pub fn forget(&self, call: u32) {
        self.calls.borrow_mut().forget(call);
    }

    /// Takes an answer; `headers` are lines, a name and its value by turns. Gives what to do now, as JSON: `{"done":
    /// {...}}`, `{"failed": {...}}` or `{"retry_after_seconds": 0.5}`; nothing where it was a publisher's.
    #[allow(clippy::too_many_arguments, reason = "each crosses as it is, which an object would not")]
    pub fn answered(
        &self,
        call: u32,
        status: u16,
        headers: &str,
        body: Vec<u8>,
        monotonic: f64,
        wall: f64,
        jitter: f64,
    ) -> Result<String, String> {
        let response = Response { status, headers: read_headers(headers), body };
        self.proceed(call, Ok(response), now(monotonic, wall), jitter)
    }

    /// Takes that there was no answer: `failure` is `connect`, `connect_timeout`, `timeout` or `interrupted`. Gives
    /// what to do now, as `answered` does.
    pub fn unanswered(
        &self,
        call: u32,
        failure: &str,
        detail: &str,
        monotonic: f64,
        wall: f64,
        jitter: f64,
    ) -> Result<String, String> {
        let failure = match failure {
            "connect" => TransportError::connect(detail),
            "connect_timeout" => TransportError::connect_timeout(),
            "timeout" => TransportError::timeout(),
            _ => TransportError::interrupted(detail),
        };
        self.proceed(call, Err(failure), now(monotonic, wall), jitter)
    }

    /// Takes the key out of a part of an answer.
    pub fn redact(&self, bytes: Vec<u8>) -> Vec<u8> {
        self.core.redact(bytes)
    }
}

impl Session {
    fn of(core: session::Session, connect_timeout: Duration) -> Self {
        Self { core, connect_timeout, calls: RefCell::default(), publishing: RefCell::default() }
    }

    /// Hands on what became of a request: a publisher's to that, which then says what is next; of others the budget learns.
    fn proceed(
        &self,
        call: u32,
        answer: Result<Response, TransportError>,
        now: Now,
        jitter: f64,
    ) -> Result<String, String> {
        let calls = &mut *self.calls.borrow_mut();
        let Call { exchange, publisher } = calls.get(call)?;
        let (next, publisher) = (self.core.proceed(exchange, answer, now, jitter), *publisher);
        if matches!(next, Next::Done(_)) {
            calls.forget(call);
        }
        let publishing = &mut *self.publishing.borrow_mut();
        Ok(match (next, publisher) {
            (Next::Done(outcome), Some(publisher)) => {
                publishing.settle(publisher, outcome, now, jitter);
                String::new()
            }
            (Next::Done(outcome), None) => {
                publishing.learn(&outcome, now, jitter);
                outcome_json(outcome)
            }
            (Next::RetryAfter(pause), _) => {
                publishing.charge(now);
                json(&Step::RetryAfterSeconds(pause.as_secs_f64()))
            }
        })
    }
}

/// What requests have in common.
#[derive(Serialize)]
struct Head<'a> {
    base_url: &'a str,
    loopback: bool,
    headers: Headers<'a>,
}

/// Headers as an object.
struct Headers<'a>(&'a [(&'static str, Cow<'a, str>)]);

impl Serialize for Headers<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

/// What to do now, as it crosses.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(clippy::large_enum_variant, reason = "it is written once and never kept")]
enum Step {
    Done(#[serde(serialize_with = "with_extra_apart")] StreamResponse),
    Failed(Error),
    RetryAfterSeconds(f64),
}

/// What came of a call or of a stream's end, as it crosses.
pub(crate) fn outcome_json(outcome: Result<StreamResponse, Error>) -> String {
    json(&outcome.map_or_else(Step::Failed, Step::Done))
}

fn with_extra_apart<S: Serializer>(outcome: &StreamResponse, serializer: S) -> Result<S::Ok, S::Error> {
    outcome.with_extra_apart().serialize(serializer)
}

/// Those headers that are read at all.
fn read_headers(lines: &str) -> Vec<(String, String)> {
    let mut headers = Vec::new();
    let mut lines = lines.split('\n');
    while let (Some(name), Some(value)) = (lines.next(), lines.next()) {
        if HEADERS.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            headers.push((name.to_owned(), value.to_owned()));
        }
    }
    headers
}

/// An error as JavaScript catches it.
pub(crate) fn thrown(error: impl Into<Error>) -> String {
    json(&error.into())
}

pub(crate) fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("it has text keys only")
}
