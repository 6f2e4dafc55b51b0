//! What is kept about a stream is bounded.

use activitysmith_emulator::HistoryEvent;
use activitysmith_emulator::{Limits, Options, Retention};

use crate::fixture::Fixture;

fn service() -> Fixture {
    let retention = Retention { history: 3, ended: 2, ..Retention::default() };
    Fixture::with(&Options { limits: Limits::none(), retention, ..Options::default() })
}

#[test]
fn the_history_keeps_the_newest_events() {
    let mut service = service();
    for percentage in [1, 2, 2, 3] {
        service.progress("oil", percentage);
    }
    let events: Vec<_> = service.stream("oil").history.iter().map(|entry| entry.event).collect();
    assert_eq!(events, [HistoryEvent::Updated, HistoryEvent::Noop, HistoryEvent::Updated]);
}

#[test]
fn an_expiry_is_dated_when_it_happened() {
    let mut service = service();
    service.progress("oil", 1);
    let expires_at = service.stream("oil").expires_at.unwrap();
    service.pass(20 * 3600);
    let last = *service.stream("oil").history.last().unwrap();
    assert_eq!((last.event, last.time), (HistoryEvent::Expired, expires_at));
}

#[test]
fn only_the_last_ended_streams_can_be_looked_at() {
    let mut service = service();
    for key in ["a", "b", "c"] {
        service.progress(key, 1);
        service.delete(key);
    }
    let keys: Vec<_> = service.inner.streams(service.now, None).into_iter().map(|stream| stream.stream_key).collect();
    assert_eq!(keys, ["b", "c"]);
}
