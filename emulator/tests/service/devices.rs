//! What devices show: as much as iOS would let through, whatever the API has answered.

use activitysmith_emulator::{AccountSettings, DeviceSettings, DeviceShows, DeviceState};
use activitysmith_emulator::{Limits, Options, Timestamp};
use serde_json::json;

use crate::fixture::{Fixture, KEY};

fn phone(service: &mut Fixture, stream_key: &str) -> DeviceShows {
    service.stream(stream_key).device.remove(0)
}

fn percentage(shows: &DeviceShows) -> Option<i64> {
    shows.shows.as_ref()?["percentage"].as_i64()
}

fn set(service: &mut Fixture, device_id: &str, state: DeviceState) {
    let settings = DeviceSettings { state: Some(state), ..DeviceSettings::default() };
    service.inner.set_device(service.now, Some(KEY), device_id, settings).unwrap();
}

fn pair(service: &mut Fixture, device_id: &str, channels: &[&str]) {
    let channels = Some(channels.iter().map(ToString::to_string).collect());
    let settings = DeviceSettings { channels, ..DeviceSettings::default() };
    service.inner.set_device(service.now, Some(KEY), device_id, settings).unwrap();
}

fn service() -> Fixture {
    Fixture::with(&Options { limits: Limits { account_per_minute: None, ..Limits::service() }, ..Options::default() })
}

fn seconds(service: &Fixture, at: Timestamp) -> u64 {
    at.millis_since(service.now) / 1000
}

#[test]
fn a_burst_is_shown_and_what_follows_waits_its_turn_while_the_api_says_yes() {
    let mut service = service();
    for n in 0..=12 {
        service.progress("oil", n);
    }
    assert_eq!(percentage(&phone(&mut service, "oil")), Some(12));
    service.pass(30);
    for n in [20, 30, 40] {
        let answer = service.progress("oil", n);
        assert_eq!((answer.outcome(), &answer.body["devices_notified"]), ("updated".to_owned(), &json!(1)));
    }
    let stale = phone(&mut service, "oil");
    assert_eq!((percentage(&stale), stale.is_stale), (Some(12), true));
    assert_eq!(seconds(&service, stale.pending_until.unwrap()), 90);
    assert_eq!(stale.budget.unwrap().remaining, 0);
    assert_eq!(service.stream("oil").content_state["percentage"], 40);

    service.pass(90);
    let fresh = phone(&mut service, "oil");
    assert_eq!((percentage(&fresh), fresh.is_stale, fresh.pending_until), (Some(40), false, None));
    assert_eq!(fresh.shown_at, Some(service.now));
}

#[test]
fn the_budget_is_shared_by_the_streams_of_a_device() {
    let mut service = service();
    for key in ["oil", "gas"] {
        service.progress(key, 0);
    }
    for n in 1..=12 {
        service.progress("oil", n);
    }
    service.progress("oil", 50);
    service.progress("gas", 50);
    let (oil, gas) = (phone(&mut service, "oil"), phone(&mut service, "gas"));
    assert_eq!(seconds(&service, oil.pending_until.unwrap()), 120);
    assert_eq!(seconds(&service, gas.pending_until.unwrap()), 240);
    service.pass(240);
    assert_eq!(phone(&mut service, "oil").shown_at, oil.pending_until);
    assert_eq!(phone(&mut service, "gas").shown_at, gas.pending_until);
}

#[test]
fn one_update_in_two_minutes_is_always_shown() {
    let mut service = service();
    service.progress("oil", 0);
    for n in 1..=100 {
        service.pass(120);
        service.progress("oil", n);
        assert_eq!(percentage(&phone(&mut service, "oil")), Some(i64::from(n)));
    }
}

#[test]
fn more_starts_than_the_device_grants_come_on_later() {
    let mut service = service();
    for _ in 0..10 {
        service.progress("oil", 1);
        service.delete("oil");
    }
    assert_eq!(service.progress("oil", 1).outcome(), "started");
    let waiting = phone(&mut service, "oil");
    assert_eq!((waiting.shows, waiting.is_stale), (None, true));
    assert_eq!(seconds(&service, waiting.pending_until.unwrap()), 360);
    service.progress("oil", 7);
    service.pass(360);
    assert_eq!(percentage(&phone(&mut service, "oil")), Some(7));
}

#[test]
fn an_end_is_always_let_through_and_leaves_in_time() {
    let mut service = service();
    for n in 0..=20 {
        service.progress("oil", n);
    }
    assert!(phone(&mut service, "oil").is_stale);
    service.delete("oil");
    assert_eq!(percentage(&phone(&mut service, "oil")), Some(20));
    service.pass(119);
    assert_eq!(percentage(&phone(&mut service, "oil")), Some(20));
    service.pass(1);
    assert_eq!(phone(&mut service, "oil").shows, None);
}

#[test]
fn a_device_without_network_catches_up_when_it_is_back() {
    let mut service = service();
    service.progress("oil", 1);
    service.progress("gas", 1);
    set(&mut service, "iphone", DeviceState::Offline);
    assert_eq!(service.progress("oil", 2).body["devices_notified"], 1);
    service.progress("tar", 1);
    service.delete("gas");
    service.pass(30);
    let (oil, gas, tar) = (phone(&mut service, "oil"), phone(&mut service, "gas"), phone(&mut service, "tar"));
    assert_eq!((percentage(&oil), oil.is_stale, oil.pending_until), (Some(1), true, None));
    assert_eq!((percentage(&gas), gas.is_stale), (Some(1), true));
    assert_eq!((tar.shows, tar.is_stale), (None, true));

    set(&mut service, "iphone", DeviceState::Locked);
    for (key, shown) in [("oil", 2), ("gas", 1), ("tar", 1)] {
        let shows = phone(&mut service, key);
        assert_eq!((percentage(&shows), shows.is_stale), (Some(shown), false), "{key}");
        assert_eq!(shows.shown_at, Some(service.now), "{key}");
    }
}

#[test]
fn a_pause_reaches_a_device_without_network_later() {
    let mut service = service();
    service.progress("oil", 1);
    set(&mut service, "iphone", DeviceState::Offline);
    service.inner.pause(service.now, Some(KEY), "oil").unwrap();
    assert_eq!(percentage(&phone(&mut service, "oil")), Some(1));
    set(&mut service, "iphone", DeviceState::Online);
    assert_eq!(phone(&mut service, "oil").shows, None);
}

#[test]
fn a_wiped_device_shows_nothing_and_receives_nothing() {
    let mut service = service();
    pair(&mut service, "ipad", &[]);
    service.progress("oil", 1);
    set(&mut service, "ipad", DeviceState::Wiped);
    let answer = service.progress("oil", 2);
    assert_eq!(answer.body["devices_notified"], 1);
    assert_eq!(answer.body["errors"], json!(["ipad: the device's token is no longer valid"]));
    set(&mut service, "iphone", DeviceState::Wiped);
    assert_eq!(service.progress("oil", 3).outcome(), "422 No recipients found");

    set(&mut service, "ipad", DeviceState::Online);
    assert_eq!(service.progress("oil", 4).outcome(), "updated");
    let shown: Vec<_> = service.stream("oil").device.iter().map(percentage).collect();
    assert_eq!(shown, [None, Some(4)]);
}

#[test]
fn an_activity_goes_to_the_devices_that_listen_to_its_channels() {
    let mut service = service();
    pair(&mut service, "bridge", &["crew"]);
    pair(&mut service, "galley", &["cooks"]);
    let body = json!({"content_state": {"title": "Soup", "type": "progress", "percentage": 3}, "channels": ["cooks"]});
    assert_eq!(service.put("soup", &body).body["devices_notified"], 2);
    let shown: Vec<_> = service.stream("soup").device.iter().map(percentage).collect();
    assert_eq!(shown, [Some(3), None, Some(3)]);
}

#[test]
fn a_full_device_blocks_an_activity_and_is_counted() {
    let mut service = service();
    pair(&mut service, "bridge", &["crew"]);
    for n in 0..5 {
        let body = json!({"content_state": {"title": "Soup", "type": "value", "value": n}, "channels": ["cooks"]});
        service.put(&format!("soup-{n}"), &body);
    }
    let answer = service.progress("oil", 1);
    assert_eq!(answer.outcome(), "429 Live Activity limit reached");
    assert_eq!((&answer.body["limit"], &answer.body["active"]), (&json!(5), &json!(5)));
    assert_eq!((&answer.body["blocked_devices"], &answer.body["targeted_devices"]), (&json!(1), &json!(2)));
    let body = json!({"content_state": {"title": "Soup", "type": "value", "value": 1}, "channels": ["cooks"]});
    assert!(!service.put("soup-5", &body).has("blocked_devices"), "all of its devices are blocked");
}

#[test]
fn what_was_set_up_about_a_device_is_not_forgotten_among_many_accounts() {
    let mut service = service();
    pair(&mut service, "iphone", &["crew"]);
    let channels = service.inner.devices(service.now, Some(KEY))[0].channels.clone();
    for n in 0..3000 {
        service.key = format!("ask_test_{n}");
        service.delete("none");
        service.pass(61);
    }
    assert_eq!(service.inner.devices(service.now, Some(KEY))[0].channels, channels);
}

#[test]
fn an_account_without_a_device_has_none_to_look_at() {
    let mut service = service();
    service.progress("oil", 1);
    service.set_up(&AccountSettings { has_device: false, ..AccountSettings::default() });
    assert!(service.stream("oil").device.is_empty());
}

#[test]
fn buttons_and_timers_stay_behind_with_the_state() {
    let mut service = service();
    service.show("tea", json!({"title": "Tea", "type": "timer", "duration_seconds": 240}));
    set(&mut service, "iphone", DeviceState::Offline);
    service.pass(60);
    service.put(
        "tea",
        &json!({"content_state": {"title": "Tea", "duration_seconds": 600},
            "action": {"title": "Stop", "type": "webhook", "url": "https://kettle.example/stop"}}),
    );
    let shows = phone(&mut service, "tea");
    assert_eq!(shows.timer.unwrap().remaining_seconds, Some(180.0));
    assert_eq!(shows.action, None);
    assert_eq!(service.stream("tea").timer.unwrap().remaining_seconds, Some(600.0));
}

#[test]
fn the_newest_alert_is_kept_for_looking_at() {
    let mut service = service();
    service.progress("oil", 1);
    assert_eq!(service.stream("oil").alert, None);
    service.put(
        "oil",
        &json!({"content_state": {"title": "Oil", "type": "progress", "percentage": 2},
        "alert": {"title": "Low", "body": "Oil is low"}}),
    );
    let alert = service.stream("oil").alert.unwrap();
    assert_eq!((alert.time, alert.alert), (service.now, json!({"title": "Low", "body": "Oil is low"})));
}

#[test]
fn a_rotation_needs_room_where_it_goes_anew() {
    let mut service = service();
    pair(&mut service, "iphone", &["a"]);
    pair(&mut service, "ipad", &["b"]);
    let put = |service: &mut Fixture, key: &str, channel: &str| {
        let state = json!({"title": "Oil", "type": "value", "value": 1});
        service.put(key, &json!({"content_state": state, "channels": [channel]}))
    };
    put(&mut service, "moves", "a");
    for key in ["1", "2", "3", "4", "5"] {
        assert_eq!(put(&mut service, key, "b").outcome(), "started");
    }
    assert_eq!(put(&mut service, "moves", "b").outcome(), "429 Live Activity limit reached");
    assert_eq!(service.stream("moves").channels, Some(vec!["a".to_owned()]), "it stays where it was");
    service.delete("1");
    assert_eq!(put(&mut service, "moves", "b").outcome(), "rotated");
    let other_type = json!({"content_state": {"title": "Oil", "type": "alert", "message": "!"}, "channels": ["b"]});
    assert_eq!(service.put("moves", &other_type).outcome(), "rotated", "it takes its own place");
}

#[test]
fn a_device_that_is_full_gets_no_activity_by_an_update() {
    let mut service = service();
    for key in ["1", "2", "3", "4"] {
        service.progress(key, 1);
    }
    pair(&mut service, "ipad", &["b"]);
    for key in ["5", "6", "7", "8", "9"] {
        let state = json!({"title": "Oil", "type": "value", "value": 1});
        let body = json!({"content_state": state, "channels": ["b"]});
        let full = service.put(key, &body).status == 429;
        assert_eq!(full, key != "5", "the first phone has room for one");
    }
    pair(&mut service, "ipad", &[]);
    for key in ["1", "2", "3", "4"] {
        service.progress(key, 2);
    }
    let running = |service: &mut Fixture, id: &str| {
        let devices = service.inner.devices(service.now, Some(KEY));
        devices.iter().find(|device| device.device_id == id).unwrap().active
    };
    assert_eq!((running(&mut service, "iphone"), running(&mut service, "ipad")), (5, 5));
    pair(&mut service, "watch", &[]);
    service.progress("1", 3);
    assert_eq!(running(&mut service, "watch"), 1);
}

#[test]
fn an_activity_that_is_renewed_goes_only_where_there_is_room() {
    let mut service = service();
    service.progress("old", 1);
    service.pass(3600);
    for key in ["1", "2", "3", "4"] {
        service.progress(key, 1);
    }
    pair(&mut service, "ipad", &["b"]);
    for key in ["1", "2", "3", "4"] {
        service.delete(key);
    }
    let state = json!({"title": "Oil", "type": "value", "value": 1});
    for key in ["5", "6", "7", "8", "9"] {
        pair(&mut service, "iphone", if key == "9" { &["a"] } else { &[] });
        service.put(key, &json!({"content_state": state, "channels": ["b"]}));
    }
    pair(&mut service, "ipad", &[]);
    let devices = service.inner.devices(service.now, Some(KEY));
    assert_eq!(devices.iter().map(|device| device.active).collect::<Vec<_>>(), [5, 5], "both are full");
    service.pass(6 * 3600 + 58 * 60);
    assert_eq!(service.progress("old", 2).outcome(), "rotated");
    let devices = service.inner.devices(service.now, Some(KEY));
    assert_eq!(devices.iter().map(|device| device.active).collect::<Vec<_>>(), [5, 5]);
    assert_eq!(service.stream("old").device.len(), 2);
}

#[test]
fn answers_tell_only_of_devices_that_an_activity_is_meant_for() {
    let mut service = service();
    pair(&mut service, "iphone", &["a"]);
    pair(&mut service, "ipad", &["b"]);
    set(&mut service, "ipad", DeviceState::Wiped);
    let state = json!({"title": "Oil", "type": "value", "value": 1});
    let answer = service.put("oil", &json!({"content_state": state, "channels": ["a"]}));
    assert!(!answer.has("errors"), "{}", answer.body);
    set(&mut service, "ipad", DeviceState::Online);
    set(&mut service, "iphone", DeviceState::Offline);
    let answer = service.put("oil", &json!({"content_state": state, "channels": ["b"]}));
    assert_eq!((answer.outcome(), &answer.body["devices_notified"]), ("rotated".to_owned(), &json!(1)));
    let state = json!({"title": "Oil", "type": "value", "value": 2});
    let answer = service.put("oil", &json!({"content_state": state}));
    assert_eq!(answer.body["devices_notified"], 1, "the one that it left knows nothing of it");
}
