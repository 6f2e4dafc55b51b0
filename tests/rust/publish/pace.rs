//! What is sent of many updates, and when.

use std::time::Duration;

use activitysmith_kit::publish::{AccountBudget as _, Class, Ending, EventKind, Newest, Urgency};
use activitysmith_kit::{Operation, Patch, Progress, ValidationError, Value};
use serde_json::json;

use crate::story::{Done, Silence, Story, Unreachable, Warned, progress, seconds};

#[test]
fn the_first_state_goes_at_once() {
    let mut story = Story::new();
    let id = story.open("nightly-backup", &progress(0));
    let sent = story.sent().unwrap();
    assert_eq!(sent.request.path, "/live-activity/stream/nightly-backup");
    assert_eq!(sent.body(), json!({"content_state": progress(0)}));
    assert!(matches!(story.newest(id), Newest::Pending));
    story.answer(&sent, &Done("started"));
    assert!(matches!(story.newest(id), Newest::Acknowledged));
}

#[test]
fn a_million_updates_make_few_requests_and_the_last_one_arrives() {
    let (mut story, id) = Story::running(&progress(0));
    let (mut requests, mut last) = (1_u64, json!(0));
    for n in 1..=1_000_000_u32 {
        let now = story.clock();
        let percentage = f64::from(n) / 10_001.0;
        story.dispatcher.update(id, Patch::new().percentage(percentage), Urgency::ByKind, || now).unwrap();
        // A million in five minutes.
        story.pass(seconds(300) / 1_000_000);
        if n % 100 == 0
            && let Some(sent) = story.sent()
        {
            story.answer(&sent, &Done("updated"));
            (requests, last) = (requests + 1, sent.state("percentage"));
        }
    }
    assert!((4..=8).contains(&requests), "{requests} requests");
    assert_ne!(last, json!(1_000_000.0 / 10_001.0));
    assert_eq!(story.serve(&Done("updated")).state("percentage"), json!(1_000_000.0 / 10_001.0));
    let counters = story.counters(id);
    assert_eq!((counters.updates, counters.sent), (1_000_001, requests + 1));
}

#[test]
fn a_number_waits_and_anything_else_does_not() {
    let (mut story, id) = Story::running(&progress(0));
    story.update(id, &json!({"percentage": 1}));
    assert_eq!(story.serve(&Done("updated")).at, seconds(15));
    story.update(id, &json!({"percentage": 2}));
    story.pass(seconds(1));
    assert!(story.sent().is_none());
    story.update(id, &json!({"subtitle": "verify"}));
    let sent = story.serve(&Done("updated"));
    assert_eq!((sent.at, sent.state("percentage"), sent.state("subtitle")), (seconds(16), json!(2), json!("verify")));
    story.update(id, &json!({"percentage": 100}));
    assert_eq!(story.serve(&Done("updated")).at, seconds(17), "completion does not wait as a number does");
}

#[test]
fn what_is_urgent_does_not_wait_as_a_number_does() {
    let (mut story, id) = Story::running(&progress(0));
    story.update(id, &json!({"percentage": 1}));
    story.pass(seconds(2));
    assert!(story.sent().is_none());
    assert!(story.try_update(id, &json!({"percentage": 1}), Urgency::Urgent).unwrap(), "the driver is told");
    assert_eq!(story.sent().unwrap().state("percentage"), 1);
}

#[test]
fn what_its_owner_waits_for_skips_the_pacer() {
    let (mut story, id) = Story::running(&progress(0));
    story.update(id, &json!({"percentage": 1}));
    assert!(story.sent().is_none());
    story.dispatcher.hasten(id);
    let first = story.sent().unwrap();
    story.answer(&first, &Done("updated"));
    story.update(id, &json!({"percentage": 2}));
    story.dispatcher.hasten(id);
    let second = story.sent().unwrap();
    story.dispatcher.hasten(id);
    story.answer(&second, &Unreachable);
    assert_eq!(story.next().at, seconds(1), "also when it has to be repeated");
}

#[test]
fn an_identical_state_is_not_sent() {
    let (mut story, id) = Story::running(&progress(10));
    story.update(id, &json!({"percentage": 10.0}));
    story.is_quiet_for(seconds(3_600));
    story.update(id, &json!({"subtitle": "there"}));
    story.replace(id, &json!({"percentage": 10, "type": "progress", "title": "T"}));
    story.is_quiet_for(seconds(3_600));
    assert_eq!(story.counters(id).suppressed, 1);
    assert!(matches!(story.newest(id), Newest::Acknowledged));
}

#[test]
fn what_may_have_changed_in_secret_is_sent_again() {
    let (mut story, id) = Story::running(&progress(10));
    story.update(id, &json!({"subtitle": "there"}));
    story.serve(&Silence);
    story.replace(id, &progress(10));
    let sent = story.serve(&Done("updated"));
    assert_eq!(sent.state("subtitle"), json!(null));
}

#[test]
fn the_newest_state_goes_after_a_failure() {
    let (mut story, id) = Story::running(&progress(0));
    story.update(id, &json!({"subtitle": "old"}));
    let sent = story.next();
    story.update(id, &json!({"subtitle": "new"}));
    story.answer(&sent, &Unreachable);
    story.update(id, &json!({"percentage": 7}));
    let sent = story.serve(&Done("updated"));
    assert_eq!((sent.state("subtitle"), sent.state("percentage")), (json!("new"), json!(7)));
    story.is_quiet_for(seconds(3_600));
    assert!(matches!(story.newest(id), Newest::Acknowledged));
}

#[test]
fn a_warning_makes_numbers_wait_until_the_average_is_kept() {
    let (mut story, id) = Story::running(&progress(0));
    story.update(id, &json!({"subtitle": "one"}));
    story.serve(&Warned);
    story.update(id, &json!({"percentage": 1}));
    assert!(story.next().at >= seconds(12 * 120));
}

#[test]
fn an_invalid_change_says_so_and_changes_nothing() {
    let (mut story, id) = Story::running(&progress(10));
    for invalid in
        [json!({"percentage": "all"}), json!({"metrics": []}), json!({"percentage": 5, "subtitel": "x"}), json!(5)]
    {
        let error = story.try_update(id, &invalid, Urgency::ByKind).unwrap_err();
        assert_eq!(error.kind(), "validation", "{invalid}");
    }
    story.is_quiet_for(seconds(3_600));
    story.update(id, &json!({"subtitle": "s"}));
    let expected = json!({"title": "T", "type": "progress", "percentage": 10, "subtitle": "s"});
    assert_eq!(story.serve(&Done("updated")).body(), json!({"content_state": expected}));
}

#[test]
fn what_a_loop_computes_is_clamped_or_skipped_with_one_warning() {
    let (mut story, id) = Story::running(&progress(10));
    let percentage = |number: f64| Patch::new().percentage(number);
    for (given, shown) in
        [(100.0 / 6.0 * 6.0 + 1e-13, 100.0), (f64::NAN, 100.0), (99.0, 99.0), (-4.0, 0.0), (1e9, 100.0)]
    {
        story.dispatcher.update(id, percentage(given), Urgency::Urgent, || Duration::ZERO).unwrap();
        story.dispatcher.hasten(id);
        if let Some(sent) = story.sent() {
            story.answer(&sent, &Done("updated"));
            assert_eq!(sent.state("percentage"), shown, "{given}");
        }
    }
    story.dispatcher.replace(id, Progress::new("T").percentage(f64::NAN), Urgency::Urgent, || Duration::ZERO).unwrap();
    story.dispatcher.replace(id, Value::new("T", f64::NAN), Urgency::Urgent, || Duration::ZERO).unwrap();
    story.is_quiet_for(seconds(3_600));
    let warnings = story.events(id).into_iter().filter(|kind| *kind == EventKind::Adjusted).count();
    assert_eq!(warnings, 1);
    story.dispatcher.end(id, Ending::Finished(percentage(f64::INFINITY).into()), None, story.clock()).unwrap();
    assert_eq!(story.serve(&Done("ended")).state("percentage"), 100);
}

#[test]
fn what_may_not_be_shown_as_hoped_is_said_once() {
    let (mut story, id) = Story::running(&progress(0));
    for subtitle in ["a", "b"] {
        story.update(id, &json!({"subtitle": subtitle.repeat(5_000)}));
        story.serve(&Done("updated"));
    }
    let advice = |kinds: Vec<EventKind>| kinds.into_iter().filter(|kind| *kind == EventKind::Advice).count();
    assert_eq!(advice(story.events(id)), 1);
    let steps = json!({"title": "T", "type": "segmented_progress", "number_of_steps": 3, "current_step": 2});
    let id = story.open("steps", &steps);
    story.update(id, &json!({"step_colors": ["red"], "subtitle": "s".repeat(5_000)}));
    story.serve(&Done("started"));
    assert_eq!(advice(story.events(id)), 2, "each kind by itself");
}

#[test]
fn a_second_publisher_of_a_stream_says_so() {
    let mut story = Story::new();
    let first = story.open("k", &progress(0));
    let second = story.open("k", &progress(1));
    story.open("other", &progress(0));
    assert_eq!((story.events(first), story.events(second)), (vec![], vec![EventKind::Duplicate]));
    for id in [first, second] {
        story.dispatcher.detach(id);
    }
    let third = story.open("k", &progress(2));
    assert_eq!(story.events(third), []);
}

#[test]
fn a_first_state_must_be_able_to_start_an_activity() {
    let mut story = Story::new();
    for (state, missing) in
        [(json!({"percentage": 1}), "content_state.title"), (json!({"title": "T"}), "content_state.type")]
    {
        let error: ValidationError = story.try_open(&state).unwrap_err();
        assert!(error.violations().iter().any(|violation| violation.path == missing), "{error}");
    }
}

#[test]
fn ends_go_before_starts_before_changes_before_numbers() {
    let mut story = Story::new();
    let ids: Vec<_> = ["number", "change", "end"].iter().map(|key| story.open(key, &progress(0))).collect();
    for _ in &ids {
        story.serve(&Done("started"));
    }
    story.pass(seconds(60));
    story.update(ids[0], &json!({"percentage": 1}));
    story.update(ids[1], &json!({"subtitle": "s"}));
    story.open("start", &progress(0));
    story.finish(ids[2]);
    let order: Vec<_> = (0..4).map(|_| story.sent().unwrap().request.key.clone()).collect();
    assert_eq!(order, ["end", "start", "change", "number"]);
}

#[test]
fn direct_calls_are_charged_and_the_reserve_is_for_ends() {
    let (mut story, id) = Story::running(&progress(0));
    for _ in 0..6 {
        story.budget.charge(story.clock());
    }
    story.open("other", &progress(0));
    assert!(story.sent().is_none(), "the budget has only its reserve");
    story.end(id, Ending::Complete, seconds(10));
    assert!(story.sent().unwrap().is_end());
    assert!(story.budget.take(Class::Start, story.clock()).is_err());
}

#[test]
fn many_short_jobs_in_a_row_wait_for_nothing_where_the_service_names_no_limit() {
    let mut story = Story::new();
    let (mut shown, mut unshown) = (0, 0);
    for job in 0..200 {
        let id = story.open(&format!("job-{job}"), &progress(0));
        story.end(id, Ending::Complete, seconds(2));
        while let Some(sent) = story.sent() {
            story.answer(&sent, &Done(if sent.is_end() { "ended" } else { "started" }));
        }
        match story.outcome(id).unwrap().operation {
            Operation::Ended => shown += 1,
            Operation::Noop => unshown += 1,
            other => panic!("{other}"),
        }
    }
    assert_eq!((story.time(), shown, unshown), (seconds(0), 4, 196));
}

#[test]
fn what_does_not_arrive_says_what_holds_it_back() {
    let (mut story, id) = Story::running(&progress(0));
    (0..20).for_each(|_| story.budget.charge(story.clock()));
    story.update(id, &json!({"subtitle": "s"}));
    story.dispatcher.hasten(id);
    assert!(story.sent().is_none());
    story.pass(seconds(10));
    let now = story.clock();
    let mut not_arrived = || story.dispatcher.not_arrived(id, seconds(10), now, &story.budget).to_string();
    let message = "the newest state has not arrived within 10 s: the local request budget (10 at once, 50 a minute) is \
                   used up; next request possible in 8 s";
    assert_eq!(not_arrived(), message);
    let mut story = Story::new();
    let id = story.open("k", &progress(0));
    story.serve(&Unreachable);
    let now = story.clock();
    let error = story.dispatcher.not_arrived(id, seconds(10), now, &story.budget);
    assert_eq!(
        error.to_string(),
        "the newest state has not arrived within 10 s: could not connect: refused (attempts: 1)"
    );
}

#[test]
fn a_slot_with_a_new_publisher_does_not_hear_the_old_ones_answer() {
    let (mut story, old) = Story::running(&progress(0));
    story.update(old, &json!({"subtitle": "s"}));
    let sent = story.next();
    story.dispatcher.remove(old);
    let new = story.open("other", &progress(1));
    story.answer(&sent, &Done("updated"));
    assert!(matches!(story.newest(new), Newest::Pending));
    assert!(story.dispatcher.newest(old).is_err());
    assert_eq!(story.serve(&Done("started")).request.key, "other");
}

#[test]
fn two_requests_of_one_stream_never_meet() {
    let (mut story, old) = Story::running(&progress(0));
    story.update(old, &json!({"subtitle": "of the old one"}));
    let sent = story.next();
    story.dispatcher.remove(old);
    story.open("k", &progress(1));
    assert!(story.sent().is_none(), "the old one's request could overtake it");
    story.answer(&sent, &Done("updated"));
    assert_eq!(story.sent().unwrap().state("percentage"), 1);
}
