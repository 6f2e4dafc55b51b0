//! Lenient reading: null counts as absent. Changes nothing else, and never touches what a webhook is to send.

use serde_json::{Map, Value};

/// The body without its null members. The `body` of an action is the caller's own JSON and keeps its nulls.
pub(crate) fn strip_nulls(body: Value) -> Value {
    match body {
        Value::Object(members) => Value::Object(strip_members(members)),
        Value::Array(items) => Value::Array(items.into_iter().map(strip_nulls).collect()),
        other => other,
    }
}

fn strip_members(members: Map<String, Value>) -> Map<String, Value> {
    let present = members.into_iter().filter(|(_, value)| !value.is_null());
    present
        .map(|(name, value)| {
            let value = match (name.as_str(), value) {
                ("action" | "secondary_action", Value::Object(action)) => Value::Object(strip_action(action)),
                (_, value) => strip_nulls(value),
            };
            (name, value)
        })
        .collect()
}

fn strip_action(action: Map<String, Value>) -> Map<String, Value> {
    action.into_iter().filter(|(_, value)| !value.is_null()).collect()
}
