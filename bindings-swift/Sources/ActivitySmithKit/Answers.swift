// What calls and publishers give back: answers, failures, events and counters.
//
// Generated from the core's models by `cargo xtask generate`; not to be edited.

extension LiveActivity {
    /// The answer to a stream request or to the end of a stream.
    public struct StreamResponse: Hashable, Sendable {
        /// What the service did.
        public let operation: Operation
        /// The service's own flag; a push that Apple accepted may still not be displayed.
        public let success: Bool?
        /// The stream's key.
        public let streamKey: String?
        /// The service's time, RFC 3339.
        public let timestamp: String?
        /// The activity that is running or has just ended; absent while the stream is paused or idle.
        public let activityId: String?
        /// The activity that a rotation ended.
        public let previousActivityId: String?
        /// For how many devices Apple accepted the push.
        public let devicesNotified: UInt64?
        /// For how many devices the push waits until their token is registered.
        public let devicesQueued: UInt64?
        /// How many users those devices belong to.
        public let usersNotified: UInt64?
        /// The channels that received it; absent for the whole account, or if not stated.
        public let effectiveChannelSlugs: [String]?
        /// The tags that the stream has now.
        public let tags: [String]?
        /// A remark of the service, for example that iOS holds back updates because there are too many.
        public let warning: String?
        /// The request had no effect.
        public let ignored: Bool?
        /// Whether a push left the service.
        public let remotePushSent: Bool?
        /// The stream was marked as ended though Apple did not confirm it.
        public let forcedCompletion: Bool?
        /// A message of the service.
        public let message: String?
        /// The errors of devices that could not be reached.
        public let errors: [String]?
        /// How the answer came about.
        public let facts: ResponseFacts
        /// Whatever else the answer held: fields newer than this release, and known ones of an unexpected type.
        public let extra: [String: JSON]
    }

    /// The answer to the start, an update or the end of a Live Activity by its id.
    public struct ActivityResponse: Hashable, Sendable {
        /// The service's own flag; a push that Apple accepted may still not be displayed.
        public let success: Bool?
        /// The activity.
        public let activityId: String?
        /// What the service did, where the activity belongs to a stream.
        public let operation: Operation?
        /// The stream that the activity belongs to.
        public let streamKey: String?
        /// The activity that a start ended to make room.
        public let endedActivityId: String?
        /// The activity that a rotation of its stream ended.
        public let previousActivityId: String?
        /// For how many devices Apple accepted the push.
        public let devicesNotified: UInt64?
        /// For how many devices the push waits until their token is registered.
        public let devicesQueued: UInt64?
        /// How many users those devices belong to.
        public let usersNotified: UInt64?
        /// The channels that received it; absent for the whole account, or if not stated.
        public let effectiveChannelSlugs: [String]?
        /// The tags that the activity has now.
        public let tags: [String]?
        /// The request had no effect.
        public let ignored: Bool?
        /// Why the activity ended.
        public let endReason: String?
        /// The activity was marked as ended though Apple did not confirm it.
        public let forcedCompletion: Bool?
        /// A remark of the service.
        public let warning: String?
        /// A message of the service.
        public let message: String?
        /// The errors of devices that could not be reached.
        public let errors: [String]?
        /// The service's time, RFC 3339.
        public let timestamp: String?
        /// How the answer came about.
        public let facts: ResponseFacts
        /// Whatever else the answer held: fields newer than this release, and known ones of an unexpected type.
        public let extra: [String: JSON]
    }

    /// The answer to a push notification or its replacement.
    public struct PushResponse: Hashable, Sendable {
        /// The service's own flag; a push that Apple accepted may still not be displayed.
        public let success: Bool?
        /// What the notification is called, to replace it later.
        public let notificationId: String?
        /// For how many devices Apple accepted it.
        public let devicesNotified: UInt64?
        /// How many users those devices belong to.
        public let usersNotified: UInt64?
        /// How many devices it was meant for.
        public let devicesTargeted: UInt64?
        /// How many devices were switched off since Apple does not know them any more.
        public let devicesDeactivated: UInt64?
        /// How many devices Apple does not know any more.
        public let devicesUnregistered: UInt64?
        /// The channels that received it; absent for the whole account.
        public let effectiveChannelSlugs: [String]?
        /// Its tags.
        public let tags: [String]?
        /// It only tested the key, since no device is paired yet.
        public let credentialTest: Bool?
        /// A message of the service.
        public let message: String?
        /// The service's time, RFC 3339.
        public let timestamp: String?
        /// How the answer came about.
        public let facts: ResponseFacts
        /// Whatever else the answer held: fields newer than this release, and known ones of an unexpected type.
        public let extra: [String: JSON]
    }

    /// The answer to the value of a metric.
    public struct MetricResponse: Hashable, Sendable {
        /// The service's own flag.
        public let success: Bool?
        /// A message of the service.
        public let message: String?
        /// The service's time, RFC 3339.
        public let timestamp: String?
        /// How the answer came about.
        public let facts: ResponseFacts
        /// Whatever else the answer held: fields newer than this release, and known ones of an unexpected type.
        public let extra: [String: JSON]
    }

    /// The answer to a badge request.
    public struct BadgeResponse: Hashable, Sendable {
        /// The service's own flag.
        public let success: Bool?
        /// The number that was set.
        public let badge: UInt64?
        /// On how many devices.
        public let devicesUpdated: UInt64?
        /// How many users those devices belong to.
        public let usersUpdated: UInt64?
        /// As `devicesUpdated`; the service keeps it for older clients.
        public let devicesNotified: UInt64?
        /// As `usersUpdated`; the service keeps it for older clients.
        public let usersNotified: UInt64?
        /// How many devices it was meant for.
        public let devicesTargeted: UInt64?
        /// How many devices were switched off since Apple does not know them any more.
        public let devicesDeactivated: UInt64?
        /// How many devices Apple does not know any more.
        public let devicesUnregistered: UInt64?
        /// The channels that received it; absent for the whole account.
        public let effectiveChannelSlugs: [String]?
        /// The service's time, RFC 3339.
        public let timestamp: String?
        /// How the answer came about.
        public let facts: ResponseFacts
        /// Whatever else the answer held: fields newer than this release, and known ones of an unexpected type.
        public let extra: [String: JSON]
    }

    /// How the answer was obtained. Durations are in seconds.
    public struct ResponseFacts: Hashable, Sendable {
        /// The HTTP status; 0 when nothing was sent.
        public let status: UInt64
        /// The number of requests sent; 0 when nothing was sent.
        public let attempts: UInt64
        /// The time from the call to the answer, including all attempts and waits.
        public let elapsed: Duration
        /// The request id of the service or a proxy.
        public let requestId: String?
        /// Advice for a log: values that are accepted but may not display well.
        public let advice: [String]
        /// The service's rate limits, by policy.
        public let rateLimits: [RateLimit]
    }

    /// One policy of the service's request limits.
    public struct RateLimit: Hashable, Sendable {
        /// The policy's name.
        public let policy: String
        /// The number of requests left in the window.
        public let remaining: UInt64?
        /// Time until the window restarts.
        public let reset: Duration?
        /// The number of requests that a window allows.
        public let quota: UInt64?
        /// The window's length.
        public let window: Duration?
    }

    /// One broken rule.
    public struct Violation: Hashable, Sendable {
        /// The path, for example `content_state.metrics[2].value`; `stream_key` for the key, `request` for the whole.
        /// Fields have their names on the wire.
        public let path: String
        /// The kind of rule.
        public let code: ViolationCode
        /// A sentence that names the field, what is wrong and what to do.
        public let message: String
    }

    /// An event of a publisher.
    public struct PublisherEvent: Hashable, Sendable {
        /// The kind, for example `acknowledged`, `failing` or `notArrived`; new kinds may appear.
        public let kind: EventKind
        /// Human-readable message.
        public let message: String
        /// Whether it is a warning.
        public let isWarning: Bool
    }

    /// Event counters of a publisher.
    public struct Counters: Hashable, Sendable {
        /// Updates, including the first state.
        public let updates: UInt64
        /// Updates that were replaced by a newer one before they were sent.
        public let coalesced: UInt64
        /// States that were not sent because the device shows them already.
        public let suppressed: UInt64
        /// Requests that were sent.
        public let sent: UInt64
        /// Requests that the service accepted.
        public let acknowledged: UInt64
        /// Requests that failed.
        public let failed: UInt64
        /// Alerts that were replaced by a newer one before they were sent.
        public let alertsReplaced: UInt64
    }

    /// The kind of an error answer.
    public enum ApiErrorKind: Hashable, Sendable {
        /// 400 and other refusals of the request itself.
        case badRequest
        /// 401: the API key is unknown.
        case unauthorized
        /// 402: the trial is over, or a spending cap is reached.
        /// - `upgradeUrl`: Where to resolve it.
        case billingBlocked(
            upgradeUrl: String?)
        /// 403: the key lacks permission, for example for that channel.
        case forbidden
        /// 404: nothing has this name, or the base URL is not the API's.
        case notFound
        /// 409: what is there stands against the request, for example a notification that can no longer be replaced.
        case conflict
        /// 422 (404 of older services): there is no device to deliver to. It resolves when a device is paired.
        /// - `effectiveChannelSlugs`: The channels without a device; absent for the whole account.
        case noRecipients(
            effectiveChannelSlugs: [String]?)
        /// 429: too many requests for now; see `retryAfter`.
        case rateLimited
        /// 429: the limit of running Live Activities is reached. It resolves when one ends.
        /// - `limit`: The limit.
        /// - `active`: The number of running activities.
        /// - `blockedDevices`: The number of targeted devices at the limit, where only some are.
        /// - `targetedDevices`: The number of targeted devices.
        case activityLimitReached(
            limit: UInt64?, active: UInt64?, blockedDevices: UInt64?, targetedDevices: UInt64?)
        /// 5xx and 408: the service, or a proxy in front of it, failed.
        case serverError
        /// 3xx: redirects are not followed, since they would forward the key.
        /// - `location`: The target.
        case redirect(
            location: String?)
        /// A success whose body is not the service's, for example a captive portal's page.
        case unreadable
        /// A value newer than this release, by its name.
        case other(String)

        init(_ kind: String, _ members: inout Members) throws {
            switch kind {
            case "bad_request": self = .badRequest
            case "unauthorized": self = .unauthorized
            case "billing_blocked":
                self = .billingBlocked(
                    upgradeUrl: try members.optional("upgrade_url"))
            case "forbidden": self = .forbidden
            case "not_found": self = .notFound
            case "conflict": self = .conflict
            case "no_recipients":
                self = .noRecipients(
                    effectiveChannelSlugs: try members.optional("effective_channel_slugs"))
            case "rate_limited": self = .rateLimited
            case "activity_limit_reached":
                self = .activityLimitReached(
                    limit: try members.optional("limit"), active: try members.optional("active"),
                    blockedDevices: try members.optional("blocked_devices"),
                    targetedDevices: try members.optional("targeted_devices"))
            case "server_error": self = .serverError
            case "redirect":
                self = .redirect(
                    location: try members.optional("location"))
            case "unreadable": self = .unreadable
            default: self = .other(kind)
            }
        }
    }
}

extension LiveActivity.StreamResponse: Decodable {
    /// Reads it as the core writes it.
    public init(from decoder: any Decoder) throws {
        var members = try Members(decoder)
        self.init(
            operation: try members.required("operation"), success: try members.optional("success"),
            streamKey: try members.optional("stream_key"), timestamp: try members.optional("timestamp"),
            activityId: try members.optional("activity_id"),
            previousActivityId: try members.optional("previous_activity_id"),
            devicesNotified: try members.optional("devices_notified"),
            devicesQueued: try members.optional("devices_queued"),
            usersNotified: try members.optional("users_notified"),
            effectiveChannelSlugs: try members.optional("effective_channel_slugs"), tags: try members.optional("tags"),
            warning: try members.optional("warning"), ignored: try members.optional("ignored"),
            remotePushSent: try members.optional("remote_push_sent"),
            forcedCompletion: try members.optional("forced_completion"), message: try members.optional("message"),
            errors: try members.optional("errors"), facts: try members.required("facts"), extra: try members.rest())
    }
}

extension LiveActivity.ActivityResponse: Decodable {
    /// Reads it as the core writes it.
    public init(from decoder: any Decoder) throws {
        var members = try Members(decoder)
        self.init(
            success: try members.optional("success"), activityId: try members.optional("activity_id"),
            operation: try members.optional("operation"), streamKey: try members.optional("stream_key"),
            endedActivityId: try members.optional("ended_activity_id"),
            previousActivityId: try members.optional("previous_activity_id"),
            devicesNotified: try members.optional("devices_notified"),
            devicesQueued: try members.optional("devices_queued"),
            usersNotified: try members.optional("users_notified"),
            effectiveChannelSlugs: try members.optional("effective_channel_slugs"), tags: try members.optional("tags"),
            ignored: try members.optional("ignored"), endReason: try members.optional("end_reason"),
            forcedCompletion: try members.optional("forced_completion"), warning: try members.optional("warning"),
            message: try members.optional("message"), errors: try members.optional("errors"),
            timestamp: try members.optional("timestamp"), facts: try members.required("facts"),
            extra: try members.rest())
    }
}

extension LiveActivity.PushResponse: Decodable {
    /// Reads it as the core writes it.
    public init(from decoder: any Decoder) throws {
        var members = try Members(decoder)
        self.init(
            success: try members.optional("success"), notificationId: try members.optional("notification_id"),
            devicesNotified: try members.optional("devices_notified"),
            usersNotified: try members.optional("users_notified"),
            devicesTargeted: try members.optional("devices_targeted"),
            devicesDeactivated: try members.optional("devices_deactivated"),
            devicesUnregistered: try members.optional("devices_unregistered"),
            effectiveChannelSlugs: try members.optional("effective_channel_slugs"), tags: try members.optional("tags"),
            credentialTest: try members.optional("credential_test"), message: try members.optional("message"),
            timestamp: try members.optional("timestamp"), facts: try members.required("facts"),
            extra: try members.rest())
    }
}

extension LiveActivity.MetricResponse: Decodable {
    /// Reads it as the core writes it.
    public init(from decoder: any Decoder) throws {
        var members = try Members(decoder)
        self.init(
            success: try members.optional("success"), message: try members.optional("message"),
            timestamp: try members.optional("timestamp"), facts: try members.required("facts"),
            extra: try members.rest())
    }
}

extension LiveActivity.BadgeResponse: Decodable {
    /// Reads it as the core writes it.
    public init(from decoder: any Decoder) throws {
        var members = try Members(decoder)
        self.init(
            success: try members.optional("success"), badge: try members.optional("badge"),
            devicesUpdated: try members.optional("devices_updated"),
            usersUpdated: try members.optional("users_updated"),
            devicesNotified: try members.optional("devices_notified"),
            usersNotified: try members.optional("users_notified"),
            devicesTargeted: try members.optional("devices_targeted"),
            devicesDeactivated: try members.optional("devices_deactivated"),
            devicesUnregistered: try members.optional("devices_unregistered"),
            effectiveChannelSlugs: try members.optional("effective_channel_slugs"),
            timestamp: try members.optional("timestamp"), facts: try members.required("facts"),
            extra: try members.rest())
    }
}

extension LiveActivity.ResponseFacts: Decodable {
    /// Reads it as the core writes it.
    public init(from decoder: any Decoder) throws {
        var members = try Members(decoder)
        self.init(
            status: try members.required("status"), attempts: try members.required("attempts"),
            elapsed: try members.seconds("elapsed_seconds") ?? .zero, requestId: try members.optional("request_id"),
            advice: try members.optional("advice") ?? [], rateLimits: try members.optional("rate_limits") ?? [])
    }
}

extension LiveActivity.RateLimit: Decodable {
    /// Reads it as the core writes it.
    public init(from decoder: any Decoder) throws {
        var members = try Members(decoder)
        self.init(
            policy: try members.required("policy"), remaining: try members.optional("remaining"),
            reset: try members.seconds("reset_seconds"), quota: try members.optional("quota"),
            window: try members.seconds("window_seconds"))
    }
}

extension LiveActivity.Violation: Decodable {
    /// Reads it as the core writes it.
    public init(from decoder: any Decoder) throws {
        var members = try Members(decoder)
        self.init(
            path: try members.required("path"), code: try members.required("code"),
            message: try members.required("message"))
    }
}

extension LiveActivity.PublisherEvent: Decodable {
    /// Reads it as the core writes it.
    public init(from decoder: any Decoder) throws {
        var members = try Members(decoder)
        self.init(
            kind: try members.required("kind"), message: try members.required("message"),
            isWarning: try members.required("warning"))
    }
}

extension LiveActivity.Counters: Decodable {
    /// Reads it as the core writes it.
    public init(from decoder: any Decoder) throws {
        var members = try Members(decoder)
        self.init(
            updates: try members.required("updates"), coalesced: try members.required("coalesced"),
            suppressed: try members.required("suppressed"), sent: try members.required("sent"),
            acknowledged: try members.required("acknowledged"), failed: try members.required("failed"),
            alertsReplaced: try members.required("alerts_replaced"))
    }
}

extension ActivitySmithError {
    /// A setting is missing or invalid.
    public struct ConfigFailure: Hashable, Sendable, Failure {
        let summary: FailureSummary
        /// The name of the setting.
        public let setting: String
        /// What is wrong and what to do.
        public let problem: String
    }

    /// The request breaks rules of the API. Nothing was sent.
    public struct ValidationFailure: Hashable, Sendable, Failure {
        let summary: FailureSummary
        /// Every broken rule, at least one.
        public let violations: [LiveActivity.Violation]
    }

    /// The service answered with an error.
    public struct ApiFailure: Hashable, Sendable, Failure {
        let summary: FailureSummary
        /// The kind of failure.
        public let kind: LiveActivity.ApiErrorKind
        /// The HTTP status.
        public let status: UInt64
        /// The machine-readable name, if the answer had one: its `code`, or else its `error` label.
        public let code: String?
        /// The service's message, if the answer had one. The wording may change; do not compare it.
        public let message: String?
        /// The answer's body, shortened to 64 KiB.
        public let body: String
        /// The request id of the service or a proxy.
        public let requestId: String?
        /// How long to wait before the next attempt, if the service said so.
        public let retryAfter: Duration?
        /// The `Date` header of the answer.
        public let date: String?
    }
}

extension ActivitySmithError.ValidationFailure {
    init(_ summary: FailureSummary, _ members: inout Members) throws {
        self.init(
            summary: summary, violations: try members.required("violations"))
    }
}

extension ActivitySmithError.ApiFailure {
    init(_ summary: FailureSummary, _ members: inout Members) throws {
        self.init(
            summary: summary, kind: try .init(summary.kind, &members), status: try members.required("status"),
            code: try members.optional("code"), message: try members.optional("message"),
            body: try members.required("body"), requestId: try members.optional("request_id"),
            retryAfter: try members.seconds("retry_after_seconds"), date: try members.optional("date"))
    }
}
