//! All publishers of one client: whose request goes next, and when. It keeps the account's order: ends before starts before changes
//! before figures, and within these who has waited longest.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::budget::{AccountBudget, Class};
use super::changes::Changes;
use super::event::{Counters, Event};
use super::pacer::Pacing;
use super::publisher::{self, Consequence, Due, Newest, Publisher};
use super::rules::Rules;
use crate::error::{ConfigError, ConnectionError, ConnectionErrorKind, Error};
use crate::model::StreamResponse;
use crate::validate::ValidationError;
use crate::wire::Request;

/// One publisher of a [`Dispatcher`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PublisherId {
    slot: u32,
    /// Which of those that had the slot.
    generation: u32,
}

/// What a driver has to do now.
#[derive(Debug)]
pub enum Step {
    /// Send this, and tell what became of it; meanwhile, ask again.
    Send {
        /// Whose it is.
        publisher: PublisherId,
        /// What to send, once.
        request: Request,
        /// How long it may take, unless the client's own limit is lower.
        timeout: Duration,
    },
    /// Ask again at this moment, or when something is new.
    WaitUntil(Duration),
    /// Ask again when something is new.
    Idle,
}

/// How a stream is ended.
#[derive(Debug)]
pub enum Ending<'a> {
    /// With its last state, changed once more.
    Finished(Changes),
    /// With a percentage of 100.
    Complete,
    /// Red, and with a badge where the state has room for one; the text is its second line.
    Failed(Option<&'a str>),
    /// As failed, changed once more.
    FailedWith(Option<&'a str>, Changes),
}

impl Ending<'_> {
    /// Whether the job has failed.
    pub(super) fn is_failure(&self) -> bool {
        matches!(self, Self::Failed(_) | Self::FailedWith(..))
    }
}

/// How a stream is published.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Options {
    /// How often it is updated.
    pub pacing: Pacing,
    /// How long its end may take, unless the end itself says so; otherwise what the rules say.
    pub flush_timeout: Option<Duration>,
    /// How long nothing is sent unless the job fails, from the moment at which publishing begins.
    pub show_after: Option<Duration>,
}

impl From<Pacing> for Options {
    fn from(pacing: Pacing) -> Self {
        Self { pacing, ..Self::default() }
    }
}

/// How soon a change should show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Urgency {
    /// A figure when there is room for it, anything else at once while there are few.
    #[default]
    ByKind,
    /// As if it were more than a figure.
    Urgent,
}

/// The publishers of one client.
#[derive(Debug, Default)]
pub struct Dispatcher {
    rules: Arc<Rules>,
    slots: Vec<Slot>,
    /// Requests whose answer has not come.
    under_way: Vec<UnderWay>,
    /// The publishers that something may have happened to since this was asked last.
    changed: Vec<PublisherId>,
    /// Why nothing more is sent, for any stream.
    stopped: Option<ConfigError>,
    /// Why nothing is sent for a while, for any stream.
    pause: Option<Pause>,
}

/// The key or the account is refused.
#[derive(Debug)]
struct Pause {
    reason: ConfigError,
    /// When one request is tried again.
    until: Duration,
}

impl Pause {
    fn wait(&self, now: Duration) -> Duration {
        self.until.saturating_sub(now)
    }
}

/// A request of a publisher, which need not be there any more. Another publisher of the same stream waits for it.
#[derive(Debug)]
struct UnderWay {
    publisher: PublisherId,
    stream_key: String,
    /// When nobody tells any more what became of it.
    until: Duration,
}

#[derive(Debug, Default)]
struct Slot {
    generation: u32,
    publisher: Option<Publisher>,
}

impl Dispatcher {
    /// No publishers, under these rules.
    pub fn new(rules: Rules) -> Self {
        Self { rules: Arc::new(rules), ..Self::default() }
    }

    /// Begins to publish a stream. Its first state must be able to start an activity.
    pub fn open(
        &mut self,
        stream_key: &str,
        first: impl Into<Changes>,
        options: impl Into<Options>,
        now: Duration,
    ) -> Result<PublisherId, ValidationError> {
        let mut publisher = Publisher::open(Arc::clone(&self.rules), stream_key, first.into(), options.into(), now)?;
        let is_same = |other: &Publisher| other.takes_changes() && other.stream_key() == stream_key;
        if self.publishers().any(|(_, other)| is_same(other)) {
            publisher.warn_of_another();
        }
        if let Some(reason) = &self.stopped {
            publisher.stop(reason);
        } else if let Some(pause) = self.pause.as_ref().filter(|_| self.is_paused(now)) {
            publisher.pause(&pause.reason, pause.wait(now));
        }
        let slot = self.slots.iter().position(|slot| slot.publisher.is_none()).unwrap_or_else(|| {
            self.slots.push(Slot::default());
            self.slots.len() - 1
        });
        let generation = self.slots[slot].generation;
        self.slots[slot].publisher = Some(publisher);
        let id = PublisherId { slot: slot as u32, generation };
        self.changed.push(id);
        Ok(id)
    }

    /// Changes some of a publisher's state, unless that breaks a rule. Gives back whether the driver should ask again. The time is
    /// asked for only where it matters.
    pub fn update(
        &mut self,
        id: PublisherId,
        changes: impl Into<Changes>,
        urgency: Urgency,
        now: impl FnOnce() -> Duration,
    ) -> Result<bool, Error> {
        self.find(id)?.update(changes.into(), urgency, now)
    }

    /// Puts another state in place of a publisher's whole one, unless that breaks a rule. What goes beside it stays, unless it is
    /// given. Gives back whether the driver should ask again.
    pub fn replace(
        &mut self,
        id: PublisherId,
        state: impl Into<Changes>,
        urgency: Urgency,
        now: impl FnOnce() -> Duration,
    ) -> Result<bool, Error> {
        self.find(id)?.replace(state.into(), urgency, now)
    }

    /// Shows what shows that the job has failed, and leaves the stream open. Gives back whether the driver should ask again.
    pub fn show_failure(
        &mut self,
        id: PublisherId,
        reason: Option<&str>,
        now: impl FnOnce() -> Duration,
    ) -> Result<bool, Error> {
        self.find(id)?.show_failure(reason, now)
    }

    /// Begins to end a stream. Gives back within what time its outcome is known, or a quarter of a second later when the last
    /// request was made at the last moment: `timeout`, or else what the publisher's options say, or else what the rules say for a
    /// success and for a failure. A second end changes nothing, and gives back what is left of the time of the first.
    ///
    /// # Errors
    ///
    /// The changes break a rule, or there is no such publisher. Then the stream has not ended.
    pub fn end(
        &mut self,
        id: PublisherId,
        ending: Ending<'_>,
        timeout: Option<Duration>,
        now: Duration,
    ) -> Result<Duration, Error> {
        let is_disabled = self.stopped.is_some() || self.is_paused(now);
        let publisher = self.find(id)?;
        if !is_disabled {
            publisher.resume_with_all();
        }
        publisher.end(ending, timeout, now)?;
        if is_disabled {
            publisher.give_up();
        }
        Ok(publisher.deadline().map_or(Duration::ZERO, |deadline| deadline.saturating_sub(now)))
    }

    /// Why nothing is sent of a stream, and when it is tried again, if it is.
    pub fn disabled_reason(&mut self, id: PublisherId, now: Duration) -> Option<ConfigError> {
        let wait = self.pause.as_ref().map(|pause| pause.wait(now));
        self.find(id).ok()?.disabled_reason(wait, now)
    }

    /// Takes note that a call has succeeded that is none of a publisher's: what is paused is tried again.
    pub fn succeeded(&mut self, now: Duration) {
        self.pause = None;
        self.publishers_mut().for_each(|publisher| publisher.resume(now));
    }

    /// Sends what is pending as soon as the account's budget allows.
    pub fn hasten(&mut self, id: PublisherId) {
        if let Ok(publisher) = self.find(id) {
            publisher.hasten();
        }
    }

    /// Sends no more of a stream, and leaves its activity as it is.
    pub fn close(&mut self, id: PublisherId) {
        if let Ok(publisher) = self.find(id) {
            publisher.close();
        }
    }

    /// How it stands with the newest state.
    pub fn newest(&mut self, id: PublisherId) -> Result<Newest, Error> {
        Ok(self.find(id)?.newest())
    }

    /// The error of a flush or an end that has not arrived within this time. It says what holds the newest state back.
    pub fn not_arrived(
        &mut self,
        id: PublisherId,
        timeout: Duration,
        now: Duration,
        budget: &dyn AccountBudget,
    ) -> Error {
        let reason = self.find(id).ok().and_then(|publisher| {
            let due = publisher.due().filter(|due| due.at <= now);
            due.and_then(|due| budget.why_not(due.class, now)).or_else(|| publisher.failure().map(ToString::to_string))
        });
        ConnectionError { kind: ConnectionErrorKind::NotArrived { timeout, reason }, attempts: 0, source: None }.into()
    }

    /// Whether nothing more of this stream is sent.
    pub fn is_over(&mut self, id: PublisherId) -> bool {
        self.find(id).map_or(true, |publisher| publisher.is_over())
    }

    /// Sends nothing of one stream, and why.
    pub fn stop_publisher(&mut self, id: PublisherId, reason: &ConfigError) {
        if let Ok(publisher) = self.find(id) {
            publisher.stop(reason);
        }
    }

    /// The publishers that something may have happened to since this was asked last.
    pub fn take_changed(&mut self) -> Vec<PublisherId> {
        std::mem::take(&mut self.changed)
    }

    /// Whether no end of this stream has begun.
    pub fn takes_changes(&mut self, id: PublisherId) -> bool {
        self.find(id).is_ok_and(|publisher| publisher.takes_changes())
    }

    /// The outcome of the first end, once it is known.
    pub fn outcome(&mut self, id: PublisherId) -> Option<Result<StreamResponse, Error>> {
        self.find(id).ok()?.outcome()
    }

    /// What has happened since this was asked last.
    pub fn take_events(&mut self, id: PublisherId) -> Vec<Event> {
        self.find(id).map(Publisher::take_events).unwrap_or_default()
    }

    /// How often what has happened.
    pub fn counters(&mut self, id: PublisherId) -> Counters {
        self.find(id).map(|publisher| publisher.counters()).unwrap_or_default()
    }

    /// Forgets a publisher. What it has under way is not waited for.
    pub fn remove(&mut self, id: PublisherId) {
        if self.find(id).is_ok() {
            let slot = &mut self.slots[id.slot as usize];
            slot.publisher = None;
            slot.generation = slot.generation.wrapping_add(1);
        }
    }

    /// Whether no publisher has anything to send or under way.
    pub fn is_idle(&self) -> bool {
        self.publishers().all(|(_, publisher)| publisher.due().is_none() && !publisher.is_in_flight())
    }

    /// What to do now. After [`Step::Send`], ask again at once: others may have something to send, too.
    pub fn poll(&mut self, now: Duration, budget: &mut dyn AccountBudget) -> Step {
        self.under_way.retain(|request| request.until > now);
        self.give_up_late(now);
        loop {
            let (ready, next) = self.look(now);
            let ready = if self.is_paused(now) { None } else { ready };
            let Some((mut id, due)) = ready else {
                return next.map_or(Step::Idle, Step::WaitUntil);
            };
            if self.at(id).suppress() {
                continue;
            }
            if let Err(wait) = budget.take(due.class, now) {
                let why = budget.why_not(Class::Start, now).unwrap_or_else(|| "the budget has no room".to_owned());
                if self.conclude_unshown(&why, now) {
                    continue;
                }
                let go = now.saturating_add(wait);
                let Some(late) = self.too_late(now, go) else {
                    return Step::WaitUntil(next.map_or(go, |next| next.min(go)));
                };
                id = late;
                if self.at(id).has_tried_to_end() {
                    self.at(id).give_up();
                    continue;
                }
                // An end is worth one try, whatever the budget says.
                budget.charge(now);
            }
            let rules = Arc::clone(&self.rules);
            let publisher = self.at(id);
            let left = publisher.deadline().map_or(Duration::MAX, |deadline| deadline.saturating_sub(now));
            let timeout = left.max(rules.least_timeout).min(rules.request_timeout);
            if let Some(request) = publisher.send(now, timeout) {
                let stream_key = publisher.stream_key().to_owned();
                if let Some(pause) = &mut self.pause {
                    // The answer to this one decides for all.
                    pause.until = now + timeout + rules.request_lateness;
                }
                self.under_way.push(UnderWay {
                    publisher: id,
                    stream_key,
                    until: now + timeout + rules.request_lateness,
                });
                return Step::Send { publisher: id, request, timeout };
            }
        }
    }

    /// Takes what became of a request. `jitter` is a random number from 0 to 1.
    pub fn settle(
        &mut self,
        id: PublisherId,
        outcome: Result<StreamResponse, Error>,
        now: Duration,
        jitter: f64,
        budget: &mut dyn AccountBudget,
    ) {
        budget.learn(&outcome, now, jitter);
        self.under_way.retain(|request| request.publisher != id);
        let reason = outcome.as_ref().err().map(ToString::to_string);
        let lasts = matches!(&outcome, Err(Error::Config(_)));
        if outcome.is_ok() && self.pause.take().is_some() {
            self.publishers_mut().for_each(Publisher::resume_with_all);
        }
        let consequence = match self.find(id) {
            Ok(publisher) => publisher.settle(outcome, now, jitter),
            Err(_) => publisher::meaning_for_others(&outcome),
        };
        match consequence {
            Consequence::None => {}
            Consequence::Room => self.publishers_mut().for_each(|publisher| publisher.hear_of_room(now)),
            Consequence::Pause if lasts => self.stop(&reason.unwrap_or_default()),
            Consequence::Pause => self.pause(&reason.unwrap_or_default(), now),
        }
    }

    /// Sends nothing more, for any stream, and why.
    pub fn stop(&mut self, reason: &impl fmt::Display) {
        let reason = publisher::stopped_by(reason);
        for publisher in self.publishers_mut() {
            publisher.stop(&reason);
            publisher.give_up();
        }
        self.changed = self.publishers().map(|(id, _)| id).collect();
        self.stopped = Some(reason);
    }

    /// Sends nothing for a while, for any stream.
    fn pause(&mut self, reason: &str, now: Duration) {
        let (reason, wait) = (publisher::stopped_by(&reason), self.rules.pause);
        for publisher in self.publishers_mut() {
            publisher.pause(&reason, wait);
            publisher.give_up();
        }
        self.changed = self.publishers().map(|(id, _)| id).collect();
        self.pause = Some(Pause { reason, until: now.saturating_add(wait) });
    }

    fn is_paused(&self, now: Duration) -> bool {
        self.pause.as_ref().is_some_and(|pause| pause.until > now)
    }

    /// Who goes first of those whose moment has come, and the next moment of another.
    fn look(&self, now: Duration) -> (Option<(PublisherId, Due)>, Option<Duration>) {
        let mut ready: Option<(PublisherId, Due)> = None;
        let mut next = self.pause.as_ref().map(|pause| pause.until).filter(|until| *until > now);
        for (id, publisher) in self.publishers() {
            next = earlier(next, publisher.deadline());
            let Some(due) = publisher.due() else { continue };
            if due.at > now {
                next = earlier(next, Some(due.at));
            } else if let Some(until) = self.waits_for_another(publisher) {
                next = earlier(next, Some(until));
            } else if ready.is_none_or(|(_, first)| (due.class, first.since) > (first.class, due.since)) {
                ready = Some((id, due));
            }
        }
        (ready, next)
    }

    /// An end whose moment has come, but whose deadline is before the budget has room for it.
    fn too_late(&self, now: Duration, go: Duration) -> Option<PublisherId> {
        let is_late = |publisher: &Publisher| {
            publisher.deadline().is_some_and(|deadline| deadline <= go)
                && publisher.due().is_some_and(|due| due.at <= now)
                && self.waits_for_another(publisher).is_none()
        };
        self.publishers().find_map(|(id, publisher)| is_late(publisher).then_some(id))
    }

    /// Concludes the ends of jobs that have succeeded and have shown nothing, for which the budget has no room; gives back whether
    /// there were any.
    fn conclude_unshown(&mut self, why: &str, now: Duration) -> bool {
        let is_due = |publisher: &Publisher| {
            publisher.is_unshown_success()
                && publisher.due().is_some_and(|due| due.at <= now)
                && self.waits_for_another(publisher).is_none()
        };
        let unshown: Vec<_> = self.publishers().filter(|(_, one)| is_due(one)).map(|(id, _)| id).collect();
        for id in &unshown {
            self.at(*id).conclude_unshown(why);
        }
        !unshown.is_empty()
    }

    /// Until when at most a request of another publisher of the same stream is under way.
    fn waits_for_another(&self, publisher: &Publisher) -> Option<Duration> {
        let stream_key = publisher.stream_key();
        self.under_way.iter().filter(|request| request.stream_key == stream_key).map(|request| request.until).max()
    }

    fn give_up_late(&mut self, now: Duration) {
        for slot in 0..self.slots.len() {
            let Some(publisher) = &self.slots[slot].publisher else { continue };
            let late = publisher.deadline().is_some_and(|deadline| now >= deadline);
            let waits =
                || publisher.is_in_flight() || self.is_paused(now) || self.waits_for_another(publisher).is_some();
            if late && (publisher.has_tried_to_end() || waits()) {
                self.note(PublisherId { slot: slot as u32, generation: self.slots[slot].generation });
                self.slots[slot].publisher.iter_mut().for_each(Publisher::give_up);
            }
        }
    }

    fn publishers(&self) -> impl Iterator<Item = (PublisherId, &Publisher)> {
        self.slots.iter().enumerate().filter_map(|(slot, entry)| {
            let publisher = entry.publisher.as_ref()?;
            Some((PublisherId { slot: slot as u32, generation: entry.generation }, publisher))
        })
    }

    fn publishers_mut(&mut self) -> impl Iterator<Item = &mut Publisher> {
        self.slots.iter_mut().filter_map(|slot| slot.publisher.as_mut())
    }

    /// One that was found just now.
    fn at(&mut self, id: PublisherId) -> &mut Publisher {
        self.note(id);
        self.slots[id.slot as usize].publisher.as_mut().expect("it was found just now")
    }

    fn note(&mut self, id: PublisherId) {
        if self.changed.last() != Some(&id) {
            self.changed.push(id);
        }
    }

    fn find(&mut self, id: PublisherId) -> Result<&mut Publisher, Error> {
        self.note(id);
        self.slots
            .get_mut(id.slot as usize)
            .filter(|slot| slot.generation == id.generation)
            .and_then(|slot| slot.publisher.as_mut())
            .ok_or_else(|| ConfigError::new("publisher", "has ended; publish again for another job").into())
    }

    /// The key of the stream that is published.
    pub fn stream_key(&mut self, id: PublisherId) -> Option<&str> {
        self.find(id).ok().map(|publisher| publisher.stream_key())
    }
}

fn earlier(one: Option<Duration>, other: Option<Duration>) -> Option<Duration> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}
