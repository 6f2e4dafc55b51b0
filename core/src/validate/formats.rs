//! The forms that numbers, texts and lists must have: channels, tags, metadata and addresses.

use serde_json::Value;

use super::schema::{Kind, Range};
use super::violation::{Findings, Path, ViolationCode as Code, excerpt};
use crate::json::{self, Number};

/// The longest text of a metric, in characters.
pub(super) const METRIC_TEXT: usize = 64;
/// The most tags that a stream has.
const TAGS: usize = 20;
/// The longest tag, in characters.
const TAG: usize = 64;
/// The most entries of metadata.
const METADATA_ENTRIES: usize = 50;
/// The longest metadata key, in characters.
const METADATA_KEY: usize = 100;
/// The longest text in metadata, in characters.
const METADATA_TEXT: usize = 4_000;
/// The most that metadata takes as compact JSON, in bytes.
const METADATA_BYTES: usize = 16_384;

/// Checks that a number can be written at all, and is inside its range.
pub(crate) fn limited_number(
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

pub(crate) fn at_most(most: usize, text: &str, path: &Path<'_>, findings: &mut Findings) {
    // No text has more characters than bytes, so most are never counted.
    if text.len() > most {
        let length = text.chars().count();
        if length > most {
            findings.report(path, Code::TooLong, format_args!("has {length} characters; give at most {most}"));
        }
    }
}

pub(crate) fn channels(list: &[Value], path: &Path<'_>, findings: &mut Findings) {
    if list.is_empty() {
        findings.report(
            path,
            Code::Empty,
            format_args!(
                "is empty: an empty list would broadcast to every device; name a channel, or leave {path} out"
            ),
        );
    }
    for (index, item) in list.iter().enumerate() {
        let here = path.item(index);
        match item {
            Value::String(slug) if slug.trim().is_empty() => {
                findings.report(&here, Code::Empty, format_args!("is blank; give a channel's slug"));
            }
            Value::String(_) => {}
            other => {
                findings.wrong_type(other, &here, format_args!("; give a channel's slug"));
            }
        }
    }
}

pub(crate) fn tags(list: &[Value], path: &Path<'_>, findings: &mut Findings) {
    if list.len() > TAGS {
        let length = list.len();
        findings.report(path, Code::TooLong, format_args!("has {length} items; give at most {TAGS}"));
    }
    for (index, item) in list.iter().enumerate() {
        let here = path.item(index);
        let Value::String(tag) = item else {
            findings.wrong_type(item, &here, format_args!("; give a tag"));
            continue;
        };
        if tag.is_empty() {
            findings.report(&here, Code::Empty, format_args!("is empty; give a tag, or leave it out"));
        } else if !is_tag(tag) {
            findings.report(
                &here,
                Code::BadFormat,
                format_args!(
                    "is \"{}\"; a tag starts with a lower-case letter or digit, followed by those and . _ : -",
                    excerpt(tag)
                ),
            );
        } else {
            at_most(TAG, tag, &here, findings);
        }
        // Beyond the limit nothing is compared, so that a huge list costs no more than its reading.
        if list[..index.min(TAGS)].contains(item) {
            findings.report(&here, Code::DuplicateItem, format_args!("is \"{}\" again; keep one", excerpt(tag)));
        }
    }
}

fn is_tag(tag: &str) -> bool {
    let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    tag.starts_with(letter) && tag.chars().all(|c| letter(c) || matches!(c, '.' | '_' | ':' | '-'))
}

pub(crate) fn metadata(value: &Value, path: &Path<'_>, findings: &mut Findings) {
    let Some(members) = value.as_object() else { return };
    if members.len() > METADATA_ENTRIES {
        let length = members.len();
        findings.report(path, Code::TooLong, format_args!("has {length} entries; give at most {METADATA_ENTRIES}"));
    }
    for (key, value) in members {
        let here = path.member(key);
        if key.trim().is_empty() {
            let message = format!("{path} has a blank key; give each entry a name");
            findings.add(here.to_string(), Code::Empty, message);
        }
        if key == "__proto__" {
            findings.report(&here, Code::BadFormat, format_args!("is a name that JavaScript reserves; use another"));
        }
        at_most(METADATA_KEY, key, &here, findings);
        match (value, json::number(value)) {
            (Value::Bool(_), _) => {}
            (Value::String(text), _) => at_most(METADATA_TEXT, text, &here, findings),
            (_, Some(number)) => limited_number(&Kind::Number(Range::Any), number, true, &here, findings),
            (other, None) => findings.wrong_type(
                other,
                &here,
                format_args!("; metadata is flat: give a string, a number or a boolean"),
            ),
        }
    }
    let bytes = json::write(value).len();
    if bytes > METADATA_BYTES {
        findings.report(
            path,
            Code::TooLong,
            format_args!("takes {bytes} bytes as JSON; give at most {METADATA_BYTES}"),
        );
    }
}

/// Checks an address against the schemes that are allowed where it stands.
pub(crate) fn address(url: &str, schemes: &[&str], path: &Path<'_>, findings: &mut Findings) {
    if let Some(bad) = url.chars().find(|c| c.is_whitespace() || c.is_control()) {
        findings.report(path, Code::BadFormat, format_args!("contains {bad:?}; percent-encode it"));
        return;
    }
    let known = url.split_once("://").is_some_and(|(scheme, rest)| !rest.is_empty() && schemes.contains(&scheme));
    if !known {
        findings.report(
            path,
            Code::BadFormat,
            format_args!("is \"{}\"; give an address that starts with {}://", excerpt(url), schemes.join(":// or ")),
        );
    }
}
