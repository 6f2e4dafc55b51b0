//! The journal of requests to the API: looking at it, clearing it, comparing it with expectations.

use axum::body::{Body, Bytes};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State as Shares};
use hyper::Response;
use serde::Deserialize;
use serde_json::json;

use super::call::{Account, Answer, App, done, invalid, read};
use crate::api::ids::AccountId;
use crate::http;
use crate::journal::verify::{Verdict, Verification};
use crate::journal::{JournalEntry, RequestFilter};
use crate::service::Service;
use crate::service::changes::Scope;

impl Service {
    /// Journal entries with an id above `since`, oldest first.
    pub fn requests(&self, api_key: Option<&str>, since: u64) -> Vec<JournalEntry> {
        self.find_requests(api_key, &RequestFilter { since, ..RequestFilter::default() })
    }

    /// Journal entries that are asked for, oldest first.
    pub fn find_requests(&self, api_key: Option<&str>, filter: &RequestFilter) -> Vec<JournalEntry> {
        self.journal.find(api_key.map(AccountId::named), filter)
    }

    /// The id that the next request will have in the journal.
    pub fn next_request(&self) -> u64 {
        self.journal.next_id()
    }

    /// Forgets the journal.
    pub fn clear_requests(&mut self, api_key: Option<&str>) {
        self.reset_part(api_key, Scope::Requests);
    }

    /// Compares the journal with what is expected.
    pub fn verify(&self, api_key: Option<&str>, verification: &Verification) -> Verdict {
        self.journal.verify(api_key.map(AccountId::named), verification)
    }
}

#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    #[serde(default)]
    since: u64,
    method: Option<String>,
    stream_key: Option<String>,
    status: Option<String>,
    limit: Option<usize>,
    /// Name of the account to which the call is narrowed, where no bearer token does that.
    #[serde(rename = "account")]
    #[cfg_attr(test, schemars(with = "Option<crate::api::ids::AccountId>"))]
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
    let requests = shared.lock().service.find_requests(account.api_key(), &filter);
    Ok(http::json(200, &json!({"requests": requests})))
}

pub(super) async fn clear(Shares(shared): App, account: Account) -> Response<Body> {
    shared.lock().service.clear_requests(account.api_key());
    done()
}

pub(super) async fn verify(Shares(shared): App, account: Account, body: Bytes) -> Answer {
    let verification: Verification = read(&body)?;
    let verdict = shared.lock().service.verify(account.api_key(), &verification);
    Ok(http::json(200, &verdict))
}
