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
mod clamp;
mod dispatcher;
#[doc(hidden)]
pub mod driver;
mod event;
#[doc(hidden)]
pub mod json;
mod keyed;
mod latest_state;
mod options;
mod pacer;
mod progress;
mod publisher;
mod rules;
mod schedule;
mod store;

pub use budget::{BudgetState, Class};
pub use changes::Changes;
pub use dispatcher::{Dispatcher, PublisherId, Step};
pub use event::{Counters, Event, EventKind};
#[cfg(feature = "client")]
pub(crate) use options::PushBody;
#[cfg(feature = "describe")]
pub(crate) use options::{ChangeOptions, FlushOptions, PublishOptions, TrackOptions};
pub use options::{Ending, Options, Pacing, Urgency};
pub use progress::{ProgressCounter, percentage};
pub use publisher::Newest;
pub use rules::{BudgetRules, PacingRules, Rules};
pub use store::{AccountBudget, Budget, Command, Reply, SharedBudget};
