//! A local ActivitySmith: the service's API for development and tests, with no account, no iPhone and no network.
//!
//! Four parts, each usable by itself:
//!
//! * [`contract`] judges a single request by the published rules;
//! * [`Service`] is the service as a pure state machine: requests and clock readings in, responses out;
//! * [`render`] draws what a phone would show of a state;
//! * [`Emulator`] puts it behind a port of 127.0.0.1, with endpoints of its own for tests below `/_emulator/`. These
//!   answer only when they are addressed as `127.0.0.1`, `localhost` or `[::1]`, and not to web pages of other sites.
//!
//! ```
//! use activitysmith_emulator::{ApiRequest, Options, Service, Timestamp};
//!
//! let mut service = Service::new(&Options::default());
//! let body = br#"{"content_state": {"title": "Backup", "type": "progress", "percentage": 30}}"#;
//! let request = ApiRequest::new("PUT", "/live-activity/stream/nightly-backup", "Bearer ask_test_docs", body);
//! let response = service.handle(Timestamp::from_millis(0), &request);
//! assert_eq!(response.status, 200);
//! ```
//!
//! It shares no code with the client library on purpose: it is the one place where the rules are written down a second
//! time, so that a mistake in the client is not repeated by its judge.

mod api;
mod content;
pub mod contract;
mod control;
mod devices;
mod faults;
mod http;
mod journal;
mod options;
mod page;
pub mod render;
mod server;
mod service;
mod shared;
mod time;

pub use api::ids::{AccountId, ActivityId};
pub use api::{ApiRequest, ApiResponse, Delivery};
pub use content::timer::TimerView;
pub use control::accounts::{AccountView, RateWindow};
pub use control::call::ControlError;
pub use control::snapshot::BadSnapshot;
pub use control::streams::{AlertView, StreamView};
pub use devices::budget::BudgetView;
pub use devices::view::{DeviceShows, DeviceView};
pub use devices::{DeviceSettings, DeviceState};
pub use faults::effect::{Fault, Latency};
pub use faults::{BadRule, FaultMatch, FaultRule, FaultView};
pub use journal::verify::{Count, Difference, Expectation, Miss, Verdict, Verification};
pub use journal::{JournalEntry, RequestFilter};
pub use options::{
    AccountSettings, Billing, Clock, HeaderProfile, Limits, Mode, NoRecipients, OmittedChannels, Options, Retention,
    RuntimeOptions, SecondDelete, Switches, UrlPolicy,
};
pub use server::{Emulator, StartError};
pub use service::Service;
pub use service::changes::Scope;
pub use service::endpoints::check;
pub use service::streams::{HistoryEntry, HistoryEvent, StreamState};
pub use time::Timestamp;
