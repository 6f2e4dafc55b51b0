//! Building requests: a checked model or JSON text becomes a method, a path and a body.

use serde_json::Value;

use crate::api::{Endpoint, Repeat, Spec};
use crate::json;
use crate::validate::ValidationError;

/// A checked request: all of it but the base URL and the key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Request {
    /// Where it goes.
    pub spec: &'static Spec,
    /// The name in its path: a stream's key, for example. Empty where the endpoint has none.
    pub key: String,
    /// Relative to the base URL, for example `/live-activity/stream/nightly-backup`.
    pub path: String,
    /// JSON; absent where there is nothing to say.
    pub body: Option<Vec<u8>>,
    /// Whether it can be sent again.
    pub repeat: Repeat,
    /// What will work but may not come out as hoped, in words for a log.
    pub advice: Vec<String>,
}

impl Request {
    /// A request of a model, or all that is wrong with it. `key` is looked at where the endpoint has one.
    pub fn new<E: Endpoint>(key: &str, request: &E) -> Result<Self, ValidationError> {
        Self::build(E::SPEC, &key.into(), json::to_value(request))
    }

    /// A request of a JSON text of the API's shape. Fields newer than this release go into an object `extra` where they would stand.
    pub fn from_json(spec: &'static Spec, key: &str, body: &[u8]) -> Result<Self, ValidationError> {
        Self::build(spec, &key.into(), parse_json(body)?)
    }

    pub(crate) fn build(spec: &'static Spec, key: &Value, mut body: Value) -> Result<Self, ValidationError> {
        spec.check(key, &mut body)?;
        let key = key.as_str().unwrap_or_default().to_owned();
        let bytes = json::write(&body);
        Ok(Self {
            spec,
            path: spec.path_of(&key),
            key,
            repeat: (spec.repeat)(&body),
            advice: (spec.advice)(&body, bytes.len()),
            body: (bytes != b"{}").then_some(bytes),
        })
    }

    /// Whether it makes a sound, or the like: then it is not sent again once it may have arrived.
    pub fn carries_alert(&self) -> bool {
        self.repeat == Repeat::UnlessDone
    }
}

/// How many bytes of JSON are read as a request; far more than the service takes.
const LARGEST_REQUEST: usize = 64 << 20;

/// Reads a JSON text in which a name that stands twice is marked, for a check to refuse. For the command line, which lays flags over it.
#[doc(hidden)]
pub fn parse_json(body: &[u8]) -> Result<Value, ValidationError> {
    if body.len() > LARGEST_REQUEST {
        return Err(ValidationError::too_large(body.len(), LARGEST_REQUEST));
    }
    json::parse(body).map_err(|error| ValidationError::invalid_json(&error))
}
