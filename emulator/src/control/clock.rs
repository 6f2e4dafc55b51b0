//! The clock: looking at it, replacing it, moving it ahead.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State as Shares;
use hyper::Response;
use serde::Deserialize;

use super::call::{Answer, App, invalid, read};
use crate::http;
use crate::options::Clock;
use crate::time::Timestamp;

pub(super) async fn show(Shares(shared): App) -> Response<Body> {
    http::json(200, &shared.lock().clock.view())
}

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "snake_case", tag = "mode")]
pub(super) enum Change {
    Real,
    /// Without `now` the clock stops where it is.
    Manual {
        now: Option<Timestamp>,
    },
}

pub(super) async fn set(Shares(shared): App, body: Bytes) -> Answer {
    let change = read(&body)?;
    let mut state = shared.lock();
    let now = state.clock.now();
    state.set_clock(match change {
        Change::Real => Clock::Real,
        Change::Manual { now: wanted } => Clock::Manual(wanted.unwrap_or(now)),
    });
    Ok(http::json(200, &state.clock.view()))
}

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct Advance {
    #[cfg_attr(test, schemars(range(min = 0, max = 1e12)))]
    seconds: f64,
}

pub(super) async fn advance(Shares(shared): App, body: Bytes) -> Answer {
    let Advance { seconds } = read(&body)?;
    let duration = Duration::try_from_secs_f64(seconds);
    let duration = duration.map_err(|_| invalid("`seconds` must be a number that is not negative"))?;
    let mut state = shared.lock();
    state.advance(duration);
    Ok(http::json(200, &state.clock.view()))
}
