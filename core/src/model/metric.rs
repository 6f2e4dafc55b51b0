//! A labelled figure of the `metrics` and `stats` states, and the readout that is a number or a text.

use serde::Serialize;

use super::{Color, Number, wire_object};

/// What a figure shows: a number, or a text that is shown exactly as given.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
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

wire_object! {
    /// One labelled figure. `metrics` draws numbers as bars and takes no text; `stats` takes either.
    Metric(
        /// What is measured; at least 1 character.
        label: String,
        /// The figure: a number of 0 or more, or (in `stats`) a text of 1 to 64 characters.
        value: Readout,
    ) {
        /// What follows the figure, for example `%`.
        unit: String,
        /// The figure's colour.
        color: Color,
    }
}
