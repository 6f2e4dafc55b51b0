//! How a state looks: its colours, its icon and its badge.

use super::object::wire_object;
use crate::declare::names;
use crate::validate::{Kind, Kinded, Object, no_rules};

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
        symbol: String = Kind::NonEmpty,
    ) {
        /// The symbol's colour.
        color: Color,
    }
}

wire_object! {
    /// A short label in a corner.
    Badge(
        /// The label; at least 1 character.
        title: String = Kind::NonEmpty,
    ) {
        /// The label's colour.
        color: Color,
    }
}

impl Kinded for Color {
    const KIND: Kind = Kind::Choice(Self::NAMES);
}

impl Kinded for Icon {
    const KIND: Kind = Kind::Object(&Object { fields: &[Self::FIELDS], required: Self::REQUIRED, rules: no_rules });
}

impl Kinded for Badge {
    const KIND: Kind = Kind::Object(&Object { fields: &[Self::FIELDS], required: Self::REQUIRED, rules: no_rules });
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
