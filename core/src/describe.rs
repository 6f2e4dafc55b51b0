//! The schema: what other languages need to know of the models, as data for the generators that write them there.
#![allow(missing_docs, reason = "each struct says what is not plain from a field's name")]

use std::borrow::Cow;
use std::path::PathBuf;
use std::time::Duration;

use serde::Serialize;

use crate::error::{
    ActivitySmithError, ApiError, ApiErrorKind, ConfigError, ConnectionError, ConnectionErrorKind, Error,
};
use crate::model::{
    Action, Alert, Badge, Color, ContentState, EndRequest, Icon, Metadata, Metric, Metrics, Names, Number, OpenUrl,
    Operation, Progress, PushAlert, RateLimit, Readout, ResponseFacts, SegmentedProgress, StateType, Stats,
    StreamRequest, StreamResponse, Timer, Update, Value, Webhook, WebhookMethod,
};
use crate::publish::{self, ChangeOptions, Counters, EventKind, FlushOptions, PublishOptions, TrackOptions};
use crate::session::{CallOptions, Settings};
use crate::validate::{ValidationError, Violation, ViolationCode};

/// All of it; `core/schema.json` is this as JSON.
#[derive(Clone, Debug, Serialize)]
pub struct Schema {
    /// In the order of the API; the untyped update is the last.
    pub states: Vec<Object>,
    /// The objects in states and requests.
    pub parts: Vec<Object>,
    pub unions: Vec<Union>,
    pub requests: Vec<Object>,
    /// Without `extra` and `facts`.
    pub response: Object,
    pub facts: Vec<Object>,
    /// Each class behind its parent.
    pub errors: Vec<ErrorClass>,
    pub violation: Object,
    pub choices: Vec<Choice>,
    /// The kinds of events.
    pub events: Vec<Event>,
    pub event: Object,
    pub counters: Object,
    pub options: Options,
}

/// What is said beside requests, all of it at will. The core reads an option by its name, which in JSON has `_seconds` at its end
/// where that is what it counts.
#[derive(Clone, Debug, Serialize)]
pub struct Options {
    /// What a client is set up with.
    pub client: Object,
    pub call: Object,
    pub publish: Object,
    /// What `track` has beside a title and what publishing has.
    pub track: Object,
    pub change: Object,
    pub flush: Object,
}

/// An object of the API: its name in Rust and its fields, the required ones first. `tag` is its fixed `type`.
///
/// Here and below `doc` is Markdown, a paragraph a line.
#[derive(Clone, Debug, Serialize)]
pub struct Object {
    pub name: &'static str,
    pub doc: String,
    pub tag: Option<&'static str>,
    pub fields: Vec<Field>,
}

/// A field by its name on the wire. An object always has those that are required.
#[derive(Clone, Debug, Serialize)]
pub struct Field {
    pub name: &'static str,
    pub doc: String,
    #[serde(rename = "type")]
    pub kind: Type,
    pub required: bool,
}

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Type {
    String,
    /// The path of a file.
    Path,
    Boolean,
    /// A whole number of 0 or more, up to 64 bits.
    Integer,
    Number,
    /// A duration as a number of seconds.
    Seconds,
    /// A number or a string.
    Readout,
    /// A list of channel slugs or tags.
    Names,
    /// A flat object of strings, numbers and booleans.
    Metadata,
    /// Any JSON object.
    Json,
    List {
        of: Box<Type>,
    },
    Object {
        name: &'static str,
    },
    Union {
        name: &'static str,
    },
    /// With `open`, it may also be a string that is not among the choice's.
    Choice {
        name: &'static str,
        open: bool,
    },
}

/// A value that is one of several objects.
#[derive(Clone, Debug, Serialize)]
pub struct Union {
    pub name: &'static str,
    pub doc: &'static str,
    pub members: Vec<&'static str>,
}

/// A class of errors, for languages that have classes. Those without a kind only group others. The fields are those that its
/// parent does not have, as an error's JSON names them.
#[derive(Clone, Debug, Serialize)]
pub struct ErrorClass {
    pub name: &'static str,
    pub doc: String,
    pub parent: Option<&'static str>,
    pub kind: Option<&'static str>,
    pub transient: bool,
    pub fields: Vec<Field>,
}

/// A string that is one of a few. With `open`, the service may send others, which are kept.
#[derive(Clone, Debug, Serialize)]
pub struct Choice {
    pub name: &'static str,
    pub doc: String,
    pub open: bool,
    pub values: Vec<Name>,
}

/// A value of a choice. Where the name says it all there is no documentation.
#[derive(Clone, Debug, Serialize)]
pub struct Name {
    pub name: &'static str,
    pub doc: String,
}

/// A kind of a publisher's events.
#[derive(Clone, Debug, Serialize)]
pub struct Event {
    pub name: &'static str,
    pub doc: String,
    pub warning: bool,
}

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
        Update::describe(),
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
        Operation::describe(),
        ViolationCode::describe(),
        Choice::new("ErrorKind", &[&[("doc", "The kind of a failure.")]], kinds),
    ];
    let kinds = EventKind::describe().values.into_iter().zip(EventKind::ALL);
    Schema {
        states,
        parts,
        unions,
        requests: vec![StreamRequest::describe(), EndRequest::describe()],
        response: StreamResponse::describe(),
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

/// An event. Its kind decides whether it is a warning, so that is no field in Rust, but is written beside the others.
fn event() -> Object {
    let mut event = publish::Event::describe();
    event.fields.push(Field::new::<bool>("warning", &[&[("doc", "Whether somebody should look at it.")]]));
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
    let unanswered = |kind| ConnectionError { kind, attempts: 1, source: None }.into();
    let plain = |name, doc| Object::new(name, &[&[("doc", doc)]], []);
    let connection = plain("ConnectionError", "No answer came: the service was not reached, or the connection broke.");
    let timeout = plain("TimeoutError", "No answer came in time. The service may have done what was asked.");
    let tree = [
        class(ActivitySmithError::describe(), None, None, false),
        like(ConfigError::new("", "").into(), ConfigError::describe(), ROOT),
        like(ValidationError::invalid_json("").into(), ValidationError::describe(), ROOT),
        like(unanswered(ConnectionErrorKind::Interrupted(String::new())), connection, ROOT),
        like(unanswered(ConnectionErrorKind::ConnectTimeout), timeout, Some("ConnectionError")),
        class(ApiError::describe(), ROOT, None, false),
    ];
    let answers = ApiErrorKind::all().into_iter();
    let answers =
        answers.map(|(kind, object)| class(object, Some("ApiError"), Some(kind.as_str()), kind.is_transient()));
    tree.into_iter().chain(answers).collect()
}

/// Describes itself as an object.
pub(crate) trait Describe {
    fn describe() -> Object;
}

/// Describes itself as a choice.
pub(crate) trait DescribeChoice {
    fn describe() -> Choice;
}

/// The attributes of a declaration, as far as the schema needs them: `doc`, and what serde is told.
pub(crate) type Attributes<'a> = &'a [&'a [(&'a str, &'static str)]];

impl Object {
    pub(crate) fn new(name: &'static str, attributes: Attributes<'_>, fields: impl IntoIterator<Item = Field>) -> Self {
        Self { name, doc: prose(attributes), tag: None, fields: fields.into_iter().collect() }
    }
}

impl Field {
    pub(crate) fn new<T: Typed>(name: &'static str, attributes: Attributes<'_>) -> Self {
        let mut field = Self { name, doc: prose(attributes), kind: T::of(), required: T::REQUIRED };
        for (option, value) in attributes.iter().copied().flatten() {
            match *option {
                "rename" => field.name = value,
                "skip_serializing_if" => field.required = false,
                _ => {}
            }
        }
        field
    }
}

impl Union {
    fn new(name: &'static str, doc: &'static str, members: &[Object]) -> Self {
        Self { name, doc, members: members.iter().map(|member| member.name).collect() }
    }
}

impl Choice {
    pub(crate) fn new(name: &'static str, attributes: Attributes<'_>, values: impl IntoIterator<Item = Name>) -> Self {
        Self { name, doc: prose(attributes), open: false, values: values.into_iter().collect() }
    }
}

impl Name {
    pub(crate) fn new(name: &'static str, attributes: Attributes<'_>) -> Self {
        let doc = prose(attributes);
        Self { name, doc: if doc == name { String::new() } else { doc } }
    }
}

/// Can be a field.
pub(crate) trait Typed {
    /// What it holds.
    fn of() -> Type;

    /// Whether the field is always there.
    const REQUIRED: bool = true;
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
    Readout => Type::Readout;
    Names => Type::Names;
    Metadata => Type::Metadata;
    serde_json::Value => Type::Json;
    ContentState => Type::Union { name: "ContentState" };
    Action => Type::Union { name: "Action" };
    Color => Type::Choice { name: "Color", open: false };
    WebhookMethod => Type::Choice { name: "WebhookMethod", open: false };
    Operation => Type::Choice { name: "Operation", open: true };
    ViolationCode => Type::Choice { name: "ViolationCode", open: false };
    EventKind => Type::Choice { name: "EventKind", open: true };
}

impl<T: Typed> Typed for Vec<T> {
    fn of() -> Type {
        Type::List { of: Box::new(T::of()) }
    }
}

impl<T: Typed> Typed for Option<T> {
    fn of() -> Type {
        T::of()
    }

    const REQUIRED: bool = false;
}

impl<T: Describe> Typed for T {
    fn of() -> Type {
        Type::Object { name: T::describe().name }
    }
}

/// The documentation as Markdown, a paragraph a line. Rust's links become plain code.
fn prose(attributes: Attributes<'_>) -> String {
    let doc = attributes.iter().copied().flatten().filter(|(name, _)| *name == "doc");
    let text = doc.map(|(_, line)| line.trim()).collect::<Vec<_>>().join("\n");
    let text = text.replace("\n\n", "\0").replace('\n', " ").replace('\0', "\n\n");
    let mut links = text.split("[`");
    let mut plain = links.next().unwrap_or_default().to_owned();
    for link in links {
        let (name, rest) = link.split_once("`]").unwrap_or((link, ""));
        // `[`Update`](crate::Update)` has its target behind it.
        let rest =
            rest.strip_prefix("(crate::").and_then(|target| target.split_once(')')).map_or(rest, |(_, rest)| rest);
        let name = name.rsplit("::").next().unwrap_or(name);
        plain += &format!("`{name}`{rest}");
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::json::check_publishing;
    use crate::session::{JsonCall, Nulls};

    #[test]
    fn every_type_that_a_field_names_is_described() {
        let schema = schema();
        let objects: Vec<&Object> = [&schema.states, &schema.parts, &schema.requests, &schema.facts]
            .into_iter()
            .flatten()
            .chain([&schema.response, &schema.violation, &schema.counters])
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
    fn links_become_code() {
        assert_eq!(
            prose(&[&[("doc", " As in [`StreamRequest`], an")], &[("doc", " [`Update`](crate::Update) too.")]]),
            "As in `StreamRequest`, an `Update` too."
        );
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
                assert!(refusal.starts_with(&format!("{name} is an array; give ")), "{refusal}");
            }
        };
        read(&client, "", &|text| Ok(Settings::from_json(text).map(|_| ())?));
        read(&call, r#""purpose": "end","#, &|text| {
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
