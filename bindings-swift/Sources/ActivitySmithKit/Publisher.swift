// The publisher: the latest state goes in, and nothing waits for the network. When it is sent is the core's to decide.

extension LiveActivity {
    /// A stream that is being published: its latest state is sent in the background, as often as iOS shows it.
    ///
    /// ```swift
    /// let live = try activitysmith.liveActivities.startPublishing("backup", .progress(title: "Backup", percentage: 0))
    /// for percentage in 1...100 {
    ///     try live.update { $0.percentage = percentage }
    /// }
    /// try await live.finish()
    /// ```
    ///
    /// Tasks may share it. If the last reference is released before the end, the stream ends as failed, in the
    /// background. A program that exits waits for such ends.
    ///
    /// Without a key it logs one warning and sends nothing. With `ACTIVITYSMITH_DISABLED` set it does nothing.
    public final class Publisher<C: Publishable>: Sendable {
        private let publication: Publication
        nonisolated(unsafe) private var latest: State<C>

        init(_ publication: Publication, _ first: State<C>) {
            (self.publication, latest) = (publication, first.settled(after: first))
        }

        /// The key of the stream.
        public var streamKey: String { publication.streamKey }

        /// Why nothing is published, or why the last ``flush(timeout:)`` or end did not arrive.
        public var problem: ActivitySmithError? { publication.problem }

        /// Event counters.
        public var counters: LiveActivity.Counters { publication.counters }

        /// The events since the last call, at most the newest 64.
        public func events() -> [LiveActivity.PublisherEvent] { publication.events() }

        /// Sends the newest state now, as far as the request budget allows, and waits until it is accepted.
        ///
        /// - Parameter timeout: The timeout: 10 seconds by default. A cancelled task stops waiting.
        /// - Returns: Whether it was accepted; else ``problem`` says why not, unless the task was cancelled.
        @discardableResult
        public func flush(timeout: Duration? = nil) async -> Bool {
            await publication.flush(timeout)
        }

        /// Ends the stream with its last state, and waits at most `flushTimeout`: by default 2 seconds after a success,
        /// 5 after a failure, 0 for a success that was never shown. A second end has the outcome of the first.
        ///
        /// - Returns: Whether the end has arrived; else ``problem`` says why not.
        /// - Throws: ``ActivitySmithError`` if the end cannot be started. Network failures do not throw.
        @discardableResult
        public func finish() async throws(ActivitySmithError) -> Bool {
            try await publication.end("finished").value
        }

        /// Ends the stream as failed, otherwise like ``finish()``: red, with a badge where the state has one, and the
        /// name of the error's type in the second line. The error's message is not shown.
        @discardableResult
        public func fail(_ error: any Error) async throws(ActivitySmithError) -> Bool {
            try await publication.end("failed", error.typeName).value
        }

        /// Ends the stream as failed with a reason. It shows on a Lock Screen, so it must not hold secrets.
        @discardableResult
        public func fail(_ reason: String) async throws(ActivitySmithError) -> Bool {
            try await publication.end("failed", reason).value
        }

        /// Stops publishing and leaves the activity on screen as it is.
        public func detach() {
            publication.detach()
        }

        /// Changes the latest state, and hands it on with what goes beside it.
        func apply(
            urgent: Bool, _ change: (inout State<C>) -> Void, _ body: (State<C>) -> Message
        ) throws(ActivitySmithError) {
            try publication.change(urgent: urgent) {
                var state = latest
                change(&state)
                return (body(state), state)
            } then: {
                latest = $0.settled(after: latest)
            }
        }

        /// Puts a state in place of the whole one.
        func replace<Other: Publishable>(
            with state: State<Other>, _ body: Message, urgent: Bool
        ) throws(ActivitySmithError) -> Publisher<Other> {
            let publisher = self as? Publisher<Other> ?? Publisher<Other>(publication, state)
            try publisher.apply(urgent: urgent, { $0 = state }) { _ in body }
            return publisher
        }

        /// Does a job, and ends the stream as the job has ended, unless it has done so itself.
        func run<Outcome>(
            isolation: isolated (any Actor)?, _ job: (Publisher) async throws -> sending Outcome
        ) async throws -> Outcome {
            do {
                let outcome = try await job(self)
                _ = await (try? publication.end("finished"))?.value
                return outcome
            } catch {
                _ = await (try? publication.end("failed", error.typeName))?.value
                throw error
            }
        }
    }
}

extension LiveActivity.State {
    /// What the next change begins with.
    fileprivate func settled(after before: Self) -> Self {
        guard var content = content.anyContent.value as? any Model & LiveActivity.Content,
            var previous = before.content.anyContent.value as? any Model
        else { return self }
        var fields = SettledFields()
        // They are read and changed, which does not fail.
        try? previous.visit(&fields)
        try? content.visit(&fields)
        return (content as? C ?? content.anyContent as? C).map(Self.init) ?? self
    }
}

/// Of a state and then of the next one, puts numbers of the first in place of those that are not finite, so that a sum
/// goes on. A timer's window, set again with each change, would begin anew each time.
private struct SettledFields: Fields {
    private var numbers: [String: LiveActivity.Number] = [:]

    mutating func visit<Value: Codable>(_ name: String, _ field: inout Value) {
        var settled: Value? = field
        visit(name, &settled)
        field = settled ?? field
    }

    mutating func visit<Value: Codable>(_ name: String, _ field: inout Value?) {
        guard let number = field as? LiveActivity.Number else { return }
        if name == "duration_seconds" {
            field = nil
        } else if number.double.isFinite {
            numbers[name] = number
        } else {
            field = numbers[name] as? Value
        }
    }
}

extension Error {
    /// What it is, without what it says.
    var typeName: String {
        // One that is in a box within a box has the type of the inner one.
        String(describing: type(of: self as Any))
    }
}
