//! One HTTP request to the API, carried to the engine and back.

use std::io;
use std::net::IpAddr;
use std::time::Duration;

use axum::body::Body;
use hyper::Response;
use hyper::header::{AUTHORIZATION, HeaderName, HeaderValue};
use hyper::http::request::Parts;

use super::body::{self, Limited};
use super::wire::Call;
use super::{Shared, delivery, http};
use crate::engine::{ApiRequest, ApiResponse, Delivery};

pub(super) async fn answer(
    shared: &Shared,
    call: &Call,
    parts: &Parts,
    path: &str,
    client: IpAddr,
    body: &Limited,
    arrival: Duration,
) -> io::Result<Response<Body>> {
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
    let response = shared.at_now(|engine, now| match body {
        Limited::Whole(body, _) => {
            request.body = body;
            engine.handle(now, &request)
        }
        Limited::TooLarge(limit) => engine.refuse(now, &request, 413, "Payload too large", &body::too_large(*limit)),
    });
    shared.events.wake();

    let ApiResponse { status, headers, extra_headers, content_type, body, delivery } = response;
    delivery::hold_back(delivery).await?;
    if delivery == Delivery::Cut {
        call.break_off();
    }
    let mut response = http::response(status, content_type, delivery::body(delivery, body));
    let owned = extra_headers.into_iter();
    for (name, value) in headers.into_iter().map(|(name, value)| (name.to_owned(), value)).chain(owned) {
        let name = HeaderName::try_from(name).expect("the engine's header names are tokens");
        let value = HeaderValue::try_from(value).expect("the engine's header values are ASCII");
        response.headers_mut().insert(name, value);
    }
    Ok(response)
}
