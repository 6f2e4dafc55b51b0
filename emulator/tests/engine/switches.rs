//! The choices where the published contract is silent or has changed.

use activitysmith_emulator::engine::AccountSettings;
use activitysmith_emulator::{NoRecipients, OmittedChannels, Options, SecondDelete, Switches};
use serde_json::json;

use crate::service::Service;

fn service(switches: Switches) -> Service {
    Service::with(&Options { switches, ..Options::default() })
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
    let mut service = service(Switches { rate_limit_headers: false, ..Switches::default() });
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
    let mut legacy = service(Switches { legacy_url_policy: true, ..Switches::default() });
    assert_eq!(legacy.put("oil", &body).outcome(), "400 Invalid action");
}
