//! The rules of faults: looking at them, making, replacing and removing them.

use axum::body::{Body, Bytes};
use axum::extract::State as Shares;
use hyper::Response;
use serde::Deserialize;
use serde_json::json;

use super::{Account, Answer, App, Parameter, Refusal, done, invalid, read};
use crate::engine::{BadRule, FaultRule};
use crate::server::http;

impl From<BadRule> for Refusal {
    fn from(bad: BadRule) -> Self {
        invalid(bad.to_string())
    }
}

pub(super) async fn list(Shares(shared): App, account: Account) -> Response<Body> {
    let faults = shared.lock().engine.faults(account.api_key());
    http::json(200, &json!({"faults": faults}))
}

pub(super) async fn add(Shares(shared): App, account: Account, body: Bytes) -> Answer {
    let rule: FaultRule = read(&body)?;
    Ok(http::json(200, &shared.lock().engine.set_fault(account.api_key(), rule)?))
}

pub(super) async fn set(Shares(shared): App, account: Account, id: Parameter, body: Bytes) -> Answer {
    let mut rule: FaultRule = read(&body)?;
    if !rule.id.is_empty() && rule.id != id.0 {
        return Err(invalid("`id` must be that of the path, or left out"));
    }
    rule.id = id.0;
    Ok(http::json(200, &shared.lock().engine.set_fault(account.api_key(), rule)?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    faults: Vec<FaultRule>,
}

pub(super) async fn replace(shared: App, account: Account, body: Bytes) -> Answer {
    let Rules { faults } = read(&body)?;
    shared.lock().engine.replace_faults(account.api_key(), faults)?;
    Ok(list(shared, account).await)
}

pub(super) async fn clear(Shares(shared): App, account: Account) -> Response<Body> {
    shared.lock().engine.reset_part(account.api_key(), crate::engine::Scope::Faults);
    done()
}

pub(super) async fn remove(Shares(shared): App, account: Account, id: Parameter) -> Answer {
    if shared.lock().engine.remove_fault(account.api_key(), &id.0) {
        return Ok(done());
    }
    Err(Refusal { status: 404, error: "Not found", message: "there is no rule with this id".to_owned() })
}
