//! The state taken out and put in again: everything goes on as if nothing had been.

use activitysmith_emulator::{AccountSettings, DeviceSettings, DeviceState};
use activitysmith_emulator::{Limits, Options};
use serde_json::{Value, json};

use crate::fixture::{Fixture, KEY};

/// A service in which there is some of everything.
fn busy() -> Fixture {
    let limits = Limits { activities_per_device: Some(20), account_per_minute: None, ..Limits::service() };
    let mut service = Fixture::with(&Options { limits, ..Options::default() });
    for n in 0..20 {
        service.progress("oil", n);
    }
    service.put(
        "tea",
        &json!({"content_state": {"title": "Tea", "type": "timer", "duration_seconds": 240.5}, "channels": ["crew"],
            "action": {"title": "Stop", "type": "webhook", "url": "https://kettle.example/stop"},
            "alert": {"title": "On"}, "tags": ["kettle"], "metadata": {"cups": 2}}),
    );
    service.progress("idle", 1);
    service.inner.dismiss(service.now, Some(KEY), "idle").unwrap();
    service.progress("paused", 1);
    let offline = DeviceSettings { state: Some(DeviceState::Offline), ..DeviceSettings::default() };
    service.inner.set_device(service.now, Some(KEY), "iphone", offline).unwrap();
    service.inner.pause(service.now, Some(KEY), "paused").unwrap();
    service.progress("done", 1);
    service.delete("done");
    let rule = json!({"id": "lossy", "match": {"stream_key": "lost"}, "then": "reset_before"});
    service.inner.set_fault(Some(KEY), serde_json::from_value(rule).unwrap()).unwrap();
    service.key = "ask_test_second".into();
    service.set_up(&AccountSettings { revoked: true, ..AccountSettings::default() });
    service.key = KEY.into();
    service.pass(30);
    service
}

fn export(service: &mut Fixture) -> Value {
    service.inner.export(service.now)
}

fn import(service: &mut Fixture, snapshot: Value) -> Result<(), String> {
    service.inner.import(snapshot).map_err(|error| error.to_string())
}

#[test]
fn everything_is_as_it_was_and_goes_on_alike() {
    let mut one = busy();
    let snapshot = export(&mut one);
    assert!(!snapshot.to_string().contains(KEY));
    let mut other = Fixture::new();
    other.now = one.now;
    import(&mut other, snapshot.clone()).unwrap();
    assert_eq!(export(&mut other), snapshot);
    for service in [&mut one, &mut other] {
        let online = DeviceSettings { state: Some(DeviceState::Online), ..DeviceSettings::default() };
        service.inner.set_device(service.now, Some(KEY), "iphone", online).unwrap();
    }
    let answers = |service: &mut Fixture| {
        let mut answers =
            vec![service.progress("oil", 77).body, service.progress("new", 1).body, service.delete("tea").body];
        service.pass(3600);
        answers.push(json!(service.inner.streams(service.now, None)));
        answers.push(json!(service.inner.devices(service.now, None)));
        answers.push(json!(service.inner.faults(None)));
        answers
    };
    assert_eq!(answers(&mut other), answers(&mut one));
}

#[test]
fn what_does_not_fit_is_refused_and_nothing_is_lost() {
    let mut service = busy();
    let snapshot = export(&mut service);
    let spoilt = |path: &str, value: Value| {
        let mut spoilt = snapshot.clone();
        *spoilt.pointer_mut(path).unwrap_or_else(|| panic!("{path}")) = value;
        spoilt
    };
    for bad in [
        spoilt("/accounts", json!({})),
        spoilt("/accounts/0/account", json!("acct_1")),
        spoilt("/accounts/0/streams", json!({"a b": snapshot["accounts"][0]["streams"]["oil"]})),
        spoilt("/accounts/0/streams/oil/content/state", json!("text")),
        spoilt("/accounts/0/streams/oil/content/type", json!("sculpture")),
        spoilt("/accounts/0/devices", json!(vec![snapshot["accounts"][0]["devices"][0].clone(); 33])),
        spoilt("/accounts/0/devices", json!(vec![snapshot["accounts"][0]["devices"][0].clone(); 2])),
        spoilt("/faults/0/rule/then", json!("explode")),
        spoilt("/switches/limits", json!("some")),
        spoilt("/seed", json!(-1)),
        json!({}),
    ] {
        assert!(import(&mut service, bad.clone()).is_err(), "{bad}");
        assert_eq!(export(&mut service), snapshot);
    }
}

#[test]
fn slots_of_streams_that_are_not_there_are_dropped() {
    let mut service = busy();
    let mut snapshot = export(&mut service);
    snapshot["accounts"][0]["streams"] = json!({});
    snapshot["accounts"][1]["streams"] = json!({});
    import(&mut service, snapshot).unwrap();
    let devices = service.inner.devices(service.now, Some(KEY));
    assert_eq!((devices[0].active, devices[0].stale.len()), (0, 0));
}

#[test]
fn numbers_beyond_all_reason_do_no_harm() {
    let mut service = busy();
    let snapshot = export(&mut service).to_string();
    let counted = snapshot.replacen("\"counted\":0", "\"counted\":18446744073709551615", 1);
    assert_ne!(counted, snapshot);
    import(&mut service, serde_json::from_str(&counted).unwrap()).unwrap();
    assert_eq!(service.stream("tea").timer.unwrap().remaining_seconds, Some(0.0));
    let number = snapshot.find("\"number\":").unwrap() + "\"number\":".len();
    let end = number + snapshot[number..].find('}').unwrap();
    let turn = format!("{}18446744073709551615{}", &snapshot[..number], &snapshot[end..]);
    assert!(import(&mut service, serde_json::from_str(&turn).unwrap()).is_err());
}
