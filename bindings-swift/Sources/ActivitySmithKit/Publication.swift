// One stream that is being published: what its publishers have in common, and how it ends when they are gone.

import ActivitySmithNative
import Foundation

/// One stream that is being published.
final class Publication: Sendable {
    private static let mostEvents = 64

    let streamKey: String
    private let publisher: TypedPublisher
    private let warnings: Warnings
    /// Why nothing is published, unless that was asked for.
    private let obstacle: ActivitySmithError?
    /// One change after the other, so that the last one is the latest.
    private let turn = NSLock()
    private let facts = NSLock()
    nonisolated(unsafe) private var hasEnded = false
    /// That it has been closed, or that its last state has not arrived, is known.
    nonisolated(unsafe) private var isEndKnown = false
    nonisolated(unsafe) private var failure: ActivitySmithError?
    nonisolated(unsafe) private var untoldEvents: [LiveActivity.PublisherEvent] = []

    init(_ streamKey: String, _ publisher: TypedPublisher, _ warnings: Warnings) {
        (self.streamKey, self.publisher, self.warnings) = (streamKey, publisher, warnings)
        do {
            try publisher.check()
            obstacle = nil
        } catch {
            let error = ActivitySmithError(error)
            obstacle = error
            warnings.tellOnce("nothing is published: \(error)")
        }
        Unended.add(self)
    }

    var problem: ActivitySmithError? {
        obstacle ?? facts.withLock { failure }
    }

    /// What UniFFI throws here and below is a defect, which nobody's job is to be broken by.
    var counters: LiveActivity.Counters {
        (try? publisher.counters())
            ?? .init(updates: 0, coalesced: 0, suppressed: 0, sent: 0, acknowledged: 0, failed: 0, alertsReplaced: 0)
    }

    func events() -> [LiveActivity.PublisherEvent] {
        collectEvents()
        return facts.withLock {
            defer { untoldEvents = [] }
            return untoldEvents
        }
    }

    /// Makes a change that gives back whether there are new events.
    func inTurn(_ change: () throws(ActivitySmithError) -> Bool) throws(ActivitySmithError) {
        let hasNews: Bool
        do {
            turn.lock()
            defer { turn.unlock() }
            hasNews = try change()
        }
        // What is told of them may use the publisher itself.
        if hasNews { collectEvents() }
    }

    /// Hands a state on; gives back whether there are new events.
    func send(_ request: StreamRequest, urgent: Bool) throws(ActivitySmithError) -> Bool {
        do {
            try Scale.check([request])
            return try publisher.replace(state: request, urgent: urgent)
        } catch {
            // Nothing that comes after the end breaks a job.
            if facts.withLock({ hasEnded }) { return false }
            throw ActivitySmithError(error)
        }
    }

    /// Keeps new events, and warns of those that tell of a mistake in the job.
    private func collectEvents() {
        guard let events = try? publisher.events(), !events.isEmpty else { return }
        facts.withLock { untoldEvents = (untoldEvents + events).suffix(Self.mostEvents) }
        for event in events where event.kind == .adjusted || event.kind == .afterEnd {
            warnings.tell("\(streamKey): \(event.message)")
        }
    }

    /// How many items are done with.
    func count(_ done: Int) {
        try? publisher.count(done: UInt64(done))
    }

    func flush(_ timeout: Duration?) async -> Bool {
        let outcome: Result<Void, ActivitySmithError>
        do {
            let flush = try publisher.flush(timeoutSeconds: timeout?.inSeconds)
            try await withTaskCancellationHandler {
                try await flush.outcome()
            } onCancel: {
                try? flush.cancel()
            }
            outcome = .success(())
        } catch {
            outcome = .failure(ActivitySmithError(error))
        }
        return arrived(outcome)
    }

    /// Ends the stream and waits for that.
    func end(_ ending: PublisherEnding, isPatient: Bool = true) async throws(ActivitySmithError) -> Bool {
        await outcome(of: try begin(ending, isPatient: isPatient))
    }

    /// The same for who does not mind that it has ended.
    func endUnlessEnded(_ ending: PublisherEnding, isPatient: Bool = true) async {
        guard let call = beginUnlessEnded(ending, isPatient: isPatient) else { return }
        _ = await outcome(of: call)
    }

    /// The same, without waiting for it.
    func endInBackground(_ ending: PublisherEnding, isPatient: Bool = true) {
        guard let call = beginUnlessEnded(ending, isPatient: isPatient) else { return }
        Task.detached { await self.outcome(of: call) }
    }

    func close() {
        facts.withLock { (hasEnded, isEndKnown) = (true, true) }
        try? publisher.close()
        Unended.remove(self)
    }

    private func beginUnlessEnded(_ ending: PublisherEnding, isPatient: Bool) -> PendingCall? {
        guard !facts.withLock({ hasEnded }) else { return nil }
        do {
            return try begin(ending, isPatient: isPatient)
        } catch {
            _ = arrived(.failure(error))
            return nil
        }
    }

    private func begin(_ ending: PublisherEnding, isPatient: Bool) throws(ActivitySmithError) -> PendingCall {
        do {
            let call = try publisher.end(ending: ending, isPatient: isPatient)
            facts.withLock { hasEnded = true }
            return call
        } catch {
            throw ActivitySmithError(error)
        }
    }

    /// Waits for an end, also in a task that is cancelled, and warns where it has not arrived.
    @discardableResult
    private func outcome(of call: PendingCall) async -> Bool {
        let outcome: Result<Void, ActivitySmithError>
        do {
            _ = try await call.outcome()
            outcome = .success(())
        } catch {
            let error = ActivitySmithError(error)
            outcome = .failure(error)
            let isNews = facts.withLock {
                defer { isEndKnown = true }
                return !isEndKnown
            }
            if isNews { warnings.tell("the last state of \(streamKey) did not arrive: \(error)") }
        }
        collectEvents()
        Unended.remove(self)
        return arrived(outcome)
    }

    private func arrived(_ outcome: Result<Void, ActivitySmithError>) -> Bool {
        facts.withLock {
            if case .failure(let error) = outcome { failure = error } else { failure = nil }
        }
        return problem == nil
    }
}

/// What all publishers of a stream hold together.
final class HeldPublication: Sendable {
    let publication: Publication

    init(_ publication: Publication) {
        self.publication = publication
    }

    /// A job that does not say how it ended has failed: that is where an error leads.
    deinit {
        publication.endInBackground(.failed(reason: nil), isPatient: false)
    }
}

/// The streams whose end is not over. A program that exits ends them, and waits a moment for that.
private enum Unended {
    private static let patience: TimeInterval = 2
    private static let changed = NSCondition()
    nonisolated(unsafe) private static var publications: [ObjectIdentifier: Publication] = {
        atexit { Unended.endAll() }
        return [:]
    }()

    static func add(_ publication: Publication) {
        changed.withLock { publications[ObjectIdentifier(publication)] = publication }
    }

    static func remove(_ publication: Publication) {
        changed.withLock {
            publications[ObjectIdentifier(publication)] = nil
            changed.broadcast()
        }
    }

    private static func endAll() {
        for publication in changed.withLock({ Array(publications.values) }) {
            publication.endInBackground(.failed(reason: nil), isPatient: false)
        }
        let end = Date(timeIntervalSinceNow: patience)
        changed.withLock {
            while !publications.isEmpty, changed.wait(until: end) {}
        }
    }
}

/// Where a client tells what nobody waits to hear.
final class Warnings: Sendable {
    private let warn: @Sendable (String) -> Void
    private let lock = NSLock()
    nonisolated(unsafe) private var isTold = false

    init(_ warn: (@Sendable (String) -> Void)?) {
        self.warn = warn ?? StandardError.writer()
    }

    func tell(_ warning: String) {
        warn(warning)
    }

    /// What is the same for all of a client's publishers.
    func tellOnce(_ warning: String) {
        let isNew = lock.withLock {
            defer { isTold = true }
            return !isTold
        }
        if isNew { warn(warning) }
    }
}
