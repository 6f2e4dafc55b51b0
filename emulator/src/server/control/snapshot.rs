//! Taking the state out as a snapshot, and putting one in.

use axum::body::{Body, Bytes};
use axum::extract::State as Shares;
use hyper::Response;

use super::{Answer, App, done, invalid};
use crate::server::{http, state};

pub(super) async fn export(Shares(shared): App) -> Response<Body> {
    http::raw(200, state::text(&mut shared.lock()))
}

pub(super) async fn import(Shares(shared): App, body: Bytes) -> Answer {
    let snapshot = state::read(&body).map_err(invalid)?;
    state::restore(&mut shared.lock(), snapshot).map_err(invalid)?;
    Ok(done())
}
