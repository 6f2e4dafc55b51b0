//! From flags to the request's JSON: each flag becomes the field of its name. Nothing is judged here, and nothing is added that
//! no flag asked for.

use activitysmith_kit::{Color, Endpoint, call};
use serde_json::{Map, Value};

use crate::args::{ActionArg, Form, Given, Member, MetadataArg, MetricArg, RequestArgs, Source, requires_state};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input;
use crate::value::{computed_number_or_text, edit, flag_or_text, json_or_text, not_finite, number_or_text};

type Object = Map<String, Value>;

const CONTENT_STATE: &str = "content_state";
/// How the fields begin that say when an ended activity leaves the screen.
const AUTO_DISMISS: &str = "auto_dismiss";

/// How the numbers of flags are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbers {
    /// Strictly, as in a call of its own.
    Written,
    /// As a running script computes them, which no number may stop.
    Computed,
}

impl Numbers {
    fn number(self, given: &str) -> Value {
        match self {
            Self::Written => number_or_text(given),
            Self::Computed => computed_number_or_text(given),
        }
    }

    /// A number to skip, in a field that may also hold a text.
    fn skipped(self, given: &str) -> Option<Value> {
        if self == Self::Computed { not_finite(given) } else { None }
    }
}

/// The body of a request: flags laid over the JSON that was given, if any. JSON that is no object goes on as it is, for the core to
/// refuse.
pub fn of<E: Endpoint>(args: &RequestArgs<E>, numbers: Numbers) -> Result<Vec<u8>, Failure> {
    let RequestArgs { json, members, fields } = args;
    let mut body = match json {
        None => Object::new(),
        Some(file) => {
            let text = input::request(file, "asmith ... --json -")?;
            match call::parse_json(&text) {
                Ok(Value::Object(body)) => body,
                _ => return Ok(text),
            }
        }
    };
    if json.is_none() && requires_state::<E>() {
        // Even without a flag, so that what is missing is the title, not the state around it.
        body.insert(CONTENT_STATE.to_owned(), Object::new().into());
    }
    for member in members {
        lay(member, &mut body)?;
    }
    for name in fields.given.iter().map(|given| given.path[0]).filter(|name| name.starts_with(AUTO_DISMISS)) {
        // It may stand beside the state or in it; the flag replaces either.
        edit(&mut body, CONTENT_STATE, |state| _ = state.shift_remove(name));
    }
    for each in &fields.given {
        let of_color = [&each.path[..], &["color"]].concat();
        let has_color = fields.given.iter().any(|other| other.path == of_color);
        add(&mut body, &each.path, each, numbers, has_color);
    }
    Ok(Value::Object(body).to_string().into_bytes())
}

/// Writes a member that was given as JSON. A state changes the fields that it has, whose names may be in the camel case of JavaScript.
fn lay(member: &Member, body: &mut Object) -> Result<(), Failure> {
    let text = match &member.source {
        Source::Json(text) => text.clone().into_bytes(),
        Source::File(file) => input::read(file, "asmith ... --json -")?,
    };
    let value = call::parse_json(&text)
        .map_err(|_| Failure::new(Exit::Invalid, format!("nothing was sent: {} is not JSON", member.path.join("."))))?;
    match (member.path, value) {
        ([name @ CONTENT_STATE], Value::Object(members)) => {
            let members = members.into_iter().map(|(name, value)| (snake_case(&name), value));
            edit(body, name, |state| state.extend(members));
        }
        (path, value) => put(body, path, value),
    }
    Ok(())
}

fn put(object: &mut Object, path: &[&str], value: Value) {
    match path {
        [] => {}
        [name] => _ = object.insert((*name).to_owned(), value),
        [name, rest @ ..] => edit(object, name, |inner| put(inner, rest, value)),
    }
}

fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for char in name.chars() {
        if char.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(char.to_ascii_lowercase());
    }
    snake
}

/// Writes what was given for a field, at the end of its path.
fn add(object: &mut Object, path: &[&str], given: &Given, numbers: Numbers, has_color: bool) {
    let (name, text) = match path {
        [] => return,
        [name] => (*name, given.texts.last().map_or("", String::as_str)),
        [name, rest @ ..] => return edit(object, name, |inner| add(inner, rest, given, numbers, has_color)),
    };
    let value = match given.form {
        Form::Text => text.into(),
        Form::Number => numbers.number(text),
        Form::NumberOrText => numbers.skipped(text).unwrap_or_else(|| number_or_text(text)),
        Form::Boolean => flag_or_text(text),
        Form::Json => json_or_text(text),
        Form::List => given.texts.clone().into(),
        Form::Metrics => parsed(&given.texts, MetricArg::parse).map(|args| metric(args, numbers)).collect(),
        Form::Actions => parsed(&given.texts, ActionArg::parse).map(action).collect(),
        Form::Metadata => parsed(&given.texts, MetadataArg::parse)
            .map(|MetadataArg { key, value }| (key, value))
            .collect::<Object>()
            .into(),
        Form::EmptyList => Value::Array(Vec::new()),
        Form::EmptyObject => Object::new().into(),
        Form::Colored(member) => {
            return edit(object, name, |part| {
                let (text, color) = if has_color { (text, None) } else { split_color(text) };
                part.insert(member.to_owned(), text.into());
                part.extend(color.map(|color| ("color".to_owned(), color.into())));
            });
        }
        Form::Tagged(tag) => {
            object.insert("type".to_owned(), tag.into());
            text.into()
        }
    };
    object.insert(name.to_owned(), value);
}

/// What texts say that were looked at when the command line was read.
fn parsed<T>(texts: &[String], parse: impl Fn(&str) -> Result<T, String>) -> impl Iterator<Item = T> {
    texts.iter().filter_map(move |text| parse(text).ok())
}

fn metric(args: MetricArg, numbers: Numbers) -> Object {
    let skipped = args.value.as_str().and_then(|text| numbers.skipped(text));
    let mut metric = Object::new();
    metric.insert("label".to_owned(), args.label.into());
    metric.insert("value".to_owned(), skipped.unwrap_or(args.value));
    metric.extend(args.unit.map(|unit| ("unit".to_owned(), unit.into())));
    metric.extend(args.color.map(|color| ("color".to_owned(), color.into())));
    metric
}

fn action(args: ActionArg) -> Object {
    let mut action = Object::new();
    action.insert("title".to_owned(), args.title.into());
    action.insert("type".to_owned(), if args.is_webhook { "webhook" } else { "open_url" }.into());
    action.insert("url".to_owned(), args.url.into());
    action.extend(args.method.map(|method| ("method".to_owned(), method.into())));
    action.extend(args.body.map(|body| ("body".to_owned(), body)));
    action
}

/// Takes `Failed:red` apart. `12:30` and `env:prod` are whole, since no colour is called so.
fn split_color(text: &str) -> (&str, Option<&str>) {
    let is_color = |text: &str| Color::ALL.iter().any(|color| color.as_str() == text);
    match text.rsplit_once(':') {
        Some((text, color)) if is_color(color) => (text, Some(color)),
        _ => (text, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_is_split_off_where_it_can_be_one() {
        assert_eq!(split_color("server.rack:blue"), ("server.rack", Some("blue")));
        assert_eq!(split_color("12:30"), ("12:30", None));
        assert_eq!(split_color("Failed"), ("Failed", None));
        assert_eq!(split_color("env:prod"), ("env:prod", None));
        assert_eq!(split_color("env:prod:red"), ("env:prod", Some("red")));
    }
}
