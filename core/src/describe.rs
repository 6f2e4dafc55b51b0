//! What the models are, as data: for the generators that write them in other languages. It says nothing that the models do not.

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

/// A class of the error tree.
#[derive(Clone, Debug)]
pub struct ErrorClass {
    /// As in design and in the languages that have classes, for example `BillingBlocked`.
    pub name: &'static str,
    /// The class that it is one of.
    pub parent: Option<&'static str>,
    /// What its kind is called; none for those that only gather others.
    pub kind: Option<&'static str>,
    /// What it tells beside what its parent does, as its JSON names it.
    pub fields: Vec<Field>,
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

/// The error tree, each class behind its parent.
pub fn errors() -> Vec<ErrorClass> {
    const ROOT: &str = "ActivitySmithError";
    let class = |name, parent, kind, fields: &[(&'static str, &str, &str, bool)]| ErrorClass {
        name,
        parent,
        kind,
        fields: fields
            .iter()
            .map(|(name, doc, rust_type, required)| Field::new(name, &[doc], rust_type, *required))
            .collect(),
    };
    let answer = |name, kind, fields| class(name, Some("ApiError"), Some(kind), fields);
    vec![
        class(
            ROOT,
            None,
            None,
            &[
                ("kind", "What happened, as text, the same in every language.", "String", true),
                (
                    "transient",
                    "Whether the same call may succeed later without anybody changing anything.",
                    "bool",
                    true,
                ),
                ("attempts", "How often it was tried; 0 when nothing was sent.", "u32", true),
            ],
        ),
        class(
            "ConfigError",
            Some(ROOT),
            Some("config"),
            &[
                ("setting", "Which setting, by the name under which it was given.", "String", true),
                ("problem", "What is wrong and what to do.", "String", true),
            ],
        ),
        class(
            "ValidationError",
            Some(ROOT),
            Some("validation"),
            &[("violations", "Every broken rule, at least one.", "Vec<Violation>", true)],
        ),
        class("ConnectionError", Some(ROOT), Some("connection"), &[]),
        class("TimeoutError", Some("ConnectionError"), Some("timeout"), &[]),
        class(
            "ApiError",
            Some(ROOT),
            None,
            &[
                ("status", "The HTTP status.", "u16", true),
                ("code", "The machine-readable name, if the answer had one.", "String", false),
                ("message", "The service's prose, if the answer had one.", "String", false),
                ("body", "The answer's body, shortened to 64 KiB.", "String", true),
                ("request_id", "The service's or a proxy's name for the request.", "String", false),
                (
                    "retry_after_seconds",
                    "How long to wait before the next try, if the service said so.",
                    "Number",
                    false,
                ),
                ("date", "What time it was for whoever answered, as its `Date` header says it.", "String", false),
            ],
        ),
        answer("BadRequest", "bad_request", &[]),
        answer("Unauthorized", "unauthorized", &[]),
        answer("BillingBlocked", "billing_blocked", &[("upgrade_url", "Where to change that.", "String", false)]),
        answer("Forbidden", "forbidden", &[]),
        answer("NotFound", "not_found", &[]),
        answer(
            "NoRecipients",
            "no_recipients",
            &[("effective_channel_slugs", "The channels that had nobody.", "Vec<String>", false)],
        ),
        answer("RateLimited", "rate_limited", &[]),
        answer(
            "ActivityLimitReached",
            "activity_limit_reached",
            &[
                ("limit", "How many may run.", "u64", false),
                ("active", "How many run.", "u64", false),
                ("blocked_devices", "How many targeted devices are full.", "u64", false),
                ("targeted_devices", "How many devices were targeted.", "u64", false),
            ],
        ),
        answer("ServerError", "server_error", &[]),
        answer("Redirect", "redirect", &[("location", "Where it points.", "String", false)]),
        answer("Unreadable", "unreadable", &[]),
    ]
}

/// The texts that are one of a few.
pub fn choices() -> Vec<Choice> {
    let errors = errors();
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
        Choice::new("ErrorKind", "The kind of a failure.", errors.iter().filter_map(|error| error.kind)),
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
    use crate::error::{ApiError, ApiErrorKind, ConfigError, ConnectionError, ConnectionErrorKind, Error};
    use crate::model::{RateLimit, ResponseFacts};
    use crate::validate::ValidationError;

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

    /// An answer of each kind. Written with every field, so that a new one does not compile until it is described.
    fn answers() -> impl Iterator<Item = Error> {
        let text = || Some("t".to_owned());
        let kinds = [
            ApiErrorKind::BadRequest,
            ApiErrorKind::Unauthorized,
            ApiErrorKind::BillingBlocked { upgrade_url: text() },
            ApiErrorKind::Forbidden,
            ApiErrorKind::NotFound,
            ApiErrorKind::NoRecipients { effective_channel_slugs: Some(vec![]) },
            ApiErrorKind::RateLimited,
            ApiErrorKind::ActivityLimitReached {
                limit: Some(1),
                active: Some(1),
                blocked_devices: Some(1),
                targeted_devices: Some(1),
            },
            ApiErrorKind::Server,
            ApiErrorKind::Redirect { location: text() },
            ApiErrorKind::Unreadable,
        ];
        assert_eq!(kinds.iter().map(ApiErrorKind::as_str).collect::<Vec<_>>(), ApiErrorKind::NAMES);
        kinds.into_iter().map(move |kind| {
            Error::Api(Box::new(ApiError {
                kind,
                status: 400,
                code: text(),
                message: text(),
                body: String::new(),
                request_id: text(),
                date: text(),
                retry_after: Some(Duration::from_secs(1)),
                attempts: 1,
            }))
        })
    }

    #[test]
    fn errors_are_described_as_they_are_written() {
        let errors = errors();
        let silence = |kind| Error::Connection(ConnectionError { kind, attempts: 1, source: None });
        let written = [
            ConfigError { setting: "s".into(), problem: "p".into() }.into(),
            ValidationError::invalid_json("cut off").into(),
            silence(ConnectionErrorKind::Connect("refused".into())),
            silence(ConnectionErrorKind::ConnectTimeout),
        ]
        .into_iter()
        .chain(answers());
        let mut kinds = Vec::new();
        for error in written {
            let class = errors.iter().find(|class| class.kind == Some(error.kind())).unwrap();
            kinds.push(error.kind());
            let ancestry = std::iter::successors(Some(class), |class| {
                errors.iter().find(|parent| Some(parent.name) == class.parent)
            });
            let mut described: Vec<&str> = ancestry.flat_map(|class| &class.fields).map(|field| field.name).collect();
            let value = serde_json::to_value(&error).unwrap();
            let written = value.as_object().unwrap().keys().map(String::as_str);
            let mut written: Vec<&str> = written.filter(|name| *name != "description").collect();
            described.sort_unstable();
            written.sort_unstable();
            assert_eq!(written, described, "{}", class.name);
        }
        assert_eq!(kinds, errors.iter().filter_map(|class| class.kind).collect::<Vec<_>>());
    }
}
