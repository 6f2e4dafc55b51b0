//! Snapshots of the whole state: taking one out, and putting one in. What is read is checked whole before anything is
//! replaced. Requests and their windows are not a part of one.

use std::fmt;

use axum::body::{Body, Bytes};
use axum::extract::State as Shares;
use hyper::Response;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::call::{Answer, App, done, invalid};
use crate::api::ids::{AccountId, ActivityIds};
use crate::faults::{FaultRule, Faults};
use crate::http;
use crate::options::{AccountSettings, Clock, RuntimeOptions};
use crate::service::Service;
use crate::service::accounts::Account;
use crate::service::changes::Scope;
use crate::shared::State;
use crate::shared::clock::RunningClock;
use crate::time::Timestamp;

const FORMAT: &str = "activitysmith-emulator";
/// Goes up when an older emulator could not read what a newer one writes.
const VERSION: u64 = 1;

#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(inline))]
#[serde(deny_unknown_fields)]
pub(super) struct Snapshot {
    format: String,
    version: u64,
    /// The time of a clock that stands; a running one is not kept.
    clock: Option<Timestamp>,
    #[cfg_attr(test, schemars(with = "serde_json::Map<String, Value>"))]
    service: Value,
}

/// The state of a service, with accounts that are borrowed to be written or owned when they were read.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ServiceSnapshot<A> {
    seed: u64,
    switches: RuntimeOptions,
    new_account: AccountSettings,
    faults: Vec<ScopedRule>,
    accounts: Vec<A>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ScopedRule {
    account: Option<AccountId>,
    rule: FaultRule,
}

/// Why a snapshot is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadSnapshot(String);

impl fmt::Display for BadSnapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the snapshot does not fit: {}", self.0)
    }
}

impl std::error::Error for BadSnapshot {}

impl Service {
    /// The state as it is, as JSON.
    pub fn export(&mut self, now: Timestamp) -> Value {
        self.settle(now);
        let mut accounts: Vec<_> = self.accounts.selected(None).collect();
        accounts.sort_by_key(|account| account.id);
        let rules = self.faults.views(None).into_iter();
        json!(ServiceSnapshot {
            seed: self.ids.state(),
            switches: self.options,
            new_account: self.accounts.new_account().clone(),
            faults: rules.map(|view| ScopedRule { account: view.account, rule: view.rule }).collect(),
            accounts,
        })
    }

    /// Replaces the whole state but the journal. Nothing changes if anything is wrong.
    pub fn import(&mut self, snapshot: Value) -> Result<(), BadSnapshot> {
        let snapshot =
            ServiceSnapshot::<Account>::deserialize(snapshot).map_err(|error| BadSnapshot(error.to_string()))?;
        let ServiceSnapshot { seed, switches, new_account, faults, mut accounts } = snapshot;
        let mut rules = Faults::new(self.seed);
        for ScopedRule { account, rule } in faults {
            rules.set(account, rule).map_err(|error| BadSnapshot(format!("a rule of a fault is bad: {error}")))?;
        }
        for account in &mut accounts {
            let restored = account.restore(switches.limits.device_budgets);
            restored.map_err(|problem| BadSnapshot(format!("{}: {problem}", account.id)))?;
        }
        self.apply_options(switches);
        self.accounts.forget(None);
        self.accounts.set_up(None, &new_account);
        for account in accounts {
            self.accounts.restore(account);
        }
        (self.faults, self.ids) = (rules, ActivityIds::new(seed));
        self.addresses.clear();
        self.changes.reset(Scope::All, None);
        Ok(())
    }
}

/// The state as a snapshot's text.
pub(crate) fn text(state: &mut State) -> Vec<u8> {
    let now = state.clock.now();
    let clock = matches!(state.clock, RunningClock::Manual(_)).then_some(now);
    let snapshot = Snapshot { format: FORMAT.to_owned(), version: VERSION, clock, service: state.service.export(now) };
    serde_json::to_vec(&snapshot).expect("a snapshot is representable as JSON")
}

/// Puts a snapshot's text in the place of the state. Nothing changes if it is bad; the error says why.
pub(crate) fn restore(state: &mut State, text: &[u8]) -> Result<(), String> {
    let snapshot = read(text)?;
    state.service.import(snapshot.service).map_err(|error| error.to_string())?;
    if let Some(now) = snapshot.clock {
        state.set_clock(Clock::Manual(now));
    }
    Ok(())
}

fn read(text: &[u8]) -> Result<Snapshot, String> {
    let value: Value = serde_json::from_slice(text).map_err(|error| {
        if error.is_eof() {
            format!("the snapshot is cut off: {error}")
        } else {
            format!("the snapshot is no JSON: {error}")
        }
    })?;
    if value.get("format").and_then(Value::as_str) != Some(FORMAT) {
        return Err(format!("this is no snapshot of the emulator: its `format` is not \"{FORMAT}\""));
    }
    match value.get("version").and_then(Value::as_u64) {
        Some(VERSION) => {}
        Some(version) => {
            return Err(format!("the snapshot is of version {version}; this emulator reads version {VERSION}"));
        }
        None => return Err("the snapshot has no `version`".to_owned()),
    }
    Snapshot::deserialize(value).map_err(|error| format!("the snapshot does not fit: {error}"))
}

pub(super) async fn export(Shares(shared): App) -> Response<Body> {
    http::raw(200, text(&mut shared.lock()))
}

pub(super) async fn import(Shares(shared): App, body: Bytes) -> Answer {
    restore(&mut shared.lock(), &body).map_err(invalid)?;
    Ok(done())
}
