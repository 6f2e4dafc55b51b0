//! The core's session: from a call as JSON to what to send, and from what was answered to what came of it.

use std::borrow::Cow;
use std::str;
use std::time::Duration;

use activitysmith_kit::exchange::{Next, TransportError};
use activitysmith_kit::session::{self, Settings};
use activitysmith_kit::wire::{HEADERS, LARGEST_ANSWER, Response};
use activitysmith_kit::{Error, StreamResponse};
use serde::{Serialize, Serializer};
use wasm_bindgen::prelude::*;

use crate::exchange::{Exchange, now};
use crate::host::{Host, Runtime};

/// Settings that were checked, and the key, once it was needed.
#[wasm_bindgen]
pub struct Session {
    session: session::Session,
    connect_timeout: Duration,
}

#[wasm_bindgen]
impl Session {
    /// Opens a session with settings as the core reads them from JSON.
    #[wasm_bindgen(constructor)]
    pub fn new(settings: &str, host: Host) -> Result<Session, String> {
        let settings = Settings::from_json(settings.as_bytes()).map_err(thrown)?;
        let connect_timeout = settings.connect_timeout;
        let session = session::Session::new(settings, Runtime(host)).map_err(thrown)?;
        Ok(Self { session, connect_timeout })
    }

    /// A session whose calls are all inert, if the environment asks for that; then there is no need for settings.
    pub fn inert(host: Host) -> Option<Session> {
        let session = session::Session::inert(&Runtime(host))?;
        Some(Self { session, connect_timeout: Duration::ZERO })
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
        self.session.begin_json(call.as_bytes(), now(monotonic, wall)).map(Exchange).map_err(thrown)
    }

    /// What to send, as JSON: `{"method", "base_url", "loopback", "path", "headers": {...}, "body"}`, the body a text or null.
    pub fn request(&self, exchange: &mut Exchange) -> Result<String, String> {
        let request = self.session.http_request(exchange.under_way()?).map_err(thrown)?;
        Ok(json(&Outgoing {
            method: request.method.as_str(),
            base_url: request.base_url,
            loopback: request.loopback,
            path: request.path,
            headers: Headers(&request.headers),
            body: request.body.and_then(|body| str::from_utf8(body).ok()),
        }))
    }

    /// Takes an answer; `headers` are lines, a name and its value by turns. Gives what to do now, as JSON: `{"done":
    /// {...}}`, `{"failed": {...}}` or `{"retry_after_seconds": 0.5}`.
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
        let next = self.session.proceed(exchange.under_way()?, Ok(response), now(monotonic, wall), jitter);
        Ok(json(&Step::from(next)))
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
        let next = self.session.proceed(exchange.under_way()?, Err(failure), now(monotonic, wall), jitter);
        Ok(json(&Step::from(next)))
    }

    /// Takes the key out of a part of an answer.
    pub fn redact(&self, bytes: Vec<u8>) -> Vec<u8> {
        self.session.redact(bytes)
    }
}

/// A request as it crosses.
#[derive(Serialize)]
struct Outgoing<'a> {
    method: &'static str,
    base_url: &'a str,
    loopback: bool,
    path: &'a str,
    headers: Headers<'a>,
    body: Option<&'a str>,
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

impl From<Next> for Step {
    fn from(next: Next) -> Self {
        match next {
            Next::Done(Ok(outcome)) => Self::Done(outcome),
            Next::Done(Err(error)) => Self::Failed(error),
            Next::RetryAfter(pause) => Self::RetryAfterSeconds(pause.as_secs_f64()),
        }
    }
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
fn thrown(error: impl Into<Error>) -> String {
    json(&error.into())
}

pub(crate) fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("it has text keys only")
}
