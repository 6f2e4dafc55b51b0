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

/// Checks a URL against the schemes that are allowed where it stands.
pub(crate) fn url(url: &str, schemes: &[&str], path: &Path<'_>, findings: &mut Findings) {
    if holds_space(url, path, findings) {
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

/// Checks a URL that the service or a device fetches.
pub(crate) fn https_url(text: &str, path: &Path<'_>, findings: &mut Findings) {
    url(text, &["https"], path, findings);
    let authority = text.split_once("://").and_then(|(_, rest)| rest.split(['/', '?', '#']).next()).unwrap_or_default();
    if authority.contains('@') {
        // Its text may hold a password.
        findings.report(path, Code::BadFormat, format_args!("holds a user name; give an address without one"));
    }
}

/// The longest link, in characters.
const LINK: usize = 2_048;
/// What no link may open: it would run code, read files or change settings.
const REFUSED_SCHEMES: [&str; 9] =
    ["about", "activitysmith", "app-prefs", "blob", "data", "file", "itms-services", "javascript", "prefs"];

/// Checks a URL that a tap opens: a page, a Shortcut or an app by its own scheme.
pub(crate) fn link(url: &str, path: &Path<'_>, findings: &mut Findings) {
    if holds_space(url, path, findings) {
        return;
    }
    at_most(LINK, url, path, findings);
    let is_scheme = |scheme: &str| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    };
    let (scheme, rest) = url.split_once(':').unwrap_or_default();
    // An app may be opened by its scheme alone.
    let leads_nowhere = scheme.starts_with("http") && rest.trim_start_matches('/').is_empty();
    if !is_scheme(scheme) || leads_nowhere {
        let given = excerpt(url);
        let message = format_args!("is \"{given}\"; give a URL such as https://example.com or an app's own");
        findings.report(path, Code::BadFormat, message);
    } else if REFUSED_SCHEMES.iter().any(|refused| scheme.eq_ignore_ascii_case(refused)) {
        let message = format_args!("starts with {scheme}:, which a notification may not open; give another URL");
        findings.report(path, Code::BadFormat, message);
    }
}

fn holds_space(url: &str, path: &Path<'_>, findings: &mut Findings) -> bool {
    let bad = url.chars().find(|c| c.is_whitespace() || c.is_control());
    if let Some(bad) = bad {
        findings.report(path, Code::BadFormat, format_args!("contains {bad:?}; percent-encode it"));
    }
    bad.is_some()
}

/// Checks a moment: a date, a time of day and a zone, as RFC 3339 writes them.
pub(crate) fn time(text: &str, path: &Path<'_>, findings: &mut Findings) {
    let problem = match moment(text) {
        Some("") => "has no time zone",
        Some(zone) if is_zone(zone) => return,
        _ => "is not a time",
    };
    let given = excerpt(text);
    let message = format_args!("is \"{given}\", which {problem}; give {}", Kind::Time);
    findings.report(path, Code::BadFormat, message);
}

/// What stands behind a date and a time of day.
fn moment(text: &str) -> Option<&str> {
    let (date, rest) = text.split_once(['T', 't', ' '])?;
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let [hour, minute, second] = numbers(rest.get(..8)?, ':', [2, 2, 2])?;
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    let valid = (1..=12).contains(&month) && (1..=days).contains(&day) && hour < 24 && minute < 60 && second <= 60;
    let zone = match rest[8..].strip_prefix('.') {
        Some(fraction) => {
            let zone = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
            (zone.len() < fraction.len()).then_some(zone)?
        }
        None => &rest[8..],
    };
    valid.then_some(zone)
}

fn is_zone(zone: &str) -> bool {
    let offset = |text| matches!(numbers(text, ':', [2, 2]), Some([hours, minutes]) if hours < 24 && minutes < 60);
    zone.eq_ignore_ascii_case("z") || zone.strip_prefix(['+', '-']).is_some_and(offset)
}

/// Numbers of these many digits, apart by a separator.
fn numbers<const N: usize>(text: &str, separator: char, digits: [usize; N]) -> Option<[u32; N]> {
    let mut parts = text.split(separator);
    let mut numbers = [0; N];
    for (number, length) in numbers.iter_mut().zip(digits) {
        let part =
            parts.next().filter(|part| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit()))?;
        *number = part.parse().ok()?;
    }
    parts.next().is_none().then_some(numbers)
}
