//! What counts as the same state.

use serde_json::{Value, json};

use crate::fixture::Fixture;

fn base() -> Value {
    json!({
        "content_state": {"title": "Tide", "type": "progress", "percentage": 42, "icon": {"symbol": "water.waves"}},
        "action": {"title": "Chart", "type": "open_url", "url": "https://tides.example/chart"}
    })
}

fn second(change: impl FnOnce(&mut Value)) -> String {
    let mut service = Fixture::new();
    assert_eq!(service.put("tide", &base()).outcome(), "started");
    let mut body = base();
    change(&mut body);
    service.put("tide", &body).outcome()
}

#[test]
fn numbers_are_compared_by_value() {
    let mut service = Fixture::new();
    service.progress("tide", 42);
    let body = br#"{"content_state": {"percentage": 42.0, "type": "progress", "title": "Lamp oil"}}"#;
    assert_eq!(service.send("PUT", "/live-activity/stream/tide", body).outcome(), "noop");
}

#[test]
fn the_type_may_be_left_out() {
    assert_eq!(second(|body| drop(body["content_state"].as_object_mut().unwrap().remove("type"))), "noop");
}

#[test]
fn a_field_that_is_left_out_has_changed() {
    assert_eq!(second(|body| drop(body["content_state"].as_object_mut().unwrap().remove("icon"))), "updated");
}

#[test]
fn a_field_that_means_nothing_to_the_type_does_not_count() {
    assert_eq!(second(|body| body["content_state"]["counts_down"] = json!(true)), "noop");
}

#[test]
fn another_button_is_a_change() {
    assert_eq!(second(|body| body["action"]["title"] = json!("Map")), "updated");
}

#[test]
fn a_button_that_is_left_out_is_kept() {
    assert_eq!(second(|body| drop(body.as_object_mut().unwrap().remove("action"))), "noop");
}

#[test]
fn tags_and_metadata_are_stored_without_a_push() {
    let mut service = Fixture::new();
    service.put("tide", &base());
    let mut body = base();
    body["tags"] = json!(["spring"]);
    body["metadata"] = json!({"gauge": 7});
    let answer = service.put("tide", &body);
    assert_eq!(answer.outcome(), "noop");
    assert_eq!(answer.body["remote_push_sent"], false);
    assert_eq!(answer.body["tags"], json!(["spring"]));
    assert_eq!(service.stream("tide").metadata, json!({"gauge": 7}));
}

#[test]
fn an_alert_is_never_noop() {
    assert_eq!(second(|body| body["alert"] = json!({"title": "High water"})), "updated");
}
