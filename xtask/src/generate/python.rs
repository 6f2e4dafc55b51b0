//! Writes what Python knows of the models: `models.py` (states and their parts), `response.py` (answers) and `types.py` (the
//! shapes of the JSON, for type checkers). It holds Python's spelling and no rule of the API.

use super::Generated;
use super::rust_type;
use activitysmith_kit::describe::{Choice, Field, Object, schema};
use std::fmt::Write as _;

/// No line is longer.
const WIDTH: usize = 120;
const ORIGIN: &str = "Generated from the core's models by `cargo xtask generate`; not to be edited.";
const EXTRA: &str = "Fields newer than this release, by name; they are sent unchecked.";
const PATHS: [&str; 3] = [
    "bindings-python/python/activitysmith_kit/models.py",
    "bindings-python/python/activitysmith_kit/response.py",
    "bindings-python/python/activitysmith_kit/types.py",
];

pub(super) fn files() -> [Generated; 3] {
    let [models_path, response_path, types_path] = PATHS;
    [
        Generated { path: models_path, text: models() },
        Generated { path: response_path, text: response() },
        Generated { path: types_path, text: types() },
    ]
}

/// The classes of states and parts.
fn models() -> String {
    let (parts, states) = (schema().parts, schema().states);
    let mut names: Vec<String> = parts.iter().filter(|part| is_nested(part)).map(dict_name).collect();
    names.extend(["Color", "Figures", "JsonObject", "WebhookMethod"].map(str::to_owned));
    names.sort_by_key(|name| name.to_lowercase());
    let mut text =
        heading("The states that a Live Activity can show, and what they are made of: plain data, checked when sent.");
    text += "from ._record import Record\n\nTYPE_CHECKING = False\nif TYPE_CHECKING:\n";
    text += "    from collections.abc import Sequence\n    from typing import ClassVar, Literal\n\n";
    let _ = writeln!(text, "    from .types import {}", names.join(", "));
    for object in parts.iter().chain(&states) {
        let tag = object.tag.map(|tag| format!("    type: ClassVar[Literal[\"{tag}\"]] = \"{tag}\"\n"));
        let extra = Member::new("extra", EXTRA, "JsonObject".to_owned(), None);
        let members = members(object).chain([extra]).collect::<Vec<_>>();
        text += &class(object, &tag.unwrap_or_default(), &members);
        if object.name == "Timer" {
            text += TIMER_FORMS;
        }
    }
    text
}

/// Beside the fields, a timer has the two forms that it has in the core.
const TIMER_FORMS: &str = r#"
    @classmethod
    def countdown(cls, title: str, duration_seconds: float) -> Timer:
        """Counts down from `duration_seconds`."""
        return cls(title, duration_seconds=duration_seconds)

    @classmethod
    def elapsed(cls, title: str) -> Timer:
        """Counts up from zero with no end."""
        return cls(title, counts_down=False)
"#;

/// The classes of answers. They take their fields by name, so that tests can make some.
fn response() -> String {
    let mut text = heading("What a call gives back: the service's answer, and how it came about.");
    text += "from ._record import Record\n\nTYPE_CHECKING = False\nif TYPE_CHECKING:\n";
    text += "    from collections.abc import Sequence\n\n    from .types import JsonObject, Operation\n";
    let mut facts = schema().facts;
    facts.reverse();
    for object in &facts {
        text += &class(object, "", &answer_members(object).collect::<Vec<_>>());
    }
    let answer = schema().response;
    let beside = [
        Member::new(
            "extra",
            "Whatever else the answer held: fields newer than this release, and known ones of an unexpected type.",
            "JsonObject".to_owned(),
            Some("{}"),
        ),
        Member::new("facts", "How the answer came about.", "ResponseFacts".to_owned(), Some("ResponseFacts()")),
    ];
    text += &class(&answer, "", &answer_members(&answer).chain(beside).collect::<Vec<_>>());
    text
}

/// The shapes of the JSON.
fn types() -> String {
    let (parts, states, requests) = (schema().parts, schema().states, schema().requests);
    let mut text = heading("The shapes of the API's JSON and of the keywords of calls, for type checkers.");
    text += "import datetime\nfrom collections.abc import Mapping, Sequence\n";
    text += "from typing import Literal, TypedDict, Union\n\nfrom .errors import Violation\nfrom .models import (\n";
    let mut models: Vec<_> = parts.iter().chain(&states).map(|object| object.name).collect();
    models.sort_unstable();
    for model in models {
        let _ = writeln!(text, "    {model},");
    }
    text += ")\n\n";
    for choice in schema().choices {
        text += &literal(&choice);
    }
    text += TYPES_ALIASES;
    for object in &parts {
        text += &shapes(object);
    }
    text += PARTS_ALIASES;
    for object in &states {
        text += &shapes(object);
    }
    text += "\n\n";
    text += &union("ContentStateDict", states.iter().map(dict_name));
    text += &union("State", states.iter().map(|state| state.name.to_owned()));

    let named = [
        ("title", "The headline; not blank.", "str".to_owned()),
        ("type", "Which of the seven states it is.", "StateType".to_owned()),
    ];
    text += &typed_dict("StateFields", "UpdateFields", false, "The fields of all states together.", &named);
    let end = requests.iter().flat_map(|request| &request.fields);
    let dismissal: Vec<_> = end.filter(|field| field.name.starts_with("auto_dismiss_")).map(dict_field).collect();
    let doc = "A final state: it starts nothing, so it need not be whole.";
    text += &typed_dict("FinalStateDict", "StateFields, ExtraField", false, doc, &dismissal);

    for (request, (options, content_state)) in
        requests.iter().zip([("StreamOptions", "ContentStateDict"), ("EndOptions", "FinalStateDict")])
    {
        let is_beside = |field: &&Field| field.name != "content_state";
        let mut fields: Vec<_> = request.fields.iter().filter(is_beside).map(dict_field).collect();
        if fields.iter().any(|(name, ..)| *name == "channels") {
            fields.push(("target", "Who receives it, as the API spells `channels`.", "TargetDict".to_owned()));
        }
        let fields_name = format!("{}Fields", request.name);
        text += &typed_dict(&fields_name, "ExtraField", false, "What goes beside `content_state`.", &fields);
        let state = [("content_state", "What to show.", format!("State | {content_state}"))];
        let starts = request.fields.iter().any(|field| field.name == "content_state" && field.required);
        text += &typed_dict(&dict_name(request), &fields_name, starts, first_paragraph(&request.doc), &state);
        text += &typed_dict(options, &format!("{fields_name}, CallOptions"), false, "Keywords beside a state.", &[]);
    }
    for state in &states {
        let doc = format!("Keywords of a stream that shows {}.", article(state.name));
        let bases = format!("{}Fields, StateExtra, StreamOptions", state.name);
        text += &typed_dict(&format!("{}Keywords", state.name), &bases, false, &doc, &[]);
    }
    let doc = "Every keyword of a stream.";
    text += &typed_dict("StreamKeywords", "StateFields, StateExtra, StreamOptions", false, doc, &[]);
    let doc = "Every keyword of an end.";
    text += &typed_dict("EndKeywords", "StateFields, StateExtra, EndOptions", false, doc, &[]);
    text += &publishing(&states);
    text += &error_details();
    text
}

/// What publishers take: changes, of which every field is optional, and what a first state has beside its title and type.
fn publishing(states: &[Object]) -> String {
    let mut text = String::new();
    for (name, fields, beside, doc) in [
        ("Patch", "StateFields", "StreamRequestFields", "Changes to what is being published."),
        ("FinalPatch", "StateFields", "EndRequestFields", "Changes to what was published, for its end."),
        ("StartFields", "UpdateFields", "StreamRequestFields", "What a first state has beside its title and type."),
    ] {
        text += &typed_dict(name, &format!("{fields}, StateExtra, {beside}"), false, doc, &[]);
    }
    // How many items are done with shows in one of two states.
    let of = |name| states.iter().find(|state| state.name == name).expect("a state of the core");
    let counts = |field: &&Field| ["percentage", "value", "upper_limit"].contains(&field.name);
    let shared = |field: &&Field| !field.required && of("Value").fields.iter().any(|other| other.name == field.name);
    let fields: Vec<_> = of("Progress").fields.iter().filter(|field| shared(field) && !counts(field)).collect();
    let fields: Vec<_> = fields.into_iter().map(dict_field).collect();
    let doc = "What `track` shows beside a title and how many items are done with.";
    text + &typed_dict("TrackFields", "StateExtra, StreamRequestFields", false, doc, &fields)
}

/// What the errors tell, by the classes that tell something of their own, and all of it together.
fn error_details() -> String {
    let mut text = String::new();
    let mut last = Vec::new();
    let errors = schema().errors;
    for error in errors.iter().filter(|error| !error.fields.is_empty()) {
        let name = details_name(error.name);
        let parent = error.parent.map_or("TypedDict".to_owned(), details_name);
        let fields: Vec<_> = error.fields.iter().map(error_field).collect();
        let doc = format!("What {} tells.", article(error.name));
        text += &typed_dict(&name, &format!("{parent}, total=False"), true, &doc, &fields);
        last.retain(|other| *other != parent);
        last.push(name);
    }
    text += "\n\nclass ErrorDetails(\n";
    text += &lines("    ", last);
    text += "    total=False,\n):\n    \"\"\"What errors tell, all of them together.\"\"\"\n";
    text
}

fn details_name(error: &str) -> String {
    format!("{error}Details")
}

/// Under its name in Python, where a number of seconds is a float.
fn error_field(field: &Field) -> (&str, &str, String) {
    let name = match field.name {
        "transient" => "is_transient",
        "retry_after_seconds" => "retry_after",
        name => name,
    };
    let or_none = if field.required { "" } else { " | None" };
    (name, &field.doc, format!("{}{or_none}", python_type(field)))
}

const TYPES_ALIASES: &str = r#"
Json = Union[None, bool, float, str, Sequence["Json"], Mapping[str, "Json"]]
JsonObject = Mapping[str, Json]
# Not any sequence of strings, since a string is one too.
Names = Union[list[str], tuple[str, ...]]
Metadata = Mapping[str, Union[str, float, bool]]


class ExtraField(TypedDict, total=False):
    """What is newer than this release.

    extra: Fields newer than this release, by name; they are sent unchecked.
    """

    extra: JsonObject | None


class TargetDict(TypedDict):
    """Who receives it.

    channels: The slugs of channels, at least one.
    """

    channels: Names


class CallOptions(TypedDict, total=False):
    """How a call is made.

    timeout: How long it may take with all attempts and pauses, in seconds or as a `timedelta`.
    max_retries: How often it is repeated at most, where that is safe.
    """

    timeout: float | datetime.timedelta | None
    max_retries: int | None


class ClientSettings(CallOptions, total=False):
    """How a client is made, beside its key and where the API is.

    connect_timeout: How long connecting may take, in seconds or as a `timedelta`.
    """

    connect_timeout: float | datetime.timedelta | None


class StateExtra(TypedDict, total=False):
    """What is newer than this release, where a state's fields are keywords.

    state_extra: The state's own `extra`: fields newer than this release, by name; they are sent unchecked.
    """

    state_extra: JsonObject | None
"#;

const PARTS_ALIASES: &str = "

ActionDict = Union[OpenUrlDict, WebhookDict]
Action = Union[OpenUrl, Webhook, ActionDict]
Figures = Sequence[Union[Metric, MetricDict]]
";

/// A field as a class has it.
struct Member<'a> {
    name: &'a str,
    doc: String,
    python_type: String,
    /// What it holds when it is not given; without one it is `None`.
    default: Option<&'static str>,
    required: bool,
}

impl<'a> Member<'a> {
    fn new(name: &'a str, doc: &str, python_type: String, default: Option<&'static str>) -> Self {
        Self { name, doc: one_line(doc), python_type, default, required: false }
    }
}

/// The members of what a caller hands in.
fn members(object: &Object) -> impl Iterator<Item = Member<'_>> {
    object.fields.iter().map(|field| Member {
        required: field.required,
        ..Member::new(field.name, &field.doc, python_type(field), None)
    })
}

/// The members of what comes back. None is required, so that a test that makes an answer names what it is about.
fn answer_members(object: &Object) -> impl Iterator<Item = Member<'_>> {
    object.fields.iter().map(|field| {
        let python_type = python_type(field);
        let default = empty(object, field, &python_type);
        Member::new(field.name, &field.doc, python_type, default)
    })
}

/// What an answer's field holds that a test does not give. A list of the answer itself may be absent; the facts' are empty then.
fn empty(object: &Object, field: &Field, python_type: &str) -> Option<&'static str> {
    match python_type {
        "int" if field.required => Some("0"),
        "float" if field.required => Some("0.0"),
        "str" | "Operation | str" if field.required => Some("\"\""),
        list if list.starts_with("Sequence") && object.name == "ResponseFacts" => Some("()"),
        _ => None,
    }
}

/// A class with its fields as slots; the required ones by position or name, all others by name.
fn class(object: &Object, attributes: &str, members: &[Member<'_>]) -> String {
    let mut text = format!("\n\nclass {}(Record):\n", object.name);
    let fields: Vec<_> = members.iter().map(|member| (member.name, member.doc.as_str())).collect();
    text += &docstring(&object.doc, &fields);
    text += "\n";
    let names: Vec<_> = members.iter().map(|member| format!("\"{}\"", member.name)).collect();
    text += &listed("    __slots__ = (", &names, ")");
    text += "    _fields = __slots__\n";
    text += attributes;
    text += "\n    def __init__(\n        self,\n";
    for member in members.iter().filter(|member| member.required) {
        let _ = writeln!(text, "        {}: {},", member.name, member.python_type);
    }
    text += "        *,\n";
    for Member { name, python_type, default, .. } in members.iter().filter(|member| !member.required) {
        let _ = match default {
            // Made anew for each object.
            None | Some("{}" | "ResponseFacts()") => writeln!(text, "        {name}: {python_type} | None = None,"),
            Some(default) => writeln!(text, "        {name}: {python_type} = {default},"),
        };
    }
    text += "    ) -> None:\n";
    for Member { name, python_type, default, required, .. } in members {
        let _ = match default {
            Some(fresh @ ("{}" | "ResponseFacts()")) => {
                writeln!(text, "        self.{name}: {python_type} = {fresh} if {name} is None else {name}")
            }
            None if !required => writeln!(text, "        self.{name}: {python_type} | None = {name}"),
            _ => writeln!(text, "        self.{name}: {python_type} = {name}"),
        };
    }
    text
}

/// Two shapes: what is optional, and the whole.
fn shapes(object: &Object) -> String {
    let of = |required| object.fields.iter().filter(move |field| field.required == required).map(dict_field);
    let optional: Vec<_> = of(false).collect();
    let mut required: Vec<_> = of(true).collect();
    if let Some(tag) = object.tag {
        required.push(("type", "What it is.", format!("Literal[\"{tag}\"]")));
    }
    let fields = format!("{}Fields", object.name);
    let mut text = String::new();
    let bases = if optional.is_empty() {
        "ExtraField".to_owned()
    } else {
        let doc = format!("What is optional in {}.", article(&dict_name(object)));
        text += &typed_dict(&fields, "", false, &doc, &optional);
        format!("{fields}, ExtraField")
    };
    text += &typed_dict(&dict_name(object), &bases, true, &object.doc, &required);
    text
}

fn dict_field(field: &Field) -> (&str, &str, String) {
    (field.name, &field.doc, python_type(field))
}

fn typed_dict(name: &str, bases: &str, total: bool, doc: &str, fields: &[(&str, &str, String)]) -> String {
    let bases = if bases.is_empty() { "TypedDict" } else { bases };
    let total_text = if total { "" } else { ", total=False" };
    let mut text = format!("\n\nclass {name}({bases}{total_text}):\n");
    text += &docstring(doc, &fields.iter().map(|(name, doc, _)| (*name, *doc)).collect::<Vec<_>>());
    for (index, (name, _, python_type)) in fields.iter().enumerate() {
        let or_none = if total { "" } else { " | None" };
        if index == 0 {
            text.push('\n');
        }
        let _ = writeln!(text, "    {name}: {python_type}{or_none}");
    }
    text
}

fn union(name: &str, members: impl IntoIterator<Item = String>) -> String {
    format!("{name} = Union[\n{}]\n", lines("    ", members))
}

fn literal(choice: &Choice) -> String {
    let values = choice.values.iter().map(|value| format!("\"{}\"", value.name));
    format!("{} = Literal[\n{}]\n\"\"\"{}\"\"\"\n", choice.name, lines("    ", values), one_line(&choice.doc))
}

/// One item a line.
fn lines(indent: &str, items: impl IntoIterator<Item = impl std::fmt::Display>) -> String {
    items.into_iter().fold(String::new(), |mut text, item| {
        let _ = writeln!(text, "{indent}{item},");
        text
    })
}

/// A field's type in Python. A type of the core that is not known here stops the generator.
fn python_type(field: &Field) -> String {
    match rust_type(&field.kind).as_str() {
        "String" => "str".to_owned(),
        "Number" => "float".to_owned(),
        "u16" | "u32" | "u64" => "int".to_owned(),
        "Readout" => "float | str".to_owned(),
        "Names" if field.name == "channels" => "Names | str".to_owned(),
        "Operation" => "Operation | str".to_owned(),
        "serde_json::Value" => "JsonObject".to_owned(),
        "Vec<Color>" => "Sequence[Color]".to_owned(),
        "Vec<String>" => "Sequence[str]".to_owned(),
        "Vec<Violation>" => "Sequence[Violation]".to_owned(),
        "Vec<RateLimit>" => "Sequence[RateLimit]".to_owned(),
        "Vec<Metric>" => "Figures".to_owned(),
        known @ ("bool" | "Color" | "WebhookMethod" | "Metadata" | "Names" | "Action") => known.to_owned(),
        known @ ("Icon" | "Badge" | "PushAlert") => format!("{known} | {known}Dict"),
        other => panic!("{}: the generator for Python does not know the type {other}", field.name),
    }
}

/// Whether a part stands inside a state by itself.
fn is_nested(part: &Object) -> bool {
    ["Icon", "Badge"].contains(&part.name)
}

fn dict_name(object: &Object) -> String {
    format!("{}Dict", object.name)
}

fn article(name: &str) -> String {
    let article = if name.starts_with(['A', 'E', 'I', 'O', 'U']) { "an" } else { "a" };
    format!("{article} `{name}`")
}

fn heading(purpose: &str) -> String {
    format!("\"\"\"{purpose}\n\n{ORIGIN}\n\"\"\"\n\nfrom __future__ import annotations\n\n")
}

fn docstring(doc: &str, fields: &[(&str, &str)]) -> String {
    let mut paragraphs = doc.split("\n\n").map(one_line);
    let first = paragraphs.next().unwrap_or_default();
    let mut text = wrapped("    \"\"\"", "    ", &first);
    for paragraph in paragraphs {
        text += "\n";
        text += &wrapped("    ", "    ", &paragraph);
    }
    if !fields.is_empty() {
        text += "\n";
        for (name, doc) in fields {
            text += &wrapped("    ", "        ", &format!("{name}: {}", one_line(doc)));
        }
    }
    if text.lines().count() > 1 { text + "    \"\"\"\n" } else { format!("{}\"\"\"\n", text.trim_end()) }
}

/// What follows the first paragraph of a request is about Rust.
fn first_paragraph(doc: &str) -> &str {
    doc.split("\n\n").next().unwrap_or_default()
}

/// On one line, and with Python's words for the values of a flag.
fn one_line(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    text.replace("`false`", "`False`").replace("`true`", "`True`")
}

/// Words over lines of at most [`WIDTH`].
fn wrapped(first: &str, next: &str, text: &str) -> String {
    let (mut lines, mut line) = (String::new(), first.to_owned());
    let mut begun = false;
    for word in text.split(' ') {
        if begun && line.chars().count() + 1 + word.chars().count() > WIDTH {
            lines += &line;
            lines.push('\n');
            next.clone_into(&mut line);
        } else if begun {
            line.push(' ');
        }
        line += word;
        begun = true;
    }
    lines + &line + "\n"
}

/// A list on one line, or one item a line where that is too long.
fn listed(open: &str, items: &[String], close: &str) -> String {
    let comma = if items.len() == 1 { "," } else { "" };
    let line = format!("{open}{}{comma}{close}\n", items.join(", "));
    if line.len() <= WIDTH {
        return line;
    }
    format!("{open}\n{}    {close}\n", lines("        ", items))
}
