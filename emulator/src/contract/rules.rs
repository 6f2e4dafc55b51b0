//! The rules that span fields or that JSON Schema says badly. Each reports nothing where the schema already objects to
//! the shape of what it looks at.

use std::collections::BTreeSet;
use std::io;

use serde_json::{Map, Value};

use super::{Problem, Rules, StreamType};
use crate::options::Mode;

const MAX_TAGS: usize = 20;
const MAX_METADATA_BYTES: usize = 16_384;

/// Adds what is wrong across the fields of one body.
pub(crate) fn check_stream(body: &Value, rules: Rules, problems: &mut Vec<Problem>) {
    let kind = body["content_state"]["type"].as_str().and_then(StreamType::parse);
    if let Some(state) = body["content_state"].as_object() {
        check_steps(state, problems);
        check_upper_limit(state, problems);
        if let Some(kind) = kind {
            check_value(kind, state, problems);
        }
    }
    for field in ["action", "secondary_action"] {
        if let Some(action) = body[field].as_object() {
            check_url(field, action, rules.legacy_url_policy, problems);
        }
    }
    if rules.mode == Mode::Strict && body.get("secondary_action").is_some() {
        if body.get("action").is_none() {
            let message = "`secondary_action` needs an `action` in the same request";
            problems.push(Problem::new("secondary_action", "secondary_without_action", message));
        }
        problems.extend(kind.and_then(|kind| check_secondary_action(kind, body)));
    }
    check_channels(body, problems);
    check_tags(&body["tags"], problems);
    check_metadata(&body["metadata"], problems);
}

/// Adds what is wrong across the fields of a notification.
pub(crate) fn check_push(body: &Value, _: Rules, problems: &mut Vec<Problem>) {
    if body.get("media").is_some() && body["actions"].as_array().is_some_and(|actions| !actions.is_empty()) {
        problems.push(Problem::new(
            "media",
            "media_with_actions",
            "`media` does not go with `actions`; send one of them",
        ));
    }
    for field in ["media", "icon"] {
        if let Some(url) = body[field].as_str() {
            check_push_url(field, url, true, problems);
        }
    }
    if let Some(url) = body["redirection"].as_str() {
        check_push_url("redirection", url, false, problems);
    }
    for (index, action) in body["actions"].as_array().into_iter().flatten().enumerate() {
        if let Some(url) = action["url"].as_str() {
            check_push_url(&format!("actions[{index}].url"), url, action["type"] == "webhook", problems);
        }
    }
    check_tags(&body["tags"], problems);
    check_metadata(&body["metadata"], problems);
}

/// Notifications open any app, unless that would run something.
fn check_push_url(field: &str, url: &str, only_https: bool, problems: &mut Vec<Problem>) {
    const BLOCKED: [&str; 9] =
        ["about", "activitysmith", "app-prefs", "blob", "data", "file", "itms-services", "javascript", "prefs"];
    let is_scheme = |scheme: &str| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'.' | b'-'))
    };
    let scheme = url.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase()).filter(|scheme| is_scheme(scheme));
    let fits = match &scheme {
        None => false,
        Some(scheme) if only_https => scheme == "https",
        Some(scheme) => !BLOCKED.contains(&scheme.as_str()),
    };
    if !fits || url.chars().any(|c| c.is_whitespace() || c.is_control()) {
        let kind = if only_https { "an https address" } else { "an address that an app can open" };
        problems.push(Problem::new(field, "url", format!("`{field}` must be {kind}")));
    }
}

/// Adds what is wrong with the value of a metric.
pub(crate) fn check_metric(body: &Value, _: Rules, problems: &mut Vec<Problem>) {
    let is_time = |time: &str| {
        let moment = without_offset(time);
        moment != time && humantime::parse_rfc3339_weak(moment).is_ok()
    };
    if body["timestamp"].as_str().is_some_and(|time| !is_time(time)) {
        problems.push(Problem::new("timestamp", "date_time", "`timestamp` must be a time as 2026-12-01T08:00:00Z"));
    }
}

/// The part of a time before its zone, which it must have.
fn without_offset(time: &str) -> &str {
    let time = time.trim_end_matches(['Z', 'z']);
    match time.get(19..).and_then(|rest| rest.rfind(['+', '-'])) {
        Some(offset) => &time[..19 + offset],
        None => time,
    }
}

/// Objects to a second button on a type that cannot show it.
pub(crate) fn check_secondary_action(kind: StreamType, body: &Value) -> Option<Problem> {
    let misplaced = body.get("secondary_action").is_some() && !kind.shows_secondary_action();
    let message = format!("`secondary_action` cannot be shown for type {}; remove it", kind.as_str());
    misplaced.then(|| Problem::new("secondary_action", "secondary_not_shown", message))
}

/// `value` means one thing to progress and another to value: with progress it is a number and goes with `upper_limit`.
pub(crate) fn check_value(kind: StreamType, state: &Map<String, Value>, problems: &mut Vec<Problem>) {
    let Some(value) = state.get("value").filter(|_| kind == StreamType::Progress) else {
        return;
    };
    if value.is_string() {
        let message = "`content_state.value` must be a number for type progress";
        problems.push(Problem::new("content_state.value", "value_number", message));
    }
    if !state.contains_key("upper_limit") {
        let message = "`content_state.upper_limit` is needed with `value` for type progress";
        problems.push(Problem::new("content_state.upper_limit", "value_pair", message));
    }
}

fn check_steps(state: &Map<String, Value>, problems: &mut Vec<Problem>) {
    let number = |field| state.get(field).and_then(Value::as_f64);
    if let (Some(current), Some(all)) = (number("current_step"), number("number_of_steps"))
        && current > all
    {
        let message = "`content_state.current_step` must not exceed `number_of_steps`";
        problems.push(Problem::new("content_state.current_step", "steps_order", message));
    }
}

fn check_upper_limit(state: &Map<String, Value>, problems: &mut Vec<Problem>) {
    if state.contains_key("upper_limit") && !state.contains_key("value") {
        let message = "`content_state.value` is needed with `upper_limit`";
        problems.push(Problem::new("content_state.value", "value_pair", message));
    }
}

fn check_url(field: &str, action: &Map<String, Value>, legacy: bool, problems: &mut Vec<Problem>) {
    let Some(url) = action.get("url").and_then(Value::as_str) else {
        return;
    };
    let schemes: &[&str] = match action.get("type").and_then(Value::as_str) {
        Some("webhook") => &["https"],
        Some("open_url") if legacy => &["https", "shortcuts"],
        Some("open_url") => &["http", "https", "shortcuts"],
        _ => return,
    };
    let mut report = |rule, what: &str| {
        problems.push(Problem::new(format!("{field}.url"), rule, format!("`{field}.url` {what}")));
    };
    if url.chars().any(|c| c.is_whitespace() || c.is_control()) {
        report("url_characters", "must not contain whitespace or control characters");
    }
    match url.split_once("://") {
        Some((scheme, rest)) if schemes.contains(&scheme) => {
            if rest.is_empty() {
                report("url_empty", "must name something after `://`");
            }
        }
        _ => report("url_scheme", &format!("must begin with {}", schemes.join("://, ") + "://")),
    }
}

fn check_channels(body: &Value, problems: &mut Vec<Problem>) {
    let slugs = |list: &Value| -> Option<BTreeSet<String>> {
        let items = list.as_array()?.iter();
        items.map(|slug| slug.as_str().map(str::to_owned)).collect()
    };
    let (short, long) = (&body["channels"], &body["target"]["channels"]);
    if !short.is_array() || !long.is_array() {
        return;
    }
    if let (Some(short), Some(long)) = (slugs(short), slugs(long))
        && short != long
    {
        let message = "`channels` and `target.channels` must name the same channels; send only one of them";
        problems.push(Problem::new("channels", "channels_mismatch", message));
    }
}

fn check_tags(tags: &Value, problems: &mut Vec<Problem>) {
    let Some(tags) = tags.as_array().filter(|tags| tags.len() > MAX_TAGS) else {
        return;
    };
    let unique: BTreeSet<_> = tags.iter().filter_map(Value::as_str).collect();
    if unique.len() > MAX_TAGS {
        problems.push(Problem::new(
            "tags",
            "tags_count",
            format!("`tags` must name at most {MAX_TAGS} different tags"),
        ));
    }
}

fn check_metadata(metadata: &Value, problems: &mut Vec<Problem>) {
    if metadata.is_object() && compact_len(metadata) > MAX_METADATA_BYTES {
        let message = format!("`metadata` must take at most {MAX_METADATA_BYTES} bytes as compact JSON");
        problems.push(Problem::new("metadata", "metadata_size", message));
    }
}

/// The length of the compact JSON, without building it.
fn compact_len(value: &Value) -> usize {
    struct Counter(usize);
    impl io::Write for Counter {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut counter = Counter(0);
    serde_json::to_writer(&mut counter, value).expect("counting bytes cannot fail");
    counter.0
}
