// The publisher: the latest state goes in, and nothing waits for the network. When it is sent is the core's to decide.

extension LiveActivity {
    /// A stream that is being published: its latest state is sent as often as it helps and no more, in the background.
    ///
    /// ```swift
    /// let live = try activitysmith.liveActivities.startPublishing("backup", .progress(title: "Backup", percentage: 0))
    /// for percentage in 1...100 {
    ///     try live.update { $0.percentage = percentage }
    /// }
    /// try await live.finish()
    /// ```
    ///
    /// Tasks may share it. One that is let go before it has ended is taken for a job that has failed; its end is then
    /// sent in the background. A program that exits waits for such an end, for 2 seconds at most.
    ///
    /// Without a key it warns once and is inert, and so it is where `ACTIVITYSMITH_DISABLED` is set.
    public struct Publisher<C: Publishable>: Sendable {
        private let held: HeldPublication
        private let latest: Latest<C>

        init(_ held: HeldPublication, _ first: State<C>) {
            self.held = held
            latest = Latest(first.sent)
        }

        private var publication: Publication { held.publication }

        /// The key of the stream.
        public var streamKey: String { publication.streamKey }

        /// Why nothing is published, or why the newest state had not arrived when ``flush(timeout:)`` or the end was
        /// over.
        public var problem: ActivitySmithError? { publication.problem }

        /// How often what has happened.
        public var counters: LiveActivity.Counters { publication.counters }

        /// What has happened since this was asked last; the newest 64 events.
        public func events() -> [LiveActivity.PublisherEvent] { publication.events() }

        /// Sends the newest state now, as far as the account's budget allows, and waits until the service has taken it.
        ///
        /// - Parameter timeout: How long to wait at most: 10 seconds by default. A task that is cancelled waits no
        ///   more.
        /// - Returns: Whether it has; else ``problem`` says why not.
        @discardableResult
        public func flush(timeout: Duration? = nil) async -> Bool {
            await publication.flush(timeout)
        }

        /// Ends the stream with its last state, and waits for that: for 10 seconds at most. Where it has ended before,
        /// nothing changes, and the outcome is that of the first end.
        ///
        /// - Returns: Whether it has arrived; else ``problem`` says why not.
        /// - Throws: ``ActivitySmithError`` where the end cannot even be begun. What the network does is no error.
        @discardableResult
        public func finish() async throws(ActivitySmithError) -> Bool {
            try await publication.end(.finished)
        }

        /// Ends the stream as failed: red, with a badge where there is room for one, and the name of the error's type
        /// in its second line. What the error says is not shown: a Lock Screen is no place for it.
        ///
        /// - Parameter error: Why the job has failed.
        /// - Returns: As ``finish()``.
        /// - Throws: As ``finish()``.
        @discardableResult
        public func fail(_ error: any Error) async throws(ActivitySmithError) -> Bool {
            try await publication.end(.failed(error.typeName))
        }

        /// Ends the stream as failed, for a reason in words. It shows on a Lock Screen, so let it hold no secret.
        ///
        /// - Parameter reason: Why the job has failed.
        /// - Returns: As ``finish()``.
        /// - Throws: As ``finish()``.
        @discardableResult
        public func fail(_ reason: String) async throws(ActivitySmithError) -> Bool {
            try await publication.end(.failed(reason))
        }

        /// Sends no more, and leaves the activity as it is.
        public func close() {
            publication.close()
        }

        /// Changes the latest state, and hands it on with what goes beside it.
        func apply(
            urgent: Bool, _ change: (inout State<C>) -> Void, _ request: (State<C>) -> StreamRequest
        ) throws(ActivitySmithError) {
            try publication.inTurn { () throws(ActivitySmithError) in
                var state = latest.state
                change(&state)
                let hasNews = try publication.send(request(state), urgent: urgent)
                latest.state = state.sent
                return hasNews
            }
        }

        /// Puts a state in place of the whole one.
        func replace<Other: Publishable>(
            with state: State<Other>, _ request: StreamRequest, urgent: Bool
        ) throws(ActivitySmithError) -> Publisher<Other> {
            try publication.inTurn { () throws(ActivitySmithError) in
                let hasNews = try publication.send(request, urgent: urgent)
                if let same = state.sent as? State<C> { latest.state = same }
                return hasNews
            }
            return self as? Publisher<Other> ?? Publisher<Other>(held, state)
        }

        /// Does a job, and ends the stream as the job has ended, unless it has done so itself.
        func run<Outcome>(
            isolation: isolated (any Actor)?, _ job: (Self) async throws -> sending Outcome
        ) async throws -> Outcome {
            let outcome: Outcome
            do {
                outcome = try await job(self)
            } catch {
                // Who cancels a task has little patience left.
                await publication.endUnlessEnded(.failed(error.typeName), attended: !Task.isCancelled)
                throw error
            }
            await publication.endUnlessEnded(.finished)
            return outcome
        }
    }
}

extension LiveActivities {
    /// Begins to publish a stream.
    func open<C: LiveActivity.Publishable>(
        _ streamKey: String, _ first: LiveActivity.State<C>, _ request: StreamRequest, _ pace: Duration?
    ) throws(ActivitySmithError) -> LiveActivity.Publisher<C> {
        let publication = try Publication(self, streamKey, pace: pace) { $0.put("body", request) }
        return LiveActivity.Publisher(HeldPublication(publication), first)
    }
}

/// The latest state that one kind of publisher knows; the publication sees to it that one task at a time does.
private final class Latest<C: LiveActivity.Publishable>: @unchecked Sendable {
    var state: LiveActivity.State<C>

    init(_ state: LiveActivity.State<C>) {
        self.state = state
    }
}

extension LiveActivity.State {
    /// What is left of it when it has been handed on: a window that was set again with each change would start anew
    /// each time.
    fileprivate var sent: Self {
        guard case .timer(var timer) = content.anyContent else { return self }
        timer.durationSeconds = nil
        return (timer as? C ?? timer.anyContent as? C).map(Self.init) ?? self
    }
}

extension Error {
    /// What it is, without what it says.
    var typeName: String {
        // One that is in a box within a box has the type of the inner one.
        String(describing: type(of: self as Any))
    }
}
