//! How a stream ends: within a time, with its last state, once. A stream that was never shown is shown first, unless its job has
//! succeeded and something hinders that.

use std::time::Duration;

use super::answer::is_of_the_account;
use super::phase::{Consequence, EndPhase, InFlight, Phase};
use super::{Publisher, not_arrived};
use crate::api::{self, Answer, Operation};
use crate::call::Request;
use crate::error::{ApiErrorKind, ConnectionError, ConnectionErrorKind, Error};
use crate::publish::changes::Changes;
use crate::publish::event::EventKind;
use crate::publish::options::Ending;
use crate::validate::ValidationError;

impl Publisher {
    /// Ends the stream, within a time. A second end changes nothing: its outcome is that of the first.
    pub(in crate::publish) fn end(
        &mut self,
        ending: Ending<'_>,
        timeout: Option<Duration>,
        now: Duration,
    ) -> Result<(), Error> {
        if !matches!(self.phase, Phase::Open) {
            return Ok(());
        }
        let succeeded = !ending.is_failure();
        let by_rule = if succeeded { self.rules.success_timeout } else { self.rules.failure_timeout };
        let timeout = timeout.or(self.flush_timeout).unwrap_or(by_rule);
        let mut changes = match ending {
            Ending::Finished(changes) => changes,
            Ending::Complete => Changes::of_number("percentage", 100),
            Ending::Failed(reason) => self.state.failed(reason, Changes::default(), &self.rules),
            Ending::FailedWith(reason, changes) => self.state.failed(reason, changes, &self.rules),
        };
        self.state.clamp(&mut changes);
        self.warn_of_numbers();
        // Refused here, while the caller can still correct it.
        self.state.end_request(changes.clone())?;
        let was_failing = self.failures > 0;
        // What a state waited for, an end does not.
        (self.held_until, self.failures, self.waits_for_room) = (Duration::ZERO, 0, false);
        self.phase = Phase::Ending(EndPhase {
            changes,
            since: now,
            deadline: now.saturating_add(timeout),
            timeout,
            shown_in_vain: false,
            succeeded,
            show_tried: false,
            tried: false,
            extended: false,
            refused: None,
            failure: None,
            was_failing,
        });
        if self.disabled().is_some() && !self.may_have_started {
            self.give_up();
        } else if self.is_unshown_success() {
            if let Some(failure) = self.failure.take() {
                self.conclude(Err(failure));
            } else if self.hidden_until > now {
                self.conclude_unshown("the job has succeeded before it was to be shown");
            }
        }
        Ok(())
    }

    /// When its time to end is up, and nothing more is tried.
    pub(in crate::publish) fn deadline(&self) -> Option<Duration> {
        match &self.phase {
            Phase::Ending(end) => Some(end.deadline),
            _ => None,
        }
    }

    /// Whether its end was tried, or nothing is worth a try since there is nothing to end.
    pub(in crate::publish) fn has_tried_to_end(&self) -> bool {
        let Phase::Ending(end) = &self.phase else { return false };
        end.tried || !self.may_have_started && (end.succeeded || end.show_tried)
    }

    /// Whether it ends a job that has succeeded and of which the service can have shown nothing.
    pub(in crate::publish) fn is_unshown_success(&self) -> bool {
        let succeeded = matches!(&self.phase, Phase::Ending(EndPhase { succeeded: true, .. }));
        succeeded && self.acknowledged == 0 && !self.may_have_started && self.in_flight.is_none()
    }

    /// Ends a job that has succeeded without showing it, and why nothing was shown.
    pub(in crate::publish) fn conclude_unshown(&mut self, reason: &str) {
        let message = format!("nothing was shown: {reason}");
        self.events.push(EventKind::Ended, message.as_str());
        let mut answer = api::answer_of(&Operation::Noop, self.stream_key());
        answer.known.insert("message".to_owned(), message.into());
        self.pending = None;
        self.phase = Phase::Over(Ok(answer));
    }

    /// Whether the stream has to be shown before it is ended, since the service has never said that it shows it.
    pub(super) fn shows_first(&self) -> bool {
        self.acknowledged == 0 && !matches!(&self.phase, Phase::Ending(EndPhase { shown_in_vain: true, .. }))
    }

    /// The request that is next, whose answer comes until then, and whether it is the end.
    pub(super) fn next_request(&mut self, until: Duration) -> Result<(Request, bool), ValidationError> {
        let shows_first = self.shows_first();
        let Phase::Ending(end) = &mut self.phase else {
            return Ok((self.state.request()?, false));
        };
        if until > end.deadline && !std::mem::replace(&mut end.extended, true) {
            // A request that goes at the last moment has the least timeout.
            end.deadline = until;
        }
        if shows_first {
            end.show_tried = true;
            return Ok((self.state.request()?, false));
        }
        end.tried = true;
        let bare = end.refused.is_some();
        let request = if bare { self.state.bare_end_request() } else { self.state.end_request(end.changes.clone()) };
        Ok((request?, true))
    }

    /// What a failure means while it ends.
    pub(super) fn on_error_at_end(
        &mut self,
        error: Error,
        in_flight: &InFlight,
        now: Duration,
        jitter: f64,
    ) -> Consequence {
        let Phase::Ending(end) = &mut self.phase else {
            return Consequence::None;
        };
        if is_of_the_account(&error) {
            self.conclude(Err(error));
            return Consequence::Pause;
        }
        end.shown_in_vain |= !in_flight.is_end && self.may_have_started;
        let kind = match &error {
            Error::Api(api) => Some((&api.kind, api.status)),
            _ => None,
        };
        match kind {
            // It was shown, and is no longer. If it is unknown whether it was shown, the last state may be lost.
            Some((ApiErrorKind::NotFound, status)) if in_flight.is_end && self.acknowledged > 0 => {
                let mut answer = api::already_ended(self.state.stream_key());
                answer.facts.status = status;
                self.conclude(Ok(answer));
            }
            Some((ApiErrorKind::BadRequest, _)) if in_flight.is_end && end.refused.is_none() => {
                end.refused = Some(error);
            }
            // Nothing was ever shown, so there is nothing to end, and no job waits for its progress bar.
            _ if !self.may_have_started && end.succeeded => self.conclude(Err(error)),
            None if !self.may_have_started && (end.was_failing || self.failures > 0) => self.conclude(Err(error)),
            _ if error.is_transient() => {
                // After a rate limit the budget waits.
                if !matches!(kind, Some((ApiErrorKind::RateLimited, _))) {
                    self.back_off(&error, now, jitter);
                }
                self.fail_for_now(error);
            }
            // A state that was refused gives way to the end.
            _ if !in_flight.is_end && self.may_have_started => {}
            _ => self.conclude(Err(error)),
        }
        Consequence::None
    }

    fn fail_for_now(&mut self, error: Error) {
        if let Phase::Ending(end) = &mut self.phase {
            end.failure = Some(error);
            let too_late = self.held_until + self.rules.least_timeout > end.deadline;
            if too_late && self.has_tried_to_end() {
                self.give_up();
            }
        }
    }

    /// Gives up ending; gives back whether it was ending.
    pub(in crate::publish) fn give_up(&mut self) -> bool {
        let is_in_flight = self.is_in_flight();
        let disabled = self.disabled().cloned().map(Error::from);
        if let Phase::Ending(end) = &mut self.phase {
            let timeout = end.timeout;
            let known = end.failure.take().or(end.refused.take()).or(disabled);
            // Without a request there is no answer that could be missing.
            let silence = if end.tried || is_in_flight {
                ConnectionError { kind: ConnectionErrorKind::Timeout { timeout }, attempts: 0, cause: None }.into()
            } else {
                not_arrived(timeout, None)
            };
            self.conclude(Err(known.unwrap_or(silence)));
            return true;
        }
        false
    }

    pub(super) fn conclude(&mut self, outcome: Result<Answer, Error>) {
        let refused = match &mut self.phase {
            Phase::Ending(end) => end.refused.take(),
            _ => None,
        };
        // The last state has not arrived with an end that went without it.
        let outcome = outcome.and_then(|response| refused.map_or(Ok(response), Err));
        match &outcome {
            Ok(_) => self.events.push(EventKind::Ended, "the stream has ended with its last state"),
            Err(error) => {
                self.events.push(EventKind::NotArrived, format!("the stream's last state did not arrive: {error}"));
            }
        }
        self.pending = None;
        self.phase = Phase::Over(outcome);
    }

    /// The end's outcome, once it is known.
    pub(in crate::publish) fn outcome(&self) -> Option<Result<Answer, Error>> {
        match &self.phase {
            Phase::Over(outcome) => Some(outcome.clone()),
            _ => None,
        }
    }
}
