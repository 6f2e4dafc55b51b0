//! What an endpoint answers, read leniently: nothing in a success can be an error, and nothing in it is lost.

use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde::ser::{SerializeMap, Serializer};
use serde_json::Value;

use crate::declare::described;
use crate::json::{Extra, Members, seconds};

/// A success of any endpoint: the members of its body, those of unknown names or unexpected types apart.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Answer {
    /// What this release knows, each of its type.
    pub known: Members,
    /// All else.
    pub extra: Extra,
    /// How it came about.
    pub facts: ResponseFacts,
}

/// A member of a success.
#[derive(Clone, Copy, Debug)]
pub struct AnswerField {
    pub(crate) name: &'static str,
    pub(crate) is_of_its_type: fn(&Value) -> bool,
    /// Whether it is there in any case, if only empty.
    pub(crate) always: bool,
}

impl Answer {
    /// Takes a body apart. Null is absence.
    pub(crate) fn new(fields: &[AnswerField], mut members: Members) -> Self {
        let mut answer = Self::default();
        for field in fields {
            let value = members.shift_remove(field.name).unwrap_or_default();
            if (field.is_of_its_type)(&value) {
                answer.known.insert(field.name.to_owned(), value);
                continue;
            }
            if field.always {
                answer.known.insert(field.name.to_owned(), "".into());
            }
            if !value.is_null() {
                answer.extra.insert(field.name.to_owned(), value);
            }
        }
        answer.extra.append(&mut members);
        answer
    }

    /// A member that is a text.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.known.get(name)?.as_str()
    }
}

/// With what is known, and `extra` and `facts` beside it.
impl Serialize for Answer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, value) in &self.known {
            map.serialize_entry(name, value)?;
        }
        if !self.extra.is_empty() {
            map.serialize_entry("extra", &self.extra)?;
        }
        map.serialize_entry("facts", &self.facts)?;
        map.end()
    }
}

/// What a member of an answer can be. The check does not read the value as its type, which takes code for each type.
pub(crate) trait AnswerType {
    fn is(value: &Value) -> bool;
}

impl AnswerType for String {
    fn is(value: &Value) -> bool {
        value.is_string()
    }
}

impl AnswerType for bool {
    fn is(value: &Value) -> bool {
        value.is_boolean()
    }
}

impl AnswerType for u64 {
    fn is(value: &Value) -> bool {
        value.is_u64()
    }
}

impl<T: AnswerType> AnswerType for Vec<T> {
    fn is(value: &Value) -> bool {
        value.as_array().is_some_and(|items| items.iter().all(T::is))
    }
}

/// Takes out a member of this type.
pub(crate) fn take<T: DeserializeOwned>(members: &mut Members, name: &str) -> Option<T> {
    T::deserialize(members.shift_remove(name)?).ok()
}

/// Declares what an endpoint answers with: each field is named once, and read, kept and written from there. Those in parentheses are
/// there in any case.
macro_rules! answer {
    (
        $(#[doc = $doc:literal])*
        $name:ident ($( $(#[doc = $always_doc:literal])* $always:ident: $always_type:ty ),*) {
            $( $(#[doc = $field_doc:literal])* $field:ident: $type:ty ),* $(,)?
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug, Default, PartialEq)]
        #[non_exhaustive]
        pub struct $name {
            $( $(#[doc = $always_doc])* pub $always: $always_type, )*
            $( $(#[doc = $field_doc])* pub $field: Option<$type>, )*
            /// Other members of the answer: fields newer than this release, and known ones of an unexpected type.
            pub extra: $crate::json::Extra,
            /// How the answer was obtained.
            pub facts: $crate::api::answer::ResponseFacts,
        }

        impl $name {
            pub(crate) const FIELDS: &'static [$crate::api::answer::AnswerField] = &[
                $( $crate::api::answer::AnswerField {
                    name: stringify!($always),
                    is_of_its_type: <$always_type as $crate::api::answer::AnswerType>::is,
                    always: true,
                }, )*
                $( $crate::api::answer::AnswerField {
                    name: stringify!($field),
                    is_of_its_type: <$type as $crate::api::answer::AnswerType>::is,
                    always: false,
                }, )*
            ];
        }

        impl From<$crate::api::answer::Answer> for $name {
            fn from(answer: $crate::api::answer::Answer) -> Self {
                let $crate::api::answer::Answer { mut known, extra, facts } = answer;
                Self {
                    $( $always: $crate::api::answer::take(&mut known, stringify!($always)).unwrap_or_default(), )*
                    $( $field: $crate::api::answer::take(&mut known, stringify!($field)), )*
                    extra,
                    facts,
                }
            }
        }

        /// As the API writes it, without what is absent, and with `facts` beside it.
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeMap as _;
                let mut map = serializer.serialize_map(None)?;
                $( map.serialize_entry(stringify!($always), &self.$always)?; )*
                $( if let Some(value) = &self.$field {
                    map.serialize_entry(stringify!($field), value)?;
                } )*
                let is_written = |name: &str| {
                    name == "facts"
                        $( || name == stringify!($always) )*
                        $( || (name == stringify!($field) && self.$field.is_some()) )*
                };
                for (name, value) in self.extra.iter().filter(|(name, _)| !is_written(name)) {
                    map.serialize_entry(name, value)?;
                }
                map.serialize_entry("facts", &self.facts)?;
                map.end()
            }
        }

        /// Nothing can make the reading fail but that it is no JSON object.
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let members = $crate::json::Members::deserialize(deserializer)?;
                let members = members.into_iter().map(|(name, value)| (name, $crate::json::with_plain_numbers(value)));
                Ok($crate::api::answer::Answer::new(Self::FIELDS, members.collect()).into())
            }
        }

        #[cfg(feature = "describe")]
        impl $crate::describe::Describe for $name {
            fn describe() -> $crate::describe::Object {
                use $crate::describe::{Field, Object};
                let fields = [
                    $( Field::new::<$always_type>(stringify!($always), &[$( &[("doc", $always_doc)] ),*]), )*
                    $( Field::new::<Option<$type>>(stringify!($field), &[$( &[("doc", $field_doc)] ),*]), )*
                ];
                Object::new(stringify!($name), &[$( &[("doc", $doc)] ),*], fields)
            }
        }
    };
}
pub(crate) use answer;

described! {
    /// How the answer was obtained. Durations are in seconds.
    #[derive(Clone, Debug, Default, PartialEq, Serialize)]
    #[non_exhaustive]
    pub struct ResponseFacts {
        /// The HTTP status; 0 when nothing was sent.
        pub status: u16,
        /// The number of requests sent; 0 when nothing was sent.
        pub attempts: u32,
        /// The time from the call to the answer, including all attempts and waits.
        #[serde(rename = "elapsed_seconds", serialize_with = "seconds")]
        pub elapsed: Duration,
        /// The request id of the service or a proxy.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub request_id: Option<String>,
        /// Advice for a log: values that are accepted but may not display well.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        pub advice: Vec<String>,
        /// The service's rate limits, by policy.
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
        /// The number of requests left in the window.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub remaining: Option<u64>,
        /// Time until the window restarts.
        #[serde(rename = "reset_seconds", serialize_with = "seconds", skip_serializing_if = "Option::is_none")]
        pub reset: Option<Duration>,
        /// The number of requests that a window allows.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub quota: Option<u64>,
        /// The window's length.
        #[serde(rename = "window_seconds", serialize_with = "seconds", skip_serializing_if = "Option::is_none")]
        pub window: Option<Duration>,
    }
}
