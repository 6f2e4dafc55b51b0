//! From flags to the request's JSON: each flag becomes the field of its name. Nothing is judged here, and nothing is added that
//! no flag asked for.

use activitysmith_kit::describe::{self, Type};
use activitysmith_kit::{Color, call};
use serde_json::{Map, Value};

use crate::args::{ActionArgs, AlertArgs, EndArgs, Given, MetricArg, RequestArgs, StateArgs, StreamArgs};
use crate::failure::Failure;
use crate::input;
use crate::value::{computed_number_or_text, edit, flag_or_text, json_or_text, not_finite, number_or_text};

type Object = Map<String, Value>;

const CONTENT_STATE: &str = "content_state";

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

/// The body of the request that shows a state.
pub fn stream(args: &StreamArgs, numbers: Numbers) -> Result<Vec<u8>, Failure> {
    overlay(&args.request, |body| {
        if args.request.json.is_none() {
            // Even without a flag, so that what is missing is the title, not the state around it.
            body.insert(CONTENT_STATE.to_owned(), Object::new().into());
        }
        edit(body, CONTENT_STATE, |state| add_state(state, &args.request.state, numbers));
        set_texts(body, "channels", &args.channels);
    })
}

/// The body of the request that ends a stream.
pub fn end(args: &EndArgs) -> Result<Vec<u8>, Failure> {
    overlay(&args.request, |body| {
        edit(body, CONTENT_STATE, |state| add_state(state, &args.request.state, Numbers::Written));
        for (name, value) in
            [("auto_dismiss_seconds", &args.auto_dismiss_seconds), ("auto_dismiss_minutes", &args.auto_dismiss_minutes)]
        {
            if let Some(value) = value {
                // It may stand beside the state or in it; the flag replaces either.
                edit(body, CONTENT_STATE, |state| _ = state.shift_remove(name));
                body.insert(name.to_owned(), number_or_text(value));
            }
        }
    })
}

/// Lays flags over the JSON that was given, if any. JSON that is no object goes on as it is, for the core to refuse.
fn overlay(args: &RequestArgs, change: impl FnOnce(&mut Object)) -> Result<Vec<u8>, Failure> {
    let mut body = match &args.json {
        None => Object::new(),
        Some(file) => {
            let text = input::read(file, "asmith ... --json -")?;
            match call::parse_json(&text) {
                Ok(Value::Object(body)) => body,
                _ => return Ok(text),
            }
        }
    };
    change(&mut body);
    edit(&mut body, "action", |action| add_action(action, &args.action));
    edit(&mut body, "secondary_action", |action| add_action(action, &args.secondary_action));
    edit(&mut body, "alert", |alert| add_alert(alert, &args.alert));
    set_texts(&mut body, "tags", &args.tags);
    if args.no_tags {
        body.insert("tags".to_owned(), Value::Array(Vec::new()));
    }
    if args.no_metadata || !args.metadata.is_empty() {
        let metadata: Object = args.metadata.iter().map(|entry| (entry.key.clone(), entry.value.clone())).collect();
        body.insert("metadata".to_owned(), metadata.into());
    }
    Ok(Value::Object(body).to_string().into_bytes())
}

fn add_state(state: &mut Object, args: &StateArgs, numbers: Numbers) {
    set(state, "type", args.state_type.as_deref(), Value::from);
    for Given { field, texts, color } in &args.fields {
        let (name, text) = (field.name, texts.last().map(String::as_str));
        match field.kind {
            Type::Number | Type::Integer => set(state, name, text, |given| numbers.number(given)),
            Type::MetricValue => {
                set(state, name, text, |given| numbers.skipped(given).unwrap_or_else(|| number_or_text(given)));
            }
            Type::Boolean => set(state, name, text, flag_or_text),
            Type::List { .. } => set_texts(state, name, texts),
            Type::Object { name: part } => edit(state, name, |object| {
                let (text, color) = split_color(text, color.as_deref());
                set(object, text_of(part), text, Value::from);
                set(object, "color", color, Value::from);
            }),
            _ => set(state, name, text, Value::from),
        }
    }
    set(state, "value", args.value_text.as_deref(), Value::from);
    if !args.metrics.is_empty() {
        let metrics = args.metrics.iter().map(|args| metric(args, numbers)).collect();
        state.insert("metrics".to_owned(), metrics);
    }
}

/// The member of an icon or a badge that its text is.
fn text_of(part: &str) -> &'static str {
    let parts = describe::schema().parts;
    let members = parts.into_iter().find(|object| object.name == part).map(|object| object.fields);
    members.into_iter().flatten().find(|member| member.required).map_or("title", |member| member.name)
}

fn metric(args: &MetricArg, numbers: Numbers) -> Object {
    let skipped = args.value.as_str().and_then(|text| numbers.skipped(text));
    let mut metric = Object::new();
    metric.insert("label".to_owned(), args.label.as_str().into());
    metric.insert("value".to_owned(), skipped.unwrap_or_else(|| args.value.clone()));
    set(&mut metric, "unit", args.unit.as_deref(), Value::from);
    set(&mut metric, "color", args.color.as_deref(), Value::from);
    metric
}

/// Takes `Failed:red` apart. `12:30` and `env:prod` are whole, since no colour is called so, and with a colour of its own so is
/// every text.
fn split_color<'a>(text: Option<&'a str>, color: Option<&'a str>) -> (Option<&'a str>, Option<&'a str>) {
    let is_color = |text: &str| Color::ALL.iter().any(|color| color.as_str() == text);
    match (text.and_then(|text| text.rsplit_once(':')), color) {
        (Some((text, color)), None) if is_color(color) => (Some(text), Some(color)),
        _ => (text, color),
    }
}

fn add_action<const SECONDARY: bool>(action: &mut Object, args: &ActionArgs<SECONDARY>) {
    set(action, "title", args.title.as_deref(), Value::from);
    for (kind, url) in [("open_url", &args.open_url), ("webhook", &args.webhook)] {
        if let Some(url) = url {
            action.insert("type".to_owned(), kind.into());
            action.insert("url".to_owned(), url.as_str().into());
        }
    }
    set(action, "method", args.method.as_deref(), Value::from);
    set(action, "body", args.body.as_deref(), json_or_text);
}

fn add_alert(alert: &mut Object, args: &AlertArgs) {
    set(alert, "title", args.alert_title.as_deref(), Value::from);
    set(alert, "body", args.alert_body.as_deref(), Value::from);
}

fn set<'a>(object: &mut Object, name: &str, value: Option<&'a str>, form: impl FnOnce(&'a str) -> Value) {
    if let Some(value) = value {
        object.insert(name.to_owned(), form(value));
    }
}

fn set_texts(object: &mut Object, name: &str, texts: &[String]) {
    if !texts.is_empty() {
        object.insert(name.to_owned(), texts.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_is_split_off_where_it_can_be_one() {
        assert_eq!(split_color(Some("server.rack:blue"), None), (Some("server.rack"), Some("blue")));
        assert_eq!(split_color(Some("12:30"), None), (Some("12:30"), None));
        assert_eq!(split_color(Some("Failed"), None), (Some("Failed"), None));
        assert_eq!(split_color(Some("env:prod"), None), (Some("env:prod"), None));
        assert_eq!(split_color(Some("env:prod:red"), None), (Some("env:prod"), Some("red")));
        assert_eq!(split_color(Some("on:red"), Some("gray")), (Some("on:red"), Some("gray")));
        assert_eq!(split_color(None, Some("gray")), (None, Some("gray")));
    }
}
