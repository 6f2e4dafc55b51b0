//! The journal: what was asked and answered, without secrets and in bounded memory.

use activitysmith_emulator::{Limits, Options, Retention};
use serde_json::{Value, json};

use crate::fixture::{Fixture, KEY};

fn short(journal: usize) -> Fixture {
    let retention = Retention { journal, ..Retention::default() };
    Fixture::with(&Options { limits: Limits::none(), retention, ..Options::default() })
}

#[test]
fn holds_request_and_response_and_never_the_key() {
    let mut service = Fixture::new();
    service.progress("oil", 10);
    let entries = service.inner.requests(None, 0);
    let shown = serde_json::to_value(&entries[0]).unwrap();
    assert_eq!(shown["method"], "PUT");
    assert_eq!(shown["path"], "/live-activity/stream/oil");
    assert_eq!(shown["body"]["content_state"]["percentage"], 10);
    assert_eq!(shown["status"], 200);
    assert_eq!(shown["response"]["operation"], "started");
    assert!(shown["account"].as_str().unwrap().starts_with("acct_"));
    assert!(!shown.to_string().contains(KEY));
    assert!(!format!("{entries:?}").contains(KEY));
}

#[test]
fn shows_a_body_that_is_no_json_as_text() {
    let mut service = Fixture::new();
    service.send("PUT", "/live-activity/stream/oil", b"{oops");
    let entry = serde_json::to_value(&service.inner.requests(None, 0)[0]).unwrap();
    assert_eq!(entry["body"], Value::from("{oops"));
}

#[test]
fn notes_what_was_allowed_and_had_no_effect() {
    let mut service = Fixture::new();
    service.show("oil", json!({"title": "Oil", "type": "value", "value": 1, "message": "hello"}));
    let entries = service.inner.requests(None, 0);
    assert_eq!(entries[0].notes, ["content_state.message means nothing to type value and was ignored"]);
}

#[test]
fn keeps_the_newest_and_counts_on() {
    let mut service = short(3);
    for n in 0..5 {
        service.progress("oil", n);
    }
    let ids = |service: &Fixture, since| -> Vec<u64> {
        service.inner.requests(None, since).iter().map(|entry| entry.id).collect()
    };
    assert_eq!(ids(&service, 0), [3, 4, 5]);
    assert_eq!(ids(&service, 4), [5]);
    service.inner.clear_requests(None);
    service.progress("oil", 9);
    assert_eq!(ids(&service, 0), [6]);
}

#[test]
fn can_be_narrowed_to_an_account() {
    let mut service = Fixture::new();
    service.progress("oil", 1);
    service.key = "ask_test_other".into();
    service.progress("oil", 1);
    assert_eq!(service.inner.requests(Some(KEY), 0).len(), 1);
    service.inner.reset(Some(KEY));
    assert!(service.inner.requests(Some(KEY), 0).is_empty());
    assert_eq!(service.inner.streams(service.now, None).len(), 1);
}

#[test]
fn large_bodies_push_older_ones_out() {
    let mut service = short(1000);
    let body = vec![b'x'; 1024 * 1024];
    for _ in 0..100 {
        service.send("PUT", "/live-activity/stream/oil", &body);
    }
    let kept: usize = service.inner.requests(None, 0).iter().map(|entry| entry.body.len()).sum();
    assert!(kept <= 32 * 1024 * 1024);
}

#[test]
fn a_reset_repeats_the_ids_of_the_seed() {
    let mut service = Fixture::new();
    let first = service.progress("oil", 1).id();
    service.inner.reset(None);
    assert_eq!(service.progress("oil", 1).id(), first);
}
