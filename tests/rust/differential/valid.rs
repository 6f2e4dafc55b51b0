//! Requests that break no rule, with values at and around every limit.

use fastrand::Rng;
use serde_json::{Map, Value, json};

use super::case::Case;

pub const COLORS: &[&str] = &["lime", "green", "cyan", "blue", "purple", "magenta", "red", "orange", "yellow", "gray"];

pub const TYPES: &[&str] = &["segmented_progress", "progress", "metrics", "stats", "alert", "timer", "value"];

/// Types with room for a badge and a second button.
const ROOMY: &[&str] = &["segmented_progress", "progress", "alert", "value"];

pub fn case(random: &mut Rng) -> Case {
    if random.u8(..) < 64 { end(random) } else { stream(random) }
}

/// A stream request of any type, or of none.
pub fn stream(random: &mut Rng) -> Case {
    match random.usize(..8) {
        7 => untyped(random),
        one => stream_of(TYPES[one], random),
    }
}

/// A stream request of this type.
pub fn stream_of(kind: &str, random: &mut Rng) -> Case {
    let mut body = json!({"content_state": state(kind, random)});
    buttons(&mut body, ROOMY.contains(&kind), random);
    history(&mut body, random);
    if maybe(random) {
        let channels = channels(random);
        match random.usize(..3) {
            0 => body["channels"] = channels,
            1 => body["target"] = json!({"channels": channels}),
            _ => {
                let reversed: Vec<_> = channels.as_array().unwrap().iter().rev().cloned().collect();
                body["target"] = json!({"channels": reversed});
                body["channels"] = channels;
            }
        }
    }
    case_of("PUT", body, random)
}

fn untyped(random: &mut Rng) -> Case {
    let kind = TYPES[random.usize(..TYPES.len())];
    let mut case = stream_of(kind, random);
    case.state().as_object_mut().unwrap().remove("type");
    case
}

/// The end of a stream, with a final state or without.
pub fn end(random: &mut Rng) -> Case {
    let mut body = json!({});
    if random.u8(..) < 200 {
        let kind = TYPES[random.usize(..TYPES.len())];
        let mut state = state(kind, random);
        for name in ["auto_dismiss_seconds", "auto_dismiss_minutes"] {
            if maybe(random) {
                state[name] = integer(0, random);
            }
        }
        body["content_state"] = state;
        buttons(&mut body, ROOMY.contains(&kind), random);
    }
    history(&mut body, random);
    case_of("DELETE", body, random)
}

fn case_of(method: &'static str, body: Value, random: &mut Rng) -> Case {
    let length = *random.choice(&[1, 2, 14, 254, 255]).unwrap();
    let letters = b"ABCXYZabcxyz0189_-";
    let stream_key = (0..length).map(|_| char::from(letters[random.usize(..letters.len())])).collect();
    Case { method, stream_key, body, repeats_title: false }
}

pub fn state(kind: &str, random: &mut Rng) -> Value {
    let mut state = json!({"title": text(1, 60, random), "type": kind});
    match kind {
        "segmented_progress" => {
            let steps = random.u32(1..40);
            let current = random.u32(..=steps);
            state["number_of_steps"] = whole(steps.into(), random);
            state["current_step"] = whole(current.into(), random);
            if maybe(random) {
                state["step_color"] = color(random);
            }
            if maybe(random) {
                state["step_colors"] = (0..current).map(|_| color(random)).collect();
            }
        }
        "progress" => {
            let both = maybe(random);
            if both || maybe(random) {
                state["percentage"] = percentage(random);
            }
            if both || state.get("percentage").is_none() {
                state["value"] = number(random);
                state["upper_limit"] = positive(random);
            }
        }
        "metrics" | "stats" => {
            state["metrics"] = (0..random.usize(1..=8)).map(|_| metric(kind == "stats", random)).collect();
        }
        "alert" => state["message"] = text(1, 200, random),
        "timer" => {
            for (name, value) in [
                ("duration_seconds", positive(random)),
                ("counts_down", Value::Bool(maybe(random))),
                ("is_running", Value::Bool(maybe(random))),
            ] {
                if maybe(random) {
                    state[name] = value;
                }
            }
        }
        _ => state["value"] = if maybe(random) { number(random) } else { text(0, 40, random) },
    }
    if maybe(random) {
        state["subtitle"] = text(0, 60, random);
    }
    if maybe(random) {
        state["color"] = color(random);
    }
    if maybe(random) {
        state["icon"] = styled("symbol", random);
    }
    if ROOMY.contains(&kind) && maybe(random) {
        state["badge"] = styled("title", random);
    }
    state
}

fn styled(name: &str, random: &mut Rng) -> Value {
    let mut styled = json!({name: text(1, 20, random)});
    if maybe(random) {
        styled["color"] = color(random);
    }
    styled
}

pub fn metric(texts: bool, random: &mut Rng) -> Value {
    let value = if texts && maybe(random) { text(1, 64, random) } else { positive_or_zero(random) };
    let mut metric = json!({"label": text(1, 20, random), "value": value});
    if maybe(random) {
        metric["unit"] = text(0, 5, random);
    }
    if maybe(random) {
        metric["color"] = color(random);
    }
    metric
}

fn buttons(body: &mut Value, roomy: bool, random: &mut Rng) {
    if maybe(random) {
        body["action"] = action(random);
        if roomy && maybe(random) {
            body["secondary_action"] = action(random);
        }
    }
    if maybe(random) {
        let mut alert = json!({});
        for name in ["title", "body"] {
            if maybe(random) {
                alert[name] = text(0, 60, random);
            }
        }
        body["alert"] = alert;
    }
}

pub fn action(random: &mut Rng) -> Value {
    if maybe(random) {
        let url = *random.choice(&["https://a.test/x?y#z", "http://intranet.test", "shortcuts://run?name=A"]).unwrap();
        return json!({"title": text(1, 20, random), "type": "open_url", "url": url});
    }
    let mut action = json!({"title": text(1, 20, random), "type": "webhook", "url": "https://hooks.test/a"});
    if maybe(random) {
        action["method"] = json!(random.choice(&["GET", "POST"]));
    }
    if maybe(random) {
        action["body"] = json!({"a": [null, true, number(random)], "": {"nested": text(0, 9, random)}});
    }
    action
}

fn history(body: &mut Value, random: &mut Rng) {
    if maybe(random) {
        let count = *random.choice(&[0, 1, 3, 19, 20]).unwrap();
        body["tags"] = (0..count).map(|number| Value::String(tag(number, random))).collect();
    }
    if maybe(random) {
        let count = *random.choice(&[0, 1, 3, 49, 50]).unwrap();
        let entries = (0..count).map(|number| (key(number, random), detail(random)));
        body["metadata"] = Value::Object(entries.collect::<Map<_, _>>());
    }
}

fn tag(number: usize, random: &mut Rng) -> String {
    let mut tag = format!("{number}{}", random.choice(&["", "a.b_c:d-e"]).unwrap());
    if maybe(random) {
        tag.extend(std::iter::repeat_n('z', 64 - tag.len()));
    }
    tag
}

fn key(number: usize, random: &mut Rng) -> String {
    let mut key = format!("{number}é");
    if maybe(random) {
        key.extend(std::iter::repeat_n('k', 100 - key.chars().count()));
    }
    key
}

fn detail(random: &mut Rng) -> Value {
    match random.usize(..3) {
        0 => number(random),
        1 => Value::Bool(maybe(random)),
        _ => text(0, 100, random),
    }
}

fn channels(random: &mut Rng) -> Value {
    (0..random.usize(1..4)).map(|number| Value::String(format!("channel-{number}"))).collect()
}

pub fn maybe(random: &mut Rng) -> bool {
    random.bool()
}

fn color(random: &mut Rng) -> Value {
    json!(random.choice(COLORS))
}

/// A text of any script that is not blank if it may not be empty.
fn text(least: usize, most: usize, random: &mut Rng) -> Value {
    let length = *random.choice(&[least, least + 1, most]).unwrap();
    let letters = ["a", "é", "準", "🚀", "\"", "\\", "\n", " "];
    let mut text: String = (0..length.min(most)).map(|_| *random.choice(&letters).unwrap()).collect();
    if least > 0 {
        text = text.chars().skip(1).chain(['x']).collect();
    }
    Value::String(text)
}

pub fn number(random: &mut Rng) -> Value {
    match random.usize(..6) {
        0 => json!(0),
        1 => json!(-18.4),
        2 => json!(u64::MAX),
        3 => json!(i64::MIN),
        4 => json!(random.i32(..)),
        _ => json!(random.f64() * 1e6),
    }
}

fn positive_or_zero(random: &mut Rng) -> Value {
    match random.usize(..3) {
        0 => json!(0),
        1 => json!(random.u32(..)),
        _ => json!(random.f64()),
    }
}

fn positive(random: &mut Rng) -> Value {
    match random.usize(..3) {
        0 => json!(0.001),
        1 => json!(random.u32(1..)),
        _ => json!(random.f64() + 0.1),
    }
}

fn percentage(random: &mut Rng) -> Value {
    match random.usize(..4) {
        0 => json!(0),
        1 => json!(100),
        2 => json!(100.0),
        _ => json!(random.f64() * 100.0),
    }
}

fn integer(least: u32, random: &mut Rng) -> Value {
    let integer = *random.choice(&[least, least + 1, 30, 1_000_000]).unwrap();
    whole(integer.into(), random)
}

/// An integer, written with a fraction of zero or without.
fn whole(integer: f64, random: &mut Rng) -> Value {
    if maybe(random) { json!(integer) } else { json!(integer as i64) }
}
