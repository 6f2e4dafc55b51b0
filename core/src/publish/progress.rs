//! How far a number of items is, and how that is shown.

use std::sync::atomic::{AtomicU64, Ordering};

use super::changes::Changes;
use super::options::Ending;

/// Counts the items that are done. A loop stores the count, and whatever publishes it reads it now and then.
#[derive(Debug)]
pub struct ProgressCounter {
    done: AtomicU64,
    /// How many items there are, where that is known.
    total: Option<AtomicU64>,
}

impl ProgressCounter {
    /// A counter of so many items, or of an unknown number.
    pub fn new(total: Option<u64>) -> Self {
        Self { done: AtomicU64::new(0), total: total.map(AtomicU64::new) }
    }

    /// So many items are done.
    pub fn set(&self, done: u64) {
        self.done.store(done, Ordering::Relaxed);
    }

    /// So many more items are done.
    pub fn add(&self, more: u64) {
        self.done.fetch_add(more, Ordering::Relaxed);
    }

    /// There are so many items. Gives back whether that is shown: a count that began without a total goes on without one.
    pub fn set_total(&self, total: u64) -> bool {
        self.total.as_ref().map(|known| known.store(total, Ordering::Relaxed)).is_some()
    }

    /// How many items are done.
    pub fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    /// The first state, a progress where the number of items is known and else a count, with what is shown beside it: the title at
    /// least.
    pub fn first(&self, beside: Changes) -> Changes {
        let kind = if self.total.is_some() { "progress" } else { "value" };
        let mut first = Changes::from(serde_json::json!({ "type": kind }));
        first.merge(self.read());
        first.merge(beside);
        first
    }

    /// What the count changes.
    pub fn read(&self) -> Changes {
        match &self.total {
            Some(total) => Changes::of_number("percentage", percentage(self.done(), total.load(Ordering::Relaxed))),
            None => Changes::of_number("value", self.done()),
        }
    }

    /// How a stream ends when all items are done.
    pub fn ending(&self) -> Ending<'static> {
        if self.total.is_some() { Ending::Complete } else { Ending::Finished(Changes::default()) }
    }
}

/// How much of `total` items is done, in whole percent: finer steps would be sent more often than they are seen. Of no items, all
/// are done.
pub fn percentage(done: u64, total: u64) -> u64 {
    if done >= total {
        return 100;
    }
    // Of so many items that a hundred times as many are no number, the percentage may be one too low.
    done.checked_mul(100).map_or_else(|| done / total.div_ceil(100), |hundredfold| hundredfold / total)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::{Dispatcher, Pacing};
    use super::*;

    #[test]
    fn a_percentage_is_whole_and_at_most_100() {
        let cases = [(0, 3, 0), (1, 3, 33), (29, 100, 29), (57, 100, 57), (3, 3, 100), (9, 3, 100), (0, 0, 100)];
        for (done, total, expected) in cases.into_iter().chain([(5, u64::MAX, 0), (u64::MAX, u64::MAX, 100)]) {
            assert_eq!(percentage(done, total), expected, "{done} of {total}");
        }
    }

    #[test]
    fn a_first_state_takes_its_title_from_what_is_shown_beside_the_count() {
        for total in [Some(3), None] {
            let open = |beside: &str| {
                let beside = Changes::parse(beside.as_bytes()).unwrap();
                let first = ProgressCounter::new(total).first(beside);
                Dispatcher::default().open("k", first, Pacing::Device, Duration::ZERO)
            };
            assert!(open(r#"{"title": "T", "subtitle": "s"}"#).is_ok());
            assert!(open(r#"{"subtitle": "s"}"#).unwrap_err().to_string().contains("content_state.title"));
        }
    }
}
