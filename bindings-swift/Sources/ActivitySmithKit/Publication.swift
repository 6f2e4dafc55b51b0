// One stream that is published: what its publishers have in common, and what becomes of it without them.

internal import ActivitySmithNative
import Foundation

final class Publication: Sendable {
    let streamKey: String
    private let client: ActivitySmith
    private let publisher: NativePublisher
    /// One change after the other, so that the last one is the latest. One lock for all streams: a change may change
    /// another stream, and two that do so crosswise would wait for each other.
    private static let turn = NSRecursiveLock()
    nonisolated(unsafe) private var isChanging = false

    init(_ client: ActivitySmith, _ streamKey: String, _ beginning: Message) throws(ActivitySmithError) {
        let beginning = try beginning.json()
        publisher = try checked { try client.native.publish(beginning: beginning) }
        (self.streamKey, self.client) = (streamKey, client)
    }

    /// A job that does not say how it ended has failed. The client stays until that end is over, so that the program's
    /// exit waits for it.
    deinit {
        _ = try? client.end(publisher, "failed", nil)
    }

    var problem: ActivitySmithError? { publisher.failure }

    /// A defect of the boundary fails no job, here and below.
    var counters: LiveActivity.Counters {
        (try? JSONDecoder().decode(LiveActivity.Counters.self, from: publisher.counters()))
            ?? .init(updates: 0, coalesced: 0, suppressed: 0, sent: 0, acknowledged: 0, failed: 0, alertsReplaced: 0)
    }

    func events() -> [LiveActivity.PublisherEvent] {
        (try? JSONDecoder().decode([LiveActivity.PublisherEvent].self, from: publisher.events())) ?? []
    }

    /// Makes a change, and what follows when the core has taken it.
    func change<State>(
        urgent: Bool, _ make: () -> (Message, State), then: (State) -> Void
    ) throws(ActivitySmithError) {
        let lines = Self.turn.withLock {
            let isWithin = isChanging
            defer { isChanging = isWithin }
            isChanging = true
            return Result { () throws(ActivitySmithError) in
                guard !isWithin else {
                    throw .config("update", "is called within an update; make one change of both")
                }
                let (body, state) = make()
                let change = try (["replace": body, "urgent": urgent] as Message).json()
                let lines = try checked { try publisher.change(change: change) }
                then(state)
                return lines
            }
        }
        // What logs them may use the publisher itself.
        log(try lines.get())
    }

    /// How many items are done.
    func count(_ done: Int) {
        if let lines = try? publisher.change(change: Data(#"{"done":\#(done)}"#.utf8)) { log(lines) }
    }

    private func log(_ lines: Data) {
        guard !lines.isEmpty else { return }
        client.log((try? JSONDecoder().decode([LogLine].self, from: lines)) ?? [])
    }

    func flush(_ timeout: Duration?) async -> Bool {
        do throws(ActivitySmithError) {
            let flush = try (["timeout_seconds": timeout] as Message).json()
            let _: LiveActivity.JSON? = try await client.run(publisher) { op in try publisher.flush(flush: flush, op: op) }
            return problem == nil
        } catch {
            return false
        }
    }

    /// Begins to end the stream; what it gives back says whether the end has arrived. Another end has the outcome of
    /// the first.
    @discardableResult
    func end(_ how: String, _ reason: String? = nil) throws(ActivitySmithError) -> Task<Bool, Never> {
        try client.end(publisher, how, reason)
    }

    func detach() {
        try? publisher.detach()
    }
}
