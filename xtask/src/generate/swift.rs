//! Writes what Swift's face knows of the models beyond the types that UniFFI makes: their names in Swift, a function for each
//! state and button, the parameters of calls, and where texts are in them. It holds Swift's spelling and no rule of the API.

mod publishing;

use super::Generated;
use super::rust_type;
use super::template::{camel_case, spelled};
use activitysmith_kit::describe::{Choice, Field, Object, schema};
use std::fmt::Write as _;

/// No line is longer.
const WIDTH: usize = 120;
/// The union of all states, and that of all buttons.
const UNIONS: [(&str, &str); 2] =
    [("ContentState", "What a Live Activity shows."), ("Action", "A button of a Live Activity.")];
/// What the models are made of beside those that describe themselves: the name in Swift, UniFFI's, and what it is.
const BESIDE: [(&str, &str, &str); 11] = [
    ("Number", "NumberValue", "A number, in the form in which it was given."),
    ("Readout", "Readout", "What a figure shows: a number, or a text that is shown exactly as given."),
    ("MetadataValue", "MetadataValue", "A detail's value: nothing nested."),
    ("JsonValue", "JsonValue", "Any JSON: what a webhook is called with, and fields newer than this release."),
    ("Violation", "Violation", "One broken rule."),
    ("ApiError", "ApiError", "The service answered, but not with success."),
    ("ApiErrorKind", "ApiErrorKind", "What an answer means that is not success."),
    ("ConnectionErrorKind", "ConnectionErrorKind", "How far a request got that was not answered."),
    ("PublisherEvent", "PublisherEvent", "Something that happened to a publisher."),
    ("EventKind", "EventKind", "What kind of event it is."),
    ("Counters", "Counters", "How often what happened to a publisher."),
];
const EXTRA: &str = "Fields newer than this release, by name; they are sent beside the known ones.";

pub(super) fn files() -> [Generated; 7] {
    [
        generated("bindings-swift/Sources/ActivitySmithKit/Models.swift", models()),
        generated("bindings-swift/Sources/ActivitySmithKit/States.swift", states()),
        generated("bindings-swift/Sources/ActivitySmithKit/Calls.swift", calls()),
        generated("bindings-swift/Sources/ActivitySmithKit/PublishedStates.swift", publishing::states()),
        generated("bindings-swift/Sources/ActivitySmithKit/Publishing.swift", publishing::functions()),
        generated("bindings-swift/Sources/ActivitySmithKit/Weights.swift", weights()),
        generated("bindings-swift/Tests/ActivitySmithKitTests/Fittings.swift", fittings()),
    ]
}

fn generated(path: &'static str, text: String) -> Generated {
    Generated { path, text }
}

/// Every type's name, and the texts that are one of a few.
fn models() -> String {
    let mut text = heading(
        "The models by their names: all are in `LiveActivity`, since several would hide types of Foundation and SwiftUI.",
    );
    text += "import ActivitySmithNative\n\n";
    text += &comment("What states, buttons and answers are made of, by the API's own names.", "");
    text += "public enum LiveActivity {\n";
    let answer = [schema().response];
    let (states, parts, facts) = (schema().states, schema().parts, schema().facts);
    let objects = states.iter().chain(&parts).chain(&answer).chain(&facts);
    let choices = choices();
    let aliases = UNIONS.into_iter().map(|(name, doc)| (name, name, doc));
    let aliases = aliases.chain(objects.map(|object| (object.name, object.name, object.doc.as_str())));
    let aliases = aliases.chain(choices.iter().map(|choice| (choice.name, choice.name, choice.doc.as_str())));
    let aliases: Vec<String> = aliases
        .chain(BESIDE)
        .map(|(name, native, doc)| {
            format!("{}    public typealias {name} = ActivitySmithNative.{native}\n", comment(doc, "    "))
        })
        .collect();
    text += &aliases.join("\n");
    text += "}\n";
    for choice in &choices {
        text += &names(choice);
    }
    text
}

/// Those that have a type of their own.
fn choices() -> Vec<Choice> {
    schema().choices.into_iter().filter(|choice| choice.name != "ErrorKind").collect()
}

/// A choice's values, and their names on the wire.
fn names(choice: &Choice) -> String {
    let cases: Vec<(String, &str)> = choice.values.iter().map(|value| (case(value.name), value.name)).collect();
    let list = |separator: &str| cases.iter().map(|(case, _)| format!(".{case}")).collect::<Vec<_>>().join(separator);
    let is_open = choice.name == "Operation";
    let protocols = if is_open { "CustomStringConvertible" } else { "CaseIterable, CustomStringConvertible" };
    let mut text = format!("\nextension LiveActivity.{}: {protocols} {{\n", choice.name);
    if !is_open {
        text += "    /// Every one.\n";
        let line = format!("    public static var allCases: [Self] {{ [{}] }}\n", list(", "));
        text += &if line.len() <= WIDTH {
            line
        } else {
            format!(
                "    public static var allCases: [Self] {{\n        [\n            {},\n        ]\n    }}\n",
                list(",\n            ")
            )
        };
        text.push('\n');
    }
    text += "    /// The name on the wire.\n    public var description: String {\n        switch self {\n";
    for (case, value) in &cases {
        let _ = writeln!(text, "        case .{case}: \"{value}\"");
    }
    if is_open {
        text += "        case .unknown(let name): name\n";
    }
    text + "        }\n    }\n}\n"
}

/// A function for each state and each button, and an initializer for what holds numbers.
fn states() -> String {
    let mut text = heading("How states and buttons are written: `.progress(title: \"Backup\", percentage: 42)`.");
    text += "import ActivitySmithNative\n";
    text += &factories("ContentState", &schema().states);
    let parts = schema().parts;
    let buttons: Vec<Object> = parts.iter().filter(|part| part.tag.is_some()).cloned().collect();
    text += &factories("Action", &buttons);
    for part in parts.iter().filter(|part| part.fields.iter().any(is_numeric)) {
        let parameters = parameters(part);
        let _ = write!(text, "\nextension LiveActivity.{} {{\n", part.name);
        text += &documented(&part.doc, &parameters);
        text += &declaration("    public init(", &parameters, ") {");
        let _ = write!(text, "        self.init(\n{}        )\n    }}\n}}\n", arguments(&parameters, "            "));
    }
    text
}

fn factories(union: &str, objects: &[Object]) -> String {
    let mut text = format!("\nextension LiveActivity.{union} {{\n");
    for (index, object) in objects.iter().enumerate() {
        let parameters = parameters(object);
        let case = lower_first(object.name);
        text += if index == 0 { "" } else { "\n" };
        text += &documented(&object.doc, &parameters);
        text += &declaration(&format!("    public static func {case}("), &parameters, ") -> Self {");
        let _ = writeln!(text, "        .{case}(\n            LiveActivity.{}(", object.name);
        let _ = write!(text, "{}            ))\n    }}\n", arguments(&parameters, "                "));
    }
    text + "}\n"
}

/// The two calls.
fn calls() -> String {
    let mut text = heading("The calls: every field of a request is a parameter, and so is how patient the call is.");
    text += "import ActivitySmithNative\n\nextension LiveActivities {\n";
    for (index, (request, name)) in schema().requests.iter().zip(["stream", "endStream"]).enumerate() {
        let fields = parameters(request);
        let mut all = vec![Parameter::plain("_ streamKey", "The key of the stream.", "String", None)];
        all.extend(fields.iter().cloned().map(|mut field| {
            if field.name == "contentState" {
                "_ contentState".clone_into(&mut field.label);
            }
            field
        }));
        let patience = "How long the call may take, with all attempts and pauses; else as its client says.";
        all.push(Parameter::plain("timeout", patience, "Duration?", Some("nil")));
        let retries = "How often it is repeated at most, where that is safe; else as its client says.";
        all.push(Parameter::plain("maxRetries", retries, "Int?", Some("nil")));
        text += if index == 0 { "" } else { "\n" };
        text += &documented(first_paragraph(&request.doc), &all);
        text += "    /// - Returns: What the service did, and how the answer came about.\n";
        text += "    /// - Throws: ``ActivitySmithError``. Nothing was sent if it is `.config` or `.validation`.\n";
        text += "    @discardableResult\n";
        let end = ") async throws(ActivitySmithError) -> LiveActivity.StreamResponse {";
        text += &declaration(&format!("    public func {name}("), &all, end);
        let _ =
            write!(text, "        let request = {}(\n{}        )\n", request.name, arguments(&fields, "            "));
        text += "        let start = { (client: TypedClient, options: CallOptions) in\n";
        let _ =
            writeln!(text, "            try client.{name}(streamKey: streamKey, request: request, options: options)");
        text += "        }\n";
        text += "        return try await outcome(\n            of: start, weighing: [streamKey, request], timeout: timeout, maxRetries: maxRetries)\n    }\n";
    }
    text + "}\n"
}

/// Where texts are in the models.
fn weights() -> String {
    let mut text = heading("Where the texts of states and requests are, for `Scale`.");
    text += "import ActivitySmithNative\n";
    let (states, parts) = (schema().states, schema().parts);
    for object in states.iter().chain(&parts).chain(&schema().requests) {
        let _ = write!(text, "\nextension {}: Weighed {{\n", native(object.name));
        text += "    func weigh(on scale: inout Scale) {\n";
        for field in object.fields.iter().filter(|field| has_text(field)) {
            let mark = if field.required { "" } else { "?" };
            let _ = writeln!(text, "        {}{mark}.weigh(on: &scale)", camel_case(field.name));
        }
        text += "        extra.weigh(on: &scale)\n    }\n}\n";
    }
    let buttons = parts.iter().filter(|part| part.tag.is_some());
    for (union, members) in [("ContentState", states.iter().collect::<Vec<_>>()), ("Action", buttons.collect())] {
        let _ = write!(text, "\nextension {}: Weighed {{\n", native(union));
        text += "    func weigh(on scale: inout Scale) {\n        switch self {\n";
        for member in members {
            let case = lower_first(member.name);
            let _ = writeln!(text, "        case .{case}(let {case}): {case}.weigh(on: &scale)");
        }
        text += "        }\n    }\n}\n";
    }
    text
}

/// How the shared vectors' JSON becomes the models, for tests.
fn fittings() -> String {
    let mut text = heading("How the JSON of the shared vectors becomes typed models, where it fits them.");
    text += "import ActivitySmithKit\nimport ActivitySmithNative\n";
    let (states, parts, requests) = (schema().states, schema().parts, schema().requests);
    for object in states.iter().chain(&parts).chain(&requests) {
        let _ = write!(text, "\nextension {}: Fitting {{\n", native(object.name));
        let tag = object.tag.map_or_else(|| "nil".to_owned(), |tag| format!("\"{tag}\""));
        text += "    init(fitting json: LiveActivity.JsonValue) throws(Misfit) {\n";
        let _ = writeln!(text, "        var members = try Members(json, type: {tag})");
        text += "        self.init(\n";
        for field in &object.fields {
            let way = if field.required { "required" } else { "optional" };
            let _ = writeln!(text, "            {}: try members.{way}(\"{}\"),", camel_case(field.name), field.name);
        }
        text += "            extra: try members.extra())\n        try members.end()\n    }\n}\n";
    }
    for choice in choices().iter().filter(|choice| ["Color", "WebhookMethod"].contains(&choice.name)) {
        let _ = write!(text, "\nextension {}: NamedFitting {{}}\n", native(choice.name));
    }
    text += "\nextension LiveActivity.StreamResponse {\n";
    text += "    /// What is known of it, by the API's own names.\n    var known: [String: LiveActivity.JsonValue?] {\n        [\n";
    for field in schema().response.fields {
        let mark = if field.required { "" } else { "?" };
        let _ = writeln!(text, "            \"{}\": {}{mark}.json,", field.name, camel_case(field.name));
    }
    text += "        ]\n    }\n}\n";
    for (union, members) in [("ContentState", &states), ("Action", &parts)] {
        let _ = write!(text, "\nextension {}: Fitting {{\n", native(union));
        text += "    init(fitting json: LiveActivity.JsonValue) throws(Misfit) {\n        switch json[\"type\"] {\n";
        for member in members {
            let case = lower_first(member.name);
            let made = format!(".{case}(try LiveActivity.{}(fitting: json))", member.name);
            if let Some(tag) = member.tag {
                let _ = writeln!(text, "        case .string(\"{tag}\"): self = {made}");
            } else if member.name == "Update" {
                let _ = writeln!(text, "        case nil: self = {made}");
            }
        }
        text += "        default: throw Misfit()\n        }\n    }\n}\n";
    }
    text
}

/// A parameter of a function, and how it is handed on.
#[derive(Clone)]
struct Parameter {
    /// As callers write it.
    label: String,
    name: String,
    doc: String,
    swift_type: String,
    default: Option<&'static str>,
    argument: String,
}

impl Parameter {
    fn plain(label: &str, doc: &str, swift_type: &str, default: Option<&'static str>) -> Self {
        let name = label.trim_start_matches("_ ").to_owned();
        Self {
            argument: name.clone(),
            name,
            label: label.to_owned(),
            doc: doc.to_owned(),
            swift_type: swift_type.to_owned(),
            default,
        }
    }
}

fn parameters(object: &Object) -> Vec<Parameter> {
    let mut parameters: Vec<Parameter> = object.fields.iter().map(parameter).collect();
    parameters.push(Parameter::plain("extra", EXTRA, "[String: LiveActivity.JsonValue]", Some("[:]")));
    parameters
}

fn parameter(field: &Field) -> Parameter {
    let name = camel_case(field.name);
    let written = swift_type(field);
    let (swift_type, default) = match (field.required, written.strip_prefix("any ")) {
        (true, _) => (written, None),
        (false, Some(_)) => (format!("({written})?"), Some("nil")),
        (false, None) => (format!("{written}?"), Some("nil")),
    };
    let mark = if field.required { "" } else { "?" };
    let argument = match rust_type(&field.kind).as_str() {
        "Number" => format!("{name}{mark}.liveActivityNumber"),
        "Readout" => format!("{name}{mark}.liveActivityReadout"),
        _ => name.clone(),
    };
    Parameter { argument, ..Parameter::plain(&name, &field.doc, &swift_type, default) }
}

/// A field's type in Swift. A type of the core that is not known here stops the generator.
fn swift_type(field: &Field) -> String {
    match rust_type(&field.kind).as_str() {
        "String" => "String".to_owned(),
        "bool" => "Bool".to_owned(),
        "Number" => "any LiveActivity.NumberConvertible".to_owned(),
        "Readout" => "any LiveActivity.ReadoutConvertible".to_owned(),
        "Names" => "[String]".to_owned(),
        "Metadata" => "[String: LiveActivity.MetadataValue]".to_owned(),
        "serde_json::Value" => "LiveActivity.JsonValue".to_owned(),
        "Vec<Color>" => "[LiveActivity.Color]".to_owned(),
        "Vec<Metric>" => "[LiveActivity.Metric]".to_owned(),
        known @ ("Color" | "Icon" | "Badge" | "WebhookMethod" | "Action" | "PushAlert" | "ContentState") => {
            format!("LiveActivity.{known}")
        }
        other => panic!("{}: the generator for Swift does not know the type {other}", field.name),
    }
}

fn is_numeric(field: &Field) -> bool {
    ["Number", "Readout"].contains(&rust_type(&field.kind).as_str())
}

/// Whether it can hold texts, or much.
fn has_text(field: &Field) -> bool {
    !["bool", "Number", "Color", "WebhookMethod"].contains(&rust_type(&field.kind).as_str())
}

/// Requests are no part of the face, so they have UniFFI's names.
fn native(name: &str) -> String {
    if name.ends_with("Request") { name.to_owned() } else { format!("LiveActivity.{name}") }
}

/// What a function does and takes, as DocC reads it.
fn documented(doc: &str, parameters: &[Parameter]) -> String {
    let mut text = comment(doc, "    ") + "    ///\n    /// - Parameters:\n";
    for Parameter { name, doc, .. } in parameters {
        for (index, line) in
            filled(&format!("- {name}: {}", one_line(doc)), WIDTH - "    ///     ".len()).iter().enumerate()
        {
            let indent = if index == 0 { "  " } else { "    " };
            let _ = writeln!(text, "    /// {indent}{line}");
        }
    }
    text
}

fn declaration(open: &str, parameters: &[Parameter], close: &str) -> String {
    let lines: Vec<String> = parameters
        .iter()
        .map(|Parameter { label, swift_type, default, .. }| {
            let default = default.map(|default| format!(" = {default}")).unwrap_or_default();
            format!("        {label}: {swift_type}{default}")
        })
        .collect();
    format!("{open}\n{}\n    {close}\n", lines.join(",\n"))
}

/// The fields of an object, each from the parameter of its name.
fn arguments(parameters: &[Parameter], indent: &str) -> String {
    let lines: Vec<String> =
        parameters.iter().map(|Parameter { name, argument, .. }| format!("{indent}{name}: {argument}")).collect();
    lines.join(",\n") + "\n"
}

fn heading(purpose: &str) -> String {
    let mut text = String::new();
    for line in filled(purpose, WIDTH - "// ".len()) {
        let _ = writeln!(text, "// {line}");
    }
    text + "//\n// Generated from the core's models by `cargo xtask generate`; not to be edited.\n\n"
}

fn comment(doc: &str, indent: &str) -> String {
    let mut text = String::new();
    for line in filled(&spelled(doc), WIDTH - indent.len() - "/// ".len()) {
        text += format!("{indent}/// {line}").trim_end();
        text.push('\n');
    }
    text
}

/// What follows the first paragraph of a request is about Rust.
fn first_paragraph(doc: &str) -> &str {
    doc.split("\n\n").next().unwrap_or_default()
}

/// On one line, and with Swift's name for the request that has all parameters.
fn one_line(text: &str) -> String {
    spelled(&text.replace("`StreamRequest`", "`stream`")).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text's paragraphs in lines of at most this width, with an empty line between them.
fn filled(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for paragraph in text.trim().split("\n\n") {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
                lines.push(std::mem::take(&mut line));
            }
            line += if line.is_empty() { "" } else { " " };
            line += word;
        }
        lines.push(line);
    }
    lines
}

/// A value's name on the wire as UniFFI names its case: `segmented_progress` becomes `segmentedProgress`, and `GET`, `get`.
fn case(value: &str) -> String {
    if value.chars().all(|letter| letter.is_ascii_uppercase()) { value.to_lowercase() } else { camel_case(value) }
}

fn lower_first(name: &str) -> String {
    name[..1].to_lowercase() + &name[1..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_become_cases() {
        assert_eq!((case("segmented_progress"), case("GET")), ("segmentedProgress".into(), "get".into()));
    }

    #[test]
    fn no_line_is_too_long() {
        for Generated { path, text } in files() {
            for line in text.lines() {
                assert!(line.chars().count() <= WIDTH, "{path}: {line}");
            }
        }
    }
}
