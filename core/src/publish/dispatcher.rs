//! All publishers of one client: which one sends next, and when. Ends go before starts, starts before changes, and changes before
//! numbers; within each of these, the publisher that has waited longest goes first.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::budget::Class;
use super::changes::Changes;
use super::event::{Counters, Event};
use super::keyed::Keyed;
use super::options::{Ending, Options, Urgency};
use super::publisher::{self, Consequence, Newest, Publisher};
use super::rules::Rules;
use super::schedule::{Place, Schedule, Slot};
use super::store::AccountBudget;
use crate::api::Answer;
use crate::call::Request;
use crate::error::{ConfigError, Error};
use crate::validate::ValidationError;

/// One publisher of a [`Dispatcher`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PublisherId {
    slot: Slot,
    /// How many publishers had the slot before.
    generation: u32,
}

impl PublisherId {
    /// It as a number.
    pub(super) fn key(self) -> u64 {
        u64::from(self.generation) << Slot::BITS | u64::from(self.slot)
    }
}

/// What a driver has to do now.
#[derive(Debug)]
pub enum Step {
    /// Send this, and hand in its outcome with [`Dispatcher::settle`]. Meanwhile, poll again.
    Send {
        /// The publisher that sends it.
        publisher: PublisherId,
        /// What to send, once.
        request: Request,
        /// How long it may take, unless the client's own limit is lower.
        timeout: Duration,
    },
    /// Poll again at this moment, or when something has changed.
    WaitUntil(Duration),
    /// Poll again when something has changed.
    Idle,
}

/// The publishers of one client.
#[derive(Debug, Default)]
pub struct Dispatcher {
    rules: Arc<Rules>,
    entries: Vec<Entry>,
    /// The slots without a publisher.
    free: Vec<Slot>,
    /// The publishers and requests of each stream, by its key.
    streams: Keyed<Stream, String>,
    /// The streams of the requests whose outcome is not known.
    under_way: Keyed<String>,
    schedule: Schedule,
    /// Publishers whose place in the schedule may be another.
    touched: Vec<Slot>,
    /// Publishers of which something may be new for the driver.
    changed: Vec<Slot>,
    /// Why nothing more is sent, for any stream.
    stopped: Option<ConfigError>,
    /// Why nothing is sent for a while, for any stream.
    pause: Option<Pause>,
    /// How often a publisher was put into its place.
    #[cfg(test)]
    looks: u64,
}

#[derive(Debug, Default)]
struct Entry {
    generation: u32,
    publisher: Option<Publisher>,
    is_touched: bool,
    is_changed: bool,
}

/// The publishers and the request of one stream.
#[derive(Debug, Default)]
struct Stream {
    publishers: Vec<Slot>,
    /// The publisher whose request is under way, and when its outcome is known at the latest. The other publishers of the stream wait
    /// for it, also when this one was removed.
    busy: Option<(PublisherId, Duration)>,
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
        let mut publisher = Publisher::open(Arc::clone(&self.rules), stream_key, first.into(), &options.into(), now)?;
        let others = self.streams.get(stream_key).map_or(&[][..], |stream| &stream.publishers);
        if others.iter().any(|slot| self.at(*slot).is_some_and(Publisher::takes_changes)) {
            publisher.warn_of_another();
        }
        if let Some(reason) = &self.stopped {
            publisher.stop(reason);
        } else if let Some(pause) = self.pause.as_ref().filter(|_| self.is_paused(now)) {
            publisher.pause(&pause.reason, pause.wait(now));
        }
        let slot = self.free.pop().unwrap_or_else(|| {
            self.entries.push(Entry::default());
            self.entries.len() as Slot - 1
        });
        self.entries[slot as usize].publisher = Some(publisher);
        if self.streams.get(stream_key).is_none() {
            self.streams.insert(stream_key.to_owned(), Stream::default());
        }
        self.change_stream(stream_key, &mut |stream| stream.publishers.push(slot));
        self.touch(slot);
        Ok(self.id(slot))
    }

    /// Changes some of a publisher's state, unless that breaks a rule. Gives back whether the driver has to poll. `now` is called
    /// only where the time matters.
    pub fn update(
        &mut self,
        id: PublisherId,
        changes: impl Into<Changes>,
        urgency: Urgency,
        now: impl FnOnce() -> Duration,
    ) -> Result<bool, Error> {
        let is_new = self.find(id)?.update(changes.into(), urgency, now)?;
        Ok(self.touch_if(is_new, id.slot))
    }

    /// Puts another state in place of a publisher's whole one, unless that breaks a rule. What goes beside it stays, unless it is
    /// given. Gives back whether the driver has to poll.
    pub fn replace(
        &mut self,
        id: PublisherId,
        state: impl Into<Changes>,
        urgency: Urgency,
        now: impl FnOnce() -> Duration,
    ) -> Result<bool, Error> {
        let is_new = self.find(id)?.replace(state.into(), urgency, now)?;
        Ok(self.touch_if(is_new, id.slot))
    }

    /// Shows that the job has failed, and leaves the stream open. Gives back whether the driver has to poll.
    pub fn show_failure(
        &mut self,
        id: PublisherId,
        reason: Option<&str>,
        now: impl FnOnce() -> Duration,
    ) -> Result<bool, Error> {
        let is_new = self.find(id)?.show_failure(reason, now)?;
        Ok(self.touch_if(is_new, id.slot))
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
        let left = publisher.deadline().map_or(Duration::ZERO, |deadline| deadline.saturating_sub(now));
        self.touch(id.slot);
        Ok(left)
    }

    /// Why nothing is sent of a stream, and when it is tried again, if it is.
    pub fn disabled_reason(&mut self, id: PublisherId, now: Duration) -> Option<ConfigError> {
        let wait = self.pause.as_ref().map(|pause| pause.wait(now));
        self.find(id).ok()?.disabled_reason(wait, now)
    }

    /// Takes note that a call of the client has succeeded: what is paused is tried again.
    pub fn succeeded(&mut self, now: Duration) {
        self.pause = None;
        for slot in 0..self.entries.len() as Slot {
            if self.at(slot).is_some_and(Publisher::is_paused) {
                self.change(slot, |publisher| publisher.resume(now));
            }
        }
    }

    /// Sends what is pending as soon as the account's budget allows.
    pub fn hasten(&mut self, id: PublisherId) {
        if let Ok(publisher) = self.find(id) {
            publisher.hasten();
            self.touch(id.slot);
        }
    }

    /// Sends no more of a stream, and leaves its activity as it is.
    pub fn detach(&mut self, id: PublisherId) {
        if let Ok(publisher) = self.find(id) {
            publisher.detach();
            self.touch(id.slot);
        }
    }

    /// Sends nothing of one stream, and why.
    pub fn stop_publisher(&mut self, id: PublisherId, reason: &ConfigError) {
        if let Ok(publisher) = self.find(id) {
            publisher.stop(reason);
            self.touch(id.slot);
        }
    }

    /// Whether the newest state has arrived.
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
        publisher::not_arrived(timeout, reason)
    }

    /// Whether nothing more of this stream is sent.
    pub fn is_over(&mut self, id: PublisherId) -> bool {
        self.find(id).map_or(true, |publisher| publisher.is_over())
    }

    /// Whether no end of this stream has begun.
    pub fn takes_changes(&mut self, id: PublisherId) -> bool {
        self.find(id).is_ok_and(|publisher| publisher.takes_changes())
    }

    /// The outcome of the first end, once it is known.
    pub fn outcome(&mut self, id: PublisherId) -> Option<Result<Answer, Error>> {
        self.find(id).ok()?.outcome()
    }

    /// The events since the last call.
    pub fn take_events(&mut self, id: PublisherId) -> Vec<Event> {
        self.find(id).map(Publisher::take_events).unwrap_or_default()
    }

    /// The counters of a publisher.
    pub fn counters(&mut self, id: PublisherId) -> Counters {
        self.find(id).map(|publisher| publisher.counters()).unwrap_or_default()
    }

    /// The publishers that may have new events, or an outcome, since the last call.
    pub fn take_changed(&mut self) -> Vec<PublisherId> {
        let changed = std::mem::take(&mut self.changed);
        for slot in &changed {
            self.entries[*slot as usize].is_changed = false;
        }
        let there = changed.into_iter().filter(|slot| self.at(*slot).is_some());
        there.map(|slot| self.id(slot)).collect()
    }

    /// Removes a publisher. The outcome of its request under way is ignored.
    pub fn remove(&mut self, id: PublisherId) {
        let Ok(publisher) = self.find(id) else { return };
        let stream_key = publisher.stream_key().to_owned();
        let entry = &mut self.entries[id.slot as usize];
        entry.publisher = None;
        entry.generation = entry.generation.wrapping_add(1);
        self.free.push(id.slot);
        self.touch(id.slot);
        self.change_stream(&stream_key, &mut |stream| stream.publishers.retain(|slot| *slot != id.slot));
    }

    /// What to do now. After [`Step::Send`], poll again at once: other publishers may have something to send.
    pub fn poll(&mut self, now: Duration, budget: &mut dyn AccountBudget) -> Step {
        for slot in self.schedule.due(now) {
            self.touch(slot);
        }
        loop {
            self.arrange(now);
            let pause = self.pause.as_ref().map(|pause| pause.until).filter(|until| *until > now);
            let ready = self.schedule.first().filter(|_| pause.is_none());
            let Some((class, mut slot)) = ready else {
                let next = pause.into_iter().chain(self.schedule.next()).min();
                return next.map_or(Step::Idle, Step::WaitUntil);
            };
            if self.suppress(slot) {
                continue;
            }
            if let Err(wait) = budget.take(class, now) {
                let is_known = !budget.is_waiting(now);
                if is_known && self.conclude_unshown(now, budget) {
                    continue;
                }
                let go = now.saturating_add(wait);
                // What a store says is waited for, but not beyond the deadline of an end.
                let Some(late) = self.schedule.due_by(if is_known { go } else { now }) else {
                    return Step::WaitUntil(self.schedule.next().map_or(go, |next| next.min(go)));
                };
                slot = late;
                if self.change(slot, |publisher| publisher.has_tried_to_end() && publisher.give_up()) {
                    continue;
                }
                // An end is worth one try, whatever the budget says.
                budget.charge(now);
            }
            if let Some(step) = self.send(slot, now) {
                return step;
            }
        }
    }

    /// Drops a change that need not be sent; gives back whether it was dropped.
    fn suppress(&mut self, slot: Slot) -> bool {
        let is_suppressed = self.entries[slot as usize].publisher.as_mut().is_some_and(Publisher::suppress);
        self.touch_if(is_suppressed, slot)
    }

    fn send(&mut self, slot: Slot, now: Duration) -> Option<Step> {
        let Rules { least_timeout, request_timeout, request_lateness, .. } = *self.rules;
        let publisher_id = self.id(slot);
        self.touch(slot);
        let publisher = self.entries[slot as usize].publisher.as_mut()?;
        let left = publisher.deadline().map_or(Duration::MAX, |deadline| deadline.saturating_sub(now));
        let timeout = left.max(least_timeout).min(request_timeout);
        let request = publisher.send(now, timeout)?;
        let stream_key = publisher.stream_key().to_owned();
        let until = now.saturating_add(timeout).saturating_add(request_lateness);
        if let Some(pause) = &mut self.pause {
            // The answer to this one decides for all.
            pause.until = until;
            for slot in self.schedule.ready() {
                self.touch(slot);
            }
        }
        self.change_stream(&stream_key, &mut |stream| stream.busy = Some((publisher_id, until)));
        self.under_way.insert(publisher_id.key(), stream_key);
        Some(Step::Send { publisher: publisher_id, request, timeout })
    }

    /// Takes the outcome of a request. `jitter` is a random number from 0 to 1.
    pub fn settle(
        &mut self,
        id: PublisherId,
        outcome: Result<Answer, Error>,
        now: Duration,
        jitter: f64,
        budget: &mut dyn AccountBudget,
    ) {
        budget.learn(&outcome, now, jitter);
        if let Some(stream_key) = self.under_way.remove(&id.key()) {
            self.change_stream(&stream_key, &mut |stream| _ = stream.busy.take_if(|(publisher, _)| *publisher == id));
        }
        let reason = outcome.as_ref().err().map(ToString::to_string).unwrap_or_default();
        let lasts = matches!(&outcome, Err(Error::Config(_)));
        if outcome.is_ok() && self.pause.take().is_some() {
            self.for_all(&mut Publisher::resume_with_all);
        }
        let consequence = match self.find(id) {
            Ok(publisher) => publisher.settle(outcome, now, jitter),
            Err(_) => publisher::meaning_for_others(&outcome),
        };
        self.touch_if(self.entries[id.slot as usize].generation == id.generation, id.slot);
        match consequence {
            Consequence::None => {}
            Consequence::Room => {
                self.arrange(now);
                if let Some(slot) = self.schedule.first_for_room() {
                    self.change(slot, |publisher| publisher.on_capacity_freed(now));
                }
            }
            Consequence::Pause if lasts => self.stop(&reason),
            Consequence::Pause => self.pause(&reason, now),
        }
    }

    /// Sends nothing more, for any stream, and why.
    pub fn stop(&mut self, reason: &dyn fmt::Display) {
        let reason = publisher::stopped_by(reason);
        self.for_all(&mut |publisher| {
            publisher.stop(&reason);
            publisher.give_up();
        });
        self.stopped = Some(reason);
    }

    /// Sends nothing for a while, for any stream.
    fn pause(&mut self, reason: &str, now: Duration) {
        let (reason, wait) = (publisher::stopped_by(&reason), self.rules.pause);
        self.for_all(&mut |publisher| {
            publisher.pause(&reason, wait);
            publisher.give_up();
        });
        self.pause = Some(Pause { reason, until: now.saturating_add(wait) });
    }

    fn is_paused(&self, now: Duration) -> bool {
        self.pause.as_ref().is_some_and(|pause| pause.until > now)
    }

    /// Concludes the ends of jobs that have succeeded and have shown nothing, for which the budget has no room; gives back whether
    /// there were any.
    fn conclude_unshown(&mut self, now: Duration, budget: &dyn AccountBudget) -> bool {
        let unshown = self.schedule.unshown();
        if unshown.is_empty() {
            return false;
        }
        let why = budget.why_not(Class::BriefStart, now).unwrap_or_else(|| "the budget has no room".to_owned());
        for slot in unshown {
            self.change(slot, |publisher| publisher.conclude_unshown(&why));
        }
        true
    }

    /// Puts all publishers that were touched into their places.
    fn arrange(&mut self, now: Duration) {
        while let Some(slot) = self.touched.pop() {
            self.entries[slot as usize].is_touched = false;
            let place = self.place(slot, now);
            self.schedule.put(slot, place);
            #[cfg(test)]
            {
                self.looks += 1;
            }
        }
    }

    /// Where a publisher belongs now. One whose end is too late is given up.
    fn place(&mut self, slot: Slot, now: Duration) -> Place {
        let is_paused = self.is_paused(now);
        let Some(publisher) = &mut self.entries[slot as usize].publisher else { return Place::default() };
        let busy = self.streams.get(publisher.stream_key()).and_then(|stream| stream.busy);
        let busy_until = busy.map(|(_, until)| until).filter(|until| *until > now);
        if publisher.deadline().is_some_and(|deadline| now >= deadline) {
            let waits = publisher.is_in_flight() || is_paused || busy_until.is_some();
            if waits || publisher.has_tried_to_end() {
                publisher.give_up();
            }
        }
        let deadline = publisher.deadline();
        let due = publisher.due();
        let ready = due.filter(|due| due.at <= now && busy_until.is_none());
        let until = due.and_then(|due| if due.at > now { Some(due.at) } else { busy_until });
        let later = deadline.filter(|deadline| *deadline > now);
        Place {
            ready: ready.map(|due| (due.class, due.since)),
            deadline: deadline.filter(|_| ready.is_some()),
            is_unshown: ready.is_some() && publisher.is_unshown_success(),
            next: until.into_iter().chain(later).min(),
            waits_for_room: publisher.waits_for_room(),
        }
    }

    /// Has a publisher put into its place before anything is sent, and the driver look at it.
    fn touch(&mut self, slot: Slot) {
        let entry = &mut self.entries[slot as usize];
        if !std::mem::replace(&mut entry.is_touched, true) {
            self.touched.push(slot);
        }
        if !std::mem::replace(&mut entry.is_changed, true) {
            self.changed.push(slot);
        }
    }

    fn touch_if(&mut self, condition: bool, slot: Slot) -> bool {
        if condition {
            self.touch(slot);
        }
        condition
    }

    /// Changes a publisher that is there.
    fn change<T>(&mut self, slot: Slot, change: impl FnOnce(&mut Publisher) -> T) -> T {
        self.touch(slot);
        change(self.entries[slot as usize].publisher.as_mut().expect("only publishers that are there are scheduled"))
    }

    fn for_all(&mut self, change: &mut dyn FnMut(&mut Publisher)) {
        for slot in 0..self.entries.len() {
            if self.entries[slot].publisher.is_some() {
                self.change(slot as Slot, &mut *change);
            }
        }
    }

    fn change_stream(&mut self, stream_key: &str, change: &mut dyn FnMut(&mut Stream)) {
        let Some(stream) = self.streams.get_mut(stream_key) else { return };
        change(stream);
        if stream.publishers.is_empty() && stream.busy.is_none() {
            self.streams.remove(stream_key);
        } else {
            for slot in stream.publishers.clone() {
                self.touch(slot);
            }
        }
    }

    fn at(&self, slot: Slot) -> Option<&Publisher> {
        self.entries[slot as usize].publisher.as_ref()
    }

    fn id(&self, slot: Slot) -> PublisherId {
        PublisherId { slot, generation: self.entries[slot as usize].generation }
    }

    fn find(&mut self, id: PublisherId) -> Result<&mut Publisher, Error> {
        self.entries
            .get_mut(id.slot as usize)
            .filter(|entry| entry.generation == id.generation)
            .and_then(|entry| entry.publisher.as_mut())
            .ok_or_else(|| ConfigError::new("publisher", "has ended; publish again for another job").into())
    }

    /// The key of the stream that is published.
    pub fn stream_key(&mut self, id: PublisherId) -> Option<&str> {
        self.find(id).ok().map(|publisher| publisher.stream_key())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{Operation, Patch, Progress, answer_of};
    use crate::publish::Budget;

    const NOW: Duration = Duration::from_secs(1_000);

    #[derive(Debug)]
    struct NoLimit;

    impl AccountBudget for NoLimit {
        fn take(&mut self, _: Class, _: Duration) -> Result<(), Duration> {
            Ok(())
        }

        fn charge(&mut self, _: Duration) {}

        fn learn(&mut self, _: &Result<Answer, Error>, _: Duration, _: f64) {}
    }

    fn open(dispatcher: &mut Dispatcher, count: u32) -> Vec<PublisherId> {
        let state = || Progress::new("Search Reindex").percentage(0);
        (0..count).map(|n| dispatcher.open(&format!("stream-{n}"), state(), Options::default(), NOW).unwrap()).collect()
    }

    /// Answers all that is sent; gives back how much that is.
    fn serve(dispatcher: &mut Dispatcher, now: Duration, operation: &Operation) -> u32 {
        let mut sent = 0;
        while let Step::Send { publisher, .. } = dispatcher.poll(now, &mut NoLimit) {
            dispatcher.settle(publisher, Ok(answer_of(operation, "k")), now, 0.0, &mut NoLimit);
            sent += 1;
        }
        sent
    }

    /// The steps of each publisher do not depend on how many others there are.
    #[test]
    fn ten_thousand_publishers_start_change_and_end_in_steps_of_their_own() {
        const COUNT: u32 = 10_000;
        let mut dispatcher = Dispatcher::default();
        let ids = open(&mut dispatcher, COUNT);
        assert_eq!(serve(&mut dispatcher, NOW, &Operation::Started), COUNT);
        let later = NOW + Duration::from_secs(60);
        for id in &ids {
            let patch = Patch::new().subtitle("on");
            assert!(dispatcher.update(*id, patch, Urgency::ByKind, || later).unwrap());
            assert_eq!(serve(&mut dispatcher, later, &Operation::Updated), 1);
        }
        for id in &ids {
            dispatcher.end(*id, Ending::Complete, None, later).unwrap();
        }
        assert_eq!(serve(&mut dispatcher, later, &Operation::Ended), COUNT);
        assert!(ids.iter().all(|id| dispatcher.outcome(*id).is_some_and(|outcome| outcome.is_ok())));
        let changed = dispatcher.take_changed();
        assert_eq!(changed.len(), ids.len());
        for id in &ids {
            dispatcher.remove(*id);
        }
        assert!(matches!(dispatcher.poll(later, &mut NoLimit), Step::Idle));
        assert!(dispatcher.streams.is_empty() && dispatcher.under_way.is_empty());
        assert!(dispatcher.looks <= 16 * u64::from(COUNT), "{} looks", dispatcher.looks);
    }

    /// Neither does waiting for the budget, for room or for a deadline.
    #[test]
    fn publishers_that_wait_are_not_looked_at() {
        const COUNT: u32 = 10_000;
        let mut dispatcher = Dispatcher::default();
        let mut budget = Budget::default();
        let ids = open(&mut dispatcher, COUNT);
        while let Step::Send { .. } = dispatcher.poll(NOW, &mut budget) {}
        let before = dispatcher.looks;
        for _ in 0..1_000 {
            assert!(matches!(dispatcher.poll(NOW, &mut budget), Step::WaitUntil(_)));
        }
        assert_eq!(dispatcher.looks, before);
        for id in &ids {
            dispatcher.end(*id, Ending::Failed(None), Some(Duration::from_secs(60)), NOW).unwrap();
        }
        let frozen = Err(freeze());
        budget.learn(&frozen, NOW, 0.0);
        assert!(matches!(dispatcher.poll(NOW, &mut budget), Step::WaitUntil(_)));
        assert!(dispatcher.looks <= 3 * u64::from(COUNT) + 100, "{} looks", dispatcher.looks);
    }

    fn freeze() -> Error {
        Error::Api(Box::new(crate::error::ApiError {
            kind: crate::error::ApiErrorKind::RateLimited,
            status: 429,
            code: None,
            message: None,
            body: String::new(),
            request_id: None,
            date: None,
            retry_after: Some(Duration::from_secs(30)),
            attempts: 1,
        }))
    }
}
