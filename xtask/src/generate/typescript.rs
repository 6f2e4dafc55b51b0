//! The core's models as TypeScript types, for the npm package. It knows how TypeScript spells things and nothing of the API.

use super::Generated;
use super::rust_type;
use activitysmith_kit::describe::{Choice, Field, Object, schema};

/// The widest line that is written.
const WIDTH: usize = 120;

/// Fields of callers whose Rust types say less than TypeScript's can: the core refuses at run time what these do not let compile.
const NARROWER: [(&str, &str, &str); 2] = [
    ("Metrics", "metrics", "readonly (Metric & { value: number | bigint })[]"),
    // What interfaces describe has no index; lists have neither form.
    ("Webhook", "body", "{ readonly [name: string]: unknown } | (object & { [Symbol.iterator]?: never })"),
];

/// Objects that need one of several sets of their optional fields.
const ONE_OF: [(&str, &[&[&str]]); 1] = [("Progress", &[&["percentage"], &["value", "upper_limit"]])];

/// Who writes values of a type: what callers hand in is taken more widely than what they are given.
#[derive(Clone, Copy, PartialEq)]
enum Author {
    Caller,
    Service,
}

/// The module `models.ts`.
pub(super) fn files() -> [Generated; 1] {
    [Generated { path: "bindings-wasm/ts/models.ts", text: models() }]
}

fn models() -> String {
    let mut text = String::from(
        "// What states, requests and answers hold. Generated from the core's models by `cargo xtask generate`; not to be edited.\n",
    );
    for choice in schema().choices {
        text += &alias(&choice);
    }
    let states = schema().states;
    text += &state_types(&states);
    text += &union("ContentState", "What a Live Activity shows.", states.iter().map(|state| state.name));
    let parts = schema().parts;
    let is_action = |part: &&Object| part.tag.is_some();
    text += &union("Action", "A button of a Live Activity.", parts.iter().filter(is_action).map(|part| part.name));
    for object in states.iter().chain(&parts).chain(&schema().requests) {
        text += &interface(object, Author::Caller);
    }
    for object in std::iter::once(&schema().response).chain(&schema().facts) {
        text += &interface(object, Author::Service);
    }
    let kinds = schema().events.into_iter().map(|event| format!("\"{}\"", event.name));
    text += &union("EventKind", "What can happen to a publisher.", kinds);
    text + &interface(&schema().counters, Author::Service)
}

/// A choice as the union of its texts.
fn alias(choice: &Choice) -> String {
    union(choice.name, &choice.doc, choice.values.iter().map(|value| format!("\"{}\"", value.name)))
}

fn union(name: &str, doc: &str, members: impl Iterator<Item = impl ToString>) -> String {
    let members: Vec<String> = members.map(|member| member.to_string()).collect();
    let line = format!("export type {name} = {};", members.join(" | "));
    let declaration =
        if line.len() <= WIDTH { line } else { format!("export type {name} =\n  | {};", members.join("\n  | ")) };
    format!("\n{}{declaration}\n", comment(doc, ""))
}

/// The types of states as constants, by the names that JavaScript would give them.
fn state_types(states: &[Object]) -> String {
    let mut text = format!("\n{}export const STATE_TYPES = {{\n", comment("Every type of a state.", ""));
    for tag in states.iter().filter_map(|state| state.tag) {
        text += &format!("  {}: \"{tag}\",\n", camel_case(tag));
    }
    text + "} as const satisfies Record<string, StateType>;\n"
}

fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |text, word| text + &word[..1].to_uppercase() + &word[1..])
}

fn interface(object: &Object, author: Author) -> String {
    let name = object.name;
    let sets = ONE_OF.iter().find(|(owner, _)| *owner == name).map(|(_, sets)| *sets);
    let beginning = if sets.is_some() { format!("type {name} =") } else { format!("interface {name}") };
    let mut text = format!("\n{}export {beginning} {{\n", comment(&object.doc, ""));
    match object.tag {
        Some(tag) => text += &format!("  type: \"{tag}\";\n"),
        // Its absence tells an update from the typed states.
        None if object.name == "Update" => text += "  type?: undefined;\n",
        None => {}
    }
    for field in &object.fields {
        text += &member(name, field, author);
    }
    match author {
        Author::Caller => {
            text += &comment(
                "Fields and values newer than this release, by name; they are sent beside the known ones.",
                "  ",
            );
            text += "  extra?: { readonly [name: string]: unknown } | undefined;\n";
        }
        Author::Service if object.name == "StreamResponse" => {
            text += &comment("Whatever else the answer held: fields newer than this release.", "  ");
            text += "  extra?: { [name: string]: unknown };\n";
            text += &comment("How the answer came about.", "  ");
            text += "  facts: ResponseFacts;\n";
        }
        Author::Service => {}
    }
    match sets {
        Some(sets) => text + "} & (" + &one_of(object, sets, author) + ");\n",
        None => text + "}\n",
    }
}

/// The sets of fields as types of which one must hold.
fn one_of(object: &Object, sets: &[&[&str]], author: Author) -> String {
    let sets = sets.iter().map(|names| {
        let fields = object.fields.iter().filter(|field| names.contains(&field.name));
        let members = fields.map(|field| format!("{}: {}", field.name, spelling(&rust_type(&field.kind), author)));
        format!("{{ {} }}", members.collect::<Vec<_>>().join("; "))
    });
    sets.collect::<Vec<_>>().join(" | ")
}

fn member(object: &str, field: &Field, author: Author) -> String {
    let Field { name, .. } = field;
    let narrower = NARROWER.iter().find(|(owner, field, _)| *owner == object && field == name);
    let written =
        narrower.map_or_else(|| spelling(&rust_type(&field.kind), author), |(_, _, narrower)| (*narrower).to_owned());
    let declaration = match (field.required, author) {
        (true, _) => format!("{name}: {written};"),
        // Whoever is strict about optional members may write `undefined` all the same.
        (false, Author::Caller) => format!("{name}?: {written} | undefined;"),
        (false, Author::Service) => format!("{name}?: {written};"),
    };
    format!("{}  {declaration}\n", comment(&field.doc, "  "))
}

/// A Rust type as TypeScript spells it.
fn spelling(rust_type: &str, author: Author) -> String {
    if let Some(item) = rust_type.strip_prefix("Vec<").and_then(|rest| rest.strip_suffix('>')) {
        return list(&spelling(item, author), author);
    }
    match rust_type {
        "String" => "string".to_owned(),
        "bool" => "boolean".to_owned(),
        "Number" | "u16" | "u32" | "u64" => "number".to_owned(),
        "Readout" => "number | bigint | string".to_owned(),
        "Names" => list("string", author),
        "Metadata" => "{ readonly [name: string]: string | number | bigint | boolean }".to_owned(),
        "serde_json::Value" => "object".to_owned(),
        // New ones may come, and they are kept.
        "Operation" => "Operation | (string & {})".to_owned(),
        model => model.to_owned(),
    }
}

fn list(item: &str, author: Author) -> String {
    match author {
        Author::Caller => format!("readonly {item}[]"),
        Author::Service => format!("{item}[]"),
    }
}

/// A comment that editors show.
fn comment(doc: &str, indent: &str) -> String {
    let lines = filled(doc, WIDTH - indent.len() - " * ".len());
    match &lines[..] {
        [] => String::new(),
        // The marks of a single line are longer.
        [line] if indent.len() + line.len() + "/**  */".len() <= WIDTH => format!("{indent}/** {line} */\n"),
        _ => {
            let lines = lines.iter().map(|line| format!("{indent} * {line}").trim_end().to_owned() + "\n");
            format!("{indent}/**\n{}{indent} */\n", lines.collect::<String>())
        }
    }
}

/// A text's paragraphs in lines of at most this width, with an empty line between them.
fn filled(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for paragraph in text.trim().split("\n\n").filter(|paragraph| !paragraph.is_empty()) {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            if !line.is_empty() && line.len() + 1 + word.len() > width {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line += word;
        }
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_of_the_models_has_a_spelling() {
        let objects = [schema().states, schema().parts, schema().requests, schema().facts].concat();
        let choices = schema().choices;
        let known = |name: &str| {
            ["ContentState", "Action"].contains(&name)
                || objects.iter().any(|object| object.name == name)
                || choices.iter().any(|choice| choice.name == name)
        };
        for field in objects.iter().flat_map(|object| &object.fields).chain(&schema().response.fields) {
            let written = spelling(&rust_type(&field.kind), Author::Service);
            let item = written.split(" | ").next().unwrap_or_default().trim_end_matches("[]");
            assert!(item.starts_with(|first: char| !first.is_uppercase()) || known(item), "{}", rust_type(&field.kind));
        }
    }

    #[test]
    fn what_is_narrower_is_a_field_that_there_is() {
        let objects = [schema().states, schema().parts, schema().requests].concat();
        let has = |object: &str, name: &str| {
            objects.iter().any(|one| one.name == object && one.fields.iter().any(|field| field.name == name))
        };
        assert!(NARROWER.iter().all(|(object, field, _)| has(object, field)));
        assert!(ONE_OF.iter().all(|(object, sets)| sets.iter().copied().flatten().all(|field| has(object, field))));
    }

    #[test]
    fn names_of_types_become_those_of_constants() {
        assert_eq!(
            (camel_case("segmented_progress"), camel_case("timer")),
            ("segmentedProgress".into(), "timer".into())
        );
    }
}
