//! What the schema says of a type, and how a type says it of itself.

use serde::Serialize;

/// All of it; `core/schema.json` is this as JSON.
#[derive(Clone, Debug, Serialize)]
pub struct Schema {
    /// In the order of the API; the untyped update is the last.
    pub states: Vec<Object>,
    /// The objects in states and requests.
    pub parts: Vec<Object>,
    pub unions: Vec<Union>,
    pub endpoints: Vec<Endpoint>,
    /// What endpoints take, in their order.
    pub requests: Vec<Object>,
    /// What endpoints answer with, without `extra` and `facts`.
    pub responses: Vec<Object>,
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

/// An endpoint, by the name that a call gives it.
#[derive(Clone, Debug, Serialize)]
pub struct Endpoint {
    pub name: &'static str,
    pub method: &'static str,
    /// What stands in braces is the key.
    pub path: &'static str,
    /// What the key is called, where the path has one.
    pub key: Option<&'static str>,
    /// The object that it takes.
    pub request: &'static str,
    /// The object that it answers with.
    pub response: &'static str,
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
    /// A moment as RFC 3339 writes it.
    Time,
    /// A number or a string.
    MetricValue,
    /// A list of channel slugs or tags.
    Slugs,
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

/// Describes itself as an object.
pub(crate) trait Describe {
    fn describe() -> Object;
}

/// Describes itself as a choice.
pub(crate) trait DescribeChoice {
    fn describe() -> Choice;
}

/// The attributes of a declaration, as far as the schema needs them: `doc`, and the settings of serde.
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
    pub(super) fn new(name: &'static str, doc: &'static str, members: &[Object]) -> Self {
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
        // `[`Change`](crate::Change)` has its target behind it.
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

    #[test]
    fn links_become_code() {
        assert_eq!(
            prose(&[&[("doc", " As in [`StreamRequest`], a")], &[("doc", " [`Change`](crate::Change) too.")]]),
            "As in `StreamRequest`, a `Change` too."
        );
    }
}
