//! Endpoints beside the streams: activities by their id, notifications, metrics and the badge.

use activitysmith_emulator::{AccountSettings, Billing};
use activitysmith_emulator::{OmittedChannels, Options, Switches};
use serde_json::{Value, json};

use crate::fixture::{Answer, Fixture, KEY};

fn post(service: &mut Fixture, path: &str, body: &Value) -> Answer {
    service.send("POST", path, body.to_string().as_bytes())
}

fn start(service: &mut Fixture) -> String {
    let body = json!({"content_state": {"title": "Print", "type": "segmented_progress", "number_of_steps": 3, "current_step": 1}});
    let answer = post(service, "/live-activity/start", &body);
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(!answer.has("operation") && !answer.has("stream_key"));
    answer.id().unwrap()
}

#[test]
fn an_activity_is_started_updated_and_ended_by_its_id() {
    let mut service = Fixture::new();
    let id = start(&mut service);
    assert_eq!(id.len(), 32);
    let update = json!({"activity_id": id, "content_state": {"title": "Print", "current_step": 2}});
    let answer = post(&mut service, "/live-activity/update", &update);
    assert_eq!((answer.status, answer.id(), &answer.body["devices_notified"]), (200, Some(id.clone()), &json!(1)));
    let shown = service.stream(&id).device[0].shows.clone().unwrap();
    assert_eq!((&shown["type"], &shown["current_step"]), (&json!("segmented_progress"), &json!(2)));

    let end = json!({"activity_id": id, "content_state": {"title": "Printed", "current_step": 3}});
    let answer = post(&mut service, "/live-activity/end", &end);
    assert_eq!((answer.status, answer.id(), answer.has("ignored")), (200, Some(id.clone()), false));
    let stays = service.stream(&id).dismisses_at.unwrap().millis_since(service.now);
    assert_eq!(stays, 180_000, "three minutes unless it says otherwise");
    let again = post(&mut service, "/live-activity/end", &end);
    assert_eq!((again.status, &again.body["ignored"]), (200, &json!(true)));
}

#[test]
fn an_activity_of_a_stream_answers_to_its_id_too() {
    let mut service = Fixture::new();
    let id = service.progress("oil", 1).id().unwrap();
    let update = json!({"activity_id": id, "content_state": {"title": "Oil", "percentage": 5}});
    assert_eq!(post(&mut service, "/live-activity/update", &update).status, 200);
    assert_eq!(service.stream("oil").content_state["percentage"], 5);
}

#[test]
fn an_activity_of_nobody_or_somebody_else_is_forbidden() {
    let mut service = Fixture::new();
    let id = start(&mut service);
    service.key = "ask_test_other".into();
    for (path, id) in [("/live-activity/update", id.as_str()), ("/live-activity/end", &id), ("/live-activity/end", "x")]
    {
        let body = json!({"activity_id": id, "content_state": {"title": "Print", "current_step": 2}});
        assert_eq!(post(&mut service, path, &body).outcome(), "403 Forbidden");
    }
}

#[test]
fn a_notification_is_sent_and_replaced() {
    let mut service = Fixture::new();
    let body = json!({"title": "Backup failed", "message": "disk 3", "interruption_level": "time-sensitive",
        "target": {"channels": ["crew"]}, "tags": ["backup"], "actions": [{"title": "Play", "type": "open_url", "url": "spotify:track:1"}]});
    let sent = post(&mut service, "/push-notification", &body);
    assert_eq!(sent.status, 200, "{}", sent.body);
    assert_eq!((&sent.body["effective_channel_slugs"], &sent.body["tags"]), (&json!(["crew"]), &json!(["backup"])));
    let id = sent.body["notification_id"].as_str().unwrap().to_owned();
    let fine = json!({"title": "Backup fine"}).to_string();
    let replaced = service.send("PUT", &format!("/push-notification/{id}"), fine.as_bytes());
    assert_eq!((replaced.status, &replaced.body["notification_id"]), (200, &json!(id)));
    assert_eq!(service.send("PUT", "/push-notification/none", fine.as_bytes()).outcome(), "404 Notification not found");
}

#[test]
fn a_notification_that_breaks_a_rule_is_refused() {
    let mut service = Fixture::new();
    for extra in [
        json!({"media": "https://a.example/1.png", "actions": [{"title": "Go", "type": "open_url", "url": "https://a.example"}]}),
        json!({"media": "http://a.example/1.png"}),
        json!({"redirection": "javascript:alert(1)"}),
        json!({"redirection": "no address"}),
        json!({"actions": [{"title": "Go", "type": "webhook", "url": "http://a.example"}]}),
        json!({"channels": ["crew"]}),
        json!({"interruption_level": "loud"}),
        json!({"title": 1}),
    ] {
        let mut body = json!({"title": "Hello"});
        body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        assert_eq!(post(&mut service, "/push-notification", &body).status, 400, "{body}");
    }
}

#[test]
fn a_metric_takes_numbers_and_texts_and_must_exist() {
    let mut service = Fixture::new();
    let set = |service: &mut Fixture, key: &str, body: Value| post(service, &format!("/metrics/{key}/value"), &body);
    for body in [json!({"value": 14}), json!({"value": "12 °C", "timestamp": "2026-12-01T08:00:00.5+01:00"})] {
        assert_eq!(set(&mut service, "shop.queue_len", body).body, json!({"success": true}));
    }
    for body in [json!({"value": ""}), json!({"value": null}), json!({}), json!({"value": 1, "timestamp": "noon"})] {
        assert_eq!(set(&mut service, "shop.queue_len", body).status, 400);
    }
    for key in ["Shop", "%20", ".a", &"a".repeat(65)] {
        assert_eq!(set(&mut service, key, json!({"value": 1})).status, 400, "{key}");
    }
    service.set_up(&AccountSettings { metrics: Some(["known".to_owned()].into()), ..AccountSettings::default() });
    assert_eq!(set(&mut service, "unknown", json!({"value": 1})).outcome(), "404 Metric not found");
    assert_eq!(set(&mut service, "known", json!({"value": 1})).status, 200);
}

#[test]
fn the_badge_is_set_for_the_account_or_some_channels() {
    let mut service = Fixture::new();
    let all = post(&mut service, "/badge", &json!({"badge": 14}));
    assert_eq!((&all.body["badge"], &all.body["devices_updated"]), (&json!(14), &json!(1)));
    assert_eq!(all.body["effective_channel_slugs"], json!(null));
    let some = post(&mut service, "/badge", &json!({"badge": 0, "target": {"channels": ["crew"]}}));
    assert_eq!(some.body["effective_channel_slugs"], json!(["crew"]));
    for badge in [json!(-1), json!(2_147_483_648_u32), json!("3"), json!(1.5)] {
        assert_eq!(post(&mut service, "/badge", &json!({"badge": badge})).status, 400, "{badge}");
    }
}

#[test]
fn each_kind_of_request_has_a_limit_of_its_own() {
    let mut service = Fixture::with(&Options::default());
    for _ in 0..60 {
        assert_eq!(post(&mut service, "/badge", &json!({"badge": 1})).status, 200);
    }
    let refused = post(&mut service, "/badge", &json!({"badge": 1}));
    assert_eq!(refused.outcome(), "429 Rate limit exceeded");
    assert!(refused.header("RateLimit").unwrap().contains(r#""account:badges"; r=0"#));
    assert_eq!(service.progress("oil", 1).outcome(), "started");
    let metric = post(&mut service, "/metrics/oil/value", &json!({"value": 1}));
    assert!(metric.header("RateLimit-Policy").unwrap().contains(r#""account:metrics"; q=300; w=60"#));
}

#[test]
fn whoever_may_not_send_activities_may_not_send_these() {
    let mut service = Fixture::new();
    service.set_up(&AccountSettings { billing: Billing::TrialExpired, ..AccountSettings::default() });
    for (path, body) in [("/badge", json!({"badge": 1})), ("/push-notification", json!({"title": "Hello"}))] {
        assert_eq!(post(&mut service, path, &body).outcome(), "402 trial_expired");
    }
    service.set_up(&AccountSettings { has_device: false, ..AccountSettings::default() });
    let refused = post(&mut service, "/badge", &json!({"badge": 1}));
    assert_eq!(refused.outcome(), "422 No recipients found");
    assert_eq!((&refused.body["badge"], &refused.body["devices_updated"]), (&json!(1), &json!(0)));
    let key_channels = Some(["crew".to_owned()].into());
    service.set_up(&AccountSettings { key_channels, ..AccountSettings::default() });
    let elsewhere = json!({"badge": 1, "target": {"channels": ["board"]}});
    assert_eq!(post(&mut service, "/badge", &elsewhere).outcome(), "403 Invalid channel targeting");
    assert!(service.inner.requests(Some(KEY), 0).iter().all(|entry| entry.outcome == "refused"));
}

#[test]
fn an_update_has_no_channels_to_leave_out() {
    let switches = Switches { omitted_channels: OmittedChannels::Rotate, ..Switches::default() };
    let mut service = Fixture::with(&Options { switches, ..Options::default() });
    let body =
        json!({"content_state": {"title": "Print", "type": "value", "value": 1}, "target": {"channels": ["crew"]}});
    let id = post(&mut service, "/live-activity/start", &body).id().unwrap();
    let update = json!({"activity_id": id, "content_state": {"title": "Print", "value": 2}});
    let answer = post(&mut service, "/live-activity/update", &update);
    assert_eq!((answer.status, answer.id()), (200, Some(id)), "{}", answer.body);
    assert_eq!(answer.body["effective_channel_slugs"], json!(["crew"]));
}
