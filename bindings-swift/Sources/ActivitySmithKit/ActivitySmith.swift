// The client: its settings, and the way of one call from Swift to the core and back. It knows no field of a request.

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
    private let client: NativeClient
    private let warnings: Warnings

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
    ///   - budgetFile: The file of a budget of requests that is shared with other processes of the host. Else
    ///     `ACTIVITYSMITH_BUDGET_FILE`, else there is none. It needs a folder that no stranger writes to.
    ///   - warn: What is told, once each, when nothing is published without a key, and of a stream when its last state
    ///     has not arrived, a number was out of its range, or a change came after the end. Else it goes to standard
    ///     error, where that can be written to.
    /// - Throws: ``ActivitySmithError/config(_:)`` for a setting that cannot be. A missing key shows only at the first
    ///   call.
    public init(
        apiKey: String? = nil,
        apiKeyFile: String? = nil,
        baseURL: String? = nil,
        timeout: Duration? = nil,
        connectTimeout: Duration? = nil,
        maxRetries: Int? = nil,
        budgetFile: String? = nil,
        warn: (@Sendable (String) -> Void)? = nil
    ) throws(ActivitySmithError) {
        let settings = try Writer.json(of: "settings") {
            $0.put("api_key", apiKey)
            $0.put("api_key_file", apiKeyFile)
            $0.put("base_url", baseURL)
            $0.put("timeout_seconds", timeout)
            $0.put("connect_timeout_seconds", connectTimeout)
            $0.put("max_retries", maxRetries?.liveActivityNumber)
            $0.put("budget_file", budgetFile)
            $0.put("agent", "swift")
        }
        warnings = Warnings(warn)
        client = try native { try NativeClient(settings: settings) }
    }

    /// The calls that show and end Live Activities.
    public var liveActivities: LiveActivities {
        LiveActivities(client: client, warnings: warnings)
    }

    /// Closes connections. Calls under way and later ones fail, and say why. Once more does nothing.
    public func close() {
        // It has nothing to report; UniFFI makes every function throw.
        try? client.close()
    }
}

/// The calls that show and end Live Activities; see ``ActivitySmith/liveActivities``.
public struct LiveActivities: Sendable {
    let client: NativeClient
    let warnings: Warnings

    /// Makes a call and waits for what becomes of it. When the task is cancelled, so is the call.
    func call(
        _ purpose: String, _ streamKey: String, _ body: some Written, _ timeout: Duration?, _ maxRetries: Int?
    ) async throws(ActivitySmithError) -> LiveActivity.StreamResponse {
        let call = try Writer.json {
            $0.put("purpose", purpose)
            $0.put("stream_key", streamKey)
            $0.put("body", body)
            $0.put("timeout_seconds", timeout)
            $0.put("max_retries", maxRetries?.liveActivityNumber)
        }
        // A call that is started may be sent before it is cancelled.
        guard !Task.isCancelled else { throw .cancelled }
        let outcome = await Outcomes.shared.outcome(client) { op in try client.start(call: call, op: op) }
        guard let response = try outcome.get() else { throw .defect("a call has no answer") }
        return response
    }
}

/// What the core's boundary gives back, or its error in Swift's form.
func native<Value>(_ work: () throws -> Value) throws(ActivitySmithError) -> Value {
    do {
        return try work()
    } catch {
        throw ActivitySmithError(error)
    }
}

extension Duration {
    var inSeconds: Double {
        // The components of one that is longer than their seconds count would stop the program.
        self / .seconds(1)
    }
}
