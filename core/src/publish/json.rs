//! Calls and publishing as other languages ask for them: JSON texts in, for a [`Driver`].

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};

use super::driver::{Driver, EndPushes, Handle, Op};
use super::options::{ChangeOptions, FlushOptions, PublishOptions, PushBody, TrackOptions};
use super::{Changes, Dispatcher, Ending, Options, ProgressCounter, Urgency};
use crate::Number;
use crate::api::PUBLISH;
use crate::call::{JsonCall, Nulls, Session, any_seconds, in_words};
use crate::call::{Now, TransportError};
use crate::call::{Response, parse_json};
use crate::error::{ConfigError, Error, Result};
use crate::json;

/// The longest text of a transport's failure that is kept, in characters; longer than any key.
const LONGEST_DETAIL: usize = 1_000;

impl Driver {
    /// Makes a call: `{"endpoint", "key", "body", "timeout_seconds", "max_retries"}`.
    ///
    /// # Errors
    ///
    /// The call breaks a rule, there is no key, or the driver is closed.
    pub fn call_json(&mut self, call: &[u8], nulls: Nulls, op: Op, now: Now) -> Result<()> {
        let call = JsonCall::parse(call, nulls)?;
        if self.session().is_disabled() {
            self.disabled(call.spec, call.key(), op);
            return Ok(());
        }
        let (request, limits) = call.prepare(self.session().limits())?;
        self.call(request, limits, op, now)
    }

    /// Begins to publish a stream, or only checks its states where there is a reason why it is disabled: see [`Beginning`].
    ///
    /// # Errors
    ///
    /// The first state breaks a rule, or the driver is closed.
    pub fn publish_json(
        &mut self,
        beginning: &[u8],
        nulls: Nulls,
        disabled_reason: Option<ConfigError>,
        now: Duration,
    ) -> Result<Handle> {
        if self.session().is_disabled() {
            return Ok(None);
        }
        let Beginning { stream_key, first, options, counter } = Beginning::parse(beginning, nulls)?;
        self.publish(stream_key, first, options, counter.map(Arc::new), disabled_reason, now).map_err(or_options)
    }

    /// Changes what is shown: see [`Change`]. Nothing of a change that comes after the end is looked at. Gives back whether to poll.
    ///
    /// # Errors
    ///
    /// The change breaks a rule. Then nothing changes.
    pub fn change_json(
        &mut self,
        handle: Handle,
        change: &[u8],
        nulls: Nulls,
        now: impl FnOnce() -> Duration,
    ) -> Result<bool> {
        if !self.takes_changes(handle) {
            // What counts a loop runs beside it, and may come a moment late.
            if matches!(Change::parse(change, nulls), Ok(Change::Done(_))) {
                return Ok(false);
            }
            return self.update(handle, Changes::default(), Urgency::ByKind, now);
        }
        match Change::parse(change, nulls)? {
            Change::Update(changes, urgency) => self.update(handle, changes, urgency, now),
            Change::Replace(state, urgency) => self.replace(handle, state, urgency, now),
            Change::Done(done) => Ok(self.count(handle, done, now)),
        }
    }

    /// Sends the newest state, and waits until it has arrived: `{"timeout_seconds"}`.
    ///
    /// # Errors
    ///
    /// The text is not such an object.
    pub fn flush_json(&mut self, handle: Handle, flush: &[u8], op: Op, now: Duration) -> Result<()> {
        self.flush(handle, flush_timeout(flush)?, op, now);
        Ok(())
    }

    /// As [`flush_json`](Self::flush_json), for all publishers that have not ended.
    ///
    /// # Errors
    ///
    /// The text is not such an object.
    pub fn flush_all_json(&mut self, flush: &[u8], op: Op, now: Duration) -> Result<()> {
        self.flush_all(flush_timeout(flush)?, op, now);
        Ok(())
    }

    /// Ends a stream: see [`End`]. A second end has the outcome of the first.
    ///
    /// # Errors
    ///
    /// The end breaks a rule. Then the stream does not end.
    pub fn end_json(&mut self, handle: Handle, end: &[u8], nulls: Nulls, op: Op, now: Duration) -> Result<()> {
        let end = End::parse(end, nulls)?;
        let counter = self.counter(handle);
        self.end(handle, end.ending(counter.as_deref()), end.timeout, Some(op), now)
    }

    /// Ends all streams that have not ended, and waits for that: `{"how": "finished" or "failed", "reason", "timeout_seconds"}`.
    ///
    /// # Errors
    ///
    /// The text is not such an object.
    pub fn shutdown_json(&mut self, end: &[u8], op: Op, now: Duration) -> Result<()> {
        let end = End::parse(end, Nulls::Absence)?;
        let failed = matches!(end.how, How::Failed).then_some(end.reason.as_deref());
        self.shutdown(failed, end.timeout, op, now);
        Ok(())
    }

    /// Takes what came of a request: `{"request", "status", "headers": [["name", "value"]]}` and the bytes of the body, or
    /// `{"request", "failure": "connect" | "connect_timeout" | "timeout" | "interrupted", "detail": "..."}`.
    ///
    /// # Errors
    ///
    /// The text is no JSON.
    pub fn answered_json(&mut self, answer: &[u8], body: Vec<u8>, now: Now, chance: f64) -> Result<()> {
        let answer = parse_json(answer)?;
        let Some(request) = answer["request"].as_u64() else {
            return Ok(());
        };
        let outcome = match answer["failure"].as_str() {
            None => Ok(response(&answer, body)),
            Some(kind) => Err(failure(self.session(), kind, answer["detail"].as_str().unwrap_or_default())),
        };
        self.answered(request, outcome, now, chance);
        Ok(())
    }
}

fn response(answer: &Value, body: Vec<u8>) -> Response {
    let headers = answer["headers"].as_array().into_iter().flatten();
    let header = |pair: &Value| Some((pair[0].as_str()?.to_owned(), pair[1].as_str()?.to_owned()));
    let status = answer["status"].as_u64().and_then(|status| u16::try_from(status).ok());
    Response { status: status.unwrap_or_default(), headers: headers.filter_map(header).collect(), body }
}

fn failure(session: &Session, kind: &str, detail: &str) -> TransportError {
    // Half a key would not be known for one, so the text is cut when the key is out.
    let clean = String::from_utf8_lossy(&session.redact(detail.as_bytes().to_vec())).into_owned();
    let detail: String = clean.chars().take(LONGEST_DETAIL).collect();
    match kind {
        "connect" => TransportError::connect(detail),
        "connect_timeout" => TransportError::connect_timeout(),
        "timeout" => TransportError::timeout(),
        _ => TransportError::interrupted(detail),
    }
}

/// Checks what [`Driver::publish_json`] takes, and begins nothing.
///
/// # Errors
///
/// The first state breaks a rule.
pub fn check_publishing(beginning: &[u8], nulls: Nulls) -> Result<()> {
    let Beginning { stream_key, first, options, .. } = Beginning::parse(beginning, nulls)?;
    EndPushes::new(&options.pushes)?;
    Dispatcher::default()
        .open(&stream_key, first, options, Duration::ZERO)
        .map_err(|error| or_options(error.into()))?;
    Ok(())
}

/// An error of a first state, beside which the options of publishing go.
fn or_options(error: Error) -> Error {
    match error {
        Error::Validation(error) => error.or_options(PublishOptions::NAMES).into(),
        error => error,
    }
}

/// What to publish, and how:
/// `{"stream_key", "body", "min_interval_seconds", "items": {"total"}, "flush_timeout_seconds", "show_after_seconds",
/// "on_failure", "on_success"}`.
struct Beginning {
    stream_key: String,
    /// What to show first.
    first: Changes,
    options: Options,
    /// What counts the items, where there are `items`. The body need not say how the count shows.
    counter: Option<ProgressCounter>,
}

impl Beginning {
    fn parse(text: &[u8], nulls: Nulls) -> Result<Self> {
        let (mut stream_key, mut first) = (Value::from(""), Changes::default());
        let (mut options, mut items) = (PublishOptions::default(), None);
        for (name, value) in members("publishing", text)? {
            match name.as_str() {
                "stream_key" => stream_key = value,
                "body" => first = nulls.apply(value).into(),
                "min_interval_seconds" => options.min_interval = Some(any_seconds("min_interval", &value)?),
                "flush_timeout_seconds" => options.flush_timeout = Some(any_seconds("flush_timeout", &value)?),
                "show_after_seconds" => options.show_after = Some(any_seconds("show_after", &value)?),
                "on_failure" => options.on_failure = Some(PushBody(nulls.apply(value))),
                "on_success" => options.on_success = Some(PushBody(nulls.apply(value))),
                "items" => items = Some(TrackOptions { total: total(&value)? }),
                other => return Err(ConfigError::new(other, "is not part of publishing").into()),
            }
        }
        let counter = items.map(|TrackOptions { total }| ProgressCounter::new(total));
        if let Some(counter) = &counter {
            first = counter.first(first);
        }
        match stream_key {
            Value::String(stream_key) => Ok(Self { stream_key, first, options: options.into(), counter }),
            // Reported with all else that is wrong.
            key => Err(PUBLISH.check(&key, &mut first.to_body()).expect_err("no key").into()),
        }
    }
}

/// A change to what is shown: `{"update": {...}, "urgent": true}`, `{"replace": {...}, "urgent": true}` or `{"done": 12}`.
enum Change {
    /// Of some of the state.
    Update(Changes, Urgency),
    /// Of the whole state.
    Replace(Changes, Urgency),
    /// Of how many items are done with.
    Done(u64),
}

impl Change {
    /// Reads a text.
    fn parse(text: &[u8], nulls: Nulls) -> Result<Self> {
        let (mut update, mut replace, mut options) = (None, None, ChangeOptions::default());
        for (name, value) in members("change", text)? {
            match name.as_str() {
                "update" => update = Some(value),
                "replace" => replace = Some(value),
                "done" => return Ok(Self::Done(whole("done", &value)?)),
                "urgent" => options.urgent = flag("urgent", &value)?,
                other => return Err(ConfigError::new(other, "is not part of a change").into()),
            }
        }
        match (update, replace) {
            (Some(patch), None) => Ok(Self::Update(nulls.apply(patch).into(), options.into())),
            (None, Some(state)) => Ok(Self::Replace(nulls.apply(state).into(), options.into())),
            _ => Err(ConfigError::new("change", "must hold one of update, replace and done").into()),
        }
    }
}

/// How to end a stream: `{"how": "finished", "change": {...}}`, `{"how": "complete"}` or `{"how": "failed", "reason", "change"}`, and beside it
/// `timeout_seconds`.
struct End {
    how: How,
    change: Changes,
    reason: Option<String>,
    /// How long it may take; else the publisher's own limit applies.
    timeout: Option<Duration>,
}

enum How {
    Finished,
    Complete,
    Failed,
}

impl End {
    fn parse(text: &[u8], nulls: Nulls) -> Result<Self> {
        let mut end = Self { how: How::Finished, change: Changes::default(), reason: None, timeout: None };
        for (name, value) in members("end", text)? {
            match name.as_str() {
                "how" => end.how = how(&value)?,
                "change" => end.change = nulls.apply(value).into(),
                "reason" => end.reason = value.as_str().filter(|reason| !reason.is_empty()).map(str::to_owned),
                "timeout_seconds" => end.timeout = Some(any_seconds("timeout", &value)?),
                other => return Err(ConfigError::new(other, "is not part of an end").into()),
            }
        }
        Ok(end)
    }

    /// As a publisher takes it, with what counts its items.
    fn ending(&self, counter: Option<&ProgressCounter>) -> Ending<'_> {
        match self.how {
            How::Finished => Ending::Finished(self.change.clone()),
            How::Complete => counter.map_or(Ending::Complete, ProgressCounter::ending),
            How::Failed => Ending::FailedWith(self.reason.as_deref(), self.change.clone()),
        }
    }
}

/// How long a flush may take, if that is said: `{"timeout_seconds"}`.
fn flush_timeout(text: &[u8]) -> Result<Option<Duration>> {
    let mut options = FlushOptions::default();
    for (name, value) in members("flush", text)? {
        match name.as_str() {
            "timeout_seconds" => options.timeout = Some(any_seconds("timeout", &value)?),
            other => return Err(ConfigError::new(other, "is not part of a flush").into()),
        }
    }
    Ok(options.timeout)
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
        _ => Err(ConfigError::new("how", format!("is {}; give finished, complete or failed", in_words(value)))),
    }
}

fn flag(name: &str, value: &Value) -> Result<bool, ConfigError> {
    value.as_bool().ok_or_else(|| ConfigError::new(name, format!("is {}; give true or false", in_words(value))))
}

/// How many items there are, where that is known.
fn total(items: &Value) -> Result<Option<u64>, ConfigError> {
    items.get("total").filter(|total| !total.is_null()).map(|total| whole("total", total)).transpose()
}

fn whole(name: &str, value: &Value) -> Result<u64, ConfigError> {
    let whole = json::number(value).and_then(Number::as_integer).and_then(|number| u64::try_from(number).ok());
    whole.ok_or_else(|| ConfigError::new(name, format!("is {}; give a whole number of at least 0", in_words(value))))
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
            ("{}", "change must hold one of update, replace and done"),
            ("[]", "change is an array; give an object"),
            (r#"{"update": {}, "urgent": "yes"}"#, "urgent is a string; give true or false"),
            (r#"{"done": -1}"#, "done is -1; give a whole number of at least 0"),
            (r#"{"patch": {}}"#, "patch is not part of a change"),
        ] {
            assert_eq!(refusal(change(text)), problem);
        }
    }

    #[test]
    fn an_end_is_of_one_kind_and_may_have_a_time_limit() {
        let reason = end(r#"{"how": "failed", "reason": "OSError"}"#).unwrap();
        assert!(matches!(reason.ending(None), Ending::FailedWith(Some("OSError"), _)) && reason.timeout.is_none());
        let failed = end(r#"{"how": "failed", "reason": "", "timeout_seconds": 3}"#).unwrap();
        assert!(
            matches!(failed.ending(None), Ending::FailedWith(None, _))
                && failed.timeout == Some(Duration::from_secs(3))
        );
        let finished = end(r#"{"change": {"percentage": 7}}"#).unwrap();
        assert!(matches!(finished.ending(None), Ending::Finished(_)) && finished.timeout.is_none());
        assert_eq!(refusal(end(r#"{"how": "well"}"#)), "how is a string; give finished, complete or failed");
    }

    #[test]
    fn a_limit_may_be_of_any_length() {
        let timeout = |text: &str| flush_timeout(format!(r#"{{"timeout_seconds": {text}}}"#).as_bytes());
        assert_eq!(timeout("2.5").unwrap(), Some(Duration::from_millis(2500)));
        assert_eq!(timeout("1e30").unwrap(), Some(Duration::MAX));
        assert_eq!(flush_timeout(b"{}").unwrap(), None);
        let nan = r#"{"$activitysmith_kit::unsupported": "NaN"}"#;
        for (text, told) in [("-1", "-1"), (nan, "NaN"), ("true", "a boolean")] {
            let expected = format!("timeout is {told}; give a number of seconds of at least 0");
            assert_eq!(refusal(timeout(text)), expected);
        }
    }

    #[test]
    fn a_misspelt_name_beside_a_first_state_may_be_meant_for_an_option() {
        for (name, nearest) in [("min_intervall", "min_interval"), ("chanels", "channels"), ("subtitel", "subtitle")] {
            let state = r#"{"title": "T", "type": "progress", "percentage": 0}"#;
            let beginning = format!(r#"{{"stream_key": "k", "body": {{"content_state": {state}, "{name}": 1}}}}"#);
            let refusal = refusal(check_publishing(beginning.as_bytes(), Nulls::Absence));
            assert!(refusal.contains(&format!("{name} is unknown; did you mean {nearest}")), "{refusal}");
        }
    }
}
