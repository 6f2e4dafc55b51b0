//! What the outcome of a request means for the publisher that made it.

use std::sync::Arc;
use std::time::Duration;

use super::phase::{Consequence, InFlight, Pending, Phase, Refusal};
use super::{Publisher, stopped_by};
use crate::api::{self, Answer, Operation};
use crate::call::{self, sane_jitter};
use crate::error::{ApiErrorKind, Error};
use crate::publish::budget::longer;
use crate::publish::event::EventKind;
use crate::publish::rules::Rules;

impl Publisher {
    /// Takes the outcome of the request under way. `jitter` is a random number from 0 to 1.
    pub(in crate::publish) fn settle(
        &mut self,
        outcome: Result<Answer, Error>,
        now: Duration,
        jitter: f64,
    ) -> Consequence {
        let in_flight = self.in_flight.take().filter(|_| !self.is_over());
        let Some(in_flight) = in_flight else {
            return meaning_for_others(&outcome);
        };
        match outcome {
            Ok(response) => {
                self.counters.acknowledged += 1;
                if in_flight.is_end {
                    self.acknowledged = in_flight.version;
                    self.conclude(Ok(response));
                    return Consequence::Room;
                }
                self.accept(&response, in_flight, now);
                Consequence::None
            }
            Err(error) => {
                self.counters.failed += 1;
                self.failure = Some(error.clone());
                self.mark_uncertain(&error, &in_flight, now);
                if matches!(self.phase, Phase::Ending(_)) {
                    self.on_error_at_end(error, &in_flight, now, jitter)
                } else {
                    self.on_error(error, in_flight, now, jitter)
                }
            }
        }
    }

    fn accept(&mut self, response: &Answer, in_flight: InFlight, now: Duration) {
        self.acknowledged = self.acknowledged.max(in_flight.version);
        // After a pause the service shows nothing until it is sent again: all of it but the alert.
        let operation = api::operation(response);
        let paused = operation == Operation::Paused;
        self.shown = (!paused).then_some(in_flight.levels);
        if paused {
            self.state.forget_alert(in_flight.version);
        } else {
            self.state.acknowledged(in_flight.version);
        }
        self.may_have_started = true;
        self.waits_for_room = false;
        self.refusals = 0;
        self.pacer.done(Some(&operation), now);
        self.failure = None;
        if std::mem::take(&mut self.failures) > 0 || self.warned_of == Some(EventKind::Stopped) {
            self.events.push(EventKind::Recovered, "requests succeed again");
            self.warned_of = None;
        }
        self.events.push(EventKind::Acknowledged, operation.as_str());
        if operation == Operation::Rotated {
            self.events.push(EventKind::Rotated, "the service replaced the activity by a new one");
        }
        if paused {
            self.warn(EventKind::Paused, "the stream is paused in the service; what is sent shows when it is resumed");
        } else if let Some(warning) = response.text("warning") {
            self.pacer.warned(&self.rules.pacing, now);
            self.warn(EventKind::Throttled, &format!("the service warns: {warning}"));
        } else {
            self.warned_of = None;
        }
    }

    /// Marks as unknown what a failure leaves unknown: whether the alert was shown, and what the service shows.
    fn mark_uncertain(&mut self, error: &Error, in_flight: &InFlight, now: Duration) {
        let may_have_been_done = may_have_been_done(error);
        if in_flight.carries_alert {
            self.lose_alert(in_flight, may_have_been_done);
        }
        if may_have_been_done {
            // Of failures in a row one counts: in an outage most requests do not arrive.
            if self.failures == 0 {
                self.pacer.done(None, now);
            }
            self.may_have_started = true;
        }
        // A refusal may mean that nothing is shown any more.
        let refused = matches!(error, Error::Api(api) if !matches!(api.kind, ApiErrorKind::RateLimited));
        if may_have_been_done || refused {
            self.shown = None;
        }
    }

    fn lose_alert(&mut self, in_flight: &InFlight, may_have_been_shown: bool) {
        if may_have_been_shown {
            self.state.forget_alert(in_flight.version);
            if let Phase::Ending(end) = &mut self.phase {
                end.forget_alert(in_flight.is_end);
            }
            let message = "it is unknown whether an alert was shown; it is not sent again";
            self.events.push(EventKind::AlertUncertain, message);
        } else if self.state.has_alert_since(in_flight.version) {
            self.replace_alert();
        }
    }

    fn on_error(&mut self, error: Error, in_flight: InFlight, now: Duration, jitter: f64) -> Consequence {
        self.waits_for_room = false;
        if self.stopped.is_some() {
            return meaning_for_others(&Err(error));
        }
        // What was not acknowledged stays pending after every failure.
        let newer = self.pending.take();
        self.pending = Some(Pending {
            class: newer.map_or(in_flight.pending.class, |newer| newer.class.max(in_flight.pending.class)),
            since: in_flight.pending.since,
            hurried: in_flight.pending.hurried || newer.is_some_and(|newer| newer.hurried),
        });
        match &error {
            error if is_of_the_account(error) => return Consequence::Pause,
            Error::Api(api) => match api.kind {
                // The budget pauses all publishers.
                ApiErrorKind::RateLimited => self.failing(&error),
                ApiErrorKind::Forbidden => self.pause_stream(&error, now),
                ApiErrorKind::ActivityLimitReached { .. } => {
                    self.waits_for_room = true;
                    self.block(&error, self.rules.longest_wait_for_room, now, jitter);
                }
                ApiErrorKind::NotFound | ApiErrorKind::NoRecipients { .. } => {
                    self.block(&error, self.rules.longest_wait_for_device, now, jitter);
                }
                ApiErrorKind::BadRequest => self.refuse(error, in_flight),
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
        longest.mul_f64(sane_jitter(jitter)).max(shortest_backoff)
    }

    fn block(&mut self, error: &Error, longest: Duration, now: Duration, jitter: f64) {
        self.failures = self.failures.saturating_add(1);
        let wait = longest.min(doubled(self.rules.first_wait, self.failures));
        self.held_until = now + longer(wait, self.rules.wait_spread * sane_jitter(jitter));
        self.warn(EventKind::Blocked, &error.to_string());
    }

    fn refuse(&mut self, error: Error, in_flight: InFlight) {
        self.refusals += 1;
        self.warn(EventKind::Refused, &error.to_string());
        if self.refusals >= self.rules.most_refusals {
            self.stop(&stopped_by(&error));
        } else if self.state.version() == in_flight.version {
            self.pending = None;
        }
        self.refused = Some(Refusal { version: in_flight.version, levels: in_flight.levels, error: Arc::new(error) });
    }

    /// Reports something once, until something else happens.
    pub(super) fn warn(&mut self, kind: EventKind, message: &str) {
        if self.warned_of.replace(kind) != Some(kind) {
            self.events.push(kind, message);
        }
    }
}

/// What an outcome means for the other publishers when its own no longer waits for it.
pub(in crate::publish) fn meaning_for_others(outcome: &Result<Answer, Error>) -> Consequence {
    match outcome {
        Ok(response) if api::operation(response) == Operation::Ended => Consequence::Room,
        Err(error) if is_of_the_account(error) => Consequence::Pause,
        _ => Consequence::None,
    }
}

/// Whether nothing of the account can be sent: the key is missing or refused, or billing blocks the account.
pub(super) fn is_of_the_account(error: &Error) -> bool {
    match error {
        Error::Config(_) => true,
        Error::Api(api) => matches!(api.kind, ApiErrorKind::Unauthorized | ApiErrorKind::BillingBlocked { .. }),
        _ => false,
    }
}

/// Whether the service may have shown what the failed request carried.
fn may_have_been_done(error: &Error) -> bool {
    call::may_have_been_done(error) || matches!(error, Error::Api(api) if matches!(api.kind, ApiErrorKind::Unreadable))
}

fn doubled(first: Duration, times: u32) -> Duration {
    first.saturating_mul(2_u32.pow(times.saturating_sub(1).min(8)))
}
