//! What each field may hold by itself: one table for the whole API, and the walk that holds a request against it.
//!
//! Which fields go together is not decided here but in `rules`; which state takes which field is said by the models.

use std::borrow::Cow;
use std::fmt;

use super::Purpose;
use super::formats;
use super::nearest::nearest;
use super::rules;
use super::violation::{Findings, Path, ViolationCode as Code, excerpt};
use crate::model::json::{Json, Members};
use crate::model::{Action, Color, EXTRA, Number, StateType, WebhookMethod};

/// An object of the API: its fields, those that it cannot be without, and the rules between them.
pub(super) struct Object {
    pub(super) fields: &'static [Field],
    required: &'static [&'static str],
    rules: fn(&View<'_>, &Path<'_>, &mut Findings),
}

pub(super) struct Field {
    pub(super) name: &'static str,
    kind: Kind,
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
        Purpose::End => &END_REQUEST,
    }
}

const fn field(name: &'static str, kind: Kind) -> Field {
    Field { name, kind }
}

static STREAM_REQUEST: Object = Object {
    fields: &[
        field("content_state", Kind::Object(&CONTENT_STATE)),
        field("action", Kind::Object(&ACTION)),
        field("secondary_action", Kind::Object(&ACTION)),
        field("alert", Kind::Object(&ALERT)),
        field("channels", Kind::Channels),
        field("target", Kind::Object(&TARGET)),
        field("tags", Kind::Tags),
        field("metadata", Kind::Metadata),
    ],
    required: &["content_state"],
    rules: rules::stream_request,
};

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

static CONTENT_STATE: Object = Object {
    fields: STATE_FIELDS,
    required: &["title"],
    rules: rules::content_state,
};

/// What ends a stream starts nothing, so it need not be whole.
static FINAL_STATE: Object = Object {
    fields: STATE_FIELDS,
    required: &["title"],
    rules: rules::final_state,
};

static STATE_FIELDS: &[Field] = &[
    field("title", Kind::Label),
    field("type", Kind::Choice(StateType::NAMES)),
    field("subtitle", Kind::Text),
    field("percentage", Kind::Number(Range::Percent)),
    field("value", Kind::Readout { limited: false }),
    field("upper_limit", Kind::Number(Range::Positive)),
    field("number_of_steps", Kind::Integer(1)),
    field("current_step", Kind::Integer(0)),
    field(
        "metrics",
        Kind::List {
            of: &Kind::Object(&METRIC),
            least: 1,
            most: 8,
        },
    ),
    field("message", Kind::NonEmpty),
    field("duration_seconds", Kind::Number(Range::Positive)),
    field("counts_down", Kind::Flag),
    field("is_running", Kind::Flag),
    field("color", COLOR),
    field("step_color", COLOR),
    field(
        "step_colors",
        Kind::List {
            of: &COLOR,
            least: 0,
            most: usize::MAX,
        },
    ),
    field("icon", Kind::Object(&ICON)),
    field("badge", Kind::Object(&BADGE)),
    field("auto_dismiss_seconds", Kind::Integer(0)),
    field("auto_dismiss_minutes", Kind::Integer(0)),
];

const COLOR: Kind = Kind::Choice(Color::NAMES);

static METRIC: Object = Object {
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

static ALERT: Object = Object {
    fields: &[field("title", Kind::Text), field("body", Kind::Text)],
    required: &[],
    rules: rules::none,
};

static TARGET: Object = Object {
    fields: &[field("channels", Kind::Channels)],
    required: &["channels"],
    rules: rules::none,
};

/// An object's members after its own fields were checked. What came from `extra` is there too, but nobody checks it.
pub(super) struct View<'a> {
    members: &'a Members<'a>,
    checked: usize,
}

impl<'a> View<'a> {
    pub(super) fn get(&self, name: &str) -> Option<&'a Json<'a>> {
        self.members
            .iter()
            .find_map(|(key, value)| (key == name).then_some(value))
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// The names of the members that are checked.
    pub(super) fn checked_names(&self) -> impl Iterator<Item = &'a str> {
        self.members[..self.checked].iter().map(|(key, _)| &**key)
    }
}

/// Checks an object's members, and moves those of `extra` among them.
pub(super) fn object(object: &'static Object, members: &mut Members<'_>, path: &Path<'_>, findings: &mut Findings) {
    let extra = take_extra(members, path, findings);
    let mut seen = 0_u32;
    for (name, value) in members.iter_mut() {
        let here = path.member(name);
        match object.fields.iter().position(|field| field.name == name) {
            None => unknown_field(object, name, path, findings),
            Some(position) if seen & (1 << position) != 0 => {
                findings.report(&here, Code::DuplicateField, |path| {
                    format!("{path} is given twice; keep one")
                });
            }
            Some(position) => {
                seen |= 1 << position;
                check(&object.fields[position].kind, value, &here, findings);
            }
        }
    }
    let checked = members.len();
    for (name, value) in extra {
        if members[..checked].iter().any(|(key, _)| *key == name) {
            findings.report(&path.member(EXTRA).member(&name), Code::Conflict, |path| {
                format!("{path} is given beside extra too; keep one")
            });
        } else {
            members.push((name, value));
        }
    }
    let view = View { members, checked };
    for name in object.required {
        if !view.has(name) {
            missing(object, name, path, findings);
        }
    }
    (object.rules)(&view, path, findings);
}

fn take_extra<'a>(members: &mut Members<'a>, path: &Path<'_>, findings: &mut Findings) -> Members<'a> {
    let Some(position) = members.iter().position(|(name, _)| name == EXTRA) else {
        return Vec::new();
    };
    match members.remove(position).1 {
        Json::Object(extra) => extra,
        other => {
            wrong_type(&other, &Kind::Free, &path.member(EXTRA), findings);
            Vec::new()
        }
    }
}

fn unknown_field(object: &'static Object, name: &str, path: &Path<'_>, findings: &mut Findings) {
    let known = object.fields.iter().map(|field| field.name);
    findings.report(&path.member(name), Code::UnknownField, |here| {
        if let Some(nearest) = nearest(name, known.clone()) {
            format!("{here} is unknown; did you mean {nearest}? Fields newer than this release go into extra")
        } else if object.fields[0].name == "content_state" && STATE_FIELDS.iter().any(|field| field.name == name) {
            format!("{here} belongs into content_state; move it there")
        } else {
            let known = known.collect::<Vec<_>>().join(", ");
            format!("{here} is unknown; known here are {known}. Fields newer than this release go into extra")
        }
    });
}

/// Reports a field that `object` cannot be without.
pub(super) fn missing(object: &'static Object, name: &str, path: &Path<'_>, findings: &mut Findings) {
    let kind = object
        .fields
        .iter()
        .find_map(|field| (field.name == name).then_some(&field.kind));
    findings.report(&path.member(name), Code::Missing, |path| match kind {
        Some(kind) => format!("{path} is missing; give {kind}"),
        None => format!("{path} is missing"),
    });
}

/// Reports a field that a state of some type cannot be without.
pub(super) fn missing_in_state(name: &str, path: &Path<'_>, findings: &mut Findings) {
    missing(&CONTENT_STATE, name, path, findings);
}

fn wrong_type(value: &Json<'_>, wanted: &Kind, path: &Path<'_>, findings: &mut Findings) {
    findings.report(path, Code::WrongType, |path| {
        format!("{path} is {}; give {wanted}", value.kind())
    });
}

/// Checks one value.
fn check(kind: &'static Kind, value: &mut Json<'_>, path: &Path<'_>, findings: &mut Findings) {
    match (kind, value) {
        (Kind::Text, Json::Text(_)) | (Kind::Flag, Json::Flag(_)) => {}
        (Kind::Label, Json::Text(text)) => {
            if text.trim().is_empty() {
                findings.report(path, Code::Empty, |path| format!("{path} is blank; give {kind}"));
            }
        }
        (Kind::NonEmpty, Json::Text(text)) => {
            if text.is_empty() {
                findings.report(path, Code::Empty, |path| format!("{path} is empty; give {kind}"));
            }
        }
        (Kind::Choice(names), Json::Text(text)) => choice(names, text, path, findings),
        (Kind::Integer(least), Json::Number(number)) => integer(kind, *least, *number, path, findings),
        (Kind::Number(range), Json::Number(number)) => {
            let float = number.as_f64();
            let inside = match range {
                Range::Percent => (0.0..=100.0).contains(&float),
                Range::Positive => float > 0.0,
                Range::Any => true,
            };
            limited_number(kind, *number, inside, path, findings);
        }
        (Kind::Readout { limited }, Json::Number(number)) => {
            limited_number(kind, *number, !limited || number.as_f64() >= 0.0, path, findings);
        }
        (Kind::Readout { limited: false }, Json::Text(_)) => {}
        (Kind::Readout { limited: true }, Json::Text(text)) => {
            if text.is_empty() {
                findings.report(path, Code::Empty, |path| format!("{path} is empty; give {kind}"));
            } else {
                formats::at_most(formats::METRIC_TEXT, text, path, findings);
            }
        }
        (Kind::List { of, least, most }, Json::List(list)) => {
            if list.len() < *least {
                findings.report(path, Code::Empty, |path| format!("{path} is empty; give {kind}"));
            } else if list.len() > *most {
                let length = list.len();
                findings.report(path, Code::TooLong, |path| {
                    format!("{path} has {length} items; give {kind}")
                });
            }
            for (index, item) in list.iter_mut().enumerate() {
                check(of, item, &path.item(index), findings);
            }
        }
        (Kind::Object(schema), Json::Object(members)) => object(schema, members, path, findings),
        (Kind::Free, value @ Json::Object(_)) => digits(value, path, findings),
        (Kind::Channels, Json::List(list)) => formats::channels(list, path, findings),
        (Kind::Tags, Json::List(list)) => formats::tags(list, path, findings),
        (Kind::Metadata, value @ Json::Object(_)) => formats::metadata(value, path, findings),
        (_, value) => wrong_type(value, kind, path, findings),
    }
}

fn choice(names: &[&'static str], text: &Cow<'_, str>, path: &Path<'_>, findings: &mut Findings) {
    if names.contains(&&**text) {
        return;
    }
    findings.report(path, Code::UnknownValue, |path| {
        let given = excerpt(text);
        match nearest(text, names.iter().copied()) {
            Some(nearest) => format!("{path} is \"{given}\"; did you mean \"{nearest}\"?"),
            None => format!("{path} is \"{given}\"; give one of {}", names.join(", ")),
        }
    });
}

fn integer(kind: &'static Kind, least: u32, number: Number, path: &Path<'_>, findings: &mut Findings) {
    if number.is_finite() && !number.may_have_lost_digits() && number.as_integer().is_none() {
        findings.report(path, Code::NotInteger, |path| {
            format!("{path} is {number}; give {kind}")
        });
    } else {
        limited_number(kind, number, number.as_f64() >= f64::from(least), path, findings);
    }
}

/// Checks that a number can be written at all, and is inside its range.
pub(super) fn limited_number(
    kind: &'static Kind,
    number: Number,
    inside: bool,
    path: &Path<'_>,
    findings: &mut Findings,
) {
    if !number.is_finite() {
        findings.report(path, Code::NotFinite, |path| format!("{path} is {number}; give {kind}"));
    } else if !inside {
        findings.report(path, Code::OutOfRange, |path| {
            format!("{path} is {number}; give {kind}")
        });
    } else if number.may_have_lost_digits() {
        findings.report(path, Code::TooManyDigits, |path| {
            format!("{path} is beyond 64 bits and may have lost digits; give a smaller number, or a string where one is taken")
        });
    }
}

/// Checks the numbers in an object of anything.
fn digits(value: &Json<'_>, path: &Path<'_>, findings: &mut Findings) {
    match value {
        Json::Number(number) => limited_number(&Kind::Number(Range::Any), *number, true, path, findings),
        Json::List(list) => {
            for (index, item) in list.iter().enumerate() {
                digits(item, &path.item(index), findings);
            }
        }
        Json::Object(members) => {
            for (name, value) in members {
                digits(value, &path.member(name), findings);
            }
        }
        _ => {}
    }
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
            Self::Integer(least) => write!(f, "an integer of at least {least}"),
            Self::Number(Range::Percent) => f.write_str("a number from 0 to 100"),
            Self::Number(Range::Positive) => f.write_str("a number above 0"),
            Self::Number(Range::Any) => f.write_str("a finite number"),
            Self::Readout { limited: false } => f.write_str("a finite number or a string"),
            Self::Readout { limited: true } => {
                f.write_str("a number of 0 or more, or a string of 1 to 64 characters (negative figures go as strings)")
            }
            Self::List {
                of: Self::Object(_),
                least,
                most,
            } => write!(f, "an array of {least} to {most} objects"),
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
            !StateType::ALL
                .iter()
                .any(|state| state.required().contains(name) || state.optional().contains(name))
        });
        assert_eq!(
            known,
            ["type", "auto_dismiss_seconds", "auto_dismiss_minutes"],
            "in the table, but of no state"
        );
    }

    /// `seen` in `object` has a bit for each field.
    #[test]
    fn no_object_has_more_fields_than_bits() {
        for object in [&STREAM_REQUEST, &END_REQUEST, &CONTENT_STATE, &METRIC, &ACTION] {
            assert!(object.fields.len() <= 32);
        }
    }
}
