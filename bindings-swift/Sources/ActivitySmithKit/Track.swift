// Sequences that publish how far a loop over them is. An item costs a comparison, as its path is compiled into the
// program's loop; what is shown of it is the core's.

extension LiveActivities {
    /// Iterates over items and publishes the progress: in percent where their number is known, else as a count.
    ///
    /// ```swift
    /// for file in try activitysmith.liveActivities.track(files, "search-reindex", title: "Search Reindex") {
    ///     index.add(file)
    /// }
    /// ```
    ///
    /// The stream ends in the background: as complete after the last item, with the count so far after `break` or an
    /// error (use `publish` for a loop that throws), and as failed in a cancelled task.
    ///
    /// - Parameters:
    ///   - items: What to iterate over, once.
    ///   - streamKey: The key of the stream.
    ///   - title: The headline; not blank.
    ///   - total: The number of items, where it cannot be determined.
    ///   - minInterval: Minimum time between updates, for short jobs; iOS may skip some. Default: as iOS shows them.
    ///   - flushTimeout: The timeout of the end. Default: the client's.
    ///   - showAfter: Sends nothing for this time, unless the loop fails: a shorter loop is never shown.
    /// - Throws: ``ActivitySmithError`` if a value breaks a rule of the API, or a setting is invalid.
    public func track<Items: Sequence>(
        _ items: Items, _ streamKey: String, title: String, total: Int? = nil, minInterval: Duration? = nil,
        flushTimeout: Duration? = nil, showAfter: Duration? = nil
    ) throws(ActivitySmithError) -> LiveActivity.Track<Items> {
        try track(items, streamKey, title, total ?? items.knownCount, minInterval, flushTimeout, showAfter)
    }

    /// The same with `for try await`. The loop waits for the end. An error of the sequence ends the stream as failed.
    public func track<Items: AsyncSequence>(
        _ items: Items, _ streamKey: String, title: String, total: Int? = nil, minInterval: Duration? = nil,
        flushTimeout: Duration? = nil, showAfter: Duration? = nil
    ) throws(ActivitySmithError) -> LiveActivity.Track<Items> {
        try track(items, streamKey, title, total, minInterval, flushTimeout, showAfter)
    }

    private func track<Items>(
        _ items: Items, _ streamKey: String, _ title: String, _ total: Int?, _ minInterval: Duration?,
        _ flushTimeout: Duration?, _ showAfter: Duration?
    ) throws(ActivitySmithError) -> LiveActivity.Track<Items> {
        let publication = try Publication(
            client, streamKey, body: ["content_state": ["title": title]], items: ["total": total],
            minInterval: minInterval, flushTimeout: flushTimeout, showAfter: showAfter)
        return .init(items: items, tracking: Tracking(publication))
    }
}

extension LiveActivity {
    /// A sequence that publishes the progress of a loop over it; see `track` of ``LiveActivities``.
    public struct Track<Items> {
        @usableFromInline let items: Items
        @usableFromInline let tracking: Tracking

        /// Why nothing is published, or why the end has not arrived.
        public var problem: ActivitySmithError? { tracking.publication.problem }

        /// Event counters.
        public var counters: Counters { tracking.publication.counters }
    }
}

extension LiveActivity.Track: Sequence where Items: Sequence {
    /// Begins; a second loop shows nothing.
    public func makeIterator() -> Iterator {
        Iterator(items: items.makeIterator(), tracking: tracking)
    }

    /// Gives the items.
    public struct Iterator: IteratorProtocol {
        @usableFromInline var items: Items.Iterator
        @usableFromInline let tracking: Tracking

        /// The next item; all before it are done.
        @inlinable
        public mutating func next() -> Items.Element? {
            tracking.asked()
            guard let item = items.next() else {
                tracking.end("complete", nil)
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

        /// The next item; all before it are done.
        public mutating func next() async rethrows -> Items.Element? {
            tracking.asked()
            do {
                if let item = try await items.next() {
                    tracking.given += 1
                    return item
                }
            } catch {
                _ = await tracking.end("failed", error)?.value
                throw error
            }
            // A stream that is cancelled has no more items, and throws nothing.
            _ = await tracking.end("complete")?.value
            return nil
        }
    }
}

/// How far a loop is, and how its stream ends with it.
@usableFromInline
final class Tracking {
    fileprivate let publication: Publication
    @usableFromInline var given = 0
    /// From how many on the core gets the next count.
    @usableFromInline var due = 0

    init(_ publication: Publication) {
        self.publication = publication
    }

    /// Another item is asked for, so those given are done.
    @inlinable
    func asked() {
        if given >= due { report() }
    }

    /// The core gets one count in a thousand: that is finer than what is shown, and costs a loop nothing.
    @usableFromInline
    func report() {
        publication.count(given)
        due = given + max(1, given >> 10)
    }

    /// Ends the stream, as failed where there is an error.
    @discardableResult @usableFromInline
    func end(
        _ how: String, _ error: (any Error)? = Task.isCancelled ? CancellationError() : nil
    ) -> Task<Bool, Never>? {
        try? publication.end(error == nil ? how : "failed", error?.typeName)
    }

    /// To leave a loop early is no failure, other than to be cancelled. The last item given is not done.
    deinit {
        publication.count(max(0, given - 1))
        end("finished")
    }
}

extension Sequence {
    /// How many elements there are, where that is found without going through them.
    fileprivate var knownCount: Int? {
        guard let items = self as? any Collection else { return nil }
        // A lazy filter does its work to be counted.
        if self is any LazySequenceProtocol, !(self is any RandomAccessCollection) { return nil }
        return items.count
    }
}
