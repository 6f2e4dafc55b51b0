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
mod event;
mod pacer;
mod publisher;

pub use budget::{AccountBudget, Budget, BudgetState, Class};
pub use changes::Changes;
pub use dispatcher::{Dispatcher, Ending, PublisherId, Step, Urgency};
pub use event::{Counters, Event, EventKind};
pub use pacer::Pacing;
pub use publisher::Newest;
