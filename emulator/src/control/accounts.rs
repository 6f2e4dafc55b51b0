//! Accounts: their settings and what is left of their request window.

use axum::body::Bytes;
use axum::extract::State as Shares;
use hyper::Response;
use serde::Serialize;

use super::call::{Account, Answer, App, read};
use crate::api::ids::AccountId;
use crate::http;
use crate::options::AccountSettings;
use crate::service::Service;
use crate::service::accounts::Account as Owner;
use crate::time::Timestamp;

/// An account as it can be looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct AccountView {
    /// Its name; `None` for what a key that was not seen before would find.
    pub account: Option<AccountId>,
    /// Its settings.
    #[serde(flatten)]
    pub settings: AccountSettings,
    /// Requests that it has left; `None` without a limit.
    pub rate_window: Option<RateWindow>,
    /// Activities that run.
    pub active: u32,
}

/// What is left of a limit on requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RateWindow {
    /// Requests in one window.
    pub limit: u32,
    /// Requests left.
    pub remaining: u32,
    /// When all of them are there again; now, if they are.
    pub reset_at: Timestamp,
}

impl Service {
    /// Sets up one account; with `None`, every account that exists or will exist.
    pub fn set_account(&mut self, api_key: Option<&str>, settings: &AccountSettings) {
        let id = api_key.map(AccountId::named);
        self.accounts.set_up(id, settings);
        for account in self.accounts.selected(id) {
            self.changes.device(account.id);
        }
    }

    /// All accounts that are known, or the one that is named.
    pub fn accounts(&self, now: Timestamp, api_key: Option<&str>) -> Vec<AccountView> {
        let mut views: Vec<_> = self
            .accounts
            .selected(api_key.map(AccountId::named))
            .map(|account| self.view_account(account, now))
            .collect();
        views.sort_by_key(|view| view.account);
        views
    }

    /// One account, though it may not have been seen yet; with `None`, what new ones get.
    pub fn account(&self, now: Timestamp, api_key: Option<&str>) -> AccountView {
        let account = api_key.map(AccountId::named);
        let fresh = || AccountView {
            account,
            settings: self.accounts.new_account().clone(),
            rate_window: self.options.limits.account_per_minute.map(|limit| RateWindow {
                limit,
                remaining: limit,
                reset_at: now,
            }),
            active: 0,
        };
        let known = account.and_then(|id| self.accounts.known(id));
        known.map_or_else(fresh, |known| self.view_account(known, now))
    }

    fn view_account(&self, account: &Owner, now: Timestamp) -> AccountView {
        let window = |limit| {
            let (remaining, reset_at) = account.windows.live_activities().view(limit, now);
            RateWindow { limit, remaining, reset_at }
        };
        AccountView {
            account: Some(account.id),
            settings: account.settings.clone(),
            rate_window: self.options.limits.account_per_minute.map(window),
            active: account.active(),
        }
    }
}

/// An account, and without a name what new accounts get, beside those that there are.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Shown {
    #[serde(flatten)]
    one: AccountView,
    #[serde(skip_serializing_if = "Option::is_none")]
    accounts: Option<Vec<AccountView>>,
}

pub(super) async fn show(Shares(shared): App, account: Account) -> Response<axum::body::Body> {
    let shown = shared.at_now(|service, now| Shown {
        one: service.account(now, account.api_key()),
        accounts: account.api_key().is_none().then(|| service.accounts(now, None)),
    });
    http::json(200, &shown)
}

pub(super) async fn set(Shares(shared): App, account: Account, body: Bytes) -> Answer {
    let settings: AccountSettings = read(&body)?;
    let view = shared.at_now(|service, now| {
        service.set_account(account.api_key(), &settings);
        service.account(now, account.api_key())
    });
    Ok(http::json(200, &view))
}
