//! How a state looks: its colours, its icon and its badge.

use std::borrow::Cow;
use std::fmt;

use super::json::{AsJson, Json};
use super::wire_object;

macro_rules! colors {
    ($($name:ident = $text:literal),* $(,)?) => {
        /// A colour of the API's palette.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "ffi-records", derive(uniffi::Enum))]
        #[non_exhaustive]
        pub enum Color {
            $( #[doc = $text] $name, )*
        }

        impl Color {
            /// Every colour.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];
            /// Every colour's name on the wire.
            pub(crate) const NAMES: &'static [&'static str] = &[$($text),*];

            /// The name on the wire.
            pub fn as_str(self) -> &'static str {
                match self {
                    $( Self::$name => $text, )*
                }
            }
        }
    };
}

colors! {
    Lime = "lime",
    Green = "green",
    Cyan = "cyan",
    Blue = "blue",
    Purple = "purple",
    Magenta = "magenta",
    Red = "red",
    Orange = "orange",
    Yellow = "yellow",
    Gray = "gray",
}

impl AsJson for Color {
    fn as_json(&self) -> Json<'_> {
        Json::Text(Cow::Borrowed(self.as_str()))
    }
}

wire_object! {
    /// A picture beside the title.
    Icon(
        /// The name of an SF Symbol, for example `server.rack`; at least 1 character.
        symbol: String,
    ) {
        /// The symbol's colour.
        color: Color,
    }
}

wire_object! {
    /// A short label in a corner.
    Badge(
        /// The label; at least 1 character.
        title: String,
    ) {
        /// The label's colour.
        color: Color,
    }
}

impl From<&str> for Icon {
    fn from(symbol: &str) -> Self {
        Self::new(symbol)
    }
}

impl From<&str> for Badge {
    fn from(title: &str) -> Self {
        Self::new(title)
    }
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
