//! Building requests: a checked model or JSON text becomes a method, a path and a body.

use serde_json::Value;

use crate::model::json;
use crate::model::{EndRequest, StreamRequest};
use crate::validate::{self, Purpose, ValidationError};

/// What a request does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// Shows a state.
    Put,
    /// Ends a stream.
    Delete,
}

impl Method {
    /// The name in HTTP.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// A checked request: all of it but the base URL and the key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Request {
    /// What it does.
    pub method: Method,
    /// Relative to the base URL, for example `/live-activity/stream/nightly-backup`.
    pub path: String,
    /// JSON; absent where there is nothing to say.
    pub body: Option<Vec<u8>>,
    /// It makes a sound, so it is not repeated once it may have arrived.
    pub carries_alert: bool,
    /// What will work but may not come out as hoped, in words for a log.
    pub advice: Vec<String>,
}

/// Where streams are, relative to the base URL.
const STREAM_PATH: &str = "/live-activity/stream/";

/// Apple allows 4 KB for all that an activity shows; a state near that leaves no room for the service's own part.
const COMFORTABLE_STATE_BYTES: usize = 3_584;

impl Request {
    /// Builds `PUT /live-activity/stream/{stream_key}` or says all that is wrong with it.
    pub fn stream(stream_key: &str, request: &StreamRequest) -> Result<Self, ValidationError> {
        Self::from_json(Purpose::Stream, &stream_key.into(), json::to_value(request))
    }

    /// Builds `DELETE /live-activity/stream/{stream_key}` or says all that is wrong with it.
    pub fn end(stream_key: &str, request: &EndRequest) -> Result<Self, ValidationError> {
        Self::from_json(Purpose::End, &stream_key.into(), json::to_value(request))
    }

    /// As [`Request::stream`], from a JSON text of the API's shape. Fields newer than this release go into an object `extra`
    /// where they would stand.
    pub fn stream_json(stream_key: &str, body: &[u8]) -> Result<Self, ValidationError> {
        Self::from_json(Purpose::Stream, &stream_key.into(), parse_json(body)?)
    }

    /// As [`Request::end`], from a JSON text of the API's shape.
    pub fn end_json(stream_key: &str, body: &[u8]) -> Result<Self, ValidationError> {
        Self::from_json(Purpose::End, &stream_key.into(), parse_json(body)?)
    }

    /// The stream's key.
    pub fn stream_key(&self) -> &str {
        self.path.strip_prefix(STREAM_PATH).unwrap_or_default()
    }

    pub(crate) fn from_json(purpose: Purpose, stream_key: &Value, mut body: Value) -> Result<Self, ValidationError> {
        validate::check(purpose, stream_key, &mut body)?;
        let empty = body.as_object().is_some_and(serde_json::Map::is_empty);
        let bytes = json::write(&body);
        Ok(Self {
            method: match purpose {
                Purpose::Stream | Purpose::Publish => Method::Put,
                Purpose::End => Method::Delete,
            },
            path: [STREAM_PATH, stream_key.as_str().unwrap_or_default()].concat(),
            carries_alert: body.get("alert").is_some(),
            advice: advice(&body, bytes.len()),
            body: (!empty).then_some(bytes),
        })
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

fn advice(body: &Value, body_bytes: usize) -> Vec<String> {
    let mut advice = Vec::new();
    let Some(state) = body.get("content_state") else {
        return advice;
    };
    // The state is not measured unless it could be too large.
    if body_bytes > COMFORTABLE_STATE_BYTES {
        let bytes = json::write(state).len();
        if bytes > COMFORTABLE_STATE_BYTES {
            advice.push(format!("content_state takes {bytes} bytes; iOS may drop a state of more than 4 KB"));
        }
    }
    let colors = state.get("step_colors").and_then(Value::as_array).map(Vec::len);
    let steps = state.get("current_step").and_then(json::number);
    if let (Some(colors), Some(steps)) = (colors, steps)
        && steps != colors.into()
    {
        advice.push(format!("content_state.step_colors has {colors} colors for {steps} completed steps"));
    }
    advice
}
