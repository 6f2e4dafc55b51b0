//! One HTTP request to the API, carried to the engine and back.

use std::net::IpAddr;
use std::time::Duration;

use axum::body::Body;
use hyper::Response;
use hyper::header::{AUTHORIZATION, HeaderName, HeaderValue};
use hyper::http::request::Parts;

use super::body::{Limited, TOO_LARGE};
use super::{Shared, State, http};
use crate::engine::ApiRequest;

pub(super) fn answer(
    shared: &Shared,
    parts: &Parts,
    path: &str,
    client: IpAddr,
    body: &Limited,
    arrival: Duration,
) -> Response<Body> {
    let headers: Vec<_> =
        parts.headers.iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap_or("(not text)"))).collect();
    let mut request = ApiRequest {
        method: parts.method.as_str(),
        path,
        authorization: parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()),
        client,
        body: &[],
        headers: &headers,
        arrival,
    };
    let mut state = shared.lock();
    let State { engine, clock, .. } = &mut *state;
    let response = match body {
        Limited::Whole(body) => {
            request.body = body;
            engine.handle(clock.now(), &request)
        }
        Limited::TooLarge => engine.refuse(clock.now(), &request, 413, "Payload too large", TOO_LARGE),
    };
    drop(state);
    shared.events.wake();

    let headers = response.headers;
    let mut response = http::raw(response.status, response.body);
    for (name, value) in headers {
        let name = HeaderName::try_from(name).expect("the engine's header names are tokens");
        let value = HeaderValue::try_from(value).expect("the engine's header values are ASCII");
        response.headers_mut().insert(name, value);
    }
    response
}
