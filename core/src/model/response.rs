//! What the service answers, read leniently: nothing in a success can be an error, and nothing in it is lost.

use std::fmt;
use std::time::Duration;

use serde::de::{DeserializeOwned, Deserializer, Error as _};
use serde::ser::{SerializeMap, Serializer};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::json::{self, Members};
use super::{Extra, Number};
use crate::declare::described;

/// Declares what the service can do: each operation with its name on the wire.
macro_rules! operations {
    ($( $(#[doc = $doc:literal])* $operation:ident = $name:literal, )*) => {
        /// What the service did. New ones may come; they are kept as [`Operation::Unknown`].
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Operation {
            $( $(#[doc = $doc])* $operation, )*
            /// One newer than this release; empty when the answer named none.
            Unknown(String),
        }

        impl Operation {
            /// The name on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$operation => $name, )*
                    Self::Unknown(name) => name,
                }
            }

            pub(crate) fn from_name(name: &str) -> Self {
                match name {
                    $( $name => Self::$operation, )*
                    other => Self::Unknown(other.to_owned()),
                }
            }
        }

        #[cfg(feature = "describe")]
        impl crate::describe::DescribeChoice for Operation {
            fn describe() -> crate::describe::Choice {
                use crate::describe::{Choice, Name};
                let values = [$( Name::new($name, &[$( &[("doc", $doc)] ),*]) ),*];
                Choice { open: true, ..Choice::new("Operation", &[&[("doc", "What the service did; new ones may come.")]], values) }
            }
        }
    };
}

operations! {
    /// A new activity appeared.
    Started = "started",
    /// The running activity shows the new state.
    Updated = "updated",
    /// The running activity was ended and a new one took its place.
    Rotated = "rotated",
    /// The state was the same as before; nothing was pushed.
    Noop = "noop",
    /// The stream is paused in the service; the request was set aside.
    Paused = "paused",
    /// The activity ended.
    Ended = "ended",
    /// Nothing was sent, since `ACTIVITYSMITH_DISABLED` is set.
    Disabled = "disabled",
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Defines the answer: each field that the API has is named once, and read, kept and written from there.
macro_rules! stream_response {
    ($($(#[doc = $doc:literal])* $field:ident: $type:ty),* $(,)?) => {
        /// The answer to a stream request or to the end of a stream.
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub struct StreamResponse {
            /// What the service did.
            pub operation: Operation,
            $( $(#[doc = $doc])* pub $field: Option<$type>, )*
            /// Whatever else the answer held: fields newer than this release, and known ones of an unexpected type.
            pub extra: Extra,
            /// How the answer came about.
            pub facts: ResponseFacts,
        }

        impl StreamResponse {
            pub(crate) fn new(operation: Operation) -> Self {
                Self { operation, $( $field: None, )* extra: Extra::new(), facts: ResponseFacts::default() }
            }

            /// Takes in one member of the answer.
            fn read(&mut self, name: String, value: Value) {
                let unread = match (name.as_str(), value) {
                    ("operation", Value::String(operation)) => {
                        self.operation = Operation::from_name(&operation);
                        None
                    }
                    $( (stringify!($field), value) => read_into(&mut self.$field, value), )*
                    (_, value) => Some(value),
                };
                if let Some(value) = unread {
                    self.extra.insert(name, value);
                }
            }
        }

        #[cfg(feature = "describe")]
        impl crate::describe::Describe for StreamResponse {
            fn describe() -> crate::describe::Object {
                use crate::describe::{Field, Object};
                let fields = [
                    Field::new::<Operation>("operation", &[&[("doc", "What the service did.")]]),
                    $( Field::new::<Option<$type>>(stringify!($field), &[$( &[("doc", $doc)] ),*]), )*
                ];
                let doc = ("doc", "The answer to a stream request or to the end of a stream.");
                Object::new("StreamResponse", &[&[doc]], fields)
            }
        }

        impl StreamResponse {
            /// Writes the operation and every known field that is there.
            fn write_known<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
                map.serialize_entry("operation", self.operation.as_str())?;
                $( if let Some(value) = &self.$field {
                    map.serialize_entry(stringify!($field), value)?;
                } )*
                Ok(())
            }

            /// Whether a member of this name is written beside `extra`.
            fn is_written(&self, name: &str) -> bool {
                ["operation", "facts"].contains(&name) $( || (name == stringify!($field) && self.$field.is_some()) )*
            }
        }
    };
}

stream_response! {
    /// As the service says it; a push that Apple accepted may still not be displayed.
    success: bool,
    /// The stream's key.
    stream_key: String,
    /// The service's time, RFC 3339.
    timestamp: String,
    /// The activity that runs or has just ended; none while the stream is paused or idle.
    activity_id: String,
    /// The activity that a rotation ended.
    previous_activity_id: String,
    /// For how many devices Apple accepted the push.
    devices_notified: u64,
    /// For how many devices the push waits until their token is registered.
    devices_queued: u64,
    /// How many users those devices belong to.
    users_notified: u64,
    /// The channels that received it; absent for the whole account, or when the answer does not tell.
    effective_channel_slugs: Vec<String>,
    /// The tags that the stream has now.
    tags: Vec<String>,
    /// The service's remark, for example that so many updates make iOS hold some back.
    warning: String,
    /// The request had no effect.
    ignored: bool,
    /// Whether a push left the service.
    remote_push_sent: bool,
    /// The stream was marked as ended though Apple did not confirm it.
    forced_completion: bool,
    /// Free text.
    message: String,
    /// Which devices could not be reached.
    errors: Vec<String>,
}

/// As the API writes it, without what is absent, and with `facts` beside it.
impl Serialize for StreamResponse {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.write_known(&mut map)?;
        for (name, value) in self.extra.iter().filter(|(name, _)| !self.is_written(name)) {
            map.serialize_entry(name, value)?;
        }
        map.serialize_entry("facts", &self.facts)?;
        map.end()
    }
}

/// An answer whose unknown members stand apart, under `extra`, so that each known one has its type.
struct ExtraApart<'a>(&'a StreamResponse);

impl Serialize for ExtraApart<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.0.write_known(&mut map)?;
        if !self.0.extra.is_empty() {
            map.serialize_entry("extra", &self.0.extra)?;
        }
        map.serialize_entry("facts", &self.0.facts)?;
        map.end()
    }
}

impl StreamResponse {
    /// For bindings: written with `extra` as a member of its own, where it is not empty.
    pub fn with_extra_apart(&self) -> impl Serialize + '_ {
        ExtraApart(self)
    }

    /// A success's body.
    pub(crate) fn from_members(members: Members) -> Self {
        let mut response = Self::new(Operation::Unknown(String::new()));
        members.into_iter().for_each(|(name, value)| response.read(name, value));
        response
    }

    /// What a call is answered with that sends nothing, since `ACTIVITYSMITH_DISABLED` is set.
    pub(crate) fn disabled(stream_key: &str) -> Self {
        Self { stream_key: Some(stream_key.to_owned()), ..Self::new(Operation::Disabled) }
    }
}

/// Puts a value into its place, or gives it back when it is of another type. Null is absence.
fn read_into<T: DeserializeOwned>(place: &mut Option<T>, value: Value) -> Option<Value> {
    *place = T::deserialize(&value).ok();
    (place.is_none() && !value.is_null()).then_some(value)
}

/// Nothing can make the reading fail but that it is no JSON object.
impl<'de> Deserialize<'de> for StreamResponse {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match json::with_plain_numbers(Value::deserialize(deserializer)?) {
            Value::Object(members) => Ok(Self::from_members(members)),
            other => Err(D::Error::custom(format_args!("an answer is {}, not an object", json::kind(&other)))),
        }
    }
}

described! {
    /// How an answer came about. Durations are written as seconds.
    #[derive(Clone, Debug, Default, PartialEq, Serialize)]
    #[non_exhaustive]
    pub struct ResponseFacts {
        /// The HTTP status; 0 when nothing was sent.
        pub status: u16,
        /// How many requests it took; 0 when nothing was sent.
        pub attempts: u32,
        /// From the call to the answer, with all attempts and waits.
        #[serde(rename = "elapsed_seconds", serialize_with = "seconds")]
        pub elapsed: Duration,
        /// The service's or a proxy's name for the request.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub request_id: Option<String>,
        /// What worked but may not come out as hoped, in words for a log.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        pub advice: Vec<String>,
        /// What the service says of its limits, policy by policy.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        pub rate_limits: Vec<RateLimit>,
    }
}

described! {
    /// One policy of the service's request limits.
    #[derive(Clone, Debug, Default, PartialEq, Serialize)]
    #[non_exhaustive]
    pub struct RateLimit {
        /// The policy's name.
        pub policy: String,
        /// How many requests are left in the window.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub remaining: Option<u64>,
        /// How long until the window starts anew.
        #[serde(rename = "reset_seconds", serialize_with = "seconds", skip_serializing_if = "Option::is_none")]
        pub reset: Option<Duration>,
        /// How many requests a window allows.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub quota: Option<u64>,
        /// The window's length.
        #[serde(rename = "window_seconds", serialize_with = "seconds", skip_serializing_if = "Option::is_none")]
        pub window: Option<Duration>,
    }
}

/// Writes a duration, where there is one, as a number of seconds.
pub(crate) fn seconds<D, S>(duration: &D, serializer: S) -> Result<S::Ok, S::Error>
where
    D: Copy + Into<Option<Duration>>,
    S: Serializer,
{
    let duration: Option<Duration> = (*duration).into();
    duration.map(|duration| Number::from(duration.as_secs_f64())).serialize(serializer)
}
