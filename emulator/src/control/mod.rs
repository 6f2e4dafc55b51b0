//! The control endpoints, below `/_emulator/`: what tests and people can see and do beside the API. Each file has what the
//! service does and the handlers for it.
//!
//! A bearer token, or `?account=` with the name of an account, narrows a call to that account. Calls that are not from this
//! machine were refused before.

pub(crate) mod accounts;
pub(crate) mod call;
mod clock;
pub(crate) mod devices;
#[cfg(test)]
mod document;
mod faults;
mod options;
mod pictures;
mod requests;
mod routes;
pub(crate) mod snapshot;
pub(crate) mod sse;
pub(crate) mod streams;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{DefaultBodyLimit, Query, State as Shares};
use hyper::Response;
use serde::Deserialize;
use serde_json::json;

use crate::api::ids::{AccountId, ActivityIds};
use crate::contract::OPENAPI;
use crate::service::Service;
use crate::service::accounts::Account as Owner;
use crate::service::changes::Scope;
use crate::shared::Shared;
use crate::{http, page};
use call::{Account, Answer, App, done, invalid};
use routes::Routes;

pub(crate) fn router(shared: Arc<Shared>) -> Router {
    let control = if shared.has_control { routes().into_router() } else { Router::new() };
    let page = if shared.has_control { page::router() } else { Router::new() };
    Router::new()
        .nest("/_emulator", control)
        .merge(page)
        .fallback(not_found)
        .method_not_allowed_fallback(wrong_method)
        // How large a body may be was decided when it was read.
        .layer(DefaultBodyLimit::disable())
        .with_state(shared)
}

fn routes() -> Routes {
    Routes::default()
        .get("/health", health)
        .get("/openapi.json", openapi)
        .get("/control.openapi.json", control_openapi)
        .get("/streams", streams::list)
        .get("/streams/{stream_key}", streams::show)
        .post("/streams/{stream_key}/pause", streams::pause)
        .post("/streams/{stream_key}/resume", streams::resume)
        .post("/streams/{stream_key}/dismiss", streams::dismiss)
        .get("/render/{picture}", pictures::show)
        .get("/devices", devices::list)
        .put("/devices/{device_id}", devices::set)
        .delete("/devices/{device_id}", devices::unpair)
        .get("/account", accounts::show)
        .put("/account", accounts::set)
        .get("/requests", requests::list)
        .delete("/requests", requests::clear)
        .post("/verify", requests::verify)
        .get("/faults", faults::list)
        .post("/faults", faults::add)
        .put("/faults", faults::replace)
        .delete("/faults", faults::clear)
        .put("/faults/{fault_id}", faults::set)
        .delete("/faults/{fault_id}", faults::remove)
        .get("/switches", options::show)
        .put("/switches", options::set)
        .get("/export", snapshot::export)
        .post("/import", snapshot::import)
        .post("/reset", reset)
        .get("/clock", clock::show)
        .put("/clock", clock::set)
        .post("/clock/advance", clock::advance)
        .get("/events", sse::subscribe)
}

async fn not_found() -> Response<Body> {
    http::error(404, "Not found", "the API is below /api and the emulator's own endpoints are below /_emulator")
}

async fn wrong_method() -> Response<Body> {
    http::error(405, "Method not allowed", "this path takes another method; see the Allow header")
}

async fn health(Shares(shared): App) -> Response<Body> {
    http::json(
        200,
        &json!({"status": "ok", "version": env!("CARGO_PKG_VERSION"), "mode": shared.lock().service.options.mode}),
    )
}

/// The OpenAPI document of the routes above.
const CONTROL_OPENAPI: &str = include_str!("../../openapi/control.json");

async fn control_openapi() -> Response<Body> {
    http::raw(200, CONTROL_OPENAPI)
}

async fn openapi() -> Response<Body> {
    http::raw(200, OPENAPI)
}

#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct Reset {
    #[serde(default)]
    scope: Scope,
    /// Name of the account to which the call is narrowed, where no bearer token does that.
    #[serde(rename = "account")]
    #[cfg_attr(test, schemars(with = "Option<crate::api::ids::AccountId>"))]
    _account: Option<String>,
}

async fn reset(Shares(shared): App, account: Account, reset: Result<Query<Reset>, QueryRejection>) -> Answer {
    let Query(Reset { scope, .. }) =
        reset.map_err(|_| invalid("`scope` must be one of all, requests, faults, streams, devices"))?;
    shared.lock().service.reset_part(account.api_key(), scope);
    Ok(done())
}

impl Service {
    /// Forgets one account with its streams, settings and requests; with `None`, everything.
    pub fn reset(&mut self, api_key: Option<&str>) {
        self.reset_part(api_key, Scope::All);
    }

    /// Forgets a part of what is known of one account; with `None`, of all.
    pub fn reset_part(&mut self, api_key: Option<&str>, scope: Scope) {
        let id = api_key.map(AccountId::named);
        match scope {
            Scope::All => {
                self.journal.clear(id);
                self.faults.clear(id);
                self.accounts.forget(id);
                if id.is_none() {
                    self.addresses.clear();
                    self.ids = ActivityIds::new(self.seed);
                }
            }
            Scope::Requests => self.journal.clear(id),
            Scope::Faults => self.faults.clear(id),
            Scope::Streams => self.accounts.selected_mut(id).for_each(Owner::forget_streams),
            Scope::Devices => self.accounts.selected_mut(id).for_each(Owner::renew_devices),
        }
        self.changes.reset(scope, id);
    }
}
