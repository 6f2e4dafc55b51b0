//! How many requests are sent for an account, and which of those that wait is sent first.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::rules::{BudgetRules, time};
use crate::api::{Answer, RateLimit};
use crate::call::sane_jitter;
use crate::error::{ApiErrorKind, Error};

/// What a request is for; of several that wait, the greatest goes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Only a number has moved.
    Tick,
    /// Something else has changed, or it is urgent.
    Transition,
    /// The first state of a stream.
    Start,
    /// The first state of a stream whose job has succeeded already.
    BriefStart,
    /// The end of a stream.
    End,
}

impl Class {
    /// All of them, the least first.
    pub(super) const ALL: [Self; 5] = [Self::Tick, Self::Transition, Self::Start, Self::BriefStart, Self::End];
}

/// A budget as plain data. Its times count from any fixed moment that is the same for all its users.
///
/// It is a generic cell rate algorithm: one moment stands for all that was sent, so nothing has to be swept and no timer runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BudgetState {
    /// Between two requests at the full rate.
    interval: Duration,
    burst: u32,
    /// When the next request would be due had they come evenly; `burst` of them may come earlier.
    due: Duration,
    /// The part of `due` that direct calls have added, as a moment of its own.
    #[serde(default)]
    direct: Duration,
    /// The service has named its limit. Otherwise the rate is a guess.
    #[serde(default)]
    is_named: bool,
    /// Nothing goes before.
    frozen_until: Duration,
    /// Which part of the full rate was left at a moment.
    slowed: f64,
    slowed_at: Duration,
    /// 429 answers that did not say how long to wait, since the last success.
    blind_freezes: u32,
}

impl Default for BudgetState {
    fn default() -> Self {
        Self::new(&BudgetRules::default())
    }
}

impl BudgetState {
    /// A budget from which nothing was taken.
    pub fn new(rules: &BudgetRules) -> Self {
        Self {
            interval: rules.interval,
            burst: rules.burst,
            due: Duration::ZERO,
            direct: Duration::ZERO,
            is_named: false,
            frozen_until: Duration::ZERO,
            slowed: 1.0,
            slowed_at: Duration::ZERO,
            blind_freezes: 0,
        }
    }

    /// As [`AccountBudget::take`].
    pub fn take(&mut self, rules: &BudgetRules, class: Class, now: Duration) -> Result<(), Duration> {
        match self.ready_at(rules, class, now).saturating_sub(now) {
            Duration::ZERO => {
                self.add(rules, now);
                Ok(())
            }
            wait => Err(wait.max(rules.shortest_wait)),
        }
    }

    /// As [`AccountBudget::charge`].
    pub fn charge(&mut self, rules: &BudgetRules, now: Duration) {
        let before = self.due.max(now);
        self.add(rules, now);
        self.direct = self.direct.max(now) + self.due.saturating_sub(before);
    }

    fn add(&mut self, rules: &BudgetRules, now: Duration) {
        let pace = self.pace(rules, now);
        // Direct calls are never held back, so they can exceed it by any number. They no longer count after their window.
        let most = rules.window.max(pace * self.burst);
        self.due = (self.due.max(now) + pace).min(now + most);
    }

    /// As [`AccountBudget::learn`].
    pub fn learn(&mut self, rules: &BudgetRules, outcome: &Result<Answer, Error>, now: Duration, jitter: f64) {
        match outcome {
            Ok(response) => {
                if response.facts.status != 0 {
                    self.blind_freezes = 0;
                }
                self.apply_limits(rules, &response.facts.rate_limits, now);
            }
            Err(Error::Api(error)) if matches!(error.kind, ApiErrorKind::RateLimited) => {
                self.freeze(rules, error.retry_after, now, jitter);
            }
            Err(_) => {}
        }
    }

    /// As [`AccountBudget::why_not`].
    pub fn why_not(&self, rules: &BudgetRules, class: Class, now: Duration) -> Option<String> {
        let wait = self.ready_at(rules, class, now).saturating_sub(now);
        if wait.is_zero() {
            return None;
        }
        let next = format!("next request possible in {} s", wait.as_secs_f64().ceil() as u64);
        let (burst, a_minute) = (self.burst, (60.0 / self.pace(rules, now).as_secs_f64()).round() as u64);
        Some(if self.frozen_until > now {
            format!("the service asked for a pause; {next}")
        } else if self.is_named {
            format!(
                "the client's share of the service's limit ({burst} requests at once, {a_minute} a minute) is used up; {next}"
            )
        } else {
            format!("the local request budget ({burst} at once, {a_minute} a minute) is used up; {next}")
        })
    }

    /// This, within what is possible at this moment: other processes may have written anything, and no mistake may last.
    #[must_use]
    pub fn plausible(mut self, rules: &BudgetRules, now: Duration) -> Self {
        self.interval = believable(rules, self.interval);
        self.burst = self.burst.min(rules.largest_burst).max(1);
        self.due = self.due.min(now + rules.longest_freeze);
        self.direct = self.direct.min(self.due);
        self.frozen_until = self.frozen_until.min(now + longer(rules.longest_freeze, rules.freeze_spread));
        self.slowed = self.slowed.max(rules.slowest).min(1.0);
        self.slowed_at = self.slowed_at.min(now);
        self
    }

    /// When a request of this class may go.
    fn ready_at(&self, rules: &BudgetRules, class: Class, now: Duration) -> Duration {
        if class == Class::End && !self.is_named {
            // Better one request too many than an end that waits for a guess.
            return self.frozen_until;
        }
        let reserved = if class == Class::End { 0 } else { rules.reserved_for_ends };
        let early = self.pace(rules, now) * self.burst.saturating_sub(1).saturating_sub(reserved);
        self.due.saturating_sub(early).max(self.frozen_until)
    }

    /// Between two requests now.
    fn pace(&self, rules: &BudgetRules, now: Duration) -> Duration {
        time(self.interval.as_secs_f64() / self.speed(rules, now))
    }

    /// Which part of the full rate it has now.
    fn speed(&self, rules: &BudgetRules, now: Duration) -> f64 {
        let minutes = now.saturating_sub(self.slowed_at).as_secs_f64() / 60.0;
        (self.slowed + rules.recovery_a_minute * minutes).min(1.0)
    }

    /// Follows the service's limits: the tightest policy sets the rate, and no more is done than it says is left.
    fn apply_limits(&mut self, rules: &BudgetRules, limits: &[RateLimit], now: Duration) {
        let windows = rules.shortest_window..=rules.longest_window;
        let rate_of = |limit: &RateLimit| {
            let (quota, window) = (limit.quota? as f64, limit.window?);
            (quota >= 1.0 && windows.contains(&window)).then_some((quota / window.as_secs_f64(), quota))
        };
        let tightest = limits.iter().filter_map(rate_of).min_by(|one, other| one.0.total_cmp(&other.0));
        if let Some((rate, quota)) = tightest {
            self.set_interval(believable(rules, time(1.0 / (rules.share * rate))), now);
            self.is_named = true;
            self.burst = ((rules.burst_share * quota) as u32).min(rules.largest_burst).max(1);
        }
        let remaining = limits.iter().filter_map(|limit| limit.remaining).min();
        if remaining.is_some_and(|remaining| remaining > 0) {
            // The service has counted the direct calls, and still takes requests.
            self.due = self.due.saturating_sub(self.direct.saturating_sub(now));
            self.direct = now;
        }
        for limit in limits {
            match (limit.remaining, limit.reset) {
                (Some(0), Some(reset)) => {
                    self.frozen_until = self.frozen_until.max(now + reset.min(rules.longest_freeze));
                }
                (Some(remaining), _) if remaining < self.burst.into() => {
                    self.due = self.due.max(now + self.pace(rules, now) * (self.burst - remaining as u32));
                }
                _ => {}
            }
        }
    }

    /// Changes the rate. What was sent counts as many requests as before.
    fn set_interval(&mut self, interval: Duration, now: Duration) {
        let change = interval.div_duration_f64(self.interval);
        for moment in [&mut self.due, &mut self.direct] {
            *moment = (*moment).min(now) + time(moment.saturating_sub(now).as_secs_f64() * change);
        }
        self.interval = interval;
    }

    /// Sends nothing for a while after a 429 answer.
    fn freeze(&mut self, rules: &BudgetRules, retry_after: Option<Duration>, now: Duration, jitter: f64) {
        let jitter = sane_jitter(jitter);
        let pause = if let Some(asked) = retry_after {
            longer(asked.min(rules.longest_freeze).max(rules.shortest_freeze), rules.freeze_spread * jitter)
        } else {
            let asked = rules.first_blind_freeze + rules.next_blind_freeze * self.blind_freezes;
            self.blind_freezes = self.blind_freezes.saturating_add(1);
            self.slowed = (self.speed(rules, now) * rules.slowdown).max(rules.slowest);
            self.slowed_at = now;
            asked.min(rules.longest_blind_freeze) + rules.blind_freeze_spread.mul_f64(jitter)
        };
        self.frozen_until = self.frozen_until.max(now + pause);
    }
}

fn believable(rules: &BudgetRules, interval: Duration) -> Duration {
    interval.min(rules.longest_interval).max(rules.shortest_interval)
}

/// A time that is longer by a share of it.
pub(super) fn longer(wait: Duration, share: f64) -> Duration {
    time(wait.as_secs_f64() * (1.0 + share))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::error::ApiError;
    use crate::publish::{AccountBudget as _, Budget};

    const MINUTE: Duration = Duration::from_secs(60);

    fn seconds(seconds: f64) -> Duration {
        Duration::from_secs_f64(seconds)
    }

    /// When requests of a class go, from one who always has one, during some time.
    fn greedy(budget: &mut Budget, class: Class, mut now: Duration, end: Duration) -> Vec<Duration> {
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
    fn limits(quota: u64, remaining: u64, reset: u64) -> Result<Answer, Error> {
        let mut response = Answer::default();
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

    fn one_too_many(retry_after: Option<u64>) -> Result<Answer, Error> {
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
    fn at_most_56_requests_but_ends_go_in_any_minute_while_no_limit_is_named() {
        let sent = greedy(&mut Budget::default(), Class::Start, Duration::ZERO, 10 * MINUTE);
        assert_eq!(most_in_a_minute(&sent), 56);
        assert_eq!(sent.iter().take_while(|time| time.is_zero()).count(), 7, "a burst, but for what ends reserve");
    }

    #[test]
    fn an_end_does_not_wait_for_a_guess() {
        let mut budget = Budget::default();
        (0..100).for_each(|_| budget.charge(Duration::ZERO));
        assert!((0..100).all(|_| budget.take(Class::End, Duration::ZERO).is_ok()));
        assert!(budget.take(Class::Start, Duration::ZERO).is_err(), "but it counts");
        budget.learn(&one_too_many(Some(20)), Duration::ZERO, 0.0);
        assert_eq!(budget.take(Class::End, Duration::ZERO), Err(seconds(20.0)));
    }

    proptest! {
        #[test]
        fn no_order_of_requests_makes_more_than_59_go_in_any_minute_but_ends(
            steps in prop::collection::vec((0..4_usize, 0..2_500_u64, 0..100_u32), 1..400),
        ) {
            let mut budget = Budget::default();
            let (mut now, mut sent) = (Duration::ZERO, Vec::new());
            for (class, gap, chance) in steps {
                now += Duration::from_millis(gap);
                if chance == 0 {
                    budget.learn(&one_too_many(None), now, 0.5);
                }
                let Some(&class) = [Class::Tick, Class::Transition, Class::BriefStart].get(class) else {
                    let _ = budget.take(Class::End, now);
                    continue;
                };
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
            let mut budget = Budget::default();
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
        let mut budget = Budget::default();
        budget.learn(&limits(75, 74, 60), Duration::ZERO, 0.0);
        let mut taken = 0;
        while budget.take(Class::Start, Duration::ZERO).is_ok() {
            taken += 1;
        }
        assert_eq!(taken, 8);
        assert!((0..3).all(|_| budget.take(Class::End, Duration::ZERO).is_ok()));
        assert_eq!(budget.take(Class::End, Duration::ZERO), Err(seconds(1.0)));
    }

    #[test]
    fn direct_calls_count() {
        let mut budget = Budget::default();
        (0..50).for_each(|_| budget.charge(Duration::ZERO));
        assert_eq!(budget.take(Class::Start, Duration::ZERO), Err(seconds(1.2 * 44.0)));
    }

    #[test]
    fn direct_calls_are_forgotten_with_their_window() {
        let mut budget = Budget::default();
        (0..5_000).for_each(|_| budget.charge(Duration::ZERO));
        assert!(budget.take(Class::Tick, MINUTE).is_ok());
    }

    #[test]
    fn direct_calls_hold_nothing_back_while_the_service_has_requests_left() {
        let mut budget = Budget::default();
        (0..4).for_each(|_| budget.take(Class::Start, Duration::ZERO).unwrap());
        (0..60).for_each(|_| budget.charge(Duration::ZERO));
        budget.learn(&limits(300, 236, 60), Duration::ZERO, 0.0);
        let taken = (0..60).take_while(|_| budget.take(Class::End, Duration::ZERO).is_ok()).count();
        assert_eq!(taken, 16, "a burst of 20, but for the publishers' own requests");
        (0..60).for_each(|_| budget.charge(Duration::ZERO));
        budget.learn(&limits(300, 1, 60), Duration::ZERO, 0.0);
        assert!(budget.take(Class::End, Duration::ZERO).is_err(), "the publishers' own requests still count");
    }

    #[test]
    fn it_says_what_holds_a_request_back() {
        let mut budget = Budget::default();
        assert_eq!(budget.why_not(Class::Start, Duration::ZERO), None);
        (0..10).for_each(|_| budget.charge(Duration::ZERO));
        let why = |budget: &Budget| budget.why_not(Class::Start, Duration::ZERO).unwrap();
        let guess = "the local request budget (10 at once, 50 a minute) is used up; next request possible in 5 s";
        assert_eq!(why(&budget), guess);
        (0..20).for_each(|_| _ = budget.take(Class::End, Duration::ZERO));
        budget.learn(&limits(300, 290, 60), Duration::ZERO, 0.0);
        let share = "the client's share of the service's limit (20 requests at once, 240 a minute) is used up; \
                     next request possible in 1 s";
        assert_eq!(why(&budget), share);
        budget.learn(&one_too_many(Some(30)), Duration::ZERO, 0.0);
        assert_eq!(why(&budget), "the service asked for a pause; next request possible in 30 s");
    }

    #[test]
    fn what_was_sent_counts_also_when_the_rate_changes() {
        let mut budget = Budget::default();
        assert!((0..10).all(|_| budget.take(Class::End, Duration::ZERO).is_ok()));
        budget.learn(&limits(300, 290, 60), Duration::ZERO, 0.0);
        assert!((0..10).all(|_| budget.take(Class::End, Duration::ZERO).is_ok()), "10 of a burst of 20 are left");
        budget.learn(&limits(30, 28, 60), Duration::ZERO, 0.0);
        let wait = budget.take(Class::End, Duration::ZERO).unwrap_err();
        assert_eq!(wait, seconds(2.5 * 17.0), "20 of a burst of 4");
    }

    #[test]
    fn it_follows_the_services_limits_up_and_down() {
        let mut budget = Budget::default();
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
        let mut budget = Budget::default();
        budget.learn(&limits(300, 2, 40), Duration::ZERO, 0.0);
        assert!(budget.take(Class::End, Duration::ZERO).is_ok());
        assert!(budget.take(Class::End, Duration::ZERO).is_ok());
        assert!(budget.take(Class::End, Duration::ZERO).is_err());
        budget.learn(&limits(300, 0, 40), Duration::ZERO, 0.0);
        assert_eq!(budget.take(Class::End, Duration::ZERO), Err(seconds(40.0)));
    }

    #[test]
    fn the_service_can_say_for_how_long_nothing_goes() {
        let mut budget = Budget::default();
        budget.learn(&one_too_many(Some(20)), Duration::ZERO, 1.0);
        assert_eq!(budget.take(Class::End, Duration::ZERO), Err(seconds(22.0)));
        budget.learn(&one_too_many(Some(1_000_000)), Duration::ZERO, 0.0);
        assert_eq!(budget.take(Class::End, Duration::ZERO), Err(15 * MINUTE));
        let mut budget = Budget::default();
        budget.learn(&one_too_many(Some(0)), Duration::ZERO, 0.0);
        assert_eq!(budget.take(Class::End, Duration::ZERO), Err(seconds(1.0)), "none at all would be hammering");
    }

    #[test]
    fn without_a_word_from_the_service_pauses_grow_and_the_rate_falls_and_recovers() {
        let mut budget = Budget::default();
        let mut now = Duration::ZERO;
        for pause in [60.0, 90.0, 120.0] {
            budget.learn(&one_too_many(None), now, 0.0);
            assert_eq!(budget.take(Class::Tick, now), Err(seconds(pause)));
            now += seconds(pause);
        }
        assert!(budget.state.pace(&budget.rules, now) > budget.rules.interval);
        assert_eq!(budget.state.pace(&budget.rules, now + 10 * MINUTE), budget.rules.interval);
        budget.learn(&limits(300, 299, 60), now, 0.0);
        budget.learn(&one_too_many(None), now, f64::NAN);
        assert_eq!(budget.take(Class::Tick, now), Err(seconds(60.0)), "a success ends the series");
    }

    #[test]
    fn limits_that_make_no_sense_are_passed_over() {
        let windows = [Duration::ZERO, MINUTE, Duration::from_secs(u64::MAX)];
        for (quota, window) in [0, 1, u64::MAX].into_iter().flat_map(|quota| windows.map(|window| (quota, window))) {
            let mut budget = Budget::default();
            let mut outcome = limits(quota, u64::MAX, u64::MAX);
            outcome.as_mut().unwrap().facts.rate_limits[0].window = Some(window);
            budget.learn(&outcome, Duration::ZERO, 0.0);
            budget.charge(Duration::ZERO);
            assert!(budget.take(Class::End, 2 * MINUTE).is_ok(), "{quota} in {window:?}");
        }
    }
}
