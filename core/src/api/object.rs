//! The macro that declares an object of the API: its fields, what each may hold, its setters and its JSON come from the same lines.

/// Defines a wire object: a struct with its required fields, its optional ones and [`Extra`], a constructor that takes the
/// required ones, a setter for each other one, and the object as JSON. A `type = "..."` in front is its fixed discriminant. What a
/// field may hold is said by its type, or by a [`Kind`](crate::validate::Kind) behind it.
macro_rules! wire_object {
    (
        $(#[doc = $doc:literal])*
        $name:ident $(: type = $type:literal)? ($( $(#[doc = $required_doc:literal])* $required:ident : $required_type:ty $(= $required_kind:expr)? ),* $(,)?) {
            $( $(#[doc = $optional_doc:literal])* $optional:ident : $optional_type:ty $(= $optional_kind:expr)? ),* $(,)?
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
            pub extra: $crate::json::Extra,
        }

        impl $name {
            /// With the required fields; all others are absent until set.
            #[allow(clippy::new_without_default)]
            pub fn new($( $required: impl Into<$required_type> ),*) -> Self {
                Self {
                    $( $required: $required.into(), )*
                    $( $optional: None, )*
                    extra: $crate::json::Extra::new(),
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

            /// Sets a field newer than this release; it is sent unchecked.
            #[must_use]
            pub fn extra(mut self, name: impl Into<String>, value: impl Into<serde_json::Value>) -> Self {
                self.extra.insert(name.into(), value.into());
                self
            }
        }

        #[allow(dead_code, reason = "not every object is checked by itself")]
        impl $name {
            /// The fields without which a state of this type cannot be shown.
            pub(crate) const REQUIRED: &'static [&'static str] = &[$( stringify!($required) ),*];
            /// The other fields that apply to it.
            pub(crate) const OPTIONAL: &'static [&'static str] = &[$( stringify!($optional) ),*];
            /// All of them, and what they may hold.
            pub(crate) const FIELDS: &'static [$crate::validate::Field] = &[
                $( $crate::validate::Field {
                    name: stringify!($required),
                    kind: $crate::api::object::kind!($required_type $(, $required_kind)?),
                }, )*
                $( $crate::validate::Field {
                    name: stringify!($optional),
                    kind: $crate::api::object::kind!($optional_type $(, $optional_kind)?),
                }, )*
            ];
        }

        /// As it is written. A field that this release does not know goes into [`extra`](Self::extra).
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let mut members = $crate::api::reading::members(deserializer)?;
                $( $crate::api::reading::tag(&mut members, $type)?; )?
                Ok(Self {
                    $( $required: $crate::api::reading::required(&mut members, stringify!($required))?, )*
                    $( $optional: $crate::api::reading::optional(&mut members, stringify!($optional))?, )*
                    extra: $crate::api::reading::extra(members)?,
                })
            }
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
                    members.serialize_entry($crate::json::EXTRA, &self.extra)?;
                }
                members.end()
            }
        }
    };
}

/// What a field may hold.
macro_rules! kind {
    ($type:ty) => {
        <$type as $crate::validate::Kinded>::KIND
    };
    ($type:ty, $kind:expr) => {
        $kind
    };
}
pub(crate) use {kind, wire_object};
