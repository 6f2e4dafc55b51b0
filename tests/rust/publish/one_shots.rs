//! What has an effect each time it is sent: it is sent until it was acknowledged, and then no more.

use activitysmith_kit::publish::EventKind;
use serde_json::{Value, json};

use crate::story::{Done, Silence, Status, Story, TooMany, Unreachable, progress, seconds};

fn alert(title: &str) -> Value {
    json!({"alert": {"title": title}})
}

#[test]
fn an_alert_is_sent_once() {
    let (mut story, id) = Story::running(&progress(0));
    story.update(id, &alert("done"));
    assert_eq!(story.serve(&Done("updated")).body()["alert"]["title"], "done");
    story.update(id, &json!({"subtitle": "s"}));
    assert_eq!(story.serve(&Done("updated")).body()["alert"], Value::Null);
}

#[test]
fn an_alert_that_may_have_been_heard_is_not_sent_again() {
    for lost in [Silence, Status(502), Status(503)] {
        let (mut story, id) = Story::running(&progress(0));
        story.update(id, &alert("done"));
        story.serve(&lost);
        let sent = story.serve(&Done("updated"));
        assert_eq!((sent.state("percentage"), &sent.body()["alert"]), (json!(0), &Value::Null), "{lost:?}");
        assert!(story.events(id).contains(&EventKind::AlertUncertain));
    }
}

#[test]
fn an_alert_that_nobody_can_have_heard_is_sent_again() {
    for unheard in [Unreachable, TooMany(Some(5)), Status(400)] {
        let (mut story, id) = Story::running(&progress(0));
        story.update(id, &alert("done"));
        story.serve(&unheard);
        story.update(id, &json!({"percentage": 1}));
        assert_eq!(story.serve(&Done("updated")).body()["alert"]["title"], "done", "{unheard:?}");
    }
}

#[test]
fn a_newer_alert_takes_the_place_of_one_that_was_not_sent() {
    let (mut story, id) = Story::running(&progress(0));
    story.update(id, &alert("one"));
    story.update(id, &alert("two"));
    assert_eq!(story.serve(&Done("updated")).body()["alert"]["title"], "two");
    assert_eq!(story.counters(id).alerts_replaced, 1);
    assert!(story.events(id).contains(&EventKind::AlertReplaced));
}

#[test]
fn an_alert_under_way_and_a_newer_one_are_two() {
    let (mut story, id) = Story::running(&progress(0));
    story.update(id, &alert("one"));
    let sent = story.next();
    story.update(id, &alert("two"));
    story.answer(&sent, &Done("updated"));
    assert_eq!(story.counters(id).alerts_replaced, 0);
    assert_eq!(story.serve(&Done("updated")).body()["alert"]["title"], "two");
}

#[test]
fn a_newer_alert_goes_also_when_the_one_under_way_fails() {
    for (failure, replaced, uncertain) in [(Unreachable, 1, false), (Silence, 0, true)] {
        let (mut story, id) = Story::running(&progress(0));
        story.update(id, &alert("one"));
        let sent = story.next();
        story.update(id, &alert("two"));
        story.answer(&sent, &failure);
        assert_eq!(story.counters(id).alerts_replaced, replaced, "{failure:?}");
        assert_eq!(story.events(id).contains(&EventKind::AlertUncertain), uncertain, "{failure:?}");
        assert_eq!(story.serve(&Done("updated")).body()["alert"]["title"], "two");
    }
}

fn timer(seconds: u32) -> Value {
    json!({"title": "T", "type": "timer", "duration_seconds": seconds})
}

#[test]
fn a_timers_window_is_sent_once_for_each_time_it_is_set() {
    let (mut story, id) = Story::running(&timer(60));
    story.update(id, &json!({"subtitle": "goes on"}));
    assert_eq!(story.serve(&Done("updated")).state("duration_seconds"), Value::Null);
    story.update(id, &json!({"duration_seconds": 60}));
    assert_eq!(story.serve(&Done("updated")).state("duration_seconds"), 60, "set anew, it starts over");
    story.update(id, &json!({"subtitle": "and on"}));
    assert_eq!(story.serve(&Done("updated")).state("duration_seconds"), Value::Null);
}

#[test]
fn a_timers_window_stays_until_it_was_acknowledged() {
    let mut story = Story::new();
    let id = story.open("k", &timer(60));
    story.serve(&Unreachable);
    story.replace(id, &json!({"title": "Other", "type": "timer"}));
    let sent = story.serve(&Done("started"));
    assert_eq!((sent.state("title"), sent.state("duration_seconds")), (json!("Other"), json!(60)));
}

#[test]
fn a_timers_window_has_no_meaning_for_what_takes_its_place() {
    let mut story = Story::new();
    let id = story.open("k", &timer(60));
    story.update(id, &json!({"type": "alert", "message": "rings"}));
    assert_eq!(story.serve(&Done("started")).state("duration_seconds"), Value::Null);
}

#[test]
fn cleared_tags_and_metadata_stay_until_they_were_acknowledged() {
    let (mut story, id) = Story::running(&json!({"title": "T", "type": "alert", "message": "m", "tags": ["a"]}));
    story.update(id, &json!({"tags": [], "metadata": {}}));
    assert_eq!(story.serve(&Unreachable).body()["tags"], json!([]));
    let sent = story.serve(&Done("updated"));
    assert_eq!((&sent.body()["tags"], &sent.body()["metadata"]), (&json!([]), &json!({})));
    story.update(id, &json!({"message": "n"}));
    let sent = story.serve(&Done("updated"));
    assert_eq!((&sent.body()["tags"], &sent.body()["metadata"]), (&Value::Null, &Value::Null));
    story.is_quiet_for(seconds(3_600));
}

#[test]
fn what_is_no_one_shot_is_sent_each_time() {
    let (mut story, id) = Story::running(&json!({"title": "T", "type": "alert", "message": "m", "channels": ["ops"]}));
    story.update(id, &json!({"tags": ["a"], "metadata": {"run": 7}}));
    story.serve(&Done("updated"));
    story.update(id, &json!({"message": "n"}));
    let body = story.serve(&Done("updated")).body();
    assert_eq!(
        (&body["channels"], &body["tags"], &body["metadata"]),
        (&json!(["ops"]), &json!(["a"]), &json!({"run": 7}))
    );
}
