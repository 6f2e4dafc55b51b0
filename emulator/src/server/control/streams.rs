//! Streams: looking at them, and what their owner or user can do to them beside the API.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State as Shares};
use serde::Deserialize;
use serde_json::json;

use super::{Account, Answer, App, Parameter, invalid};
use crate::engine::{ControlError, Engine, StreamView};
use crate::server::{Shared, http};
use crate::time::Timestamp;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    limit: Option<usize>,
    /// Was read as what narrows the call.
    #[serde(rename = "account")]
    _account: Option<String>,
}

pub(super) async fn list(
    Shares(shared): App,
    account: Account,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Answer {
    let Query(Wanted { limit, .. }) =
        wanted.map_err(|_| invalid("the query takes `limit`, a number, and `account`"))?;
    let most = limit.unwrap_or(usize::MAX);
    let streams = shared.at_now(|engine, now| engine.newest_streams(now, account.api_key(), most));
    Ok(http::json(200, &json!({"streams": streams})))
}

pub(super) async fn show(shared: App, account: Account, key: Parameter) -> Answer {
    on_stream(&shared, &account, &key, Engine::stream)
}

pub(super) async fn pause(shared: App, account: Account, key: Parameter) -> Answer {
    on_stream(&shared, &account, &key, Engine::pause)
}

pub(super) async fn resume(shared: App, account: Account, key: Parameter) -> Answer {
    on_stream(&shared, &account, &key, Engine::resume)
}

pub(super) async fn dismiss(shared: App, account: Account, key: Parameter) -> Answer {
    on_stream(&shared, &account, &key, Engine::dismiss)
}

fn on_stream(
    shared: &Shared,
    account: &Account,
    key: &Parameter,
    work: impl FnOnce(&mut Engine, Timestamp, Option<&str>, &str) -> Result<StreamView, ControlError>,
) -> Answer {
    let stream = shared.at_now(|engine, now| work(engine, now, account.api_key(), &key.0))?;
    Ok(http::json(200, &stream))
}
