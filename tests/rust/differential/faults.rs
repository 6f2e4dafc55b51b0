//! Every rule by which the core refuses, with a way to break it in an otherwise valid request.

use fastrand::Rng;
use serde_json::{Value, json};

use super::case::{Case, Rule};
use super::valid;

/// How to break one rule.
pub struct Fault {
    place: &'static str,
    code: &'static str,
    base: fn(&mut Rng) -> Case,
    break_it: fn(&mut Case, &mut Rng),
}

impl Fault {
    pub fn rule(&self) -> Rule {
        Rule { place: self.place.to_owned(), code: self.code.to_owned() }
    }

    pub fn case(&self, random: &mut Rng) -> Case {
        let mut case = (self.base)(random);
        (self.break_it)(&mut case, random);
        case
    }
}

const fn fault(
    place: &'static str,
    code: &'static str,
    base: fn(&mut Rng) -> Case,
    break_it: fn(&mut Case, &mut Rng),
) -> Fault {
    Fault { place, code, base, break_it }
}

// What is broken: a stream request of any type or of one, or an end with a final state.

fn any(random: &mut Rng) -> Case {
    valid::case(random)
}
fn stream(random: &mut Rng) -> Case {
    valid::stream(random)
}
fn segmented(random: &mut Rng) -> Case {
    valid::stream_of("segmented_progress", random)
}
fn progress(random: &mut Rng) -> Case {
    valid::stream_of("progress", random)
}
fn metrics(random: &mut Rng) -> Case {
    valid::stream_of("metrics", random)
}
fn stats(random: &mut Rng) -> Case {
    valid::stream_of("stats", random)
}
fn alert(random: &mut Rng) -> Case {
    valid::stream_of("alert", random)
}
fn timer(random: &mut Rng) -> Case {
    valid::stream_of("timer", random)
}
fn value(random: &mut Rng) -> Case {
    valid::stream_of("value", random)
}
fn end(random: &mut Rng) -> Case {
    let mut case = valid::end(random);
    if case.state().is_null() {
        *case.state() = json!({"title": "T"});
    }
    case
}

/// Something of none of these types.
fn not(wanted: &[&str], random: &mut Rng) -> Value {
    let all = [
        ("string", json!("x")),
        ("number", json!(7)),
        ("flag", json!(true)),
        ("null", Value::Null),
        ("list", json!([1])),
        ("object", json!({})),
    ];
    loop {
        let (name, value) = random.choice(&all).unwrap();
        if !wanted.contains(name) {
            return value.clone();
        }
    }
}

fn one_of<T: Into<Value> + Clone>(values: &[T], random: &mut Rng) -> Value {
    random.choice(values).unwrap().clone().into()
}

/// A text of this many characters that no tag or channel could be mistaken for.
fn long(length: usize, random: &mut Rng) -> Value {
    let letter = *random.choice(&["a", "é", "🚀"]).unwrap();
    Value::String(letter.repeat(length))
}

fn with_action(case: &mut Case, random: &mut Rng) {
    case.body["action"] = valid::action(random);
}

fn with_second(case: &mut Case, random: &mut Rng) {
    with_action(case, random);
    case.body["secondary_action"] = valid::action(random);
}

fn remove(value: &mut Value, name: &str) {
    value.as_object_mut().unwrap().remove(name);
}

fn pick_metric<'a>(case: &'a mut Case, random: &mut Rng) -> &'a mut Value {
    let metrics = case.state()["metrics"].as_array_mut().unwrap();
    let position = random.usize(..metrics.len());
    &mut metrics[position]
}

#[rustfmt::skip]
pub const ALL: &[Fault] = &[
    fault("stream_key", "bad_format", any, |c, r| c.stream_key = one_of(&["a/b", "a b", "a\n", "\u{e9}", "..", "a%2Fb"], r).as_str().unwrap().into()),
    fault("stream_key", "empty", any, |c, _| c.stream_key.clear()),
    fault("stream_key", "too_long", any, |c, r| c.stream_key = "k".repeat(r.usize(256..300))),
    fault("request", "wrong_type", any, |c, r| c.body = not(&["object"], r)),
    fault("*", "unknown_field", any, |c, r| c.body[&*r.choice(&["subtitle", "content", "id"]).unwrap().to_string()] = json!("x")),

    fault("content_state", "missing", stream, |c, _| remove(&mut c.body, "content_state")),
    fault("content_state", "wrong_type", any, |c, r| *c.state() = not(&["object"], r)),
    fault("content_state.*", "unknown_field", stream, |c, r| c.state()[&*r.choice(&["subtitel", "colour", "channels"]).unwrap().to_string()] = json!("x")),
    fault("content_state.title", "missing", stream, |c, _| remove(c.state(), "title")),
    fault("content_state.title", "wrong_type", stream, |c, r| c.state()["title"] = not(&["string"], r)),
    fault("content_state.title", "empty", end, |c, r| c.state()["title"] = one_of(&["", " ", "\t\n"], r)),
    fault("content_state.title", "duplicate_field", |r| { let mut c = valid::stream(r); c.body = json!({"content_state": c.state().take()}); remove(c.state(), "badge"); remove(c.state(), "metrics"); remove(c.state(), "type"); c }, |c, _| c.repeats_title = true),
    fault("content_state.type", "unknown_value", stream, |c, r| c.state()["type"] = one_of(&["gauge", "counter", "Progress", ""], r)),
    fault("content_state.type", "wrong_type", stream, |c, r| c.state()["type"] = not(&["string"], r)),
    fault("content_state.subtitle", "wrong_type", stream, |c, r| c.state()["subtitle"] = not(&["string"], r)),
    fault("content_state.color", "unknown_value", stream, |c, r| c.state()["color"] = one_of(&["teal", "RED", "", "#ff0000"], r)),
    fault("content_state.color", "wrong_type", stream, |c, r| c.state()["color"] = not(&["string"], r)),

    fault("content_state.percentage", "missing", progress, |c, _| for name in ["percentage", "value", "upper_limit"] { remove(c.state(), name) }),
    fault("content_state.percentage", "wrong_type", progress, |c, r| c.state()["percentage"] = not(&["number"], r)),
    fault("content_state.percentage", "out_of_range", progress, |c, r| c.state()["percentage"] = one_of(&[-1.0, -0.001, 100.001, 101.0, 1e30], r)),
    fault("content_state.percentage", "not_applicable", value, |c, _| c.state()["percentage"] = json!(5)),
    fault("content_state.upper_limit", "missing", progress, |c, _| { c.state()["value"] = json!(3); remove(c.state(), "upper_limit") }),
    fault("content_state.value", "missing", progress, |c, _| { c.state()["upper_limit"] = json!(3); remove(c.state(), "value") }),
    fault("content_state.value", "wrong_type", progress, |c, r| { c.state()["upper_limit"] = json!(3); c.state()["value"] = not(&["number"], r) }),
    fault("content_state.value", "too_many_digits", value, |c, _| c.state()["value"] = json!(1e30)),
    fault("content_state.value", "not_applicable", alert, |c, _| c.state()["value"] = json!(5)),
    fault("content_state.upper_limit", "out_of_range", progress, |c, r| { c.state()["value"] = json!(1); c.state()["upper_limit"] = one_of(&[0.0, -1.0, -0.5], r) }),
    fault("content_state.upper_limit", "too_many_digits", progress, |c, _| { c.state()["value"] = json!(1); c.state()["upper_limit"] = json!(1e20) }),
    fault("content_state.upper_limit", "wrong_type", progress, |c, r| { c.state()["value"] = json!(1); c.state()["upper_limit"] = not(&["number"], r) }),
    fault("content_state.upper_limit", "not_applicable", metrics, |c, _| { c.state()["upper_limit"] = json!(5); c.state()["value"] = json!(5) }),

    fault("content_state.number_of_steps", "missing", segmented, |c, _| remove(c.state(), "number_of_steps")),
    fault("content_state.number_of_steps", "wrong_type", segmented, |c, r| c.state()["number_of_steps"] = not(&["number"], r)),
    fault("content_state.number_of_steps", "out_of_range", segmented, |c, r| c.state()["number_of_steps"] = one_of(&[0, -1, -7], r)),
    fault("content_state.number_of_steps", "not_integer", segmented, |c, _| c.state()["number_of_steps"] = json!(40.5)),
    fault("content_state.number_of_steps", "too_many_digits", segmented, |c, _| c.state()["number_of_steps"] = json!(1e25)),
    fault("content_state.number_of_steps", "not_applicable", progress, |c, _| c.state()["number_of_steps"] = json!(5)),
    fault("content_state.current_step", "missing", segmented, |c, _| remove(c.state(), "current_step")),
    fault("content_state.current_step", "wrong_type", segmented, |c, r| c.state()["current_step"] = not(&["number"], r)),
    fault("content_state.current_step", "out_of_range", segmented, |c, r| c.state()["current_step"] = one_of(&[-1, -7], r)),
    fault("content_state.current_step", "not_integer", segmented, |c, _| c.state()["current_step"] = json!(0.5)),
    fault("content_state.current_step", "conflict", segmented, |c, r| { c.state()["number_of_steps"] = json!(2); c.state()["current_step"] = one_of(&[3, 5], r) }),
    fault("content_state.current_step", "too_many_digits", segmented, |c, _| c.state()["current_step"] = json!(1e25)),
    fault("content_state.current_step", "not_applicable", stats, |c, _| c.state()["current_step"] = json!(5)),
    fault("content_state.step_color", "unknown_value", segmented, |c, _| c.state()["step_color"] = json!("teal")),
    fault("content_state.step_color", "wrong_type", segmented, |c, r| c.state()["step_color"] = not(&["string"], r)),
    fault("content_state.step_color", "not_applicable", timer, |c, _| c.state()["step_color"] = json!("red")),
    fault("content_state.step_colors", "wrong_type", segmented, |c, r| c.state()["step_colors"] = not(&["list"], r)),
    fault("content_state.step_colors", "not_applicable", value, |c, _| c.state()["step_colors"] = json!(["red"])),
    fault("content_state.step_colors[]", "unknown_value", segmented, |c, _| c.state()["step_colors"] = json!(["red", "teal"])),
    fault("content_state.step_colors[]", "wrong_type", segmented, |c, r| c.state()["step_colors"] = json!(["red", not(&["string"], r)])),

    fault("content_state.metrics", "missing", metrics, |c, _| remove(c.state(), "metrics")),
    fault("content_state.metrics", "wrong_type", stats, |c, r| c.state()["metrics"] = not(&["list"], r)),
    fault("content_state.metrics", "empty", stats, |c, _| c.state()["metrics"] = json!([])),
    fault("content_state.metrics", "too_long", metrics, |c, r| c.state()["metrics"] = (0..r.usize(9..12)).map(|_| valid::metric(false, r)).collect()),
    fault("content_state.metrics", "not_applicable", alert, |c, r| c.state()["metrics"] = json!([valid::metric(false, r)])),
    fault("content_state.metrics[]", "wrong_type", stats, |c, r| *pick_metric(c, r) = not(&["object"], r)),
    fault("content_state.metrics[].*", "unknown_field", stats, |c, r| pick_metric(c, r)["colour"] = json!("red")),
    fault("content_state.metrics[].label", "missing", stats, |c, r| remove(pick_metric(c, r), "label")),
    fault("content_state.metrics[].label", "empty", stats, |c, r| pick_metric(c, r)["label"] = json!("")),
    fault("content_state.metrics[].label", "wrong_type", stats, |c, r| pick_metric(c, r)["label"] = not(&["string"], r)),
    fault("content_state.metrics[].value", "missing", metrics, |c, r| remove(pick_metric(c, r), "value")),
    fault("content_state.metrics[].value", "empty", stats, |c, r| pick_metric(c, r)["value"] = json!("")),
    fault("content_state.metrics[].value", "out_of_range", metrics, |c, r| pick_metric(c, r)["value"] = one_of(&[-1.0, -0.001], r)),
    fault("content_state.metrics[].value", "too_long", stats, |c, r| pick_metric(c, r)["value"] = long(65, r)),
    fault("content_state.metrics[].value", "too_many_digits", stats, |c, r| pick_metric(c, r)["value"] = json!(1e22)),
    fault("content_state.metrics[].value", "wrong_type", metrics, |c, r| pick_metric(c, r)["value"] = not(&["number"], r)),
    fault("content_state.metrics[].unit", "wrong_type", stats, |c, r| pick_metric(c, r)["unit"] = not(&["string"], r)),
    fault("content_state.metrics[].color", "unknown_value", stats, |c, r| pick_metric(c, r)["color"] = json!("teal")),
    fault("content_state.metrics[].color", "wrong_type", stats, |c, r| pick_metric(c, r)["color"] = not(&["string"], r)),

    fault("content_state.message", "missing", alert, |c, _| remove(c.state(), "message")),
    fault("content_state.message", "empty", alert, |c, _| c.state()["message"] = json!("")),
    fault("content_state.message", "wrong_type", alert, |c, r| c.state()["message"] = not(&["string"], r)),
    fault("content_state.message", "not_applicable", progress, |c, _| c.state()["message"] = json!("m")),
    fault("content_state.value", "missing", value, |c, _| remove(c.state(), "value")),

    fault("content_state.duration_seconds", "wrong_type", timer, |c, r| c.state()["duration_seconds"] = not(&["number"], r)),
    fault("content_state.duration_seconds", "out_of_range", timer, |c, r| c.state()["duration_seconds"] = one_of(&[0.0, -1.0], r)),
    fault("content_state.duration_seconds", "too_many_digits", timer, |c, _| c.state()["duration_seconds"] = json!(1e20)),
    fault("content_state.duration_seconds", "not_applicable", progress, |c, _| c.state()["duration_seconds"] = json!(5)),
    fault("content_state.counts_down", "wrong_type", timer, |c, r| c.state()["counts_down"] = not(&["flag"], r)),
    fault("content_state.counts_down", "not_applicable", alert, |c, _| c.state()["counts_down"] = json!(true)),
    fault("content_state.is_running", "wrong_type", timer, |c, r| c.state()["is_running"] = not(&["flag"], r)),
    fault("content_state.is_running", "not_applicable", segmented, |c, _| c.state()["is_running"] = json!(true)),

    fault("content_state.icon", "wrong_type", stream, |c, r| c.state()["icon"] = not(&["object"], r)),
    fault("content_state.icon.*", "unknown_field", stream, |c, _| c.state()["icon"] = json!({"symbol": "bolt", "size": 3})),
    fault("content_state.icon.symbol", "missing", stream, |c, _| c.state()["icon"] = json!({"color": "red"})),
    fault("content_state.icon.symbol", "empty", stream, |c, _| c.state()["icon"] = json!({"symbol": ""})),
    fault("content_state.icon.symbol", "wrong_type", stream, |c, r| c.state()["icon"] = json!({"symbol": not(&["string"], r)})),
    fault("content_state.icon.color", "unknown_value", stream, |c, _| c.state()["icon"] = json!({"symbol": "bolt", "color": "teal"})),
    fault("content_state.icon.color", "wrong_type", stream, |c, r| c.state()["icon"] = json!({"symbol": "bolt", "color": not(&["string"], r)})),
    fault("content_state.badge", "wrong_type", alert, |c, r| c.state()["badge"] = not(&["object"], r)),
    fault("content_state.badge", "not_applicable", timer, |c, _| c.state()["badge"] = json!({"title": "b"})),
    fault("content_state.badge.*", "unknown_field", value, |c, _| c.state()["badge"] = json!({"title": "b", "size": 3})),
    fault("content_state.badge.title", "missing", progress, |c, _| c.state()["badge"] = json!({"color": "red"})),
    fault("content_state.badge.title", "empty", segmented, |c, _| c.state()["badge"] = json!({"title": ""})),
    fault("content_state.badge.title", "wrong_type", alert, |c, r| c.state()["badge"] = json!({"title": not(&["string"], r)})),
    fault("content_state.badge.color", "unknown_value", alert, |c, _| c.state()["badge"] = json!({"title": "b", "color": "teal"})),
    fault("content_state.badge.color", "wrong_type", alert, |c, r| c.state()["badge"] = json!({"title": "b", "color": not(&["string"], r)})),

    fault("content_state.auto_dismiss_seconds", "wrong_type", end, |c, r| c.state()["auto_dismiss_seconds"] = not(&["number"], r)),
    fault("content_state.auto_dismiss_seconds", "out_of_range", end, |c, _| c.state()["auto_dismiss_seconds"] = json!(-1)),
    fault("content_state.auto_dismiss_seconds", "not_integer", end, |c, _| c.state()["auto_dismiss_seconds"] = json!(0.5)),
    fault("content_state.auto_dismiss_seconds", "too_many_digits", end, |c, _| c.state()["auto_dismiss_seconds"] = json!(1e20)),
    fault("content_state.auto_dismiss_minutes", "wrong_type", stream, |c, r| c.state()["auto_dismiss_minutes"] = not(&["number"], r)),
    fault("content_state.auto_dismiss_minutes", "out_of_range", end, |c, _| c.state()["auto_dismiss_minutes"] = json!(-1)),
    fault("content_state.auto_dismiss_minutes", "not_integer", end, |c, _| c.state()["auto_dismiss_minutes"] = json!(0.5)),
    fault("content_state.auto_dismiss_minutes", "too_many_digits", end, |c, _| c.state()["auto_dismiss_minutes"] = json!(1e20)),

    fault("action", "wrong_type", any, |c, r| c.body["action"] = not(&["object"], r)),
    fault("action.*", "unknown_field", any, |c, r| { with_action(c, r); c.body["action"]["label"] = json!("x") }),
    fault("action.title", "missing", any, |c, r| { with_action(c, r); remove(&mut c.body["action"], "title") }),
    fault("action.title", "empty", any, |c, r| { with_action(c, r); c.body["action"]["title"] = one_of(&["", " "], r) }),
    fault("action.title", "wrong_type", any, |c, r| { with_action(c, r); c.body["action"]["title"] = not(&["string"], r) }),
    fault("action.type", "missing", any, |c, r| { with_action(c, r); remove(&mut c.body["action"], "type") }),
    fault("action.type", "unknown_value", any, |c, r| { with_action(c, r); c.body["action"]["type"] = json!("call") }),
    fault("action.type", "wrong_type", any, |c, r| { with_action(c, r); c.body["action"]["type"] = not(&["string"], r) }),
    fault("action.url", "missing", any, |c, r| { with_action(c, r); remove(&mut c.body["action"], "url") }),
    fault("action.url", "wrong_type", any, |c, r| { with_action(c, r); c.body["action"]["url"] = not(&["string"], r) }),
    fault("action.url", "bad_format", any, |c, r| { with_action(c, r); c.body["action"]["url"] = one_of(&["", "a.test", "javascript:alert(1)", "ftp://a.test", "https://", "https://a.test/ b", "https://a.test/\u{7}", "https:/a.test", "HTTPS://a.test", "://x"], r) }),
    fault("action.method", "unknown_value", any, |c, _| c.body["action"] = json!({"title": "t", "type": "webhook", "url": "https://a.test", "method": "PUT"})),
    fault("action.method", "wrong_type", any, |c, r| c.body["action"] = json!({"title": "t", "type": "webhook", "url": "https://a.test", "method": not(&["string"], r)})),
    fault("action.method", "not_applicable", any, |c, _| c.body["action"] = json!({"title": "t", "type": "open_url", "url": "https://a.test", "method": "GET"})),
    fault("action.body", "wrong_type", any, |c, r| c.body["action"] = json!({"title": "t", "type": "webhook", "url": "https://a.test", "body": not(&["object"], r)})),
    fault("action.body", "not_applicable", any, |c, _| c.body["action"] = json!({"title": "t", "type": "open_url", "url": "https://a.test", "body": {}})),
    fault("action.body.*", "too_many_digits", any, |c, _| c.body["action"] = json!({"title": "t", "type": "webhook", "url": "https://a.test", "body": {"a": [{"b": 1e25}]}})),
    fault("secondary_action", "wrong_type", alert, |c, r| { with_action(c, r); c.body["secondary_action"] = not(&["object"], r) }),
    fault("secondary_action", "conflict", progress, |c, r| { with_second(c, r); remove(&mut c.body, "action") }),
    fault("secondary_action", "not_applicable", timer, with_second),
    fault("secondary_action.*", "unknown_field", alert, |c, r| { with_second(c, r); c.body["secondary_action"]["label"] = json!("x") }),
    fault("secondary_action.title", "missing", alert, |c, r| { with_second(c, r); remove(&mut c.body["secondary_action"], "title") }),
    fault("secondary_action.url", "bad_format", value, |c, r| { with_second(c, r); c.body["secondary_action"]["url"] = json!("javascript:alert(1)") }),

    fault("alert", "wrong_type", any, |c, r| c.body["alert"] = not(&["object"], r)),
    fault("alert.*", "unknown_field", any, |c, _| c.body["alert"] = json!({"title": "t", "sound": "x"})),
    fault("alert.title", "wrong_type", any, |c, r| c.body["alert"] = json!({"title": not(&["string"], r)})),
    fault("alert.body", "wrong_type", any, |c, r| c.body["alert"] = json!({"body": not(&["string"], r)})),

    fault("channels", "wrong_type", stream, |c, r| c.body["channels"] = not(&["list"], r)),
    fault("channels", "empty", stream, |c, _| c.body["channels"] = json!([])),
    fault("channels", "conflict", stream, |c, _| { c.body["channels"] = json!(["a"]); c.body["target"] = json!({"channels": ["a", "b"]}) }),
    fault("channels[]", "empty", stream, |c, r| c.body["channels"] = json!(["a", one_of(&["", " "], r)])),
    fault("channels[]", "wrong_type", stream, |c, r| c.body["channels"] = json!(["a", not(&["string"], r)])),
    fault("target", "wrong_type", stream, |c, r| c.body["target"] = not(&["object"], r)),
    fault("target.*", "unknown_field", stream, |c, _| c.body["target"] = json!({"channels": ["a"], "users": ["b"]})),
    fault("target.channels", "missing", stream, |c, _| c.body["target"] = json!({})),
    fault("target.channels", "wrong_type", stream, |c, r| c.body["target"] = json!({"channels": not(&["list"], r)})),
    fault("target.channels", "empty", stream, |c, _| c.body["target"] = json!({"channels": []})),
    fault("target.channels[]", "wrong_type", stream, |c, r| c.body["target"] = json!({"channels": [not(&["string"], r)]})),
    fault("target.channels[]", "empty", stream, |c, _| c.body["target"] = json!({"channels": [""]})),

    fault("tags", "wrong_type", any, |c, r| c.body["tags"] = not(&["list"], r)),
    fault("tags", "too_long", any, |c, r| c.body["tags"] = (0..r.usize(21..25)).map(|n| json!(format!("t{n}"))).collect()),
    fault("tags[]", "wrong_type", any, |c, r| c.body["tags"] = json!(["a", not(&["string"], r)])),
    fault("tags[]", "empty", any, |c, _| c.body["tags"] = json!(["a", ""])),
    fault("tags[]", "bad_format", any, |c, r| c.body["tags"] = json!(["a", one_of(&["Upper", "a b", "-a", ".a", "\u{e9}", "a\n", "a/b"], r)])),
    fault("tags[]", "too_long", any, |c, r| c.body["tags"] = json!(["t".repeat(r.usize(65..80))])),
    fault("tags[]", "duplicate_item", any, |c, _| c.body["tags"] = json!(["a", "b", "a"])),
    fault("metadata", "wrong_type", any, |c, r| c.body["metadata"] = not(&["object"], r)),
    fault("metadata", "too_long", any, |c, r| c.body["metadata"] = if r.bool() { (0..51).map(|n| (format!("k{n}"), json!(n))).collect() } else { (0..5).map(|n| (format!("k{n}"), long(3_500, r))).collect() }),
    fault("metadata.*", "wrong_type", any, |c, r| c.body["metadata"] = json!({"a": not(&["string", "number", "flag"], r)})),
    fault("metadata.*", "too_long", any, |c, r| c.body["metadata"] = if r.bool() { json!({"a": long(4_001, r)}) } else { json!({"k".repeat(101): 1}) }),
    fault("metadata.*", "too_many_digits", any, |c, _| c.body["metadata"] = json!({"a": 1e25})),
    fault("metadata.*", "bad_format", any, |c, _| c.body["metadata"] = json!({"__proto__": 1})),
    fault("metadata.*", "empty", any, |c, r| c.body["metadata"] = if r.bool() { json!({"": 1}) } else { json!({"  ": 1}) }),
];
