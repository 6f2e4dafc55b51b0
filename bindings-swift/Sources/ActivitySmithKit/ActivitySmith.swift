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

    /// A client with these settings. What is not given comes from the environment, or has its default.
    ///
    /// - Parameters:
    ///   - apiKey: The API key. Else it is read at the first call: from `ACTIVITYSMITH_API_KEY`, or from the file that
    ///     `ACTIVITYSMITH_API_KEY_FILE` names.
    ///   - apiKeyFile: The file that holds the API key; it is read at the first call.
    ///   - baseURL: Where the API is. Else `ACTIVITYSMITH_BASE_URL`, else the service.
    ///   - timeout: How long a whole call may take, with all attempts and pauses: 15 seconds by default.
    ///   - connectTimeout: How long connecting may take: 5 seconds by default.
    ///   - maxRetries: How often a request is repeated at most, where that is safe: 2 by default.
    ///   - flushTimeout: How long the end of a stream is waited for. Else `ACTIVITYSMITH_FLUSH_TIMEOUT`, a number of
    ///     seconds; else 2 seconds after a success, and 5 after a failure.
    ///   - budgetFile: The file of a budget of requests that is shared with other processes of the host. Else
    ///     `ACTIVITYSMITH_BUDGET_FILE`, else there is none. It needs a folder that no other user writes to.
    ///   - warn: Takes each warning, a sentence that begins with the key of its stream: that the last state of one has
    ///     not arrived, that a number was out of its range, and so on. Else they are written to standard error.
    /// - Throws: ``ActivitySmithError/config(_:)`` for a setting that cannot be. A missing key shows only at the first
    ///   call.
    public init(
        apiKey: String? = nil, apiKeyFile: String? = nil, baseURL: String? = nil, timeout: Duration? = nil,
        connectTimeout: Duration? = nil, maxRetries: Int? = nil, flushTimeout: Duration? = nil,
        budgetFile: String? = nil, warn: (@Sendable (String) -> Void)? = nil
    ) throws(ActivitySmithError) {
        let message: Message = [
            "api_key": apiKey, "api_key_file": apiKeyFile, "base_url": baseURL, "timeout_seconds": timeout,
            "connect_timeout_seconds": connectTimeout, "max_retries": maxRetries,
            "flush_timeout_seconds": flushTimeout, "budget_file": budgetFile, "agent": "swift",
        ]
        let settings = try message.json()
        native = try checked { try NativeClient(settings: settings) }
        self.warn = warn ?? StandardError.writer()
        register()
    }

    /// The calls that show and end Live Activities.
    public var liveActivities: LiveActivities { LiveActivities(client: self) }

    /// Closes connections. Calls under way and later ones fail, and say why. Once more does nothing.
    public func close() {
        // It has nothing to report; UniFFI makes every function throw.
        try? native.close()
    }
}

/// The calls that show and end Live Activities; see ``ActivitySmith/liveActivities``.
public struct LiveActivities: Sendable {
    let client: ActivitySmith

    /// Makes a call and waits for what becomes of it. When the task is cancelled, so is the call.
    func call(
        _ purpose: String, _ streamKey: String, _ body: some Encodable, _ timeout: Duration?, _ maxRetries: Int?
    ) async throws(ActivitySmithError) -> LiveActivity.StreamResponse {
        let message: Message = [
            "purpose": purpose, "stream_key": streamKey, "body": body, "timeout_seconds": timeout,
            "max_retries": maxRetries,
        ]
        let call = try message.json()
        // A call that is started may be sent before it is cancelled.
        guard !Task.isCancelled else { throw .cancelled }
        let response = try await client.run(client.native) { op in try client.native.start(call: call, op: op) }
        guard let response else { throw .defect("a call has no answer") }
        return response
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
