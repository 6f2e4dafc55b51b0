//! Publishing: of each stream the latest state, sent as often as it helps and no more. Pure: time, chance and what became of a
//! request are passed in, and what is to be sent is given out; drivers send and wait.
//!
//! ```text
//! update -> Cell (latest state) -> Pacer (one activity's updates) -> Budget (the account's requests) -> Dispatcher -> [driver]
//! ```
//!
//! [`Dispatcher`] holds the publishers of one client and says what goes next; everything else here is a part of one of them.

mod budget;
mod cell;
mod changes;
mod dispatcher;
#[doc(hidden)]
pub mod driver;
mod event;
#[doc(hidden)]
pub mod json;
mod pacer;
mod progress;
mod publisher;
mod rules;
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
