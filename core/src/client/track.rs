//! Iterators that publish how far they are: an item costs a store, and the driver looks now and then.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::handle::ActivitySmith;
use super::publisher::{Items, Publish, Publisher, Streamed};
use super::runtime::Runtime;
use crate::api::StreamResponse;
use crate::error::Result;
use crate::publish::{Changes, Ending, Options, ProgressCounter};

/// Items, and how many of them are done with.
#[derive(Debug)]
pub(super) struct Counted<I> {
    items: I,
    given: u64,
    pub(super) counter: Arc<ProgressCounter>,
}

impl<I> Counted<I> {
    fn of(items: I, size_hint: (usize, Option<usize>)) -> Self {
        let total = match size_hint {
            (least, Some(most)) if least == most => Some(least as u64),
            _ => None,
        };
        Self { items, given: 0, counter: Arc::new(ProgressCounter::new(total)) }
    }
}

impl<I: Iterator> Counted<I> {
    pub(super) fn new(items: I) -> Self {
        let size_hint = items.size_hint();
        Self::of(items, size_hint)
    }

    /// The next item. The items before it are done.
    #[inline]
    pub(super) fn next(&mut self) -> Option<I::Item> {
        self.counter.set(self.given);
        let item = self.items.next()?;
        self.given += 1;
        Some(item)
    }

    /// The last item, for which it counts as the next one does.
    #[inline]
    pub(super) fn next_back(&mut self) -> Option<I::Item>
    where
        I: DoubleEndedIterator,
    {
        self.counter.set(self.given);
        let item = self.items.next_back()?;
        self.given += 1;
        Some(item)
    }

    pub(super) fn size_hint(&self) -> (usize, Option<usize>) {
        self.items.size_hint()
    }
}

/// What a tracking iterator has where the one beneath has it.
macro_rules! as_beneath {
    () => {
        impl<I: DoubleEndedIterator> DoubleEndedIterator for Track<I> {
            #[inline]
            fn next_back(&mut self) -> Option<Self::Item> {
                let item = self.items.next_back();
                if item.is_none() {
                    self.exhausted();
                }
                item
            }
        }

        impl<I: ExactSizeIterator> ExactSizeIterator for Track<I> {}

        impl<I: std::iter::FusedIterator> std::iter::FusedIterator for Track<I> {}
    };
}
#[cfg(feature = "blocking")]
pub(super) use as_beneath;

/// An iterator, or a stream, that publishes its progress; see [`LiveActivities::track`](crate::LiveActivities::track).
///
/// Its stream ends as complete when it is exhausted, with the count so far when it is dropped earlier, and as failed in a panic: in
/// the background, as long as the runtime lives. [`finish`](Self::finish) waits for the end.
#[derive(Debug)]
#[must_use = "iterators do nothing until they are iterated"]
pub struct Track<I> {
    items: Counted<I>,
    publisher: Publisher,
    is_exhausted: bool,
}

impl<I> Track<I> {
    fn start(
        items: Counted<I>,
        client: &ActivitySmith,
        stream_key: String,
        first: Changes,
        options: Options,
    ) -> Result<Self> {
        let (first, counter) = (items.counter.first(first), Arc::clone(&items.counter));
        let publisher =
            Publisher::open(&client.shared, Runtime::current()?, stream_key, first, options, Some(counter))?;
        Ok(Self { items, publisher, is_exhausted: false })
    }

    /// The underlying publisher, for other changes.
    pub fn publisher(&self) -> &Publisher {
        &self.publisher
    }

    /// Ends the stream and waits for the end, at most 2 seconds.
    ///
    /// # Errors
    ///
    /// The last state did not arrive.
    pub async fn finish(self) -> Result<StreamResponse> {
        self.publisher.finish().await
    }
}

impl<I: Iterator> Publish<'_, ActivitySmith, Items<I>> {
    /// Starts publishing, in the background of the current runtime, and returns the items.
    ///
    /// # Errors
    ///
    /// As for a state that is published.
    pub fn start(self) -> Result<Track<I>> {
        let Publish { client, stream_key, first, items, options, .. } = self;
        Track::start(Counted::new(items.0), client, stream_key, first, options)
    }
}

impl<S: Stream> Publish<'_, ActivitySmith, Streamed<S>> {
    /// Starts publishing, in the background of the runtime that this is called on, and gives back the stream.
    ///
    /// # Errors
    ///
    /// As for a state that is published.
    pub fn start(self) -> Result<Track<Streamed<S>>> {
        let Publish { client, stream_key, first, items, options, .. } = self;
        let size_hint = items.0.size_hint();
        Track::start(Counted::of(items, size_hint), client, stream_key, first, options)
    }
}

impl<S: Stream> Stream for Track<Streamed<S>> {
    type Item = S::Item;

    /// The items before the one that is asked for are done.
    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<S::Item>> {
        let items = &mut self.items;
        items.counter.set(items.given);
        let item = ready!(items.items.0.as_mut().poll_next(context));
        match item {
            Some(_) => items.given += 1,
            None => self.exhausted(),
        }
        Poll::Ready(item)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.items.items.0.size_hint()
    }
}

impl<I: Iterator> Iterator for Track<I> {
    type Item = I::Item;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let item = self.items.next();
        if item.is_none() {
            self.exhausted();
        }
        item
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.items.size_hint()
    }
}

as_beneath!();

impl<I> Track<I> {
    fn exhausted(&mut self) {
        if !std::mem::replace(&mut self.is_exhausted, true) {
            // What becomes of it is the outcome of `finish`, and is logged.
            let _ = self.publisher.begin_to_end(self.items.counter.ending());
        }
    }
}

impl<I> Drop for Track<I> {
    /// To leave a loop early is no failure.
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let _ = self.publisher.begin_to_end(Ending::Finished(Changes::default()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_is_done_when_the_next_one_is_asked_for() {
        let mut items = Counted::new(0..4);
        let done = |items: &Counted<_>| items.counter.done();
        items.next();
        assert_eq!(done(&items), 0);
        items.next();
        assert_eq!(done(&items), 1);
        assert_eq!(items.by_ref_count(), 2);
        assert_eq!(done(&items), 4);
    }

    #[test]
    fn items_from_the_back_count_as_those_from_the_front() {
        let mut items = Counted::new(0..4);
        assert_eq!((items.next_back(), items.next(), items.next_back()), (Some(3), Some(0), Some(2)));
        assert_eq!((items.counter.done(), items.size_hint()), (2, (1, Some(1))));
    }

    #[test]
    fn what_cannot_be_counted_beforehand_shows_a_count() {
        let items = Counted::new((0..9).filter(|number| number % 2 == 0));
        assert!(format!("{:?}", items.counter.first(Changes::default())).contains(r#""value""#));
        assert!(matches!(items.counter.ending(), Ending::Finished(_)));
    }

    impl<I: Iterator> Counted<I> {
        fn by_ref_count(&mut self) -> usize {
            std::iter::from_fn(|| self.next()).count()
        }
    }
}
