//! Streams: looking at them, and what their owner or user can do to them beside the API.

use axum::body::Body;
use axum::extract::State as Shares;
use hyper::Response;
use serde_json::json;

use super::{Account, Answer, App, Parameter};
use crate::engine::{ControlError, Engine, StreamView};
use crate::server::{Shared, http};
use crate::time::Timestamp;

pub(super) async fn list(Shares(shared): App, account: Account) -> Response<Body> {
    let streams = shared.at_now(|engine, now| engine.streams(now, account.api_key()));
    http::json(200, &json!({"streams": streams}))
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
