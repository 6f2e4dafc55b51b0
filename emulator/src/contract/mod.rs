//! The published contract as a judge of single requests: which bodies and keys are allowed. It knows no stream, no
//! account and no time; what depends on those belongs to the service.

mod lenient;
mod problem;
mod requirements;
mod rules;
mod schema;
mod stream_type;

pub use problem::{Problem, refusal_label};
pub use requirements::{requirements, type_missing};
pub use stream_type::StreamType;

pub(crate) use lenient::strip_nulls;
pub(crate) use rules::{check_metric, check_push, check_secondary_action, check_stream, check_value};
pub(crate) use schema::check_schema;

use crate::options::{Mode, RuntimeOptions, UrlPolicy};

/// Our OpenAPI 3.1 document of the API, whose schemas judge request bodies.
pub const OPENAPI: &str = include_str!("../../openapi/activitysmith.json");

/// Which variant of the contract a request is judged by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rules {
    /// Strict or lenient.
    pub mode: Mode,
    /// Refuse plain http in buttons, as the contract did until July 2026.
    pub legacy_url_policy: bool,
}

impl From<Mode> for Rules {
    fn from(mode: Mode) -> Self {
        Self { mode, legacy_url_policy: false }
    }
}

impl From<&RuntimeOptions> for Rules {
    fn from(options: &RuntimeOptions) -> Self {
        Self { mode: options.mode, legacy_url_policy: options.switches.url_policy == UrlPolicy::Legacy }
    }
}

/// Does now what the first check in this mode would otherwise do.
pub(crate) fn prepare(mode: Mode) {
    schema::prepare(mode);
}

/// What is wrong with the decoded key of a metric: 1 to 64 lower-case letters, digits, `_`, `.` and `-`, of which a letter
/// or digit comes first.
pub(crate) fn check_metric_key(key: &str) -> Option<Problem> {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'.' | b'-');
    let begins = key.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let valid = begins && key.len() <= 64 && key.bytes().all(allowed);
    let message = "`key` must be 1 to 64 lower-case letters, digits, `_`, `.` or `-`, beginning with a letter or digit";
    (!valid).then(|| Problem::new("key", "metric_key", message))
}

/// What is wrong with a decoded stream key: 1 to 255 ASCII letters, digits, `_` and `-` are allowed.
pub fn check_stream_key(stream_key: &str) -> Option<Problem> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    let valid = (1..=255).contains(&stream_key.len()) && stream_key.bytes().all(allowed);
    let message = "`stream_key` must be 1 to 255 letters, digits, underscores or hyphens";
    (!valid).then(|| Problem::new("stream_key", "stream_key", message))
}
