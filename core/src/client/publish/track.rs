//! Iterators that publish how far they are: an item costs a store, and the task looks now and then.

use std::sync::Arc;

use tokio::runtime::Handle;

use super::Publisher;
use crate::client::Inner;
use crate::error::Result;
use crate::model::StreamResponse;
use crate::publish::{Ending, Pacing, ProgressCounter, TIMEOUT, UNATTENDED_TIMEOUT};

/// Items, and how many of them are done with.
#[derive(Debug)]
pub(super) struct Counted<I> {
    items: I,
    given: u64,
    counter: Arc<ProgressCounter>,
}

impl<I: Iterator> Counted<I> {
    pub(super) fn new(items: I, pacing: Pacing) -> Self {
        let total = match items.size_hint() {
            (least, Some(most)) if least == most => Some(least as u64),
            _ => None,
        };
        Self { items, given: 0, counter: Arc::new(ProgressCounter::new(total, pacing)) }
    }

    /// Publishes how far they are.
    pub(super) fn publish(
        &self,
        inner: Option<&Arc<Inner>>,
        runtime: &Handle,
        stream_key: String,
        title: &str,
        pacing: Pacing,
    ) -> Result<Publisher> {
        let first = self.counter.first(serde_json::json!({ "title": title }).into());
        Publisher::open(inner, runtime, stream_key, first, pacing, Some(Arc::clone(&self.counter)))
    }

    /// The next item. Whoever asks for it is done with those before.
    #[inline]
    pub(super) fn next(&mut self) -> Option<I::Item> {
        self.counter.set(self.given);
        let item = self.items.next()?;
        self.given += 1;
        Some(item)
    }

    pub(super) fn size_hint(&self) -> (usize, Option<usize>) {
        self.items.size_hint()
    }

    /// What it ends with when there are no more items.
    pub(super) fn ending(&self) -> Ending<'static> {
        self.counter.ending()
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
    use crate::publish::Changes;

    #[test]
    fn an_item_is_done_when_the_next_one_is_asked_for() {
        let mut items = Counted::new(0..4, Pacing::Device);
        let done = |items: &Counted<_>| items.counter.done();
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
        assert!(format!("{:?}", items.counter.first(Changes::default())).contains(r#""value""#));
        assert!(matches!(items.ending(), Ending::Finished(_)));
    }

    impl<I: Iterator> Counted<I> {
        fn by_ref_count(&mut self) -> usize {
            std::iter::from_fn(|| self.next()).count()
        }
    }
}
