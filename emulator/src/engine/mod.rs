//! The service as a pure state machine: requests and clock readings in, responses out. No sockets, no clock, no
//! threads, so that tests and simulations can drive it by hand.

mod account;
mod accounts;
mod activity_id;
mod answer;
mod budget;
mod canonical;
mod changes;
mod control;
mod delete;
mod device;
mod device_view;
mod devices;
mod fault;
mod faults;
mod inspect;
mod journal;
mod legacy;
mod other;
mod put;
mod rate;
mod refusal;
mod request;
mod route;
mod snapshot;
mod stream;
mod switchboard;
mod timer;
mod verify;
mod view;

use std::collections::HashMap;
use std::net::IpAddr;

use serde_json::{Value, json};

pub use account::{AccountId, AccountSettings, Billing};
pub use activity_id::ActivityId;
pub use budget::BudgetView;
pub use changes::Changes;
pub use control::{ControlError, Scope};
pub use device::DeviceState;
pub use device_view::DeviceShows;
pub use devices::{DeviceSettings, DeviceView};
pub use fault::{Fault, Latency};
pub use faults::{BadRule, FaultMatch, FaultRule, FaultView};
pub use inspect::{AccountView, RateWindow, RequestFilter};
pub use journal::JournalEntry;
pub(crate) use request::api_key;
pub use request::{ApiRequest, ApiResponse, Delivery};
pub use snapshot::{BadSnapshot, EngineSnapshot};
pub use stream::{HistoryEntry, HistoryEvent};
pub use switchboard::Switchboard;
pub use verify::{Count, Difference, Expectation, Miss, Verdict, Verification};
pub use view::{AlertView, StreamState, StreamView, TimerView};

use crate::contract::{self, Rules};
use crate::options::{HeaderProfile, Limits, Mode, Options, Retention, Switches, UrlPolicy};
use crate::time::Timestamp;
use accounts::Accounts;
use activity_id::ActivityIds;
use faults::Faults;
use journal::Journal;
use rate::{Quota, Windows};
use refusal::Refusal;
use route::Route;

/// The whole service: all accounts with their streams, and the journal of requests.
#[derive(Debug)]
pub struct Engine {
    config: Config,
    accounts: Accounts,
    addresses: HashMap<IpAddr, Windows>,
    ids: ActivityIds,
    journal: Journal,
    changes: Changes,
    faults: Faults,
}

/// The part of [`Options`] that the engine obeys.
#[derive(Debug, Clone, Copy)]
struct Config {
    rules: Rules,
    limits: Limits,
    switches: Switches,
    retention: Retention,
    seed: u64,
}

/// What one request tells the journal besides its response.
#[derive(Debug, Default)]
struct Trace {
    account: Option<AccountId>,
    notes: Vec<String>,
    /// What the request came to, if that is told apart.
    outcome: Option<&'static str>,
    /// The fault that it met, by its id.
    fault: Option<String>,
}

impl Engine {
    /// An engine without accounts. The port and the clock of the options concern only a server around it.
    pub fn new(options: &Options) -> Self {
        contract::prepare(options.mode);
        let rules = Rules { mode: options.mode, legacy_url_policy: options.switches.url_policy == UrlPolicy::Legacy };
        Self {
            config: Config {
                rules,
                limits: options.limits,
                switches: options.switches,
                retention: options.retention,
                seed: options.seed,
            },
            accounts: Accounts::new(options.limits.device_budgets),
            addresses: HashMap::new(),
            ids: ActivityIds::new(options.seed),
            journal: Journal::new(options.retention.journal),
            changes: Changes::default(),
            faults: Faults::new(options.seed),
        }
    }

    /// Answers one request that arrives at `now`, and writes both into the journal.
    pub fn handle(&mut self, now: Timestamp, request: &ApiRequest<'_>) -> ApiResponse {
        let mut trace = Trace::default();
        let response = match self.meet_fault(request, &mut trace) {
            None => self.respond(now, request, &mut trace),
            Some((fault, seed)) => {
                let carried_out = fault.instead();
                let mut response = carried_out.unwrap_or_else(|| self.respond(now, request, &mut trace));
                fault.spoil(&mut response, seed);
                response
            }
        };
        self.journal.record(now, request, &response, trace);
        response
    }

    /// The fault that a request meets, if it does.
    fn meet_fault(&mut self, request: &ApiRequest<'_>, trace: &mut Trace) -> Option<(Fault, u64)> {
        if self.faults.is_empty() {
            return None;
        }
        let account = request.key().map(AccountId::of);
        let (id, fault, seed) = self.faults.strike(request, account)?;
        *trace = Trace { account, fault: Some(id), outcome: fault.instead().map(|_| "fault"), notes: Vec::new() };
        self.changes.fault();
        Some((fault, seed))
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

    /// The checks that come before any one endpoint, in the order in which the service is taken to make them.
    fn respond(&mut self, now: Timestamp, request: &ApiRequest<'_>, trace: &mut Trace) -> ApiResponse {
        let route = match route::find(request.method, request.path) {
            Ok(route) => route,
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
            rate::address_windows(&mut self.addresses, request.client, now)
        };
        let quota = Quota::spend(&self.config.limits, route.feature(), now, address, &mut account.windows);
        let mut context = Context {
            config: &self.config,
            ids: &mut self.ids,
            notes: &mut trace.notes,
            outcome: &mut trace.outcome,
            given_id: None,
        };
        let result = match quota.retry_after() {
            Some(seconds) => Err(Refusal::RateLimited { retry_after: seconds }),
            None => match route {
                Route::PutStream(key) => put::put(account, &mut context, now, &key, request.body),
                Route::DeleteStream(key) => delete::delete(account, &mut context, now, &key, request.body),
                Route::Start => legacy::start(account, &mut context, now, request.body),
                Route::Update => legacy::update(account, &mut context, now, request.body),
                Route::End => legacy::end(account, &mut context, now, request.body),
                Route::SendPush => other::send_push(account, &mut context, now, request.body),
                Route::ReplacePush(id) => other::replace_push(account, &mut context, now, &id, request.body),
                Route::SetMetric(key) => other::set_metric(account, &mut context, &key, request.body),
                Route::SetBadge => other::set_badge(account, &mut context, now, request.body),
            },
        };
        for stream_key in account.moved.drain(..) {
            self.changes.stream(account.id, &stream_key);
        }
        let mut response = result.unwrap_or_else(Refusal::response);
        // Every answer but the billing one is documented to carry them.
        if response.status != 402 {
            quota.add_headers(self.config.switches.headers, &mut response.headers);
        }
        if self.config.switches.headers == HeaderProfile::None {
            response.headers.retain(|(name, _)| *name != "Retry-After");
        }
        response
    }
}

impl Engine {
    /// Lets happen what time brings, as each request does for its own account.
    pub fn settle(&mut self, now: Timestamp) {
        let history = self.config.retention.history;
        for account in self.accounts.all_mut() {
            account.settle(now, history);
            for stream_key in account.moved.drain(..) {
                self.changes.stream(account.id, &stream_key);
            }
        }
    }
}

/// What an endpoint may use besides its account.
struct Context<'a> {
    config: &'a Config,
    ids: &'a mut ActivityIds,
    /// What was allowed but had no effect, for the journal.
    notes: &'a mut Vec<String>,
    /// What the request came to, for the journal.
    outcome: &'a mut Option<&'static str>,
    /// The id that the next activity has to have.
    given_id: Option<ActivityId>,
}

/// The checks that both endpoints of streams begin with, up to and including the schema.
fn read_body(config: &Config, stream_key: &str, body: &[u8], request: contract::Request) -> Result<Value, Refusal> {
    if let Some(problem) = contract::check_stream_key(stream_key) {
        return Err(Refusal::Invalid(vec![problem]));
    }
    read_json(config, body, request)
}

/// Reads a body and holds it against its schema.
fn read_json(config: &Config, body: &[u8], request: contract::Request) -> Result<Value, Refusal> {
    let mut body: Value = serde_json::from_slice(body).map_err(|error| Refusal::MalformedJson(error.to_string()))?;
    if config.rules.mode == Mode::Lenient {
        body = contract::strip_nulls(body);
    }
    let problems = contract::check_prepared(&body, config.rules, request);
    if problems.is_empty() { Ok(body) } else { Err(Refusal::Invalid(problems)) }
}
