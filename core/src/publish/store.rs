//! The requests of an account: of one process, or shared by several, where a store is asked and something counts until it has replied.

use std::fmt;
use std::time::Duration;

use super::budget::{BudgetState, Class};
use super::rules::BudgetRules;
use crate::api::Answer;
use crate::error::{Error, Result};

/// The requests of one account. In one process it is a [`Budget`]. Processes or hosts that share one wrap a [`BudgetState`] in
/// what they share.
pub trait AccountBudget: fmt::Debug {
    /// Takes a request of this class, or says how long to wait until there may be one.
    fn take(&mut self, class: Class, now: Duration) -> Result<(), Duration>;

    /// Counts a request that is sent in any case.
    fn charge(&mut self, now: Duration);

    /// Learns from an answer. `jitter` is a random number from 0 to 1.
    fn learn(&mut self, outcome: &Result<Answer, Error>, now: Duration, jitter: f64);

    /// Why a request of this class has to wait, for a message; nothing where it need not wait, or the budget does not say.
    fn why_not(&self, class: Class, now: Duration) -> Option<String> {
        let _ = (class, now);
        None
    }

    /// Whether it is not known yet if there is room, because a store that holds the budget has not replied.
    fn is_waiting(&self, _now: Duration) -> bool {
        false
    }

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
#[derive(Clone, Default)]
pub struct Budget {
    pub(super) state: BudgetState,
    pub(super) rules: BudgetRules,
}

/// Without numbers: a trait object brings their formatting, a twentieth of the WebAssembly module, into every program.
impl fmt::Debug for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Budget").finish_non_exhaustive()
    }
}

impl Budget {
    /// A budget from which nothing was taken.
    pub fn new(rules: BudgetRules) -> Self {
        Self { state: BudgetState::new(&rules), rules }
    }
}

impl AccountBudget for Budget {
    fn take(&mut self, class: Class, now: Duration) -> Result<(), Duration> {
        self.state.take(&self.rules, class, now)
    }

    fn charge(&mut self, now: Duration) {
        self.state.charge(&self.rules, now);
    }

    fn learn(&mut self, outcome: &Result<Answer, Error>, now: Duration, jitter: f64) {
        self.state.learn(&self.rules, outcome, now, jitter);
    }

    fn why_not(&self, class: Class, now: Duration) -> Option<String> {
        self.state.why_not(&self.rules, class, now)
    }
}

/// What a store does with the shared budget, in one step.
#[derive(Debug, Default)]
pub struct Command {
    /// How many requests were sent in any case.
    charges: u32,
    /// Outcomes to learn from, each with a random number from 0 to 1.
    lessons: Vec<(Result<Answer>, f64)>,
    /// The class of a request to take.
    take: Option<Class>,
}

/// Whether a request was taken, or how long to wait for the next try; nothing where none was asked for.
pub type Reply = Option<Result<(), Duration>>;

impl Command {
    /// A command that takes a request.
    #[cfg(all(test, feature = "client"))]
    pub(crate) fn take(class: Class) -> Self {
        Self { take: Some(class), ..Self::default() }
    }

    /// Does it, at a moment of the clock that all who share the budget have.
    pub fn apply(&self, rules: &BudgetRules, budget: &mut BudgetState, now: Duration) -> Reply {
        (0..self.charges).for_each(|_| budget.charge(rules, now));
        self.lessons.iter().for_each(|(outcome, jitter)| budget.learn(rules, outcome, now, *jitter));
        self.take.map(|class| budget.take(rules, class, now))
    }

    fn is_empty(&self) -> bool {
        self.charges == 0 && self.lessons.is_empty() && self.take.is_none()
    }
}

/// A budget that a store holds. It takes requests by commands and replies, so that nothing waits for the store.
#[derive(Debug, Default)]
pub struct SharedBudget {
    rules: BudgetRules,
    /// What counts when the store cannot be used.
    own: Budget,
    command: Command,
    /// Which request the store was asked for, and until when its reply is waited for.
    asked: Option<(Class, Duration)>,
    /// A request of this class, or a greater one, may go.
    granted: Option<Class>,
    /// Requests of this class and lesser ones wait until then.
    held: Option<(Class, Duration)>,
    /// The store has failed, so the next request is taken from the own budget.
    has_failed: bool,
    problem: Option<String>,
}

impl SharedBudget {
    /// A budget that follows these rules.
    pub fn new(rules: BudgetRules) -> Self {
        Self { own: Budget::new(rules), rules, ..Self::default() }
    }

    /// Takes a request without the store. Where it has to wait, the store is not asked meanwhile.
    fn take_own(&mut self, class: Class, now: Duration) -> Result<(), Duration> {
        self.own.take(class, now).inspect_err(|wait| self.held = Some((class, now.saturating_add(*wait))))
    }
}

impl AccountBudget for SharedBudget {
    fn take(&mut self, class: Class, now: Duration) -> Result<(), Duration> {
        if self.granted.is_some_and(|granted| granted <= class) {
            self.granted = None;
            self.own.charge(now);
            return Ok(());
        }
        if let Some((_, until)) = self.held.filter(|(held, until)| class <= *held && now < *until) {
            return Err(until.saturating_sub(now));
        }
        let timeout = self.rules.store_timeout;
        match self.asked {
            _ if std::mem::take(&mut self.has_failed) => return self.take_own(class, now),
            Some((_, until)) if now < until => return Err(until.saturating_sub(now)),
            Some(_) => {
                self.asked = None;
                self.problem = Some(format!("the shared budget has not replied within {} ms", timeout.as_millis()));
                return self.take_own(class, now);
            }
            None => {}
        }
        self.command.take = Some(class);
        self.asked = Some((class, now + timeout));
        Err(timeout)
    }

    fn charge(&mut self, now: Duration) {
        self.own.charge(now);
        self.command.charges += 1;
    }

    fn learn(&mut self, outcome: &Result<Answer, Error>, now: Duration, jitter: f64) {
        self.own.learn(outcome, now, jitter);
        self.command.lessons.push((outcome.clone(), jitter));
    }

    fn is_waiting(&self, now: Duration) -> bool {
        self.asked.is_some_and(|(_, until)| now < until)
    }

    fn why_not(&self, class: Class, now: Duration) -> Option<String> {
        if let Some(reason) = self.own.why_not(class, now) {
            return Some(reason);
        }
        let (_, until) = self.held.filter(|(held, until)| class <= *held && now < *until)?;
        let wait = until.saturating_sub(now).as_secs_f64().ceil() as u64;
        Some(format!(
            "the request budget shared by the processes of this host is used up; next request possible in {wait} s"
        ))
    }

    fn take_problem(&mut self) -> Option<String> {
        self.problem.take()
    }

    fn take_command(&mut self) -> Option<Command> {
        (!self.command.is_empty()).then(|| std::mem::take(&mut self.command))
    }

    fn take_reply(&mut self, reply: Result<Reply, String>, now: Duration) {
        let asked = self.asked.take_if(|_| !matches!(reply, Ok(None)));
        match (reply, asked) {
            (Ok(Some(Ok(()))), Some((class, _))) => self.granted = Some(class),
            (Ok(Some(Err(wait))), Some((class, _))) => self.held = Some((class, now.saturating_add(wait))),
            (Err(problem), asked) => {
                self.has_failed = asked.is_some();
                self.problem = Some(problem);
            }
            // A reply that is late is of no use: the own budget was used.
            (Ok(_), _) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);
    const TIMEOUT: Duration = Duration::from_millis(100);

    /// Takes a request as far as the store goes.
    fn take(budget: &mut SharedBudget, store: &mut BudgetState, class: Class, now: Duration) -> Result<(), Duration> {
        let taken = budget.take(class, now);
        let Some(command) = budget.take_command() else { return taken };
        budget.take_reply(Ok(command.apply(&BudgetRules::default(), store, now)), now);
        budget.take(class, now)
    }

    #[test]
    fn two_processes_share_one_burst() {
        let (mut budgets, mut store) = ([SharedBudget::default(), SharedBudget::default()], BudgetState::default());
        let taken = (0..20).filter(|n| take(&mut budgets[n % 2], &mut store, Class::Start, SECOND).is_ok()).count();
        assert_eq!(taken, 7, "the rest of a burst of 10 is for ends");
    }

    #[test]
    fn a_store_that_fails_or_is_silent_leaves_each_its_own() {
        let mut budget = SharedBudget::default();
        assert_eq!(budget.take(Class::Tick, SECOND), Err(TIMEOUT));
        budget.take_command().unwrap();
        budget.take_reply(Err("no such file".to_owned()), SECOND);
        assert_eq!(budget.take_problem().as_deref(), Some("no such file"));
        assert_eq!(budget.take(Class::Tick, SECOND), Ok(()));
        assert_eq!(budget.take(Class::Tick, SECOND), Err(TIMEOUT));
        assert_eq!(budget.take(Class::Tick, SECOND + TIMEOUT), Ok(()));
        assert!(budget.take_problem().unwrap().contains("has not replied"));
        budget.take_reply(Ok(Some(Ok(()))), 2 * SECOND);
        assert_eq!(budget.granted, None, "the late reply is of no use");
    }

    #[test]
    fn a_store_that_fails_is_not_asked_while_the_own_budget_waits() {
        let mut budget = SharedBudget::default();
        let wait = loop {
            assert_eq!(budget.take(Class::Tick, SECOND), Err(TIMEOUT));
            budget.take_command().unwrap();
            budget.take_reply(Err("no such file".to_owned()), SECOND);
            if let Err(wait) = budget.take(Class::Tick, SECOND) {
                break wait;
            }
        };
        assert_eq!(budget.take(Class::Tick, SECOND), Err(wait));
        assert!(budget.take_command().is_none());
        assert!(budget.why_not(Class::Tick, SECOND).unwrap().contains("the local request budget"));
    }

    #[test]
    fn a_request_granted_for_a_lesser_class_serves_a_greater_one() {
        let (mut budget, mut store) = (SharedBudget::default(), BudgetState::default());
        assert!(budget.take(Class::Tick, SECOND).is_err());
        let command = budget.take_command().unwrap();
        budget.take_reply(Ok(command.apply(&BudgetRules::default(), &mut store, SECOND)), SECOND);
        assert_eq!(budget.take(Class::End, SECOND), Ok(()));
        assert!(budget.take_command().is_none());
    }

    #[test]
    fn what_is_sent_in_any_case_and_learnt_is_handed_on() {
        let (mut budget, mut store) = (SharedBudget::default(), BudgetState::default());
        (0..50).for_each(|_| budget.charge(SECOND));
        budget.learn(&Ok(Answer::default()), SECOND, 0.5);
        let command = budget.take_command().unwrap();
        assert_eq!(command.apply(&BudgetRules::default(), &mut store, SECOND), None);
        assert!(store.take(&BudgetRules::default(), Class::Tick, SECOND).is_err());
    }
}
