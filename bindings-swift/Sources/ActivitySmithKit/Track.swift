// Sequences that publish how far a loop over them is. An item costs a comparison, as its path is compiled into the
// program's loop; what is shown of it is the core's.

extension LiveActivities {
    /// Iterates over items and publishes how far that is: in percent where their number is known, else as a count.
    ///
    /// ```swift
    /// for file in try activitysmith.liveActivities.track(files, "search-reindex", title: "Search Reindex") {
    ///     index.add(file)
    /// }
    /// ```
    ///
    /// When there are no more items, the stream ends with all of them done, and with as many as were done when the loop
    /// is left before: a loop cannot tell an error from `break`, so put one that throws into `publish`. In a task
    /// that is cancelled it ends as failed. That happens in the background.
    ///
    /// - Parameters:
    ///   - items: What to iterate over, once.
    ///   - streamKey: The key of the stream.
    ///   - title: The headline; not blank.
    ///   - total: How many items there are, where they do not know it themselves.
    ///   - pace: How long it is between two updates at least, for a short show. Else they go as often as iOS shows
    ///     them.
    /// - Throws: ``ActivitySmithError`` for what breaks rules of the API, or for a setting that cannot be.
    public func track<Items: Sequence>(
        _ items: Items, _ streamKey: String, title: String, total: Int? = nil, pace: Duration? = nil
    ) throws(ActivitySmithError) -> LiveActivity.Track<Items> {
        LiveActivity.Track(items: items, tracking: try tracking(streamKey, title, total ?? items.knownCount, pace))
    }

    /// The same with `for try await`. The loop is over when the end has arrived, or has not within 10 seconds. An error
    /// of the sequence's own ends the stream as failed.
    public func track<Items: AsyncSequence>(
        _ items: Items, _ streamKey: String, title: String, total: Int? = nil, pace: Duration? = nil
    ) throws(ActivitySmithError) -> LiveActivity.Track<Items> {
        LiveActivity.Track(items: items, tracking: try tracking(streamKey, title, total, pace))
    }

    private func tracking(
        _ streamKey: String, _ title: String, _ total: Int?, _ pace: Duration?
    ) throws(ActivitySmithError) -> Tracking {
        let publication = try Publication(self, streamKey, pace: pace) {
            $0.put("body", ["content_state": ["title": title]])
            $0.put("items", ["total": total.map { .init($0) } ?? .null] as LiveActivity.JSON)
        }
        return Tracking(HeldPublication(publication), atEnd: total == nil ? .finished : .complete)
    }
}

extension LiveActivity {
    /// A sequence that publishes how far a loop over it is; see ``LiveActivities/track(_:_:title:total:pace:)``.
    public struct Track<Items> {
        @usableFromInline let items: Items
        @usableFromInline let tracking: Tracking

        /// Why nothing is published, or why the end has not arrived.
        public var problem: ActivitySmithError? { tracking.publication.problem }

        /// How often what has happened.
        public var counters: Counters { tracking.publication.counters }
    }
}

extension LiveActivity.Track: Sequence where Items: Sequence {
    /// Begins; a second loop shows nothing.
    @inlinable
    public func makeIterator() -> Iterator {
        Iterator(items: items.makeIterator(), tracking: tracking)
    }

    /// Gives the items.
    public struct Iterator: IteratorProtocol {
        @usableFromInline var items: Items.Iterator
        @usableFromInline let tracking: Tracking

        @inlinable
        init(items: Items.Iterator, tracking: Tracking) {
            (self.items, self.tracking) = (items, tracking)
        }

        /// The next item. Those before are done with.
        @inlinable
        public mutating func next() -> Items.Element? {
            tracking.asked()
            guard let item = items.next() else {
                tracking.exhausted()
                return nil
            }
            tracking.given += 1
            return item
        }
    }
}

extension LiveActivity.Track: AsyncSequence where Items: AsyncSequence {
    /// Begins; a second loop shows nothing.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(items: items.makeAsyncIterator(), tracking: tracking)
    }

    /// Gives the items.
    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var items: Items.AsyncIterator
        fileprivate let tracking: Tracking

        /// The next item. Those before are done with.
        public mutating func next() async rethrows -> Items.Element? {
            tracking.asked()
            let item: Items.Element?
            do {
                item = try await items.next()
            } catch {
                await tracking.publication.endUnlessEnded(.failed(error.typeName), attended: !Task.isCancelled)
                throw error
            }
            if item == nil {
                // A stream that is cancelled has no more items, and throws nothing.
                let isCancelled = Task.isCancelled
                await tracking.publication.endUnlessEnded(
                    isCancelled ? .failed("CancellationError") : tracking.atEnd, attended: !isCancelled)
            } else {
                tracking.given += 1
            }
            return item
        }
    }
}

/// How far a loop is, and what becomes of its stream when the loop is left.
@usableFromInline
final class Tracking {
    private let held: HeldPublication
    /// How it ends when there are no more items.
    fileprivate let atEnd: Publication.Ending
    @usableFromInline var given = 0
    /// From how many on the core is told again.
    @usableFromInline var due = 0

    init(_ held: HeldPublication, atEnd: Publication.Ending) {
        (self.held, self.atEnd) = (held, atEnd)
    }

    fileprivate var publication: Publication { held.publication }

    /// Another item is asked for, so those given are done with.
    @inlinable
    func asked() {
        if given >= due { tell() }
    }

    /// The core is told of one in a thousand: that is closer than anybody sees, and costs a loop nothing.
    @usableFromInline
    func tell() {
        publication.count(given)
        due = given + max(1, given >> 10)
    }

    @usableFromInline
    func exhausted() {
        publication.endInBackground(atEnd)
    }

    /// To leave a loop early is no failure, other than to be cancelled. The last item given is not done with.
    deinit {
        publication.count(max(0, given - 1))
        let isCancelled = Task.isCancelled
        publication.endInBackground(
            isCancelled ? .failed("CancellationError") : .finished, attended: !isCancelled)
    }
}

extension Sequence {
    /// How many elements there are, where that can be told without going through them.
    fileprivate var knownCount: Int? {
        guard let items = self as? any Collection else { return nil }
        // A lazy filter does its work to be counted.
        if self is any LazySequenceProtocol, !(self is any RandomAccessCollection) { return nil }
        return items.count
    }
}
