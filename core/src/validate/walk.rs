//! The walk that holds a value against what its object may hold, member by member.

use std::fmt;

use serde_json::{Map, Value};

use super::formats;
use super::nearest::nearest;
use super::schema::{Kind, NumberOrText, Object, Range};
use super::view::View;
use super::violation::{Findings, Path, ViolationCode as Code, excerpt};
use crate::json::{self, EXTRA, GIVEN_TWICE, Members, Number};

/// Checks an object's members, and moves those of `extra` among them.
///
/// `extra` is for what is newer than this release: fields of any name, known fields where they did not apply, and values that a
/// list did not have. What a known field may hold is checked there too, so that an empty list of channels is refused.
pub(crate) fn object(object: &'static Object, members: &mut Members, path: &Path<'_>, findings: &mut Findings) {
    within(None, object, members, path, findings);
}

/// The same for an object that is a member of another.
fn within(
    outer: Option<&'static Object>,
    object: &'static Object,
    members: &mut Members,
    path: &Path<'_>,
    findings: &mut Findings,
) {
    let extra = take_extra(members, path, findings);
    for (name, value) in members.iter_mut() {
        match object.kind(name) {
            None => unknown_field(outer, object, name, path, findings),
            Some(kind) => check(Some(object), kind, value, &path.member(name), findings),
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
        match object.kind(&name) {
            // The way to a value that is newer than this release.
            Some(Kind::Choice(_)) | None => anything(&value, &here, findings),
            Some(kind) => check(Some(object), kind, &mut value, &here, findings),
        }
        members.insert(name, value);
    }
    let view = View::new(members, checked);
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

fn unknown_field(
    outer: Option<&'static Object>,
    object: &'static Object,
    name: &str,
    path: &Path<'_>,
    findings: &mut Findings,
) {
    let known = object.names();
    let mut report = |message: fmt::Arguments<'_>| findings.report(&path.member(name), Code::UnknownField, message);
    if outer.is_some_and(|outer| outer.kind(name).is_some()) {
        report(format_args!("goes beside {path}, not in it"));
    } else if let Some(nearest) = nearest(name, known.clone()) {
        report(format_args!("is unknown; did you mean {nearest}? Fields newer than this release go into extra"));
    } else if let Some(home) = home_of(object, name) {
        report(format_args!("belongs in {home}"));
    } else if let Some((nearest, home)) = nearest_within(object, name) {
        report(format_args!("is unknown; did you mean {nearest}, which belongs in {home}?"));
    } else {
        let known = known.collect::<Vec<_>>().join(", ");
        report(format_args!("is unknown; known fields: {known}. Fields newer than this release go into extra"));
    }
}

/// The member of an object in which a field of this name belongs.
fn home_of(object: &'static Object, name: &str) -> Option<&'static str> {
    homes(object).find(|(_, home)| home.kind(name).is_some()).map(|(home, _)| home)
}

/// The nearest name of a field in a member of the object, and that member.
fn nearest_within(object: &'static Object, name: &str) -> Option<(&'static str, &'static str)> {
    homes(object).find_map(|(home, member)| Some((nearest(name, member.names())?, home)))
}

/// The members of an object that are objects themselves.
fn homes(object: &'static Object) -> impl Iterator<Item = (&'static str, &'static Object)> {
    object.fields.iter().copied().flatten().filter_map(|field| match field.kind {
        Kind::Object(member) => Some((field.name, member)),
        _ => None,
    })
}

/// Whether a field of an object may have this number.
pub(crate) fn may_be(object: &'static Object, name: &str, number: Number) -> bool {
    let mut findings = Findings::default();
    object.kind(name).is_some_and(|kind| {
        check(None, kind, &mut number.into(), &Path::Root, &mut findings);
        findings.into_result().is_ok()
    })
}

/// Reports a field that `object` cannot be without.
pub(crate) fn missing(object: &'static Object, name: &str, path: &Path<'_>, findings: &mut Findings) {
    let path = path.member(name);
    match object.kind(name) {
        Some(kind) => findings.report(&path, Code::Missing, format_args!("is missing; give {kind}")),
        None => findings.report(&path, Code::Missing, format_args!("is missing")),
    }
}

fn not_of_kind(value: &Value, wanted: &Kind, path: &Path<'_>, findings: &mut Findings) {
    findings.wrong_type(value, path, format_args!("; give {wanted}"));
}

/// Checks one value, which may be a member of an object.
fn check(
    outer: Option<&'static Object>,
    kind: &'static Kind,
    value: &mut Value,
    path: &Path<'_>,
    findings: &mut Findings,
) {
    match (kind, json::number(value), value) {
        (Kind::Integer { least, most }, Some(number), _) => {
            let whole = !number.is_finite() || number.as_f64().fract() == 0.0;
            if whole {
                let range = f64::from(*least)..=most.map_or(f64::INFINITY, f64::from);
                formats::limited_number(kind, number, range.contains(&number.as_f64()), path, findings);
            } else {
                findings.report(path, Code::NotInteger, format_args!("is {number}; give {kind}"));
            }
        }
        (Kind::Number(range), Some(number), _) => {
            let float = number.as_f64();
            let inside = match range {
                Range::Percent => (0.0..=100.0).contains(&float),
                Range::Positive => float > 0.0,
                Range::Any => true,
            };
            formats::limited_number(kind, number, inside, path, findings);
        }
        (Kind::NumberOrText(limits), Some(number), _) => {
            let inside = !matches!(limits, NumberOrText::Metric) || number.as_f64() >= 0.0;
            formats::limited_number(kind, number, inside, path, findings);
        }
        (_, _, value) if json::unsupported(value).is_some() => not_of_kind(value, kind, path, findings),
        (Kind::Text | Kind::NumberOrText(NumberOrText::Any), _, Value::String(_)) | (Kind::Flag, _, Value::Bool(_)) => {
        }
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
        (Kind::NumberOrText(_), _, Value::String(text)) => {
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
                check(None, of, item, &path.item(index), findings);
            }
        }
        (Kind::HttpsUrl, _, Value::String(url)) => formats::https_url(url, path, findings),
        (Kind::Link, _, Value::String(url)) => formats::link(url, path, findings),
        (Kind::Time, _, Value::String(time)) => formats::time(time, path, findings),
        (Kind::Channels, _, Value::Array(list)) => formats::channels(list, path, findings),
        (Kind::Tags, _, Value::Array(list)) => formats::tags(list, path, findings),
        (Kind::Object(schema), _, Value::Object(members)) => within(outer, schema, members, path, findings),
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

/// Checks what may be anything for being JSON at all.
fn anything(value: &Value, path: &Path<'_>, findings: &mut Findings) {
    match (value, json::number(value)) {
        (_, Some(number)) => formats::limited_number(&Kind::Number(Range::Any), number, true, path, findings),
        (value, None) if json::unsupported(value).is_some() => {
            findings.wrong_type(value, path, format_args!(", which JSON cannot hold; give what it can"));
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
