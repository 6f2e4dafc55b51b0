//! The choices that can be changed while the emulator runs.

use axum::body::{Body, Bytes};
use axum::extract::State as Shares;
use hyper::Response;
use serde_json::Value;

use super::{Answer, App, invalid, read};
use crate::server::http;

pub(super) async fn show(Shares(shared): App) -> Response<Body> {
    http::json(200, &shared.lock().engine.switches())
}

pub(super) async fn set(Shares(shared): App, body: Bytes) -> Answer {
    let changes: Value = read(&body)?;
    let switches = shared.lock().engine.set_switches(&changes).map_err(invalid)?;
    Ok(http::json(200, &switches))
}
