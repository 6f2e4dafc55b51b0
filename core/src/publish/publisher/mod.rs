//! One stream as a state machine: what it has to send, and when it may, apart from the account's budget.

mod answer;
mod end;
mod phase;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::budget::Class;
use super::changes::Changes;
use super::event::{Counters, Event, EventKind, Events};
use super::latest_state::{ChangeKind, LatestState};
use super::options::{Options, Urgency};
use super::pacer::Pacer;
use super::rules::Rules;
use crate::call::Request;
use crate::error::{ConfigError, ConnectionError, ConnectionErrorKind, Error};
use crate::validate::ValidationError;

pub(super) use answer::meaning_for_others;
pub(super) use phase::Consequence;
use phase::{InFlight, Pending, Phase, Refusal};

#[derive(Debug)]
pub(super) struct Publisher {
    rules: Arc<Rules>,
    /// How long its end may take, unless the end itself says so.
    flush_timeout: Option<Duration>,
    state: LatestState,
    pacer: Pacer,
    phase: Phase,
    /// What has changed since the last request was made.
    pending: Option<Pending>,
    in_flight: Option<InFlight>,
    /// The newest version that the service has taken, and what it shows.
    acknowledged: u64,
    shown: Option<Vec<u8>>,
    /// The service may have an activity of this stream.
    may_have_started: bool,
    /// Nothing is sent before.
    held_until: Duration,
    /// Nothing is shown before, unless the job fails.
    hidden_until: Duration,
    /// It waits for another activity to end.
    waits_for_room: bool,
    /// Failures in a row, and the last of them.
    failures: u32,
    failure: Option<Error>,
    /// The state that was refused last, and how many were since one was taken.
    refused: Option<Refusal>,
    refusals: u32,
    /// Why nothing more is sent.
    stopped: Option<ConfigError>,
    /// Why nothing is sent for a while.
    paused: Option<Paused>,
    warned_of: Option<EventKind>,
    counters: Counters,
    events: Events,
}

/// Why nothing is sent for a while.
#[derive(Debug)]
struct Paused {
    reason: ConfigError,
    /// The service refuses this stream, and not the key or the account.
    is_of_stream: bool,
}

/// Something to send, and the moment from which on it may go.
#[derive(Clone, Copy, Debug)]
pub(super) struct Due {
    pub(super) class: Class,
    pub(super) at: Duration,
    pub(super) since: Duration,
}

/// Whether the newest state of a stream has arrived.
#[derive(Clone, Debug)]
pub enum Newest {
    /// The service has taken it.
    Acknowledged,
    /// It is under way, or waits for its turn.
    Pending,
    /// It does not arrive, and why.
    Refused(Arc<Error>),
}

impl Publisher {
    pub(super) fn open(
        rules: Arc<Rules>,
        stream_key: &str,
        first: Changes,
        options: &Options,
        now: Duration,
    ) -> Result<Self, ValidationError> {
        let events = Events::new(rules.kept_events);
        let mut publisher = Self {
            rules,
            flush_timeout: options.flush_timeout,
            state: LatestState::new(stream_key, first)?,
            pacer: Pacer::new(options.pacing),
            phase: Phase::Open,
            pending: Some(Pending { class: Class::Start, since: now, hurried: false }),
            in_flight: None,
            acknowledged: 0,
            shown: None,
            may_have_started: false,
            held_until: options.delay.map_or(Duration::ZERO, |wait| now.saturating_add(wait)),
            hidden_until: options.show_after.map_or(Duration::ZERO, |wait| now.saturating_add(wait)),
            waits_for_room: false,
            failures: 0,
            failure: None,
            refused: None,
            refusals: 0,
            stopped: None,
            paused: None,
            warned_of: None,
            counters: Counters { updates: 1, ..Counters::default() },
            events,
        };
        publisher.warn_of_numbers();
        Ok(publisher)
    }

    // What a caller does.

    /// Changes some of the state. Gives back whether the driver has to poll.
    pub(super) fn update(
        &mut self,
        changes: Changes,
        urgency: Urgency,
        now: impl FnOnce() -> Duration,
    ) -> Result<bool, Error> {
        if !self.takes_changes() {
            return Ok(self.ignore_late_change());
        }
        let change = self.state.update(changes)?;
        Ok(self.warn_of_numbers() | self.add(change, urgency, now))
    }

    /// Puts another state in place of the whole one. Gives back whether the driver has to poll.
    pub(super) fn replace(
        &mut self,
        state: Changes,
        urgency: Urgency,
        now: impl FnOnce() -> Duration,
    ) -> Result<bool, Error> {
        if !self.takes_changes() {
            return Ok(self.ignore_late_change());
        }
        let change = self.state.replace(state)?;
        Ok(self.warn_of_numbers() | self.add(change, urgency, now))
    }

    /// Shows that the job has failed. Gives back whether the driver has to poll.
    pub(super) fn show_failure(&mut self, reason: Option<&str>, now: impl FnOnce() -> Duration) -> Result<bool, Error> {
        let is_new = self.takes_changes() && std::mem::take(&mut self.hidden_until) > Duration::ZERO;
        let changes = self.state.look_of_failure(reason, &self.rules);
        Ok(is_new | self.update(changes, Urgency::Urgent, now)?)
    }

    /// Whether no end has begun.
    pub(super) fn takes_changes(&self) -> bool {
        matches!(self.phase, Phase::Open)
    }

    /// A change after the end breaks no job: it is reported once. Gives back whether the driver has to poll.
    fn ignore_late_change(&mut self) -> bool {
        self.events.add_once(Event::after_end())
    }

    /// Reports once that a number was clamped or skipped. Gives back whether the driver has to poll.
    pub(super) fn warn_of_numbers(&mut self) -> bool {
        let adjusted = self.state.take_adjusted();
        adjusted.is_some_and(|message| self.events.add_once(Event { kind: EventKind::Adjusted, message }))
    }

    fn add(&mut self, change: Option<ChangeKind>, urgency: Urgency, now: impl FnOnce() -> Duration) -> bool {
        self.counters.updates += 1;
        let under_way = self.in_flight.as_ref().map_or(0, |in_flight| in_flight.version);
        let replaces_alert =
            change.and_then(|change| change.replaces_alert_of).is_some_and(|version| version > under_way);
        if replaces_alert {
            self.replace_alert();
        }
        let least = if urgency == Urgency::Urgent { Class::Transition } else { Class::Tick };
        let is_due = match (&mut self.pending, change) {
            _ if self.stopped.is_some() => false,
            (Some(pending), change) => {
                self.counters.coalesced += u64::from(change.is_some());
                let class = change.map_or(least, |change| change.class.max(least));
                let greater = class > pending.class;
                pending.class = pending.class.max(class);
                greater
            }
            (None, Some(change)) => {
                self.pending = Some(Pending { class: change.class.max(least), since: now(), hurried: false });
                true
            }
            (None, None) => false,
        };
        is_due || replaces_alert
    }

    fn replace_alert(&mut self) {
        self.counters.alerts_replaced += 1;
        self.events.push(EventKind::AlertReplaced, "an alert was replaced by a newer one before it was sent");
    }

    /// Sends what is pending as soon as the account's budget allows, and what is under way likewise if it has to be repeated.
    pub(super) fn hasten(&mut self) {
        if self.counters.sent == 0 {
            self.held_until = Duration::ZERO;
        }
        self.hidden_until = Duration::ZERO;
        let under_way = self.in_flight.as_mut().map(|in_flight| &mut in_flight.pending);
        self.pending.as_mut().into_iter().chain(under_way).for_each(|pending| pending.hurried = true);
    }

    /// Sends nothing more, but for an end.
    pub(super) fn stop(&mut self, reason: &ConfigError) {
        // What has ended is not stopped any more.
        if self.stopped.is_none() && !self.is_over() {
            self.events.push(EventKind::Stopped, reason.to_string());
            self.stopped = Some(reason.clone());
        }
        self.pending = None;
    }

    /// Sends nothing until it is tried again, after this time at most.
    pub(super) fn pause(&mut self, reason: &ConfigError, wait: Duration) {
        if self.stopped.is_none() && !self.is_over() {
            self.warn(EventKind::Stopped, &again_in(reason, wait).to_string());
            self.paused = Some(Paused { reason: reason.clone(), is_of_stream: false });
        }
    }

    /// Sends nothing of this stream until it is tried again.
    fn pause_stream(&mut self, error: &Error, now: Duration) {
        let wait = self.rules.pause;
        self.pause(&stopped_by(error), wait);
        self.held_until = now.saturating_add(wait);
        if let Some(paused) = &mut self.paused {
            paused.is_of_stream = true;
        }
    }

    /// Tries again what was paused since the key or the account was refused.
    pub(super) fn resume_with_all(&mut self) {
        self.paused.take_if(|paused| !paused.is_of_stream);
    }

    pub(super) fn is_paused(&self) -> bool {
        self.paused.is_some()
    }

    /// Tries again what was paused.
    pub(super) fn resume(&mut self, now: Duration) {
        if self.paused.take().is_some_and(|paused| paused.is_of_stream) {
            self.held_until = now;
        }
    }

    /// Reports that another publisher has this stream, too.
    pub(super) fn warn_of_another(&mut self) {
        let message = "another publisher of this client has the same stream; each shows its own state";
        self.events.push(EventKind::Duplicate, message);
    }

    /// Why nothing is sent, and when it is tried again, if it is: `wait` is how long all are paused.
    pub(super) fn disabled_reason(&self, wait: Option<Duration>, now: Duration) -> Option<ConfigError> {
        let paused = || {
            let paused = self.paused.as_ref()?;
            let wait = if paused.is_of_stream { Some(self.held_until.saturating_sub(now)) } else { wait };
            Some(again_in(&paused.reason, wait.unwrap_or_default()))
        };
        self.stopped.clone().or_else(paused)
    }

    fn disabled(&self) -> Option<&ConfigError> {
        self.stopped.as_ref().or(self.paused.as_ref().map(|paused| &paused.reason))
    }

    /// Stops publishing and leaves the activity on screen as it is.
    pub(super) fn detach(&mut self) {
        if !matches!(self.phase, Phase::Over(_)) {
            let problem = "is detached; nothing more is sent, and the activity stays as it is";
            self.phase = Phase::Over(Err(ConfigError::new("publisher", problem).into()));
            self.pending = None;
        }
    }

    // What a driver asks.

    /// What there is to send, if anything.
    pub(super) fn due(&self) -> Option<Due> {
        if self.in_flight.is_some() {
            return None;
        }
        match &self.phase {
            Phase::Ending(end) => {
                let class = if self.is_unshown_success() { Class::BriefStart } else { Class::End };
                Some(Due { class, at: self.held_until.min(end.deadline), since: end.since })
            }
            Phase::Open if self.stopped.is_none() => {
                let pending = self.pending?;
                let class = if self.may_have_started { pending.class } else { Class::Start };
                // Starts that may have succeeded are updates of one activity, once there are some of them.
                let is_update =
                    class == Class::Start && self.may_have_started && self.failures > self.rules.prompt_starts;
                let paced_as = if is_update { Class::Tick } else { class };
                let paced =
                    if pending.hurried { Duration::ZERO } else { self.pacer.ready_at(&self.rules.pacing, paced_as) };
                Some(Due { class, at: self.held_until.max(self.hidden_until).max(paced), since: pending.since })
            }
            _ => None,
        }
    }

    /// Drops a change to what the device shows already, or to what was refused; gives back whether it was dropped.
    pub(super) fn suppress(&mut self) -> bool {
        if !matches!(self.phase, Phase::Open) || self.state.has_one_shots() {
            return false;
        }
        let levels = self.state.levels();
        let version = self.state.version();
        if self.shown.as_ref() == Some(&levels) {
            self.acknowledged = version;
            self.counters.suppressed += 1;
        } else if let Some(refused) = self.refused.as_mut().filter(|refused| refused.levels == levels) {
            refused.version = version;
        } else {
            return false;
        }
        self.pending = None;
        true
    }

    /// The request that is due, and the time that it may take.
    pub(super) fn send(&mut self, now: Duration, timeout: Duration) -> Option<Request> {
        let (request, is_end) = match self.next_request(now + timeout) {
            Ok(request) => request,
            // What was accepted is refused now: a defect of this crate, which must not break a job.
            Err(error) => {
                self.stop(&stopped_by(&error));
                self.give_up();
                return None;
            }
        };
        let pending = self.pending.take().unwrap_or(Pending { class: Class::End, since: now, hurried: false });
        self.in_flight = Some(InFlight {
            version: self.state.version(),
            pending,
            levels: self.state.levels(),
            carries_alert: request.carries_alert(),
            is_end,
        });
        request.advice.iter().for_each(|advice| self.events.add_advice(advice));
        self.counters.sent += 1;
        self.paused = None;
        self.pacer.sent(now);
        Some(request)
    }

    // What a caller asks.

    pub(super) fn newest(&self) -> Newest {
        let version = self.state.version();
        if self.acknowledged >= version {
            return Newest::Acknowledged;
        }
        match (&self.refused, self.disabled()) {
            (Some(refused), _) if refused.version == version => Newest::Refused(Arc::clone(&refused.error)),
            (_, Some(reason)) => Newest::Refused(Arc::new(reason.clone().into())),
            _ if self.is_over() => Newest::Refused(Arc::new(over())),
            _ => Newest::Pending,
        }
    }

    /// Whether nothing more is sent.
    pub(super) fn is_over(&self) -> bool {
        matches!(self.phase, Phase::Over(_))
    }

    /// Since when it waits for another activity to end.
    pub(super) fn waits_for_room(&self) -> Option<Duration> {
        self.pending.filter(|_| self.waits_for_room && !self.is_over()).map(|pending| pending.since)
    }

    pub(super) fn is_in_flight(&self) -> bool {
        self.in_flight.is_some()
    }

    /// There may be room for another activity now.
    pub(super) fn on_capacity_freed(&mut self, now: Duration) {
        if std::mem::take(&mut self.waits_for_room) {
            self.held_until = now;
        }
    }

    /// The failure of the last request, unless one has succeeded since.
    pub(super) fn failure(&self) -> Option<&Error> {
        self.failure.as_ref()
    }

    pub(super) fn stream_key(&self) -> &str {
        self.state.stream_key()
    }

    pub(super) fn counters(&self) -> Counters {
        self.counters
    }

    pub(super) fn take_events(&mut self) -> Vec<Event> {
        self.events.take()
    }
}

/// The error of a state that has not arrived in time, and what holds it back.
pub(super) fn not_arrived(timeout: Duration, reason: Option<String>) -> Error {
    ConnectionError { kind: ConnectionErrorKind::NotArrived { timeout, reason }, attempts: 0, cause: None }.into()
}

/// Why a publisher sends nothing more.
pub(super) fn stopped_by(error: &dyn fmt::Display) -> ConfigError {
    ConfigError::new("publishing", format!("has stopped: {error}"))
}

/// Why nothing is sent for a while, and how long that takes at most.
pub(super) fn again_in(reason: &ConfigError, wait: Duration) -> ConfigError {
    let seconds = wait.as_secs_f64().ceil() as u64;
    ConfigError {
        problem: format!("{}; it tries again in {seconds} s, or when a call succeeds", reason.problem),
        ..reason.clone()
    }
}

fn over() -> Error {
    ConfigError::new("publisher", "has ended; publish again for another job").into()
}
