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
mod store;

use std::time::Duration;

use crate::error::{ConnectionError, ConnectionErrorKind, Error};

pub use budget::{AccountBudget, Budget, BudgetState, Class};
pub use changes::Changes;
pub use dispatcher::{Dispatcher, Ending, PublisherId, Step, Urgency};
pub use event::{Counters, Event, EventKind, EventLog};
pub use pacer::Pacing;
pub use progress::{ProgressCounter, percentage};
pub use publisher::Newest;
pub use store::{Command, Reply, SharedBudget};

/// How long a flush may take.
pub const TIMEOUT: Duration = Duration::from_secs(10);

/// How a stream is published.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Options {
    /// How often it is updated at most.
    pub pacing: Pacing,
    /// How long its end may take; else 2 seconds after a success and 5 after a failure.
    pub flush_timeout: Option<Duration>,
    /// How long nothing is sent, unless the job fails.
    pub show_after: Option<Duration>,
}

impl From<Pacing> for Options {
    fn from(pacing: Pacing) -> Self {
        Self { pacing, ..Self::default() }
    }
}

/// Why a state or an end did not arrive whose time is up.
pub fn too_late(timeout: Duration) -> Error {
    ConnectionError { kind: ConnectionErrorKind::NotArrived { timeout }, attempts: 0, source: None }.into()
}
