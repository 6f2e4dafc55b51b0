// How the core's outcomes come back: through one queue, whose descriptor is watched, to who waits for them.

internal import ActivitySmithNative
import Dispatch
import Foundation

/// Where operations run: each has a number, and an outcome unless it is cancelled.
protocol Operations: AnyObject, Sendable {
    func deliver(op: UInt64, completions: Completions) throws
    func cancel(op: UInt64) throws
}

extension NativeClient: Operations {}
extension NativePublisher: Operations {}

/// The operations of this program that are under way.
final class Outcomes: Sendable {
    typealias Outcome = Result<LiveActivity.StreamResponse?, ActivitySmithError>
    typealias Handler = @Sendable (Outcome) -> Void

    static let shared = Outcomes()

    private let lock = NSLock()
    nonisolated(unsafe) private var last: UInt64 = 0
    /// Taken out when they are called, so each is called once.
    nonisolated(unsafe) private var handlers: [UInt64: Handler] = [:]
    /// Made by the first operation.
    nonisolated(unsafe) private var queue: (completions: Completions, source: any DispatchSourceRead)?

    /// Starts an operation. The handler is called with its outcome, or why it has not started, maybe at once.
    func start(
        _ operations: any Operations, as op: UInt64? = nil, _ begin: (UInt64) throws -> Void,
        then handler: @escaping Handler
    ) {
        let op = op ?? number()
        lock.withLock { handlers[op] = handler }
        do {
            let completions = try completions()
            try begin(op)
            try operations.deliver(op: op, completions: completions)
        } catch {
            settle(op, .failure(ActivitySmithError(error)))
        }
    }

    /// Starts an operation and waits for its outcome. When the task is cancelled, so is the operation.
    func outcome(_ operations: any Operations, _ begin: (UInt64) throws -> Void) async -> Outcome {
        let op = number()
        let cancel: @Sendable () -> Void = {
            // First of all: the core has no outcome for an operation that is cancelled, and calls that a defect.
            self.settle(op, .failure(.cancelled))
            // An operation that is over cannot be cancelled, which is no failure.
            try? operations.cancel(op: op)
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                start(operations, as: op, begin) { continuation.resume(returning: $0) }
                // Cancelled before it was started, it was not found.
                if Task.isCancelled { cancel() }
            }
        } onCancel: {
            cancel()
        }
    }

    private func number() -> UInt64 {
        lock.withLock {
            last += 1
            return last
        }
    }

    private func settle(_ op: UInt64, _ outcome: Outcome) {
        lock.withLock { handlers.removeValue(forKey: op) }?(outcome)
    }

    private func completions() throws -> Completions {
        try lock.withLock {
            if let queue { return queue.completions }
            let completions = try Completions()
            let watched = DispatchQueue(label: "ActivitySmithKit.Outcomes", qos: .userInitiated)
            let source = DispatchSource.makeReadSource(fileDescriptor: try completions.descriptor(), queue: watched)
            source.setEventHandler {
                while let delivered = try? completions.take(), !delivered.isEmpty { self.settle(delivered) }
            }
            source.resume()
            queue = (completions, source)
            return completions
        }
    }

    private func settle(_ delivered: Data) {
        guard let delivered = try? JSONDecoder().decode(Delivered.self, from: delivered) else { return }
        settle(delivered.op, delivered.outcome)
    }
}

/// `{"op": 7, "outcome": {"done": ...}}`, or `failed` with the error.
private struct Delivered: Decodable {
    let op: UInt64
    let outcome: Outcomes.Outcome

    struct Members: Decodable {
        let done: LiveActivity.StreamResponse?
        let failed: CoreError?
    }

    enum CodingKeys: CodingKey { case op, outcome }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        op = try container.decode(UInt64.self, forKey: .op)
        do {
            let members = try container.decode(Members.self, forKey: .outcome)
            outcome = members.failed.map { .failure($0.error) } ?? .success(members.done)
        } catch {
            outcome = .failure(.defect("an outcome could not be read: \(error)"))
        }
    }
}
