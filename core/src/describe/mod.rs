//! The schema: what other languages need to know of the models, as data for the generators that write them there.
#![allow(missing_docs, reason = "each struct says what is not plain from a field's name")]

mod schema;

use std::borrow::Cow;
use std::path::PathBuf;
use std::time::Duration;

use crate::api::{
    Action, Alert, Badge, BadgeRequest, Change, Color, ContentState, EndRequest, EndStreamRequest, Endpoint, Icon,
    InterruptionLevel, Metadata, Metric, MetricRequest, MetricValue, Metrics, OpenUrl, Operation, Progress, Push,
    PushAlert, PushReplacement, RateLimit, ResponseFacts, SegmentedProgress, Slugs, Spec, StartRequest, StateType,
    Stats, StreamRequest, Timer, Timestamp, UpdateRequest, Value, Webhook, WebhookMethod,
};
use crate::call::{CallOptions, Settings};
use crate::error::{
    ActivitySmithError, ApiError, ApiErrorKind, ClosedError, ConfigError, ConnectionError, ConnectionErrorKind, Error,
};
use crate::json::Number;
use crate::publish::{self, ChangeOptions, Counters, EventKind, FlushOptions, PublishOptions, TrackOptions};
use crate::validate::{ValidationError, Violation, ViolationCode};
pub use schema::{Choice, ErrorClass, Event, Field, Name, Object, Options, Schema, Type, Union};
pub(crate) use schema::{Describe, DescribeChoice, Typed};

/// Describes what the generators need to know of this release.
pub fn schema() -> Schema {
    let states = vec![
        SegmentedProgress::describe(),
        Progress::describe(),
        Metrics::describe(),
        Stats::describe(),
        Alert::describe(),
        Timer::describe(),
        Value::describe(),
        Change::describe(),
    ];
    let actions = [OpenUrl::describe(), Webhook::describe()];
    let unions = vec![
        Union::new("ContentState", "What a Live Activity shows.", &states),
        Union::new("Action", "A button of a Live Activity.", &actions),
    ];
    let mut parts = vec![Metric::describe(), Icon::describe(), Badge::describe()];
    parts.extend(actions);
    parts.push(PushAlert::describe());
    let errors = errors();
    let kinds = errors.iter().filter_map(|error| Some(Name { name: error.kind?, doc: error.doc.clone() }));
    let choices = vec![
        Color::describe(),
        StateType::describe(),
        WebhookMethod::describe(),
        InterruptionLevel::describe(),
        Operation::describe(),
        ViolationCode::describe(),
        Choice::new("ErrorKind", &[&[("doc", "The kind of a failure.")]], kinds),
    ];
    let endpoints = endpoints();
    let mut responses: Vec<Object> = endpoints.iter().map(|(_, _, response)| response.clone()).collect();
    responses.dedup_by_key(|response| response.name);
    let kinds = EventKind::describe().values.into_iter().zip(EventKind::ALL);
    Schema {
        states,
        parts,
        unions,
        requests: endpoints.iter().map(|(_, request, _)| request.clone()).collect(),
        responses,
        endpoints: endpoints
            .into_iter()
            .map(|(spec, request, response)| schema::Endpoint {
                name: spec.name,
                method: spec.method,
                path: spec.path,
                key: spec.key.map(|key| key.name),
                request: request.name,
                response: response.name,
            })
            .collect(),
        facts: vec![ResponseFacts::describe(), RateLimit::describe()],
        errors,
        violation: Violation::describe(),
        choices,
        events: kinds.map(|(Name { name, doc }, kind)| Event { name, doc, warning: kind.is_warning() }).collect(),
        event: event(),
        counters: Counters::describe(),
        options: options(),
    }
}

/// Each endpoint with its request and its answer, in the order of [`ENDPOINTS`].
fn endpoints() -> Vec<(&'static Spec, Object, Object)> {
    fn of<E: Endpoint<Response: Describe> + Describe>() -> (&'static Spec, Object, Object) {
        (E::SPEC, E::describe(), E::Response::describe())
    }
    vec![
        of::<StreamRequest>(),
        of::<EndStreamRequest>(),
        of::<StartRequest>(),
        of::<UpdateRequest>(),
        of::<EndRequest>(),
        of::<Push>(),
        of::<PushReplacement>(),
        of::<MetricRequest>(),
        of::<BadgeRequest>(),
    ]
}

/// Every field that a state may have, of whatever type.
pub fn state() -> Object {
    Change::describe()
}

/// An event. Its kind decides whether it is a warning, so that is no field in Rust, but is written beside the others.
fn event() -> Object {
    let mut event = publish::Event::describe();
    event.fields.push(Field::new::<bool>("warning", &[&[("doc", "Whether it is a warning.")]]));
    event
}

fn options() -> Options {
    let at_will = |mut object: Object| {
        object.fields.iter_mut().for_each(|field| field.required = false);
        object
    };
    let mut client = at_will(Settings::describe());
    // Each language says itself which one it is.
    client.fields.retain(|field| field.name != "agent");
    Options {
        client,
        call: at_will(CallOptions::describe()),
        publish: at_will(PublishOptions::describe()),
        track: at_will(TrackOptions::describe()),
        change: at_will(ChangeOptions::describe()),
        flush: at_will(FlushOptions::describe()),
    }
}

/// The error tree. Kinds and transience are those of an error of each class.
fn errors() -> Vec<ErrorClass> {
    const ROOT: Option<&str> = Some("ActivitySmithError");
    let class = |object: Object, parent, kind, transient| {
        let Object { name, doc, fields, .. } = object;
        ErrorClass { name, doc, parent, kind, transient, fields }
    };
    let like = |example: Error, object, parent| class(object, parent, Some(example.kind()), example.is_transient());
    let unanswered = |kind| ConnectionError { kind, attempts: 1, cause: None }.into();
    let plain = |name, doc| Object::new(name, &[&[("doc", doc)]], []);
    let connection = plain("ConnectionError", "No answer came: the service was not reached, or the connection broke.");
    let closed = plain(
        "ClosedError",
        "The client is closed, or the handle belongs to another process. A call that was under way may have been carried out.",
    );
    let timeout = plain("TimeoutError", "No answer came in time. The service may have done what was asked.");
    let tree = [
        class(ActivitySmithError::describe(), None, None, false),
        like(ConfigError::new("", "").into(), ConfigError::describe(), ROOT),
        like(ValidationError::invalid_json("").into(), ValidationError::describe(), ROOT),
        like(unanswered(ConnectionErrorKind::Interrupted(String::new())), connection, ROOT),
        like(unanswered(ConnectionErrorKind::ConnectTimeout), timeout, Some("ConnectionError")),
        like(ClosedError::new("").into(), closed, ROOT),
        class(ApiError::describe(), ROOT, None, false),
    ];
    let answers = ApiErrorKind::all().into_iter();
    let answers =
        answers.map(|(kind, object)| class(object, Some("ApiError"), Some(kind.as_str()), kind.is_transient()));
    tree.into_iter().chain(answers).collect()
}

macro_rules! typed {
    ($($($type:ty),+ => $kind:expr;)*) => {
        $( $( impl Typed for $type {
            fn of() -> Type {
                $kind
            }
        } )+ )*
    };
}

typed! {
    String, &'static str, Cow<'static, str> => Type::String;
    PathBuf => Type::Path;
    bool => Type::Boolean;
    u16, u32, u64 => Type::Integer;
    Number => Type::Number;
    Duration => Type::Seconds;
    MetricValue => Type::MetricValue;
    Slugs => Type::Slugs;
    Metadata => Type::Metadata;
    serde_json::Value => Type::Json;
    ContentState => Type::Union { name: "ContentState" };
    Action => Type::Union { name: "Action" };
    Color => Type::Choice { name: "Color", open: false };
    Timestamp => Type::Time;
    InterruptionLevel => Type::Choice { name: "InterruptionLevel", open: false };
    WebhookMethod => Type::Choice { name: "WebhookMethod", open: false };
    Operation => Type::Choice { name: "Operation", open: true };
    ViolationCode => Type::Choice { name: "ViolationCode", open: false };
    EventKind => Type::Choice { name: "EventKind", open: true };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::ENDPOINTS;
    use crate::call::{JsonCall, Nulls};
    use crate::publish::json::check_publishing;

    #[test]
    fn every_endpoint_is_described() {
        let names: Vec<&str> = schema().endpoints.iter().map(|endpoint| endpoint.name).collect();
        assert_eq!(names, ENDPOINTS.iter().map(|spec| spec.name).collect::<Vec<_>>());
    }

    #[test]
    fn every_type_that_a_field_names_is_described() {
        let schema = schema();
        let objects: Vec<&Object> = [&schema.states, &schema.parts, &schema.requests, &schema.facts]
            .into_iter()
            .flatten()
            .chain(&schema.responses)
            .chain([&schema.violation, &schema.counters])
            .collect();
        let fields = objects.iter().flat_map(|object| &object.fields);
        for field in fields.chain(schema.errors.iter().flat_map(|error| &error.fields)) {
            let item = if let Type::List { of } = &field.kind { of } else { &field.kind };
            assert!(
                match item {
                    Type::Object { name } => objects.iter().any(|object| object.name == *name),
                    Type::Union { name } => schema.unions.iter().any(|union| union.name == *name),
                    Type::Choice { name, open } => {
                        schema.choices.iter().any(|choice| (choice.name, choice.open) == (*name, *open))
                    }
                    _ => true,
                },
                "{field:?}"
            );
        }
    }

    #[test]
    fn a_state_describes_its_tag_and_its_fields() {
        let states = schema().states;
        let progress = &states[1];
        assert_eq!((progress.name, progress.tag), ("Progress", Some("progress")));
        assert_eq!((progress.fields[0].name, progress.fields[0].required), ("title", true));
        let metrics = &states[2];
        assert_eq!(metrics.fields[1].kind, Type::List { of: Box::new(Type::Object { name: "Metric" }) });
    }

    /// One that is added to a struct shows up in every language, and has to be read.
    #[test]
    fn every_option_is_read_by_its_name() {
        let Options { client, call, publish, .. } = schema().options;
        let read = |object: &Object, others: &str, read: &dyn Fn(&[u8]) -> Result<(), Error>| {
            for Field { name, kind, .. } in &object.fields {
                let unit = if *kind == Type::Seconds { "_seconds" } else { "" };
                let refusal = read(format!(r#"{{{others} "{name}{unit}": []}}"#).as_bytes()).unwrap_err().to_string();
                assert!(refusal.contains(&format!("{name} is an array; give ")), "{refusal}");
            }
        };
        read(&client, "", &|text| Ok(Settings::from_json(text).map(|_| ())?));
        read(&call, r#""endpoint": "end_stream","#, &|text| {
            JsonCall::parse(text, Nulls::Values)?.prepare(Settings::default().limits()).map(|_| ())
        });
        read(&publish, "", &|text| check_publishing(text, Nulls::Values));
    }

    /// Every state that there is, and every type in the order of the API.
    #[test]
    fn no_state_is_left_out() {
        let tags: Vec<_> = schema().states.iter().filter_map(|state| state.tag).collect();
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
        for (object, value) in schema().facts.iter().zip([serde_json::to_value(whole), serde_json::to_value(limit)]) {
            let value = value.unwrap();
            let mut written: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
            let mut described: Vec<&str> = object.fields.iter().map(|field| field.name).collect();
            written.sort_unstable();
            described.sort_unstable();
            assert_eq!(written, described, "{}", object.name);
        }
    }

    #[test]
    fn events_are_described_as_they_are_written() {
        let value = serde_json::to_value(publish::Event::after_end()).unwrap();
        let mut written: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
        let mut described: Vec<&str> = event().fields.iter().map(|field| field.name).collect();
        written.sort_unstable();
        described.sort_unstable();
        assert_eq!(written, described);
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
            ApiErrorKind::Conflict,
            ApiErrorKind::NoRecipients { effective_channel_slugs: Some(vec![]) },
            ApiErrorKind::RateLimited,
            ApiErrorKind::ActivityLimitReached {
                limit: Some(1),
                active: Some(1),
                blocked_devices: Some(1),
                targeted_devices: Some(1),
            },
            ApiErrorKind::ServerError,
            ApiErrorKind::Redirect { location: text() },
            ApiErrorKind::Unreadable,
        ];
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
        let errors = schema().errors;
        let silence = |kind| Error::Connection(ConnectionError { kind, attempts: 1, cause: None });
        let written = [
            ConfigError { setting: "s".into(), problem: "p".into() }.into(),
            ValidationError::invalid_json("cut off").into(),
            silence(ConnectionErrorKind::Connect("refused".into())),
            silence(ConnectionErrorKind::ConnectTimeout),
            ClosedError::new("the client is closed").into(),
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
