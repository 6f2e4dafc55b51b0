//! One stream as a state machine: what it has to send, when it may, and what an answer means for it. The budget that it shares with
//! others is not its concern.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::budget::Class;
use super::cell::{Cell, News};
use super::changes::Changes;
use super::dispatcher::{Ending, Urgency};
use super::event::{Counters, Event, EventKind, Events};
use super::pacer::{Pacer, Pacing};
use crate::error::{ApiErrorKind, ConfigError, ConnectionError, ConnectionErrorKind, Error};
use crate::model::{Operation, Patch, StreamResponse};
use crate::retry;
use crate::validate::ValidationError;
use crate::wire::{self, Request};

/// The longest wait before the first repetition of a request; it doubles with each further one.
const FIRST_BACKOFF: Duration = Duration::from_secs(1);
const LONGEST_BACKOFF: Duration = Duration::from_secs(60);
/// No repetition comes sooner.
const SHORTEST_BACKOFF: Duration = Duration::from_millis(100);
/// How long to wait for room or for a device: the first time, and at most. It doubles.
const FIRST_WAIT: Duration = Duration::from_secs(60);
const LONGEST_WAIT_FOR_ROOM: Duration = Duration::from_secs(300);
const LONGEST_WAIT_FOR_A_DEVICE: Duration = Duration::from_secs(900);
/// So many different states may be refused before no more are tried.
const MOST_REFUSALS: u32 = 3;

#[derive(Debug)]
pub(super) struct Publisher {
    cell: Cell,
    pacer: Pacer,
    phase: Phase,
    /// What has changed since the last request was made.
    pending: Option<Pending>,
    flight: Option<Flight>,
    /// The newest version that the service has taken, and what it shows.
    acknowledged: u64,
    shown: Option<Vec<u8>>,
    /// The service may have an activity of this stream.
    may_have_started: bool,
    /// Nothing is sent before.
    held_until: Duration,
    /// It waits for another activity to end.
    waits_for_room: bool,
    /// Failures in a row, as far as they make the next attempt wait.
    failures: u32,
    /// The last request has failed.
    is_failing: bool,
    /// The state that was refused last, and how many were.
    refused: Option<(u64, Arc<Error>)>,
    refusals: u32,
    /// Why nothing more is sent.
    stopped: Option<ConfigError>,
    warned_of: Option<EventKind>,
    counters: Counters,
    events: Events,
}

#[derive(Debug)]
#[allow(clippy::large_enum_variant, reason = "each publisher ends once, and has one anyway")]
enum Phase {
    Open,
    Ending(EndPhase),
    /// With the end's outcome, until somebody takes it.
    Over(Option<Result<StreamResponse, Error>>),
}

#[derive(Debug)]
struct EndPhase {
    /// What holds for the end alone.
    changes: Changes<'static>,
    /// The service has shown it, or could not. Else that comes first: a short job has a screen, too.
    introduced: bool,
    /// Say no more than that it ends: the service has refused the last state.
    bare: bool,
    deadline: Duration,
    timeout: Duration,
    attempt: Attempt,
    failure: Option<Error>,
}

/// What is known of the attempts to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Attempt {
    None,
    Made,
    /// The service may have ended it already.
    Uncertain,
}

#[derive(Clone, Copy, Debug)]
struct Pending {
    class: Class,
    since: Duration,
    /// Its owner waits for it.
    hurried: bool,
}

/// A request under way.
#[derive(Debug)]
struct Flight {
    version: u64,
    pending: Pending,
    levels: Vec<u8>,
    is_end: bool,
}

/// Something to send, and the moment from which on it may go.
#[derive(Clone, Copy, Debug)]
pub(super) struct Due {
    pub(super) class: Class,
    pub(super) at: Duration,
    pub(super) since: Duration,
}

/// How it stands with the newest state of a stream.
#[derive(Clone, Debug)]
pub enum Newest {
    /// The service has taken it.
    Acknowledged,
    /// It is under way, or waits for its turn.
    Pending,
    /// It does not arrive, and why.
    Refused(Arc<Error>),
}

/// What the budget and the other publishers should know of an outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Consequence {
    None,
    /// An activity has ended, so there is room for another.
    Room,
    /// The key or the account will not do, for any stream.
    Circuit,
}

impl Publisher {
    pub(super) fn open(
        stream_key: &str,
        first: Changes<'_>,
        pacing: Pacing,
        now: Duration,
    ) -> Result<Self, ValidationError> {
        Ok(Self {
            cell: Cell::new(stream_key, first)?,
            pacer: Pacer::new(pacing),
            phase: Phase::Open,
            pending: Some(Pending { class: Class::Start, since: now, hurried: false }),
            flight: None,
            acknowledged: 0,
            shown: None,
            may_have_started: false,
            held_until: Duration::ZERO,
            waits_for_room: false,
            failures: 0,
            is_failing: false,
            refused: None,
            refusals: 0,
            stopped: None,
            warned_of: None,
            counters: Counters { updates: 1, ..Counters::default() },
            events: Events::default(),
        })
    }

    // What its owner says.

    /// Changes some of the state. Gives back whether the driver should look at it again.
    pub(super) fn update(
        &mut self,
        changes: Changes<'_>,
        urgency: Urgency,
        now: impl FnOnce() -> Duration,
    ) -> Result<bool, Error> {
        if !self.takes_changes()? {
            return Ok(false);
        }
        let news = self.cell.update(changes)?;
        Ok(self.add(news, urgency, now))
    }

    /// Puts another state in place of the whole one. Gives back whether the driver should look at it again.
    pub(super) fn replace(
        &mut self,
        state: Changes<'_>,
        urgency: Urgency,
        now: impl FnOnce() -> Duration,
    ) -> Result<bool, Error> {
        if !self.takes_changes()? {
            return Ok(false);
        }
        let news = self.cell.replace(state)?;
        Ok(self.add(news, urgency, now))
    }

    /// Changes that come while it ends are too late, and nobody's mistake.
    fn takes_changes(&self) -> Result<bool, Error> {
        match self.phase {
            Phase::Open => Ok(true),
            Phase::Ending(_) => Ok(false),
            Phase::Over(_) => Err(over()),
        }
    }

    fn add(&mut self, news: Option<News>, urgency: Urgency, now: impl FnOnce() -> Duration) -> bool {
        self.counters.updates += 1;
        let Some(News { class, replaces_alert_of }) = news else {
            return false;
        };
        let under_way = self.flight.as_ref().map_or(0, |flight| flight.version);
        if replaces_alert_of.is_some_and(|version| version > under_way) {
            self.counters.alerts_replaced += 1;
            self.events.push(EventKind::AlertReplaced, "an alert gave way to a newer one before it was sent");
        }
        let class = if urgency == Urgency::Urgent { class.max(Class::Transition) } else { class };
        if let Some(pending) = &mut self.pending {
            self.counters.coalesced += 1;
            let greater = class > pending.class;
            pending.class = pending.class.max(class);
            return greater;
        }
        self.pending = Some(Pending { class, since: now(), hurried: false });
        true
    }

    /// Ends the stream, within a time.
    pub(super) fn end(&mut self, ending: Ending<'_>, timeout: Duration, now: Duration) -> Result<(), Error> {
        if !matches!(self.phase, Phase::Open) {
            return Err(over());
        }
        let changes = match ending {
            Ending::Finished(changes) => changes.into_owned(),
            Ending::Complete => Patch::new().percentage(100).into(),
            Ending::Failed(reason) => self.cell.failed(reason),
        };
        // Refused here, rather than when nobody listens any more.
        self.cell.end_request(changes.clone())?;
        // What a state waited for, an end does not.
        (self.held_until, self.failures, self.waits_for_room) = (Duration::ZERO, 0, false);
        let (deadline, introduced) = (now.saturating_add(timeout), self.acknowledged > 0);
        self.phase = Phase::Ending(EndPhase {
            changes,
            introduced,
            bare: false,
            deadline,
            timeout,
            attempt: Attempt::None,
            failure: None,
        });
        Ok(())
    }

    /// Sends what is pending as soon as the account's budget allows.
    pub(super) fn hasten(&mut self) {
        if let Some(pending) = &mut self.pending {
            pending.hurried = true;
        }
    }

    /// Sends no more, and leaves the activity as it is.
    pub(super) fn close(&mut self) {
        if !matches!(self.phase, Phase::Over(_)) {
            self.phase = Phase::Over(None);
            self.pending = None;
        }
    }

    // What a driver asks.

    /// What there is to send, if anything.
    pub(super) fn due(&self) -> Option<Due> {
        if self.flight.is_some() {
            return None;
        }
        match &self.phase {
            Phase::Ending(end) => {
                let since = end.deadline.saturating_sub(end.timeout);
                let class = if end.introduced { Class::End } else { Class::Start };
                Some(Due { class, at: self.held_until.min(end.deadline), since })
            }
            Phase::Open if self.stopped.is_none() => {
                let pending = self.pending?;
                let class = if self.may_have_started { pending.class } else { Class::Start };
                let paced = if pending.hurried { Duration::ZERO } else { self.pacer.ready_at(class) };
                Some(Due { class, at: self.held_until.max(paced), since: pending.since })
            }
            _ => None,
        }
    }

    /// When its time to end is up, and nothing more is tried.
    pub(super) fn deadline(&self) -> Option<Duration> {
        match &self.phase {
            Phase::Ending(end) => Some(end.deadline),
            _ => None,
        }
    }

    /// Whether its end was tried, or need not be tried again since the next moment for it comes too late.
    pub(super) fn has_tried_to_end(&self) -> bool {
        matches!(&self.phase, Phase::Ending(end) if end.attempt != Attempt::None)
    }

    fn may_have_ended(&self) -> bool {
        matches!(&self.phase, Phase::Ending(EndPhase { attempt: Attempt::Uncertain, .. }))
    }

    /// Ends without being shown first, since there is no time for both.
    pub(super) fn skip_introduction(&mut self) {
        if let Phase::Ending(end) = &mut self.phase {
            end.introduced = true;
        }
    }

    /// Gives up ending.
    pub(super) fn give_up(&mut self) {
        if let Phase::Ending(end) = &mut self.phase {
            let timeout = end.timeout;
            let failure = match (end.failure.take(), &self.stopped) {
                (Some(failure), _) => failure,
                (None, Some(stopped)) => stopped.clone().into(),
                (None, None) => {
                    ConnectionError { kind: ConnectionErrorKind::Timeout { timeout }, attempts: 0, source: None }.into()
                }
            };
            self.conclude(Err(failure));
        }
    }

    /// Lets go of a change that would say what the device shows already; gives back whether it was one.
    pub(super) fn suppress(&mut self) -> bool {
        let open = matches!(self.phase, Phase::Open) && !self.cell.has_edges();
        let suppressed = open && self.shown.as_ref().is_some_and(|shown| *shown == self.cell.levels());
        if suppressed {
            self.pending = None;
            self.acknowledged = self.cell.version();
            self.counters.suppressed += 1;
        }
        suppressed
    }

    /// The request that is due.
    pub(super) fn send(&mut self, now: Duration) -> Option<Request> {
        let request = match &mut self.phase {
            Phase::Ending(end) if end.introduced => {
                end.attempt = end.attempt.max(Attempt::Made);
                if end.bare { self.cell.bare_end_request() } else { self.cell.end_request(end.changes.clone()) }
            }
            _ => self.cell.request(),
        };
        let is_end = matches!(&self.phase, Phase::Ending(end) if end.introduced);
        let request = match request {
            Ok(request) => request,
            // What was accepted is refused now: a defect, but none that should break anybody's job.
            Err(error) => {
                self.stop(&stopped_by(&error));
                return None;
            }
        };
        let pending = self.pending.take().unwrap_or(Pending { class: Class::Transition, since: now, hurried: false });
        let (version, levels) = (self.cell.version(), self.cell.levels());
        self.flight = Some(Flight { version, pending, levels, is_end });
        self.counters.sent += 1;
        self.pacer.sent(now);
        Some(request)
    }

    /// Takes what became of the request under way. `jitter` is a random number from 0 to 1.
    pub(super) fn settle(&mut self, outcome: Result<StreamResponse, Error>, now: Duration, jitter: f64) -> Consequence {
        let Some(flight) = self.flight.take() else {
            return Consequence::None;
        };
        if self.is_over() {
            // It was not waited for.
            return if flight.is_end && outcome.is_ok() { Consequence::Room } else { Consequence::None };
        }
        match &outcome {
            Ok(_) => self.counters.acknowledged += 1,
            Err(_) => self.counters.failed += 1,
        }
        if flight.is_end {
            return self.settle_end(outcome, &flight, now, jitter);
        }
        match outcome {
            Ok(response) => {
                self.accept(&response, flight, now);
                Consequence::None
            }
            Err(error) if matches!(self.phase, Phase::Ending(_)) => {
                self.bear_while_ending(error, &flight, now);
                Consequence::None
            }
            Err(error) => self.bear(Arc::new(error), &flight, now, jitter),
        }
    }

    // What an answer to a state means.

    fn accept(&mut self, response: &StreamResponse, flight: Flight, now: Duration) {
        self.acknowledged = self.acknowledged.max(flight.version);
        self.cell.acknowledged(flight.version);
        self.may_have_started = true;
        self.skip_introduction();
        self.waits_for_room = false;
        self.refusals = 0;
        self.pacer.done(Some(&response.operation), now);
        self.failures = 0;
        if std::mem::take(&mut self.is_failing) {
            self.events.push(EventKind::Recovered, "requests succeed again");
        }
        // After a pause the service shows nothing until it is told again.
        let paused = response.operation == Operation::Paused;
        self.shown = (!paused).then_some(flight.levels);
        self.events.push(EventKind::Acknowledged, response.operation.as_str());
        if paused {
            self.warn(EventKind::Paused, "the stream is paused in the service; what is sent shows when it is resumed");
        } else if let Some(warning) = &response.warning {
            self.pacer.warned(now);
            self.warn(EventKind::Throttled, &format!("the service warns: {warning}"));
        } else if response.operation == Operation::Rotated {
            self.events.push(EventKind::Rotated, "the service replaced the activity by a new one");
        } else {
            self.warned_of = None;
        }
    }

    fn bear(&mut self, error: Arc<Error>, flight: &Flight, now: Duration, jitter: f64) -> Consequence {
        // Whatever happens, what was not acknowledged is not forgotten.
        let newer = self.pending.take();
        self.pending = Some(Pending {
            class: newer.map_or(flight.pending.class, |newer| newer.class.max(flight.pending.class)),
            since: flight.pending.since,
            hurried: flight.pending.hurried || newer.is_some_and(|newer| newer.hurried),
        });
        if may_have_been_done(&error) {
            self.may_have_started = true;
            self.shown = None;
            self.pacer.done(None, now);
            self.give_up_alert(flight.version);
        }
        match &*error {
            Error::Api(api) => match api.kind {
                // The budget waits, for all.
                ApiErrorKind::RateLimited => self.failing(&error),
                ApiErrorKind::BadRequest => self.refuse(error, flight.version),
                ApiErrorKind::Unauthorized | ApiErrorKind::BillingBlocked { .. } => return Consequence::Circuit,
                ApiErrorKind::Forbidden => self.stop(&stopped_by(&error)),
                ApiErrorKind::ActivityLimitReached { .. } => {
                    self.waits_for_room = true;
                    self.block(&error, LONGEST_WAIT_FOR_ROOM, now, jitter);
                }
                ApiErrorKind::NotFound | ApiErrorKind::NoRecipients { .. } => {
                    self.block(&error, LONGEST_WAIT_FOR_A_DEVICE, now, jitter);
                }
                ApiErrorKind::Server | ApiErrorKind::Unreadable | ApiErrorKind::Redirect { .. } => {
                    self.back_off(&error, now, jitter);
                }
            },
            Error::Connection(_) => self.back_off(&error, now, jitter),
            // No key, or the like.
            Error::Config(_) => return Consequence::Circuit,
            Error::Validation(_) => self.stop(&stopped_by(&error)),
        }
        Consequence::None
    }

    /// The state before the end has failed. What matters now is the end.
    fn bear_while_ending(&mut self, error: Error, flight: &Flight, now: Duration) {
        if may_have_been_done(&error) {
            self.may_have_started = true;
            self.pacer.done(None, now);
            self.give_up_alert(flight.version);
        } else if !self.may_have_started && matches!(&error, Error::Connection(_)) {
            // Nothing was ever shown, so there is nothing to end: without a network a job ends at once.
            return self.conclude(Err(error));
        }
        let rate_limited = matches!(&error, Error::Api(api) if api.kind == ApiErrorKind::RateLimited);
        self.failing(&error);
        if let Phase::Ending(end) = &mut self.phase {
            // The budget waits, and then it is tried again. Whatever else it was, an end can still take away what is there.
            end.introduced |= !rate_limited;
            end.failure = Some(error);
        }
    }

    fn give_up_alert(&mut self, version: u64) {
        if self.cell.forget_alert(version) {
            let message = "nobody knows whether an alert was shown; it is not sent again";
            self.events.push(EventKind::AlertUncertain, message);
        }
    }

    fn failing(&mut self, error: &Error) {
        self.failures = self.failures.saturating_add(1);
        if !std::mem::replace(&mut self.is_failing, true) {
            self.events.push(EventKind::Failing, error.to_string());
        }
    }

    fn back_off(&mut self, error: &Error, now: Duration, jitter: f64) {
        self.failing(error);
        self.held_until = now + backoff(self.failures, jitter);
    }

    fn block(&mut self, error: &Error, longest: Duration, now: Duration, jitter: f64) {
        self.failures = self.failures.saturating_add(1);
        let wait = longest.min(FIRST_WAIT * 2_u32.pow(self.failures.saturating_sub(1).min(8)));
        self.held_until = now + wait.mul_f64(1.0 + 0.1 * retry::sane_jitter(jitter));
        self.warn(EventKind::Blocked, &error.to_string());
    }

    fn refuse(&mut self, error: Arc<Error>, version: u64) {
        self.refusals += 1;
        self.warn(EventKind::Refused, &error.to_string());
        if self.refusals >= MOST_REFUSALS {
            self.stop(&stopped_by(&error));
        } else if self.cell.version() == version {
            self.pending = None;
        }
        self.refused = Some((version, error));
    }

    /// Sends nothing more, but for an end.
    pub(super) fn stop(&mut self, reason: &ConfigError) {
        if self.stopped.is_none() {
            self.events.push(EventKind::Stopped, reason.to_string());
            self.stopped = Some(reason.clone());
        }
        self.pending = None;
    }

    /// Tells of something once, until something else happens.
    fn warn(&mut self, kind: EventKind, message: &str) {
        if self.warned_of.replace(kind) != Some(kind) {
            self.events.push(kind, message);
        }
    }

    // What an answer to the end means.

    fn settle_end(
        &mut self,
        outcome: Result<StreamResponse, Error>,
        flight: &Flight,
        now: Duration,
        jitter: f64,
    ) -> Consequence {
        let error = match outcome {
            Ok(response) => {
                self.acknowledged = flight.version;
                self.conclude(Ok(response));
                return Consequence::Room;
            }
            Err(error) => error,
        };
        if let Error::Api(api) = &error {
            match api.kind {
                // What the service had, it has no more.
                ApiErrorKind::NotFound if self.acknowledged > 0 || self.may_have_ended() => {
                    self.conclude(Ok(wire::already_ended(self.cell.stream_key(), api.status)));
                    return Consequence::None;
                }
                // Nothing was there since it could not be shown, and that is what to tell.
                ApiErrorKind::NotFound => {
                    let first = match &mut self.phase {
                        Phase::Ending(end) => end.failure.take(),
                        _ => None,
                    };
                    self.conclude(Err(first.unwrap_or(error)));
                    return Consequence::None;
                }
                ApiErrorKind::BadRequest => {
                    if let Phase::Ending(end) = &mut self.phase {
                        if !std::mem::replace(&mut end.bare, true) {
                            end.failure = Some(error);
                            return Consequence::None;
                        }
                    }
                }
                _ => {}
            }
        }
        if may_have_been_done(&error) {
            self.give_up_alert(flight.version);
            if let Phase::Ending(end) = &mut self.phase {
                end.attempt = Attempt::Uncertain;
                end.changes.rest.retain(|(name, _)| name != "alert");
            }
        }
        let circuit =
            matches!(&error, Error::Config(_)) || matches!(&error, Error::Api(api) if is_of_the_account(&api.kind));
        if error.is_transient() {
            let rate_limited = matches!(&error, Error::Api(api) if api.kind == ApiErrorKind::RateLimited);
            if !rate_limited {
                self.back_off(&error, now, jitter);
            }
            if let Phase::Ending(end) = &mut self.phase {
                end.failure = Some(error);
            }
            if self.deadline().is_some_and(|deadline| self.held_until >= deadline) {
                self.give_up();
            }
        } else {
            self.conclude(Err(error));
        }
        if circuit { Consequence::Circuit } else { Consequence::None }
    }

    fn conclude(&mut self, outcome: Result<StreamResponse, Error>) {
        // An end that could not say the last state is one that it did not arrive with.
        let outcome = match (&mut self.phase, outcome) {
            (Phase::Ending(EndPhase { bare: true, failure: Some(_), .. }), Ok(_)) => {
                let Phase::Ending(end) = &mut self.phase else { unreachable!("it was looked at just now") };
                Err(end.failure.take().expect("it was looked at just now"))
            }
            (_, outcome) => outcome,
        };
        match &outcome {
            Ok(_) => self.events.push(EventKind::Ended, "the stream has ended with its last state"),
            Err(error) => {
                self.events.push(EventKind::NotArrived, format!("the stream's last state did not arrive: {error}"));
            }
        }
        self.pending = None;
        self.phase = Phase::Over(Some(outcome));
    }

    // What its owner asks.

    pub(super) fn newest(&self) -> Newest {
        if let Some(reason) = &self.stopped {
            return Newest::Refused(Arc::new(reason.clone().into()));
        }
        if self.acknowledged >= self.cell.version() && self.pending.is_none() {
            return Newest::Acknowledged;
        }
        match &self.refused {
            Some((version, error)) if *version == self.cell.version() => Newest::Refused(Arc::clone(error)),
            _ => Newest::Pending,
        }
    }

    /// Whether nothing more is sent.
    pub(super) fn is_over(&self) -> bool {
        matches!(self.phase, Phase::Over(_))
    }

    /// The end's outcome, once.
    pub(super) fn take_outcome(&mut self) -> Option<Result<StreamResponse, Error>> {
        match &mut self.phase {
            Phase::Over(outcome) => outcome.take(),
            _ => None,
        }
    }

    pub(super) fn is_in_flight(&self) -> bool {
        self.flight.is_some()
    }

    /// There may be room for it now.
    pub(super) fn hear_of_room(&mut self, now: Duration) {
        if std::mem::take(&mut self.waits_for_room) {
            self.held_until = now;
        }
    }

    pub(super) fn stream_key(&self) -> &str {
        self.cell.stream_key()
    }

    pub(super) fn counters(&self) -> Counters {
        self.counters
    }

    pub(super) fn take_events(&mut self) -> Vec<Event> {
        self.events.take()
    }
}

/// What is told of a publisher that sends nothing more.
pub(super) fn stopped_by(error: &impl fmt::Display) -> ConfigError {
    ConfigError::new("publishing", format!("has stopped: {error}"))
}

fn over() -> Error {
    ConfigError::new("publisher", "has ended; publish again for another job").into()
}

/// Whether no stream of the account can be sent.
fn is_of_the_account(kind: &ApiErrorKind) -> bool {
    matches!(kind, ApiErrorKind::Unauthorized | ApiErrorKind::BillingBlocked { .. })
}

/// Whether the service may have shown what the failed request carried.
fn may_have_been_done(error: &Error) -> bool {
    retry::may_have_been_done(error) || matches!(error, Error::Api(api) if api.kind == ApiErrorKind::Unreadable)
}

fn backoff(failures: u32, jitter: f64) -> Duration {
    let doublings = failures.saturating_sub(1).min(8);
    let longest = LONGEST_BACKOFF.min(FIRST_BACKOFF * 2_u32.pow(doublings));
    longest.mul_f64(retry::sane_jitter(jitter)).max(SHORTEST_BACKOFF)
}
