//! The request bodies judged by the schemas of our OpenAPI document. Rules that span fields do not belong here.

use std::collections::HashMap;
use std::sync::LazyLock;

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::paths::{Location, LocationSegment};
use jsonschema::{ValidationError, Validator};
use serde_json::{Value, json};

use super::{OPENAPI, Problem};
use crate::options::Mode;

/// The schema of each endpoint's body, by method and path.
struct Schemas(HashMap<String, Validator>);

/// Values in a body, many more than any valid one needs, beyond which only the first thing that is wrong is told: there may
/// be as many as values, and each takes more room than its value.
const MOST_EXAMINED: usize = 5000;

static STRICT: LazyLock<Schemas> = LazyLock::new(|| Schemas::compile(&document()));

static LENIENT: LazyLock<Schemas> = LazyLock::new(|| {
    let mut document = document();
    open_up(&mut document);
    Schemas::compile(&document)
});

/// Compiles the schemas of a mode, which takes longer than any request may.
pub(super) fn prepare(mode: Mode) {
    LazyLock::force(schemas(mode));
}

fn schemas(mode: Mode) -> &'static LazyLock<Schemas> {
    match mode {
        Mode::Strict => &STRICT,
        Mode::Lenient => &LENIENT,
    }
}

/// Everything that the schema of an endpoint, such as `POST /badge`, finds wrong; of a huge body, the first thing.
pub(crate) fn check_schema(endpoint: &str, body: &Value, mode: Mode) -> Vec<Problem> {
    let schema = schemas(mode).0.get(endpoint).expect("the embedded OpenAPI document has a schema for each endpoint");
    // Nearly every body is valid, and asking only that is much cheaper than collecting errors.
    if schema.is_valid(body) {
        return Vec::new();
    }
    let mut problems = Vec::new();
    if values_up_to(body, MOST_EXAMINED) < MOST_EXAMINED {
        schema.iter_errors(body).for_each(|error| describe(&error, &mut problems));
    } else if let Err(error) = schema.validate(body) {
        describe(&error, &mut problems);
    }
    problems
}

/// How many values there are in this one, itself among them; not counted further than `most`.
fn values_up_to(value: &Value, most: usize) -> usize {
    let add = |count: usize, inner: &Value| {
        if count < most { count + values_up_to(inner, most - count) } else { count }
    };
    match value {
        Value::Array(items) => items.iter().fold(1, add),
        Value::Object(members) => members.values().fold(1, add),
        _ => 1,
    }
}

impl Schemas {
    fn compile(document: &Value) -> Self {
        let mut schemas = HashMap::new();
        for (path, item) in document["paths"].as_object().into_iter().flatten() {
            for (method, operation) in item.as_object().into_iter().flatten() {
                let reference = &operation["requestBody"]["content"]["application/json"]["schema"]["$ref"];
                if reference.is_null() {
                    continue;
                }
                let schema = json!({
                    "$schema": "https://json-schema.org/draft/2020-12/schema",
                    "$ref": reference,
                    "components": document["components"],
                });
                let schema =
                    jsonschema::validator_for(&schema).expect("the embedded OpenAPI document holds valid schemas");
                schemas.insert(format!("{} {path}", method.to_ascii_uppercase()), schema);
            }
        }
        Self(schemas)
    }
}

fn document() -> Value {
    serde_json::from_str(OPENAPI).expect("the embedded OpenAPI document is JSON")
}

/// Turns the strict schemas into the lenient ones: unknown members are allowed, and patterns are the published ones.
fn open_up(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            // Other members, and those of which only some requests know.
            members.retain(|_, schema| *schema != Value::Bool(false));
            if let Some(pattern) = members.remove("x-lenient-pattern") {
                members.insert("pattern".into(), pattern);
            }
            members.values_mut().for_each(open_up);
        }
        Value::Array(items) => items.iter_mut().for_each(open_up),
        _ => {}
    }
}

fn describe(error: &ValidationError<'_>, problems: &mut Vec<Problem>) {
    let path = path_of(error.instance_path());
    let mut report = |path: String, rule, what: &str| {
        let name = if path.is_empty() { "the body".to_owned() } else { format!("`{path}`") };
        problems.push(Problem::new(path, rule, format!("{name} {what}")));
    };
    match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            for name in unexpected.iter().take(MOST_EXAMINED) {
                report(
                    member(&path, name),
                    "unknown_field",
                    "is not a field of the API; remove it or correct its name",
                );
            }
        }
        ValidationErrorKind::FalseSchema => {
            report(path, "unknown_field", "is not a field of this request; remove it");
        }
        ValidationErrorKind::Required { property } => {
            report(member(&path, property.as_str().unwrap_or_default()), "required", "is missing");
        }
        ValidationErrorKind::Type { .. } if error.instance().is_null() => {
            report(path, "null", "must not be null; leave it out instead");
        }
        ValidationErrorKind::Type { kind } => report(path, "type", &format!("must be of type {}", type_names(kind))),
        ValidationErrorKind::Enum { options } => report(path, "enum", &format!("must be one of {}", listed(options))),
        ValidationErrorKind::Minimum { limit } => report(path, "minimum", &format!("must be at least {limit}")),
        ValidationErrorKind::Maximum { limit } => report(path, "maximum", &format!("must be at most {limit}")),
        ValidationErrorKind::ExclusiveMinimum { limit } => {
            report(path, "exclusive_minimum", &format!("must be greater than {limit}"));
        }
        ValidationErrorKind::MinLength { limit } => {
            report(path, "min_length", &format!("must have at least {limit} character(s)"));
        }
        ValidationErrorKind::MaxLength { limit } => {
            report(path, "max_length", &format!("must have at most {limit} characters"));
        }
        ValidationErrorKind::MinItems { limit } => {
            report(path, "min_items", &format!("must have at least {limit} item(s)"));
        }
        ValidationErrorKind::MaxItems { limit } => {
            report(path, "max_items", &format!("must have at most {limit} items"));
        }
        ValidationErrorKind::MaxProperties { limit } => {
            report(path, "max_entries", &format!("must have at most {limit} entries"));
        }
        ValidationErrorKind::PropertyNames { .. } => {
            report(path, "entry_name", "must have entry names of 1 to 100 characters");
        }
        ValidationErrorKind::Pattern { .. } if !path.starts_with("tags") => {
            report(path, "pattern", "does not have the form that the documentation gives for it");
        }
        ValidationErrorKind::Pattern { .. } => report(
            path,
            "pattern",
            "must begin with a lower-case letter or digit, followed only by those and `.` `_` `:` `-`",
        ),
        // The document uses no other keyword; should it ever, the library's words are better than none.
        _ => report(path, "schema", &format!("is not allowed: {error}")),
    }
}

fn path_of(location: &Location) -> String {
    location.segments().fold(String::new(), |path, segment| match segment {
        LocationSegment::Property(name) => member(&path, &name),
        LocationSegment::Index(index) => format!("{path}[{index}]"),
    })
}

fn member(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

fn type_names(kind: &TypeKind) -> String {
    match kind {
        TypeKind::Single(name) => name.to_string(),
        TypeKind::Multiple(names) => names.iter().map(|name| name.to_string()).collect::<Vec<_>>().join(" or "),
    }
}

fn listed(options: &Value) -> String {
    let names = options.as_array().into_iter().flatten().filter_map(Value::as_str);
    names.collect::<Vec<_>>().join(", ")
}
