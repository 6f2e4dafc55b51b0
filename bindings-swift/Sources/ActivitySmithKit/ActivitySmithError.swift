// The one error of the kit, in Swift's form. What errors mean and say is the core's.

import ActivitySmithNative

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
        /// Which setting, by the name under which it was given.
        public let setting: String
        /// What is wrong and what to do.
        public let problem: String
        /// Both in words.
        public let description: String
    }

    /// Rules of the API that a request breaks.
    public struct ValidationFailure: Equatable, Sendable, CustomStringConvertible {
        /// Every broken rule, at least one.
        public let violations: [LiveActivity.Violation]
        /// All of them in words.
        public let description: String
    }

    /// No answer came.
    public struct ConnectionFailure: Equatable, Sendable, CustomStringConvertible {
        /// How far it got.
        public let kind: LiveActivity.ConnectionErrorKind
        /// How often it was tried.
        public let attempts: Int
        /// It in words.
        public let description: String

        /// The time ran out, rather than the connection breaking.
        public var isTimeout: Bool {
            switch kind {
            case .timeout, .connectTimeout: true
            case .connect, .interrupted: false
            }
        }
    }

    /// The service answered, but not with success. What it answered can be read directly: `failure.status`,
    /// `failure.kind`.
    @dynamicMemberLookup
    public struct ApiFailure: Equatable, Sendable, CustomStringConvertible {
        /// What the service answered: its kind, status, code, message and body.
        public let error: LiveActivity.ApiError
        /// The kind of failure as text, the same in every language: `rate_limited`.
        public let name: String
        /// Whether the same call may succeed later without anybody changing anything.
        public let isTransient: Bool
        /// It in words.
        public let description: String

        /// A part of what the service answered.
        public subscript<Value>(dynamicMember part: KeyPath<LiveActivity.ApiError, Value>) -> Value {
            error[keyPath: part]
        }
    }
}

extension ActivitySmithError: CustomStringConvertible {
    /// What is wrong, and what to do. It never holds the API key.
    public var description: String {
        switch self {
        case .config(let failure): failure.description
        case .validation(let failure): failure.description
        case .connection(let failure): failure.description
        case .api(let failure): failure.description
        case .cancelled: "the call was cancelled"
        case .defect(let problem): "\(problem); this is a defect of the kit"
        }
    }

    /// Whether the same call may succeed later without anybody changing anything.
    public var isTransient: Bool {
        switch self {
        case .connection: true
        case .api(let failure): failure.isTransient
        case .config, .validation, .cancelled, .defect: false
        }
    }

    /// The kind of failure as text, the same in every language: `validation`, `timeout`, `rate_limited`.
    public var kind: String {
        switch self {
        case .config: "config"
        case .validation: "validation"
        case .connection(let failure): failure.isTimeout ? "timeout" : "connection"
        case .api(let failure): failure.name
        case .cancelled: "cancelled"
        case .defect: "defect"
        }
    }

    /// How often it was tried; 0 when nothing was.
    public var attempts: Int {
        switch self {
        case .connection(let failure): failure.attempts
        case .api(let failure): Int(failure.attempts)
        case .config, .validation, .cancelled, .defect: 0
        }
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
        case .Config(let description, let error):
            self = .config(ConfigFailure(setting: error.setting, problem: error.problem, description: description))
        case .Validation(let description, let violations):
            self = .validation(ValidationFailure(violations: violations, description: description))
        case .Connection(let description, let kind, let attempts):
            self = .connection(ConnectionFailure(kind: kind, attempts: Int(attempts), description: description))
        case .Api(let description, let name, let isTransient, let error):
            self = .api(ApiFailure(error: error, name: name, isTransient: isTransient, description: description))
        case .Cancelled:
            self = .cancelled
        }
    }
}
