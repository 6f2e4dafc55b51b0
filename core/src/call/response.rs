//! Reading responses: a status, headers and bytes become an outcome or an error.
//!
//! A success is read leniently, since what was done cannot be undone by failing to understand the receipt: what is missing stays
//! absent, and what is new or of an unexpected type is kept in `extra`.

use std::time::{Duration, SystemTime};

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::rate_limits;
use crate::api::{Answer, NotFound, RateLimit, Spec};
use crate::error::{ApiError, ApiErrorKind};
use crate::json::{self, Members};

/// The headers that are read, in lower case; a transport need not keep others.
pub const HEADERS: &[&str] =
    &["ratelimit", "ratelimit-policy", "retry-after", "date", "location", "x-request-id", "request-id"];

/// The largest answer that a transport reads, in bytes; the service's own are a thousandth of it.
pub const LARGEST_ANSWER: usize = 1024 * 1024;

/// An answer as it came, before it is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// At least those of [`HEADERS`] that came.
    pub headers: Vec<(String, String)>,
    /// The whole body.
    pub body: Vec<u8>,
}

impl Response {
    fn header<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        self.headers_named(name).next()
    }

    /// Every line of a header, which a list may be spread over.
    fn headers_named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    fn request_id(&self) -> Option<String> {
        self.header("x-request-id").or_else(|| self.header("request-id")).map(str::to_owned)
    }

    fn rate_limits(&self) -> Vec<RateLimit> {
        rate_limits::rate_limits(self.headers_named("ratelimit").chain(self.headers_named("ratelimit-policy")))
    }
}

/// What a success says, or nothing when its body is not the service's. What was done cannot be undone by a body that is cut off
/// or holds an odd byte, so such a one still counts; a page of words or markup is a network's log-in page.
fn success(body: &[u8]) -> Option<Members> {
    let text = String::from_utf8_lossy(body);
    let text = text.trim_start_matches('\u{feff}').trim();
    match json::parse_answer(text.as_bytes()) {
        Some(Value::Object(members)) => Some(members),
        Some(_) => Some(Members::new()),
        None if text.starts_with('{') => Some([("body".to_owned(), text.into())].into_iter().collect()),
        None if text.is_empty() => Some(Members::new()),
        None => None,
    }
}

/// The most of an error's body that is kept, in bytes.
const KEPT_BODY: usize = 64 * 1024;

/// Reads an answer to a request of this endpoint.
pub(crate) fn read(spec: &Spec, response: &Response, now: SystemTime) -> Result<Answer, Box<ApiError>> {
    let members = success(&response.body).filter(|_| (200..=299).contains(&response.status));
    let Some(members) = members else { return Err(failure(spec, response, now)) };
    let mut answer = Answer::new(spec.answer, members);
    answer.facts.status = response.status;
    answer.facts.request_id = response.request_id();
    answer.facts.rate_limits = response.rate_limits();
    Ok(answer)
}

#[cold]
fn failure(spec: &Spec, response: &Response, now: SystemTime) -> Box<ApiError> {
    let body = json::parse_answer(&response.body).unwrap_or_default();
    let text = |name| read_member::<String>(&body, name);
    let kind = kind(spec, response, &body);
    let retry_after = match kind {
        ApiErrorKind::RateLimited => asked_wait(response, now).or_else(|| next_window(response)),
        ApiErrorKind::ServerError => asked_wait(response, now),
        _ => None,
    };
    Box::new(ApiError {
        kind,
        status: response.status,
        code: text("code").or_else(|| text("error")),
        message: text("message"),
        body: String::from_utf8_lossy(&response.body[..response.body.len().min(KEPT_BODY)]).into_owned(),
        request_id: response.request_id(),
        date: response.header("date").map(str::to_owned),
        retry_after,
        attempts: 1,
    })
}

fn kind(spec: &Spec, response: &Response, body: &Value) -> ApiErrorKind {
    let count = |name| read_member::<u64>(body, name);
    let code = body.get("code").and_then(Value::as_str);
    let slugs = || read_member(body, "effective_channel_slugs");
    match response.status {
        200..=299 => ApiErrorKind::Unreadable,
        300..=399 => ApiErrorKind::Redirect { location: response.header("location").map(str::to_owned) },
        401 => ApiErrorKind::Unauthorized,
        402 => ApiErrorKind::BillingBlocked { upgrade_url: read_member(body, "upgrade_url") },
        403 => ApiErrorKind::Forbidden,
        404 if !matches!(spec.not_found, NotFound::Recipients) => ApiErrorKind::NotFound,
        409 => ApiErrorKind::Conflict,
        // A badge that could not be set names channels too.
        422 if code == Some("badge_device_disconnected") => {
            ApiErrorKind::NoRecipients { effective_channel_slugs: slugs() }
        }
        422 if code == Some("badge_update_failed") => ApiErrorKind::ServerError,
        // What a path names comes about by the request, so what is not found must be a device.
        404 | 422
            if body.get("effective_channel_slugs").is_some()
                || body.get("error").and_then(Value::as_str) == Some("No recipients found") =>
        {
            ApiErrorKind::NoRecipients { effective_channel_slugs: slugs() }
        }
        404 => ApiErrorKind::NotFound,
        // An answer about capacity is known by its counts; only a rate limit has a time.
        429 if body.get("limit").is_some() && body.get("active").is_some() => ApiErrorKind::ActivityLimitReached {
            limit: count("limit"),
            active: count("active"),
            blocked_devices: count("blocked_devices"),
            targeted_devices: count("targeted_devices"),
        },
        429 => ApiErrorKind::RateLimited,
        408 | 500.. => ApiErrorKind::ServerError,
        _ => ApiErrorKind::BadRequest,
    }
}

fn read_member<T: DeserializeOwned>(body: &Value, name: &str) -> Option<T> {
    T::deserialize(body.get(name)?).ok()
}

fn asked_wait(response: &Response, now: SystemTime) -> Option<Duration> {
    rate_limits::retry_after(response.header("retry-after")?, response.header("date"), now)
}

/// When every policy that is used up has a new window.
fn next_window(response: &Response) -> Option<Duration> {
    let limits = response.rate_limits();
    limits.iter().filter(|limit| limit.remaining == Some(0)).filter_map(|limit| limit.reset).max()
}
