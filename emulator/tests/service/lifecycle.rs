//! The life of a stream: absent, active, idle, paused, and back.

use activitysmith_emulator::StreamState;
use serde_json::json;

use crate::fixture::{Fixture, KEY};

const HOUR: u64 = 3600;

#[test]
fn absent_and_put_with_type_starts_an_activity() {
    let mut service = Fixture::new();
    let answer = service.progress("oil", 10);
    assert_eq!(answer.outcome(), "started");
    assert_eq!(answer.body["success"], true);
    assert_eq!(answer.body["stream_key"], "oil");
    assert_eq!(answer.body["timestamp"], "2026-09-21T14:13:20.000Z");
    assert!(!answer.has("previous_activity_id"));
    let id = answer.id().unwrap();
    assert_eq!(id.len(), 32);
    assert!(id.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-'));
}

#[test]
fn absent_and_put_without_type_is_refused() {
    let mut service = Fixture::new();
    let answer = service.show("oil", json!({"title": "Lamp oil", "percentage": 10}));
    assert_eq!(answer.outcome(), "400 Invalid content_state");
    assert!(answer.body["message"].as_str().unwrap().contains("`content_state.type`"));
    assert!(service.inner.stream(service.now, None, "oil").is_err());
}

#[test]
fn active_and_changed_state_updates_the_same_activity() {
    let mut service = Fixture::new();
    let started = service.progress("oil", 10);
    let updated = service.progress("oil", 20);
    assert_eq!(updated.outcome(), "updated");
    assert_eq!(updated.id(), started.id());
    assert!(!updated.has("previous_activity_id"));
}

#[test]
fn active_and_put_without_type_updates_with_the_running_type() {
    let mut service = Fixture::new();
    service.progress("oil", 10);
    let answer = service.show("oil", json!({"title": "Lamp oil", "percentage": 11}));
    assert_eq!(answer.outcome(), "updated");
    assert_eq!(service.stream("oil").content_state["type"], "progress");
}

#[test]
fn active_and_identical_state_is_noop_and_sends_nothing() {
    let mut service = Fixture::new();
    let started = service.progress("oil", 10);
    let repeated = service.progress("oil", 10);
    assert_eq!(repeated.outcome(), "noop");
    assert_eq!(repeated.id(), started.id());
    assert_eq!(repeated.body["remote_push_sent"], false);
    assert!(!repeated.has("devices_notified"));
}

#[test]
fn active_and_another_type_rotates() {
    let mut service = Fixture::new();
    let started = service.progress("oil", 10);
    let rotated = service.show("oil", json!({"title": "Lamp oil", "type": "alert", "message": "Tank is low"}));
    assert_eq!(rotated.outcome(), "rotated");
    assert_ne!(rotated.id(), started.id());
    assert_eq!(rotated.body["previous_activity_id"].as_str().map(str::to_owned), started.id());
}

#[test]
fn active_and_another_type_needs_all_that_the_new_type_starts_with() {
    let mut service = Fixture::new();
    service.progress("oil", 10);
    let sparse = json!({"title": "Lamp oil", "type": "segmented_progress", "current_step": 1});
    assert_eq!(service.show("oil", sparse).outcome(), "400 Invalid content_state");
    assert_eq!(service.stream("oil").content_state["type"], "progress");
}

#[test]
fn active_and_other_channels_rotate() {
    let mut service = Fixture::new();
    let state = json!({"title": "Fog", "type": "value", "value": "dense"});
    let started = service.put("fog", &json!({"content_state": state, "channels": ["pilots"]}));
    let rotated = service.put("fog", &json!({"content_state": state, "channels": ["pilots", "harbour"]}));
    assert_eq!(rotated.outcome(), "rotated");
    assert_eq!(rotated.body["previous_activity_id"].as_str().map(str::to_owned), started.id());
    assert_eq!(rotated.body["effective_channel_slugs"], json!(["harbour", "pilots"]));
}

#[test]
fn active_near_eight_hours_rotates_so_that_nothing_goes_dark() {
    let mut service = Fixture::new();
    let started = service.progress("oil", 10);
    service.pass(8 * HOUR - 301);
    assert_eq!(service.progress("oil", 20).outcome(), "updated");
    service.pass(1);
    let rotated = service.progress("oil", 20);
    assert_eq!(rotated.outcome(), "rotated", "even an unchanged state has to be carried over");
    assert_eq!(rotated.body["previous_activity_id"].as_str().map(str::to_owned), started.id());
    service.pass(1);
    assert_eq!(service.progress("oil", 30).outcome(), "updated", "the new activity is young");
}

#[test]
fn active_near_eight_hours_is_only_updated_by_a_put_that_could_not_start_it_anew() {
    let mut service = Fixture::new();
    service.show(
        "climb",
        json!({"title": "Stairs", "type": "segmented_progress", "number_of_steps": 9, "current_step": 1}),
    );
    service.pass(8 * HOUR - 60);
    assert_eq!(service.show("climb", json!({"title": "Stairs", "current_step": 2})).outcome(), "updated");
}

#[test]
fn after_eight_hours_the_activity_is_gone_and_a_put_starts_another() {
    let mut service = Fixture::new();
    let first = service.progress("oil", 10);
    service.pass(8 * HOUR);
    assert_eq!(service.stream("oil").state, StreamState::Idle);
    let second = service.progress("oil", 10);
    assert_eq!(second.outcome(), "started");
    assert_ne!(second.id(), first.id());
    assert!(!second.has("previous_activity_id"));
}

#[test]
fn idle_and_put_with_type_starts_an_activity() {
    let mut service = Fixture::new();
    service.progress("oil", 10);
    service.inner.dismiss(service.now, Some(KEY), "oil").unwrap();
    assert_eq!(service.stream("oil").state, StreamState::Idle);
    assert_eq!(service.progress("oil", 10).outcome(), "started");
}

#[test]
fn idle_and_put_without_type_is_refused() {
    let mut service = Fixture::new();
    service.progress("oil", 10);
    service.inner.dismiss(service.now, Some(KEY), "oil").unwrap();
    let answer = service.show("oil", json!({"title": "Lamp oil", "percentage": 11}));
    assert_eq!(answer.outcome(), "400 Invalid content_state");
}

#[test]
fn pausing_ends_the_activity() {
    let mut service = Fixture::new();
    service.progress("oil", 10);
    let paused = service.inner.pause(service.now, Some(KEY), "oil").unwrap();
    assert_eq!(paused.state, StreamState::Paused);
    assert_eq!(paused.paused_at, Some(service.now));
    assert_eq!(paused.activity_id, None);
}

#[test]
fn paused_and_put_is_answered_and_ignored() {
    let mut service = Fixture::new();
    service.progress("oil", 10);
    service.inner.pause(service.now, Some(KEY), "oil").unwrap();
    let answer =
        service.put("oil", &json!({"content_state": {"title": "Lamp oil", "percentage": 90}, "tags": ["late"]}));
    assert_eq!(answer.outcome(), "paused");
    assert_eq!(answer.body["activity_id"], json!(null));
    assert_eq!(answer.body["ignored"], true);
    let stream = service.stream("oil");
    assert_eq!(stream.content_state["percentage"], 10);
    assert!(stream.tags.is_empty());
}

#[test]
fn resuming_starts_nothing_by_itself() {
    let mut service = Fixture::new();
    service.progress("oil", 10);
    service.inner.pause(service.now, Some(KEY), "oil").unwrap();
    assert_eq!(service.inner.resume(service.now, Some(KEY), "oil").unwrap().state, StreamState::Idle);
}

#[test]
fn resumed_and_put_starts_an_activity() {
    let mut service = Fixture::new();
    let first = service.progress("oil", 10);
    service.inner.pause(service.now, Some(KEY), "oil").unwrap();
    service.inner.resume(service.now, Some(KEY), "oil").unwrap();
    let second = service.progress("oil", 10);
    assert_eq!(second.outcome(), "started");
    assert_ne!(second.id(), first.id());
}

#[test]
fn active_and_delete_ends_the_activity_and_forgets_the_key() {
    let mut service = Fixture::new();
    let started = service.progress("oil", 10);
    let ended = service.delete("oil");
    assert_eq!(ended.outcome(), "ended");
    assert_eq!(ended.id(), started.id());
    assert_eq!(ended.body["devices_notified"], 1);
    assert!(!ended.has("ignored"));
    assert_eq!(service.stream("oil").state, StreamState::Ended);
}

#[test]
fn idle_and_delete_is_answered_and_ignored() {
    let mut service = Fixture::new();
    service.progress("oil", 10);
    service.inner.dismiss(service.now, Some(KEY), "oil").unwrap();
    let ended = service.delete("oil");
    assert_eq!(ended.outcome(), "ended");
    assert_eq!(ended.body["activity_id"], json!(null));
    assert_eq!(ended.body["ignored"], true);
    assert_eq!(service.delete("oil").status, 404);
}

#[test]
fn paused_and_delete_is_answered_and_ignored() {
    let mut service = Fixture::new();
    service.progress("oil", 10);
    service.inner.pause(service.now, Some(KEY), "oil").unwrap();
    let ended = service.delete("oil");
    assert_eq!(ended.outcome(), "ended");
    assert_eq!(ended.body["activity_id"], json!(null));
    assert_eq!(ended.body["ignored"], true);
}

#[test]
fn absent_and_delete_finds_no_stream() {
    let mut service = Fixture::new();
    assert_eq!(service.delete("oil").outcome(), "404 Live Activity stream not found");
    service.progress("oil", 10);
    service.delete("oil");
    assert_eq!(service.delete("oil").outcome(), "404 Live Activity stream not found");
}

#[test]
fn absent_after_delete_and_put_starts_anew() {
    let mut service = Fixture::new();
    let first = service.progress("oil", 10);
    service.delete("oil");
    let second = service.progress("oil", 10);
    assert_eq!(second.outcome(), "started");
    assert_ne!(second.id(), first.id());
    assert!(!second.has("previous_activity_id"));
}

#[test]
fn no_reachable_device_refuses_a_put_and_leaves_the_stream_as_it_is() {
    let mut service = Fixture::new();
    service.progress("oil", 10);
    service.set_up(&activitysmith_emulator::AccountSettings { has_device: false, ..Default::default() });
    let answer = service.progress("oil", 20);
    assert_eq!(answer.outcome(), "422 No recipients found");
    assert_eq!(answer.body["effective_channel_slugs"], json!(null));
    assert_eq!(service.stream("oil").content_state["percentage"], 10);
}

#[test]
fn no_capacity_refuses_a_put_that_must_start() {
    let mut service = Fixture::new();
    for n in 0..5 {
        assert_eq!(service.progress(&format!("lamp-{n}"), 1).outcome(), "started");
    }
    let answer = service.progress("lamp-5", 1);
    assert_eq!(answer.outcome(), "429 Live Activity limit reached");
    assert_eq!(answer.body["limit"], 5);
    assert_eq!(answer.body["active"], 5);
    assert_eq!(answer.header("Retry-After"), None);
}

#[test]
fn control_refuses_what_cannot_be_done_to_a_stream() {
    use activitysmith_emulator::ControlError;
    let mut service = Fixture::new();
    let now = service.now;
    assert_eq!(service.inner.pause(now, Some(KEY), "oil"), Err(ControlError::NotFound));
    service.progress("oil", 10);
    assert_eq!(service.inner.resume(now, Some(KEY), "oil"), Err(ControlError::WrongState(StreamState::Active)));
    service.delete("oil");
    assert_eq!(service.inner.pause(now, Some(KEY), "oil"), Err(ControlError::WrongState(StreamState::Ended)));
}

#[test]
fn streams_of_two_accounts_do_not_touch() {
    let mut service = Fixture::new();
    service.progress("oil", 10);
    service.key = "ask_test_harbour".into();
    assert_eq!(service.progress("oil", 10).outcome(), "started");
    let ambiguous = service.inner.stream(service.now, None, "oil");
    assert_eq!(ambiguous, Err(activitysmith_emulator::ControlError::Ambiguous));
    service.delete("oil");
    service.key = KEY.into();
    assert_eq!(service.progress("oil", 10).outcome(), "noop");
}
