//! Rules that say which requests meet a fault. The same seed and requests lead to the same faults.

pub(crate) mod effect;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::api::ids::AccountId;
use crate::api::{ApiRequest, stream_key};
use effect::Fault;

/// More rules than anybody can keep apart.
pub(crate) const MOST_RULES: usize = 256;

/// Which requests meet which fault.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FaultRule {
    /// Its name; one is given if it is left out.
    #[serde(default)]
    #[cfg_attr(test, schemars(length(max = 100), regex(pattern = "^[A-Za-z0-9_-]*$")))]
    pub id: String,
    /// Which requests it is about; all of them if it is left out.
    #[serde(default, rename = "match")]
    pub matching: FaultMatch,
    /// How many requests meet it in all; without limit if it is left out.
    #[serde(default)]
    #[cfg_attr(test, schemars(range(min = 1)))]
    pub times: Option<u64>,
    /// What happens then.
    pub then: Fault,
}

/// Which requests a rule is about; whatever is left out does not narrow.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(inline))]
#[serde(default, deny_unknown_fields)]
pub struct FaultMatch {
    /// HTTP method.
    pub method: Option<String>,
    /// Path below the base URL.
    pub path: Option<String>,
    /// Key of the stream.
    pub stream_key: Option<String>,
    /// Only the n-th of these requests, counted from 1 since the rule was made.
    #[cfg_attr(test, schemars(range(min = 1)))]
    pub nth: Option<u64>,
    /// How likely each of these requests is to meet the fault, from 0 to 1.
    #[cfg_attr(test, schemars(range(min = 0, max = 1)))]
    pub probability: Option<f64>,
}

/// A rule as it can be looked at.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct FaultView {
    /// The account that it is about; `None` is all of them.
    pub account: Option<AccountId>,
    /// The rule.
    #[serde(flatten)]
    pub rule: FaultRule,
    /// Requests that the rule was about.
    pub matched: u64,
    /// How many of them met the fault.
    pub struck: u64,
}

#[derive(Debug)]
struct Active {
    account: Option<AccountId>,
    rule: FaultRule,
    matched: u64,
    struck: u64,
    /// Its own, so that what it decides does not depend on other rules.
    chance: fastrand::Rng,
}

#[derive(Debug)]
pub(crate) struct Faults {
    rules: Vec<Active>,
    seed: u64,
}

/// What is wrong with a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRule(pub(crate) String);

impl std::fmt::Display for BadRule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BadRule {}

impl FaultRule {
    fn check(&self) -> Result<(), BadRule> {
        let bad = |message: &str| Err(BadRule(message.to_owned()));
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        if self.id.len() > 100 || !self.id.bytes().all(is_name) {
            return bad("`id` must have at most 100 letters, digits, underscores or hyphens");
        }
        if self.matching.probability.is_some_and(|probability| !(0.0..=1.0).contains(&probability)) {
            return bad("`match.probability` must be from 0 to 1");
        }
        if self.matching.nth == Some(0) {
            return bad("`match.nth` counts from 1");
        }
        if self.times == Some(0) {
            return bad("`times` must be at least 1; leave it out for a rule without end");
        }
        self.then.check().map_err(BadRule)
    }
}

impl FaultMatch {
    fn matches(&self, request: &ApiRequest<'_>) -> bool {
        self.method.as_ref().is_none_or(|method| method.eq_ignore_ascii_case(request.method))
            && self.path.as_ref().is_none_or(|path| path == request.path)
            && self.stream_key.as_ref().is_none_or(|key| stream_key(request.path).is_some_and(|known| known == **key))
    }
}

impl Faults {
    pub(crate) fn new(seed: u64) -> Self {
        Self { rules: Vec::new(), seed }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// The fault that a request meets, with the id of its rule and a seed for what it leaves open. The first rule that
    /// applies decides; those after it do not count the request.
    pub(crate) fn find(
        &mut self,
        request: &ApiRequest<'_>,
        account: Option<AccountId>,
    ) -> Option<(String, Fault, u64)> {
        let chosen = self.rules.iter_mut().find_map(|active| {
            let is_meant = active.account.is_none() || active.account == account;
            let is_over = active.rule.times.is_some_and(|times| active.struck >= times);
            if is_over || !is_meant || !active.rule.matching.matches(request) {
                return None;
            }
            active.matched += 1;
            let FaultMatch { nth, probability, .. } = active.rule.matching;
            let is_its_turn = nth.is_none_or(|nth| nth == active.matched);
            // Drawn in any case: what later requests meet must not depend on the turn.
            let is_chosen = probability.is_none_or(|probability| active.chance.f64() < probability);
            (is_its_turn && is_chosen).then_some(active)
        })?;
        chosen.struck += 1;
        Some((chosen.rule.id.clone(), chosen.rule.then.clone(), chosen.chance.u64(..)))
    }

    /// Adds a rule after the others, or takes the place of the one with its id.
    pub(crate) fn set(&mut self, account: Option<AccountId>, mut rule: FaultRule) -> Result<FaultView, BadRule> {
        rule.check()?;
        if rule.id.is_empty() {
            rule.id = self.free_id(account);
        }
        let place = self.rules.iter().position(|active| active.is(account, &rule.id));
        if place.is_none() && self.rules.len() >= MOST_RULES {
            return Err(BadRule(format!("there are {MOST_RULES} rules already; delete some")));
        }
        // By its name, so that it decides the same whatever other rules there are, and apart from the one of that name that is
        // about all accounts.
        let scope = if account.is_some() { "one" } else { "all" };
        let name = AccountId::of(&format!("{scope}/{}", rule.id));
        let chance = fastrand::Rng::with_seed(self.seed ^ name.as_number());
        let active = Active { account, rule, matched: 0, struck: 0, chance };
        let view = active.view();
        match place {
            Some(place) => self.rules[place] = active,
            None => self.rules.push(active),
        }
        Ok(view)
    }

    /// A name that no rule of the account has. Chance goes by it, so that it is the same whatever others have.
    fn free_id(&self, account: Option<AccountId>) -> String {
        let is_free = |name: &String| !self.rules.iter().any(|active| active.is(account, name));
        names().find(is_free).expect("there are more numbers than rules")
    }

    /// Takes the place of all rules of an account, or of all. Nothing changes if one of the new ones is bad.
    pub(crate) fn replace(&mut self, account: Option<AccountId>, rules: Vec<FaultRule>) -> Result<(), BadRule> {
        rules.iter().try_for_each(FaultRule::check)?;
        if rules.len() > MOST_RULES {
            return Err(BadRule(format!("there may be at most {MOST_RULES} rules")));
        }
        self.clear(account);
        let given: BTreeSet<_> = rules.iter().map(|rule| rule.id.clone()).collect();
        let mut free = names().filter(|name| !given.contains(name));
        rules.into_iter().try_for_each(|mut rule| {
            if rule.id.is_empty() {
                rule.id = free.next().expect("there are more numbers than rules");
            }
            self.set(account, rule).map(drop)
        })
    }

    /// Removes the rule of this name that is about the account, or about all of them; if all are asked for and there is none
    /// such, those of single accounts. Says whether there was one.
    pub(crate) fn remove(&mut self, account: Option<AccountId>, id: &str) -> bool {
        let before = self.rules.len();
        let is_there = self.rules.iter().any(|active| active.is(account, id));
        let is_meant = |active: &Active| {
            if is_there { active.is(account, id) } else { account.is_none() && active.rule.id == id }
        };
        self.rules.retain(|active| !is_meant(active));
        self.rules.len() < before
    }

    pub(crate) fn clear(&mut self, account: Option<AccountId>) {
        self.rules.retain(|active| account.is_some() && active.account != account);
    }

    /// Rules that concern an account, or all.
    pub(crate) fn views(&self, account: Option<AccountId>) -> Vec<FaultView> {
        let concerns = |active: &&Active| account.is_none() || active.account.is_none() || active.account == account;
        self.rules.iter().filter(concerns).map(Active::view).collect()
    }
}

/// Names for rules that were given none.
fn names() -> impl Iterator<Item = String> {
    (1..).map(|number| format!("fault-{number}"))
}

impl Active {
    fn is(&self, account: Option<AccountId>, id: &str) -> bool {
        self.account == account && self.rule.id == id
    }

    fn view(&self) -> FaultView {
        FaultView { account: self.account, rule: self.rule.clone(), matched: self.matched, struck: self.struck }
    }
}
