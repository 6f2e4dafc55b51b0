//! What becomes of a publisher when the service says no.

use activitysmith_kit::publish::{Ending, EventKind, Newest, Urgency};
use serde_json::json;

use crate::story::{Capacity, Done, Nobody, Silence, Status, Story, TooMany, Unreachable, progress, seconds};

#[test]
fn one_request_too_many_stops_all_for_a_time_and_then_ends_go_first() {
    let mut story = Story::new();
    let ids: Vec<_> = ["a", "b"].iter().map(|key| story.open(key, &progress(0))).collect();
    for _ in &ids {
        story.serve(&Done("started"));
    }
    story.update(ids[0], &json!({"subtitle": "s"}));
    story.jitter = 0.0;
    let refused = story.serve(&TooMany(Some(30)));
    story.pass(seconds(1));
    story.open("c", &progress(0));
    story.end(ids[1], Ending::Complete, seconds(60));
    let order: Vec<_> = (0..3).map(|_| story.next()).collect();
    assert_eq!(order[0].at, refused.at + seconds(30));
    assert_eq!(order.iter().map(|sent| sent.request.key.as_str()).collect::<Vec<_>>(), ["b", "c", "a"]);
}

#[test]
fn a_stream_without_room_waits_until_one_of_the_same_program_ends() {
    let (mut story, running) = Story::running(&progress(0));
    let parked = story.open("parked", &progress(0));
    story.serve(&Capacity);
    assert!(story.events(parked).contains(&EventKind::Blocked));
    story.is_quiet_for(seconds(59));
    story.finish(running);
    assert!(story.sent().is_some_and(|sent| {
        story.answer(&sent, &Done("ended"));
        sent.is_end()
    }));
    assert_eq!(story.sent().unwrap().request.key, "parked");
}

#[test]
fn a_stream_without_room_asks_again_after_a_minute_to_five() {
    let mut story = Story::new();
    story.jitter = 0.0;
    story.open("parked", &progress(0));
    let times: Vec<_> = (0..5).map(|_| story.serve(&Capacity).at.as_secs()).collect();
    assert_eq!(times, [0, 60, 180, 420, 720]);
}

#[test]
fn a_stream_without_a_device_asks_again_after_a_minute_to_fifteen() {
    let mut story = Story::new();
    story.jitter = 0.0;
    let id = story.open("k", &progress(0));
    let times: Vec<_> = (0..7).map(|_| story.serve(&Nobody).at.as_secs()).collect();
    assert_eq!(times, [0, 60, 180, 420, 900, 1_800, 2_700]);
    story.serve(&Done("started"));
    assert!(story.events(id).ends_with(&[EventKind::Recovered, EventKind::Acknowledged]));
}

#[test]
fn a_state_that_was_refused_is_not_sent_again_and_another_one_is() {
    let (mut story, id) = Story::running(&progress(0));
    story.update(id, &json!({"subtitle": "poison"}));
    story.serve(&Status(400));
    assert!(matches!(story.newest(id), Newest::Refused(error) if error.kind() == "bad_request"));
    story.is_quiet_for(seconds(3_600));
    story.update(id, &json!({"subtitle": "good"}));
    story.serve(&Done("updated"));
    story.update(id, &json!({"subtitle": "poison"}));
    story.is_quiet_for(seconds(3_600));
    assert!(matches!(story.newest(id), Newest::Refused(_)), "still poison");
}

#[test]
fn three_refused_states_in_a_row_are_enough() {
    let (mut story, id) = Story::running(&progress(0));
    for poison in ["one", "two", "three"] {
        story.update(id, &json!({"subtitle": poison}));
        story.serve(&Status(400));
    }
    story.update(id, &json!({"subtitle": "four"}));
    story.is_quiet_for(seconds(24 * 3_600));
    assert!(story.events(id).contains(&EventKind::Stopped));
    assert!(matches!(story.newest(id), Newest::Refused(_)));
    story.finish(id);
    assert!(story.sent().unwrap().is_end(), "the end of what it shows is still due");
}

#[test]
fn a_refused_key_pauses_all_streams_and_the_job_goes_on() {
    for status in [401, 402] {
        let mut story = Story::new();
        let ids: Vec<_> = ["a", "b"].iter().map(|key| story.open(key, &progress(0))).collect();
        story.serve(&Status(status));
        let late = story.open("c", &progress(0));
        for id in [ids[0], ids[1], late] {
            assert!(story.events(id).contains(&EventKind::Stopped));
            story.try_update(id, &json!({"percentage": 1}), Urgency::Urgent).unwrap();
            assert!(matches!(story.newest(id), Newest::Refused(_)));
        }
        story.is_quiet_for(seconds(299));
        for id in [ids[1], late] {
            story.finish(id);
            assert_eq!(story.outcome(id).unwrap_err().kind(), "config", "{status}");
        }
        assert_eq!(story.serve(&Status(status)).at, seconds(300));
        assert_eq!(story.events(ids[0]), [], "it is said once");
        assert_eq!(story.serve(&Done("started")).at, seconds(600));
        assert_eq!(story.events(ids[0]), [EventKind::Recovered, EventKind::Acknowledged]);
    }
}

#[test]
fn after_a_pause_one_request_is_tried_and_its_success_lets_all_go_on() {
    let mut story = Story::new();
    let ids: Vec<_> = ["a", "b", "c"].iter().map(|key| story.open(key, &progress(0))).collect();
    story.serve(&Status(401));
    let first = story.next();
    assert_eq!(first.at, seconds(300));
    assert!(story.sent().is_none(), "the first answer decides for all");
    story.answer(&first, &Done("started"));
    story.serve(&Done("started"));
    assert_eq!(story.serve(&Done("started")).at, seconds(300));
    for id in ids {
        assert!(matches!(story.newest(id), Newest::Acknowledged));
    }
}

#[test]
fn a_pause_is_over_when_a_call_succeeds() {
    for status in [401, 402, 403] {
        let mut story = Story::new();
        let id = story.open("k", &progress(0));
        story.serve(&Status(status));
        story.pass(seconds(100));
        let now = story.clock();
        let reason = story.dispatcher.disabled_reason(id, now).unwrap().to_string();
        let end = "; it tries again in 200 s, or when a call succeeds";
        assert!(reason.starts_with("publishing has stopped: ") && reason.ends_with(end), "{reason}");
        story.dispatcher.succeeded(now);
        assert_eq!(story.dispatcher.disabled_reason(id, now), None);
        assert_eq!(story.serve(&Done("started")).at, seconds(100));
    }
}

#[test]
fn what_is_stopped_for_good_says_no_time() {
    let mut story = Story::new();
    let id = story.open("k", &progress(0));
    story.dispatcher.stop(&"the thread has ended");
    let now = story.clock();
    story.dispatcher.succeeded(now);
    let reason = story.dispatcher.disabled_reason(id, now).unwrap();
    assert_eq!(reason.to_string(), "publishing has stopped: the thread has ended");
    story.is_quiet_for(seconds(24 * 3_600));
    let late = story.open("late", &progress(0));
    story.finish(late);
    assert_eq!(story.outcome(late).unwrap_err().kind(), "config");
}

#[test]
fn a_channel_that_the_key_may_not_reach_pauses_one_stream() {
    let mut story = Story::new();
    let ids: Vec<_> = ["a", "b"].iter().map(|key| story.open(key, &progress(0))).collect();
    story.serve(&Status(403));
    story.serve(&Done("started"));
    story.update(ids[0], &json!({"percentage": 1}));
    story.update(ids[1], &json!({"percentage": 1}));
    assert_eq!(story.serve(&Done("updated")).request.key, "b");
    assert!(matches!(story.newest(ids[0]), Newest::Refused(_)));
    assert!(matches!(story.newest(ids[1]), Newest::Acknowledged));
    let sent = story.serve(&Done("started"));
    assert_eq!((sent.at, sent.request.key.as_str()), (seconds(300), "a"));
    assert!(matches!(story.newest(ids[0]), Newest::Acknowledged));
}

#[test]
fn repetitions_come_after_a_second_to_a_minute() {
    let mut story = Story::new();
    let id = story.open("k", &progress(0));
    let times: Vec<_> = (0..9).map(|_| story.serve(&Unreachable).at.as_secs()).collect();
    assert_eq!(times, [0, 1, 3, 7, 15, 31, 63, 123, 183]);
    story.serve(&Done("started"));
    let kinds = [EventKind::Failing, EventKind::Recovered, EventKind::Acknowledged];
    assert_eq!(story.events(id), kinds, "told once");
}

#[test]
fn starts_that_may_have_succeeded_are_repeated_at_the_pace_of_numbers() {
    let mut story = Story::new();
    story.open("k", &progress(0));
    let times: Vec<_> = (0..9).map(|_| story.serve(&Silence).at.as_secs()).collect();
    assert_eq!(times, [0, 1, 3, 18, 36, 72, 144, 288, 528]);
}

#[test]
fn an_outage_does_not_use_up_the_updates_of_an_activity() {
    let (mut story, id) = Story::running(&progress(0));
    story.update(id, &json!({"subtitle": "s"}));
    while story.time() < seconds(3_600) {
        story.serve(&Silence);
    }
    let recovered = story.serve(&Done("updated"));
    story.update(id, &json!({"percentage": 1}));
    assert!(story.next().at <= recovered.at + seconds(240));
}

#[test]
fn a_paused_stream_counts_as_heard_and_its_owner_is_told_once() {
    let (mut story, id) = Story::running(&progress(0));
    for subtitle in ["one", "two"] {
        story.update(id, &json!({"subtitle": subtitle}));
        story.serve(&Done("paused"));
    }
    assert!(matches!(story.newest(id), Newest::Acknowledged));
    let paused = story.events(id).into_iter().filter(|kind| *kind == EventKind::Paused).count();
    assert_eq!(paused, 1);
}

#[test]
fn what_a_pause_has_set_aside_is_said_again() {
    let (mut story, id) = Story::running(&json!({"title": "T", "type": "timer", "counts_down": false}));
    story.update(id, &json!({"duration_seconds": 60, "tags": [], "alert": {"title": "set"}}));
    story.serve(&Done("paused"));
    story.update(id, &json!({"subtitle": "resumed"}));
    let sent = story.serve(&Done("started"));
    assert_eq!((sent.state("duration_seconds"), &sent.body()["tags"]), (json!(60), &json!([])));
    assert_eq!(sent.body()["alert"], json!(null), "it was for the moment");
}
