//! A metric of the `metrics` and `stats` states, and its value: a number or a text.

use serde::Serialize;
use serde::de::{Deserialize, Deserializer, Error as _};
use serde_json::Value;

use super::object::wire_object;
use super::style::Color;
use crate::json::{self, Number};
use crate::validate::{Kind, Kinded, NumberOrText, Object, no_rules};

/// The value of a metric or of a `value` state: a number, or a text that is shown exactly as given.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum MetricValue {
    /// A finite number; in a [`Metric`], 0 or more.
    Number(Number),
    /// A formatted text; in a [`Metric`], 1 to 64 characters.
    Text(String),
}

impl<N: Into<Number>> From<N> for MetricValue {
    fn from(number: N) -> Self {
        Self::Number(number.into())
    }
}

impl From<&str> for MetricValue {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for MetricValue {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl<'de> Deserialize<'de> for MetricValue {
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
    /// One labelled value. `metrics` draws numbers as bars and takes no text; `stats` takes either.
    Metric(
        /// What is measured; at least 1 character.
        label: String = Kind::NonEmpty,
        /// The value: a number of 0 or more, or (in `stats`) a text of 1 to 64 characters.
        value: MetricValue = Kind::NumberOrText(NumberOrText::Metric),
    ) {
        /// The unit after the value, for example `%`.
        unit: String,
        /// The colour of the value.
        color: Color,
    }
}

/// A metric by itself.
pub(crate) static METRIC: Object = Object { fields: &[Metric::FIELDS], required: Metric::REQUIRED, rules: no_rules };

impl Kinded for Metric {
    const KIND: Kind = Kind::Object(&METRIC);
}

impl Kinded for MetricValue {
    const KIND: Kind = Kind::NumberOrText(NumberOrText::Any);
}
