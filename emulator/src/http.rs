//! How every part of the emulator writes an HTTP response.

use axum::body::Body;
use hyper::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::{Response, StatusCode};
use serde::Serialize;
use serde_json::json;

/// Tells a client that it does not talk to the service.
const MARK: (HeaderName, HeaderValue) =
    (HeaderName::from_static("x-asmith-emulator"), HeaderValue::from_static(env!("CARGO_PKG_VERSION")));

/// A response with bytes of this content type.
pub(crate) fn response(status: u16, content_type: &'static str, body: impl Into<Body>) -> Response<Body> {
    let mut response = Response::new(body.into());
    *response.status_mut() = StatusCode::from_u16(status).expect("the emulator uses defined statuses only");
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// A response with bytes that are JSON already.
pub(crate) fn raw(status: u16, body: impl Into<Body>) -> Response<Body> {
    response(status, "application/json", body)
}

/// A response with a value as JSON.
pub(crate) fn json(status: u16, body: &impl Serialize) -> Response<Body> {
    raw(status, serde_json::to_vec(body).expect("what the emulator shows is representable as JSON"))
}

/// An error in the shape of the API's errors.
pub(crate) fn error(status: u16, error: &str, message: &str) -> Response<Body> {
    json(status, &json!({"error": error, "message": message}))
}

/// Marks a response as the emulator's.
pub(crate) fn mark(response: &mut Response<Body>) {
    let (name, value) = MARK;
    response.headers_mut().insert(name, value);
}
