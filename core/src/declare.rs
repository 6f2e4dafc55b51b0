//! Macros that declare types which describe themselves: what the schema says of a type comes from the lines that declare it.

/// Declares a struct whose fields the schema lists as serde writes them.
macro_rules! described {
    (
        $(#[$($meta:tt)*])*
        $vis:vis struct $name:ident {
            $( $(#[$($field_meta:tt)*])* $field_vis:vis $field:ident: $type:ty, )*
        }
    ) => {
        $(#[$($meta)*])*
        $vis struct $name {
            $( $(#[$($field_meta)*])* $field_vis $field: $type, )*
        }

        #[allow(dead_code, reason = "of some the names are not asked for")]
        impl $name {
            /// The names of its fields.
            pub(crate) const NAMES: &'static [&'static str] = &[$( stringify!($field) ),*];
        }

        #[cfg(feature = "describe")]
        impl $crate::describe::Describe for $name {
            fn describe() -> $crate::describe::Object {
                use $crate::declare::{attribute, written};
                use $crate::describe::{Field, Object};
                let fields: Vec<Option<Field>> = vec![$( written!(
                    Field::new::<$type>(stringify!($field), &[$( attribute!($($field_meta)*) ),*]);
                    $( [$($field_meta)*] )*
                ) ),*];
                Object::new(stringify!($name), &[$( attribute!($($meta)*) ),*], fields.into_iter().flatten())
            }
        }
    };
}
pub(crate) use described;

/// Declares an enum of names.
macro_rules! names {
    (
        $(#[$($meta:tt)*])*
        pub enum $name:ident {
            $( $(#[$($value_meta:tt)*])+ $value:ident = $text:literal, )*
        }
    ) => {
        $(#[$($meta)*])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[$($value_meta)*])* $value, )*
        }

        impl $name {
            /// Every value.
            pub const ALL: &'static [Self] = &[$( Self::$value ),*];
            /// Every value's name on the wire.
            pub(crate) const NAMES: &'static [&'static str] = &[$( $text ),*];

            /// The name on the wire, the same in every language.
            pub fn as_str(self) -> &'static str {
                match self {
                    $( Self::$value => $text, )*
                }
            }

            /// The value of this name.
            pub(crate) fn from_name(name: &str) -> Option<Self> {
                Self::NAMES.iter().position(|known| *known == name).map(|position| Self::ALL[position])
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::declare::UnknownName;

            fn from_str(name: &str) -> Result<Self, Self::Err> {
                Self::from_name(name).ok_or_else(|| $crate::declare::UnknownName::new(name, Self::NAMES))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let name = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
                name.parse().map_err(serde::de::Error::custom)
            }
        }

        #[cfg(feature = "describe")]
        impl $crate::describe::DescribeChoice for $name {
            fn describe() -> $crate::describe::Choice {
                use $crate::declare::attribute;
                use $crate::describe::{Choice, Name};
                let values = [$( Name::new($text, &[$( attribute!($($value_meta)*) ),*]) ),*];
                Choice::new(stringify!($name), &[$( attribute!($($meta)*) ),*], values)
            }
        }
    };
    // The names say it all.
    (
        $(#[$($meta:tt)*])*
        pub enum $name:ident {
            $( $value:ident = $text:literal, )*
        }
    ) => {
        $crate::declare::names! {
            $(#[$($meta)*])*
            pub enum $name {
                $( #[doc = $text] $value = $text, )*
            }
        }
    };
}
pub(crate) use names;

/// A text that is not one of the names of an enum, such as [`Color`](crate::Color).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name:?} is unknown; give one of {}", known.join(", "))]
#[non_exhaustive]
pub struct UnknownName {
    /// The text.
    pub name: String,
    /// The names that there are.
    pub known: &'static [&'static str],
}

impl UnknownName {
    #[cold]
    pub(crate) fn new(name: &str, known: &'static [&'static str]) -> Self {
        Self { name: name.to_owned(), known }
    }
}

/// An attribute of a declaration, as far as the schema needs it.
#[cfg(feature = "describe")]
macro_rules! attribute {
    (doc = $doc:literal) => {
        &[("doc", $doc)]
    };
    (serde($($option:ident = $value:literal),*)) => {
        &[$( (stringify!($option), $value) ),*]
    };
    ($($other:tt)*) => {
        &[]
    };
}

/// A field, unless serde skips it or writes the fields of its value in its place.
#[cfg(feature = "describe")]
macro_rules! written {
    ($field:expr;) => {
        Some($field)
    };
    ($field:expr; [serde($flag:ident)] $($attributes:tt)*) => {
        None
    };
    ($field:expr; [$($other:tt)*] $($attributes:tt)*) => {
        $crate::declare::written!($field; $($attributes)*)
    };
}
#[cfg(feature = "describe")]
pub(crate) use {attribute, written};
