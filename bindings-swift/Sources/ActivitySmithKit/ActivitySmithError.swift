// The one error of the kit, in Swift's form. What errors mean and say is the core's.

import ActivitySmithNative
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
public enum ActivitySmithError: Error, Equatable, Sendable {
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

    /// A setting that is missing or cannot be used.
    public struct ConfigFailure: Equatable, Sendable, CustomStringConvertible {
        let summary: FailureSummary
        /// Which setting, by the name under which it was given: `connectTimeout`, `ACTIVITYSMITH_API_KEY`.
        public let setting: String
        /// What is wrong and what to do.
        public let problem: String

        /// Both in words.
        public var description: String { summary.description }
    }

    /// Rules of the API that a request breaks.
    public struct ValidationFailure: Equatable, Sendable, CustomStringConvertible {
        let summary: FailureSummary
        /// Every broken rule, at least one.
        public let violations: [LiveActivity.Violation]

        /// All of them in words.
        public var description: String { summary.description }
    }

    /// No answer came.
    public struct ConnectionFailure: Equatable, Sendable, CustomStringConvertible {
        let summary: FailureSummary
        /// How far it got.
        public let kind: LiveActivity.ConnectionErrorKind
        /// The time ran out, rather than the connection breaking.
        public let isTimeout: Bool

        /// How often it was tried.
        public var attempts: Int { Int(summary.attempts) }
        /// It in words.
        public var description: String { summary.description }
    }

    /// The service answered, but not with success. What it answered can be read directly: `failure.status`,
    /// `failure.kind`.
    @dynamicMemberLookup
    public struct ApiFailure: Equatable, Sendable, CustomStringConvertible {
        let summary: FailureSummary
        /// What the service answered: its kind, status, code, message and body.
        public let error: LiveActivity.ApiError

        /// The kind of failure as text, the same in every language: `rate_limited`.
        public var name: String { summary.kind }
        /// Whether the same call may succeed later without anybody changing anything.
        public var isTransient: Bool { summary.isTransient }
        /// It in words.
        public var description: String { summary.description }

        /// A part of what the service answered.
        public subscript<Value>(dynamicMember part: KeyPath<LiveActivity.ApiError, Value>) -> Value {
            error[keyPath: part]
        }
    }
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
    public var attempts: Int { Int(summary.attempts) }

    private var summary: FailureSummary {
        switch self {
        case .config(let failure): failure.summary
        case .validation(let failure): failure.summary
        case .connection(let failure): failure.summary
        case .api(let failure): failure.summary
        case .cancelled: .ofNothingSent(kind: "cancelled", "the call was cancelled")
        case .defect(let problem): .ofNothingSent(kind: "defect", "\(problem); this is a defect of the kit")
        }
    }
}

extension FailureSummary {
    /// What is said of a failure that the core does not know.
    static func ofNothingSent(kind: String, _ description: String) -> Self {
        Self(description: description, kind: kind, isTransient: false, attempts: 0)
    }
}

extension ActivitySmithError {
    /// What UniFFI throws: the core's error, or one of its own after a panic.
    init(_ error: any Error) {
        guard let error = error as? CallError else {
            self = .defect(String(describing: error))
            return
        }
        switch error {
        case .Config(let summary, let error):
            self = .config(
                ConfigFailure(
                    summary: summary.spelled, setting: error.setting.spelled, problem: error.problem.spelled))
        case .Validation(let summary, let violations):
            self = .validation(ValidationFailure(summary: summary, violations: violations))
        case .Connection(let summary, let kind, let isTimeout):
            self = .connection(ConnectionFailure(summary: summary, kind: kind, isTimeout: isTimeout))
        case .Api(let summary, let error):
            self = .api(ApiFailure(summary: summary, error: error))
        case .Cancelled:
            self = .cancelled
        case .Defect(let problem):
            self = .defect(problem)
        }
    }
}

extension String {
    /// With the core's names of settings as the client's parameters have them.
    fileprivate var spelled: String {
        replacing(/\b(api_key_file|api_key|base_url|budget_file|connect_timeout|max_retries)\b/) { match in
            switch match.1 {
            case "api_key_file": "apiKeyFile"
            case "api_key": "apiKey"
            case "base_url": "baseURL"
            case "budget_file": "budgetFile"
            case "connect_timeout": "connectTimeout"
            default: "maxRetries"
            }
        }
    }
}

extension FailureSummary {
    fileprivate var spelled: Self {
        Self(description: description.spelled, kind: kind, isTransient: isTransient, attempts: attempts)
    }
}
