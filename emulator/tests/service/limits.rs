//! Request rates, capacity, and the warning about too many updates.

use std::net::IpAddr;

use activitysmith_emulator::ApiRequest;
use activitysmith_emulator::{Limits, Options};
use serde_json::json;

use crate::fixture::Fixture;

const POLICY: &str = r#""public-api-ip:live-activities"; q=600; w=60, "account:live-activities"; q=300; w=60"#;

#[test]
fn every_answer_tells_what_is_left_of_both_windows() {
    let mut service = Fixture::with(&Options::default());
    let answer = service.progress("oil", 1);
    assert_eq!(answer.header("RateLimit-Policy"), Some(POLICY));
    service.pass(17);
    let refused = service.show("oil", json!({}));
    assert_eq!(refused.status, 400);
    let left = r#""public-api-ip:live-activities"; r=598; t=43, "account:live-activities"; r=298; t=43"#;
    assert_eq!(refused.header("RateLimit"), Some(left));
    service.pass(4);
    let left = r#""public-api-ip:live-activities"; r=597; t=39, "account:live-activities"; r=297; t=39"#;
    assert_eq!(service.delete("oil").header("RateLimit"), Some(left));
}

#[test]
fn the_request_after_the_last_allowed_one_is_told_when_to_come_back() {
    let mut service = Fixture::with(&Options::default());
    for n in 0..300 {
        assert_eq!(service.progress("oil", n % 100).status, 200);
    }
    service.pass(22);
    let answer = service.progress("oil", 1);
    assert_eq!(answer.outcome(), "429 Rate limit exceeded");
    assert_eq!(answer.body["code"], "rate_limited");
    assert_eq!(answer.header("Retry-After"), Some("38"));
    assert!(answer.header("RateLimit").unwrap().contains(r#""account:live-activities"; r=0; t=38"#));
    assert!(!answer.has("limit") && !answer.has("active"));
    service.pass(38);
    assert_eq!(service.progress("oil", 1).outcome(), "updated");
}

#[test]
fn a_delete_counts_too() {
    let mut service = Fixture::with(&Options::default());
    for _ in 0..300 {
        service.delete("oil");
    }
    assert_eq!(service.delete("oil").outcome(), "429 Rate limit exceeded");
}

#[test]
fn the_address_counts_over_all_accounts_with_real_keys() {
    let mut service = Fixture::with(&Options::default());
    for account in ["ask_north", "ask_south"] {
        service.key = account.into();
        for n in 0..300 {
            assert_eq!(service.progress("oil", n % 100).status, 200);
        }
    }
    service.key = "ask_west".into();
    let answer = service.progress("oil", 1);
    assert_eq!(answer.outcome(), "429 Rate limit exceeded");
    assert!(answer.header("RateLimit").unwrap().contains(r#""account:live-activities"; r=300"#));

    let elsewhere = ApiRequest {
        client: IpAddr::from([127, 0, 0, 9]),
        ..ApiRequest::new("DELETE", "/live-activity/stream/oil", "Bearer ask_west", b"")
    };
    assert_eq!(service.inner.handle(service.now, &elsewhere).status, 404);
}

#[test]
fn the_address_does_not_count_over_test_accounts() {
    let mut service = Fixture::with(&Options::default());
    for account in ["ask_test_a", "ask_test_b", "ask_test_c"] {
        service.key = account.into();
        for n in 0..300 {
            assert_eq!(service.progress("oil", n % 100).status, 200);
        }
    }
}

#[test]
fn without_limits_there_are_no_headers_and_no_refusals() {
    let mut service = Fixture::with(&Options { limits: Limits::none(), ..Options::default() });
    for n in 0..700 {
        let answer = service.progress(&format!("lamp-{n}"), 1);
        assert_eq!(answer.outcome(), "started");
        assert_eq!(answer.header("RateLimit"), None);
        assert_eq!(answer.header("RateLimit-Policy"), None);
    }
}

#[test]
fn a_clock_that_is_set_back_opens_a_new_window() {
    let mut service = Fixture::with(&Options::default());
    for n in 0..300 {
        service.progress("oil", n % 100);
    }
    service.now = activitysmith_emulator::Timestamp::from_millis(1_000);
    assert_eq!(service.progress("oil", 1).status, 200);
}

#[test]
fn ending_dismissing_pausing_and_expiring_free_capacity() {
    let mut service = Fixture::new();
    let fill = |service: &mut Fixture| {
        let mut n = 0;
        while service.progress(&format!("lamp-{n}"), 1).status == 200 {
            n += 1;
        }
        assert_eq!(n, 5);
    };
    fill(&mut service);
    service.delete("lamp-0");
    assert_eq!(service.progress("new-0", 1).outcome(), "started");
    let key = service.key.clone();
    service.inner.dismiss(service.now, Some(&key), "lamp-1").unwrap();
    assert_eq!(service.progress("new-1", 1).outcome(), "started");
    service.inner.pause(service.now, Some(&key), "lamp-2").unwrap();
    assert_eq!(service.progress("new-2", 1).outcome(), "started");
    assert_eq!(service.progress("new-3", 1).outcome(), "429 Live Activity limit reached");
    service.pass(8 * 3600);
    assert_eq!(service.progress("new-3", 1).outcome(), "started");
}

#[test]
fn a_full_device_still_takes_updates_rotations_and_paused_streams() {
    let mut service = Fixture::new();
    for n in 0..5 {
        service.progress(&format!("lamp-{n}"), 1);
    }
    assert_eq!(service.progress("lamp-0", 2).outcome(), "updated");
    let alert = json!({"title": "Lamp", "type": "alert", "message": "Wick is short"});
    assert_eq!(service.show("lamp-0", alert).outcome(), "rotated");
    let key = service.key.clone();
    service.inner.pause(service.now, Some(&key), "lamp-1").unwrap();
    service.progress("lamp-5", 1);
    assert_eq!(service.progress("lamp-1", 2).outcome(), "paused");
}

#[test]
fn the_thirteenth_update_at_more_than_one_per_two_minutes_warns() {
    let mut service = Fixture::new();
    service.progress("oil", 0);
    for n in 1..=12 {
        service.pass(60);
        assert!(!service.progress("oil", n).has("warning"), "update {n}");
    }
    service.pass(60);
    let answer = service.progress("oil", 13);
    assert_eq!(answer.outcome(), "updated");
    assert!(answer.body["warning"].is_string());
    assert!(!service.progress("oil", 13).has("warning"), "a noop is no update");
}

#[test]
fn updates_at_one_per_two_minutes_never_warn() {
    let mut service = Fixture::new();
    service.progress("oil", 0);
    for n in 1..=40 {
        service.pass(120);
        assert!(!service.progress("oil", n).has("warning"), "update {n}");
    }
}

#[test]
fn a_rotation_counts_updates_anew() {
    let mut service = Fixture::new();
    for n in 0..=13 {
        service.progress("oil", n);
    }
    service.show("oil", json!({"title": "Lamp oil", "type": "value", "value": 1}));
    assert!(!service.show("oil", json!({"title": "Lamp oil", "type": "value", "value": 2})).has("warning"));
}
