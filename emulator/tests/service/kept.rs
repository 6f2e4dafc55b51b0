//! Tags, metadata and buttons: kept when left out, replaced when sent, and cleared when that is asked for.

use serde_json::{Value, json};

use crate::fixture::{Answer, Fixture};

fn put(service: &mut Fixture, with: &Value) -> Answer {
    let mut body = json!({"content_state": {"title": "Bakery", "type": "value", "value": 3}});
    body.as_object_mut().unwrap().extend(with.as_object().unwrap().clone());
    service.put("oven", &body)
}

#[test]
fn tags_are_kept_replaced_and_cleared() {
    let mut service = Fixture::new();
    put(&mut service, &json!({"tags": ["rye", "night.shift"]}));
    assert_eq!(put(&mut service, &json!({})).body["tags"], json!(["rye", "night.shift"]));
    assert_eq!(put(&mut service, &json!({"tags": ["wheat"]})).body["tags"], json!(["wheat"]));
    assert_eq!(put(&mut service, &json!({"tags": []})).body["tags"], json!([]));
    assert!(!put(&mut service, &json!({})).has("tags"));
}

#[test]
fn repeated_tags_are_stored_once() {
    let mut service = Fixture::new();
    assert_eq!(put(&mut service, &json!({"tags": ["rye", "rye"]})).body["tags"], json!(["rye"]));
}

#[test]
fn metadata_is_kept_replaced_as_a_whole_and_cleared() {
    let mut service = Fixture::new();
    put(&mut service, &json!({"metadata": {"batch": 4, "organic": true}}));
    put(&mut service, &json!({}));
    assert_eq!(service.stream("oven").metadata, json!({"batch": 4, "organic": true}));
    put(&mut service, &json!({"metadata": {"batch": 5}}));
    assert_eq!(service.stream("oven").metadata, json!({"batch": 5}));
    put(&mut service, &json!({"metadata": {}}));
    assert_eq!(service.stream("oven").metadata, json!({}));
}

#[test]
fn tags_and_metadata_outlive_an_activity_but_not_the_stream() {
    let mut service = Fixture::new();
    put(&mut service, &json!({"tags": ["rye"], "metadata": {"batch": 4}}));
    service.pass(9 * 3600);
    assert_eq!(put(&mut service, &json!({})).body["tags"], json!(["rye"]));
    service.delete("oven");
    assert!(!put(&mut service, &json!({})).has("tags"));
    assert_eq!(service.stream("oven").metadata, json!({}));
}

#[test]
fn buttons_are_kept_until_another_is_sent() {
    let mut service = Fixture::new();
    let open = |title: &str| json!({"title": title, "type": "open_url", "url": "https://bakery.example/oven"});
    put(&mut service, &json!({"action": open("Look"), "secondary_action": open("Help")}));
    put(&mut service, &json!({}));
    put(&mut service, &json!({"action": open("Open")}));
    let stream = service.stream("oven");
    assert_eq!(stream.action, Some(open("Open")));
    assert_eq!(stream.secondary_action, Some(open("Help")));
}

#[test]
fn a_second_button_goes_with_the_type_that_shows_it() {
    let mut service = Fixture::new();
    let open = |title: &str| json!({"title": title, "type": "open_url", "url": "https://bakery.example/oven"});
    put(&mut service, &json!({"action": open("Look"), "secondary_action": open("Help")}));
    let stats = json!({"title": "Bakery", "type": "stats", "metrics": [{"label": "Loaves", "value": 31}]});
    assert_eq!(service.show("oven", stats.clone()).outcome(), "rotated");
    let stream = service.stream("oven");
    assert_eq!((stream.action, stream.secondary_action), (Some(open("Look")), None));
    assert_eq!(service.show("oven", stats).outcome(), "noop");
    put(&mut service, &json!({}));
    assert_eq!(service.stream("oven").secondary_action, None, "it does not come back by itself");
}
