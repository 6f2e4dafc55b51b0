//! Ending a stream with a last state.

use std::time::Duration;

use serde_json::json;

use crate::fixture::Fixture;

#[test]
fn the_body_may_be_empty_or_an_empty_object() {
    let mut service = Fixture::new();
    for body in [&b""[..], b"{}", b"\n"] {
        service.progress("oil", 10);
        assert_eq!(service.send("DELETE", "/live-activity/stream/oil", body).outcome(), "ended");
    }
}

#[test]
fn without_a_last_state_the_newest_one_stays() {
    let mut service = Fixture::new();
    service.progress("oil", 70);
    service.delete("oil");
    assert_eq!(service.stream("oil").content_state["percentage"], 70);
}

#[test]
fn the_last_state_needs_only_a_title() {
    let mut service = Fixture::new();
    service.progress("oil", 70);
    let answer = service.delete_with("oil", &json!({"content_state": {"title": "Full"}, "tags": ["done"]}));
    assert_eq!(answer.outcome(), "ended");
    assert!(!answer.has("tags"), "no answer to a DELETE names the tags");
    let stream = service.stream("oil");
    assert_eq!(stream.content_state, json!({"title": "Full", "type": "progress"}));
    assert_eq!(stream.tags, ["done"]);
}

#[test]
fn a_last_state_without_title_is_refused_and_ends_nothing() {
    let mut service = Fixture::new();
    service.progress("oil", 70);
    let answer = service.delete_with("oil", &json!({"content_state": {"percentage": 100}}));
    assert_eq!(answer.outcome(), "400 Invalid content_state");
    assert_eq!(service.progress("oil", 70).outcome(), "noop");
}

#[test]
fn channels_cannot_be_sent() {
    let mut service = Fixture::new();
    service.progress("oil", 70);
    let answer = service.delete_with("oil", &json!({"channels": ["pilots"]}));
    assert_eq!(answer.outcome(), "400 Invalid channel targeting");
}

#[test]
fn an_ended_activity_stays_two_minutes_unless_told_otherwise() {
    let cases = [
        (json!({}), 120),
        (json!({"auto_dismiss_seconds": 45}), 45),
        (json!({"auto_dismiss_minutes": 3}), 180),
        (json!({"auto_dismiss_seconds": 0, "auto_dismiss_minutes": 3}), 0),
        (json!({"auto_dismiss_minutes": 6000}), 4 * 3600),
    ];
    for (mut state, seconds) in cases {
        let mut service = Fixture::new();
        service.progress("oil", 70);
        state["title"] = json!("Full");
        service.delete_with("oil", &json!({"content_state": state}));
        let expected = service.now.after(Duration::from_secs(seconds));
        assert_eq!(service.stream("oil").dismisses_at, Some(expected), "{state}");
    }
}
