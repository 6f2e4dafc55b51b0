//! Who receives an activity: channels of the request, of the stream, and of the key.

use std::collections::BTreeSet;

use activitysmith_emulator::AccountSettings;
use serde_json::{Value, json};

use crate::fixture::{Answer, Fixture};

fn slugs(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

fn put(service: &mut Fixture, with: &Value) -> Answer {
    let mut body = json!({"content_state": {"title": "Ferry", "type": "value", "value": "on time"}});
    body.as_object_mut().unwrap().extend(with.as_object().unwrap().clone());
    service.put("ferry", &body)
}

#[test]
fn without_channels_everyone_receives_it() {
    let mut service = Fixture::new();
    let answer = put(&mut service, &json!({}));
    assert_eq!(answer.body["effective_channel_slugs"], json!(null));
    assert!(answer.has("effective_channel_slugs"));
}

#[test]
fn both_forms_name_the_same_channels() {
    let mut service = Fixture::new();
    put(&mut service, &json!({"channels": ["deck", "bridge"]}));
    let long = put(&mut service, &json!({"target": {"channels": ["bridge", "deck", "bridge"]}}));
    assert_eq!(long.outcome(), "noop", "order and repetition do not count");
    let both = json!({"channels": ["deck", "bridge"], "target": {"channels": ["bridge", "deck"]}});
    assert_eq!(put(&mut service, &both).outcome(), "noop");
}

#[test]
fn contradicting_or_empty_channels_are_refused() {
    let mut service = Fixture::new();
    for with in [
        json!({"channels": ["deck"], "target": {"channels": ["bridge"]}}),
        json!({"channels": []}),
        json!({"target": {"channels": []}}),
        json!({"target": {}}),
    ] {
        assert_eq!(put(&mut service, &with).outcome(), "400 Invalid channel targeting", "{with}");
    }
}

#[test]
fn channels_that_are_left_out_later_stay() {
    let mut service = Fixture::new();
    put(&mut service, &json!({"channels": ["deck"]}));
    let answer = put(&mut service, &json!({}));
    assert_eq!(answer.outcome(), "noop");
    assert_eq!(answer.body["effective_channel_slugs"], json!(["deck"]));
}

#[test]
fn channels_that_are_all_unknown_find_no_recipients() {
    let mut service = Fixture::new();
    service.set_up(&AccountSettings { channels: Some(slugs(&["deck", "bridge"])), ..AccountSettings::default() });
    assert_eq!(put(&mut service, &json!({"channels": ["deck"]})).outcome(), "started");
    let answer = put(&mut service, &json!({"channels": ["galley", "mast"]}));
    assert_eq!(answer.outcome(), "422 No recipients found");
    assert_eq!(answer.body["effective_channel_slugs"], json!(["galley", "mast"]), "what was meant");
    assert!(answer.body["message"].as_str().unwrap().contains("`galley`, `mast`"));
    assert_eq!(service.stream("ferry").channels, Some(vec!["deck".to_owned()]));
}

#[test]
fn an_unknown_channel_among_known_ones_is_passed_over() {
    let mut service = Fixture::new();
    service.set_up(&AccountSettings { channels: Some(slugs(&["deck", "bridge"])), ..AccountSettings::default() });
    let answer = put(&mut service, &json!({"channels": ["deck", "galley"]}));
    assert_eq!(answer.outcome(), "started");
    assert_eq!(answer.body["effective_channel_slugs"], json!(["deck"]));
    assert_eq!(service.inner.requests(None, 0)[0].notes, ["nobody is in `galley`, which had no effect"]);
    assert_eq!(put(&mut service, &json!({"channels": ["deck"]})).outcome(), "noop", "it goes to the same channels");

    let all = slugs(&["deck", "bridge", "galley"]);
    service.set_up(&AccountSettings { channels: Some(all), ..AccountSettings::default() });
    let answer = put(&mut service, &json!({"channels": ["deck", "galley"]}));
    assert_eq!(answer.outcome(), "rotated");
    assert_eq!(answer.body["effective_channel_slugs"], json!(["deck", "galley"]));
}

#[test]
fn channels_of_the_key_that_are_unknown_are_passed_over() {
    let mut service = Fixture::new();
    let settings = AccountSettings {
        channels: Some(slugs(&["deck"])),
        key_channels: Some(slugs(&["deck", "bridge"])),
        ..AccountSettings::default()
    };
    service.set_up(&settings);
    assert_eq!(put(&mut service, &json!({})).body["effective_channel_slugs"], json!(["deck"]));
    assert_eq!(put(&mut service, &json!({"channels": ["bridge"]})).outcome(), "422 No recipients found");
}

#[test]
fn a_key_with_channels_sends_to_its_own_by_default() {
    let mut service = Fixture::new();
    service.set_up(&AccountSettings { key_channels: Some(slugs(&["deck", "bridge"])), ..AccountSettings::default() });
    let answer = put(&mut service, &json!({}));
    assert_eq!(answer.body["effective_channel_slugs"], json!(["bridge", "deck"]));
    assert_eq!(put(&mut service, &json!({"channels": ["deck"]})).outcome(), "rotated");
    let outside = put(&mut service, &json!({"target": {"channels": ["deck", "galley"]}}));
    assert_eq!(outside.outcome(), "403 Invalid channel targeting");
}

#[test]
fn a_key_without_any_channel_reaches_nobody() {
    let mut service = Fixture::new();
    service.set_up(&AccountSettings { key_channels: Some(slugs(&[])), ..AccountSettings::default() });
    assert_eq!(put(&mut service, &json!({})).outcome(), "422 No recipients found");
}
