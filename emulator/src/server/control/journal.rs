//! The journal of requests to the API.

use axum::body::{Body, Bytes};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State as Shares};
use hyper::Response;
use serde::Deserialize;
use serde_json::json;

use super::{Account, Answer, App, done, invalid, read};
use crate::engine::{RequestFilter, Verification};
use crate::server::http;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    #[serde(default)]
    since: u64,
    method: Option<String>,
    stream_key: Option<String>,
    status: Option<String>,
    limit: Option<usize>,
    /// Was read as what narrows the call.
    #[serde(rename = "account")]
    _account: Option<String>,
}

pub(super) async fn list(
    Shares(shared): App,
    account: Account,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Answer {
    let Query(wanted) = wanted.map_err(|_| {
        invalid(
            "the query takes `since` (the id of a request), `method`, `stream_key`, `status` (429 or 4xx) and `limit`",
        )
    })?;
    let Wanted { since, method, stream_key, status, limit, .. } = wanted;
    let filter = RequestFilter { since, method, stream_key, status, limit };
    let requests = shared.lock().engine.find_requests(account.api_key(), &filter);
    Ok(http::json(200, &json!({"requests": requests})))
}

pub(super) async fn clear(Shares(shared): App, account: Account) -> Response<Body> {
    shared.lock().engine.clear_requests(account.api_key());
    done()
}

pub(super) async fn verify(Shares(shared): App, account: Account, body: Bytes) -> Answer {
    let verification: Verification = read(&body)?;
    let verdict = shared.lock().engine.verify(account.api_key(), &verification);
    Ok(http::json(200, &verdict))
}
