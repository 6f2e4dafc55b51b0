//! Publishing: the latest state of each stream is sent as often as it helps. All of it is pure: time, random numbers and the outcomes
//! of requests are passed in, and requests are given out; drivers send and wait.
//!
//! ```text
//! update -> LatestState -> Pacer (one activity's updates) -> Budget (the account's requests) -> Dispatcher -> [driver]
//! ```
//!
//! [`Dispatcher`] holds the publishers of one client and says what goes next; everything else here is a part of one of them.

mod budget;
mod changes;
mod dispatcher;
#[doc(hidden)]
pub mod driver;
mod event;
#[doc(hidden)]
pub mod json;
mod latest_state;
mod pacer;
mod progress;
mod publisher;
mod rules;
mod schedule;
mod store;

use std::time::Duration;

use crate::error::{ConnectionError, ConnectionErrorKind, Error};

pub use budget::{AccountBudget, Budget, BudgetState, Class};
pub use changes::Changes;
pub use dispatcher::{Dispatcher, Ending, Options, PublisherId, Step, Urgency};
pub use event::{Counters, Event, EventKind, EventLog};
pub use pacer::Pacing;
pub use progress::{ProgressCounter, percentage};
pub use publisher::Newest;
pub use rules::{BudgetRules, PacingRules, Rules};
pub use store::{Command, Reply, SharedBudget};

/// Why a state or an end did not arrive whose time is up.
pub fn too_late(timeout: Duration) -> Error {
    ConnectionError { kind: ConnectionErrorKind::NotArrived { timeout, reason: None }, attempts: 0, source: None }
        .into()
}
