//! Iterators that publish how far they are: an item costs a store, and the task looks now and then.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::runtime::Handle;

use super::Publisher;
use crate::client::Inner;
use crate::error::Result;
use crate::model::{ContentState, Patch, Progress, StreamResponse, Value};
use crate::publish::{Changes, Ending, Pacing, TIMEOUT, UNATTENDED_TIMEOUT, percentage};

/// How often it is worth looking, at most.
const SHORTEST_LOOK: Duration = Duration::from_millis(10);
const LONGEST_LOOK: Duration = Duration::from_secs(1);

/// How far an iterator is.
#[derive(Debug)]
pub(crate) struct Gauge {
    done: AtomicU64,
    /// How many items there are, where that is known.
    total: Option<u64>,
    /// How often it is worth looking.
    pub(super) look: Duration,
}

impl Gauge {
    pub(crate) fn new(total: Option<u64>, pacing: Pacing) -> Self {
        let look = match pacing {
            Pacing::Every(gap) => gap.clamp(SHORTEST_LOOK, LONGEST_LOOK),
            Pacing::Device => LONGEST_LOOK,
        };
        Self { done: AtomicU64::new(0), total, look }
    }

    /// The first state: a progress where it is known how many items there are, else a count.
    pub(crate) fn first(&self, title: String) -> ContentState {
        match self.total {
            Some(_) => Progress::new(title).percentage(0).into(),
            None => Value::new(title, 0).into(),
        }
    }

    /// So many items are done with.
    pub(crate) fn set(&self, done: u64) {
        self.done.store(done, Ordering::Relaxed);
    }

    /// What it ends with when there are no more items.
    pub(crate) fn ending(&self) -> Ending<'static> {
        if self.total.is_some() { Ending::Complete } else { Ending::Finished(Changes::default()) }
    }

    /// What it shows now.
    pub(super) fn read(&self) -> Changes {
        let done = self.done.load(Ordering::Relaxed);
        match self.total {
            Some(total) => Patch::new().percentage(percentage(done, total)).into(),
            None => Patch::new().value(done).into(),
        }
    }
}

/// Items, and how many of them are done with.
#[derive(Debug)]
pub(super) struct Counted<I> {
    items: I,
    given: u64,
    gauge: Arc<Gauge>,
}

impl<I: Iterator> Counted<I> {
    pub(super) fn new(items: I, pacing: Pacing) -> Self {
        let total = match items.size_hint() {
            (least, Some(most)) if least == most => Some(least as u64),
            _ => None,
        };
        Self { items, given: 0, gauge: Arc::new(Gauge::new(total, pacing)) }
    }

    /// Publishes how far they are.
    pub(super) fn publish(
        &self,
        inner: Option<&Arc<Inner>>,
        runtime: &Handle,
        stream_key: String,
        title: String,
        pacing: Pacing,
    ) -> Result<Publisher> {
        let first = self.gauge.first(title).into();
        Publisher::open(inner, runtime, stream_key, first, pacing, Some(Arc::clone(&self.gauge)))
    }

    /// The next item. Whoever asks for it is done with those before.
    #[inline]
    pub(super) fn next(&mut self) -> Option<I::Item> {
        self.gauge.set(self.given);
        let item = self.items.next()?;
        self.given += 1;
        Some(item)
    }

    pub(super) fn size_hint(&self) -> (usize, Option<usize>) {
        self.items.size_hint()
    }

    /// What it ends with when there are no more items.
    pub(super) fn ending(&self) -> Ending<'static> {
        self.gauge.ending()
    }
}

/// An iterator that publishes how far it is; see [`LiveActivities::track`](crate::LiveActivities::track).
///
/// When it is exhausted its stream ends with all of it done, when it is dropped before with as much as was done, and in a panic
/// as failed: in the background, as long as the runtime lives. [`finish`](Self::finish) waits for it.
#[derive(Debug)]
#[must_use = "iterators do nothing until they are iterated"]
pub struct Track<I> {
    items: Counted<I>,
    publisher: Publisher,
    exhausted: bool,
}

impl<I: Iterator> Track<I> {
    pub(super) fn new(items: Counted<I>, publisher: Publisher) -> Self {
        Self { items, publisher, exhausted: false }
    }

    /// The publisher beneath, for what else changes.
    pub fn publisher(&self) -> &Publisher {
        &self.publisher
    }

    /// Ends the stream and waits for that: at most 10 seconds.
    pub async fn finish(self) -> Result<StreamResponse> {
        if self.exhausted { self.publisher.outcome(TIMEOUT).await } else { self.publisher.finish().await }
    }
}

impl<I: Iterator> Iterator for Track<I> {
    type Item = I::Item;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let item = self.items.next();
        if item.is_none() && !std::mem::replace(&mut self.exhausted, true) {
            // Whoever wants to hear of it asks by `finish`.
            let _ = self.publisher.begin_to_end(self.items.ending(), UNATTENDED_TIMEOUT);
        }
        item
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.items.size_hint()
    }
}

impl<I> Drop for Track<I> {
    /// To leave a loop early is no failure.
    fn drop(&mut self) {
        self.publisher.end_unattended(false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_is_done_when_the_next_one_is_asked_for() {
        let mut items = Counted::new(0..4, Pacing::Device);
        let done = |items: &Counted<_>| items.gauge.done.load(Ordering::Relaxed);
        items.next();
        assert_eq!(done(&items), 0);
        items.next();
        assert_eq!(done(&items), 1);
        assert_eq!(items.by_ref_count(), 2);
        assert_eq!(done(&items), 4);
    }

    #[test]
    fn what_cannot_be_counted_beforehand_shows_a_count() {
        let items = Counted::new((0..9).filter(|number| number % 2 == 0), Pacing::Device);
        assert!(matches!(items.gauge.first("T".into()), ContentState::Value(_)));
        assert!(matches!(items.ending(), Ending::Finished(_)));
    }

    impl<I: Iterator> Counted<I> {
        fn by_ref_count(&mut self) -> usize {
            std::iter::from_fn(|| self.next()).count()
        }
    }
}
