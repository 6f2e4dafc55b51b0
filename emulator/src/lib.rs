//! A local ActivitySmith: the service's stream API for development and tests, with no account, no iPhone and no network.
//!
//! Four layers, each usable by itself:
//!
//! * [`contract`] judges a single request by the published rules;
//! * [`engine`] is the service as a pure state machine: requests and clock readings in, responses out;
//! * [`render`] draws what a phone would show of a state;
//! * [`Emulator`] puts it behind a port of 127.0.0.1, with endpoints of its own for tests below `/_emulator/`. These
//!   answer only when they are addressed as `127.0.0.1`, `localhost` or `[::1]`, and not to web pages of other sites.
//!
//! ```
//! use activitysmith_emulator::engine::{ApiRequest, Engine};
//! use activitysmith_emulator::{Options, Timestamp};
//!
//! let mut engine = Engine::new(&Options::default());
//! let body = br#"{"content_state": {"title": "Backup", "type": "progress", "percentage": 30}}"#;
//! let request = ApiRequest::new("PUT", "/live-activity/stream/nightly-backup", "Bearer ask_test_docs", body);
//! let response = engine.handle(Timestamp::from_millis(0), &request);
//! assert_eq!(response.status, 200);
//! ```
//!
//! It shares no code with the client library on purpose: it is the one place where the rules are written down a second
//! time, so that a mistake in the client is not repeated by its judge.

pub mod contract;
pub mod engine;
mod options;
mod page;
pub mod render;
mod server;
mod time;

pub use options::{
    Clock, HeaderProfile, Limits, Mode, NoRecipients, OmittedChannels, Options, Retention, SecondDelete, Switches,
    UrlPolicy,
};
pub use server::{Emulator, StartError};
pub use time::Timestamp;
