//! Parallel iterators of rayon that publish their progress.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::iter::plumbing::UnindexedConsumer;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::blocking::{ActivitySmith, Publisher};
use super::handle::LiveActivities;
use super::publisher::Publish;
use crate::error::Result;
use crate::publish::{Changes, Ending, ProgressCounter};

/// A parallel iterator that publishes its progress; see [`LiveActivities::track_parallel`](crate::LiveActivities::track_parallel).
///
/// Its stream ends as complete when all items are done, with the count so far when it stops earlier, and as failed in a panic or when
/// it is dropped without being iterated.
#[derive(Debug)]
#[must_use = "iterators do nothing until they are iterated"]
pub struct TrackParallel<I> {
    items: I,
    publisher: Publisher,
    counter: Arc<ProgressCounter>,
}

/// Items of a parallel iterator whose progress is published.
#[derive(Debug)]
pub struct Parallel<I>(I);

impl<'c> LiveActivities<'c, ActivitySmith> {
    /// As [`track`](Self::track), for the items of a parallel iterator. Adaptors that need an index, such as `enumerate` and `zip`, go
    /// before it.
    ///
    /// ```no_run
    /// # fn example(client: activitysmith_kit::blocking::ActivitySmith, files: Vec<String>) -> activitysmith_kit::Result<()> {
    /// use rayon::iter::ParallelIterator as _;
    ///
    /// let files = client.live_activities().track_parallel(files, "search-reindex", "Search Reindex").start()?;
    /// files.for_each(|file| {
    ///     // ...
    /// });
    /// # Ok(())
    /// # }
    /// ```
    pub fn track_parallel<I: IntoParallelIterator>(
        &self,
        items: I,
        stream_key: impl Into<String>,
        title: impl Into<String>,
    ) -> Publish<'c, ActivitySmith, Parallel<I::Iter>> {
        self.track([(); 0], stream_key, title).with_items(Parallel(items.into_par_iter()))
    }
}

impl<I: ParallelIterator> Publish<'_, ActivitySmith, Parallel<I>> {
    /// Starts publishing, in the client's own thread, and returns the items.
    ///
    /// # Errors
    ///
    /// As for a state that is published.
    pub fn start(self) -> Result<TrackParallel<I>> {
        let items = self.items.0;
        let counter = Arc::new(ProgressCounter::new(items.opt_len().map(|total| total as u64)));
        let publisher =
            self.client.open(self.stream_key, counter.first(self.first), self.options, Some(Arc::clone(&counter)))?;
        Ok(TrackParallel { items, publisher, counter })
    }
}

impl<I: ParallelIterator> ParallelIterator for TrackParallel<I> {
    type Item = I::Item;

    fn drive_unindexed<C: UnindexedConsumer<I::Item>>(self, consumer: C) -> C::Result {
        let (given, threads, total) = (AtomicU64::new(0), rayon::current_num_threads() as u64, self.items.opt_len());
        // An item is counted when it is handed out, so as many as there are threads are taken as not done.
        let count = |_: &I::Item| {
            if given.fetch_add(1, Ordering::Relaxed) >= threads {
                self.counter.add(1);
            }
        };
        let result = self.items.inspect(count).drive_unindexed(consumer);
        let given = given.into_inner();
        self.counter.set(given);
        let is_whole = total.is_some_and(|total| given >= total as u64);
        let ending = if is_whole { self.counter.ending() } else { Ending::Finished(Changes::default()) };
        // What becomes of it is logged: no job breaks for it.
        let _ = self.publisher.end(ending, None);
        result
    }

    fn opt_len(&self) -> Option<usize> {
        self.items.opt_len()
    }
}

#[cfg(all(test, feature = "testing"))]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::testing::FakeTransport;

    fn track(count: usize) -> (FakeTransport, TrackParallel<rayon::range::Iter<usize>>) {
        let transport = FakeTransport::new();
        let client = ActivitySmith::builder().api_key("fake").transport(transport.clone()).build_blocking().unwrap();
        let items = client.live_activities().track_parallel(0..count, "search-reindex", "Search Reindex").start();
        (transport, items.unwrap())
    }

    fn last_state(transport: &FakeTransport) -> (&'static str, Value) {
        let last = transport.requests().pop().unwrap();
        (last.method, last.body.unwrap()["content_state"]["percentage"].take())
    }

    #[test]
    fn a_parallel_iterator_ends_with_all_of_it_done() {
        let (transport, items) = track(1_000);
        assert_eq!(items.map(|item| item * 2).sum::<usize>(), 999_000);
        assert_eq!(last_state(&transport), ("DELETE", 100.into()));
        let (transport, items) = track(10);
        assert!(items.collect::<Vec<_>>().into_iter().eq(0..10), "in their order");
        assert_eq!(last_state(&transport), ("DELETE", 100.into()));
    }

    #[test]
    fn items_that_are_not_done_do_not_count_as_done() {
        let (_transport, items) = track(4);
        let counter = Arc::clone(&items.counter);
        rayon::ThreadPoolBuilder::new().num_threads(4).build().unwrap().install(|| {
            items.for_each(|_| assert_eq!(counter.done(), 0));
        });
        assert_eq!(counter.done(), 4);
    }

    #[test]
    fn a_panic_ends_the_stream_as_failed() {
        let (transport, items) = track(10);
        let panicked =
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| items.for_each(|item| assert!(item < 5))));
        assert!(panicked.is_err());
        let last = transport.requests().pop().unwrap();
        assert_eq!(last.body.unwrap()["content_state"]["color"], "red");
    }
}
