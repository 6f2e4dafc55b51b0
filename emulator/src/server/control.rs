//! `/_emulator/`: what tests and people need beside the API. A bearer token narrows a call to its account. Every handler
//! reads its input, does one thing to the engine or the clock, and shows the result. Calls that are not from this
//! machine were refused before.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{FromRequestParts, Path, Query, State as Shares};
use axum::response::IntoResponse;
use axum::routing::{get, post, put};
use hyper::Response;
use hyper::header::AUTHORIZATION;
use hyper::http::request::Parts;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::clock::RunningClock;
use super::{Shared, http};
use crate::contract::OPENAPI;
use crate::engine::{AccountSettings, ControlError, Engine, StreamView, api_key};
use crate::options::Clock;
use crate::time::Timestamp;

type App = Shares<Arc<Shared>>;

pub(super) fn router(shared: Arc<Shared>) -> Router {
    let control = Router::new()
        .route("/health", get(health))
        .route("/openapi.json", get(openapi))
        .route("/streams", get(streams))
        .route("/streams/{stream_key}", get(stream))
        .route("/streams/{stream_key}/pause", post(pause))
        .route("/streams/{stream_key}/resume", post(resume))
        .route("/streams/{stream_key}/dismiss", post(dismiss))
        .route("/requests", get(requests).delete(clear_requests))
        .route("/reset", post(reset))
        .route("/account", put(set_account))
        .route("/clock", get(clock).put(set_clock))
        .route("/clock/advance", post(advance));
    Router::new()
        .nest("/_emulator", control)
        .fallback(not_found)
        .method_not_allowed_fallback(wrong_method)
        .with_state(shared)
}

/// What a handler answers with.
type Answer = Result<Response<Body>, Refusal>;

/// Why a call is refused; sent in the shape of the API's errors.
struct Refusal {
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
            ControlError::NotFound => (404, "Not found"),
            ControlError::Ambiguous | ControlError::WrongState(_) => (409, "Conflict"),
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
    http::json(200, &json!({"status": "ok", "version": env!("CARGO_PKG_VERSION"), "mode": shared.mode}))
}

async fn openapi() -> Response<Body> {
    http::raw(200, OPENAPI)
}

async fn streams(Shares(shared): App, account: Account) -> Response<Body> {
    let streams = shared.at_now(|engine, now| engine.streams(now, account.api_key()));
    http::json(200, &json!({"streams": streams}))
}

async fn stream(shared: App, account: Account, key: StreamKey) -> Answer {
    on_stream(&shared, &account, &key, Engine::stream)
}

async fn pause(shared: App, account: Account, key: StreamKey) -> Answer {
    on_stream(&shared, &account, &key, Engine::pause)
}

async fn resume(shared: App, account: Account, key: StreamKey) -> Answer {
    on_stream(&shared, &account, &key, Engine::resume)
}

async fn dismiss(shared: App, account: Account, key: StreamKey) -> Answer {
    on_stream(&shared, &account, &key, Engine::dismiss)
}

#[derive(Debug, Deserialize)]
struct Since {
    #[serde(default)]
    since: u64,
}

async fn requests(Shares(shared): App, account: Account, since: Result<Query<Since>, QueryRejection>) -> Answer {
    let Query(Since { since }) = since.map_err(|_| invalid("`since` must be the id of a request"))?;
    let requests = shared.lock().engine.requests(account.api_key(), since);
    Ok(http::json(200, &json!({"requests": requests})))
}

async fn clear_requests(Shares(shared): App, account: Account) -> Response<Body> {
    shared.lock().engine.clear_requests(account.api_key());
    done()
}

async fn reset(Shares(shared): App, account: Account) -> Response<Body> {
    shared.lock().engine.reset(account.api_key());
    done()
}

async fn set_account(Shares(shared): App, account: Account, body: Bytes) -> Answer {
    let settings: AccountSettings = read(&body)?;
    shared.lock().engine.set_account(account.api_key(), &settings);
    Ok(http::json(200, &settings))
}

async fn clock(Shares(shared): App) -> Response<Body> {
    show_clock(shared.lock().clock)
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case", tag = "mode")]
enum ClockChange {
    Real,
    /// Without `now` the clock stops where it is.
    Manual {
        now: Option<Timestamp>,
    },
}

async fn set_clock(Shares(shared): App, body: Bytes) -> Answer {
    let change = read(&body)?;
    let clock = &mut shared.lock().clock;
    *clock = RunningClock::new(match change {
        ClockChange::Real => Clock::Real,
        ClockChange::Manual { now } => Clock::Manual(now.unwrap_or(clock.now())),
    });
    Ok(show_clock(*clock))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    seconds: f64,
}

async fn advance(Shares(shared): App, body: Bytes) -> Answer {
    let Advance { seconds } = read(&body)?;
    let duration = Duration::try_from_secs_f64(seconds);
    let duration = duration.map_err(|_| invalid("`seconds` must be a number that is not negative"))?;
    let clock = &mut shared.lock().clock;
    clock.advance(duration);
    Ok(show_clock(*clock))
}

fn show_clock(clock: RunningClock) -> Response<Body> {
    http::json(200, &json!({"mode": clock.mode(), "now": clock.now()}))
}

fn done() -> Response<Body> {
    http::json(200, &json!({"success": true}))
}

fn invalid(message: impl Into<String>) -> Refusal {
    Refusal { status: 400, error: "Invalid request", message: message.into() }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|error| invalid(format!("the body does not fit: {error}")))
}

fn on_stream(
    shared: &Shared,
    account: &Account,
    key: &StreamKey,
    work: impl FnOnce(&mut Engine, Timestamp, Option<&str>, &str) -> Result<StreamView, ControlError>,
) -> Answer {
    let stream = shared.at_now(|engine, now| work(engine, now, account.api_key(), &key.0))?;
    Ok(http::json(200, &stream))
}

/// The account that a call is narrowed to, by its API key.
struct Account(Option<String>);

impl Account {
    fn api_key(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

impl<S: Sync> FromRequestParts<S> for Account {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let Some(header) = parts.headers.get(AUTHORIZATION) else {
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

/// The stream key of the path.
struct StreamKey(String);

impl<S: Send + Sync> FromRequestParts<S> for StreamKey {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let path: Result<Path<String>, PathRejection> = Path::from_request_parts(parts, state).await;
        path.map(|Path(key)| Self(key)).map_err(|_| invalid("the stream key is not valid UTF-8"))
    }
}
