//! How a stream ends.

use std::time::Duration;

use activitysmith_kit::Operation;
use activitysmith_kit::publish::{AccountBudget as _, Changes, Ending, EventKind, Newest, Options, Rules, Urgency};
use serde_json::{Value, json};

use crate::story::{Capacity, Done, Nobody, Silence, Status, Story, TooMany, Unreachable, progress, seconds};

#[test]
fn the_end_carries_the_last_state_in_one_request() {
    let (mut story, id) = Story::running(&progress(0));
    story.update(id, &json!({"percentage": 42}));
    story.end(
        id,
        Ending::Finished(Changes::parse(br#"{"subtitle": "done", "auto_dismiss_seconds": 30}"#).unwrap()),
        seconds(10),
    );
    let sent = story.serve(&Done("ended"));
    assert!(sent.is_end());
    let expected =
        json!({"title": "T", "type": "progress", "percentage": 42, "subtitle": "done", "auto_dismiss_seconds": 30});
    assert_eq!((sent.at, sent.body()), (seconds(0), json!({"content_state": expected})));
    assert_eq!(story.outcome(id).unwrap().operation, Operation::Ended);
    assert!(matches!(story.newest(id), Newest::Acknowledged));
    assert_eq!(story.events(id).last(), Some(&EventKind::Ended));
}

#[test]
fn an_end_takes_as_long_as_the_call_the_publisher_or_the_rules_say() {
    let last = || Changes::parse(b"{}").unwrap();
    for (flush_timeout, timeout, ending, expected) in [
        (None, None, Ending::Finished(last()), 2),
        (None, None, Ending::Complete, 2),
        (None, None, Ending::Failed(None), 5),
        (None, None, Ending::FailedWith(None, last()), 5),
        (Some(7), None, Ending::Complete, 7),
        (Some(7), None, Ending::Failed(None), 7),
        (Some(7), Some(1), Ending::Failed(None), 1),
    ] {
        let mut story = Story::new();
        let mut options = Options::default();
        options.flush_timeout = flush_timeout.map(seconds);
        let id = story.open_with("k", &progress(0), options);
        story.serve(&Done("started"));
        let now = story.clock();
        let left = story.dispatcher.end(id, ending, timeout.map(seconds), now).unwrap();
        assert_eq!(left, seconds(expected));
        story.pass(seconds(1) / 2);
        let now = story.clock();
        let left = story.dispatcher.end(id, Ending::Complete, Some(seconds(60)), now).unwrap();
        assert_eq!(left, seconds(2 * expected - 1) / 2, "a second end has the deadline of the first");
        assert_eq!(story.sent().unwrap().timeout, left);
    }
}

#[test]
fn the_rules_say_how_long_an_end_takes() {
    let mut rules = Rules::default();
    (rules.success_timeout, rules.failure_timeout) = (seconds(1), seconds(3));
    let mut story = Story::with_rules(&rules);
    for (key, ending, expected) in [("a", Ending::Complete, 1), ("b", Ending::Failed(None), 3)] {
        let id = story.open(key, &progress(0));
        story.serve(&Done("started"));
        let now = story.clock();
        assert_eq!(story.dispatcher.end(id, ending, None, now).unwrap(), seconds(expected));
        story.serve(&Done("ended"));
    }
}

#[test]
fn an_exhausted_loop_ends_at_a_hundred_percent() {
    let (mut story, id) = Story::running(&progress(90));
    story.end(id, Ending::Complete, seconds(10));
    assert_eq!(story.serve(&Done("ended")).state("percentage"), 100);
}

#[test]
fn the_end_waits_for_the_request_before_it() {
    let (mut story, id) = Story::running(&progress(0));
    story.update(id, &json!({"subtitle": "s"}));
    let sent = story.next();
    story.finish(id);
    assert!(story.sent().is_none());
    story.answer(&sent, &Done("updated"));
    assert!(story.sent().unwrap().is_end());
}

#[test]
fn the_next_publisher_of_a_stream_waits_for_a_request_whose_timer_is_late() {
    let mut story = Story::new();
    let first = story.open("k", &progress(0));
    let sent = story.next();
    story.dispatcher.detach(first);
    story.dispatcher.remove(first);
    story.open("k", &progress(1));
    story.is_quiet_for(sent.timeout + seconds(1) / 2);
    story.answer(&sent, &Silence);
    assert_eq!(story.sent().unwrap().state("percentage"), 1);
}

#[test]
fn nothing_goes_after_the_end() {
    let (mut story, id) = Story::running(&progress(0));
    story.update(id, &json!({"percentage": 1}));
    story.finish(id);
    assert!(
        story.try_update(id, &json!({"percentage": 2}), Urgency::Urgent).unwrap(),
        "the driver has something to report"
    );
    assert_eq!(story.serve(&Done("ended")).state("percentage"), 1);
    for _ in 0..2 {
        assert!(!story.try_update(id, &json!({"percentage": 3}), Urgency::Urgent).unwrap());
        assert!(!story.dispatcher.show_failure(id, Some("late"), || Duration::ZERO).unwrap());
    }
    let late = story.events(id).into_iter().filter(|kind| *kind == EventKind::AfterEnd).count();
    assert_eq!(late, 1, "it is reported once");
    story.dispatcher.hasten(id);
    story.is_quiet_for(seconds(24 * 3_600));
    assert!(story.is_idle());
}

#[test]
fn a_second_end_changes_nothing_and_has_the_outcome_of_the_first() {
    let (mut story, id) = Story::running(&progress(0));
    story.end(id, Ending::Failed(Some("exit 3")), seconds(10));
    story.finish(id);
    assert_eq!(story.serve(&Done("ended")).state("subtitle"), "exit 3");
    story.finish(id);
    story.is_quiet_for(seconds(3_600));
    for _ in 0..2 {
        assert_eq!(story.outcome(id).unwrap().operation, Operation::Ended);
    }
}

#[test]
fn a_detached_stream_sends_no_more_and_is_left_as_it_is() {
    let (mut story, id) = Story::running(&progress(0));
    story.update(id, &json!({"subtitle": "s"}));
    story.dispatcher.detach(id);
    story.is_quiet_for(seconds(3_600));
    story.finish(id);
    assert!(story.outcome(id).unwrap_err().to_string().contains("is detached"));
    assert!(matches!(story.newest(id), Newest::Refused(_)), "it will not arrive");
}

#[test]
fn what_was_never_shown_is_shown_before_it_ends() {
    let mut story = Story::new();
    let id = story.open("k", &progress(0));
    story.update(id, &json!({"percentage": 3}));
    story.end(id, Ending::Failed(Some("ValueError")), seconds(10));
    let sent = story.serve(&Unreachable);
    assert_eq!((sent.is_end(), sent.state("percentage")), (false, json!(3)));
    assert!(!story.serve(&Done("started")).is_end(), "there is nothing to end yet");
    let sent = story.serve(&Done("ended"));
    assert_eq!((sent.is_end(), sent.state("subtitle")), (true, json!("ValueError")));
    assert!(story.outcome(id).is_ok());
}

#[test]
fn a_success_that_could_not_be_shown_ends_at_once() {
    for (hindrance, kind) in [
        (Unreachable, "connection"),
        (TooMany(Some(30)), "rate_limited"),
        (Capacity, "activity_limit_reached"),
        (Nobody, "no_recipients"),
        (Status(400), "bad_request"),
        (Status(401), "config"),
    ] {
        let mut story = Story::new();
        let id = story.open("k", &progress(0));
        story.serve(&hindrance);
        story.finish(id);
        assert_eq!(story.outcome(id).unwrap_err().kind(), kind, "{hindrance:?}");
        assert_eq!(story.events(id).last(), Some(&EventKind::NotArrived), "{hindrance:?}");
        assert_eq!(story.counters(id).sent, 1, "{hindrance:?}");
        // The request under way when a job ends decides likewise.
        let mut story = Story::new();
        let id = story.open("k", &progress(0));
        let sent = story.next();
        story.finish(id);
        story.answer(&sent, &hindrance);
        assert!(story.outcome(id).is_err(), "{hindrance:?}");
        story.is_quiet_for(seconds(3_600));
    }
}

#[test]
fn a_success_that_may_have_been_shown_is_ended() {
    let mut story = Story::new();
    let id = story.open("k", &progress(0));
    story.serve(&Silence);
    story.finish(id);
    assert!(!story.serve(&Done("started")).is_end());
    assert!(story.serve(&Done("ended")).is_end());
}

#[test]
fn a_short_success_is_shown_where_nothing_hinders_it() {
    let mut story = Story::new();
    let id = story.open("k", &progress(0));
    story.finish(id);
    assert!(!story.serve(&Done("started")).is_end());
    assert!(story.serve(&Done("ended")).is_end());
    assert_eq!(story.outcome(id).unwrap().operation, Operation::Ended);
}

#[test]
fn a_success_for_which_the_budget_has_no_room_is_not_shown() {
    let (mut story, running) = Story::running(&progress(0));
    (0..20).for_each(|_| story.budget.charge(story.clock()));
    let ids: Vec<_> = ["a", "b"].iter().map(|key| story.open(key, &progress(0))).collect();
    assert!(story.sent().is_none());
    for id in &ids {
        story.finish(*id);
    }
    assert!(story.sent().is_none());
    for id in ids {
        let outcome = story.outcome(id).unwrap();
        assert_eq!((outcome.operation, outcome.facts.status), (Operation::Noop, 0));
        let message = outcome.message.unwrap();
        assert!(message.starts_with("nothing was shown: the local request budget"), "{message}");
        assert_eq!(story.events(id), [EventKind::Ended]);
    }
    assert!(story.dispatcher.takes_changes(running));
}

fn after(wait: Duration) -> Options {
    let mut options = Options::default();
    options.show_after = Some(wait);
    options
}

#[test]
fn a_job_that_succeeds_before_it_is_to_be_shown_sends_nothing() {
    let mut story = Story::new();
    let id = story.open_with("k", &progress(0), after(seconds(60)));
    story.is_quiet_for(seconds(59));
    story.finish(id);
    let outcome = story.outcome(id).unwrap();
    assert_eq!((outcome.operation, story.counters(id).sent), (Operation::Noop, 0));
    assert_eq!(outcome.message.unwrap(), "nothing was shown: the job has succeeded before it was to be shown");
    assert_eq!(story.events(id), [EventKind::Ended]);
    story.is_quiet_for(seconds(3_600));
}

#[test]
fn a_job_is_shown_once_its_time_has_come() {
    let mut story = Story::new();
    let id = story.open_with("k", &progress(0), after(seconds(60)));
    story.try_update(id, &json!({"percentage": 5}), Urgency::Urgent).unwrap();
    let sent = story.serve(&Done("started"));
    assert_eq!((sent.at, sent.state("percentage")), (seconds(60), json!(5)));
    story.finish(id);
    assert!(story.serve(&Done("ended")).is_end());
}

#[test]
fn a_flush_and_a_failure_show_a_job_at_once() {
    let mut story = Story::new();
    let flushed = story.open_with("flushed", &progress(0), after(seconds(60)));
    story.dispatcher.hasten(flushed);
    assert_eq!(story.serve(&Done("started")).at, seconds(0));
    let marked = story.open_with("marked", &progress(0), after(seconds(60)));
    assert!(story.dispatcher.show_failure(marked, Some("exit 3"), || seconds(0)).unwrap());
    assert_eq!(story.serve(&Done("started")).state("subtitle"), "exit 3");
    let failed = story.open_with("failed", &progress(0), after(seconds(60)));
    story.end(failed, Ending::Failed(Some("exit 3")), seconds(5));
    assert!(!story.serve(&Done("started")).is_end());
    let sent = story.serve(&Done("ended"));
    assert_eq!((sent.at, sent.is_end(), sent.state("subtitle")), (seconds(0), true, json!("exit 3")));
}

#[test]
fn a_failure_is_shown_and_ended_whatever_the_budget_says() {
    let (mut story, running) = Story::running(&progress(0));
    story.update(running, &json!({"subtitle": "s"}));
    story.serve(&TooMany(Some(300)));
    let failed = story.open("failed", &progress(0));
    story.end(failed, Ending::Failed(Some("exit 3")), seconds(5));
    assert!(!story.serve(&Done("started")).is_end());
    assert!(story.serve(&Done("ended")).is_end());
    assert!(story.outcome(failed).is_ok() && story.time() < seconds(5));
    let late = story.open("late", &progress(0));
    story.end(late, Ending::Failed(None), seconds(5));
    story.serve(&TooMany(Some(300)));
    assert!(story.sent().is_none(), "one try is enough");
    assert_eq!(story.outcome(late).unwrap_err().kind(), "rate_limited");
}

#[test]
fn what_cannot_be_shown_is_reported_and_not_ended() {
    for (refusal, kind) in
        [(Capacity, "activity_limit_reached"), (Status(400), "bad_request"), (Status(403), "forbidden")]
    {
        let mut story = Story::new();
        let id = story.open("k", &progress(0));
        story.finish(id);
        assert!(!story.serve(&refusal).is_end());
        assert_eq!(story.outcome(id).unwrap_err().kind(), kind);
        story.is_quiet_for(seconds(3_600));
    }
}

#[test]
fn an_end_that_finds_nothing_is_a_success_if_there_was_something() {
    let (mut story, id) = Story::running(&progress(0));
    story.finish(id);
    story.serve(&Status(404));
    let outcome = story.outcome(id).unwrap();
    assert_eq!((outcome.operation, outcome.ignored), (Operation::Ended, Some(true)));
}

#[test]
fn an_end_that_finds_nothing_where_perhaps_nothing_was_is_none() {
    let mut story = Story::new();
    let id = story.open("k", &progress(0));
    story.serve(&Silence);
    story.finish(id);
    assert!(!story.serve(&Status(502)).is_end(), "whether it is shown is unknown, so it is shown once more");
    assert!(story.serve(&Status(404)).is_end());
    assert_eq!(story.outcome(id).unwrap_err().kind(), "not_found");
}

#[test]
fn an_end_that_is_refused_goes_without_its_state_and_says_so() {
    let (mut story, id) = Story::running(&progress(0));
    story.finish(id);
    assert_eq!(story.serve(&Status(400)).state("title"), "T");
    let sent = story.serve(&Unreachable);
    assert_eq!((sent.is_end(), sent.body()), (true, Value::Null));
    story.serve(&Done("ended"));
    assert_eq!(story.outcome(id).unwrap_err().kind(), "bad_request", "the last state was refused");
    assert_eq!(story.events(id).last(), Some(&EventKind::NotArrived));
}

#[test]
fn an_end_in_a_freeze_that_outlasts_it_is_tried_just_once() {
    let (mut story, id) = Story::running(&progress(0));
    story.update(id, &json!({"subtitle": "s"}));
    story.serve(&TooMany(Some(300)));
    story.finish(id);
    let sent = story.sent().expect("a last try, whatever the budget says");
    story.answer(&sent, &TooMany(Some(300)));
    story.is_quiet_for(seconds(3_600));
    assert_eq!(story.outcome(id).unwrap_err().kind(), "rate_limited");
    assert_eq!(story.counters(id).sent, 3);
}

#[test]
fn what_was_never_sent_is_not_said_to_be_unanswered() {
    let mut story = Story::new();
    let first = story.open("k", &progress(0));
    story.next();
    story.dispatcher.remove(first);
    let late = story.open("k", &progress(0));
    story.end(late, Ending::Complete, seconds(2));
    story.is_quiet_for(seconds(3));
    let error = story.outcome(late).unwrap_err();
    assert_eq!(error.to_string(), "the newest state has not arrived within 2 s");
    assert_eq!((error.kind(), story.counters(late).sent), ("timeout", 0));
}

#[test]
fn every_end_in_a_freeze_has_its_try() {
    let mut story = Story::new();
    let ids: Vec<_> = ["a", "b"].iter().map(|key| story.open(key, &progress(0))).collect();
    for _ in &ids {
        story.serve(&Done("started"));
    }
    story.update(ids[0], &json!({"subtitle": "s"}));
    story.serve(&TooMany(Some(300)));
    story.end(ids[0], Ending::Complete, seconds(600));
    story.end(ids[1], Ending::Complete, seconds(10));
    assert_eq!(story.sent().unwrap().request.key, "b", "the other has time until the freeze is over");
    assert!(story.next().at >= seconds(300));
}

#[test]
fn an_answer_that_comes_after_giving_up_changes_nothing() {
    let (mut story, id) = Story::running(&progress(0));
    story.end(id, Ending::Complete, seconds(2));
    let sent = story.next();
    assert_eq!(sent.timeout, seconds(2));
    story.is_quiet_for(seconds(3));
    assert_eq!(story.outcome(id).unwrap_err().kind(), "timeout");
    story.answer(&sent, &Done("ended"));
    assert_eq!(story.outcome(id).unwrap_err().kind(), "timeout");
    assert_eq!(story.events(id).iter().filter(|kind| **kind == EventKind::Ended).count(), 0);
}

#[test]
fn an_end_without_any_time_is_tried_and_its_answer_is_waited_for() {
    let (mut story, id) = Story::running(&progress(0));
    story.end(id, Ending::Complete, seconds(0));
    let sent = story.sent().unwrap();
    assert_eq!(sent.timeout, Duration::from_millis(250));
    story.is_quiet_for(Duration::from_millis(200));
    story.answer(&sent, &Done("ended"));
    assert!(story.outcome(id).is_ok());
}

#[test]
fn an_end_is_repeated_while_there_is_time() {
    let (mut story, id) = Story::running(&progress(0));
    story.end(id, Ending::Complete, seconds(60));
    for failure in [Unreachable, Status(503), Silence] {
        assert!(story.serve(&failure).is_end());
    }
    story.serve(&Done("ended"));
    assert!(story.outcome(id).is_ok());
}

/// Red, with a badge where there is room, the reason where the eye falls, and an hour to be seen.
#[test]
fn every_type_can_show_that_its_job_has_failed() {
    let metrics = json!([{"label": "a", "value": 1}]);
    for (kind, fields, has_badge) in [
        ("segmented_progress", json!({"number_of_steps": 5, "current_step": 2}), true),
        ("progress", json!({"percentage": 42}), true),
        ("metrics", json!({"metrics": metrics}), false),
        ("stats", json!({"metrics": metrics}), false),
        ("alert", json!({"message": "m"}), true),
        ("timer", json!({"duration_seconds": 60}), false),
        ("value", json!({"value": "7"}), true),
    ] {
        let mut state = fields;
        (state["title"], state["type"], state["color"]) = (json!("T"), json!(kind), json!("blue"));
        let (mut story, id) = Story::running(&state);
        story.end(id, Ending::Failed(Some("ValueError")), seconds(10));
        let sent = story.serve(&Done("ended"));
        let badge = if has_badge { json!({"title": "Failed", "color": "red"}) } else { Value::Null };
        let line = if kind == "alert" { "message" } else { "subtitle" };
        assert_eq!((sent.state("color"), sent.state("badge")), (json!("red"), badge), "{kind}");
        assert_eq!((sent.state(line), sent.state("auto_dismiss_minutes")), (json!("ValueError"), json!(60)), "{kind}");
        assert!(story.outcome(id).is_ok());
    }
}

#[test]
fn a_long_reason_is_shortened() {
    for (reason, shown) in [("é".repeat(256), "é".repeat(256)), ("é".repeat(257), format!("{}…", "é".repeat(255)))]
    {
        let (mut story, id) = Story::running(&progress(40));
        story.end(id, Ending::Failed(Some(&reason)), seconds(5));
        assert_eq!(story.serve(&Done("ended")).state("subtitle"), shown);
    }
}

#[test]
fn a_failure_may_say_how_long_it_stays() {
    let (mut story, id) = Story::running(&progress(40));
    let changes = Changes::parse(br#"{"auto_dismiss_seconds": 30}"#).unwrap();
    story.end(id, Ending::FailedWith(Some("exit 3"), changes), seconds(10));
    let sent = story.serve(&Done("ended"));
    assert_eq!((sent.state("subtitle"), sent.state("auto_dismiss_seconds")), (json!("exit 3"), json!(30)));
    assert_eq!((sent.state("color"), sent.state("auto_dismiss_minutes")), (json!("red"), Value::Null));
}

#[test]
fn a_failure_can_be_shown_and_the_stream_left_open() {
    let (mut story, id) = Story::running(&progress(40));
    let now = story.clock();
    assert!(story.dispatcher.show_failure(id, Some("exit 3"), || now).unwrap());
    let sent = story.serve(&Done("updated"));
    assert!(!sent.is_end());
    assert_eq!((sent.state("color"), sent.state("badge")["title"].clone()), (json!("red"), json!("Failed")));
    assert_eq!((sent.state("subtitle"), sent.state("auto_dismiss_minutes")), (json!("exit 3"), Value::Null));
    story.update(id, &json!({"subtitle": "again"}));
}
