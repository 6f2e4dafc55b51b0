//! Requests made of known words put together at random, for disagreements that no other test covers.

use fastrand::Rng;
use serde_json::{Map, Value, json};

use super::case::{Case, Rule};
use super::valid;

const TOP: &[&str] =
    &["action", "secondary_action", "alert", "channels", "target", "tags", "metadata", "title", "icon"];

const STATE: &[&str] = &[
    "title",
    "type",
    "subtitle",
    "percentage",
    "value",
    "upper_limit",
    "number_of_steps",
    "current_step",
    "metrics",
    "message",
    "duration_seconds",
    "counts_down",
    "is_running",
    "color",
    "step_color",
    "step_colors",
    "icon",
    "badge",
    "auto_dismiss_seconds",
    "auto_dismiss_minutes",
    "action",
];

pub fn case(random: &mut Rng) -> Case {
    let mut case = valid::case(random);
    for _ in 0..random.usize(1..4) {
        if let Some(state) = case.state().as_object_mut().filter(|_| random.u8(..) < 180) {
            change(state, STATE, random);
        } else if let Some(body) = case.body.as_object_mut() {
            body.retain(|_, value| !value.is_null());
            change(body, TOP, random);
        }
    }
    if let Some(body) = case.body.as_object_mut() {
        // Looking for a state in a body without one puts a null there.
        body.retain(|name, value| name != "content_state" || !value.is_null());
    }
    case
}

fn change(members: &mut Map<String, Value>, names: &[&str], random: &mut Rng) {
    let name = *random.choice(names).unwrap();
    if random.bool() {
        members.remove(name);
    } else {
        members.insert(name.to_owned(), value(3, random));
    }
}

fn value(depth: usize, random: &mut Rng) -> Value {
    match random.usize(..if depth == 0 { 6 } else { 9 }) {
        0 => Value::Null,
        1 => random.bool().into(),
        2 => json!(random.choice(valid::TYPES)),
        3 => json!(random.choice(valid::COLORS)),
        4 => json!(random.i8(..)),
        5 => valid::number(random),
        6 => (0..random.usize(..4)).map(|_| value(depth - 1, random)).collect(),
        7 => valid::metric(true, random),
        _ => {
            let names = ["title", "symbol", "color", "label", "value", "channels", "type", "url", "body"];
            let count = random.usize(..4);
            (0..count).map(|_| (random.choice(&names).unwrap().to_string(), value(depth - 1, random))).collect()
        }
    }
}

/// Rules that turn up only here: the second button is checked as the first is.
pub fn is_by_product(rule: &Rule) -> bool {
    rule.place.starts_with("secondary_action.")
}
