// The client: its settings, and the way of one call from Swift to the core and back, whatever its fields.

internal import ActivitySmithNative
import Foundation

/// A client of ActivitySmith. Tasks may share it.
///
/// ```swift
/// let activitysmith = try ActivitySmith()  // ACTIVITYSMITH_API_KEY
/// let first = LiveActivity.State.progress(title: "Backup", percentage: 0)
/// try await activitysmith.liveActivities.publish("nightly-backup", first) { live in
///     for (done, file) in files.enumerated() {
///         try await copy(file)
///         try live.update { $0.percentage = 100 * (done + 1) / files.count }
///     }
/// }
/// ```
///
/// It is unofficial: not made or endorsed by ActivitySmith.
public final class ActivitySmith: Sendable {
    let native: NativeClient
    let warn: @Sendable (String) -> Void

    init(_ settings: Message, _ warn: (@Sendable (String) -> Void)?) throws(ActivitySmithError) {
        let settings = try settings.json()
        native = try checked { try NativeClient(settings: settings) }
        self.warn = warn ?? StandardError.writer()
        register()
    }

    /// The calls that show and end Live Activities.
    public var liveActivities: LiveActivities { LiveActivities(client: self) }

    /// The calls about push notifications.
    public var notifications: Notifications { Notifications(client: self) }

    /// The calls about the metrics that widgets show.
    public var metrics: Metrics { Metrics(client: self) }

    /// Makes a call and waits for what becomes of it. When the task is cancelled, so is the call.
    func call<Answer: Decodable>(
        _ endpoint: String, _ key: String?, _ body: some Encodable, _ timeout: Duration?, _ maxRetries: Int?
    ) async throws(ActivitySmithError) -> Answer {
        let message: Message = [
            "endpoint": endpoint, "key": key, "body": body, "timeout_seconds": timeout, "max_retries": maxRetries,
        ]
        let call = try message.json()
        // A call that is started may be sent before it is cancelled.
        guard !Task.isCancelled else { throw .cancelled }
        let answer: Answer? = try await run(native) { op in try native.start(call: call, op: op) }
        guard let answer else { throw .defect("a call has no answer") }
        return answer
    }

    /// Closes the connections. Pending and later calls fail with an error that says so. Closing again does nothing.
    public func close() {
        // It has nothing to report; UniFFI makes every function throw.
        try? native.close()
    }
}

/// The calls that show and end Live Activities; see ``ActivitySmith/liveActivities``.
public struct LiveActivities: Sendable {
    let client: ActivitySmith
}

extension ActivitySmith {
    /// The calls about push notifications; see ``ActivitySmith/notifications``.
    public struct Notifications: Sendable {
        let client: ActivitySmith

        /// Sends a push notification that is made already. It is not sent again once it may have arrived.
        @discardableResult
        public func send(
            _ push: Push, timeout: Duration? = nil, maxRetries: Int? = nil
        ) async throws(ActivitySmithError) -> LiveActivity.PushResponse {
            try await client.call("push", nil, push, timeout, maxRetries)
        }
    }

    /// The calls about metrics; see ``ActivitySmith/metrics``.
    public struct Metrics: Sendable {
        let client: ActivitySmith
    }
}

/// What the core's boundary gives back, or its error in Swift's form.
func checked<Value>(_ work: () throws -> Value) throws(ActivitySmithError) -> Value {
    do {
        return try work()
    } catch {
        throw ActivitySmithError(error)
    }
}
