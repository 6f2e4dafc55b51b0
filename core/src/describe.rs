//! What the models are, as data: for the generators that write them in other languages. It says nothing that the models do not.

use crate::error::ApiErrorKind;
use crate::model::{
    Alert, Badge, Color, EndRequest, Icon, Metric, Metrics, OpenUrl, Operation, Progress, PushAlert, SegmentedProgress,
    StateType, Stats, StreamRequest, StreamResponse, Timer, Update, Value, Webhook, WebhookMethod,
};
use crate::validate::ViolationCode;

/// An object of the API.
#[derive(Clone, Debug)]
pub struct Object {
    /// As in Rust, for example `SegmentedProgress`.
    pub name: &'static str,
    /// In Markdown.
    pub doc: String,
    /// Its fixed `type`.
    pub tag: Option<&'static str>,
    /// In their order, the required ones first.
    pub fields: Vec<Field>,
}

/// A field of an object.
#[derive(Clone, Debug)]
pub struct Field {
    /// On the wire.
    pub name: &'static str,
    /// In Markdown.
    pub doc: String,
    /// As in Rust, without spaces: `String`, `Number`, `Vec<Color>`.
    pub rust_type: String,
    /// The object cannot be without it.
    pub required: bool,
}

/// A text that is one of a few.
#[derive(Clone, Debug)]
pub struct Choice {
    /// As in Rust, for example `Color`.
    pub name: &'static str,
    /// In Markdown.
    pub doc: String,
    /// On the wire.
    pub values: Vec<&'static str>,
}

/// What can describe itself.
pub(crate) trait Describe {
    fn describe() -> Object;
}

impl Field {
    pub(crate) fn new(name: &'static str, doc: &[&str], rust_type: &str, required: bool) -> Self {
        Self { name, doc: prose(doc), rust_type: rust_type.replace(char::is_whitespace, ""), required }
    }
}

impl Choice {
    fn new(name: &'static str, doc: &str, values: impl IntoIterator<Item = &'static str>) -> Self {
        Self { name, doc: doc.to_owned(), values: values.into_iter().collect() }
    }
}

/// The states: the typed ones in the order of the API, then the untyped update.
pub fn states() -> Vec<Object> {
    vec![
        SegmentedProgress::describe(),
        Progress::describe(),
        Metrics::describe(),
        Stats::describe(),
        Alert::describe(),
        Timer::describe(),
        Value::describe(),
        Update::describe(),
    ]
}

/// What states and requests are made of.
pub fn parts() -> Vec<Object> {
    vec![
        Metric::describe(),
        Icon::describe(),
        Badge::describe(),
        OpenUrl::describe(),
        Webhook::describe(),
        PushAlert::describe(),
    ]
}

/// The two requests.
pub fn requests() -> Vec<Object> {
    vec![StreamRequest::describe(), EndRequest::describe()]
}

/// The answer, without `extra` and `facts`.
pub fn response() -> Object {
    StreamResponse::describe()
}

/// How an answer came about: `ResponseFacts` and `RateLimit`, as their JSON names it.
pub fn facts() -> Vec<Object> {
    let facts = Object {
        name: "ResponseFacts",
        doc: "How an answer came about.".to_owned(),
        tag: None,
        fields: vec![
            Field::new("status", &[" The HTTP status; 0 when nothing was sent."], "u16", true),
            Field::new("attempts", &[" How many requests it took; 0 when nothing was sent."], "u32", true),
            Field::new(
                "elapsed_seconds",
                &[" From the call to the answer, with all attempts and waits."],
                "Number",
                true,
            ),
            Field::new("request_id", &[" The service's or a proxy's name for the request."], "String", false),
            Field::new(
                "advice",
                &[" What worked but may not come out as hoped, in words for a log."],
                "Vec<String>",
                false,
            ),
            Field::new(
                "rate_limits",
                &[" What the service says of its limits, policy by policy."],
                "Vec<RateLimit>",
                false,
            ),
        ],
    };
    let limit = Object {
        name: "RateLimit",
        doc: "One policy of the service's request limits.".to_owned(),
        tag: None,
        fields: vec![
            Field::new("policy", &[" The policy's name."], "String", true),
            Field::new("remaining", &[" How many requests are left in the window."], "u64", false),
            Field::new("reset_seconds", &[" How long until the window starts anew."], "Number", false),
            Field::new("quota", &[" How many requests a window allows."], "u64", false),
            Field::new("window_seconds", &[" The window's length."], "Number", false),
        ],
    };
    vec![facts, limit]
}

/// The texts that are one of a few.
pub fn choices() -> Vec<Choice> {
    let kinds =
        ["config", "validation", "connection", "timeout"].into_iter().chain(ApiErrorKind::NAMES.iter().copied());
    vec![
        Choice::new("Color", "A colour of the API's palette.", Color::ALL.iter().map(|color| color.as_str())),
        Choice::new(
            "StateType",
            "Which of the seven states one is.",
            StateType::ALL.iter().map(|state| state.as_str()),
        ),
        Choice::new("WebhookMethod", "How a webhook is called.", WebhookMethod::NAMES.iter().copied()),
        Choice::new(
            "Operation",
            "What the service did; new ones may come.",
            Operation::KNOWN.iter().map(Operation::as_str),
        ),
        Choice::new(
            "ViolationCode",
            "What kind of rule a value breaks. Stable; messages are not.",
            ViolationCode::ALL.iter().map(|code| code.as_str()),
        ),
        Choice::new("ErrorKind", "The kind of a failure.", kinds),
    ]
}

/// The lines of a doc comment as Markdown in which Rust's links are plain code.
pub(crate) fn prose(lines: &[&str]) -> String {
    let text = lines.iter().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect::<Vec<_>>().join("\n");
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(start) = rest.find("[`") {
        let Some(length) = rest[start..].find("`]") else { break };
        plain.push_str(&rest[..start]);
        plain.push_str(&rest[start + 1..=start + length]);
        rest = &rest[start + length + 2..];
        // `[`Update`](crate::Update)` has its target behind it.
        if let Some(target) = rest.strip_prefix("(crate::") {
            rest = target.split_once(')').map_or("", |(_, rest)| rest);
        }
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::model::{RateLimit, ResponseFacts};

    #[test]
    fn links_become_code() {
        assert_eq!(
            prose(&[" As in [`StreamRequest`], an", " [`Update`](crate::Update) too."]),
            "As in `StreamRequest`, an\n`Update` too."
        );
    }

    #[test]
    fn a_state_describes_its_tag_and_its_fields() {
        let progress = &states()[1];
        assert_eq!((progress.name, progress.tag), ("Progress", Some("progress")));
        assert_eq!((progress.fields[0].name, progress.fields[0].required), ("title", true));
        let metrics = &states()[2];
        assert_eq!(metrics.fields[1].rust_type, "Vec<Metric>");
    }

    /// Every state that there is, and every type in the order of the API.
    #[test]
    fn no_state_is_left_out() {
        let tags: Vec<_> = states().iter().filter_map(|state| state.tag).collect();
        assert_eq!(tags, StateType::ALL.iter().map(|state| state.as_str()).collect::<Vec<_>>());
    }

    /// Written here with every field, so that a new one does not compile until it is described.
    #[test]
    fn facts_are_described_as_they_are_written() {
        let second = Some(Duration::from_secs(1));
        let limit = RateLimit { policy: "p".into(), remaining: Some(1), reset: second, quota: Some(1), window: second };
        let whole = ResponseFacts {
            status: 200,
            attempts: 1,
            elapsed: Duration::from_secs(1),
            request_id: Some("r".into()),
            advice: vec!["a".into()],
            rate_limits: vec![limit.clone()],
        };
        for (object, value) in facts().iter().zip([serde_json::to_value(whole), serde_json::to_value(limit)]) {
            let value = value.unwrap();
            let mut written: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
            let mut described: Vec<&str> = object.fields.iter().map(|field| field.name).collect();
            written.sort_unstable();
            described.sort_unstable();
            assert_eq!(written, described, "{}", object.name);
        }
    }
}
