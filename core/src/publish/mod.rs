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
#[doc(hidden)]
pub mod json;
mod pacer;
mod publisher;

pub use budget::{AccountBudget, Budget, BudgetState, Class};
pub use changes::Changes;
pub use dispatcher::{Dispatcher, Ending, PublisherId, Step, Urgency};
pub use event::{Counters, Event, EventKind};
pub use pacer::Pacing;
pub use publisher::Newest;

use std::time::Duration;

/// How long an end or a flush may take that somebody waits for.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(10);
/// How long an end may take that nobody waits for.
pub(crate) const UNATTENDED_TIMEOUT: Duration = Duration::from_secs(2);

/// How much of `total` items is done, in whole percent: finer steps would be sent more often than they are seen. Of no items, all
/// are done.
pub fn percentage(done: u64, total: u64) -> u64 {
    (u128::from(done.min(total)) * 100).checked_div(total.into()).map_or(100, |percentage| percentage as u64)
}

#[cfg(test)]
mod tests {
    use super::percentage;

    #[test]
    fn a_percentage_is_whole_and_at_most_100() {
        let cases = [(0, 3, 0), (1, 3, 33), (29, 100, 29), (57, 100, 57), (3, 3, 100), (9, 3, 100), (0, 0, 100)];
        for (done, total, expected) in cases.into_iter().chain([(5, u64::MAX, 0), (u64::MAX, u64::MAX, 100)]) {
            assert_eq!(percentage(done, total), expected, "{done} of {total}");
        }
    }
}
