//! Faults that are asked for: whom they strike, what they do to an answer, and that they repeat themselves.

use activitysmith_emulator::Options;
use activitysmith_emulator::{ApiRequest, ApiResponse, Delivery};
use serde_json::{Value, json};

use crate::fixture::{Fixture, KEY};

fn service(rules: &[Value]) -> Fixture {
    let mut service = Fixture::new();
    for rule in rules {
        service.inner.set_fault(Some(KEY), serde_json::from_value(rule.clone()).unwrap()).unwrap();
    }
    service
}

/// The raw response to a PUT.
fn put(service: &mut Fixture, key: &str, percentage: u32) -> ApiResponse {
    let body = json!({"content_state": {"title": "Oil", "type": "progress", "percentage": percentage}}).to_string();
    let (path, authorization) = (format!("/live-activity/stream/{key}"), format!("Bearer {}", service.key));
    service.inner.handle(service.now, &ApiRequest::new("PUT", &path, &authorization, body.as_bytes()))
}

fn json_of(response: &ApiResponse) -> Value {
    serde_json::from_slice(&response.body).unwrap()
}

#[test]
fn an_answer_is_given_instead_and_nothing_is_carried_out() {
    let then = json!({"status": 503, "body": {"error": "busy"}, "headers": {"Retry-After": "3"}});
    let mut service = service(&[json!({"then": then})]);
    let answer = put(&mut service, "oil", 1);
    assert_eq!((answer.status, json_of(&answer)), (503, json!({"error": "busy"})));
    assert_eq!(answer.extra_headers, [("Retry-After".to_owned(), "3".to_owned())]);
    assert!(service.inner.streams(service.now, None).is_empty());
    let entry = &service.inner.requests(None, 0)[0];
    assert_eq!((entry.fault.as_deref(), entry.outcome), (Some("fault-1"), "fault"));
}

#[test]
fn both_429s_look_like_the_services() {
    let mut service = service(&[
        json!({"times": 1, "then": {"rate_limited": {"retry_after": 17}}}),
        json!({"times": 1, "then": "activity_limit"}),
    ]);
    let rate = put(&mut service, "oil", 1);
    assert_eq!(
        (rate.status, rate.header("Retry-After"), &json_of(&rate)["code"]),
        (429, Some("17"), &json!("rate_limited"))
    );
    let capacity = put(&mut service, "oil", 1);
    assert_eq!((capacity.status, &json_of(&capacity)["limit"]), (429, &json!(5)));
    assert_eq!(put(&mut service, "oil", 1).status, 200);
}

#[test]
fn some_faults_strike_before_and_some_after_the_request_was_carried_out() {
    for (then, delivery, carried_out) in [
        ("reset_before", Delivery::Reset, false),
        ("reset_after_apply", Delivery::Reset, true),
        ("stall", Delivery::Never, true),
        ("cut_body", Delivery::Cut, true),
    ] {
        let mut service = service(&[json!({"then": then})]);
        assert_eq!(put(&mut service, "oil", 1).delivery, delivery, "{then}");
        assert_eq!(service.inner.streams(service.now, None).len(), usize::from(carried_out), "{then}");
    }
}

#[test]
fn the_answer_itself_may_be_spoilt() {
    let spoilt = |then: Value| put(&mut service(&[json!({"then": then})]), "oil", 1);
    assert!(serde_json::from_slice::<Value>(&spoilt(json!("bad_json")).body).is_err());
    let page = spoilt(json!("html_502"));
    assert_eq!((page.status, page.content_type), (502, "text/html"));
    assert_eq!(json_of(&spoilt(json!("success_false")))["success"], false);
    assert!(json_of(&spoilt(json!("unknown_fields")))["x_new_field"].is_object());
    let operation = json_of(&spoilt(json!("unknown_operation")))["operation"].clone();
    assert!(!["started", "updated", "rotated", "noop", "paused"].contains(&operation.as_str().unwrap()));
}

#[test]
fn a_rule_may_be_about_a_method_a_key_and_the_nth_request() {
    let mut service = service(&[
        json!({"match": {"method": "put", "stream_key": "oil", "nth": 2}, "then": {"status": 500}}),
        json!({"match": {"method": "DELETE"}, "times": 1, "then": {"status": 501}}),
    ]);
    let keys = ["oil", "gas", "oil", "oil"];
    let statuses: Vec<_> = keys.iter().map(|key| put(&mut service, key, 1).status).collect();
    assert_eq!(statuses, [200, 200, 500, 200]);
    let authorization = format!("Bearer {KEY}");
    let request = ApiRequest::new("DELETE", "/live-activity/stream/oil", &authorization, b"");
    let statuses: Vec<_> = (0..2).map(|_| service.inner.handle(service.now, &request).status).collect();
    assert_eq!(statuses, [501, 200]);
}

#[test]
fn other_accounts_are_spared() {
    let mut service = service(&[json!({"then": {"status": 500}})]);
    service.key = "ask_test_other".into();
    assert_eq!(put(&mut service, "oil", 1).status, 200);
}

#[test]
fn chance_repeats_itself_for_a_seed_whatever_others_do() {
    let struck = |seed: u64, crowd: bool| -> Vec<bool> {
        let mut service =
            Fixture::with(&Options { seed, limits: activitysmith_emulator::Limits::none(), ..Options::default() });
        let rule = json!({"id": "lossy", "match": {"probability": 0.3}, "then": {"status": 500}});
        service.inner.set_fault(Some(KEY), serde_json::from_value(rule).unwrap()).unwrap();
        (0..200)
            .map(|n| {
                if crowd {
                    service.key = "ask_test_other".into();
                    put(&mut service, "oil", n % 100);
                    service.key = KEY.into();
                }
                put(&mut service, "oil", n % 100).status == 500
            })
            .collect()
    };
    let first = struck(7, false);
    assert_eq!(struck(7, false), first);
    assert_eq!(struck(7, true), first);
    assert_ne!(struck(8, false), first);
    let count = first.iter().filter(|struck| **struck).count();
    assert!((30..=90).contains(&count), "{count}");
}

#[test]
fn latency_is_fixed_or_scatters_about_its_median() {
    let delays = |then: Value| -> Vec<u128> {
        let mut service = service(&[json!({"then": {"latency": then}})]);
        (0..200).map(|n| put(&mut service, "oil", n % 100).delay().as_millis()).collect()
    };
    assert!(delays(json!({"fixed": 250})).iter().all(|delay| *delay == 250));
    let mut scattered = delays(json!({"log_normal": {"median": 100, "sigma": 0.5}}));
    scattered.sort_unstable();
    assert!((80..=125).contains(&scattered[100]), "{}", scattered[100]);
    assert!(scattered[0] < 60 && scattered[199] > 200);
}

#[test]
fn a_bad_rule_is_refused_with_its_reason() {
    for (rule, reason) in [
        (json!({"then": "explode"}), "must be one of"),
        (json!({"then": {"status": 99}}), "status"),
        (json!({"then": {"status": 500, "text": ""}}), "then.text"),
        (json!({"then": {"latency": {"fixed": -1}}}), "milliseconds"),
        (json!({"then": {"latency": {"fixed": 1e9}}}), "milliseconds"),
        (json!({"then": {"stall": {"for": 3}}}), "then.stall.for"),
        (json!({"match": {"probability": 2}, "then": "stall"}), "probability"),
        (json!({"match": {"nth": 0}, "then": "stall"}), "nth"),
        (json!({"times": 0, "then": "stall"}), "times"),
        (json!({"id": "a b", "then": "stall"}), "id"),
        (json!({"then": {"status": 500, "headers": {"A": "b\nc"}}}), "headers"),
    ] {
        let refused = match serde_json::from_value(rule.clone()) {
            Err(error) => error.to_string(),
            Ok(read) => Fixture::new().inner.set_fault(None, read).unwrap_err().to_string(),
        };
        assert!(refused.contains(reason), "{rule}: {refused}");
    }
}

#[test]
fn a_rule_counts_what_it_met_and_is_replaced_by_its_id() {
    let mut service = service(&[json!({"id": "a", "match": {"nth": 2}, "then": "stall"})]);
    put(&mut service, "oil", 1);
    put(&mut service, "oil", 2);
    let view = &service.inner.faults(Some(KEY))[0];
    assert_eq!((view.matched, view.struck), (2, 1));
    let again = serde_json::from_value(json!({"id": "a", "then": "cut_body"})).unwrap();
    service.inner.set_fault(Some(KEY), again).unwrap();
    assert_eq!(service.inner.faults(None).len(), 1);
    assert_eq!(put(&mut service, "oil", 3).delivery, Delivery::Cut);
    assert!(service.inner.remove_fault(Some(KEY), "a") && !service.inner.remove_fault(Some(KEY), "a"));
}

#[test]
fn a_rule_without_a_name_strikes_the_same_requests_after_a_reset() {
    let rule = json!({"match": {"probability": 0.5}, "then": {"status": 500}});
    let mut service = Fixture::new();
    let mut strikes = Vec::new();
    for _ in 0..3 {
        service.inner.set_fault(Some(KEY), serde_json::from_value(rule.clone()).unwrap()).unwrap();
        strikes.push((0..20).map(|n| put(&mut service, "oil", n).status).collect::<Vec<_>>());
        service.inner.reset(Some(KEY));
    }
    assert!(strikes[0].contains(&200) && strikes[0].contains(&500), "{:?}", strikes[0]);
    assert!(strikes.iter().all(|statuses| *statuses == strikes[0]), "{strikes:?}");
}

/// Test programs share an emulator, each with an account of its own.
#[test]
fn what_a_rule_without_a_name_strikes_is_the_same_whatever_other_accounts_have() {
    let rule = || serde_json::from_value(json!({"match": {"probability": 0.5}, "then": {"status": 500}})).unwrap();
    let mut alone = Fixture::new();
    alone.inner.set_fault(Some(KEY), rule()).unwrap();
    let mut beside = Fixture::new();
    for key in ["ask_test_other", "ask_test_third", KEY] {
        beside.inner.set_fault(Some(key), rule()).unwrap();
    }
    let strikes = |service: &mut Fixture| -> Vec<u16> { (0..20).map(|n| put(service, "oil", n).status).collect() };
    assert_eq!(strikes(&mut alone), strikes(&mut beside));

    // One of an account goes alone, one about all does not take those of accounts along, and where there is none such, all go.
    let left = |service: &Fixture| service.inner.faults(None).len();
    beside.inner.set_fault(None, rule()).unwrap();
    assert!(beside.inner.remove_fault(Some("ask_test_other"), "fault-1") && left(&beside) == 3);
    assert!(!beside.inner.remove_fault(Some("ask_test_other"), "fault-1") && left(&beside) == 3);
    assert!(beside.inner.remove_fault(None, "fault-1") && left(&beside) == 2);
    assert!(beside.inner.remove_fault(None, "fault-1") && left(&beside) == 0);
}

#[test]
fn a_rule_without_a_name_takes_no_others_place() {
    let mut service = service(&[
        json!({"id": "fault-1", "then": {"status": 500}}),
        json!({"id": "fault-3", "then": {"status": 500}}),
    ]);
    for name in ["fault-2", "fault-4"] {
        let rule = serde_json::from_value(json!({"then": "stall"})).unwrap();
        assert_eq!(service.inner.set_fault(Some(KEY), rule).unwrap().rule.id, name);
    }
    assert_eq!(service.inner.faults(Some(KEY)).len(), 4);
    let rules = [json!({"then": "stall"}), json!({"id": "fault-1", "then": "stall"}), json!({"then": "stall"})];
    let rules = rules.map(|rule| serde_json::from_value(rule).unwrap());
    service.inner.replace_faults(Some(KEY), rules.into()).unwrap();
    let names: Vec<_> = service.inner.faults(Some(KEY)).into_iter().map(|fault| fault.rule.id).collect();
    assert_eq!(names, ["fault-2", "fault-1", "fault-3"]);
}
