//! `POST /metrics/{key}/value`: sets the value of a metric, which widgets show.

use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Answer;
use super::answer::answer;
use super::metric::MetricValue;
use super::object::wire_object;
use super::spec::{Endpoint, Key, NotFound, Repeat, Spec, as_checked, as_given, no_advice};
use crate::validate::{Findings, Kind, Kinded, NumberOrText, Object, Path, ViolationCode as Code, formats, no_rules};

/// What the value of a metric can have beside it, for a macro that makes something of each field.
macro_rules! with_metric_fields {
    ($then:ident { $($before:tt)* }) => {
        $then! { $($before)* {
            /// When it was measured. The service's default is its own time.
            timestamp: Timestamp,
        } }
    };
}
#[cfg(feature = "client")]
pub(crate) use with_metric_fields;

with_metric_fields!(wire_object {
    /// Sets the value of a metric.
    MetricRequest(
        /// A finite number, or a text of 1 to 64 characters.
        value: MetricValue = Kind::NumberOrText(NumberOrText::Widget),
    )
});

/// A value is a request by itself.
impl<V: Into<MetricValue>> From<V> for MetricRequest {
    fn from(value: V) -> Self {
        Self::new(value)
    }
}

impl Endpoint for MetricRequest {
    type Response = MetricResponse;
    const SPEC: &'static Spec = &METRIC_VALUE;
}

/// The endpoint.
pub static METRIC_VALUE: Spec = Spec {
    name: "metric",
    method: "POST",
    path: "/metrics/{key}/value",
    key: Some(Key { name: "key", check: metric_key }),
    family: "metrics",
    body: &Object { fields: &[MetricRequest::FIELDS], required: MetricRequest::REQUIRED, rules: no_rules },
    shape: as_given,
    wire: as_checked,
    repeat: |_| Repeat::Always,
    advice: no_advice,
    answer: MetricResponse::FIELDS,
    inert: |_| Answer::default(),
    not_found: NotFound::Name,
};

/// The longest key of a metric, in characters.
const LONGEST_KEY: usize = 64;

fn metric_key(key: &Value, path: &Path<'_>, findings: &mut Findings) {
    let Value::String(key) = key else {
        findings.wrong_type(key, path, format_args!("; give the key of a metric, such as queue.depth"));
        return;
    };
    let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    if key.is_empty() {
        findings.report(path, Code::Empty, format_args!("is empty; give the key of a metric, such as queue.depth"));
    } else if let Some(bad) = key.chars().find(|&c| !(letter(c) || matches!(c, '_' | '.' | '-'))) {
        let message = format_args!("contains {bad:?}; use lower-case ASCII letters, digits, _ . and - only");
        findings.report(path, Code::BadFormat, message);
    } else if !key.starts_with(letter) {
        findings.report(
            path,
            Code::BadFormat,
            format_args!("starts with {key:.1}; start with a lower-case letter or a digit"),
        );
    }
    formats::at_most(LONGEST_KEY, key, path, findings);
}

/// A moment, as RFC 3339 writes it. Made from a [`SystemTime`] or from a text such as `2026-01-31T09:30:00Z`, which is checked when
/// it is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(String);

impl Timestamp {
    /// The moment as it is sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Kinded for Timestamp {
    const KIND: Kind = Kind::Time;
}

impl From<String> for Timestamp {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Timestamp {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

/// To the millisecond. A moment before 1970 becomes 1970.
impl From<SystemTime> for Timestamp {
    fn from(time: SystemTime) -> Self {
        Self(humantime::format_rfc3339_millis(time.max(UNIX_EPOCH)).to_string())
    }
}

answer! {
    /// The answer to the value of a metric.
    MetricResponse() {
        /// The service's own flag.
        success: bool,
        /// A message of the service.
        message: String,
        /// The service's time, RFC 3339.
        timestamp: String,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_system_time_is_written_as_rfc_3339_has_it() {
        for (seconds, millis, text) in [
            (0, 0, "1970-01-01T00:00:00.000Z"),
            (951_782_399, 999, "2000-02-28T23:59:59.999Z"),
            (951_782_400, 0, "2000-02-29T00:00:00.000Z"),
            (4_107_542_400, 5, "2100-03-01T00:00:00.005Z"),
        ] {
            let time = UNIX_EPOCH + Duration::from_millis(seconds * 1_000 + millis);
            assert_eq!(Timestamp::from(time).as_str(), text);
        }
        assert_eq!(Timestamp::from(UNIX_EPOCH - Duration::from_secs(1)).as_str(), "1970-01-01T00:00:00.000Z");
    }
}
