//! The rules of faults: looking at them, making, replacing and removing them.

use axum::body::{Body, Bytes};
use axum::extract::State as Shares;
use hyper::Response;
use serde::Deserialize;
use serde_json::json;

use super::call::{Account, Answer, App, Parameter, Refusal, done, invalid, read};
use crate::api::ids::AccountId;
use crate::faults::{BadRule, FaultRule, FaultView};
use crate::http;
use crate::service::Service;
use crate::service::changes::Scope;

impl Service {
    /// Rules of faults that concern an account, or all.
    pub fn faults(&self, api_key: Option<&str>) -> Vec<FaultView> {
        self.faults.views(api_key.map(AccountId::named))
    }

    /// Adds a rule after the others, or takes the place of the one of its id. With a key it is about that account alone.
    pub fn set_fault(&mut self, api_key: Option<&str>, rule: FaultRule) -> Result<FaultView, BadRule> {
        self.changes.fault();
        self.faults.set(api_key.map(AccountId::named), rule)
    }

    /// Takes the place of all rules of an account, or of all. Nothing changes if one of the new ones is bad.
    pub fn replace_faults(&mut self, api_key: Option<&str>, rules: Vec<FaultRule>) -> Result<(), BadRule> {
        self.changes.fault();
        self.faults.replace(api_key.map(AccountId::named), rules)
    }

    /// Removes a rule, and says whether it was there.
    pub fn remove_fault(&mut self, api_key: Option<&str>, id: &str) -> bool {
        self.changes.fault();
        self.faults.remove(api_key.map(AccountId::named), id)
    }
}

impl From<BadRule> for Refusal {
    fn from(bad: BadRule) -> Self {
        invalid(bad.to_string())
    }
}

pub(super) async fn list(Shares(shared): App, account: Account) -> Response<Body> {
    let faults = shared.lock().service.faults(account.api_key());
    http::json(200, &json!({"faults": faults}))
}

pub(super) async fn add(Shares(shared): App, account: Account, body: Bytes) -> Answer {
    let rule: FaultRule = read(&body)?;
    Ok(http::json(200, &shared.lock().service.set_fault(account.api_key(), rule)?))
}

pub(super) async fn set(Shares(shared): App, account: Account, id: Parameter, body: Bytes) -> Answer {
    let mut rule: FaultRule = read(&body)?;
    if !rule.id.is_empty() && rule.id != id.0 {
        return Err(invalid("`id` must be that of the path, or left out"));
    }
    rule.id = id.0;
    Ok(http::json(200, &shared.lock().service.set_fault(account.api_key(), rule)?))
}

#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct Rules {
    faults: Vec<FaultRule>,
}

pub(super) async fn replace(shared: App, account: Account, body: Bytes) -> Answer {
    let Rules { faults } = read(&body)?;
    shared.lock().service.replace_faults(account.api_key(), faults)?;
    Ok(list(shared, account).await)
}

pub(super) async fn clear(Shares(shared): App, account: Account) -> Response<Body> {
    shared.lock().service.reset_part(account.api_key(), Scope::Faults);
    done()
}

pub(super) async fn remove(Shares(shared): App, account: Account, id: Parameter) -> Answer {
    if shared.lock().service.remove_fault(account.api_key(), &id.0) {
        return Ok(done());
    }
    Err(Refusal { status: 404, error: "Not found", message: "there is no rule with this id".to_owned() })
}
