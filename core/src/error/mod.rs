//! The one error tree. Every failure that a caller can meet is here, says whether trying again may help, and never holds a key.

mod json;

#[cfg(feature = "describe")]
pub(crate) use json::ActivitySmithError;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;

use crate::declare::described;
#[cfg(feature = "describe")]
use crate::describe::{Field, Object};
use crate::json::{Number, seconds};
use crate::validate::ValidationError;

/// What every fallible call of this crate gives back.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a call failed.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A setting is missing or invalid, for example the key or the base URL. Nothing was sent.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The request breaks rules of the API. Nothing was sent.
    #[error(transparent)]
    Validation(#[from] ValidationError),
    /// There was no answer: the service was not reached, or did not answer in time.
    #[error(transparent)]
    Connection(#[from] ConnectionError),
    /// The service answered with an error.
    #[error(transparent)]
    Api(Box<ApiError>),
    /// The client is closed, or the handle belongs to another process. A call that was under way may have been carried out.
    #[error(transparent)]
    Closed(#[from] ClosedError),
}

impl From<ApiError> for Error {
    fn from(error: ApiError) -> Self {
        Self::Api(Box::new(error))
    }
}

impl Error {
    /// Whether the same call may succeed later, unchanged.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Config(_) | Self::Validation(_) | Self::Closed(_) => false,
            Self::Connection(_) => true,
            Self::Api(error) => error.is_transient(),
        }
    }

    /// The kind of failure as text, the same in every language.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Config(_) => "config",
            Self::Validation(_) => "validation",
            Self::Connection(error) if error.is_timeout() => "timeout",
            Self::Connection(_) => "connection",
            Self::Api(error) => error.kind.as_str(),
            Self::Closed(_) => "closed",
        }
    }

    /// The number of attempts; 0 when nothing was sent.
    pub fn attempts(&self) -> u32 {
        match self {
            Self::Config(_) | Self::Validation(_) | Self::Closed(_) => 0,
            Self::Connection(error) => error.attempts,
            Self::Api(error) => error.attempts,
        }
    }
}

described! {
    /// A setting is missing or invalid.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
    #[error("{setting} {problem}")]
    #[non_exhaustive]
    pub struct ConfigError {
        /// The name of the setting.
        pub setting: String,
        /// What is wrong and what to do.
        pub problem: String,
    }
}

impl ConfigError {
    /// An error about this setting, for example for a test.
    #[cold]
    #[inline(never)]
    pub fn new(setting: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { setting: setting.into(), problem: problem.into() }
    }
}

/// A call or a publisher of a client that is closed, or a handle in a process that it does not belong to.
///
/// A change after the end of a stream is not an error; it is ignored and reported as an [`Event`](crate::Event).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
#[non_exhaustive]
pub struct ClosedError {
    /// What is closed and what to do.
    pub message: String,
}

impl ClosedError {
    /// An error with this text, for example for a test.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into() }
    }
}

/// There was no answer.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{kind}{}", attempted(*attempts))]
#[non_exhaustive]
pub struct ConnectionError {
    /// How far it got.
    pub kind: ConnectionErrorKind,
    /// The number of attempts.
    pub attempts: u32,
    /// The underlying error, without addresses or secrets; for the built-in transport a [`std::io::Error`], where there is one.
    ///
    /// It is not the [`source`](std::error::Error::source) of this error, whose text already says what it says.
    pub cause: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

impl ConnectionError {
    /// An error of one attempt, for example for a test.
    pub fn new(kind: ConnectionErrorKind) -> Self {
        Self { kind, attempts: 1, cause: None }
    }

    /// The time ran out, rather than the connection breaking.
    pub fn is_timeout(&self) -> bool {
        !matches!(self.kind, ConnectionErrorKind::Connect(_) | ConnectionErrorKind::Interrupted(_))
    }
}

/// How far a request without an answer got.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectionErrorKind {
    /// There was no connection, so nothing was sent: name not found, refused, no route, TLS.
    #[error("could not connect: {0}")]
    Connect(String),
    /// Connecting took longer than it may, so nothing was sent.
    #[error("could not connect in time")]
    ConnectTimeout,
    /// The connection broke before the answer was complete. The service may have carried out the call.
    #[error("the connection broke before the answer was whole: {0}")]
    Interrupted(String),
    /// The call timed out. The service may have carried it out.
    #[error("no answer within {} s", in_seconds(*timeout))]
    Timeout {
        /// The time that the whole call had.
        timeout: Duration,
    },
    /// A publisher's state did not arrive within the timeout. It may still arrive.
    #[error("the newest state has not arrived within {} s{}", in_seconds(*timeout), because(reason.as_deref()))]
    NotArrived {
        /// The timeout.
        timeout: Duration,
        /// What delays it, where that is known.
        reason: Option<String>,
    },
}

/// How often it was tried, where it was.
fn attempted(attempts: u32) -> String {
    if attempts == 0 { String::new() } else { format!(" (attempts: {attempts})") }
}

fn because(reason: Option<&str>) -> String {
    reason.map(|reason| format!(": {reason}")).unwrap_or_default()
}

fn in_seconds(time: Duration) -> Number {
    Number::from((time.as_secs_f64() * 1e3).round() / 1e3)
}

described! {
    /// The service answered with an error.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    #[non_exhaustive]
    pub struct ApiError {
        /// The kind of failure.
        #[serde(flatten)]
        pub kind: ApiErrorKind,
        /// The HTTP status.
        pub status: u16,
        /// The machine-readable name, if the answer had one: its `code`, or else its `error` label.
        pub code: Option<String>,
        /// The service's message, if the answer had one. The wording may change; do not compare it.
        pub message: Option<String>,
        /// The answer's body, shortened to 64 KiB.
        pub body: String,
        /// The request id of the service or a proxy.
        pub request_id: Option<String>,
        /// How long to wait before the next attempt, if the service said so.
        #[serde(rename = "retry_after_seconds", serialize_with = "seconds")]
        pub retry_after: Option<Duration>,
        /// The `Date` header of the answer.
        pub date: Option<String>,
        /// The number of attempts.
        #[serde(skip)]
        pub attempts: u32,
    }
}

/// Declares what an answer can mean that is not success: each kind with its fields, its name and what it says.
macro_rules! answers {
    ($(
        $(#[doc = $doc:literal])*
        $kind:ident $({ $( $(#[doc = $field_doc:literal])* $field:ident: $type:ty, )* })?
            = $name:literal: $meaning:literal,
    )*) => {
        /// What an answer means that is not success.
        #[derive(Clone, Debug, PartialEq, Serialize)]
        #[serde(untagged)]
        #[non_exhaustive]
        pub enum ApiErrorKind {
            $( $(#[doc = $doc])* $kind $({ $( $(#[doc = $field_doc])* $field: $type, )* })?, )*
        }

        impl ApiErrorKind {
            /// The kind as text, the same in every language.
            pub fn as_str(&self) -> &'static str {
                match self {
                    $( Self::$kind { .. } => $name, )*
                }
            }

            fn meaning(&self) -> &'static str {
                match self {
                    $( Self::$kind { .. } => $meaning, )*
                }
            }

            /// One of each kind, and what it is.
            #[cfg(feature = "describe")]
            pub(crate) fn all() -> Vec<(Self, Object)> {
                vec![$( (
                    Self::$kind $({ $( $field: None ),* })?,
                    Object::new(
                        stringify!($kind),
                        &[$( &[("doc", $doc)] ),*],
                        [$( $( Field::new::<$type>(stringify!($field), &[$( &[("doc", $field_doc)] ),*]) ),* )?],
                    ),
                ) ),*]
            }
        }
    };
}

answers! {
    /// 400 and other refusals of the request itself.
    BadRequest = "bad_request": "the service refused the request",
    /// 401: the API key is unknown.
    Unauthorized = "unauthorized": "the service does not know this API key",
    /// 402: the trial is over, or a spending cap is reached.
    BillingBlocked {
        /// Where to resolve it.
        upgrade_url: Option<String>,
    } = "billing_blocked": "billing blocks this account",
    /// 403: the key lacks permission, for example for that channel.
    Forbidden = "forbidden": "this API key may not do that",
    /// 404: nothing has this name, or the base URL is not the API's.
    NotFound = "not_found": "not found: no such stream, activity, notification or metric, or not the base URL of the API",
    /// 409: what is there stands against the request, for example a notification that can no longer be replaced.
    Conflict = "conflict": "the request conflicts with what the service has",
    /// 422 (404 of older services): there is no device to deliver to. It resolves when a device is paired.
    NoRecipients {
        /// The channels without a device; absent for the whole account.
        effective_channel_slugs: Option<Vec<String>>,
    } = "no_recipients": "there is no device to deliver to",
    /// 429: too many requests for now; see [`ApiError::retry_after`].
    RateLimited = "rate_limited": "too many requests",
    /// 429: the limit of running Live Activities is reached. It resolves when one ends.
    ActivityLimitReached {
        /// The limit.
        limit: Option<u64>,
        /// The number of running activities.
        active: Option<u64>,
        /// The number of targeted devices at the limit, where only some are.
        blocked_devices: Option<u64>,
        /// The number of targeted devices.
        targeted_devices: Option<u64>,
    } = "activity_limit_reached": "Live Activity limit reached: end an activity first",
    /// 5xx and 408: the service, or a proxy in front of it, failed.
    ServerError = "server_error": "the service is in trouble",
    /// 3xx: redirects are not followed, since they would forward the key.
    Redirect {
        /// The target.
        location: Option<String>,
    } = "redirect": "the base URL redirects, which is not followed",
    /// A success whose body is not the service's, for example a captive portal's page.
    Unreadable = "unreadable": "the answer is not the service's",
}

impl ApiErrorKind {
    pub(crate) fn is_transient(&self) -> bool {
        matches!(self, Self::RateLimited | Self::ServerError | Self::Unreadable)
    }
}

/// What the service calls a stream that it does not have.
const UNKNOWN_STREAM: &str = "Live Activity stream not found";

impl ApiError {
    /// An error of one attempt with nothing but a meaning and a status, for example for a test.
    pub fn new(kind: ApiErrorKind, status: u16) -> Self {
        Self {
            kind,
            status,
            code: None,
            message: None,
            body: String::new(),
            request_id: None,
            retry_after: None,
            date: None,
            attempts: 1,
        }
    }

    /// Whether this says that there is no such stream (any more), in the service's own words: a 404 of anything else that
    /// happens to answer at a wrong base URL does not.
    pub fn is_unknown_stream(&self) -> bool {
        matches!(self.kind, ApiErrorKind::NotFound) && self.code.as_deref() == Some(UNKNOWN_STREAM)
    }

    /// Every text in it that came from outside.
    pub(crate) fn texts_mut(&mut self) -> impl Iterator<Item = &mut String> {
        let of_kind = match &mut self.kind {
            ApiErrorKind::BillingBlocked { upgrade_url: text } | ApiErrorKind::Redirect { location: text } => {
                text.as_mut()
            }
            _ => None,
        };
        [self.code.as_mut(), self.message.as_mut(), self.request_id.as_mut(), of_kind, Some(&mut self.body)]
            .into_iter()
            .flatten()
    }

    /// Whether the same call may succeed later, unchanged.
    pub fn is_transient(&self) -> bool {
        self.kind.is_transient()
    }
}

impl std::error::Error for ApiError {}

/// A text from outside, fit for a line of a log.
fn one_line(text: &str) -> String {
    const LONGEST: usize = 300;
    let mut line: String = text.chars().take(LONGEST).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(LONGEST).is_some() {
        line.push_str("...");
    }
    line
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (status {}", self.kind.meaning(), self.status)?;
        if let Some(code) = &self.code {
            write!(f, ", {}", one_line(code))?;
        }
        f.write_str(")")?;
        let detail = match &self.kind {
            ApiErrorKind::BillingBlocked { upgrade_url: Some(url) } => Some(url),
            ApiErrorKind::Redirect { location: Some(location) } => Some(location),
            _ => self.message.as_ref(),
        };
        if let Some(detail) = detail {
            write!(f, ": {}", one_line(detail))?;
        }
        if let Some(wait) = self.retry_after {
            write!(f, "; try again in {} s", Number::from(wait.as_secs_f64().ceil()))?;
        }
        Ok(())
    }
}
