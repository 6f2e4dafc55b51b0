// What a client is set up with, the calls, and how streams are published: every field of a request is a parameter.
//
// Generated from the core's models by `cargo xtask generate`; not to be edited.

extension ActivitySmith {
    /// A client with these settings. What is not given comes from the environment, or has its default.
    ///
    /// - Parameters:
    ///   - apiKey: The API key. Else it is read at the first call: from `ACTIVITYSMITH_API_KEY`, or from the file that
    ///     `ACTIVITYSMITH_API_KEY_FILE` names.
    ///   - apiKeyFile: The file that holds the API key, and nothing else but white space; it is read at the first call.
    ///   - baseURL: Where the API is. Else `ACTIVITYSMITH_BASE_URL`, else the service. Plain http is for loopback only.
    ///   - timeout: How long a whole call may take, with all attempts and pauses: at most a day, 15 seconds by default.
    ///   - connectTimeout: How long connecting may take: at most a day, 5 seconds by default.
    ///   - maxRetries: How often a request is repeated at most, where that is safe: 2 by default.
    ///   - flushTimeout: How long the end of a publisher may take. Else `ACTIVITYSMITH_FLUSH_TIMEOUT`, in seconds; else
    ///     2 seconds after a success and 5 after a failure.
    ///   - budgetFile: The file of a budget of requests shared with other processes of the host, for clients that have
    ///     files. Else `ACTIVITYSMITH_BUDGET_FILE`, else there is none. It needs a folder that no other user writes to.
    ///   - warn: Takes each warning, a sentence that begins with the key of its stream: that the last state of one has
    ///     not arrived, that a number was out of its range, and so on. Else they are written to standard error.
    /// - Throws: ``ActivitySmithError/config(_:)`` for a setting that cannot be. A missing key shows only at the first
    ///   call.
    public convenience init(
        apiKey: String? = nil, apiKeyFile: String? = nil, baseURL: String? = nil, timeout: Duration? = nil,
        connectTimeout: Duration? = nil, maxRetries: Int? = nil, flushTimeout: Duration? = nil,
        budgetFile: String? = nil, warn: (@Sendable (String) -> Void)? = nil
    ) throws(ActivitySmithError) {
        let settings: Message = [
            "api_key": apiKey, "api_key_file": apiKeyFile, "base_url": baseURL, "timeout_seconds": timeout,
            "connect_timeout_seconds": connectTimeout, "max_retries": maxRetries, "flush_timeout_seconds": flushTimeout,
            "budget_file": budgetFile, "agent": "swift",
        ]
        try self.init(settings, warn)
    }
}

extension LiveActivities {
    /// Shows a state under a stream key: the service starts, updates or replaces the Live Activity.
    ///
    /// - Parameters:
    ///   - streamKey: The key of the stream.
    ///   - contentState: What to show.
    ///   - action: The first button; it applies to every state.
    ///   - secondaryAction: The second button; it needs a first one and applies to `alert`, `progress`,
    ///     `segmentedProgress` and `value`.
    ///   - alert: A sound and a banner that accompany this update.
    ///   - channels: Who receives it: the slugs of channels, at least one. Absent, everybody that the key can reach.
    ///   - tags: Labels for the service's history: at most 20. Absent, the stream keeps its own; an empty list clears
    ///     them.
    ///   - metadata: Details for the service's history. Absent, the stream keeps its own; an empty one clears them.
    ///   - extra: Fields newer than this release, by name; they are sent beside the known ones.
    ///   - timeout: How long the call may take, with all attempts and pauses; else as its client says.
    ///   - maxRetries: How often it is repeated at most, where that is safe; else as its client says.
    /// - Returns: What the service did, and how the answer came about.
    /// - Throws: ``ActivitySmithError``. Nothing was sent if it is `.config` or `.validation`.
    @discardableResult
    public func stream<C: LiveActivity.Content>(
        _ streamKey: String,
        _ contentState: LiveActivity.State<C>,
        action: LiveActivity.Action? = nil, secondaryAction: LiveActivity.Action? = nil,
        alert: LiveActivity.PushAlert? = nil, channels: [String]? = nil, tags: [String]? = nil,
        metadata: [String: LiveActivity.Scalar]? = nil, extra: [String: LiveActivity.JSON] = [:],
        timeout: Duration? = nil, maxRetries: Int? = nil
    ) async throws(ActivitySmithError) -> LiveActivity.StreamResponse {
        let request = StreamRequest(
            contentState: contentState.content.anyContent, action: action, secondaryAction: secondaryAction,
            alert: alert, channels: channels, tags: tags, metadata: metadata, extra: extra)
        return try await client.call("stream", streamKey, request, timeout, maxRetries)
    }

    /// Ends a stream. Empty, it leaves the last state as it is.
    ///
    /// - Parameters:
    ///   - streamKey: The key of the stream.
    ///   - contentState: The final state; an `Update` will do, since nothing is started.
    ///   - autoDismissSeconds: Seconds until the ended activity leaves the Lock Screen, 0 for at once; it needs a
    ///     `contentState`, and wins over `autoDismissMinutes`. Without either the service waits for about two minutes.
    ///   - autoDismissMinutes: Minutes until the ended activity leaves the Lock Screen; it needs a `contentState`.
    ///   - action: The first button.
    ///   - secondaryAction: The second button.
    ///   - alert: A sound and a banner that accompany the end.
    ///   - tags: As in `stream`.
    ///   - metadata: As in `stream`.
    ///   - extra: Fields newer than this release, by name; they are sent beside the known ones.
    ///   - timeout: How long the call may take, with all attempts and pauses; else as its client says.
    ///   - maxRetries: How often it is repeated at most, where that is safe; else as its client says.
    /// - Returns: What the service did, and how the answer came about.
    /// - Throws: ``ActivitySmithError``. Nothing was sent if it is `.config` or `.validation`.
    @discardableResult
    public func endStream<C: LiveActivity.Content>(
        _ streamKey: String,
        _ contentState: LiveActivity.State<C>? = LiveActivity.State<LiveActivity.AnyContent>?.none,
        autoDismissSeconds: (any LiveActivity.NumberConvertible)? = nil,
        autoDismissMinutes: (any LiveActivity.NumberConvertible)? = nil, action: LiveActivity.Action? = nil,
        secondaryAction: LiveActivity.Action? = nil, alert: LiveActivity.PushAlert? = nil, tags: [String]? = nil,
        metadata: [String: LiveActivity.Scalar]? = nil, extra: [String: LiveActivity.JSON] = [:],
        timeout: Duration? = nil, maxRetries: Int? = nil
    ) async throws(ActivitySmithError) -> LiveActivity.StreamResponse {
        let request = EndRequest(
            contentState: contentState?.content.anyContent, autoDismissSeconds: autoDismissSeconds?.liveActivityNumber,
            autoDismissMinutes: autoDismissMinutes?.liveActivityNumber, action: action,
            secondaryAction: secondaryAction, alert: alert, tags: tags, metadata: metadata, extra: extra)
        return try await client.call("end_stream", streamKey, request, timeout, maxRetries)
    }

    /// Publishes a stream while a job runs: shows its first state, and then the latest one, in the background.
    ///
    /// When the job is done, the stream ends with its last state. An error that it throws, cancellation among them,
    /// ends the stream as failed, with the name of the error's type, and is thrown on unchanged. The end is waited for,
    /// for 2 seconds at most after a success, and 5 after a failure; what the network does fails no job.
    ///
    /// The parameters that are not described here go beside the state, as those of `stream` do.
    ///
    /// - Parameters:
    ///   - streamKey: The key of the stream.
    ///   - first: What to show first.
    ///   - minInterval: Minimum time between updates, for short jobs; iOS may skip some. Default: as iOS shows them.
    ///   - flushTimeout: How long the end may take; else as the client's `flushTimeout` says.
    ///   - showAfter: How long nothing is sent, unless the job fails: a job that is over before shows nothing.
    ///   - isolation: Where the job runs: where it is written.
    ///   - job: What to do meanwhile; it updates what is shown.
    /// - Returns: What the job gives back.
    /// - Throws: What the job throws; ``ActivitySmithError`` where the first state breaks rules of the API, or a
    ///   setting cannot be. Then the job does not run.
    public func publish<C: LiveActivity.Publishable, Outcome>(
        _ streamKey: String, _ first: LiveActivity.State<C>,
        action: LiveActivity.Action? = nil, secondaryAction: LiveActivity.Action? = nil,
        alert: LiveActivity.PushAlert? = nil, channels: [String]? = nil, tags: [String]? = nil,
        metadata: [String: LiveActivity.Scalar]? = nil, extra: [String: LiveActivity.JSON] = [:],
        minInterval: Duration? = nil, flushTimeout: Duration? = nil, showAfter: Duration? = nil,
        isolation: isolated (any Actor)? = #isolation,
        _ job: (LiveActivity.Publisher<C>) async throws -> sending Outcome
    ) async throws -> Outcome {
        try await startPublishing(
            streamKey, first, action: action, secondaryAction: secondaryAction, alert: alert, channels: channels,
            tags: tags, metadata: metadata,
            extra: extra, minInterval: minInterval, flushTimeout: flushTimeout, showAfter: showAfter
        ).run(isolation: isolation, job)
    }

    /// The same, for a job that is a function or a stored closure.
    public func publish<C: LiveActivity.Publishable, Outcome: Sendable>(
        _ streamKey: String, _ first: LiveActivity.State<C>,
        action: LiveActivity.Action? = nil, secondaryAction: LiveActivity.Action? = nil,
        alert: LiveActivity.PushAlert? = nil, channels: [String]? = nil, tags: [String]? = nil,
        metadata: [String: LiveActivity.Scalar]? = nil, extra: [String: LiveActivity.JSON] = [:],
        minInterval: Duration? = nil, flushTimeout: Duration? = nil, showAfter: Duration? = nil,
        isolation: isolated (any Actor)? = #isolation,
        _ job: (LiveActivity.Publisher<C>) async throws -> Outcome
    ) async throws -> Outcome {
        try await startPublishing(
            streamKey, first, action: action, secondaryAction: secondaryAction, alert: alert, channels: channels,
            tags: tags, metadata: metadata,
            extra: extra, minInterval: minInterval, flushTimeout: flushTimeout, showAfter: showAfter
        ).run(isolation: isolation) { try await job($0) }
    }

    /// Begins to publish a stream, where no closure fits: shows its first state, and then the latest one, in the
    /// background.
    ///
    /// End it with `finish()` or `fail(_:)`. One that is let go before is taken for a job that has failed.
    ///
    /// The parameters that are not described here go beside the state, as those of `stream` do.
    ///
    /// - Parameters:
    ///   - streamKey: The key of the stream.
    ///   - first: What to show first.
    ///   - minInterval: Minimum time between updates, for short jobs; iOS may skip some. Default: as iOS shows them.
    ///   - flushTimeout: How long the end may take; else as the client's `flushTimeout` says.
    ///   - showAfter: How long nothing is sent, unless the job fails: a job that is over before shows nothing.
    /// - Returns: What updates and ends it.
    /// - Throws: ``ActivitySmithError`` where the first state breaks rules of the API, or a setting cannot be.
    public func startPublishing<C: LiveActivity.Publishable>(
        _ streamKey: String, _ first: LiveActivity.State<C>,
        action: LiveActivity.Action? = nil, secondaryAction: LiveActivity.Action? = nil,
        alert: LiveActivity.PushAlert? = nil, channels: [String]? = nil, tags: [String]? = nil,
        metadata: [String: LiveActivity.Scalar]? = nil, extra: [String: LiveActivity.JSON] = [:],
        minInterval: Duration? = nil, flushTimeout: Duration? = nil, showAfter: Duration? = nil
    ) throws(ActivitySmithError) -> LiveActivity.Publisher<C> {
        let body = StreamRequest(
            contentState: first.content.anyContent, action: action, secondaryAction: secondaryAction, alert: alert,
            channels: channels, tags: tags, metadata: metadata, extra: extra)
        let publication = try Publication(
            client, streamKey, body: body, minInterval: minInterval, flushTimeout: flushTimeout, showAfter: showAfter)
        return LiveActivity.Publisher(publication, first)
    }
}

extension LiveActivity.Publisher {
    /// Changes some of what is shown; all else stays. It is cheap, and waits for nothing.
    ///
    /// Figures wait for their turn. What else changes goes at once, as long as it is seldom. A number that is out of
    /// its range is brought into it, or skipped. After the end changes are ignored.
    ///
    /// The parameters that are not described here go beside the state, as those of `stream` do.
    ///
    /// - Parameters:
    ///   - urgent: Whether a figure goes like any other change, rather than in its turn.
    ///   - change: Changes the latest state: `{ $0.percentage = 50 }`. It must not change what the publisher shows in
    ///     any other way.
    /// - Throws: ``ActivitySmithError`` for what breaks rules of the API, and for a change within this one. Nothing has
    /// changed then.
    public func update(
        urgent: Bool = false,
        action: LiveActivity.Action? = nil, secondaryAction: LiveActivity.Action? = nil,
        alert: LiveActivity.PushAlert? = nil, channels: [String]? = nil, tags: [String]? = nil,
        metadata: [String: LiveActivity.Scalar]? = nil, extra: [String: LiveActivity.JSON] = [:],
        _ change: (inout LiveActivity.State<C>) -> Void = { _ in }
    ) throws(ActivitySmithError) {
        try apply(urgent: urgent, change) { state in
            StreamRequest(
                contentState: state.content.anyContent, action: action, secondaryAction: secondaryAction, alert: alert,
                channels: channels, tags: tags, metadata: metadata, extra: extra)
        }
    }

    /// Puts another state in place of the whole one. What goes beside it (buttons, tags, ...) stays, unless it is
    /// given.
    ///
    /// A later update through this publisher, rather than the one that is given back, shows its own latest state again.
    ///
    /// The parameters that are not described here go beside the state, as those of `stream` do.
    ///
    /// - Parameters:
    ///   - contentState: What to show.
    ///   - urgent: Whether a figure goes like any other change, rather than in its turn.
    /// - Returns: The same stream, for updates of that state.
    /// - Throws: ``ActivitySmithError`` for what breaks rules of the API. Nothing has changed then.
    @discardableResult
    public func replace<Other: LiveActivity.Publishable>(
        _ contentState: LiveActivity.State<Other>,
        urgent: Bool = false,
        action: LiveActivity.Action? = nil, secondaryAction: LiveActivity.Action? = nil,
        alert: LiveActivity.PushAlert? = nil, channels: [String]? = nil, tags: [String]? = nil,
        metadata: [String: LiveActivity.Scalar]? = nil, extra: [String: LiveActivity.JSON] = [:]
    ) throws(ActivitySmithError) -> LiveActivity.Publisher<Other> {
        let request = StreamRequest(
            contentState: contentState.content.anyContent, action: action, secondaryAction: secondaryAction,
            alert: alert, channels: channels, tags: tags, metadata: metadata, extra: extra)
        return try replace(with: contentState, request, urgent: urgent)
    }
}

/// Shows a state under a stream key: the service starts, updates or replaces the Live Activity.
struct StreamRequest: Encodable {
    var contentState: LiveActivity.AnyContent
    var action: LiveActivity.Action?
    var secondaryAction: LiveActivity.Action?
    var alert: LiveActivity.PushAlert?
    var channels: [String]?
    var tags: [String]?
    var metadata: [String: LiveActivity.Scalar]?
    var extra: [String: LiveActivity.JSON] = [:]

    enum CodingKeys: String, CodingKey {
        case contentState = "content_state", action, secondaryAction = "secondary_action", alert, channels, tags,
        metadata, extra
    }
}

/// Ends a stream. Empty, it leaves the last state as it is.
struct EndRequest: Encodable {
    var contentState: LiveActivity.AnyContent?
    var autoDismissSeconds: LiveActivity.Number?
    var autoDismissMinutes: LiveActivity.Number?
    var action: LiveActivity.Action?
    var secondaryAction: LiveActivity.Action?
    var alert: LiveActivity.PushAlert?
    var tags: [String]?
    var metadata: [String: LiveActivity.Scalar]?
    var extra: [String: LiveActivity.JSON] = [:]

    enum CodingKeys: String, CodingKey {
        case contentState = "content_state", autoDismissSeconds = "auto_dismiss_seconds",
        autoDismissMinutes = "auto_dismiss_minutes", action, secondaryAction = "secondary_action", alert, tags,
        metadata, extra
    }
}
