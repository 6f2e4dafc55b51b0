//! Timers: the one part of a state that outlives the request which set it.

use activitysmith_emulator::TimerView;
use activitysmith_emulator::{Limits, Mode, Options};
use serde_json::{Value, json};

use crate::fixture::{Answer, Fixture};

fn egg(service: &mut Fixture, mut fields: Value) -> Answer {
    fields["title"] = json!("Egg");
    fields["type"] = json!("timer");
    service.show("egg", fields)
}

fn timer(service: &mut Fixture) -> TimerView {
    service.stream("egg").timer.unwrap()
}

#[test]
fn a_countdown_needs_a_duration_to_start() {
    let mut service = Fixture::new();
    assert_eq!(egg(&mut service, json!({})).outcome(), "400 Invalid content_state");
    assert_eq!(egg(&mut service, json!({"counts_down": true})).outcome(), "400 Invalid content_state");
    assert_eq!(egg(&mut service, json!({"duration_seconds": 360})).outcome(), "started");
    assert_eq!(timer(&mut service).remaining_seconds, Some(360.0));
}

#[test]
fn an_elapsed_timer_starts_open_ended() {
    let mut service = Fixture::new();
    assert_eq!(egg(&mut service, json!({"counts_down": false})).outcome(), "started");
    service.pass(90);
    let timer = timer(&mut service);
    assert_eq!((timer.elapsed_seconds, timer.remaining_seconds), (90.0, None));
}

#[test]
fn an_elapsed_timer_may_be_bounded() {
    let mut service = Fixture::new();
    egg(&mut service, json!({"counts_down": false, "duration_seconds": 60}));
    service.pass(90);
    assert_eq!(timer(&mut service).remaining_seconds, Some(0.0));
}

#[test]
fn a_put_without_duration_keeps_the_window() {
    let mut service = Fixture::new();
    egg(&mut service, json!({"duration_seconds": 360}));
    service.pass(60);
    assert_eq!(egg(&mut service, json!({"subtitle": "turn it"})).outcome(), "updated");
    assert_eq!(timer(&mut service).remaining_seconds, Some(300.0));
    assert_eq!(egg(&mut service, json!({"subtitle": "turn it"})).outcome(), "noop");
}

#[test]
fn a_put_with_duration_starts_the_window_over_and_is_never_noop() {
    let mut service = Fixture::new();
    egg(&mut service, json!({"duration_seconds": 360}));
    service.pass(60);
    assert_eq!(egg(&mut service, json!({"duration_seconds": 360})).outcome(), "updated");
    assert_eq!(timer(&mut service).remaining_seconds, Some(360.0));
}

#[test]
fn is_running_false_freezes_and_true_goes_on() {
    let mut service = Fixture::new();
    egg(&mut service, json!({"duration_seconds": 360}));
    service.pass(60);
    assert_eq!(egg(&mut service, json!({"is_running": false})).outcome(), "updated");
    service.pass(1000);
    assert_eq!(timer(&mut service).remaining_seconds, Some(300.0));
    assert_eq!(egg(&mut service, json!({"is_running": true})).outcome(), "updated");
    service.pass(10);
    assert_eq!(timer(&mut service).remaining_seconds, Some(290.0));
}

#[test]
fn leaving_out_is_running_keeps_a_paused_timer_paused() {
    let mut service = Fixture::new();
    egg(&mut service, json!({"duration_seconds": 360, "is_running": false}));
    assert_eq!(egg(&mut service, json!({"subtitle": "waiting"})).outcome(), "updated");
    assert!(!timer(&mut service).is_running);
    egg(&mut service, json!({"duration_seconds": 100}));
    service.pass(50);
    assert_eq!(timer(&mut service).remaining_seconds, Some(100.0));
}

#[test]
fn leaving_out_counts_down_keeps_the_direction() {
    let mut service = Fixture::new();
    egg(&mut service, json!({"counts_down": false}));
    egg(&mut service, json!({"subtitle": "still here"}));
    assert!(!timer(&mut service).counts_down);
}

#[test]
fn an_open_ended_timer_cannot_count_down_without_a_duration() {
    let mut service = Fixture::new();
    egg(&mut service, json!({"counts_down": false}));
    assert_eq!(egg(&mut service, json!({"counts_down": true})).outcome(), "400 Invalid content_state");
    assert_eq!(egg(&mut service, json!({"counts_down": true, "duration_seconds": 30})).outcome(), "updated");
    assert!(timer(&mut service).counts_down);
}

#[test]
fn lenient_mode_overlooks_a_countdown_from_nowhere() {
    let mut service = Fixture::with(&Options { mode: Mode::Lenient, limits: Limits::none(), ..Options::default() });
    egg(&mut service, json!({"counts_down": false}));
    assert_eq!(egg(&mut service, json!({"counts_down": true})).outcome(), "noop");
    assert!(!timer(&mut service).counts_down);
}

#[test]
fn delete_keeps_and_freezes_the_timer() {
    let mut service = Fixture::new();
    egg(&mut service, json!({"duration_seconds": 360}));
    service.pass(60);
    service.delete("egg");
    service.pass(60);
    let timer = timer(&mut service);
    assert_eq!((timer.is_running, timer.remaining_seconds), (false, Some(300.0)));
}

#[test]
fn fields_of_a_timer_mean_nothing_to_other_types() {
    let mut service = Fixture::new();
    let state = json!({"title": "Egg", "type": "value", "value": 3, "duration_seconds": 60, "is_running": true});
    assert_eq!(service.show("egg", state.clone()).outcome(), "started");
    assert_eq!(service.show("egg", state).outcome(), "noop");
    assert_eq!(service.stream("egg").timer, None);
}

/// An age at which the service replaces an activity.
const OLD: u64 = 8 * 3600 - 60;

#[test]
fn an_elapsed_timer_counts_on_when_its_activity_is_renewed_for_its_age() {
    let mut service = Fixture::new();
    egg(&mut service, json!({"counts_down": false}));
    service.pass(OLD);
    assert_eq!(egg(&mut service, json!({"counts_down": false})).outcome(), "rotated");
    service.pass(10);
    let timer = timer(&mut service);
    assert_eq!((timer.counts_down, timer.elapsed_seconds), (false, OLD as f64 + 10.0));
}

#[test]
fn a_countdown_needs_no_duration_to_be_renewed_for_its_age() {
    let mut service = Fixture::new();
    egg(&mut service, json!({"duration_seconds": 40000}));
    service.pass(OLD);
    assert_eq!(egg(&mut service, json!({})).outcome(), "rotated");
    assert_eq!(timer(&mut service).remaining_seconds, Some(40000.0 - OLD as f64));
    service.pass(600);
    assert_eq!(egg(&mut service, json!({})).outcome(), "noop", "the new activity is young");
    assert_eq!(timer(&mut service).remaining_seconds, Some(39400.0 - OLD as f64));
}

#[test]
fn a_paused_timer_stays_paused_when_its_activity_is_renewed_for_its_age() {
    let mut service = Fixture::new();
    egg(&mut service, json!({"duration_seconds": 360}));
    service.pass(60);
    egg(&mut service, json!({"is_running": false}));
    service.pass(OLD - 60);
    assert_eq!(egg(&mut service, json!({"subtitle": "cold"})).outcome(), "rotated");
    let timer = timer(&mut service);
    assert_eq!((timer.is_running, timer.remaining_seconds), (false, Some(300.0)));
}

#[test]
fn a_duration_starts_the_window_over_at_any_age() {
    let mut service = Fixture::new();
    egg(&mut service, json!({"duration_seconds": 360}));
    service.pass(OLD);
    assert_eq!(egg(&mut service, json!({"duration_seconds": 90})).outcome(), "rotated");
    assert_eq!(timer(&mut service).remaining_seconds, Some(90.0));
}

#[test]
fn an_old_open_ended_timer_cannot_count_down_without_a_duration_either() {
    let mut service = Fixture::new();
    egg(&mut service, json!({"counts_down": false}));
    service.pass(OLD);
    assert_eq!(egg(&mut service, json!({"counts_down": true})).outcome(), "400 Invalid content_state");
}

#[test]
fn other_channels_get_a_timer_of_their_own() {
    let mut service = Fixture::new();
    let body = |channel: &str, counts_down: bool| json!({"content_state": {"title": "Egg", "type": "timer", "counts_down": counts_down}, "channels": [channel]});
    service.put("egg", &body("kitchen", false));
    service.pass(30);
    assert_eq!(service.put("egg", &body("terrace", true)).outcome(), "400 Invalid content_state");
    assert_eq!(service.put("egg", &body("terrace", false)).outcome(), "rotated");
    assert_eq!(service.stream("egg").timer.map(|timer| timer.elapsed_seconds), Some(0.0));
}
