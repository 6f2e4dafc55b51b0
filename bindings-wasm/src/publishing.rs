//! The publishers of a session: the core's state machine, for JavaScript to drive. It converts and hands over, and decides nothing.

use std::time::Duration;

use activitysmith_kit::exchange::Now;
use activitysmith_kit::publish::{
    AccountBudget as _, Budget, Changes, Dispatcher, Ending, Event, Newest, Pacing, PublisherId, Step, Urgency,
    percentage,
};
use activitysmith_kit::{Error, Patch, StreamResponse};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::calls::now;
use crate::session::{Session, json, outcome_json, thrown};

/// How long an end may take that somebody waits for.
const TIMEOUT: Duration = Duration::from_secs(10);
/// How long an end may take that nobody waits for.
const UNATTENDED_TIMEOUT: Duration = Duration::from_secs(2);
/// How often it is worth looking how far an iterator is, at most.
const SHORTEST_LOOK: Duration = Duration::from_millis(10);
const LONGEST_LOOK: Duration = Duration::from_secs(1);

/// What a session's publishers share.
#[derive(Default)]
pub(crate) struct Publishing {
    dispatcher: Dispatcher,
    budget: Budget,
    /// Those that are not over, by their numbers.
    open: Vec<(u32, PublisherId)>,
    /// How many there have been.
    opened: u32,
    /// When there may be something to send next.
    next: Option<Duration>,
}

/// What has happened to a publisher, as it crosses.
#[derive(Serialize)]
struct News {
    publisher: u32,
    over: bool,
    events: Vec<Event>,
}

impl Publishing {
    /// Counts a direct call, which waits for nothing.
    pub(crate) fn charge(&mut self, now: Now) {
        self.budget.charge(now.monotonic);
    }

    /// Learns from a direct call.
    pub(crate) fn learn(&mut self, outcome: &Result<StreamResponse, Error>, now: Now, jitter: f64) {
        self.budget.learn(outcome, now.monotonic, jitter);
    }

    /// Takes what became of a publisher's request.
    pub(crate) fn settle(&mut self, id: PublisherId, outcome: Result<StreamResponse, Error>, now: Now, jitter: f64) {
        self.dispatcher.settle(id, outcome, now.monotonic, jitter, &mut self.budget);
    }
}

/// A stream that is being published. Once removed it is known no more, and says so.
#[wasm_bindgen]
pub struct Publisher {
    number: u32,
    id: PublisherId,
    gauge: Option<Gauge>,
}

/// What an iterator's progress is told by.
struct Gauge {
    /// How many items there are, where that is known.
    total: Option<u64>,
    look: Duration,
}

#[wasm_bindgen]
impl Publisher {
    /// Which of the session's it is.
    #[wasm_bindgen(getter)]
    pub fn number(&self) -> u32 {
        self.number
    }

    /// How often it is worth counting, in milliseconds, where items are counted.
    pub fn look(&self) -> Option<f64> {
        self.gauge.as_ref().map(|gauge| milliseconds(gauge.look))
    }
}

/// Times are in milliseconds. Changes are JSON of the API's shape, or with the state's fields beside those of the request. Where a
/// boolean is given back, it says whether to poll again.
#[wasm_bindgen]
impl Session {
    /// Why nothing can be published, as JSON, unless that was asked for.
    pub fn obstacle(&self) -> Option<String> {
        self.core.obstacle().map(thrown)
    }

    /// Begins to publish a stream. Without a pace it is as often as the device shows it.
    pub fn publish(
        &self,
        stream_key: &str,
        first: &str,
        pace: Option<f64>,
        monotonic: f64,
    ) -> Result<Publisher, String> {
        self.open(stream_key, first, pacing(pace), None, monotonic)
    }

    /// Begins to publish how far an iterator is: in percent where the number of items is known, else as a count.
    pub fn track(
        &self,
        stream_key: &str,
        title: &str,
        total: Option<f64>,
        pace: Option<f64>,
        monotonic: f64,
    ) -> Result<Publisher, String> {
        let pacing = pacing(pace);
        let total = total.map(|total| total as u64);
        let figure = if total.is_some() { r#""progress","percentage":0"# } else { r#""value","value":0"# };
        let first = format!(r#"{{"title":{title},"type":{figure}}}"#);
        let look = match pacing {
            Pacing::Every(gap) => gap.clamp(SHORTEST_LOOK, LONGEST_LOOK),
            _ => LONGEST_LOOK,
        };
        self.open(stream_key, &first, pacing, Some(Gauge { total, look }), monotonic)
    }

    /// Takes how many items are done with.
    pub fn count(&self, publisher: &Publisher, done: f64, monotonic: f64) -> Result<bool, String> {
        if !self.publishing.borrow_mut().dispatcher.takes_changes(publisher.id) {
            return Ok(false);
        }
        let done = done as u64;
        let patch = match publisher.gauge.as_ref().and_then(|gauge| gauge.total) {
            Some(total) => Patch::new().percentage(percentage(done, total)),
            None => Patch::new().value(done),
        };
        self.change(publisher, patch.into(), false, monotonic)
    }

    /// Changes some of the state.
    pub fn update(&self, publisher: &Publisher, patch: &str, urgent: bool, monotonic: f64) -> Result<bool, String> {
        self.change(publisher, changes(patch)?, urgent, monotonic)
    }

    /// Puts another state in place of the whole one.
    pub fn replace(&self, publisher: &Publisher, state: &str, urgent: bool, monotonic: f64) -> Result<bool, String> {
        let state = changes(state)?;
        let dispatcher = &mut self.publishing.borrow_mut().dispatcher;
        dispatcher.replace(publisher.id, state, urgency(urgent), || now(monotonic, 0.0).monotonic).map_err(thrown)
    }

    /// Has what is pending sent as soon as the account's budget allows.
    pub fn hasten(&self, publisher: &Publisher) {
        self.publishing.borrow_mut().dispatcher.hasten(publisher.id);
    }

    /// Begins to end a stream: `finished` with a patch, `complete`, or `failed` with a reason. Gives how long that may take.
    pub fn end(
        &self,
        publisher: &Publisher,
        how: &str,
        detail: &str,
        attended: bool,
        monotonic: f64,
    ) -> Result<f64, String> {
        let ending = match how {
            "failed" => Ending::Failed(Some(detail)),
            // Without a total there is nothing that could be complete.
            "complete" if publisher.gauge.as_ref().is_some_and(|gauge| gauge.total.is_some()) => Ending::Complete,
            "complete" => Ending::Finished(Changes::default()),
            _ => Ending::Finished(changes(detail)?),
        };
        let timeout = if attended { TIMEOUT } else { UNATTENDED_TIMEOUT };
        let dispatcher = &mut self.publishing.borrow_mut().dispatcher;
        dispatcher.end(publisher.id, ending, timeout, now(monotonic, 0.0).monotonic).map_err(thrown)?;
        Ok(milliseconds(timeout))
    }

    /// Sends no more, and leaves the activity as it is.
    pub fn close(&self, publisher: &Publisher) {
        self.publishing.borrow_mut().dispatcher.close(publisher.id);
    }

    /// How it stands with the newest state: nothing while that is open, an empty text once it has arrived, or else the error as JSON.
    pub fn newest(&self, publisher: &Publisher) -> Option<String> {
        match self.publishing.borrow_mut().dispatcher.newest(publisher.id) {
            Ok(Newest::Pending) => None,
            Ok(Newest::Acknowledged) => Some(String::new()),
            Ok(Newest::Refused(error)) => Some(json(&*error)),
            Err(error) => Some(thrown(error)),
        }
    }

    /// What became of the end, once, when it is over: as `answered` gives it.
    pub fn ending(&self, publisher: &Publisher) -> Option<String> {
        self.publishing.borrow_mut().dispatcher.outcome(publisher.id).map(outcome_json)
    }

    /// What has happened to which publishers since this was asked last, if anything, as JSON: `[{"publisher", "over", "events":
    /// [{"kind", "message", "warning"}]}]`. What is over is to be removed.
    pub fn news(&self) -> Option<String> {
        let Publishing { dispatcher, open, .. } = &mut *self.publishing.borrow_mut();
        let of_each = open.iter().map(|(publisher, id)| {
            let events = dispatcher.take_events(*id);
            News { publisher: *publisher, over: dispatcher.is_over(*id), events }
        });
        let news: Vec<News> = of_each.filter(|news| news.over || !news.events.is_empty()).collect();
        (!news.is_empty()).then(|| json(&news))
    }

    /// How often what has happened, as JSON.
    pub fn counters(&self, publisher: &Publisher) -> String {
        json(&self.publishing.borrow_mut().dispatcher.counters(publisher.id))
    }

    /// What is reported of a change that comes after an end, as one of the events of `news`. No session does that by itself for a
    /// publisher that was removed.
    #[wasm_bindgen(js_name = afterEnd)]
    pub fn after_end() -> String {
        json(&Event::after_end())
    }

    /// Forgets a publisher.
    pub fn remove(&self, publisher: &Publisher) {
        let publishing = &mut *self.publishing.borrow_mut();
        publishing.dispatcher.remove(publisher.id);
        publishing.open.retain(|(number, _)| *number != publisher.number);
    }

    /// What to send now, if anything, as `begin` gives it. Then ask again; else after as long as `wait` says, or when something is
    /// new.
    pub fn poll(&self, monotonic: f64, wall: f64) -> Option<String> {
        let now = now(monotonic, wall);
        let publishing = &mut *self.publishing.borrow_mut();
        loop {
            match publishing.dispatcher.poll(now.monotonic, &mut publishing.budget) {
                Step::Send { publisher, request, timeout } => match self.core.begin_once(request, timeout, now) {
                    Ok(exchange) => return Some(self.calls.borrow_mut().begin(exchange, Some(publisher), now)),
                    Err(error) => publishing.settle(publisher, Err(error), now, 0.0),
                },
                Step::WaitUntil(time) => {
                    publishing.next = Some(time);
                    return None;
                }
                Step::Idle => {
                    publishing.next = None;
                    return None;
                }
            }
        }
    }

    /// How long nothing will be to send, unless something is new.
    pub fn wait(&self, monotonic: f64) -> Option<f64> {
        let next = self.publishing.borrow().next?;
        Some(milliseconds(next.saturating_sub(now(monotonic, 0.0).monotonic)))
    }
}

impl Session {
    fn open(
        &self,
        stream_key: &str,
        first: &str,
        pacing: Pacing,
        gauge: Option<Gauge>,
        monotonic: f64,
    ) -> Result<Publisher, String> {
        let first = changes(first)?;
        let publishing = &mut *self.publishing.borrow_mut();
        let now = now(monotonic, 0.0).monotonic;
        let id = publishing.dispatcher.open(stream_key, first, pacing, now).map_err(thrown)?;
        publishing.opened += 1;
        publishing.open.push((publishing.opened, id));
        Ok(Publisher { number: publishing.opened, id, gauge })
    }

    fn change(&self, publisher: &Publisher, changes: Changes, urgent: bool, monotonic: f64) -> Result<bool, String> {
        let dispatcher = &mut self.publishing.borrow_mut().dispatcher;
        dispatcher.update(publisher.id, changes, urgency(urgent), || now(monotonic, 0.0).monotonic).map_err(thrown)
    }
}

fn changes(text: &str) -> Result<Changes, String> {
    Changes::parse(text.as_bytes()).map_err(thrown)
}

fn urgency(urgent: bool) -> Urgency {
    if urgent { Urgency::Urgent } else { Urgency::ByKind }
}

/// What is longer than any time is the longest.
fn pacing(pace: Option<f64>) -> Pacing {
    pace.map_or(Pacing::Device, |gap| Pacing::Every(Duration::try_from_secs_f64(gap / 1000.0).unwrap_or(Duration::MAX)))
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
