//! What each field may hold by itself: one table for the whole API.
//!
//! Which fields go together is not decided here but in `rules`; which state takes which field is said by the models.

use std::fmt;

use super::Purpose;
use super::rules;
use super::violation::{Findings, Path};
use super::walk::View;
use crate::model::{Action, Color, StateType, WebhookMethod};

/// An object of the API: its fields, those that it cannot be without, and the rules between them.
pub(super) struct Object {
    pub(super) fields: &'static [Field],
    pub(super) required: &'static [&'static str],
    pub(super) rules: fn(&View<'_>, &Path<'_>, &mut Findings),
}

pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
}

/// What a value may be.
pub(super) enum Kind {
    /// Any text.
    Text,
    /// A text with at least one character that is not a space.
    Label,
    /// A text of at least one character.
    NonEmpty,
    /// A text that names one of these.
    Choice(&'static [&'static str]),
    Flag,
    /// A whole number of at least this.
    Integer(u32),
    Number(Range),
    /// A number or a text; in a metric with limits.
    Readout {
        limited: bool,
    },
    List {
        of: &'static Kind,
        least: usize,
        most: usize,
    },
    Object(&'static Object),
    /// An object of anything.
    Free,
    Channels,
    Tags,
    Metadata,
}

/// Which numbers are allowed; all of them are finite.
pub(super) enum Range {
    /// From 0 to 100.
    Percent,
    /// Above 0.
    Positive,
    Any,
}

pub(super) fn of(purpose: Purpose) -> &'static Object {
    match purpose {
        Purpose::Stream => &STREAM_REQUEST,
        Purpose::Publish => &PUBLISHED_REQUEST,
        Purpose::End => &END_REQUEST,
    }
}

const fn field(name: &'static str, kind: Kind) -> Field {
    Field { name, kind }
}

static STREAM_REQUEST: Object = stream_request(&STREAM_FIELDS);

static PUBLISHED_REQUEST: Object = stream_request(&PUBLISHED_FIELDS);

const fn stream_request(fields: &'static [Field]) -> Object {
    Object { fields, required: &["content_state"], rules: rules::stream_request }
}

static STREAM_FIELDS: [Field; 8] = stream_fields(&CONTENT_STATE);

static PUBLISHED_FIELDS: [Field; 8] = stream_fields(&PUBLISHED_STATE);

const fn stream_fields(content_state: &'static Object) -> [Field; 8] {
    [
        field("content_state", Kind::Object(content_state)),
        field("action", Kind::Object(&ACTION)),
        field("secondary_action", Kind::Object(&ACTION)),
        field("alert", Kind::Object(&ALERT)),
        field("channels", Kind::Channels),
        field("target", Kind::Object(&TARGET)),
        field("tags", Kind::Tags),
        field("metadata", Kind::Metadata),
    ]
}

static END_REQUEST: Object = Object {
    fields: &[
        field("content_state", Kind::Object(&FINAL_STATE)),
        field("action", Kind::Object(&ACTION)),
        field("secondary_action", Kind::Object(&ACTION)),
        field("alert", Kind::Object(&ALERT)),
        field("tags", Kind::Tags),
        field("metadata", Kind::Metadata),
    ],
    required: &[],
    rules: rules::buttons,
};

pub(super) static CONTENT_STATE: Object =
    Object { fields: STATE_FIELDS, required: &["title"], rules: rules::content_state };

/// What is published may have to start an activity at any time.
static PUBLISHED_STATE: Object =
    Object { fields: STATE_FIELDS, required: &["title", "type"], rules: rules::content_state };

/// What ends a stream starts nothing, so it need not be whole.
static FINAL_STATE: Object = Object { fields: STATE_FIELDS, required: &["title"], rules: rules::final_state };

pub(super) static STATE_FIELDS: &[Field] = &[
    field("title", Kind::Label),
    field("type", Kind::Choice(StateType::NAMES)),
    field("subtitle", Kind::Text),
    field("percentage", Kind::Number(Range::Percent)),
    field("value", Kind::Readout { limited: false }),
    field("upper_limit", Kind::Number(Range::Positive)),
    field("number_of_steps", Kind::Integer(1)),
    field("current_step", Kind::Integer(0)),
    field("metrics", Kind::List { of: &Kind::Object(&METRIC), least: 1, most: 8 }),
    field("message", Kind::NonEmpty),
    field("duration_seconds", Kind::Number(Range::Positive)),
    field("counts_down", Kind::Flag),
    field("is_running", Kind::Flag),
    field("color", COLOR),
    field("step_color", COLOR),
    field("step_colors", Kind::List { of: &COLOR, least: 0, most: usize::MAX }),
    field("icon", Kind::Object(&ICON)),
    field("badge", Kind::Object(&BADGE)),
    field("auto_dismiss_seconds", Kind::Integer(0)),
    field("auto_dismiss_minutes", Kind::Integer(0)),
];

const COLOR: Kind = Kind::Choice(Color::NAMES);

pub(super) static METRIC: Object = Object {
    fields: &[
        field("label", Kind::NonEmpty),
        field("value", Kind::Readout { limited: true }),
        field("unit", Kind::Text),
        field("color", COLOR),
    ],
    required: &["label", "value"],
    rules: rules::none,
};

static ICON: Object = Object {
    fields: &[field("symbol", Kind::NonEmpty), field("color", COLOR)],
    required: &["symbol"],
    rules: rules::none,
};

static BADGE: Object = Object {
    fields: &[field("title", Kind::NonEmpty), field("color", COLOR)],
    required: &["title"],
    rules: rules::none,
};

static ACTION: Object = Object {
    fields: &[
        field("title", Kind::Label),
        field("type", Kind::Choice(Action::TYPES)),
        field("url", Kind::Text),
        field("method", Kind::Choice(WebhookMethod::NAMES)),
        field("body", Kind::Free),
    ],
    required: &["title", "type", "url"],
    rules: rules::action,
};

static ALERT: Object =
    Object { fields: &[field("title", Kind::Text), field("body", Kind::Text)], required: &[], rules: rules::none };

static TARGET: Object =
    Object { fields: &[field("channels", Kind::Channels)], required: &["channels"], rules: rules::none };

/// What to give, for the end of a message.
impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text => f.write_str("a string"),
            Self::Label => f.write_str("a string that is not blank"),
            Self::NonEmpty => f.write_str("a string of at least 1 character"),
            Self::Choice(names) => write!(f, "one of {}", names.join(", ")),
            Self::Flag => f.write_str("true or false"),
            Self::Integer(least) => write!(f, "an integer of at least {least}"),
            Self::Number(Range::Percent) => f.write_str("a number from 0 to 100"),
            Self::Number(Range::Positive) => f.write_str("a number above 0"),
            Self::Number(Range::Any) => f.write_str("a finite number"),
            Self::Readout { limited: false } => f.write_str("a finite number or a string"),
            Self::Readout { limited: true } => {
                f.write_str("a number of 0 or more, or a string of 1 to 64 characters (negative figures go as strings)")
            }
            Self::List { of: Self::Object(_), least, most } => write!(f, "an array of {least} to {most} objects"),
            Self::List { of, .. } => write!(f, "an array, each item {of}"),
            Self::Object(_) | Self::Free => f.write_str("an object"),
            Self::Channels => f.write_str("an array of at least 1 channel slug"),
            Self::Tags => f.write_str("an array of at most 20 tags"),
            Self::Metadata => f.write_str("a flat object of strings, numbers and booleans"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::StateType;

    /// The models say which state takes which field, this table what a field may hold; each must know the other's names.
    #[test]
    fn table_and_models_know_the_same_fields() {
        let mut known: Vec<&str> = STATE_FIELDS.iter().map(|field| field.name).collect();
        for &state in StateType::ALL {
            for name in state.required().iter().chain(state.optional()) {
                assert!(known.contains(name), "{name} of {state:?} is not in the table");
            }
        }
        known.retain(|name| {
            !StateType::ALL.iter().any(|state| state.required().contains(name) || state.optional().contains(name))
        });
        assert_eq!(known, ["type", "auto_dismiss_seconds", "auto_dismiss_minutes"], "in the table, but of no state");
    }
}
