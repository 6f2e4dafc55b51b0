//! How a state looks: its colours, its icon and its badge.

use super::wire_object;
use crate::declare::names;

names! {
    /// A colour of the API's palette.
    pub enum Color {
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
