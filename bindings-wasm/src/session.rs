//! The core's session: from a call as JSON to what to send, and from what was answered to what came of it.

use std::borrow::Cow;
use std::cell::RefCell;
use std::str;
use std::time::Duration;

use activitysmith_kit::exchange::{Next, Now, TransportError};
use activitysmith_kit::session::{self, Begun, Settings};
use activitysmith_kit::wire::{HEADERS, LARGEST_ANSWER, Response};
use activitysmith_kit::{Error, StreamResponse};
use serde::{Serialize, Serializer};
use wasm_bindgen::prelude::*;

use crate::exchange::{Exchange, now};
use crate::host::{Host, Runtime};
use crate::publishing::Publishing;

/// Settings that were checked, and the key, once it was needed.
#[wasm_bindgen]
pub struct Session {
    pub(crate) core: session::Session,
    connect_timeout: Duration,
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
        Ok(Self { core, connect_timeout, publishing: RefCell::default() })
    }

    /// A session whose calls are all inert, if the environment asks for that; then there is no need for settings.
    pub fn inert(host: Host) -> Option<Session> {
        let core = session::Session::inert(&Runtime(host))?;
        Some(Self { core, connect_timeout: Duration::ZERO, publishing: RefCell::default() })
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

    /// Checks a call as the core reads it from JSON, and begins it. The clocks are in milliseconds.
    pub fn begin(&self, call: &str, monotonic: f64, wall: f64) -> Result<Exchange, String> {
        let now = now(monotonic, wall);
        let begun = self.core.begin_json(call.as_bytes(), now).map_err(thrown)?;
        if matches!(begun, Begun::Exchange(_)) {
            self.publishing.borrow_mut().charge(now);
        }
        Ok(Exchange::of(begun, None))
    }

    /// What to send: its head as JSON, `{"method", "base_url", "loopback", "path", "headers": {...}}`, and, where it has a body,
    /// a line break and that as it is.
    pub fn request(&self, exchange: &mut Exchange) -> Result<String, String> {
        let request = self.core.http_request(exchange.under_way()?).map_err(thrown)?;
        let mut text = json(&Head {
            method: request.method.as_str(),
            base_url: request.base_url,
            loopback: request.loopback,
            path: request.path,
            headers: Headers(&request.headers),
        });
        if let Some(body) = request.body.and_then(|body| str::from_utf8(body).ok()) {
            text.reserve_exact(1 + body.len());
            text.push('\n');
            text.push_str(body);
        }
        Ok(text)
    }

    /// Takes an answer; `headers` are lines, a name and its value by turns. Gives what to do now, as JSON: `{"done":
    /// {...}}`, `{"failed": {...}}` or `{"retry_after_seconds": 0.5}`; nothing where it was a publisher's.
    #[allow(clippy::too_many_arguments, reason = "each crosses as it is, which an object would not")]
    pub fn answered(
        &self,
        exchange: &mut Exchange,
        status: u16,
        headers: &str,
        body: Vec<u8>,
        monotonic: f64,
        wall: f64,
        jitter: f64,
    ) -> Result<String, String> {
        let response = Response { status, headers: read_headers(headers), body };
        self.proceed(exchange, Ok(response), now(monotonic, wall), jitter)
    }

    /// Takes that there was no answer: `failure` is `connect`, `connect_timeout`, `timeout` or `interrupted`. Gives
    /// what to do now, as `answered` does.
    pub fn unanswered(
        &self,
        exchange: &mut Exchange,
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
        self.proceed(exchange, Err(failure), now(monotonic, wall), jitter)
    }

    /// Takes the key out of a part of an answer.
    pub fn redact(&self, bytes: Vec<u8>) -> Vec<u8> {
        self.core.redact(bytes)
    }
}

impl Session {
    /// Hands on what became of a request: a publisher's to that, which then says what is next; of others the budget learns.
    fn proceed(
        &self,
        exchange: &mut Exchange,
        answer: Result<Response, TransportError>,
        now: Now,
        jitter: f64,
    ) -> Result<String, String> {
        let next = self.core.proceed(exchange.under_way()?, answer, now, jitter);
        let publishing = &mut *self.publishing.borrow_mut();
        Ok(match (next, exchange.publisher) {
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

/// A request as it crosses, but for its body.
#[derive(Serialize)]
struct Head<'a> {
    method: &'static str,
    base_url: &'a str,
    loopback: bool,
    path: &'a str,
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
