//! The choices that can be changed while the emulator runs, read from JSON in which whatever is left out stays.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::Engine;
use crate::contract::{self, Rules};
use crate::options::{Limits, Mode, Switches, UrlPolicy};

/// All choices at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Switchboard {
    /// Strict or lenient.
    pub mode: Mode,
    /// Where the contract is silent or has changed.
    #[serde(flatten)]
    pub switches: Switches,
    /// Request rates and capacity.
    pub limits: Limits,
}

impl Engine {
    /// The choices as they are.
    pub fn switches(&self) -> Switchboard {
        Switchboard { mode: self.config.rules.mode, switches: self.config.switches, limits: self.config.limits }
    }

    /// Changes what is named. `limits` is `service`, `legacy`, `none`, or an object of those that change. Nothing changes
    /// if anything is wrong, and the error says what.
    pub fn set_switches(&mut self, changes: &Value) -> Result<Switchboard, String> {
        let changes = changes.as_object().ok_or("the body must be a JSON object")?;
        let mut merged = json!(self.switches());
        for (name, value) in changes {
            let known = merged.get_mut(name).ok_or_else(|| format!("there is no switch `{name}`"))?;
            *known = match (name.as_str(), value) {
                ("limits", Value::String(preset)) => json!(preset_of(preset)?),
                ("limits", Value::Object(some)) => merge(known, some)?,
                _ => value.clone(),
            };
        }
        let board = Switchboard::deserialize(merged).map_err(|error| format!("a switch does not fit: {error}"))?;
        self.apply(board);
        Ok(board)
    }

    pub(super) fn apply(&mut self, board: Switchboard) {
        contract::prepare(board.mode);
        self.changes.switches();
        self.config.rules =
            Rules { mode: board.mode, legacy_url_policy: board.switches.url_policy == UrlPolicy::Legacy };
        self.config.switches = board.switches;
        self.config.limits = board.limits;
        self.accounts.pace(board.limits.device_budgets);
    }
}

fn preset_of(name: &str) -> Result<Limits, String> {
    match name {
        "service" => Ok(Limits::service()),
        "legacy" => Ok(Limits::legacy()),
        "none" => Ok(Limits::none()),
        _ => Err("`limits` must be service, legacy, none, or an object".to_owned()),
    }
}

fn merge(known: &Value, some: &Map<String, Value>) -> Result<Value, String> {
    let mut merged = known.clone();
    for (name, value) in some {
        *merged.get_mut(name).ok_or_else(|| format!("there is no limit `{name}`"))? = value.clone();
    }
    Ok(merged)
}
