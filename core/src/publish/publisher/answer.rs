//! What an answer, or that none came, means for the publisher that made the request.

use std::sync::Arc;
use std::time::Duration;

use super::{Consequence, Flight, Pending, Phase, Publisher, Refusal, stopped_by};
use crate::error::{ApiErrorKind, Error};
use crate::model::{Operation, StreamResponse};
use crate::publish::event::EventKind;
use crate::publish::rules::Rules;
use crate::retry;

impl Publisher {
    /// Takes what became of the request under way. `jitter` is a random number from 0 to 1.
    pub(in crate::publish) fn settle(
        &mut self,
        outcome: Result<StreamResponse, Error>,
        now: Duration,
        jitter: f64,
    ) -> Consequence {
        let flight = self.flight.take().filter(|_| !self.is_over());
        let Some(flight) = flight else {
            return meaning_for_others(&outcome);
        };
        match outcome {
            Ok(response) => {
                self.counters.acknowledged += 1;
                if flight.is_end {
                    self.acknowledged = flight.version;
                    self.conclude(Ok(response));
                    return Consequence::Room;
                }
                self.accept(&response, flight, now);
                Consequence::None
            }
            Err(error) => {
                self.counters.failed += 1;
                self.failure = Some(error.clone());
                self.lose_certainty(&error, &flight, now);
                if matches!(self.phase, Phase::Ending(_)) {
                    self.bear_at_the_end(error, &flight, now, jitter)
                } else {
                    self.bear(error, flight, now, jitter)
                }
            }
        }
    }

    fn accept(&mut self, response: &StreamResponse, flight: Flight, now: Duration) {
        self.acknowledged = self.acknowledged.max(flight.version);
        // After a pause the service shows nothing until it is told again, and then all of it but the alert.
        let paused = response.operation == Operation::Paused;
        self.shown = (!paused).then_some(flight.levels);
        if paused {
            self.cell.forget_alert(flight.version);
        } else {
            self.cell.acknowledged(flight.version);
        }
        self.may_have_started = true;
        self.waits_for_room = false;
        self.refusals = 0;
        self.pacer.done(Some(&response.operation), now);
        self.failure = None;
        if std::mem::take(&mut self.failures) > 0 || self.warned_of == Some(EventKind::Stopped) {
            self.events.push(EventKind::Recovered, "requests succeed again");
            self.warned_of = None;
        }
        self.events.push(EventKind::Acknowledged, response.operation.as_str());
        if response.operation == Operation::Rotated {
            self.events.push(EventKind::Rotated, "the service replaced the activity by a new one");
        }
        if paused {
            self.warn(EventKind::Paused, "the stream is paused in the service; what is sent shows when it is resumed");
        } else if let Some(warning) = &response.warning {
            self.pacer.warned(&self.rules.pacing, now);
            self.warn(EventKind::Throttled, &format!("the service warns: {warning}"));
        } else {
            self.warned_of = None;
        }
    }

    /// What a failure leaves of what was known: of the alert that it carried, and of what the service shows.
    fn lose_certainty(&mut self, error: &Error, flight: &Flight, now: Duration) {
        let may_have_been_done = may_have_been_done(error);
        if flight.carries_alert {
            self.lose_alert(flight, may_have_been_done);
        }
        if may_have_been_done {
            // Of failures in a row one counts: in an outage nothing arrives, and what does is spaced all the same.
            if self.failures == 0 {
                self.pacer.done(None, now);
            }
            self.may_have_started = true;
        }
        // A refusal may mean that nothing is shown any more.
        let refused = matches!(error, Error::Api(api) if api.kind != ApiErrorKind::RateLimited);
        if may_have_been_done || refused {
            self.shown = None;
        }
    }

    fn lose_alert(&mut self, flight: &Flight, may_have_been_shown: bool) {
        if may_have_been_shown {
            self.cell.forget_alert(flight.version);
            if let Phase::Ending(end) = &mut self.phase {
                end.forget_alert(flight.is_end);
            }
            let message = "nobody knows whether an alert was shown; it is not sent again";
            self.events.push(EventKind::AlertUncertain, message);
        } else if self.cell.has_alert_since(flight.version) {
            self.replace_alert();
        }
    }

    fn bear(&mut self, error: Error, flight: Flight, now: Duration, jitter: f64) -> Consequence {
        self.waits_for_room = false;
        if self.stopped.is_some() {
            return meaning_for_others(&Err(error));
        }
        // Whatever happens, what was not acknowledged is not forgotten.
        let newer = self.pending.take();
        self.pending = Some(Pending {
            class: newer.map_or(flight.pending.class, |newer| newer.class.max(flight.pending.class)),
            since: flight.pending.since,
            hurried: flight.pending.hurried || newer.is_some_and(|newer| newer.hurried),
        });
        match &error {
            error if is_of_the_account(error) => return Consequence::Pause,
            Error::Api(api) => match api.kind {
                // The budget waits, for all.
                ApiErrorKind::RateLimited => self.failing(&error),
                ApiErrorKind::Forbidden => self.pause_stream(&error, now),
                ApiErrorKind::ActivityLimitReached { .. } => {
                    self.waits_for_room = true;
                    self.block(&error, self.rules.longest_wait_for_room, now, jitter);
                }
                ApiErrorKind::NotFound | ApiErrorKind::NoRecipients { .. } => {
                    self.block(&error, self.rules.longest_wait_for_device, now, jitter);
                }
                ApiErrorKind::BadRequest => self.refuse(error, flight),
                _ => self.back_off(&error, now, jitter),
            },
            Error::Validation(_) => self.stop(&stopped_by(&error)),
            _ => self.back_off(&error, now, jitter),
        }
        Consequence::None
    }

    pub(super) fn failing(&mut self, error: &Error) {
        self.failures = self.failures.saturating_add(1);
        self.warn(EventKind::Failing, &error.to_string());
    }

    pub(super) fn back_off(&mut self, error: &Error, now: Duration, jitter: f64) {
        self.failing(error);
        self.held_until = now + self.backoff(jitter);
    }

    fn backoff(&self, jitter: f64) -> Duration {
        let Rules { first_backoff, longest_backoff, shortest_backoff, .. } = *self.rules;
        let longest = longest_backoff.min(doubled(first_backoff, self.failures));
        longest.mul_f64(retry::sane_jitter(jitter)).max(shortest_backoff)
    }

    fn block(&mut self, error: &Error, longest: Duration, now: Duration, jitter: f64) {
        self.failures = self.failures.saturating_add(1);
        let wait = longest.min(doubled(self.rules.first_wait, self.failures));
        self.held_until = now + wait.mul_f64(1.0 + self.rules.wait_spread * retry::sane_jitter(jitter));
        self.warn(EventKind::Blocked, &error.to_string());
    }

    fn refuse(&mut self, error: Error, flight: Flight) {
        self.refusals += 1;
        self.warn(EventKind::Refused, &error.to_string());
        if self.refusals >= self.rules.most_refusals {
            self.stop(&stopped_by(&error));
        } else if self.cell.version() == flight.version {
            self.pending = None;
        }
        self.refused = Some(Refusal { version: flight.version, levels: flight.levels, error: Arc::new(error) });
    }

    /// Tells of something once, until something else happens.
    pub(super) fn warn(&mut self, kind: EventKind, message: &str) {
        if self.warned_of.replace(kind) != Some(kind) {
            self.events.push(kind, message);
        }
    }
}

/// What the other publishers should know of an outcome that its own one does not wait for any more.
pub(in crate::publish) fn meaning_for_others(outcome: &Result<StreamResponse, Error>) -> Consequence {
    match outcome {
        Ok(response) if response.operation == Operation::Ended => Consequence::Room,
        Err(error) if is_of_the_account(error) => Consequence::Pause,
        _ => Consequence::None,
    }
}

/// Whether no stream of the account can be sent: for want of a key that will do, or of money.
pub(super) fn is_of_the_account(error: &Error) -> bool {
    match error {
        Error::Config(_) => true,
        Error::Api(api) => matches!(api.kind, ApiErrorKind::Unauthorized | ApiErrorKind::BillingBlocked { .. }),
        _ => false,
    }
}

/// Whether the service may have shown what the failed request carried.
fn may_have_been_done(error: &Error) -> bool {
    retry::may_have_been_done(error) || matches!(error, Error::Api(api) if api.kind == ApiErrorKind::Unreadable)
}

fn doubled(first: Duration, times: u32) -> Duration {
    first.saturating_mul(2_u32.pow(times.saturating_sub(1).min(8)))
}
