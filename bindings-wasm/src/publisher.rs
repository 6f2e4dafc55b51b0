//! A stream that is being published, as JavaScript holds it.

use std::cell::RefCell;
use std::mem;
use std::rc::Rc;
use std::time::Duration;

use activitysmith_kit::Error;
use activitysmith_kit::publish::json::{Beginning, Change, End, flush_timeout};
use activitysmith_kit::publish::{
    Counters, Dispatcher, Event, EventLog, GRACE, Newest, ProgressCounter, PublisherId, Urgency, too_late,
};
use activitysmith_kit::session::Nulls;
use wasm_bindgen::prelude::*;

use crate::client::{Line, NativeClient, Shared, State};
use crate::{thrown, write};

/// A stream that is being published. Changes are objects of the API's shape, or with the state's fields beside those of the request.
#[wasm_bindgen]
pub struct NativePublisher {
    client: Rc<Shared>,
    entry: Rc<RefCell<Entry>>,
}

/// What a client and a handle know of a publisher.
pub(crate) struct Entry {
    id: PublisherId,
    stream_key: String,
    counter: Option<ProgressCounter>,
    events: EventLog,
    /// A change that came after the end was reported.
    was_late: bool,
    /// What is left of it when it is over.
    over: Option<(Result<(), Error>, Counters)>,
}

/// A flush or an end that has no outcome yet.
pub(crate) struct Wait {
    op: u32,
    entry: Rc<RefCell<Entry>>,
    is_end: bool,
    timeout: Duration,
    until: Duration,
}

#[wasm_bindgen]
impl NativeClient {
    /// Begins to publish a stream: `{"stream_key", "body", "pace_seconds", "items": {"total"}}`. Without a pace it is as often as the
    /// device shows it. With `items` those are counted, and the body need not say how.
    pub fn publish(&self, beginning: &str) -> Result<NativePublisher, String> {
        let beginning = Beginning::parse(beginning.as_bytes(), Nulls::Values).map_err(thrown)?;
        let Beginning { stream_key, first, pacing, counter } = beginning;
        let state = &mut *self.shared.state.borrow_mut();
        let id =
            state.dispatcher.open(&stream_key, first, pacing, self.shared.host.monotonic_time()).map_err(thrown)?;
        let entry = Entry { id, stream_key, counter, events: EventLog::default(), was_late: false, over: None };
        let entry = Rc::new(RefCell::new(entry));
        state.publishers.push(Rc::clone(&entry));
        Ok(NativePublisher { client: Rc::clone(&self.shared), entry })
    }
}

#[wasm_bindgen]
impl NativePublisher {
    /// Changes some of the state, or the whole of it, or says how many items are done: `{"update": {...}, "urgent"}`, `{"replace":
    /// {...}, "urgent"}` or `{"done": 12}`. After the end it is ignored, and reported the first time. Gives back whether to poll.
    pub fn change(&self, change: &str) -> Result<bool, String> {
        let now = || self.client.host.monotonic_time();
        let (state, entry) = (&mut *self.client.state.borrow_mut(), &mut *self.entry.borrow_mut());
        if !state.dispatcher.takes_changes(entry.id) {
            if !mem::replace(&mut entry.was_late, true) {
                entry.report(Event::after_end(), &mut state.log);
            }
            return Ok(true);
        }
        let changed = match Change::parse(change.as_bytes(), Nulls::Values).map_err(thrown)? {
            Change::Update(changes, urgency) => state.dispatcher.update(entry.id, changes, urgency, now),
            Change::Replace(changes, urgency) => state.dispatcher.replace(entry.id, changes, urgency, now),
            Change::Done(done) => {
                let Some(counter) = &entry.counter else { return Ok(false) };
                counter.set(done);
                // It fits the state that it was made for. Where another took its place, it says nothing.
                return Ok(state.dispatcher.update(entry.id, counter.read(), Urgency::ByKind, now).unwrap_or_default());
            }
        };
        changed.map_err(thrown)
    }

    /// Sends the newest state, and waits until it has arrived: `{"timeout_seconds"}`.
    pub fn flush(&self, flush: &str, op: u32) -> Result<(), String> {
        let timeout = flush_timeout(flush.as_bytes()).map_err(thrown)?;
        self.client.state.borrow_mut().dispatcher.hasten(self.entry.borrow().id);
        self.wait(op, false, timeout, timeout);
        Ok(())
    }

    /// Ends the stream: `{"how": "finished" | "complete" | "failed", "change": {...}, "reason", "attended"}`. It is complete with all
    /// items done. A second end has the outcome of the first.
    pub fn end(&self, end: &str, op: u32) -> Result<(), String> {
        let end = End::parse(end.as_bytes(), Nulls::Values).map_err(thrown)?;
        let timeout = end.timeout;
        let (entry, now) = (self.entry.borrow(), self.client.host.monotonic_time());
        if self.client.state.borrow_mut().dispatcher.takes_changes(entry.id) {
            let ending = end.ending(entry.counter.as_ref());
            self.client.state.borrow_mut().dispatcher.end(entry.id, ending, timeout, now).map_err(thrown)?;
        }
        self.wait(op, true, timeout, timeout.saturating_add(GRACE));
        Ok(())
    }

    /// Sends no more, and leaves the activity as it is.
    pub fn close(&self) {
        self.client.state.borrow_mut().dispatcher.close(self.entry.borrow().id);
    }

    /// What has happened since this was asked last: `[{"kind", "message", "warning"}]`.
    pub fn events(&self) -> String {
        let (state, entry) = (&mut *self.client.state.borrow_mut(), &mut *self.entry.borrow_mut());
        entry.collect(&mut state.dispatcher, &mut state.log);
        write(&entry.events.take())
    }

    /// How often what has happened.
    pub fn counters(&self) -> String {
        let (state, entry) = (&mut *self.client.state.borrow_mut(), self.entry.borrow());
        write(&entry.over.as_ref().map_or_else(|| state.dispatcher.counters(entry.id), |(_, counters)| *counters))
    }
}

impl NativePublisher {
    fn wait(&self, op: u32, is_end: bool, timeout: Duration, limit: Duration) {
        let until = self.client.host.monotonic_time().saturating_add(limit);
        let wait = Wait { op, entry: Rc::clone(&self.entry), is_end, timeout, until };
        self.client.state.borrow_mut().waits.push(wait);
    }
}

impl Entry {
    fn collect(&mut self, dispatcher: &mut Dispatcher, log: &mut Vec<Line>) {
        for event in dispatcher.take_events(self.id) {
            self.report(event, log);
        }
    }

    fn report(&mut self, event: Event, log: &mut Vec<Line>) {
        let message = format!("{}: {}", self.stream_key, event.message);
        log.push(Line { warning: self.events.keep(event), message });
    }

    /// Whether the last state has arrived, or why not, once that is known.
    fn ended(&self, dispatcher: &mut Dispatcher) -> Option<Result<(), Error>> {
        match &self.over {
            Some((outcome, _)) => Some(outcome.clone()),
            None => Some(dispatcher.outcome(self.id)?.map(|_| ())),
        }
    }

    /// Whether the newest state has arrived, or why not, once that is known.
    fn arrived(&self, dispatcher: &mut Dispatcher) -> Option<Result<(), Error>> {
        if self.over.is_some() {
            return self.ended(dispatcher);
        }
        match dispatcher.newest(self.id) {
            Ok(Newest::Pending) => None,
            Ok(Newest::Acknowledged) => Some(Ok(())),
            Ok(Newest::Refused(error)) => Some(Err((*error).clone())),
            Err(error) => Some(Err(error)),
        }
    }
}

impl State {
    /// Gives what is waited for its outcome, where that is known or its time is up.
    pub(crate) fn settle_waits(&mut self, now: Duration) {
        for wait in mem::take(&mut self.waits) {
            let entry = wait.entry.borrow();
            let dispatcher = &mut self.dispatcher;
            let known = if wait.is_end { entry.ended(dispatcher) } else { entry.arrived(dispatcher) };
            drop(entry);
            match known.or_else(|| (now >= wait.until).then(|| Err(too_late(wait.timeout)))) {
                Some(outcome) => self.finish(wait.op, outcome.map(|()| None)),
                None => self.waits.push(wait),
            }
        }
    }

    /// Takes in what has happened, and lets go of the publishers that are over.
    pub(crate) fn collect_events(&mut self) {
        let Self { dispatcher, publishers, log, .. } = self;
        publishers.retain(|entry| {
            let entry = &mut *entry.borrow_mut();
            entry.collect(dispatcher, log);
            if let Some(outcome) = entry.ended(dispatcher) {
                entry.over = Some((outcome, dispatcher.counters(entry.id)));
                dispatcher.remove(entry.id);
            }
            entry.over.is_none()
        });
    }

    /// When there is something to look at: how many items are done, or what was waited for long enough.
    pub(crate) fn looks(&self, now: Duration) -> impl Iterator<Item = Duration> {
        let look = move |entry: &Rc<RefCell<Entry>>| Some(now + entry.borrow().counter.as_ref()?.look());
        self.publishers.iter().filter_map(look).chain(self.waits.iter().map(|wait| wait.until))
    }
}
