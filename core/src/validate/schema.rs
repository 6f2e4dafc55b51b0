//! What an object may hold: its fields, what each of them may be by itself, and the rules between them.

use std::fmt;

use serde_json::Value;

use super::view::View;
use super::violation::{Findings, Path};
use crate::json::Number;

/// An object of the API: its fields, those that it cannot be without, and the rules between them.
pub(crate) struct Object {
    /// In groups, since objects share some.
    pub(crate) fields: &'static [&'static [Field]],
    pub(crate) required: &'static [&'static str],
    pub(crate) rules: fn(&View<'_>, &Path<'_>, &mut Findings),
}

pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
}

impl Object {
    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> + Clone {
        self.fields.iter().copied().flatten().map(|field| field.name)
    }

    /// What the field of this name may be.
    pub(crate) fn kind(&self, name: &str) -> Option<&'static Kind> {
        self.fields.iter().copied().flatten().find_map(|field| (field.name == name).then_some(&field.kind))
    }
}

/// For objects whose fields stand alone.
pub(crate) fn no_rules(_: &View<'_>, _: &Path<'_>, _: &mut Findings) {}

/// What a value may be.
pub(crate) enum Kind {
    /// Any text.
    Text,
    /// A text with at least one character that is not a space.
    Label,
    /// A text of at least one character.
    NonEmpty,
    /// A text that names one of these.
    Choice(&'static [&'static str]),
    Flag,
    /// A whole number in this range; without an end it has none.
    Integer {
        least: u32,
        most: Option<u32>,
    },
    Number(Range),
    /// A number or a text, which has limits where it stands beside a label or feeds a widget.
    NumberOrText(NumberOrText),
    List {
        of: &'static Kind,
        least: usize,
        most: usize,
    },
    /// An `https` URL without a user name.
    HttpsUrl,
    /// A URL that opens a page or an app.
    Link,
    /// A moment as RFC 3339 writes it.
    Time,
    Object(&'static Object),
    /// An object of anything.
    Free,
    Channels,
    Tags,
    Metadata,
}

/// What a number or a text may be.
pub(crate) enum NumberOrText {
    /// Any finite number or any text.
    Any,
    /// A number of 0 or more, or a text of 1 to 64 characters.
    Metric,
    /// A finite number, or a text of 1 to 64 characters.
    Widget,
}

/// Which numbers are allowed; all of them are finite.
pub(crate) enum Range {
    /// From 0 to 100.
    Percent,
    /// Above 0.
    Positive,
    Any,
}

/// The kind of a field whose type says all of it.
pub(crate) trait Kinded {
    const KIND: Kind;
}

impl Kind {
    /// A whole number without an upper end.
    pub(crate) const fn at_least(least: u32) -> Self {
        Self::Integer { least, most: None }
    }
}

impl Kinded for String {
    const KIND: Kind = Kind::Text;
}

impl Kinded for bool {
    const KIND: Kind = Kind::Flag;
}

impl Kinded for Number {
    const KIND: Kind = Kind::Number(Range::Any);
}

impl Kinded for Value {
    const KIND: Kind = Kind::Free;
}

impl<T: Kinded> Kinded for Vec<T> {
    const KIND: Kind = Kind::List { of: &T::KIND, least: 0, most: usize::MAX };
}

/// What to give, for the end of a message.
impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text => f.write_str("a string"),
            Self::Label => f.write_str("a string that is not blank"),
            Self::NonEmpty => f.write_str("a string of at least 1 character"),
            Self::Choice(names) => write!(f, "one of {}", names.join(", ")),
            Self::Flag => f.write_str("true or false"),
            Self::Integer { least, most: None } => write!(f, "an integer of at least {least}"),
            Self::Integer { least, most: Some(most) } => write!(f, "an integer from {least} to {most}"),
            Self::Number(Range::Percent) => f.write_str("a number from 0 to 100"),
            Self::Number(Range::Positive) => f.write_str("a number above 0"),
            Self::Number(Range::Any) => f.write_str("a finite number"),
            Self::NumberOrText(NumberOrText::Any) => f.write_str("a finite number or a string"),
            Self::NumberOrText(NumberOrText::Metric) => {
                f.write_str("a number of 0 or more, or a string of 1 to 64 characters (negative numbers go as strings)")
            }
            Self::NumberOrText(NumberOrText::Widget) => {
                f.write_str("a finite number or a string of 1 to 64 characters")
            }
            Self::List { of: Self::Object(_), least, most } => write!(f, "an array of {least} to {most} objects"),
            Self::List { of, .. } => write!(f, "an array, each item {of}"),
            Self::HttpsUrl => f.write_str("an https:// URL"),
            Self::Link => f.write_str("a URL of a page or an app"),
            Self::Time => f.write_str("a time such as 2026-01-31T09:30:00Z"),
            Self::Object(_) | Self::Free => f.write_str("an object"),
            Self::Channels => f.write_str("an array of at least 1 channel slug"),
            Self::Tags => f.write_str("an array of at most 20 tags"),
            Self::Metadata => f.write_str("a flat object of strings, numbers and booleans"),
        }
    }
}
