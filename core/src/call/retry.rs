//! When a failed request is worth repeating, and after how long. Pure: chance and time are passed in.

use std::time::Duration;

use crate::api::Repeat;
use crate::error::{ApiErrorKind, ConnectionErrorKind, Error};

/// How persistent a call is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// How often a request is repeated at most; 0 for never.
    pub max_retries: u32,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self { max_retries: 2 }
    }
}

/// The longest pause before the first repetition; it doubles with each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// The longest pause before any repetition, unless the service asks for more.
const LONGEST_PAUSE: Duration = Duration::from_secs(8);

impl RetryPolicy {
    /// How long to wait before the next attempt, or nothing when there should be none.
    ///
    /// `attempts` counts the requests sent so far, `jitter` is a random number from 0 to 1. A request that makes a sound is
    /// repeated only when it certainly was not carried out.
    pub fn pause(self, error: &Error, attempts: u32, repeat: Repeat, jitter: f64) -> Option<Duration> {
        let hopeless = attempts > self.max_retries || !is_worth_repeating(error);
        if hopeless || (repeat == Repeat::UnlessDone && may_have_been_done(error)) {
            return None;
        }
        let asked = match error {
            Error::Api(error) => error.retry_after.unwrap_or_default(),
            _ => Duration::ZERO,
        };
        let doublings = attempts.saturating_sub(1).min(8);
        let longest = LONGEST_PAUSE.min(FIRST_PAUSE * 2_u32.pow(doublings));
        let jitter = sane_jitter(jitter);
        // On top of what was asked for, so that clients with the same time do not return at the same moment.
        Some(asked.saturating_add(longest.mul_f64(jitter)))
    }
}

/// A random number from 0 to 1, whatever came as one.
pub(crate) fn sane_jitter(jitter: f64) -> f64 {
    if jitter.is_nan() { 0.0 } else { jitter.clamp(0.0, 1.0) }
}

fn is_worth_repeating(error: &Error) -> bool {
    match error {
        Error::Config(_) | Error::Validation(_) | Error::Closed(_) => false,
        Error::Connection(_) => true,
        Error::Api(error) => matches!(error.kind, ApiErrorKind::RateLimited | ApiErrorKind::ServerError),
    }
}

/// Whether the service may have carried out the request that failed like this.
pub(crate) fn may_have_been_done(error: &Error) -> bool {
    match error {
        Error::Config(_) | Error::Validation(_) | Error::Closed(_) => false,
        Error::Connection(error) => {
            !matches!(error.kind, ConnectionErrorKind::Connect(_) | ConnectionErrorKind::ConnectTimeout)
        }
        // A rate limit is a refusal; after a 5xx the outcome is unknown.
        Error::Api(error) => matches!(error.kind, ApiErrorKind::ServerError),
    }
}
