//! The choices where the published contract is silent or has changed.

use activitysmith_emulator::AccountSettings;
use activitysmith_emulator::{
    HeaderProfile, Limits, NoRecipients, OmittedChannels, Options, SecondDelete, Switches, UrlPolicy,
};
use serde_json::json;

use crate::fixture::Fixture;

fn service(switches: Switches) -> Fixture {
    Fixture::with(&Options { switches, ..Options::default() })
}

#[test]
fn no_recipients_may_answer_404() {
    let mut service = service(Switches { no_recipients: NoRecipients::NotFound, ..Switches::default() });
    service.set_up(&AccountSettings { has_device: false, ..AccountSettings::default() });
    assert_eq!(service.progress("oil", 1).outcome(), "404 No recipients found");
}

#[test]
fn a_second_delete_may_be_ignored() {
    let mut service = service(Switches { second_delete: SecondDelete::Ignored, ..Switches::default() });
    service.progress("oil", 1);
    service.delete("oil");
    let again = service.delete("oil");
    assert_eq!(again.outcome(), "ended");
    assert_eq!(again.body["activity_id"], json!(null));
    assert_eq!(again.body["ignored"], true);
    assert_eq!(service.delete("never-used").status, 404);
}

#[test]
fn rate_limit_headers_may_be_left_out_while_the_limits_hold() {
    let mut service = service(Switches { headers: HeaderProfile::RetryAfter, ..Switches::default() });
    assert_eq!(service.progress("oil", 1).header("RateLimit"), None);
    for _ in 0..300 {
        service.delete("oil");
    }
    let refused = service.delete("oil");
    assert_eq!(refused.status, 429);
    assert_eq!(refused.header("Retry-After"), Some("60"));
}

#[test]
fn omitted_channels_may_mean_everyone() {
    let mut service = service(Switches { omitted_channels: OmittedChannels::Rotate, ..Switches::default() });
    let state = json!({"title": "Oil", "type": "value", "value": 1});
    service.put("oil", &json!({"content_state": state, "channels": ["deck"]}));
    let answer = service.show("oil", state);
    assert_eq!(answer.outcome(), "rotated");
    assert_eq!(answer.body["effective_channel_slugs"], json!(null));
}

#[test]
fn plain_http_links_may_be_refused() {
    let body = json!({
        "content_state": {"title": "Oil", "type": "value", "value": 1},
        "action": {"title": "Gauge", "type": "open_url", "url": "http://gauge.lan/oil"}
    });
    assert_eq!(service(Switches::default()).put("oil", &body).outcome(), "started");
    let mut legacy = service(Switches { url_policy: UrlPolicy::Legacy, ..Switches::default() });
    assert_eq!(legacy.put("oil", &body).outcome(), "400 Invalid action");
}

#[test]
fn the_request_rate_is_told_in_the_way_that_is_asked_for() {
    let told = |headers: HeaderProfile| {
        let mut service = service(Switches { headers, ..Switches::default() });
        let first = service.progress("oil", 1);
        for _ in 1..300 {
            service.delete("oil");
        }
        let refused = service.delete("oil");
        let names = first.headers.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(" ");
        (names, refused.header("Retry-After").is_some())
    };
    assert_eq!(told(HeaderProfile::None), (String::new(), false));
    assert_eq!(told(HeaderProfile::RetryAfter), (String::new(), true));
    let legacy = "X-RateLimit-Limit X-RateLimit-Remaining X-RateLimit-Reset";
    assert_eq!(told(HeaderProfile::Legacy), (legacy.to_owned(), true));
    assert_eq!(told(HeaderProfile::Draft6), (legacy.replace("X-", ""), true));
    assert_eq!(told(HeaderProfile::Draft8), ("RateLimit RateLimit-Policy".to_owned(), true));
}

#[test]
fn switches_are_turned_while_it_runs() {
    let mut service = Fixture::with(&Options::default());
    let turned = service.inner.set_runtime_options(&json!({"limits": "none", "no_recipients": "not_found"})).unwrap();
    assert_eq!((turned.limits, turned.switches.no_recipients), (Limits::none(), NoRecipients::NotFound));
    assert_eq!(service.progress("oil", 1).header("RateLimit"), None);
    let turned = service.inner.set_runtime_options(&json!({"limits": {"activities_per_device": 1}})).unwrap();
    assert_eq!(turned.limits, Limits { activities_per_device: Some(1), ..Limits::none() });
    assert_eq!(turned.switches.no_recipients, NoRecipients::NotFound, "what is left out stays");
    assert_eq!(service.progress("gas", 1).outcome(), "429 Live Activity limit reached");
    service.inner.set_runtime_options(&json!({"mode": "lenient"})).unwrap();
    assert_eq!(service.show("oil", json!({"title": "Oil", "type": "progress", "percentage": 2, "x": 1})).status, 200);
    let before = service.inner.runtime_options();
    for bad in [
        json!({"limit": "none"}),
        json!({"limits": "some"}),
        json!({"mode": 1}),
        json!({"limits": {"ip": 1}}),
        json!([]),
    ] {
        assert!(service.inner.set_runtime_options(&bad).is_err(), "{bad}");
    }
    assert_eq!(service.inner.runtime_options(), before);
}

#[test]
fn activities_may_be_counted_by_account() {
    let mut service = Fixture::with(&Options { limits: Limits::legacy(), ..Options::default() });
    for n in 0..4 {
        assert_eq!(service.progress(&format!("oil-{n}"), 1).outcome(), "started");
    }
    let answer = service.progress("gas", 1);
    assert_eq!((answer.outcome().as_str(), &answer.body["limit"]), ("429 Live Activity limit reached", &json!(4)));
}
