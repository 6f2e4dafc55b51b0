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
    /// The client is closed. A call that was under way may have been carried out.
    case closed(ClosedFailure)
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

    /// The client is closed.
    public struct ClosedFailure: Hashable, Sendable, Failure {
        let summary: FailureSummary
    }
}

/// What every failure has.
struct FailureSummary: Hashable, Sendable, Decodable {
    var kind: String
    var description: String
    var isTransient = false
    var attempts = 0

    enum CodingKeys: String, CodingKey { case kind, description, isTransient = "transient", attempts }
}

protocol Failure: CustomStringConvertible {
    var summary: FailureSummary { get }
}

extension Failure {
    /// What is wrong, and what to do. It never holds the API key.
    public var description: String { summary.description }
}

extension ActivitySmithError.ApiFailure {
    /// The kind of failure as text, the same in every language: `rate_limited`.
    public var name: String { summary.kind }
    /// Whether the same call may succeed later without a change.
    public var isTransient: Bool { summary.isTransient }
    /// How often it was tried.
    public var attempts: Int { summary.attempts }
}

extension ActivitySmithError: Failure, LocalizedError {
    /// The description, as `localizedDescription` has it.
    public var errorDescription: String? { description }

    /// The kind of failure as text, the same in every language: `validation`, `timeout`, `rate_limited`.
    public var kind: String { summary.kind }

    /// Whether the same call may succeed later without a change.
    public var isTransient: Bool { summary.isTransient }

    /// How often it was tried; 0 when nothing was.
    public var attempts: Int { summary.attempts }

    var summary: FailureSummary {
        switch self {
        case .config(let failure): failure.summary
        case .validation(let failure): failure.summary
        case .connection(let failure): failure.summary
        case .api(let failure): failure.summary
        case .closed(let failure): failure.summary
        case .cancelled: .init(kind: "cancelled", description: "the call was cancelled")
        case .defect(let problem): .init(kind: "defect", description: "\(problem); this is a defect of the kit")
        }
    }
}

extension ActivitySmithError: Decodable {
    /// Reads it as the core writes it.
    public init(from decoder: any Decoder) throws {
        let summary = try FailureSummary(from: decoder)
        var members = try Members(decoder)
        switch summary.kind {
        case "config":
            let (setting, problem): (String, String) = try (members.required("setting"), members.required("problem"))
            self = .config(setting.spelled, problem.spelled)
        case "validation": self = .validation(try .init(summary, &members))
        case "connection", "timeout": self = .connection(.init(summary: summary))
        case "closed": self = .closed(.init(summary: summary))
        case _ where try members.optional("status") as Int? != nil: self = .api(try .init(summary, &members))
        default: self = .defect(summary.description)
        }
    }

    /// What UniFFI throws: the core's error as JSON, or one of its own after a panic.
    init(_ error: any Error) {
        do {
            guard case NativeError.Failed(let json) = error else { throw error }
            self = try JSONDecoder().decode(Self.self, from: Data(json.utf8))
        } catch let error as Self {
            self = error
        } catch {
            self = .defect(String(describing: error))
        }
    }

    static func config(_ setting: String, _ problem: String) -> Self {
        let summary = FailureSummary(kind: "config", description: "\(setting) \(problem)")
        return .config(.init(summary: summary, setting: setting, problem: problem))
    }
}

extension String {
    /// With the core's names of settings as the parameters of Swift have them.
    var spelled: Self {
        replacing(/\b(api|base|budget|connect|flush|max|min|show)_(key(_file)?|url|file|timeout|retries|interval|after)\b/) {
            let words = $0.0.split(separator: "_")
            return words[0] + words.dropFirst().map { $0 == "url" ? "URL" : $0.capitalized }.joined()
        }
    }
}
