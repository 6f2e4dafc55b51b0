//! A call that comes as one JSON text: what other languages hand over. It is read once; the body is checked where it stands.

use std::time::Duration;

use serde_json::{Map, Value};

use super::request::{Request, parse_json};
use super::retry::RetryPolicy;
use super::settings::{CallLimits, count, seconds};
use crate::api::{self, Spec};
use crate::declare::described;
use crate::error::{ConfigError, Error};
use crate::json;

/// What null means in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[doc(hidden)]
pub enum Nulls {
    /// A value, which no field takes.
    Values,
    /// Absence, as where a language's users write it so. In metadata, webhook bodies and `extra` null is a value all the same.
    Absence,
}

impl Nulls {
    /// A request in which null means something only where it is a value.
    pub(crate) fn apply(self, mut request: Value) -> Value {
        if self == Self::Absence {
            drop_nulls(&mut request);
        }
        request
    }
}

described! {
    /// The options of a single call, in place of the client's settings.
    pub(crate) struct CallOptions {
        /// The timeout of this call, including all attempts and pauses.
        timeout: Option<Duration>,
        /// The maximum number of retries, where retrying is safe.
        max_retries: Option<u32>,
    }
}

/// A call, read but not yet checked.
pub(crate) struct JsonCall {
    pub(crate) spec: &'static Spec,
    key: Value,
    body: Value,
    /// Not looked at where all calls are inert.
    timeout: Option<Value>,
    max_retries: Option<Value>,
}

impl JsonCall {
    pub(crate) fn parse(text: &[u8], nulls: Nulls) -> Result<Self, Error> {
        let call = parse_json(text)?;
        let Value::Object(members) = call else {
            return Err(ConfigError::new("call", format!("is {}; give an object", json::kind(&call))).into());
        };
        let (mut spec, mut key, mut body) = (None, "".into(), Map::new().into());
        let (mut timeout, mut max_retries) = (None, None);
        for (name, value) in members {
            match name.as_str() {
                "endpoint" => spec = value.as_str().and_then(api::find),
                "key" => key = value,
                "body" => body = value,
                "timeout_seconds" => timeout = Some(value),
                "max_retries" => max_retries = Some(value),
                other => return Err(ConfigError::new(other, "is not part of a call").into()),
            }
        }
        let spec = spec.ok_or_else(|| ConfigError::new("endpoint", "must be the name of one"))?;
        body = nulls.apply(body);
        Ok(Self { spec, key, body, timeout, max_retries })
    }

    pub(crate) fn key(&self) -> &str {
        self.key.as_str().unwrap_or_default()
    }

    /// Checks the request and builds it.
    pub(crate) fn prepare(self, usual: CallLimits) -> Result<(Request, CallLimits), Error> {
        let CallOptions { timeout, max_retries } = CallOptions {
            timeout: self.timeout.map(|timeout| seconds("timeout", &timeout)).transpose()?,
            max_retries: self.max_retries.map(|most| count("max_retries", &most)).transpose()?,
        };
        let limits = CallLimits {
            timeout: timeout.unwrap_or(usual.timeout),
            retry: RetryPolicy { max_retries: max_retries.unwrap_or(usual.retry.max_retries) },
        };
        limits.check()?;
        let request = Request::build(self.spec, &self.key, self.body);
        let request = request.map_err(|error| error.or_options(CallOptions::NAMES))?;
        Ok((request, limits))
    }
}

/// Takes away the members of the API's own objects that are null.
fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(members) => {
            json::retain(members, &mut |_, value| !value.is_null());
            for (name, value) in members {
                // What callers put there is theirs.
                if !matches!(name.as_str(), "metadata" | "body" | "extra") {
                    drop_nulls(value);
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(body: &str, nulls: Nulls) -> Result<String, String> {
        let call = format!(r#"{{"endpoint": "stream", "key": "k", "body": {body}}}"#);
        let limits = super::super::Settings::default().limits();
        let call = JsonCall::parse(call.as_bytes(), nulls).map_err(|error| error.to_string())?;
        let (request, _) = call.prepare(limits).map_err(|error| error.to_string())?;
        Ok(String::from_utf8(request.body.unwrap()).unwrap())
    }

    #[test]
    fn null_can_stand_for_absence() {
        let body = r#"{"content_state": {"title": "T", "percentage": 5, "subtitle": null}, "alert": {"title": "A", "body": null}, "channels": null}"#;
        assert!(sent(body, Nulls::Values).unwrap_err().contains("content_state.subtitle is null"));
        let without = r#"{"content_state":{"title":"T","percentage":5},"alert":{"title":"A"}}"#;
        assert_eq!(sent(body, Nulls::Absence).unwrap(), without);
    }

    #[test]
    fn a_misspelt_name_beside_a_state_may_be_meant_for_the_request_the_state_or_an_option() {
        for (name, refusal) in [
            ("chanels", "chanels is unknown; did you mean channels?"),
            ("subtitel", "subtitel is unknown; did you mean subtitle, which belongs in content_state?"),
            ("max_retry", "max_retry is unknown; did you mean max_retries?"),
        ] {
            let body = format!(r#"{{"content_state": {{"title": "T"}}, "{name}": 1}}"#);
            assert!(sent(&body, Nulls::Values).unwrap_err().contains(refusal), "{name}");
        }
    }

    #[test]
    fn null_is_a_value_in_what_is_the_callers_own() {
        let body = r#"{"content_state": {"title": "T", "percentage": 5}, "action": {"title": "A", "type": "webhook", "url": "https://a.test", "body": {"a": null}}}"#;
        assert!(sent(body, Nulls::Absence).unwrap().ends_with(r#""body":{"a":null}}}"#));
        let body = r#"{"content_state": {"title": "T", "percentage": 5}, "metadata": {"a": null}}"#;
        assert!(sent(body, Nulls::Absence).unwrap_err().contains("metadata.a is null"));
    }

    #[test]
    fn what_json_cannot_hold_is_reported_wherever_it_stands() {
        let set = r#"{"$activitysmith_kit::unsupported": "a set"}"#;
        let nan = r#"{"$activitysmith_kit::unsupported": "NaN"}"#;
        for (body, path) in [
            (r#"{"content_state": SET}"#, "content_state is a set; give an object"),
            (r#"{"content_state": {"title": SET, "percentage": 5}}"#, "content_state.title is a set; give a string"),
            (
                r#"{"content_state": {"title": "T", "percentage": NAN}}"#,
                "content_state.percentage is NaN; give a number",
            ),
            (r#"{"content_state": {"title": "T", "type": SET}}"#, "content_state.type is a set; give one of"),
            (r#"{"content_state": {"title": "T", "extra": {"color": SET}}}"#, "content_state.extra.color is a set"),
            (r#"{"content_state": {"title": "T", "extra": {"new": [SET]}}}"#, "content_state.extra.new[0] is a set"),
            (r#"{"content_state": {"title": "T", "extra": {"new": NAN}}}"#, "content_state.extra.new is NaN"),
            (r#"{"content_state": {"title": "T"}, "extra": SET}"#, "extra is a set; give an object"),
            (r#"{"content_state": {"title": "T"}, "metadata": {"a": SET}}"#, "metadata.a is a set; metadata is flat"),
            (r#"{"content_state": {"title": "T"}, "metadata": {"a": NAN}}"#, "metadata.a is NaN"),
            (r#"{"content_state": {"title": "T"}, "tags": [SET]}"#, "tags[0] is a set; give a tag"),
            (r#"{"content_state": {"title": "T"}, "channels": SET}"#, "channels is a set; give an array"),
            (
                r#"{"content_state": {"title": "T"}, "action": {"title": "A", "type": "webhook", "url": "https://a.test", "body": {"a": SET}}}"#,
                "action.body.a is a set, which JSON cannot hold",
            ),
        ] {
            let refusal = sent(&body.replace("SET", set).replace("NAN", nan), Nulls::Absence).unwrap_err();
            assert!(refusal.contains(path), "{body}: {refusal}");
        }
    }

    #[test]
    fn a_call_that_is_too_large_is_refused_unread() {
        let error = JsonCall::parse(&vec![b'{'; (64 << 20) + 1], Nulls::Values).err().unwrap().to_string();
        assert_eq!(error, "nothing was sent: request has 67108865 bytes; give at most 67108864");
    }

    #[test]
    fn a_call_that_is_none_is_refused() {
        for (text, refusal) in [
            ("{", "request is not JSON"),
            ("5", "call is a number; give an object"),
            (r#"{"key": "k"}"#, "endpoint must be the name of one"),
            (r#"{"endpoint": "begin", "key": "k"}"#, "endpoint must be the name of one"),
            (r#"{"endpoint": "end_stream", "stream_key": "k"}"#, "stream_key is not part of a call"),
        ] {
            let error = JsonCall::parse(text.as_bytes(), Nulls::Values).err().unwrap().to_string();
            assert!(error.contains(refusal), "{text}: {error}");
        }
    }
}
