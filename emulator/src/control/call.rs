//! What the handlers of control endpoints share: reading their input, and refusing it.

use std::fmt;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequestParts, Path, Query, State as Shares};
use axum::response::IntoResponse;
use hyper::Response;
use hyper::header::AUTHORIZATION;
use hyper::http::request::Parts;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::api::api_key;
use crate::api::ids::AccountId;
use crate::http;
use crate::service::streams::StreamState;
use crate::shared::Shared;

pub(super) type App = Shares<Arc<Shared>>;

/// What a handler answers with.
pub(super) type Answer = Result<Response<Body>, Refusal>;

/// Why a call is refused; sent in the shape of the API's errors.
pub(super) struct Refusal {
    pub(super) status: u16,
    pub(super) error: &'static str,
    pub(super) message: String,
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response<Body> {
        http::error(self.status, self.error, &self.message)
    }
}

/// Why something could not be done to a stream or device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ControlError {
    /// There is no stream with this key.
    NotFound,
    /// Nothing is known of an activity with this id.
    NoActivity,
    /// Several accounts have a stream with this key, and none was named.
    Ambiguous,
    /// It cannot be done to a stream in this state.
    WrongState(StreamState),
    /// There is no device with this id.
    NoDevice,
    /// Several accounts have a device with this id, and none was named.
    AmbiguousDevice,
    /// The account has as many devices as it may.
    TooManyDevices,
}

impl fmt::Display for ControlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound => f.write_str("there is no stream with this key"),
            Self::NoActivity => f.write_str("there is no activity with this id; see /_emulator/streams"),
            Self::Ambiguous => f.write_str(
                "several accounts have a stream with this key; send its API key as bearer, or name the account",
            ),
            Self::NoDevice => f.write_str("there is no device with this id; see /_emulator/devices"),
            Self::AmbiguousDevice => f.write_str(
                "several accounts have a device with this id; send the API key as bearer, or name the account",
            ),
            Self::TooManyDevices => f.write_str("this account has 32 devices already; unpair one"),
            Self::WrongState(state) => write!(f, "this cannot be done to a stream that is {}", state.as_str()),
        }
    }
}

impl std::error::Error for ControlError {}

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

pub(super) fn done() -> Response<Body> {
    http::json(200, &json!({"success": true}))
}

pub(super) fn invalid(message: impl Into<String>) -> Refusal {
    Refusal { status: 400, error: "Invalid request", message: message.into() }
}

pub(super) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    // A list would be read as the fields of the object in their order.
    if !body.trim_ascii_start().starts_with(b"{") {
        return Err(invalid("the body must be a JSON object"));
    }
    serde_json::from_slice(body).map_err(|error| invalid(format!("the body does not fit: {error}")))
}

/// The account that a call is narrowed to, by its API key or by its name.
pub(super) struct Account(Option<String>);

#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Named {
    /// Name of the account to which the call is narrowed, where no bearer token does that.
    #[cfg_attr(test, schemars(with = "Option<crate::api::ids::AccountId>"))]
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
pub(super) struct Parameter(pub(super) String);

impl<S: Send + Sync> FromRequestParts<S> for Parameter {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let path: Result<Path<String>, PathRejection> = Path::from_request_parts(parts, state).await;
        path.map(|Path(key)| Self(key)).map_err(|_| invalid("the path is not valid UTF-8"))
    }
}
