//! The walk that holds a request against the table, member by member.

use std::fmt;

use serde_json::{Map, Value};

use super::formats;
use super::nearest::nearest;
use super::schema::{CONTENT_STATE, Kind, Object, Range, STATE_FIELDS};
use super::violation::{Findings, Path, ViolationCode as Code, excerpt};
use crate::model::json::{self, GIVEN_TWICE, Members};
use crate::model::{EXTRA, Number};

/// An object's members after its own fields were checked. What came from `extra` is there too, but not among those that must apply.
pub(super) struct View<'a> {
    members: &'a Members,
    checked: usize,
}

impl<'a> View<'a> {
    pub(super) fn get(&self, name: &str) -> Option<&'a Value> {
        self.members.get(name)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.members.contains_key(name)
    }

    /// The names of the members that are checked.
    pub(super) fn checked_names(&self) -> impl Iterator<Item = &'a str> {
        self.members.keys().take(self.checked).map(String::as_str)
    }
}

/// Checks an object's members, and moves those of `extra` among them.
///
/// `extra` is for what is newer than this release: fields of any name, known fields where they did not apply, and values that a
/// list did not have. What a known field may hold is checked there too, lest an empty list of channels reach everybody.
pub(super) fn object(object: &'static Object, members: &mut Members, path: &Path<'_>, findings: &mut Findings) {
    let extra = take_extra(members, path, findings);
    for (name, value) in members.iter_mut() {
        match object.fields.iter().find(|field| field.name == name) {
            None => unknown_field(object, name, path, findings),
            Some(field) => check(&field.kind, value, &path.member(name), findings),
        }
    }
    let checked = members.len();
    for (name, mut value) in extra {
        let in_extra = path.member(EXTRA);
        let here = in_extra.member(&name);
        if members.contains_key(&name) || json::kind(&value) == GIVEN_TWICE {
            findings.report(&here, Code::Conflict, format_args!("is given twice; keep one"));
            continue;
        }
        match object.fields.iter().find(|field| field.name == name).map(|field| &field.kind) {
            // The way to a value that is newer than this release.
            Some(Kind::Choice(_)) | None => anything(&value, &here, findings),
            Some(kind) => check(kind, &mut value, &here, findings),
        }
        members.insert(name, value);
    }
    let view = View { members, checked };
    for name in object.required {
        if !view.has(name) {
            missing(object, name, path, findings);
        }
    }
    (object.rules)(&view, path, findings);
}

fn take_extra(members: &mut Members, path: &Path<'_>, findings: &mut Findings) -> Members {
    let Some(mut extra) = members.shift_remove(EXTRA) else {
        return Map::new();
    };
    if let Some(extra) = json::object_mut(&mut extra) {
        return std::mem::take(extra);
    }
    not_of_kind(&extra, &Kind::Free, &path.member(EXTRA), findings);
    Map::new()
}

fn unknown_field(object: &'static Object, name: &str, path: &Path<'_>, findings: &mut Findings) {
    let known = object.fields.iter().map(|field| field.name);
    let mut report = |message: fmt::Arguments<'_>| findings.report(&path.member(name), Code::UnknownField, message);
    if let Some(nearest) = nearest(name, known.clone()) {
        report(format_args!("is unknown; did you mean {nearest}? Fields newer than this release go into extra"));
    } else if object.fields[0].name == "content_state" && STATE_FIELDS.iter().any(|field| field.name == name) {
        report(format_args!("belongs into content_state; move it there"));
    } else {
        let known = known.collect::<Vec<_>>().join(", ");
        report(format_args!("is unknown; known here are {known}. Fields newer than this release go into extra"));
    }
}

/// Whether a field of an object may have this number.
pub(super) fn may_be(object: &'static Object, name: &str, number: Number) -> bool {
    let mut findings = Findings::default();
    let kind = object.fields.iter().find_map(|field| (field.name == name).then_some(&field.kind));
    kind.is_some_and(|kind| {
        check(kind, &mut number.into(), &Path::Root, &mut findings);
        findings.into_result().is_ok()
    })
}

/// Reports a field that `object` cannot be without.
pub(super) fn missing(object: &'static Object, name: &str, path: &Path<'_>, findings: &mut Findings) {
    let kind = object.fields.iter().find_map(|field| (field.name == name).then_some(&field.kind));
    let path = path.member(name);
    match kind {
        Some(kind) => findings.report(&path, Code::Missing, format_args!("is missing; give {kind}")),
        None => findings.report(&path, Code::Missing, format_args!("is missing")),
    }
}

/// Reports a field that a state of some type cannot be without.
pub(super) fn missing_in_state(name: &str, path: &Path<'_>, findings: &mut Findings) {
    missing(&CONTENT_STATE, name, path, findings);
}

/// Reports a value of a type that does not belong there; `advice` follows what it is.
pub(super) fn wrong_type(value: &Value, path: &Path<'_>, findings: &mut Findings, advice: fmt::Arguments<'_>) {
    match json::kind(value) {
        GIVEN_TWICE => findings.report(path, Code::DuplicateField, format_args!("is given twice; keep one")),
        kind => findings.report(path, Code::WrongType, format_args!("is {kind}{advice}")),
    }
}

fn not_of_kind(value: &Value, wanted: &Kind, path: &Path<'_>, findings: &mut Findings) {
    wrong_type(value, path, findings, format_args!("; give {wanted}"));
}

/// Checks one value.
fn check(kind: &'static Kind, value: &mut Value, path: &Path<'_>, findings: &mut Findings) {
    match (kind, json::number(value), value) {
        (Kind::Integer(least), Some(number), _) => integer(kind, *least, number, path, findings),
        (Kind::Number(range), Some(number), _) => {
            let float = number.as_f64();
            let inside = match range {
                Range::Percent => (0.0..=100.0).contains(&float),
                Range::Positive => float > 0.0,
                Range::Any => true,
            };
            limited_number(kind, number, inside, path, findings);
        }
        (Kind::Readout { limited }, Some(number), _) => {
            limited_number(kind, number, !limited || number.as_f64() >= 0.0, path, findings);
        }
        (_, _, value) if json::unsupported(value).is_some() => not_of_kind(value, kind, path, findings),
        (Kind::Text | Kind::Readout { limited: false }, _, Value::String(_)) | (Kind::Flag, _, Value::Bool(_)) => {}
        (Kind::Label, _, Value::String(text)) => {
            if text.trim().is_empty() {
                findings.report(path, Code::Empty, format_args!("is blank; give {kind}"));
            }
        }
        (Kind::NonEmpty, _, Value::String(text)) => {
            if text.is_empty() {
                findings.report(path, Code::Empty, format_args!("is empty; give {kind}"));
            }
        }
        (Kind::Choice(names), _, Value::String(text)) => choice(names, text, path, findings),
        (Kind::Readout { limited: true }, _, Value::String(text)) => {
            if text.is_empty() {
                findings.report(path, Code::Empty, format_args!("is empty; give {kind}"));
            } else {
                formats::at_most(formats::METRIC_TEXT, text, path, findings);
            }
        }
        (Kind::List { of, least, most }, _, Value::Array(list)) => {
            if list.len() < *least {
                findings.report(path, Code::Empty, format_args!("is empty; give {kind}"));
            } else if list.len() > *most {
                let length = list.len();
                findings.report(path, Code::TooLong, format_args!("has {length} items; give {kind}"));
            }
            for (index, item) in list.iter_mut().enumerate() {
                check(of, item, &path.item(index), findings);
            }
        }
        (Kind::Channels, _, Value::Array(list)) => formats::channels(list, path, findings),
        (Kind::Tags, _, Value::Array(list)) => formats::tags(list, path, findings),
        (Kind::Object(schema), _, Value::Object(members)) => object(schema, members, path, findings),
        (Kind::Free, _, value @ Value::Object(_)) => anything(value, path, findings),
        (Kind::Metadata, _, value @ Value::Object(_)) => formats::metadata(value, path, findings),
        (_, _, value) => not_of_kind(value, kind, path, findings),
    }
}

fn choice(names: &[&'static str], text: &str, path: &Path<'_>, findings: &mut Findings) {
    if names.contains(&text) {
        return;
    }
    let given = excerpt(text);
    let known = match nearest(text, names.iter().copied()) {
        Some(nearest) => format!("did you mean \"{nearest}\"?"),
        None => format!("give one of {}", names.join(", ")),
    };
    findings.report(path, Code::UnknownValue, format_args!("is \"{given}\"; {known}"));
}

fn integer(kind: &'static Kind, least: u32, number: Number, path: &Path<'_>, findings: &mut Findings) {
    if number.is_finite() && number.as_f64().fract() != 0.0 {
        findings.report(path, Code::NotInteger, format_args!("is {number}; give {kind}"));
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
        findings.report(path, Code::NotFinite, format_args!("is {number}; give {kind}"));
    } else if !inside {
        findings.report(path, Code::OutOfRange, format_args!("is {number}; give {kind}"));
    } else if number.may_have_lost_digits() {
        findings.report(
            path,
            Code::TooManyDigits,
            format_args!(
                "is beyond 64 bits and may have lost digits; give a smaller number, or a string where one is taken"
            ),
        );
    }
}

/// Checks what may be anything for being JSON at all.
fn anything(value: &Value, path: &Path<'_>, findings: &mut Findings) {
    match (value, json::number(value)) {
        (_, Some(number)) => limited_number(&Kind::Number(Range::Any), number, true, path, findings),
        (value, None) if json::unsupported(value).is_some() => {
            wrong_type(value, path, findings, format_args!(", which JSON cannot hold; give what it can"));
        }
        (Value::Array(list), None) => {
            for (index, item) in list.iter().enumerate() {
                anything(item, &path.item(index), findings);
            }
        }
        (Value::Object(members), None) => {
            for (name, value) in members {
                anything(value, &path.member(name), findings);
            }
        }
        _ => {}
    }
}
