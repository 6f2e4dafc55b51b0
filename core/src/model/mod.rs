//! What the API speaks, as plain data: states, styles, actions, requests and responses.
//!
//! A model holds what the caller set and nothing else. It does not judge (that is `validate`) and does no I/O. Each wire object
//! is written once, by `wire_object!`: its fields, its setters and its JSON come from the same lines.

pub(crate) mod action;
mod content_state;
pub(crate) mod json;
mod metadata;
mod metric;
mod number;
mod patch;
mod request;
mod response;
mod style;

pub use action::{Action, OpenUrl, PushAlert, Webhook, WebhookMethod};
pub use content_state::{
    Alert, ContentState, Metrics, Progress, SegmentedProgress, StateType, Stats, Timer, Update, Value,
};
pub use metadata::{Metadata, MetadataValue};
pub use metric::{Metric, Readout};
pub use number::Number;
pub use patch::Patch;
pub use request::{EndRequest, Names, StreamRequest};
pub(crate) use response::seconds;
pub use response::{Operation, RateLimit, ResponseFacts, StreamResponse};
pub use style::{Badge, Color, Icon};

/// Fields newer than this release, by name. They are sent beside the known ones, unchecked.
pub type Extra = serde_json::Map<String, serde_json::Value>;

/// Where [`Extra`] stands in JSON that a caller hands in; on the wire its members stand in its place.
pub(crate) const EXTRA: &str = "extra";

/// Defines a wire object: a struct with its required fields, its optional ones and [`Extra`], a constructor that takes the
/// required ones, a setter for each other one, and the object as JSON. A `type = "..."` in front is its fixed discriminant.
macro_rules! wire_object {
    (
        $(#[doc = $doc:literal])*
        $name:ident $(: type = $type:literal)? ($( $(#[doc = $required_doc:literal])* $required:ident : $required_type:ty ),* $(,)?) {
            $( $(#[doc = $optional_doc:literal])* $optional:ident : $optional_type:ty ),* $(,)?
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub struct $name {
            $( $(#[doc = $required_doc])* pub $required: $required_type, )*
            $(
                $(#[doc = $optional_doc])*
                pub $optional: Option<$optional_type>,
            )*
            /// Fields newer than this release; see [`Extra`](crate::Extra).
            pub extra: $crate::model::Extra,
        }

        impl $name {
            /// With what it cannot be without; all else is absent until set.
            #[allow(clippy::new_without_default)]
            pub fn new($( $required: impl Into<$required_type> ),*) -> Self {
                Self {
                    $( $required: $required.into(), )*
                    $( $optional: None, )*
                    extra: $crate::model::Extra::new(),
                }
            }

            $(
                $(#[doc = $optional_doc])*
                #[must_use]
                pub fn $optional(mut self, $optional: impl Into<$optional_type>) -> Self {
                    self.$optional = Some($optional.into());
                    self
                }
            )*

            /// Sets a field newer than this release; it is sent as it is, unchecked.
            #[must_use]
            pub fn extra(mut self, name: impl Into<String>, value: impl Into<serde_json::Value>) -> Self {
                self.extra.insert(name.into(), value.into());
                self
            }
        }

        #[allow(dead_code)]
        impl $name {
            /// The fields without which a state of this type cannot be shown.
            pub(crate) const REQUIRED: &'static [&'static str] = &[$( stringify!($required) ),*];
            /// The other fields that apply to it.
            pub(crate) const OPTIONAL: &'static [&'static str] = &[$( stringify!($optional) ),*];
        }

        #[cfg(feature = "describe")]
        impl $crate::describe::Describe for $name {
            fn describe() -> $crate::describe::Object {
                use $crate::describe::{Field, Object};
                let fields = [
                    $( Field::new::<$required_type>(stringify!($required), &[$( &[("doc", $required_doc)] ),*]), )*
                    $( Field::new::<Option<$optional_type>>(stringify!($optional), &[$( &[("doc", $optional_doc)] ),*]), )*
                ];
                let tag = None;
                $( let tag = tag.or(Some($type)); )?
                Object { tag, ..Object::new(stringify!($name), &[$( &[("doc", $doc)] ),*], fields) }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeMap as _;
                let mut members = serializer.serialize_map(None)?;
                $( members.serialize_entry(stringify!($required), &self.$required)?; )*
                $( members.serialize_entry("type", $type)?; )?
                $( if let Some(value) = &self.$optional {
                    members.serialize_entry(stringify!($optional), value)?;
                } )*
                if !self.extra.is_empty() {
                    members.serialize_entry($crate::model::EXTRA, &self.extra)?;
                }
                members.end()
            }
        }
    };
}
use wire_object;
