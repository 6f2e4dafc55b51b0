//! One call from its first request to its outcome, as a state machine without I/O: the caller sends, waits and passes in the time.
//!
//! ```text
//! let mut exchange = Exchange::new(request, policy, timeout, now);
//! loop {
//!     let answer = send(exchange.request(), exchange.time_left(now));
//!     match exchange.proceed(answer, now, random) {
//!         Next::Done(result) => return result,
//!         Next::RetryAfter(pause) => sleep(pause),
//!     }
//! }
//! ```

use std::time::{Duration, SystemTime};

use super::request::Request;
use super::response::{self, Response};
use super::retry::{self, RetryPolicy};
use crate::api::{Answer, NotFound};
use crate::error::{ApiErrorKind, ConnectionError, ConnectionErrorKind, Error};

/// A reading of both clocks.
#[derive(Clone, Copy, Debug)]
pub struct Now {
    /// Since any fixed moment; it never goes back.
    pub monotonic: Duration,
    /// The time of day, for dates in headers.
    pub wall: SystemTime,
}

/// Why a request got no answer.
#[derive(Debug, thiserror::Error)]
#[error("{kind}")]
#[non_exhaustive]
pub struct TransportError {
    kind: Failure,
    /// Not its source: the detail already says what it says.
    cause: Option<Box<dyn std::error::Error + Send + Sync>>,
}

#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("could not connect: {0}")]
    Connect(String),
    #[error("could not connect in time")]
    ConnectTimeout,
    #[error("interrupted: {0}")]
    Interrupted(String),
    #[error("no answer in time")]
    Timeout,
}

impl TransportError {
    /// Nothing was sent. `detail` must hold no secret.
    pub fn connect(detail: impl Into<String>) -> Self {
        Self { kind: Failure::Connect(detail.into()), cause: None }
    }

    /// Nothing was sent: connecting took too long.
    pub fn connect_timeout() -> Self {
        Self { kind: Failure::ConnectTimeout, cause: None }
    }

    /// Something may have been sent, but no whole answer came. `detail` must hold no secret.
    pub fn interrupted(detail: impl Into<String>) -> Self {
        Self { kind: Failure::Interrupted(detail.into()), cause: None }
    }

    /// Something may have been sent, and the time is up.
    pub fn timeout() -> Self {
        Self { kind: Failure::Timeout, cause: None }
    }

    /// The text in it that came from outside.
    pub(crate) fn detail_mut(&mut self) -> Option<&mut String> {
        match &mut self.kind {
            Failure::Connect(detail) | Failure::Interrupted(detail) => Some(detail),
            Failure::ConnectTimeout | Failure::Timeout => None,
        }
    }

    /// What lay beneath, for [`ConnectionError::cause`]. Its text and its `Debug` must hold no secret.
    #[must_use]
    pub fn caused_by(mut self, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.cause = Some(cause.into());
        self
    }
}

/// What to do now.
#[derive(Debug)]
#[allow(clippy::large_enum_variant, reason = "it is looked at once and never kept")]
pub enum Next {
    /// Nothing more: this is the outcome.
    Done(Result<Answer, Error>),
    /// Wait for this time, then send the request again.
    RetryAfter(Duration),
}

/// What a request must have left to be worth sending.
const LEAST_TIME: Duration = Duration::from_millis(100);

/// One call under way.
#[derive(Debug)]
pub struct Exchange {
    request: Request,
    policy: RetryPolicy,
    timeout: Duration,
    started: Duration,
    attempts: u32,
    may_have_been_done: bool,
}

impl Exchange {
    /// Begins a call that may take `timeout` in all, repetitions and pauses included.
    pub fn new(request: Request, policy: RetryPolicy, timeout: Duration, now: Now) -> Self {
        Self { request, policy, timeout, started: now.monotonic, attempts: 0, may_have_been_done: false }
    }

    /// What to send, each time.
    pub fn request(&self) -> &Request {
        &self.request
    }

    /// How long the next request may take.
    pub fn time_left(&self, now: Now) -> Duration {
        self.timeout.saturating_sub(self.elapsed(now))
    }

    fn elapsed(&self, now: Now) -> Duration {
        now.monotonic.saturating_sub(self.started)
    }

    /// Takes what became of a request. `jitter` is a random number from 0 to 1.
    pub fn proceed(&mut self, answer: Result<Response, TransportError>, now: Now, jitter: f64) -> Next {
        self.attempts += 1;
        let error = match self.read(answer, now) {
            Ok(mut outcome) => {
                outcome.facts.attempts = self.attempts;
                outcome.facts.elapsed = self.elapsed(now);
                outcome.facts.advice.clone_from(&self.request.advice);
                return Next::Done(Ok(outcome));
            }
            Err(error) => error,
        };
        self.may_have_been_done |= retry::may_have_been_done(&error);
        let pause = self.policy.pause(&error, self.attempts, self.request.repeat, jitter);
        match pause {
            Some(pause) if pause.saturating_add(LEAST_TIME) <= self.time_left(now) => Next::RetryAfter(pause),
            _ => Next::Done(Err(error)),
        }
    }

    fn read(&self, answer: Result<Response, TransportError>, now: Now) -> Result<Answer, Error> {
        let (spec, response) = (self.request.spec, answer.map_err(|error| self.connection_error(error))?);
        response::read(spec, &response, now.wall).or_else(|mut error| {
            error.attempts = self.attempts;
            match spec.not_found {
                NotFound::Removed(removed)
                    if self.may_have_been_done && matches!(error.kind, ApiErrorKind::NotFound) =>
                {
                    let mut answer = removed(&self.request.key);
                    answer.facts.status = error.status;
                    Ok(answer)
                }
                _ => Err(Error::Api(error)),
            }
        })
    }

    fn connection_error(&self, error: TransportError) -> Error {
        let kind = match error.kind {
            Failure::Connect(detail) => ConnectionErrorKind::Connect(detail),
            Failure::ConnectTimeout => ConnectionErrorKind::ConnectTimeout,
            Failure::Interrupted(detail) => ConnectionErrorKind::Interrupted(detail),
            Failure::Timeout => ConnectionErrorKind::Timeout { timeout: self.timeout },
        };
        ConnectionError { kind, attempts: self.attempts, cause: error.cause.map(Into::into) }.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::END_STREAM;

    const START: Now = Now { monotonic: Duration::ZERO, wall: SystemTime::UNIX_EPOCH };

    #[test]
    fn a_wait_beyond_all_clocks_is_not_waited_for() {
        let end = Request::build(&END_STREAM, &"k".into(), serde_json::json!({})).unwrap();
        let mut exchange = Exchange::new(end, RetryPolicy::default(), Duration::from_secs(15), START);
        let broken = Err(TransportError::interrupted("reset"));
        assert!(matches!(exchange.proceed(broken, START, 1.0), Next::RetryAfter(_)));
        let longest = vec![("ratelimit".to_owned(), format!("\"p\";r=0;t={}", u64::MAX))];
        let limited = Response { status: 429, headers: longest, body: b"{}".to_vec() };
        assert!(matches!(exchange.proceed(Ok(limited), START, 1.0), Next::Done(Err(_))));
    }
}
