//! Keys, billing, and the order in which a request is judged.

use activitysmith_emulator::Options;
use activitysmith_emulator::{AccountSettings, ApiRequest, Billing};
use serde_json::json;

use crate::fixture::Fixture;

#[test]
fn a_missing_or_malformed_key_is_unauthorized() {
    let mut service = Fixture::new();
    for authorization in ["", "Bearer", "Bearer ", "Bearer ask_", "Bearer sk_live", "Basic ask_test_a", "ask_test_a"] {
        let request = ApiRequest::new("PUT", "/live-activity/stream/oil", authorization, b"{}");
        let response = service.inner.handle(service.now, &request);
        assert_eq!(response.status, 401, "{authorization:?}");
        let request = ApiRequest { authorization: None, ..request };
        assert_eq!(service.inner.handle(service.now, &request).status, 401);
    }
}

#[test]
fn a_revoked_key_is_unauthorized() {
    let mut service = Fixture::new();
    service.set_up(&AccountSettings { revoked: true, ..AccountSettings::default() });
    assert_eq!(service.progress("oil", 1).outcome(), "401 Unauthorized");
}

#[test]
fn an_account_that_has_not_paid_may_not_put_but_may_delete() {
    let mut service = Fixture::with(&Options::default());
    service.progress("oil", 1);
    for (billing, error) in [
        (Billing::TrialExpired, "trial_expired"),
        (Billing::TrialExhausted, "trial_exhausted"),
        (Billing::BillingOverageCapReached, "billing_overage_cap_reached"),
    ] {
        service.set_up(&AccountSettings { billing, ..AccountSettings::default() });
        let answer = service.progress("oil", 2);
        assert_eq!(answer.outcome(), format!("402 {error}"));
        assert!(answer.body["upgrade_url"].is_string());
        assert_eq!(answer.has("trial_period"), error.starts_with("trial"));
        assert_eq!(answer.header("RateLimit"), None);
    }
    assert_eq!(service.delete("oil").outcome(), "ended");
}

#[test]
fn unknown_paths_and_methods_are_refused_before_the_key_is_looked_at() {
    let mut service = Fixture::new();
    service.key = "wrong".into();
    for path in ["", "/", "/live-activity/stream", "/live-activity/stream/a/b", "/live-activity/streams/a"] {
        assert_eq!(service.send("PUT", path, b"{}").outcome(), "404 Not found", "{path:?}");
    }
    for path in ["/push-notifications", "/live-activity/begin", "/metrics/oil", "/metrics/a/b/value", "/health"] {
        assert_eq!(service.send("POST", path, b"{}").outcome(), "404 Not found", "{path}");
    }
    let answer = service.send("POST", "/live-activity/stream/oil", b"{}");
    assert_eq!(answer.outcome(), "405 Method not allowed");
    assert_eq!(answer.header("Allow"), Some("PUT, DELETE"));
}

#[test]
fn a_request_is_judged_in_a_fixed_order() {
    let mut service = Fixture::with(&Options::default());
    let mut refusals = Vec::new();
    let everything_wrong = AccountSettings {
        billing: Billing::TrialExpired,
        has_device: false,
        key_channels: Some(["pilots".to_owned()].into()),
        revoked: true,
        channels: None,
        metrics: None,
    };
    let outside = json!({"content_state": {"title": "Oil", "type": "value", "value": 1}, "channels": ["board"]});
    let inside = json!({"content_state": {"title": "Oil", "type": "value", "value": 1}, "channels": ["pilots"]});
    let mut settings = everything_wrong;

    service.set_up(&settings);
    refusals.push(service.send("PUT", "/live-activity/stream/%20", b"{").outcome());
    settings.revoked = false;
    service.set_up(&settings);
    refusals.push(service.send("PUT", "/live-activity/stream/%20", b"{").outcome());
    refusals.push(service.send("PUT", "/live-activity/stream/oil", b"{").outcome());
    refusals.push(service.put("oil", &json!({"content_state": {"title": 5}})).outcome());
    refusals.push(service.put("oil", &outside).outcome());
    refusals.push(service.put("oil", &inside).outcome());
    settings.billing = Billing::Ok;
    service.set_up(&settings);
    refusals.push(service.put("oil", &inside).outcome());
    settings.has_device = true;
    service.set_up(&settings);
    refusals.push(service.put("oil", &inside).outcome());

    assert_eq!(
        refusals,
        [
            "401 Unauthorized",
            "400 Invalid stream_key",
            "400 Invalid request",
            "400 Invalid content_state",
            "403 Invalid channel targeting",
            "402 trial_expired",
            "422 No recipients found",
            "started"
        ]
    );
}

#[test]
fn a_rate_limit_comes_before_the_body_is_read() {
    let mut service = Fixture::with(&Options::default());
    for _ in 0..300 {
        service.delete("oil");
    }
    let answer = service.send("PUT", "/live-activity/stream/%20", b"{");
    assert_eq!(answer.outcome(), "429 Rate limit exceeded");
}

#[test]
fn stream_keys_are_decoded_and_checked() {
    let mut service = Fixture::new();
    let longest = "k".repeat(255);
    let state = br#"{"content_state": {"title": "Oil", "type": "value", "value": 1}}"#;
    for key in ["a", "A-b_9", "%62", &longest] {
        let path = format!("/live-activity/stream/{key}");
        assert_eq!(service.send("PUT", &path, state).outcome(), "started", "{key}");
    }
    let too_long = "k".repeat(256);
    for key in ["", "a%20b", "a%2Fb", "a%0A", "caf%C3%A9", "%FF", "a.b", "a%00", &too_long] {
        let path = format!("/live-activity/stream/{key}");
        assert_eq!(service.send("PUT", &path, state).outcome(), "400 Invalid stream_key", "{key}");
        assert_eq!(service.send("DELETE", &path, b"").outcome(), "400 Invalid stream_key", "{key}");
    }
}

#[test]
fn a_body_that_is_no_json_is_refused() {
    let mut service = Fixture::new();
    for body in ["", "{", "{}{}", "nonsense", "{\"content_state\": {\"title\": \"\u{1}\"}}", &"[".repeat(5000)] {
        let answer = service.send("PUT", "/live-activity/stream/oil", body.as_bytes());
        assert_eq!(answer.outcome(), "400 Invalid request");
    }
    for body in ["[]", "null", "\"text\"", "7"] {
        let answer = service.send("PUT", "/live-activity/stream/oil", body.as_bytes());
        assert_eq!(answer.outcome(), "400 Invalid request", "{body}");
    }
}
