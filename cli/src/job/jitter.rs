//! A random time to wait before the first request: a budget that has nothing before. Many jobs that begin at one moment then do not
//! ask the service at one moment, and none of them begins later for it.

use std::time::Duration;

use activitysmith_kit::publish::{AccountBudget, Class};
use activitysmith_kit::{Error, StreamResponse};

#[derive(Debug)]
pub struct Jitter {
    until: Duration,
    budget: Box<dyn AccountBudget + Send>,
}

impl Jitter {
    /// Some time of at most so long, before this budget counts.
    pub fn up_to(longest: Duration, budget: Box<dyn AccountBudget + Send>) -> Self {
        Self { until: longest.mul_f64(fastrand::f64()), budget }
    }
}

impl AccountBudget for Jitter {
    /// Nothing waits once the command has ended.
    fn take(&mut self, class: Class, now: Duration) -> Result<(), Duration> {
        match self.until.checked_sub(now) {
            Some(wait) if class <= Class::Start && !wait.is_zero() => Err(wait),
            _ => self.budget.take(class, now),
        }
    }

    fn charge(&mut self, now: Duration) {
        self.budget.charge(now);
    }

    fn learn(&mut self, outcome: &Result<StreamResponse, Error>, now: Duration, jitter: f64) {
        self.budget.learn(outcome, now, jitter);
    }

    fn why_not(&self, class: Class, now: Duration) -> Option<String> {
        self.budget.why_not(class, now)
    }
}

#[cfg(test)]
mod tests {
    use activitysmith_kit::publish::Budget;

    use super::*;

    #[test]
    fn a_start_waits_unless_the_command_has_ended() {
        let mut jitter = Jitter { until: Duration::from_secs(3), budget: Box::new(Budget::default()) };
        let second = Duration::from_secs(1);
        assert_eq!(jitter.take(Class::Start, second), Err(Duration::from_secs(2)));
        assert_eq!(jitter.take(Class::BriefStart, second), Ok(()));
        assert_eq!(jitter.take(Class::End, second), Ok(()));
        assert_eq!(jitter.take(Class::Start, Duration::from_secs(3)), Ok(()));
    }
}
