//! `/_emulator/`: what tests and people need beside the API. A bearer token, or `?account=` with the name of an account,
//! narrows a call to that account. Every handler reads its input, does one thing to the engine or the clock, and shows
//! the result. Calls that are not from this machine were refused before.

mod accounts;
mod clock;
mod devices;
mod faults;
mod journal;
mod pictures;
mod routes;
mod snapshot;
mod streams;
mod switches;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{DefaultBodyLimit, FromRequestParts, Path, Query, State as Shares};
use axum::response::IntoResponse;
use hyper::Response;
use hyper::header::AUTHORIZATION;
use hyper::http::request::Parts;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::{Shared, events, http};
use crate::contract::OPENAPI;
use crate::engine::{AccountId, ControlError, Scope, api_key};
use crate::page;
use routes::Routes;

type App = Shares<Arc<Shared>>;

pub(super) fn router(shared: Arc<Shared>) -> Router {
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
        .get("/requests", journal::list)
        .delete("/requests", journal::clear)
        .post("/verify", journal::verify)
        .get("/faults", faults::list)
        .post("/faults", faults::add)
        .put("/faults", faults::replace)
        .delete("/faults", faults::clear)
        .put("/faults/{fault_id}", faults::set)
        .delete("/faults/{fault_id}", faults::remove)
        .get("/switches", switches::show)
        .put("/switches", switches::set)
        .get("/export", snapshot::export)
        .post("/import", snapshot::import)
        .post("/reset", reset)
        .get("/clock", clock::show)
        .put("/clock", clock::set)
        .post("/clock/advance", clock::advance)
        .get("/events", events::subscribe)
}

/// What a handler answers with.
type Answer = Result<Response<Body>, Refusal>;

/// Why a call is refused; sent in the shape of the API's errors.
pub(super) struct Refusal {
    status: u16,
    error: &'static str,
    message: String,
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response<Body> {
        http::error(self.status, self.error, &self.message)
    }
}

impl From<ControlError> for Refusal {
    fn from(error: ControlError) -> Self {
        let (status, label) = match error {
            ControlError::NotFound | ControlError::NoActivity | ControlError::NoDevice => (404, "Not found"),
            ControlError::Ambiguous
            | ControlError::AmbiguousDevice
            | ControlError::TooManyDevices
            | ControlError::WrongState(_) => (409, "Conflict"),
        };
        Self { status, error: label, message: error.to_string() }
    }
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
        &json!({"status": "ok", "version": env!("CARGO_PKG_VERSION"), "mode": shared.lock().engine.switches().mode}),
    )
}

/// The OpenAPI document of the routes above.
const CONTROL_OPENAPI: &str = include_str!("../../../openapi/control.json");

async fn control_openapi() -> Response<Body> {
    http::raw(200, CONTROL_OPENAPI)
}

async fn openapi() -> Response<Body> {
    http::raw(200, OPENAPI)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reset {
    #[serde(default)]
    scope: Scope,
    /// Was read as what narrows the call.
    #[serde(rename = "account")]
    _account: Option<String>,
}

async fn reset(Shares(shared): App, account: Account, reset: Result<Query<Reset>, QueryRejection>) -> Answer {
    let Query(Reset { scope, .. }) =
        reset.map_err(|_| invalid("`scope` must be one of all, requests, faults, streams, devices"))?;
    shared.lock().engine.reset_part(account.api_key(), scope);
    Ok(done())
}

fn done() -> Response<Body> {
    http::json(200, &json!({"success": true}))
}

fn invalid(message: impl Into<String>) -> Refusal {
    Refusal { status: 400, error: "Invalid request", message: message.into() }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    // A list would be read as the fields of the object in their order.
    if !body.trim_ascii_start().starts_with(b"{") {
        return Err(invalid("the body must be a JSON object"));
    }
    serde_json::from_slice(body).map_err(|error| invalid(format!("the body does not fit: {error}")))
}

/// The account that a call is narrowed to, by its API key or by its name.
pub(super) struct Account(Option<String>);

#[derive(Deserialize)]
struct Named {
    account: Option<String>,
}

impl Account {
    pub(super) fn api_key(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

impl<S: Sync> FromRequestParts<S> for Account {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let Some(header) = parts.headers.get(AUTHORIZATION) else {
            let query =
                Query::<Named>::try_from_uri(&parts.uri).map_err(|_| invalid("the query is not well formed"))?;
            if let Some(name) = query.0.account {
                let known = AccountId::parse(&name);
                known.ok_or_else(|| invalid("`account` must be the name of an account, as in /_emulator/account"))?;
                return Ok(Self(Some(name)));
            }
            return Ok(Self(None));
        };
        // Taking an unreadable header for none would act on all accounts instead of one.
        let key = header.to_str().ok().and_then(api_key).ok_or_else(|| Refusal {
            status: 401,
            error: "Unauthorized",
            message: "send `Authorization: Bearer <key>` with a key that begins with ask_, or nothing".to_owned(),
        })?;
        Ok(Self(Some(key.to_owned())))
    }
}

/// The one parameter of the path.
struct Parameter(String);

impl<S: Send + Sync> FromRequestParts<S> for Parameter {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let path: Result<Path<String>, PathRejection> = Path::from_request_parts(parts, state).await;
        path.map(|Path(key)| Self(key)).map_err(|_| invalid("the path is not valid UTF-8"))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;

    #[test]
    fn the_document_names_every_route_and_none_besides() {
        let document: Value = serde_json::from_str(CONTROL_OPENAPI).unwrap();
        let methods = ["get", "put", "post", "delete", "patch", "head", "options", "trace"];
        let mut named = BTreeSet::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            let operations = item.as_object().unwrap().keys().filter(|name| methods.contains(&name.as_str()));
            named.extend(operations.map(|method| (method.clone(), path.clone())));
        }
        let made: BTreeSet<_> =
            routes().table().iter().map(|(method, path)| ((*method).to_owned(), (*path).to_owned())).collect();
        assert_eq!(named, made);
    }
}
