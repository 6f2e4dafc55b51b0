//! How many requests an account may make, and which of those that wait goes first. It knows nothing of streams and states.

use std::fmt;
use std::ops::RangeInclusive;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::store::{Command, Reply};
use crate::error::{ApiErrorKind, Error};
use crate::model::{RateLimit, StreamResponse};
use crate::retry::sane_jitter;

/// What a request is for; of several that wait, the greatest goes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Only a figure has moved.
    Tick,
    /// Something else has changed, or it is urgent.
    Transition,
    /// The first state of a stream.
    Start,
    /// The end of a stream.
    End,
}

/// The requests of one account, shared by all that send for it. In one process it is a [`Budget`]; what shares one between
/// processes or hosts wraps a [`BudgetState`] in whatever they share.
pub trait AccountBudget: fmt::Debug {
    /// Takes a request of this class, or says how long to wait until there may be one.
    fn take(&mut self, class: Class, now: Duration) -> Result<(), Duration>;

    /// Counts a request that is sent in any case.
    fn charge(&mut self, now: Duration);

    /// Learns from an answer. `jitter` is a random number from 0 to 1.
    fn learn(&mut self, outcome: &Result<StreamResponse, Error>, now: Duration, jitter: f64);

    /// Why the budget could not be shared, for a log, if that has happened since the last call. It is called after each use of the
    /// budget, because logging has to wait until the caller has released its locks.
    fn take_problem(&mut self) -> Option<String> {
        None
    }

    /// What a store that holds the budget is to do, if there is one. The next command is asked for after the reply.
    fn take_command(&mut self) -> Option<Command> {
        None
    }

    /// Takes the store's reply, or why there is none.
    fn take_reply(&mut self, _reply: Result<Reply, String>, _now: Duration) {}
}

/// A budget of one process.
#[derive(Clone, Debug, Default)]
pub struct Budget(BudgetState);

impl AccountBudget for Budget {
    fn take(&mut self, class: Class, now: Duration) -> Result<(), Duration> {
        self.0.take(class, now)
    }

    fn charge(&mut self, now: Duration) {
        self.0.charge(now);
    }

    fn learn(&mut self, outcome: &Result<StreamResponse, Error>, now: Duration, jitter: f64) {
        self.0.learn(outcome, now, jitter);
    }
}

/// Before the service has told its limits: 50 requests a minute, 10 of them at once, so at most 59 in any minute.
const INTERVAL: Duration = Duration::from_millis(1_200);
const BURST: u32 = 10;
/// How much of the service's limit is used; others may send for the account, too.
const SHARE: f64 = 0.8;
const BURST_SHARE: f64 = 0.15;
const LARGEST_BURST: u32 = 20;
/// So many requests of a burst are kept for the ends of streams.
const RESERVED_FOR_ENDS: u32 = 3;

/// The service's windows are as long as this. Requests from before one no longer count, however many there were.
const WINDOW: Duration = Duration::from_secs(60);
/// What a policy can say that is believed.
const WINDOWS: RangeInclusive<f64> = 1.0..=86_400.0;
const SHORTEST_INTERVAL: Duration = Duration::from_millis(1);
/// What others can have written into a budget that is believed.
const LONGEST_INTERVAL: Duration = Duration::from_secs(2 * 86_400);
/// No wait is shorter, lest a driver wake for nothing while the rate recovers by a hair.
const SHORTEST_WAIT: Duration = Duration::from_millis(1);

/// The shortest and the longest pause that the service can ask of a publisher.
const SHORTEST_FREEZE: Duration = Duration::from_secs(1);
const LONGEST_FREEZE: Duration = Duration::from_secs(15 * 60);
/// How long to pause when a request was one too many and the service does not say for how long: longer each time.
const FIRST_BLIND_FREEZE: Duration = Duration::from_secs(60);
const NEXT_BLIND_FREEZE: Duration = Duration::from_secs(30);
const LONGEST_BLIND_FREEZE: Duration = Duration::from_secs(300);
/// What is left of the rate after such a request, and of that how much comes back in a minute.
const SLOWDOWN: f64 = 0.7;
const SLOWEST: f64 = 0.1;
const RECOVERY_A_MINUTE: f64 = 0.1;

/// A budget as plain data. Its times count from any fixed moment that all who share it know.
///
/// It is a generic cell rate algorithm: one moment says all about what was sent, so there is nothing to sweep and no timer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BudgetState {
    /// Between two requests at the full rate.
    interval: Duration,
    burst: u32,
    /// When the next request would be due had they come evenly; `burst` of them may come earlier.
    due: Duration,
    /// Nothing goes before.
    frozen_until: Duration,
    /// Which part of the full rate was left at a moment.
    slowed: f64,
    slowed_at: Duration,
    /// Requests that were one too many without a word of how long to wait, since one succeeded.
    blind_freezes: u32,
}

impl Default for BudgetState {
    fn default() -> Self {
        Self {
            interval: INTERVAL,
            burst: BURST,
            due: Duration::ZERO,
            frozen_until: Duration::ZERO,
            slowed: 1.0,
            slowed_at: Duration::ZERO,
            blind_freezes: 0,
        }
    }
}

impl BudgetState {
    /// As [`AccountBudget::take`].
    pub fn take(&mut self, class: Class, now: Duration) -> Result<(), Duration> {
        match self.ready_at(class, now).saturating_sub(now) {
            Duration::ZERO => {
                self.charge(now);
                Ok(())
            }
            wait => Err(wait.max(SHORTEST_WAIT)),
        }
    }

    /// As [`AccountBudget::charge`].
    pub fn charge(&mut self, now: Duration) {
        let pace = self.pace(now);
        // Direct calls can overdraw it as far as they like, but they are forgotten with their window.
        let most = WINDOW.max(pace * self.burst);
        self.due = (self.due.max(now) + pace).min(now + most);
    }

    /// As [`AccountBudget::learn`].
    pub fn learn(&mut self, outcome: &Result<StreamResponse, Error>, now: Duration, jitter: f64) {
        match outcome {
            Ok(response) => {
                if response.facts.status != 0 {
                    self.blind_freezes = 0;
                }
                self.obey(&response.facts.rate_limits, now);
            }
            Err(Error::Api(error)) if error.kind == ApiErrorKind::RateLimited => {
                self.freeze(error.retry_after, now, jitter);
            }
            Err(_) => {}
        }
    }

    /// This, as far as it can be at this moment: what others have written may be anything, and no mistake may last.
    #[must_use]
    pub fn plausible(mut self, now: Duration) -> Self {
        self.interval = self.interval.clamp(SHORTEST_INTERVAL, LONGEST_INTERVAL);
        self.burst = self.burst.clamp(1, LARGEST_BURST);
        self.due = self.due.min(now + LONGEST_FREEZE);
        self.frozen_until = self.frozen_until.min(now + LONGEST_FREEZE.mul_f64(1.1));
        self.slowed = if self.slowed.is_nan() { SLOWEST } else { self.slowed.clamp(SLOWEST, 1.0) };
        self.slowed_at = self.slowed_at.min(now);
        self
    }

    /// When a request of this class may go.
    fn ready_at(&self, class: Class, now: Duration) -> Duration {
        let reserved = if class == Class::End { 0 } else { RESERVED_FOR_ENDS.min(self.burst - 1) };
        let early = self.pace(now) * (self.burst - 1 - reserved);
        self.due.saturating_sub(early).max(self.frozen_until)
    }

    /// Between two requests now.
    fn pace(&self, now: Duration) -> Duration {
        self.interval.div_f64(self.speed(now))
    }

    /// Which part of the full rate it has now.
    fn speed(&self, now: Duration) -> f64 {
        let minutes = now.saturating_sub(self.slowed_at).as_secs_f64() / 60.0;
        (self.slowed + RECOVERY_A_MINUTE * minutes).min(1.0)
    }

    /// Follows the service's limits: the tightest policy sets the rate, and no more is done than it says is left.
    fn obey(&mut self, limits: &[RateLimit], now: Duration) {
        let rate_of = |limit: &RateLimit| {
            let (quota, window) = (limit.quota? as f64, limit.window?.as_secs_f64());
            (quota >= 1.0 && WINDOWS.contains(&window)).then_some((quota / window, quota))
        };
        let tightest = limits.iter().filter_map(rate_of).min_by(|one, other| one.0.total_cmp(&other.0));
        if let Some((rate, quota)) = tightest {
            self.set_interval(Duration::from_secs_f64(1.0 / (SHARE * rate)).max(SHORTEST_INTERVAL), now);
            self.burst = ((BURST_SHARE * quota) as u32).clamp(1, LARGEST_BURST);
        }
        for limit in limits {
            match (limit.remaining, limit.reset) {
                (Some(0), Some(reset)) => {
                    self.frozen_until = self.frozen_until.max(now + reset.min(LONGEST_FREEZE));
                }
                (Some(remaining), _) if remaining < self.burst.into() => {
                    self.due = self.due.max(now + self.pace(now) * (self.burst - remaining as u32));
                }
                _ => {}
            }
        }
    }

    /// Changes the rate. What was sent counts as many requests as before.
    fn set_interval(&mut self, interval: Duration, now: Duration) {
        let debt = self.due.saturating_sub(now);
        self.due = self.due.min(now) + debt.mul_f64(interval.div_duration_f64(self.interval));
        self.interval = interval;
    }

    /// A request was one too many: nothing goes for so long.
    fn freeze(&mut self, retry_after: Option<Duration>, now: Duration, jitter: f64) {
        let jitter = sane_jitter(jitter);
        let pause = if let Some(asked) = retry_after {
            asked.clamp(SHORTEST_FREEZE, LONGEST_FREEZE).mul_f64(1.0 + 0.1 * jitter)
        } else {
            let asked = (FIRST_BLIND_FREEZE + NEXT_BLIND_FREEZE * self.blind_freezes).min(LONGEST_BLIND_FREEZE);
            self.blind_freezes = self.blind_freezes.saturating_add(1);
            self.slowed = (self.speed(now) * SLOWDOWN).max(SLOWEST);
            self.slowed_at = now;
            asked + Duration::from_secs(5).mul_f64(jitter)
        };
        self.frozen_until = self.frozen_until.max(now + pause);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::error::ApiError;

    const MINUTE: Duration = Duration::from_secs(60);

    fn seconds(seconds: f64) -> Duration {
        Duration::from_secs_f64(seconds)
    }

    /// When requests of a class go, from one who always has one, during some time.
    fn greedy(budget: &mut BudgetState, class: Class, mut now: Duration, end: Duration) -> Vec<Duration> {
        let mut sent = Vec::new();
        while now < end {
            match budget.take(class, now) {
                Ok(()) => sent.push(now),
                Err(wait) => now += wait,
            }
        }
        sent
    }

    fn most_in_a_minute(sent: &[Duration]) -> usize {
        let within = |(index, first): (usize, &Duration)| sent.partition_point(|time| *time < *first + MINUTE) - index;
        sent.iter().enumerate().map(within).max().unwrap_or(0)
    }

    #[allow(clippy::unnecessary_wraps, reason = "an outcome, as the budget takes it")]
    fn limits(quota: u64, remaining: u64, reset: u64) -> Result<StreamResponse, Error> {
        let mut response = StreamResponse::disabled("k");
        response.facts.status = 200;
        response.facts.rate_limits = vec![RateLimit {
            policy: "account:live-activities".into(),
            remaining: Some(remaining),
            reset: Some(Duration::from_secs(reset)),
            quota: Some(quota),
            window: Some(MINUTE),
        }];
        Ok(response)
    }

    fn one_too_many(retry_after: Option<u64>) -> Result<StreamResponse, Error> {
        Err(Error::Api(Box::new(ApiError {
            kind: ApiErrorKind::RateLimited,
            status: 429,
            code: None,
            message: None,
            body: String::new(),
            request_id: None,
            date: None,
            retry_after: retry_after.map(Duration::from_secs),
            attempts: 1,
        })))
    }

    #[test]
    fn at_most_59_requests_go_in_any_minute() {
        let sent = greedy(&mut BudgetState::default(), Class::End, Duration::ZERO, 10 * MINUTE);
        assert_eq!(most_in_a_minute(&sent), 59);
        assert_eq!(sent.iter().take_while(|time| time.is_zero()).count(), 10, "a burst");
    }

    proptest! {
        #[test]
        fn no_order_of_requests_makes_more_than_59_go_in_any_minute(
            steps in prop::collection::vec((0..4_usize, 0..2_500_u64, 0..100_u32), 1..400),
        ) {
            let mut budget = BudgetState::default();
            let (mut now, mut sent) = (Duration::ZERO, Vec::new());
            for (class, gap, chance) in steps {
                now += Duration::from_millis(gap);
                let class = [Class::Tick, Class::Transition, Class::Start, Class::End][class];
                if chance == 0 {
                    budget.learn(&one_too_many(None), now, 0.5);
                }
                while budget.take(class, now).is_ok() {
                    sent.push(now);
                }
            }
            prop_assert!(most_in_a_minute(&sent) <= 59, "{}", most_in_a_minute(&sent));
        }

        #[test]
        fn whatever_the_limit_no_more_go_than_it_allows(
            quota in 10..2_000_u64,
            gaps in prop::collection::vec(0..1_000_u64, 1..400),
        ) {
            let mut budget = BudgetState::default();
            budget.learn(&limits(quota, quota - 1, 60), Duration::ZERO, 0.0);
            let (mut now, mut sent) = (Duration::ZERO, Vec::new());
            for gap in gaps {
                now += Duration::from_millis(gap);
                while budget.take(Class::End, now).is_ok() {
                    sent.push(now);
                }
            }
            prop_assert!(most_in_a_minute(&sent) as u64 <= quota, "{}", most_in_a_minute(&sent));
        }
    }

    #[test]
    fn the_last_requests_of_a_burst_are_for_ends() {
        let mut budget = BudgetState::default();
        let mut taken = 0;
        while budget.take(Class::Start, Duration::ZERO).is_ok() {
            taken += 1;
        }
        assert_eq!(taken, 7);
        assert!((0..3).all(|_| budget.take(Class::End, Duration::ZERO).is_ok()));
        assert_eq!(budget.take(Class::End, Duration::ZERO), Err(INTERVAL));
    }

    #[test]
    fn direct_calls_count() {
        let mut budget = BudgetState::default();
        (0..50).for_each(|_| budget.charge(Duration::ZERO));
        assert_eq!(budget.take(Class::End, Duration::ZERO), Err(seconds(1.2 * 41.0)));
    }

    #[test]
    fn direct_calls_are_forgotten_with_their_window() {
        let mut budget = BudgetState::default();
        (0..5_000).for_each(|_| budget.charge(Duration::ZERO));
        assert!(budget.take(Class::Tick, MINUTE).is_ok());
    }

    #[test]
    fn what_was_sent_counts_also_when_the_rate_changes() {
        let mut budget = BudgetState::default();
        (0..10).for_each(|_| budget.charge(Duration::ZERO));
        budget.learn(&limits(300, 290, 60), Duration::ZERO, 0.0);
        assert!((0..10).all(|_| budget.take(Class::End, Duration::ZERO).is_ok()), "10 of a burst of 20 are left");
        budget.learn(&limits(30, 28, 60), Duration::ZERO, 0.0);
        let wait = budget.take(Class::End, Duration::ZERO).unwrap_err();
        assert_eq!(wait, seconds(2.5 * 17.0), "20 of a burst of 4");
    }

    #[test]
    fn it_follows_the_services_limits_up_and_down() {
        let mut budget = BudgetState::default();
        budget.learn(&limits(300, 299, 60), Duration::ZERO, 0.0);
        let sent = greedy(&mut budget, Class::End, Duration::ZERO, 10 * MINUTE);
        assert_eq!(most_in_a_minute(&sent), 259);
        let now = 20 * MINUTE;
        budget.learn(&limits(30, 29, 60), now, 0.0);
        let sent = greedy(&mut budget, Class::End, now, now + 10 * MINUTE);
        assert!(most_in_a_minute(&sent) <= 28, "{}", most_in_a_minute(&sent));
    }

    #[test]
    fn no_more_is_done_than_is_left() {
        let mut budget = BudgetState::default();
        budget.learn(&limits(300, 2, 40), Duration::ZERO, 0.0);
        assert!(budget.take(Class::End, Duration::ZERO).is_ok());
        assert!(budget.take(Class::End, Duration::ZERO).is_ok());
        assert!(budget.take(Class::End, Duration::ZERO).is_err());
        budget.learn(&limits(300, 0, 40), Duration::ZERO, 0.0);
        assert_eq!(budget.take(Class::End, Duration::ZERO), Err(seconds(40.0)));
    }

    #[test]
    fn the_service_can_say_for_how_long_nothing_goes() {
        let mut budget = BudgetState::default();
        budget.learn(&one_too_many(Some(20)), Duration::ZERO, 1.0);
        assert_eq!(budget.take(Class::End, Duration::ZERO), Err(seconds(22.0)));
        budget.learn(&one_too_many(Some(1_000_000)), Duration::ZERO, 0.0);
        assert_eq!(budget.take(Class::End, Duration::ZERO), Err(LONGEST_FREEZE));
        let mut budget = BudgetState::default();
        budget.learn(&one_too_many(Some(0)), Duration::ZERO, 0.0);
        assert_eq!(budget.take(Class::End, Duration::ZERO), Err(SHORTEST_FREEZE), "none at all would be hammering");
    }

    #[test]
    fn without_a_word_from_the_service_pauses_grow_and_the_rate_falls_and_recovers() {
        let mut budget = BudgetState::default();
        let mut now = Duration::ZERO;
        for pause in [60.0, 90.0, 120.0] {
            budget.learn(&one_too_many(None), now, 0.0);
            assert_eq!(budget.take(Class::Tick, now), Err(seconds(pause)));
            now += seconds(pause);
        }
        assert!(budget.pace(now) > INTERVAL);
        assert_eq!(budget.pace(now + 10 * MINUTE), INTERVAL);
        budget.learn(&limits(300, 299, 60), now, 0.0);
        budget.learn(&one_too_many(None), now, f64::NAN);
        assert_eq!(budget.take(Class::Tick, now), Err(seconds(60.0)), "a success ends the series");
    }

    #[test]
    fn limits_that_make_no_sense_are_passed_over() {
        let windows = [Duration::ZERO, MINUTE, Duration::from_secs(u64::MAX)];
        for (quota, window) in [0, 1, u64::MAX].into_iter().flat_map(|quota| windows.map(|window| (quota, window))) {
            let mut budget = BudgetState::default();
            let mut outcome = limits(quota, u64::MAX, u64::MAX);
            outcome.as_mut().unwrap().facts.rate_limits[0].window = Some(window);
            budget.learn(&outcome, Duration::ZERO, 0.0);
            budget.charge(Duration::ZERO);
            assert!(budget.take(Class::End, 2 * MINUTE).is_ok(), "{quota} in {window:?}");
        }
    }
}
