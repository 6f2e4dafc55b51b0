//! One HTTP request to the API, carried to the engine and back.

use std::net::IpAddr;

use axum::body::Body;
use hyper::Response;
use hyper::header::{AUTHORIZATION, HeaderName, HeaderValue};
use hyper::http::request::Parts;

use super::body::{Limited, TOO_LARGE};
use super::{Shared, State, http};
use crate::engine::ApiRequest;

pub(super) fn answer(shared: &Shared, parts: &Parts, path: &str, client: IpAddr, body: &Limited) -> Response<Body> {
    let mut request = ApiRequest {
        method: parts.method.as_str(),
        path,
        authorization: parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()),
        client,
        body: &[],
    };
    let mut state = shared.lock();
    let State { engine, clock } = &mut *state;
    let response = match body {
        Limited::Whole(body) => {
            request.body = body;
            engine.handle(clock.now(), &request)
        }
        Limited::TooLarge => engine.refuse(clock.now(), &request, 413, "Payload too large", TOO_LARGE),
    };
    drop(state);

    let headers = response.headers;
    let mut response = http::raw(response.status, response.body);
    for (name, value) in headers {
        let name = HeaderName::try_from(name).expect("the engine's header names are tokens");
        let value = HeaderValue::try_from(value).expect("the engine's header values are ASCII");
        response.headers_mut().insert(name, value);
    }
    response
}
