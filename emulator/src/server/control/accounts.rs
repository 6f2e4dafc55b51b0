//! Accounts: their settings and what is left of their window.

use axum::body::Bytes;
use axum::extract::State as Shares;
use hyper::Response;
use serde::Serialize;

use super::{Account, Answer, App, read};
use crate::engine::{AccountSettings, AccountView};
use crate::server::http;

/// An account, and without a name what new accounts get, beside those that there are.
#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    one: AccountView,
    #[serde(skip_serializing_if = "Option::is_none")]
    accounts: Option<Vec<AccountView>>,
}

pub(super) async fn show(Shares(shared): App, account: Account) -> Response<axum::body::Body> {
    let shown = shared.at_now(|engine, now| Shown {
        one: engine.account(now, account.api_key()),
        accounts: account.api_key().is_none().then(|| engine.accounts(now, None)),
    });
    http::json(200, &shown)
}

pub(super) async fn set(Shares(shared): App, account: Account, body: Bytes) -> Answer {
    let settings: AccountSettings = read(&body)?;
    let view = shared.at_now(|engine, now| {
        engine.set_account(account.api_key(), &settings);
        engine.account(now, account.api_key())
    });
    Ok(http::json(200, &view))
}
