// How operations of a client run, how their outcomes come back from the core, and what the end of the program does.

internal import ActivitySmithNative
import Dispatch
import Foundation

extension ActivitySmith {
    private static let lock = NSLock()
    /// The clients that are in use, behind weak references.
    nonisolated(unsafe) private static var all: [@Sendable () -> ActivitySmith?] = {
        atexit { ActivitySmith.shutDown() }
        return []
    }()

    /// Has the end of the program wait for it.
    func register() {
        Self.lock.withLock {
            Self.all.removeAll { $0() == nil }
            Self.all.append { [weak self] in self }
        }
    }

    /// Runs an operation, and waits for its outcome. When the task is cancelled, so is the operation.
    func run<Answer: Decodable>(
        _ operations: any Operations, _ begin: (UInt64) throws -> Void
    ) async throws(ActivitySmithError) -> Answer? {
        let op = Outcomes.shared.number()
        do {
            try begin(op)
            return try await withTaskCancellationHandler {
                try await self.response(to: op, on: operations)
            } onCancel: {
                Outcomes.shared.cancel(op, on: operations)
            }
        } catch {
            // One that is cancelled before it is waited for fails as unknown.
            throw Task.isCancelled ? .cancelled : .init(error)
        }
    }

    /// Begins to end a stream, for a task that waits for it, whether that is cancelled or not, and says whether the end
    /// has arrived.
    func end(
        _ publisher: NativePublisher, _ how: String, _ reason: String?
    ) throws(ActivitySmithError) -> Task<Bool, Never> {
        let end = try (["how": how, "reason": reason] as Message).json()
        let op = Outcomes.shared.number()
        try checked { try publisher.end(end: end, op: op) }
        return Task.detached {
            _ = try? await self.response(to: op, on: publisher) as LiveActivity.JSON?
            return publisher.failure == nil
        }
    }

    func log(_ lines: [LogLine]) {
        for line in lines where line.warning { warn(line.message.spelled) }
    }

    private func response<Answer: Decodable>(to op: UInt64, on operations: any Operations) async throws -> Answer? {
        let outcome: Outcome<Answer> = try await Outcomes.shared.outcome(of: op, on: operations)
        log(outcome.log ?? [])
        if let failure = outcome.failed { throw failure }
        return outcome.done
    }

    /// Ends what is still published when the program exits, and waits for that.
    private static func shutDown() {
        let end = Data(#"{"how":"failed"}"#.utf8)
        let begun = lock.withLock { all.compactMap { $0() } }.map { ($0, Outcomes.shared.number()) }
        for (client, op) in begun { try? client.native.shutdown(end: end, op: op) }
        for (client, op) in begun {
            while let json = try? client.native.wait(op: op, limitMs: 60_000) {
                guard let outcome = try? JSONDecoder().decode(Outcome<LiveActivity.JSON>.self, from: json) else { continue }
                client.log(outcome.log ?? [])
                break
            }
        }
    }
}

extension NativePublisher {
    /// Why nothing is published, or why the newest flush or end has not arrived.
    var failure: ActivitySmithError? {
        guard let json = try? problem(), !json.isEmpty else { return nil }
        return ActivitySmithError(NativeError.Failed(message: String(decoding: json, as: UTF8.self)))
    }
}

/// Where operations run: each has a number, and an outcome unless it is cancelled.
protocol Operations: AnyObject, Sendable {
    func deliver(op: UInt64, completions: Completions) throws
    func cancel(op: UInt64) throws
}

extension NativeClient: Operations {}
extension NativePublisher: Operations {}

/// What came of an operation, and the lines of the log that came with it.
struct Outcome<Answer: Decodable>: Decodable {
    let done: Answer?
    let failed: ActivitySmithError?
    let log: [LogLine]?
}

/// A line of the log.
struct LogLine: Decodable {
    let warning: Bool
    let message: String
}

/// The operations of this program that are waited for. Their outcomes come through one queue, whose descriptor is
/// watched.
final class Outcomes: Sendable {
    static let shared = Outcomes()

    private let lock = NSLock()
    nonisolated(unsafe) private var last: UInt64 = 0
    nonisolated(unsafe) private var waiting: [UInt64: CheckedContinuation<Data, any Error>] = [:]
    /// Made by the first operation.
    nonisolated(unsafe) private var queue: (completions: Completions, source: any DispatchSourceRead)?

    /// A number for an operation.
    func number() -> UInt64 {
        lock.withLock {
            last += 1
            return last
        }
    }

    /// Waits for the outcome of an operation that has begun.
    func outcome<Answer>(of op: UInt64, on operations: any Operations) async throws -> Outcome<Answer> {
        let json = try await withCheckedThrowingContinuation { continuation in
            lock.withLock { waiting[op] = continuation }
            do {
                try operations.deliver(op: op, completions: completions())
            } catch {
                settle(op, .failure(error))
            }
        }
        return try JSONDecoder().decode(Delivered<Answer>.self, from: json).outcome
    }

    /// Waits no more for an operation, which has no outcome from then on.
    func cancel(_ op: UInt64, on operations: any Operations) {
        // One that is over cannot be cancelled, which is no failure.
        try? operations.cancel(op: op)
        settle(op, .failure(ActivitySmithError.cancelled))
    }

    private func settle(_ op: UInt64, _ delivered: Result<Data, any Error>) {
        lock.withLock { waiting.removeValue(forKey: op) }?.resume(with: delivered)
    }

    private func completions() throws -> Completions {
        try lock.withLock {
            if let queue { return queue.completions }
            let completions = try Completions()
            let watched = DispatchQueue(label: "ActivitySmithKit.Outcomes", qos: .userInitiated)
            let source = DispatchSource.makeReadSource(fileDescriptor: try completions.descriptor(), queue: watched)
            source.setEventHandler {
                while let json = try? completions.take(), !json.isEmpty {
                    let number = try? JSONDecoder().decode(Number.self, from: json)
                    if let op = number?.op { self.settle(op, .success(json)) }
                }
            }
            source.resume()
            queue = (completions, source)
            return completions
        }
    }

    private struct Number: Decodable { let op: UInt64 }
    private struct Delivered<Answer: Decodable>: Decodable { let outcome: Outcome<Answer> }
}
