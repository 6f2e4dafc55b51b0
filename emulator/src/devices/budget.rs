//! How often iOS lets an app's activities change: a burst that is used up quickly and comes back slowly. Pure arithmetic.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// How large a budget is and how it comes back.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    /// Most that can be spent at once.
    pub(crate) capacity: u32,
    /// Milliseconds until an empty budget allows one more.
    first: f64,
    /// Milliseconds until an empty budget is full.
    whole: f64,
}

/// Updates of what is shown: a burst of 12, then one in two minutes, and all 12 again after about an
/// hour of quiet (120 s for the first, 316 s for each other).
pub(crate) const UPDATES: Plan = Plan { capacity: 12, first: 120_000.0, whole: 3_596_000.0 };
/// Activities that are started by a push: 10, which come back over an hour.
pub(crate) const STARTS: Plan = Plan { capacity: 10, first: 360_000.0, whole: 3_600_000.0 };

const ROUNDING: f64 = 5.0;

/// What is left of a budget, kept as the time when it will be full.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Budget {
    full_at: Option<Timestamp>,
}

/// A budget at the time of looking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct BudgetView {
    /// How many more would be shown at once.
    pub remaining: u32,
    /// How many at most.
    pub capacity: u32,
    /// When it will be full if nothing more is sent; now, if it is full.
    pub refills_at: Timestamp,
}

impl Plan {
    /// How much a budget holds that will be full in so many milliseconds. The first piece of an empty budget comes back
    /// sooner than the others, so that a sender who goes on is let through at an even pace.
    fn level(self, missing: f64) -> f64 {
        let rest = self.whole - self.first;
        if missing > rest {
            (self.whole - missing) / self.first
        } else {
            f64::from(self.capacity) - missing * f64::from(self.capacity - 1) / rest
        }
    }

    /// The inverse of [`Self::level`].
    fn missing(self, level: f64) -> f64 {
        let rest = self.whole - self.first;
        if level < 1.0 {
            self.whole - level * self.first
        } else {
            (f64::from(self.capacity) - level) * rest / f64::from(self.capacity - 1)
        }
    }
}

impl Budget {
    /// What is held at `now`. A few milliseconds, as rounding takes and gives, do not count.
    fn level(self, plan: Plan, now: Timestamp) -> f64 {
        let missing = self.full_at.map_or(0, |full_at| full_at.millis_since(now)) as f64;
        plan.level(missing.min(plan.whole)) + ROUNDING / plan.first
    }

    /// Spends one, if there is one.
    pub(crate) fn spend(&mut self, plan: Plan, now: Timestamp) -> bool {
        let level = self.level(plan, now);
        if level < 1.0 {
            return false;
        }
        let left = (level - ROUNDING / plan.first - 1.0).max(0.0);
        self.full_at = Some(now.after(Duration::from_millis(plan.missing(left).round() as u64)));
        true
    }

    /// When the one after the next `before` can be spent, if those are spent as soon as they can be.
    pub(crate) fn next_at(self, plan: Plan, now: Timestamp, before: u32) -> Timestamp {
        let level = self.level(plan, now);
        let at_once = level as u32;
        if before < at_once {
            return now;
        }
        let begun = (level - f64::from(at_once) - ROUNDING / plan.first).max(0.0);
        let pieces = f64::from(before - at_once) + 1.0 - begun;
        now.after(Duration::from_millis((pieces * plan.first).round() as u64))
    }

    /// Since when, or from when on, there is one to spend.
    pub(crate) fn ready_at(self, plan: Plan) -> Timestamp {
        let rest = (plan.whole - plan.first) as u64;
        let full_at = self.full_at.map_or(0, Timestamp::as_millis);
        Timestamp::from_millis(full_at.saturating_sub(rest))
    }

    pub(crate) fn is_full(self, now: Timestamp) -> bool {
        self.full_at.is_none_or(|full_at| full_at <= now)
    }

    pub(crate) fn view(self, plan: Plan, now: Timestamp) -> BudgetView {
        let refills_at = self.full_at.filter(|full_at| *full_at > now).unwrap_or(now);
        BudgetView { remaining: self.level(plan, now) as u32, capacity: plan.capacity, refills_at }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::from_millis(1_790_000_000_000);

    fn after(seconds: u64) -> Timestamp {
        START.after(Duration::from_secs(seconds))
    }

    fn spent(plan: Plan) -> Budget {
        let mut budget = Budget::default();
        for _ in 0..plan.capacity {
            assert!(budget.spend(plan, START));
        }
        assert!(!budget.spend(plan, START));
        budget
    }

    #[test]
    fn a_burst_is_followed_by_one_in_two_minutes() {
        let mut budget = spent(UPDATES);
        for n in 1..=100 {
            assert!(!budget.spend(UPDATES, after(120 * n - 1)));
            assert_eq!(budget.next_at(UPDATES, after(120 * n - 1), 0), after(120 * n));
            assert!(budget.spend(UPDATES, after(120 * n)));
        }
    }

    #[test]
    fn one_in_two_minutes_is_never_held_back() {
        let mut budget = Budget::default();
        for n in 0..1000 {
            assert!(budget.spend(UPDATES, after(120 * n)), "{n}");
        }
    }

    #[test]
    fn an_hour_of_quiet_brings_the_whole_burst_back() {
        let budget = spent(UPDATES);
        assert_eq!(budget.view(UPDATES, after(120)).remaining, 1);
        assert_eq!(budget.view(UPDATES, after(1800)).remaining, 6);
        assert_eq!(budget.view(UPDATES, after(3595)).remaining, 11);
        assert_eq!(budget.view(UPDATES, after(3596)).remaining, 12);
        assert_eq!(budget.view(UPDATES, START).refills_at, after(3596));
    }

    #[test]
    fn those_that_wait_are_told_their_turn() {
        let budget = spent(STARTS);
        assert_eq!(budget.next_at(STARTS, after(60), 0), after(360));
        assert_eq!(budget.next_at(STARTS, after(60), 2), after(1080));
        assert_eq!(budget.next_at(STARTS, after(720), 1), after(720));
        assert_eq!(budget.next_at(STARTS, after(720), 2), after(1080));
    }

    #[test]
    fn a_clock_that_is_set_back_empties_it_at_most() {
        let budget = spent(STARTS);
        let long_ago = Timestamp::from_millis(0);
        assert_eq!(budget.next_at(STARTS, long_ago, 0), long_ago.after(Duration::from_secs(360)));
    }
}
