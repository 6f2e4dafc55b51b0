//! A labelled figure of the `metrics` and `stats` states, and the readout that is a number or a text.

use serde::Serialize;
use serde::de::{Deserialize, Deserializer, Error as _};
use serde_json::Value;

use super::object::wire_object;
use super::style::Color;
use crate::json::{self, Number};
use crate::validate::{Kind, Kinded, Object, no_rules};

/// What a figure shows: a number, or a text that is shown exactly as given.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Readout {
    /// A finite number; in a [`Metric`], 0 or more.
    Number(Number),
    /// A formatted text; in a [`Metric`], 1 to 64 characters.
    Text(String),
}

impl<N: Into<Number>> From<N> for Readout {
    fn from(number: N) -> Self {
        Self::Number(number.into())
    }
}

impl From<&str> for Readout {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Readout {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl<'de> Deserialize<'de> for Readout {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(text) => Ok(Self::Text(text)),
            value => json::number(&value)
                .map(Self::Number)
                .ok_or_else(|| D::Error::custom(format_args!("expected a number or a string, got {value}"))),
        }
    }
}

wire_object! {
    /// One labelled figure. `metrics` draws numbers as bars and takes no text; `stats` takes either.
    Metric(
        /// What is measured; at least 1 character.
        label: String = Kind::NonEmpty,
        /// The figure: a number of 0 or more, or (in `stats`) a text of 1 to 64 characters.
        value: Readout = Kind::Readout { limited: true },
    ) {
        /// The unit after the figure, for example `%`.
        unit: String,
        /// The figure's colour.
        color: Color,
    }
}

/// A figure by itself.
pub(crate) static METRIC: Object = Object { fields: &[Metric::FIELDS], required: Metric::REQUIRED, rules: no_rules };

impl Kinded for Metric {
    const KIND: Kind = Kind::Object(&METRIC);
}

impl Kinded for Readout {
    const KIND: Kind = Kind::Readout { limited: false };
}
