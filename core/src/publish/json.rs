//! Publishing as other languages ask for it: what to publish, changes and ends as JSON texts.

use std::time::Duration;

use serde_json::{Map, Value};

use super::{Changes, Ending, Pacing, ProgressCounter, TIMEOUT, UNATTENDED_TIMEOUT, Urgency};
use crate::Number;
use crate::error::{ConfigError, Result};
use crate::model::json;
use crate::session::Nulls;
use crate::validate::{self, Purpose};
use crate::wire::parse_json;

/// What to publish, and how: `{"stream_key", "body", "pace_seconds", "items": {"total"}}`.
pub struct Beginning {
    /// The key of the stream.
    pub stream_key: String,
    /// What to show first.
    pub first: Changes,
    /// How often; without `pace_seconds` as often as the device shows it.
    pub pacing: Pacing,
    /// What counts the items, where there are `items`. The body need not say how the count shows.
    pub counter: Option<ProgressCounter>,
}

impl Beginning {
    /// Reads a text.
    pub fn parse(text: &[u8], nulls: Nulls) -> Result<Self> {
        let (mut stream_key, mut first) = (Value::from(""), Changes::default());
        let (mut pacing, mut items) = (Pacing::default(), None);
        for (name, value) in members("publishing", text)? {
            match name.as_str() {
                "stream_key" => stream_key = value,
                "body" => first = nulls.apply(value).into(),
                "pace_seconds" => pacing = Pacing::Every(pace(&value)?),
                "items" => items = Some(total(&value)?),
                other => return Err(ConfigError::new(other, "is no part of publishing").into()),
            }
        }
        let counter = items.map(|total| ProgressCounter::new(total, pacing));
        if let Some(counter) = &counter {
            first = counter.first(first);
        }
        match stream_key {
            Value::String(stream_key) => Ok(Self { stream_key, first, pacing, counter }),
            // Reported with all else that is wrong.
            key => Err(validate::check(Purpose::Publish, &key, &mut first.to_body()).expect_err("no key").into()),
        }
    }
}

/// A change to what is shown: `{"update": {...}, "urgent": true}`, `{"replace": {...}, "urgent": true}` or `{"done": 12}`.
pub enum Change {
    /// Of some of the state.
    Update(Changes, Urgency),
    /// Of the whole state.
    Replace(Changes, Urgency),
    /// Of how many items are done with.
    Done(u64),
}

impl Change {
    /// Reads a text.
    pub fn parse(text: &[u8], nulls: Nulls) -> Result<Self> {
        let (mut update, mut replace, mut urgency) = (None, None, Urgency::ByKind);
        for (name, value) in members("change", text)? {
            match name.as_str() {
                "update" => update = Some(value),
                "replace" => replace = Some(value),
                "done" => return Ok(Self::Done(whole("done", &value)?)),
                "urgent" if flag("urgent", &value)? => urgency = Urgency::Urgent,
                "urgent" => {}
                other => return Err(ConfigError::new(other, "is no part of a change").into()),
            }
        }
        match (update, replace) {
            (Some(patch), None) => Ok(Self::Update(nulls.apply(patch).into(), urgency)),
            (None, Some(state)) => Ok(Self::Replace(nulls.apply(state).into(), urgency)),
            _ => Err(ConfigError::new("change", "is of no kind; give one of update, replace and done").into()),
        }
    }
}

/// How to end a stream: `{"how": "finished", "change": {...}}`, `{"how": "complete"}` or `{"how": "failed", "reason"}`, and beside it
/// `attended` and `timeout_seconds`.
pub struct End {
    how: How,
    change: Changes,
    reason: Option<String>,
    /// How long it may take: 10 seconds, or 2 where nobody waits for it.
    pub timeout: Duration,
}

enum How {
    Finished,
    Complete,
    Failed,
}

impl End {
    /// Reads a text.
    pub fn parse(text: &[u8], nulls: Nulls) -> Result<Self> {
        let mut end = Self { how: How::Finished, change: Changes::default(), reason: None, timeout: TIMEOUT };
        let mut timeout = None;
        for (name, value) in members("end", text)? {
            match name.as_str() {
                "how" => end.how = how(&value)?,
                "change" => end.change = nulls.apply(value).into(),
                "reason" => end.reason = value.as_str().filter(|reason| !reason.is_empty()).map(str::to_owned),
                "attended" if flag("attended", &value)? => {}
                "attended" => end.timeout = UNATTENDED_TIMEOUT,
                "timeout_seconds" => timeout = Some(limit(&value)?),
                other => return Err(ConfigError::new(other, "is no part of an end").into()),
            }
        }
        end.timeout = timeout.unwrap_or(end.timeout);
        Ok(end)
    }

    /// As a publisher takes it, with what counts its items.
    pub fn ending(&self, counter: Option<&ProgressCounter>) -> Ending<'_> {
        match self.how {
            How::Finished => Ending::Finished(self.change.clone()),
            How::Complete => counter.map_or(Ending::Complete, ProgressCounter::ending),
            How::Failed => Ending::Failed(self.reason.as_deref()),
        }
    }
}

/// How long a flush may take: `{"timeout_seconds"}`, 10 seconds by default.
pub fn flush_timeout(text: &[u8]) -> Result<Duration> {
    let mut timeout = TIMEOUT;
    for (name, value) in members("flush", text)? {
        match name.as_str() {
            "timeout_seconds" => timeout = limit(&value)?,
            other => return Err(ConfigError::new(other, "is no part of a flush").into()),
        }
    }
    Ok(timeout)
}

fn members(what: &str, text: &[u8]) -> Result<Map<String, Value>> {
    match parse_json(text)? {
        Value::Object(members) => Ok(members),
        other => Err(ConfigError::new(what, format!("is {}; give an object", json::kind(&other))).into()),
    }
}

fn how(value: &Value) -> Result<How, ConfigError> {
    match value.as_str() {
        Some("finished") => Ok(How::Finished),
        Some("complete") => Ok(How::Complete),
        Some("failed") => Ok(How::Failed),
        _ => Err(ConfigError::new("how", format!("is {}; give finished, complete or failed", told(value)))),
    }
}

fn flag(name: &str, value: &Value) -> Result<bool, ConfigError> {
    value.as_bool().ok_or_else(|| ConfigError::new(name, format!("is {}; give true or false", told(value))))
}

pub(crate) fn pace(value: &Value) -> Result<Duration, ConfigError> {
    let seconds = json::number(value).map(Number::as_f64).filter(|seconds| *seconds >= 0.0);
    let gap = seconds.map(|seconds| Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX));
    gap.ok_or_else(|| ConfigError::new("pace", format!("is {}; give a number of seconds of at least 0", told(value))))
}

/// A limit of any length. One that is negative or NaN is over at once.
fn limit(value: &Value) -> Result<Duration, ConfigError> {
    let Some(seconds) = json::number(value).map(Number::as_f64) else {
        return Err(ConfigError::new("timeout", format!("is {}; give a number of seconds", told(value))));
    };
    let seconds = if seconds > 0.0 { seconds } else { 0.0 };
    Ok(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX))
}

/// How many items there are, where that is known.
fn total(items: &Value) -> Result<Option<u64>, ConfigError> {
    items.get("total").filter(|total| !total.is_null()).map(|total| whole("total", total)).transpose()
}

fn whole(name: &str, value: &Value) -> Result<u64, ConfigError> {
    let whole = json::number(value).and_then(Number::as_integer).and_then(|number| u64::try_from(number).ok());
    whole.ok_or_else(|| ConfigError::new(name, format!("is {}; give a whole number of at least 0", told(value))))
}

fn told(value: &Value) -> String {
    json::number(value).map_or_else(|| json::kind(value).to_owned(), |number| number.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal<T>(read: Result<T>) -> String {
        read.err().expect("it is refused").to_string()
    }

    fn end(text: &str) -> Result<End> {
        End::parse(text.as_bytes(), Nulls::Absence)
    }

    #[test]
    fn a_change_is_of_one_kind() {
        let change = |text: &str| Change::parse(text.as_bytes(), Nulls::Absence);
        let patch = r#"{"update": {"percentage": 5, "subtitle": null}, "urgent": true}"#;
        let Ok(Change::Update(changes, Urgency::Urgent)) = change(patch) else { panic!("an urgent update") };
        assert_eq!(Value::from(changes.state), serde_json::json!({"percentage": 5}));
        assert!(matches!(change(r#"{"replace": {}}"#), Ok(Change::Replace(_, Urgency::ByKind))));
        assert!(matches!(change(r#"{"done": 12}"#), Ok(Change::Done(12))));
        for (text, problem) in [
            ("{}", "change is of no kind; give one of update, replace and done"),
            ("[]", "change is an array; give an object"),
            (r#"{"update": {}, "urgent": "yes"}"#, "urgent is a string; give true or false"),
            (r#"{"done": -1}"#, "done is -1; give a whole number of at least 0"),
            (r#"{"patch": {}}"#, "patch is no part of a change"),
        ] {
            assert_eq!(refusal(change(text)), problem);
        }
    }

    #[test]
    fn an_end_takes_as_long_as_somebody_waits() {
        let reason = end(r#"{"how": "failed", "reason": "OSError", "attended": false}"#).unwrap();
        assert!(matches!(reason.ending(None), Ending::Failed(Some("OSError"))) && reason.timeout == UNATTENDED_TIMEOUT);
        let failed = end(r#"{"how": "failed", "reason": "", "timeout_seconds": 3}"#).unwrap();
        assert!(matches!(failed.ending(None), Ending::Failed(None)) && failed.timeout == Duration::from_secs(3));
        let finished = end(r#"{"change": {"percentage": 7}, "attended": true}"#).unwrap();
        assert!(matches!(finished.ending(None), Ending::Finished(_)) && finished.timeout == TIMEOUT);
        assert_eq!(refusal(end(r#"{"how": "well"}"#)), "how is a string; give finished, complete or failed");
    }

    #[test]
    fn a_limit_may_be_of_any_length() {
        let timeout = |text: &str| flush_timeout(format!(r#"{{"timeout_seconds": {text}}}"#).as_bytes());
        let nan = r#"{"$activitysmith_kit::unsupported": "NaN"}"#;
        for (text, expected) in [("2.5", Duration::from_millis(2500)), ("-1", Duration::ZERO), (nan, Duration::ZERO)] {
            assert_eq!(timeout(text).unwrap(), expected);
        }
        assert_eq!(timeout("1e30").unwrap(), Duration::MAX);
        assert_eq!(flush_timeout(b"{}").unwrap(), TIMEOUT);
        assert_eq!(refusal(timeout("true")), "timeout is a boolean; give a number of seconds");
    }
}
