// Sequences that publish how far a loop over them is. An item costs a comparison, as its path is compiled into the
// program's loop; what is shown of it is the core's.

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
    var knownCount: Int? {
        guard let items = self as? any Collection else { return nil }
        // A lazy filter does its work to be counted.
        if self is any LazySequenceProtocol, !(self is any RandomAccessCollection) { return nil }
        return items.count
    }
}
