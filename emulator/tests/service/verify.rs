//! Whether expected requests have come, and which came nearest.

use activitysmith_emulator::Verdict;
use serde_json::{Value, json};

use crate::fixture::{Fixture, KEY};

fn verify(service: &Fixture, what: Value) -> Verdict {
    service.inner.verify(Some(KEY), &serde_json::from_value(what).unwrap())
}

fn service() -> Fixture {
    let mut service = Fixture::new();
    for (key, percentage) in [("oil", 10), ("oil", 20), ("gas", 20)] {
        service.progress(key, percentage);
    }
    service.delete("oil");
    service
}

#[test]
fn requests_are_counted() {
    let service = service();
    for (count, ok) in [
        (json!({"exactly": 2}), true),
        (json!({"exactly": 1}), false),
        (json!({"exactly": 3}), false),
        (json!({"at_least": 2}), true),
        (json!({"at_least": 3}), false),
        (json!({"at_most": 2}), true),
        (json!({"at_most": 1}), false),
        (json!({}), true),
    ] {
        let verdict = verify(&service, json!({"match": {"method": "put", "stream_key": "oil"}, "count": count}));
        assert_eq!((verdict.ok, verdict.count), (ok, 2), "{count}");
    }
}

#[test]
fn a_body_may_hold_more_than_is_expected_and_numbers_go_by_value() {
    let service = service();
    let body = json!({"content_state": {"percentage": 20.0}});
    assert_eq!(verify(&service, json!({"match": {"body": body}, "count": {"exactly": 2}})).count, 2);
    let response = json!({"operation": "started"});
    assert_eq!(verify(&service, json!({"match": {"response": response}})).count, 2);
    assert_eq!(
        verify(&service, json!({"match": {"status": 200, "outcome": "ended", "path": "/live-activity/stream/oil"}}))
            .count,
        1
    );
}

#[test]
fn the_nearest_misses_are_shown_with_their_differences() {
    let service = service();
    let body = json!({"content_state": {"title": "Lamp oil", "percentage": 30}});
    let verdict = verify(&service, json!({"match": {"method": "PUT", "stream_key": "oil", "body": body}}));
    assert!(!verdict.ok);
    assert_eq!(verdict.nearest.iter().map(|miss| miss.id).collect::<Vec<_>>(), [2, 1, 4]);
    let nearest = &verdict.nearest[0].differences;
    assert_eq!(nearest.len(), 1);
    assert_eq!(nearest[0].path, "body.content_state.percentage");
    assert_eq!((&nearest[0].expected, &nearest[0].actual), (&json!(30), &json!(20)));
}

#[test]
fn other_accounts_do_not_count() {
    let service = service();
    let what = serde_json::from_value(json!({"count": {"exactly": 0}})).unwrap();
    assert!(service.inner.verify(Some("ask_test_other"), &what).ok);
}
