//! A day of typical requests, one of each documented kind, with the outcome that the documentation gives for it.

use activitysmith_emulator::AccountSettings;
use serde_json::{Value, json};

use crate::fixture::{Fixture, KEY};

fn run(service: &mut Fixture, requests: Vec<(&str, &str, Value, &str)>) {
    for (method, key, body, expected) in requests {
        let text = if body.is_null() { String::new() } else { body.to_string() };
        let answer = service.send(method, &format!("/live-activity/stream/{key}"), text.as_bytes());
        assert_eq!(answer.outcome(), expected, "{method} {key} {body}: {}", answer.body);
        service.pass(60);
    }
}

#[test]
fn segmented_progress_starts_with_no_step_done_grows_and_becomes_an_alert() {
    let first = json!({"content_state": {"title": "Paint the hull", "subtitle": "primer", "type": "segmented_progress",
        "number_of_steps": 4, "current_step": 0, "color": "blue", "step_color": "orange"}});
    let second = json!({"content_state": {"title": "Paint the hull", "subtitle": "first coat", "type": "segmented_progress",
        "number_of_steps": 5, "current_step": 2, "step_colors": ["lime", "magenta"]}});
    let alert = json!({"content_state": {"title": "Paint the hull", "type": "alert", "message": "Out of paint"}});
    run(
        &mut Fixture::new(),
        vec![
            ("PUT", "hull", first, "started"),
            ("PUT", "hull", second.clone(), "updated"),
            ("PUT", "hull", second, "noop"),
            ("PUT", "hull", alert, "rotated"),
        ],
    );
}

#[test]
fn progress_goes_by_percentage_or_value_and_ends_dismissed() {
    let by_value = json!({"content_state": {"title": "Cargo", "type": "progress", "value": 75, "upper_limit": 400}});
    let both = json!({"content_state": {"title": "Cargo", "type": "progress", "percentage": 60.5, "value": 75,
        "upper_limit": 400, "icon": {"symbol": "shippingbox", "color": "gray"}, "badge": {"title": "Dock 3"}}});
    let last = json!({"content_state": {"title": "Cargo", "type": "progress", "percentage": 100,
        "auto_dismiss_seconds": 0, "auto_dismiss_minutes": 9}, "tags": ["dock:3"], "metadata": {"crane": 2, "rain": false}});
    run(
        &mut Fixture::new(),
        vec![
            ("PUT", "cargo", by_value, "started"),
            ("PUT", "cargo", both, "updated"),
            ("DELETE", "cargo", last, "ended"),
            ("DELETE", "cargo", Value::Null, "404 Live Activity stream not found"),
        ],
    );
}

#[test]
fn metrics_and_stats_take_numbers_and_texts() {
    let metrics = json!({"content_state": {"title": "Boiler", "subtitle": "north wing", "type": "metrics", "metrics": [
        {"label": "Load", "value": 63, "unit": "%", "color": "red"}, {"label": "Water", "value": 18.25}]},
        "channels": ["janitors"]});
    let mut elsewhere = metrics.clone();
    elsewhere["channels"] = json!(["janitors", "owners"]);
    let stats = json!({"content_state": {"title": "Market stall", "type": "stats", "metrics": [
        {"label": "Sold", "value": 58}, {"label": "Till", "value": "CHF 1'310", "color": "lime"},
        {"label": "Stock", "value": "-12"}]}});
    run(
        &mut Fixture::new(),
        vec![
            ("PUT", "boiler", metrics, "started"),
            ("PUT", "boiler", elsewhere, "rotated"),
            ("PUT", "stall", stats, "started"),
        ],
    );
}

#[test]
fn an_alert_has_two_buttons() {
    let body = json!({
        "content_state": {"title": "Visitor", "type": "alert", "message": "Let the plumber in?", "color": "purple",
            "icon": {"symbol": "door.left.hand.open"}, "badge": {"title": "Gate", "color": "gray"}},
        "action": {"title": "Open", "type": "webhook", "url": "https://gate.example/open", "method": "POST",
            "body": {"from": "phone", "door": null}},
        "secondary_action": {"title": "Camera", "type": "open_url", "url": "shortcuts://run-shortcut?name=Camera"},
        "alert": {"title": "Visitor", "body": "At the gate"}
    });
    run(&mut Fixture::new(), vec![("PUT", "gate", body.clone(), "started"), ("PUT", "gate", body, "updated")]);
}

#[test]
fn timers_count_down_are_reset_paused_and_count_up() {
    let state = |fields: Value| {
        let mut state = json!({"title": "Kiln", "type": "timer"});
        state.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        json!({"content_state": state})
    };
    run(
        &mut Fixture::new(),
        vec![
            ("PUT", "kiln", state(json!({"duration_seconds": 5400, "color": "red"})), "started"),
            ("PUT", "kiln", state(json!({"subtitle": "glazing"})), "updated"),
            ("PUT", "kiln", state(json!({"duration_seconds": 0.5})), "updated"),
            ("PUT", "kiln", state(json!({"is_running": false})), "updated"),
            ("PUT", "outage", state(json!({"counts_down": false})), "started"),
        ],
    );
}

#[test]
fn value_is_a_text_or_a_number_and_a_paused_stream_answers_so() {
    let text = json!({"content_state": {"title": "Ticket", "type": "value", "value": "B-017", "color": "green"}});
    let number = |value: f64| json!({"content_state": {"title": "Cellar", "type": "value", "value": value}});
    let mut service = Fixture::new();
    run(
        &mut service,
        vec![
            ("PUT", "ticket", text.clone(), "started"),
            ("DELETE", "ticket", Value::Null, "ended"),
            ("PUT", "ticket", text, "started"),
            ("PUT", "cellar", number(-2.5), "started"),
        ],
    );
    service.inner.pause(service.now, Some(KEY), "cellar").unwrap();
    run(&mut service, vec![("PUT", "cellar", number(-2.25), "paused"), ("DELETE", "cellar", json!({}), "ended")]);
}

#[test]
fn tags_and_metadata_are_set_and_cleared() {
    let body = |percentage: u32, tags: Value, metadata: Value| {
        json!({"content_state": {"title": "Scan", "type": "progress", "percentage": percentage},
            "tags": tags, "metadata": metadata})
    };
    let set = body(10, json!(["lab:2", "weekly"]), json!({"scan": "s-77", "tries": 1, "color": true}));
    let clear = body(20, json!([]), json!({}));
    run(&mut Fixture::new(), vec![("PUT", "scan", set, "started"), ("PUT", "scan", clear, "updated")]);
}

#[test]
fn bad_requests_are_refused_by_their_label() {
    let with = |extra: Value| {
        let mut body = json!({"content_state": {"title": "Mill", "type": "progress", "percentage": 2}});
        body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        body
    };
    let steps = json!({"content_state": {"title": "Mill", "type": "segmented_progress", "number_of_steps": 2, "current_step": 5}});
    let mut service = Fixture::new();
    service.set_up(&AccountSettings {
        key_channels: Some(["mill".to_owned()].into()),
        channels: Some(["harbour".to_owned()].into()),
        ..AccountSettings::default()
    });
    run(
        &mut service,
        vec![
            ("PUT", "mill%20wheel", with(json!({})), "400 Invalid stream_key"),
            ("PUT", "mill", with(json!({"channels": []})), "400 Invalid channel targeting"),
            ("PUT", "mill", with(json!({"tags": ["Two Words"]})), "400 Invalid tags"),
            ("PUT", "mill", with(json!({"metadata": {"deep": {}}})), "400 Invalid metadata"),
            ("PUT", "mill", steps, "400 Invalid content_state"),
            ("PUT", "mill", with(json!({"target": {"channels": ["board"]}})), "403 Invalid channel targeting"),
            ("PUT", "mill", with(json!({"channels": ["mill"]})), "422 No recipients found"),
        ],
    );
}
