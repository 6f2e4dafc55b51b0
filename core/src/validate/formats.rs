//! The forms that texts and lists must have: stream keys, channels, tags, metadata and addresses.

use super::schema::{Kind, Range};
use super::violation::{Findings, Path, ViolationCode as Code, excerpt};
use super::walk::limited_number;
use crate::model::json::Json;

/// The longest stream key, in characters.
pub(super) const STREAM_KEY: usize = 255;
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

pub(super) fn stream_key(key: &Json<'_>, findings: &mut Findings) {
    let path = Path::Root.member("stream_key");
    let Json::Text(key) = key else {
        findings.report(&path, Code::WrongType, |path| {
            format!("{path} is {}; give a name such as nightly-backup", key.kind())
        });
        return;
    };
    if key.is_empty() {
        findings.report(&path, Code::Empty, |path| format!("{path} is empty; give a name such as nightly-backup"));
    }
    at_most(STREAM_KEY, key, &path, findings);
    if let Some(bad) = key.chars().find(|&c| !(c.is_ascii_alphanumeric() || c == '_' || c == '-')) {
        findings.report(&path, Code::BadFormat, |path| {
            format!("{path} has {bad:?} in it; use ASCII letters, digits, underscores and hyphens only")
        });
    }
}

pub(super) fn at_most(most: usize, text: &str, path: &Path<'_>, findings: &mut Findings) {
    // No text has more characters than bytes, so most are never counted.
    if text.len() > most {
        let length = text.chars().count();
        if length > most {
            findings.report(path, Code::TooLong, |path| format!("{path} has {length} characters; give at most {most}"));
        }
    }
}

pub(super) fn channels(list: &[Json<'_>], path: &Path<'_>, findings: &mut Findings) {
    if list.is_empty() {
        findings.report(path, Code::Empty, |path| {
            format!("{path} is empty, which would not reach nobody but everybody; name a channel, or leave {path} out")
        });
    }
    for (index, item) in list.iter().enumerate() {
        let here = path.item(index);
        match item {
            Json::Text(slug) if slug.trim().is_empty() => {
                findings.report(&here, Code::Empty, |path| format!("{path} is blank; give a channel's slug"));
            }
            Json::Text(_) => {}
            other => findings
                .report(&here, Code::WrongType, |path| format!("{path} is {}; give a channel's slug", other.kind())),
        }
    }
}

pub(super) fn tags(list: &[Json<'_>], path: &Path<'_>, findings: &mut Findings) {
    if list.len() > TAGS {
        let length = list.len();
        findings.report(path, Code::TooLong, |path| format!("{path} has {length} items; give at most {TAGS}"));
    }
    for (index, item) in list.iter().enumerate() {
        let here = path.item(index);
        let Json::Text(tag) = item else {
            findings.report(&here, Code::WrongType, |path| format!("{path} is {}; give a tag", item.kind()));
            continue;
        };
        if tag.is_empty() {
            findings.report(&here, Code::Empty, |path| format!("{path} is empty; give a tag, or leave it out"));
        } else if !is_tag(tag) {
            findings.report(&here, Code::BadFormat, |path| {
                format!(
                    "{path} is \"{}\"; a tag starts with a lower-case letter or digit, followed by those and . _ : -",
                    excerpt(tag)
                )
            });
        } else {
            at_most(TAG, tag, &here, findings);
        }
        // Beyond the limit nothing is compared, so that a huge list costs no more than its reading.
        if list[..index.min(TAGS)].contains(item) {
            findings
                .report(&here, Code::DuplicateItem, |path| format!("{path} is \"{}\" again; keep one", excerpt(tag)));
        }
    }
}

fn is_tag(tag: &str) -> bool {
    let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    tag.starts_with(letter) && tag.chars().all(|c| letter(c) || matches!(c, '.' | '_' | ':' | '-'))
}

pub(super) fn metadata(value: &Json<'_>, path: &Path<'_>, findings: &mut Findings) {
    let Some(members) = value.as_object() else { return };
    if members.len() > METADATA_ENTRIES {
        let length = members.len();
        findings.report(path, Code::TooLong, |path| {
            format!("{path} has {length} entries; give at most {METADATA_ENTRIES}")
        });
    }
    for (index, (key, value)) in members.iter().enumerate() {
        let here = path.member(key);
        if key.trim().is_empty() {
            findings.report(&here, Code::Empty, |_| format!("{path} has a blank key; give each entry a name"));
        }
        if key == "__proto__" {
            findings.report(&here, Code::BadFormat, |path| {
                format!("{path} is a name that JavaScript reserves; use another")
            });
        }
        at_most(METADATA_KEY, key, &here, findings);
        if members[..index.min(METADATA_ENTRIES)].iter().any(|(earlier, _)| earlier == key) {
            findings.report(&here, Code::DuplicateField, |path| format!("{path} is given twice; keep one"));
        }
        match value {
            Json::Flag(_) => {}
            Json::Text(text) => at_most(METADATA_TEXT, text, &here, findings),
            Json::Number(number) => limited_number(&Kind::Number(Range::Any), *number, true, &here, findings),
            nested => findings.report(&here, Code::WrongType, |path| {
                format!("{path} is {}; metadata is flat: give a string, a number or a boolean", nested.kind())
            }),
        }
    }
    let bytes = value.write().len();
    if bytes > METADATA_BYTES {
        findings.report(path, Code::TooLong, |path| {
            format!("{path} takes {bytes} bytes as JSON; give at most {METADATA_BYTES}")
        });
    }
}

/// Checks an address against the schemes that are allowed where it stands.
pub(super) fn address(url: &str, schemes: &[&str], path: &Path<'_>, findings: &mut Findings) {
    if let Some(bad) = url.chars().find(|c| c.is_whitespace() || c.is_control()) {
        findings.report(path, Code::BadFormat, |path| format!("{path} has {bad:?} in it; percent-encode it"));
        return;
    }
    let known = url.split_once("://").is_some_and(|(scheme, rest)| !rest.is_empty() && schemes.contains(&scheme));
    if !known {
        findings.report(path, Code::BadFormat, |path| {
            format!("{path} is \"{}\"; give an address that starts with {}://", excerpt(url), schemes.join(":// or "))
        });
    }
}
