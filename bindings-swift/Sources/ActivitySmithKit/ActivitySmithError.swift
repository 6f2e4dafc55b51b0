// The one error of the kit, in Swift's form. What errors mean and say is the core's.

internal import ActivitySmithNative
import Foundation

/// Why a call failed.
///
/// ```swift
/// do {
///     try await activitysmith.liveActivities.stream("k", .progress(title: "Backup", percentage: 101))
/// } catch .validation(let failure) {
///     for violation in failure.violations { print(violation.path, violation.message) }
/// } catch {
///     print(error.isTransient ? "later, perhaps:" : "never:", error)
/// }
/// ```
public enum ActivitySmithError: Error, Hashable, Sendable {
    /// The client is not set up: no key, a base URL that cannot be, and so on. Nothing was sent.
    case config(ConfigFailure)
    /// The request breaks rules of the API. Nothing was sent.
    case validation(ValidationFailure)
    /// No answer came: the service was not reached, or it fell silent.
    case connection(ConnectionFailure)
    /// The service answered that it did not do it.
    case api(ApiFailure)
    /// The task was cancelled. The service may have done what was asked, if it was sent already.
    case cancelled
    /// The kit itself has a defect, which this describes.
    case defect(String)

    /// No answer came.
    public struct ConnectionFailure: Hashable, Sendable, Failure {
        let summary: FailureSummary

        /// The time ran out, rather than the connection breaking.
        public var isTimeout: Bool { summary.kind == "timeout" }
        /// How often it was tried.
        public var attempts: Int { summary.attempts }
    }
}

/// What is said of every failure.
struct FailureSummary: Hashable, Sendable {
    var kind: String
    var description: String
    var isTransient = false
    var attempts = 0
}

/// What a case of the error holds.
protocol Failure: CustomStringConvertible {
    var summary: FailureSummary { get }
}

extension Failure {
    /// It in words.
    public var description: String { summary.description }
}

extension ActivitySmithError: CustomStringConvertible, LocalizedError {
    /// What is wrong, and what to do. It never holds the API key.
    public var description: String { summary.description }

    /// The same, as `localizedDescription` has it.
    public var errorDescription: String? { description }

    /// Whether the same call may succeed later without anybody changing anything.
    public var isTransient: Bool { summary.isTransient }

    /// The kind of failure as text, the same in every language: `validation`, `timeout`, `rate_limited`.
    public var kind: String { summary.kind }

    /// How often it was tried; 0 when nothing was.
    public var attempts: Int { summary.attempts }

    private var summary: FailureSummary {
        switch self {
        case .config(let failure): failure.summary
        case .validation(let failure): failure.summary
        case .connection(let failure): failure.summary
        case .api(let failure): failure.summary
        case .cancelled: .init(kind: "cancelled", description: "the call was cancelled")
        case .defect(let problem): .init(kind: "defect", description: "\(problem); this is a defect of the kit")
        }
    }
}

extension ActivitySmithError.ApiFailure {
    /// The kind of failure as text, the same in every language: `rate_limited`.
    public var name: String { summary.kind }
    /// Whether the same call may succeed later without anybody changing anything.
    public var isTransient: Bool { summary.isTransient }
    /// How often it was tried.
    public var attempts: Int { summary.attempts }
}

extension ActivitySmithError {
    /// What UniFFI throws: the core's error as JSON, or one of its own after a panic.
    init(_ error: any Error) {
        switch error {
        case let error as Self: self = error
        case NativeError.Failed(let json): self.init(json: Data(json.utf8))
        default: self = .defect(String(describing: error))
        }
    }

    init(json: Data) {
        let read = Result { try JSONDecoder().decode(CoreError.self, from: json).error }
        self = (try? read.get()) ?? .defect("an error could not be read: \(read)")
    }

    /// A request that cannot cross to the core.
    static func refused(_ problem: String) -> Self {
        let message = "request \(problem)"
        return .validation(
            .init(
                summary: .init(kind: "validation", description: "nothing was sent: \(message)"),
                violations: [.init(path: "request", code: .tooLong, message: message)]))
    }

    /// A setting, or a use of the kit, that cannot be.
    static func refused(setting: String, _ problem: String) -> Self {
        let summary = FailureSummary(kind: "config", description: "\(setting) \(problem)")
        return .config(.init(summary: summary, setting: setting, problem: problem))
    }
}

/// An error as the core writes it.
struct CoreError: Decodable {
    let error: ActivitySmithError

    init(from decoder: any Decoder) throws {
        var members = try Members(decoder)
        let kind: String = try members.required("kind")
        let description: String = try members.required("description")
        let summary = FailureSummary(
            kind: kind, description: kind == "config" ? description.spelled : description,
            isTransient: try members.required("transient"), attempts: try members.required("attempts"))
        let status: UInt64? = try members.optional("status")
        switch summary.kind {
        case "config": error = .config(try .init(summary, &members))
        case "validation": error = .validation(try .init(summary, &members))
        case "connection", "timeout": error = .connection(.init(summary: summary))
        case _ where status != nil: error = .api(try .init(summary, &members))
        default: error = .defect(summary.description)
        }
    }
}

extension String {
    /// With the core's names of settings as the client's parameters have them.
    var spelled: Self {
        replacing(/\b(api_key_file|api_key|base_url|budget_file|connect_timeout|max_retries)\b/) { match in
            let words = match.1.split(separator: "_")
            return words[0] + words.dropFirst().map { $0 == "url" ? "URL" : $0.capitalized }.joined()
        }
    }
}
