//! A stream that is being published, as JavaScript holds it.

use std::cell::RefCell;
use std::mem;
use std::rc::Rc;
use std::time::Duration;

use activitysmith_kit::Error;
use activitysmith_kit::publish::{
    Changes, Counters, Dispatcher, Ending, Event, EventLog, GRACE, Newest, Pacing, ProgressCounter, PublisherId,
    TIMEOUT, UNATTENDED_TIMEOUT, Urgency, too_late,
};
use serde_json::value::RawValue;
use wasm_bindgen::prelude::*;

use crate::client::{Line, NativeClient, Shared, State};
use crate::{Members, thrown, write};

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
        let beginning = Members::read(beginning)?;
        let Ok(Some(stream_key)) = beginning.get::<String>("stream_key") else {
            return Err(self.shared.refusal(&beginning));
        };
        let pacing = beginning.get("pace_seconds")?.map_or(Pacing::Device, |pace| Pacing::Every(duration(pace)));
        let mut first = changes(beginning.raw("body"))?;
        let mut counter = None;
        if let Some(items) = beginning.get::<Members<'_>>("items")? {
            first = counter.insert(ProgressCounter::new(items.get("total")?, pacing)).first_with(first);
        }
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
        let change = Members::read(change)?;
        let urgency = if change.get("urgent")? == Some(true) { Urgency::Urgent } else { Urgency::ByKind };
        let now = || self.client.host.monotonic_time();
        let (state, entry) = (&mut *self.client.state.borrow_mut(), &mut *self.entry.borrow_mut());
        if !state.dispatcher.takes_changes(entry.id) {
            if !mem::replace(&mut entry.was_late, true) {
                entry.report(Event::after_end(), &mut state.log);
            }
            return Ok(true);
        }
        if let (Some(counter), Some(done)) = (&entry.counter, change.get("done")?) {
            counter.set(done);
            // It fits the state that it was made for. Where another took its place, it says nothing.
            return Ok(state.dispatcher.update(entry.id, counter.read(), urgency, now).unwrap_or_default());
        }
        let changed = match change.raw("replace") {
            Some(whole) => state.dispatcher.replace(entry.id, changes(Some(whole))?, urgency, now),
            None => state.dispatcher.update(entry.id, changes(change.raw("update"))?, urgency, now),
        };
        changed.map_err(thrown)
    }

    /// Sends the newest state, and waits until it has arrived: `{"timeout_seconds"}`.
    pub fn flush(&self, flush: &str, op: u32) -> Result<(), String> {
        let timeout = Members::read(flush)?.get("timeout_seconds")?.map_or(TIMEOUT, duration);
        self.client.state.borrow_mut().dispatcher.hasten(self.entry.borrow().id);
        self.wait(op, false, timeout, timeout);
        Ok(())
    }

    /// Ends the stream: `{"how": "finished" | "complete" | "failed", "change": {...}, "reason", "attended"}`. It is complete with all
    /// items done. A second end has the outcome of the first.
    pub fn end(&self, end: &str, op: u32) -> Result<(), String> {
        let end = Members::read(end)?;
        let timeout = if end.get("attended")? == Some(false) { UNATTENDED_TIMEOUT } else { TIMEOUT };
        let (how, reason) = (end.get::<String>("how")?, end.get::<String>("reason")?);
        let (entry, now) = (self.entry.borrow(), self.client.host.monotonic_time());
        if self.client.state.borrow_mut().dispatcher.takes_changes(entry.id) {
            let ending = match (how.as_deref(), &entry.counter) {
                (Some("failed"), _) => Ending::Failed(reason.as_deref()),
                (Some("complete"), Some(counter)) => counter.ending(),
                _ => Ending::Finished(changes(end.raw("change"))?),
            };
            self.client.state.borrow_mut().dispatcher.end(entry.id, ending, timeout, now).map_err(thrown)?;
        }
        self.wait(op, true, timeout, timeout + GRACE);
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

fn changes(json: Option<&RawValue>) -> Result<Changes, String> {
    json.map_or(Ok(Changes::default()), |json| Changes::parse(json.get().as_bytes()).map_err(thrown))
}

/// What is longer than any time is the longest.
fn duration(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX)
}
