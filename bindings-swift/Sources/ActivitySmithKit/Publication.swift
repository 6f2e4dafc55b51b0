// One stream that is being published: what its publishers have in common, and how it ends when they are gone.

internal import ActivitySmithNative
import Foundation

/// One stream that is being published.
final class Publication: Sendable {
    private static let mostEvents = 64

    /// How a stream ends: as the core names it.
    struct Ending {
        static let finished = Self(how: "finished")
        /// Of items that are counted: all are done with.
        static let complete = Self(how: "complete")
        /// With a reason, which shows on a Lock Screen.
        static func failed(_ reason: String?) -> Self { Self(how: "failed", reason: reason) }

        let how: String
        var reason: String?

        func json(_ attended: Bool) throws(ActivitySmithError) -> Data {
            try Writer.json {
                $0.put("how", how)
                $0.put("reason", reason)
                $0.put("attended", attended)
            }
        }
    }

    let streamKey: String
    private let publisher: NativePublisher
    private let warnings: Warnings
    /// Why nothing is published, unless that was asked for.
    private let obstacle: ActivitySmithError?
    /// One change after the other, so that the last one is the latest. One lock for all streams: a change may change another
    /// stream, and two that do so crosswise would wait for each other.
    private static let turn = NSRecursiveLock()
    nonisolated(unsafe) private var isChanging = false
    private let facts = NSLock()
    nonisolated(unsafe) private var hasEnded = false
    /// That it has been closed, or that its last state has not arrived, is known.
    nonisolated(unsafe) private var isEndKnown = false
    nonisolated(unsafe) private var failure: ActivitySmithError?
    nonisolated(unsafe) private var untoldEvents: [LiveActivity.PublisherEvent] = []

    /// Begins to publish a stream.
    init(
        _ calls: LiveActivities, _ streamKey: String, pace: Duration?, _ write: (inout Writer) -> Void
    ) throws(ActivitySmithError) {
        let beginning = try Writer.json {
            $0.put("stream_key", streamKey)
            $0.put("pace_seconds", pace)
            write(&$0)
        }
        (self.streamKey, warnings) = (streamKey, calls.warnings)
        let publisher = try native { try calls.client.publish(beginning: beginning) }
        let obstacle = try native { try publisher.obstacle() }
        (self.publisher, self.obstacle) = (publisher, obstacle.isEmpty ? nil : ActivitySmithError(json: obstacle))
        if let obstacle = self.obstacle { warnings.warnOnce("nothing is published: \(obstacle)") }
        Unended.add(self)
    }

    var problem: ActivitySmithError? { obstacle ?? facts.withLock { failure } }

    /// A defect of the boundary is nothing that breaks a job, here and below.
    var counters: LiveActivity.Counters {
        read { try $0.counters() }
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
        Self.turn.lock()
        let isWithin = isChanging
        isChanging = true
        let hasNews = Result { () throws(ActivitySmithError) in
            if isWithin { throw .refused(setting: "update", "is called within an update; make one change of both") }
            return try change()
        }
        isChanging = isWithin
        Self.turn.unlock()
        // What is told of them may use the publisher itself.
        if try hasNews.get() { collectEvents() }
    }

    /// Hands a state on; gives back whether there are new events.
    func send(_ request: StreamRequest, urgent: Bool) throws(ActivitySmithError) -> Bool {
        do throws(ActivitySmithError) {
            let change = try Writer.json {
                $0.put("replace", request)
                $0.put("urgent", urgent)
            }
            return try native { try publisher.change(change: change) }
        } catch {
            // Nothing that comes after the end breaks a job.
            if facts.withLock({ hasEnded }) { return false }
            throw error
        }
    }

    /// How many items are done with.
    func count(_ done: Int) {
        _ = try? publisher.change(change: Data(#"{"done":\#(done)}"#.utf8))
    }

    /// Keeps new events, and warns of those that tell of a mistake in the job.
    private func collectEvents() {
        let events: [LiveActivity.PublisherEvent] = read { try $0.events() } ?? []
        facts.withLock { untoldEvents = (untoldEvents + events).suffix(Self.mostEvents) }
        for event in events where event.kind == .adjusted || event.kind == .afterEnd {
            warnings.warn("\(streamKey): \(event.message)")
        }
    }

    private func read<Value: Decodable>(_ json: (NativePublisher) throws -> Data) -> Value? {
        try? JSONDecoder().decode(Value.self, from: json(publisher))
    }

    func flush(_ timeout: Duration?) async -> Bool {
        guard let flush = try? Writer.json({ $0.put("timeout_seconds", timeout) }) else { return false }
        return arrived(await Outcomes.shared.outcome(publisher) { op in try publisher.flush(flush: flush, op: op) })
    }

    /// Ends the stream and waits for that, also in a task that is cancelled.
    func end(_ ending: Ending, attended: Bool = true) async throws(ActivitySmithError) -> Bool {
        let end = try ending.json(attended)
        return await withCheckedContinuation { continuation in
            begin(end) { continuation.resume(returning: $0) }
        }
    }

    /// The same for a job that may have ended its stream itself.
    func endUnlessEnded(_ ending: Ending, attended: Bool = true) async {
        if !facts.withLock({ hasEnded }) { _ = try? await end(ending, attended: attended) }
    }

    /// The same, without waiting for it.
    func endInBackground(_ ending: Ending, attended: Bool = true) {
        guard !facts.withLock({ hasEnded }), let end = try? ending.json(attended) else { return }
        begin(end) { _ in }
    }

    func close() {
        facts.withLock { (hasEnded, isEndKnown) = (true, true) }
        try? publisher.close()
        Unended.remove(self)
    }

    /// Begins to end the stream. Then it says whether the end has arrived, and warns where it has not.
    private func begin(_ end: Data, then: @escaping @Sendable (Bool) -> Void) {
        facts.withLock { hasEnded = true }
        Outcomes.shared.start(publisher) { op in
            try publisher.end(end: end, op: op)
        } then: { outcome in
            // What is told of a warning may wait for other outcomes.
            DispatchQueue.global().async { then(self.ended(outcome)) }
        }
    }

    private func ended(_ outcome: Outcomes.Outcome) -> Bool {
        if case .failure(let error) = outcome {
            let isNews = facts.withLock {
                defer { isEndKnown = true }
                return !isEndKnown
            }
            if isNews { warnings.warn("the last state of \(streamKey) did not arrive: \(error)") }
        }
        collectEvents()
        Unended.remove(self)
        return arrived(outcome)
    }

    private func arrived(_ outcome: Outcomes.Outcome) -> Bool {
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
        publication.endInBackground(.failed(nil), attended: false)
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
            publication.endInBackground(.failed(nil), attended: false)
        }
        let end = Date(timeIntervalSinceNow: patience)
        changed.withLock {
            while !publications.isEmpty, changed.wait(until: end) {}
        }
    }
}

/// Where a client tells what nobody waits to hear.
final class Warnings: Sendable {
    let warn: @Sendable (String) -> Void
    private let lock = NSLock()
    nonisolated(unsafe) private var isTold = false

    init(_ warn: (@Sendable (String) -> Void)?) {
        self.warn = warn ?? StandardError.writer()
    }

    /// What is the same for all of a client's publishers.
    func warnOnce(_ warning: String) {
        let isNew = lock.withLock {
            defer { isTold = true }
            return !isTold
        }
        if isNew { warn(warning) }
    }
}
