//! The service as a pure state machine: requests and clock readings in, responses out. It has no sockets, no clock and no
//! threads, so that tests and simulations can drive it.

pub(crate) mod accounts;
pub(crate) mod changes;
pub(crate) mod endpoints;
pub(crate) mod limits;
pub(crate) mod streams;

use std::collections::HashMap;
use std::net::IpAddr;

use serde_json::json;

use crate::api::ids::{AccountId, ActivityIds};
use crate::api::refusal::Refusal;
use crate::api::{ApiRequest, ApiResponse};
use crate::contract::{self, Rules};
use crate::faults::Faults;
use crate::faults::effect::Fault;
use crate::journal::{Journal, Trace};
use crate::options::{HeaderProfile, Options, Retention, RuntimeOptions};
use crate::time::Timestamp;
use accounts::Accounts;
use changes::Changes;
use endpoints::endpoint::Context;
use limits::{Quota, Windows};

/// The whole service: all accounts with their streams, and the journal of requests. What tests and people can see and do
/// beside the API is written in `control/`.
///
/// An `api_key` narrows a call to one account, whose name as it is shown serves as well; `None` means all accounts.
#[derive(Debug)]
pub struct Service {
    pub(crate) options: RuntimeOptions,
    pub(crate) retention: Retention,
    pub(crate) seed: u64,
    pub(crate) accounts: Accounts,
    pub(crate) addresses: HashMap<IpAddr, Windows>,
    pub(crate) ids: ActivityIds,
    pub(crate) journal: Journal,
    pub(crate) changes: Changes,
    pub(crate) faults: Faults,
}

impl Service {
    /// A service without accounts. The port and the clock of the options concern only a server around it.
    pub fn new(options: &Options) -> Self {
        let Options { mode, switches, limits, seed, retention, .. } = *options;
        contract::prepare(mode);
        Self {
            options: RuntimeOptions { mode, switches, limits },
            retention,
            seed,
            accounts: Accounts::new(limits.device_budgets),
            addresses: HashMap::new(),
            ids: ActivityIds::new(seed),
            journal: Journal::new(retention.journal),
            changes: Changes::default(),
            faults: Faults::new(seed),
        }
    }

    /// Answers one request that arrives at `now`, and writes both into the journal.
    pub fn handle(&mut self, now: Timestamp, request: &ApiRequest<'_>) -> ApiResponse {
        let mut trace = Trace::default();
        let response = match self.find_fault(request, &mut trace) {
            None => self.respond(now, request, &mut trace),
            Some((fault, seed)) => {
                let mut response = fault.replacement().unwrap_or_else(|| self.respond(now, request, &mut trace));
                fault.apply(&mut response, seed);
                response
            }
        };
        self.journal.record(now, request, &response, trace);
        response
    }

    /// Answers a request that is not read further, such as one with too large a body, and writes it into the journal.
    pub fn refuse(
        &mut self,
        now: Timestamp,
        request: &ApiRequest<'_>,
        status: u16,
        error: &str,
        message: &str,
    ) -> ApiResponse {
        let response = ApiResponse::json(status, &json!({"error": error, "message": message}));
        let account = request.key().map(AccountId::of);
        self.journal.record(now, request, &response, Trace { account, ..Trace::default() });
        response
    }

    /// Does what time brings to all accounts, as each request does for its own.
    pub(crate) fn settle(&mut self, now: Timestamp) {
        for account in self.accounts.selected_mut(None) {
            account.settle(now, self.retention.history);
            for stream_key in account.moved.drain(..) {
                self.changes.stream(account.id, &stream_key);
            }
        }
    }

    /// The fault that a request meets, if it does.
    fn find_fault(&mut self, request: &ApiRequest<'_>, trace: &mut Trace) -> Option<(Fault, u64)> {
        if self.faults.is_empty() {
            return None;
        }
        let account = request.key().map(AccountId::of);
        let (id, fault, seed) = self.faults.find(request, account)?;
        *trace = Trace { account, fault: Some(id), outcome: fault.replacement().map(|_| "fault"), notes: Vec::new() };
        self.changes.fault();
        Some((fault, seed))
    }

    /// The checks that come before any one endpoint, in the order in which the service is taken to make them.
    fn respond(&mut self, now: Timestamp, request: &ApiRequest<'_>, trace: &mut Trace) -> ApiResponse {
        let (endpoint, parameter) = match endpoints::find(request.method, request.path) {
            Ok(found) => found,
            Err(refusal) => return refusal.response(),
        };
        let Some(key) = request.key() else {
            return Refusal::Unauthorized("send `Authorization: Bearer <key>` with a key that begins with ask_")
                .response();
        };
        let account = self.accounts.of(AccountId::of(key), now);
        trace.account = Some(account.id);
        if account.settings.revoked {
            return Refusal::Unauthorized("this key was revoked; create a new one").response();
        }

        let address = if key.starts_with("ask_test_") {
            &mut account.address_windows
        } else {
            limits::address_windows(&mut self.addresses, request.client, now)
        };
        let quota = Quota::spend(&self.options.limits, endpoint.family, now, address, &mut account.windows);
        let (options, retention, ids) = (&self.options, self.retention, &mut self.ids);
        let result = match quota.retry_after() {
            Some(retry_after) => Err(Refusal::RateLimited { retry_after }),
            None => endpoint.read(&parameter, request.body, Rules::from(options)).and_then(|body| {
                (endpoint.run)(&mut Context { account, options, retention, ids, now, trace }, &parameter, &body)
            }),
        };
        for stream_key in account.moved.drain(..) {
            self.changes.stream(account.id, &stream_key);
        }
        let mut response = result.unwrap_or_else(Refusal::response);
        // Every answer but the billing one is documented to carry them.
        if response.status != 402 {
            quota.add_headers(self.options.switches.headers, &mut response.headers);
        }
        if self.options.switches.headers == HeaderProfile::None {
            response.headers.retain(|(name, _)| *name != "Retry-After");
        }
        response
    }
}
