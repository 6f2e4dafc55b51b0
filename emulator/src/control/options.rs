//! The options that can be changed while the emulator runs.

use axum::body::{Body, Bytes};
use axum::extract::State as Shares;
use hyper::Response;
use serde_json::Value;

use super::call::{Answer, App, invalid, read};
use crate::options::RuntimeOptions;
use crate::service::Service;
use crate::{contract, http};

impl Service {
    /// The options as they are.
    pub fn runtime_options(&self) -> RuntimeOptions {
        self.options
    }

    /// Changes the options that are named. `limits` is `service`, `legacy`, `none`, or an object of those that change.
    /// Nothing changes if anything is wrong, and the error says what.
    pub fn set_runtime_options(&mut self, changes: &Value) -> Result<RuntimeOptions, String> {
        let options = self.options.changed(changes)?;
        self.apply_options(options);
        Ok(options)
    }

    pub(super) fn apply_options(&mut self, options: RuntimeOptions) {
        contract::prepare(options.mode);
        self.changes.options();
        self.options = options;
        self.accounts.pace(options.limits.device_budgets);
    }
}

pub(super) async fn show(Shares(shared): App) -> Response<Body> {
    http::json(200, &shared.lock().service.runtime_options())
}

pub(super) async fn set(Shares(shared): App, body: Bytes) -> Answer {
    let changes: Value = read(&body)?;
    let options = shared.lock().service.set_runtime_options(&changes).map_err(invalid)?;
    Ok(http::json(200, &options))
}
