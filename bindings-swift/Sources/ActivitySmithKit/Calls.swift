// What a client is set up with, the calls, and how streams are published: every field of a request is a parameter.
// Last, the push that the end of a job sends.
//
// Generated from the core's models by `cargo xtask generate`; not to be edited.

import Foundation

extension ActivitySmith {
    /// A client with these settings. Others come from the environment, or have their defaults.
    ///
    /// - Parameters:
    ///   - apiKey: The API key. Default: `ACTIVITYSMITH_API_KEY`, or the file `ACTIVITYSMITH_API_KEY_FILE`, at the
    ///     first call.
    ///   - apiKeyFile: The file with the API key and nothing else but white space, read at the first call.
    ///   - baseURL: The base URL. Default: `ACTIVITYSMITH_BASE_URL`, else the service. Plain http is for loopback only.
    ///   - timeout: The timeout of a call, including all attempts and pauses: at most one day, 15 seconds by default.
    ///   - connectTimeout: The timeout of connecting: at most one day, 5 seconds by default.
    ///   - maxRetries: The maximum number of retries, where retrying is safe: 2 by default.
    ///   - flushTimeout: The timeout of a publisher's end. Default: `ACTIVITYSMITH_FLUSH_TIMEOUT`, in seconds; else 2
    ///     seconds after a success and 5 after a failure.
    ///   - budgetFile: The file of a request budget shared with other processes of this host. Default:
    ///     `ACTIVITYSMITH_BUDGET_FILE`, else none. Its folder must not be writable by other users.
    ///   - warn: Takes each warning, a sentence that begins with the key of its stream: that the last state of one has
    ///     not arrived, that a number was out of its range, and so on. Else they are written to standard error.
    /// - Throws: ``ActivitySmithError/config(_:)`` for an invalid setting. A missing key is reported at the first call.
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

extension ActivitySmith {
    /// Sets the number on the app's icon.
    ///
    /// - Parameters:
    ///   - badge: The number: an integer from 0, which removes it, to 2,147,483,647.
    ///   - channels: The slugs of the channels whose icons show it, at least one. Absent: all that the key can reach.
    ///   - extra: Fields newer than this release, by name; they are sent beside the known ones.
    ///   - timeout: The timeout of the call, including all attempts and pauses. Default: the client's.
    ///   - maxRetries: The maximum number of retries, where retrying is safe. Default: the client's.
    /// - Returns: What the service did, and how the answer was obtained.
    /// - Throws: ``ActivitySmithError``. Nothing was sent if it is `.config` or `.validation`.
    @discardableResult
    public func badgeCount(
        _ badge: any LiveActivity.NumberConvertible, channels: [String]? = nil,
        extra: [String: LiveActivity.JSON] = [:],
        timeout: Duration? = nil, maxRetries: Int? = nil
    ) async throws(ActivitySmithError) -> LiveActivity.BadgeResponse {
        let body: Message = [
            "badge": badge.liveActivityNumber, "channels": channels, "extra": extra,
        ]
        return try await call("badge", nil, body, timeout, maxRetries)
    }
}

extension ActivitySmith.Notifications {
    /// Sends a push notification. It is not sent again once it may have arrived.
    ///
    /// - Parameters:
    ///   - title: The headline; not blank.
    ///   - message: The text.
    ///   - subtitle: The second line.
    ///   - icon: The `https` URL of a picture in place of the app's icon.
    ///   - media: The `https` URL of a picture or a video. Not together with `actions`.
    ///   - redirection: What a tap opens: a page, a Shortcut or an app by its URL, at most 2,048 characters. Absent, it
    ///     opens `media` or the app.
    ///   - actions: Up to 4 buttons.
    ///   - payload: Data for the receiving app: a JSON object.
    ///   - badge: The number on the app's icon: an integer from 0, which removes it, to 2,147,483,647.
    ///   - tags: Labels for the service's history: at most 20.
    ///   - metadata: Details for the service's history.
    ///   - sound: The sound, by its name: `default` is the system's.
    ///   - interruptionLevel: How much it interrupts. The service's default is `active`.
    ///   - channels: The slugs of the channels that receive it, at least one. Absent: all that the key can reach.
    ///   - extra: Fields newer than this release, by name; they are sent beside the known ones.
    ///   - timeout: The timeout of the call, including all attempts and pauses. Default: the client's.
    ///   - maxRetries: The maximum number of retries, where retrying is safe. Default: the client's.
    /// - Returns: What the service did, and how the answer was obtained.
    /// - Throws: ``ActivitySmithError``. Nothing was sent if it is `.config` or `.validation`.
    @discardableResult
    public func send(
        _ title: String, message: String? = nil, subtitle: String? = nil, icon: String? = nil, media: String? = nil,
        redirection: String? = nil, actions: [LiveActivity.Action]? = nil, payload: LiveActivity.JSON? = nil,
        badge: (any LiveActivity.NumberConvertible)? = nil, tags: [String]? = nil,
        metadata: [String: LiveActivity.Scalar]? = nil, sound: String? = nil,
        interruptionLevel: LiveActivity.InterruptionLevel? = nil, channels: [String]? = nil,
        extra: [String: LiveActivity.JSON] = [:],
        timeout: Duration? = nil, maxRetries: Int? = nil
    ) async throws(ActivitySmithError) -> LiveActivity.PushResponse {
        let body: Message = [
            "title": title, "message": message, "subtitle": subtitle, "icon": icon, "media": media,
            "redirection": redirection, "actions": actions, "payload": payload, "badge": badge?.liveActivityNumber,
            "tags": tags, "metadata": metadata, "sound": sound, "interruption_level": interruptionLevel,
            "channels": channels, "extra": extra,
        ]
        return try await client.call("push", nil, body, timeout, maxRetries)
    }

    /// Replaces a push notification, silently and for the same recipients. Content that is left out is removed; tags
    /// and metadata that are left out stay.
    ///
    /// - Parameters:
    ///   - notificationId: The notification, as the answer to its sending names it.
    ///   - title: The headline; not blank.
    ///   - message: The text.
    ///   - subtitle: The second line.
    ///   - icon: The `https` URL of a picture in place of the app's icon.
    ///   - media: The `https` URL of a picture or a video. Not together with `actions`.
    ///   - redirection: What a tap opens: a page, a Shortcut or an app by its URL, at most 2,048 characters. Absent, it
    ///     opens `media` or the app.
    ///   - actions: Up to 4 buttons.
    ///   - payload: Data for the receiving app: a JSON object.
    ///   - badge: The number on the app's icon: an integer from 0, which removes it, to 2,147,483,647.
    ///   - tags: Labels for the service's history: at most 20.
    ///   - metadata: Details for the service's history.
    ///   - extra: Fields newer than this release, by name; they are sent beside the known ones.
    ///   - timeout: The timeout of the call, including all attempts and pauses. Default: the client's.
    ///   - maxRetries: The maximum number of retries, where retrying is safe. Default: the client's.
    /// - Returns: What the service did, and how the answer was obtained.
    /// - Throws: ``ActivitySmithError``. Nothing was sent if it is `.config` or `.validation`.
    @discardableResult
    public func replace(
        _ notificationId: String, _ title: String, message: String? = nil, subtitle: String? = nil, icon: String? = nil,
        media: String? = nil, redirection: String? = nil, actions: [LiveActivity.Action]? = nil,
        payload: LiveActivity.JSON? = nil, badge: (any LiveActivity.NumberConvertible)? = nil, tags: [String]? = nil,
        metadata: [String: LiveActivity.Scalar]? = nil, extra: [String: LiveActivity.JSON] = [:],
        timeout: Duration? = nil, maxRetries: Int? = nil
    ) async throws(ActivitySmithError) -> LiveActivity.PushResponse {
        let body: Message = [
            "title": title, "message": message, "subtitle": subtitle, "icon": icon, "media": media,
            "redirection": redirection, "actions": actions, "payload": payload, "badge": badge?.liveActivityNumber,
            "tags": tags, "metadata": metadata, "extra": extra,
        ]
        return try await client.call("replace_push", notificationId, body, timeout, maxRetries)
    }
}

extension ActivitySmith.Metrics {
    /// Sets the value of a metric.
    ///
    /// - Parameters:
    ///   - key: The key of the metric, as the app has it: `queue.depth`.
    ///   - value: A finite number, or a text of 1 to 64 characters.
    ///   - timestamp: When it was measured. The service's default is its own time.
    ///   - extra: Fields newer than this release, by name; they are sent beside the known ones.
    ///   - timeout: The timeout of the call, including all attempts and pauses. Default: the client's.
    ///   - maxRetries: The maximum number of retries, where retrying is safe. Default: the client's.
    /// - Returns: What the service did, and how the answer was obtained.
    /// - Throws: ``ActivitySmithError``. Nothing was sent if it is `.config` or `.validation`.
    @discardableResult
    public func update(
        _ key: String, _ value: any LiveActivity.ScalarConvertible, timestamp: Date? = nil,
        extra: [String: LiveActivity.JSON] = [:],
        timeout: Duration? = nil, maxRetries: Int? = nil
    ) async throws(ActivitySmithError) -> LiveActivity.MetricResponse {
        let body: Message = [
            "value": value.liveActivityScalar, "timestamp": timestamp, "extra": extra,
        ]
        return try await client.call("metric", key, body, timeout, maxRetries)
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
    ///   - channels: The slugs of the channels that receive it, at least one. Absent: all that the key can reach.
    ///   - tags: Labels for the service's history: at most 20. Absent, the stream keeps its own; an empty list clears
    ///     them.
    ///   - metadata: Details for the service's history. Absent, the stream keeps its own; an empty object clears them.
    ///   - extra: Fields newer than this release, by name; they are sent beside the known ones.
    ///   - timeout: The timeout of the call, including all attempts and pauses. Default: the client's.
    ///   - maxRetries: The maximum number of retries, where retrying is safe. Default: the client's.
    /// - Returns: What the service did, and how the answer was obtained.
    /// - Throws: ``ActivitySmithError``. Nothing was sent if it is `.config` or `.validation`.
    @discardableResult
    public func stream<C: LiveActivity.Content>(
        _ streamKey: String, _ contentState: LiveActivity.State<C>, action: LiveActivity.Action? = nil,
        secondaryAction: LiveActivity.Action? = nil, alert: LiveActivity.PushAlert? = nil, channels: [String]? = nil,
        tags: [String]? = nil, metadata: [String: LiveActivity.Scalar]? = nil, extra: [String: LiveActivity.JSON] = [:],
        timeout: Duration? = nil, maxRetries: Int? = nil
    ) async throws(ActivitySmithError) -> LiveActivity.StreamResponse {
        let body: Message = [
            "content_state": contentState.content.anyContent, "action": action, "secondary_action": secondaryAction,
            "alert": alert, "channels": channels, "tags": tags, "metadata": metadata, "extra": extra,
        ]
        return try await client.call("stream", streamKey, body, timeout, maxRetries)
    }

    /// Ends a stream. Without a final state the last one stays as it is.
    ///
    /// - Parameters:
    ///   - streamKey: The key of the stream.
    ///   - contentState: The final state; a `Change` is enough, since nothing is started.
    ///   - autoDismissSeconds: Seconds until the ended activity leaves the Lock Screen, 0 for at once; it needs a
    ///     `contentState`, and wins over `autoDismissMinutes`. Without either the service waits for about two minutes.
    ///   - autoDismissMinutes: Minutes until the ended activity leaves the Lock Screen; it needs a `contentState`.
    ///   - action: The first button.
    ///   - secondaryAction: The second button.
    ///   - alert: A sound and a banner that accompany the end.
    ///   - tags: As in `stream`.
    ///   - metadata: As in `stream`.
    ///   - extra: Fields newer than this release, by name; they are sent beside the known ones.
    ///   - timeout: The timeout of the call, including all attempts and pauses. Default: the client's.
    ///   - maxRetries: The maximum number of retries, where retrying is safe. Default: the client's.
    /// - Returns: What the service did, and how the answer was obtained.
    /// - Throws: ``ActivitySmithError``. Nothing was sent if it is `.config` or `.validation`.
    @discardableResult
    public func endStream<C: LiveActivity.Content>(
        _ streamKey: String, _ contentState: LiveActivity.State<C>? = LiveActivity.State<LiveActivity.AnyContent>?.none,
        autoDismissSeconds: (any LiveActivity.NumberConvertible)? = nil,
        autoDismissMinutes: (any LiveActivity.NumberConvertible)? = nil, action: LiveActivity.Action? = nil,
        secondaryAction: LiveActivity.Action? = nil, alert: LiveActivity.PushAlert? = nil, tags: [String]? = nil,
        metadata: [String: LiveActivity.Scalar]? = nil, extra: [String: LiveActivity.JSON] = [:],
        timeout: Duration? = nil, maxRetries: Int? = nil
    ) async throws(ActivitySmithError) -> LiveActivity.StreamResponse {
        let body: Message = [
            "content_state": contentState?.content.anyContent,
            "auto_dismiss_seconds": autoDismissSeconds?.liveActivityNumber,
            "auto_dismiss_minutes": autoDismissMinutes?.liveActivityNumber, "action": action,
            "secondary_action": secondaryAction, "alert": alert, "tags": tags, "metadata": metadata, "extra": extra,
        ]
        return try await client.call("end_stream", streamKey, body, timeout, maxRetries)
    }

    /// Starts a Live Activity. It is not sent again once it may have arrived, since each start makes an activity of its
    /// own.
    ///
    /// - Parameters:
    ///   - contentState: What to show: a state that names its type.
    ///   - action: The first button.
    ///   - secondaryAction: The second button.
    ///   - alert: A sound and a banner that accompany the start.
    ///   - channels: The slugs of the channels that receive it, at least one. Absent: all that the key can reach.
    ///   - tags: Labels for the service's history: at most 20.
    ///   - metadata: Details for the service's history.
    ///   - extra: Fields newer than this release, by name; they are sent beside the known ones.
    ///   - timeout: The timeout of the call, including all attempts and pauses. Default: the client's.
    ///   - maxRetries: The maximum number of retries, where retrying is safe. Default: the client's.
    /// - Returns: What the service did, and how the answer was obtained.
    /// - Throws: ``ActivitySmithError``. Nothing was sent if it is `.config` or `.validation`.
    @discardableResult
    public func start<C: LiveActivity.Publishable>(
        _ contentState: LiveActivity.State<C>, action: LiveActivity.Action? = nil,
        secondaryAction: LiveActivity.Action? = nil, alert: LiveActivity.PushAlert? = nil, channels: [String]? = nil,
        tags: [String]? = nil, metadata: [String: LiveActivity.Scalar]? = nil, extra: [String: LiveActivity.JSON] = [:],
        timeout: Duration? = nil, maxRetries: Int? = nil
    ) async throws(ActivitySmithError) -> LiveActivity.ActivityResponse {
        let body: Message = [
            "content_state": contentState.content.anyContent, "action": action, "secondary_action": secondaryAction,
            "alert": alert, "channels": channels, "tags": tags, "metadata": metadata, "extra": extra,
        ]
        return try await client.call("start", nil, body, timeout, maxRetries)
    }

    /// Updates a Live Activity by its id.
    ///
    /// - Parameters:
    ///   - activityId: The activity, as the answer to its start names it.
    ///   - contentState: What to show.
    ///   - action: The first button.
    ///   - secondaryAction: The second button.
    ///   - tags: Labels for the service's history: at most 20. Absent, the activity keeps its own; an empty list clears
    ///     them.
    ///   - metadata: Details for the service's history. Absent, the activity keeps its own; an empty object clears
    ///     them.
    ///   - extra: Fields newer than this release, by name; they are sent beside the known ones.
    ///   - timeout: The timeout of the call, including all attempts and pauses. Default: the client's.
    ///   - maxRetries: The maximum number of retries, where retrying is safe. Default: the client's.
    /// - Returns: What the service did, and how the answer was obtained.
    /// - Throws: ``ActivitySmithError``. Nothing was sent if it is `.config` or `.validation`.
    @discardableResult
    public func update<C: LiveActivity.Content>(
        _ activityId: String, _ contentState: LiveActivity.State<C>, action: LiveActivity.Action? = nil,
        secondaryAction: LiveActivity.Action? = nil, tags: [String]? = nil,
        metadata: [String: LiveActivity.Scalar]? = nil, extra: [String: LiveActivity.JSON] = [:],
        timeout: Duration? = nil, maxRetries: Int? = nil
    ) async throws(ActivitySmithError) -> LiveActivity.ActivityResponse {
        let body: Message = [
            "activity_id": activityId, "content_state": contentState.content.anyContent, "action": action,
            "secondary_action": secondaryAction, "tags": tags, "metadata": metadata, "extra": extra,
        ]
        return try await client.call("update", nil, body, timeout, maxRetries)
    }

    /// Ends a Live Activity by its id.
    ///
    /// - Parameters:
    ///   - activityId: The activity, as the answer to its start names it.
    ///   - contentState: The final state.
    ///   - autoDismissMinutes: Minutes until the ended activity leaves the Lock Screen, 0 for at once. Without it the
    ///     service waits for about three.
    ///   - action: The first button.
    ///   - secondaryAction: The second button.
    ///   - tags: As in `update`.
    ///   - metadata: As in `update`.
    ///   - extra: Fields newer than this release, by name; they are sent beside the known ones.
    ///   - timeout: The timeout of the call, including all attempts and pauses. Default: the client's.
    ///   - maxRetries: The maximum number of retries, where retrying is safe. Default: the client's.
    /// - Returns: What the service did, and how the answer was obtained.
    /// - Throws: ``ActivitySmithError``. Nothing was sent if it is `.config` or `.validation`.
    @discardableResult
    public func end<C: LiveActivity.Content>(
        _ activityId: String, _ contentState: LiveActivity.State<C>,
        autoDismissMinutes: (any LiveActivity.NumberConvertible)? = nil, action: LiveActivity.Action? = nil,
        secondaryAction: LiveActivity.Action? = nil, tags: [String]? = nil,
        metadata: [String: LiveActivity.Scalar]? = nil, extra: [String: LiveActivity.JSON] = [:],
        timeout: Duration? = nil, maxRetries: Int? = nil
    ) async throws(ActivitySmithError) -> LiveActivity.ActivityResponse {
        let body: Message = [
            "activity_id": activityId, "content_state": contentState.content.anyContent,
            "auto_dismiss_minutes": autoDismissMinutes?.liveActivityNumber, "action": action,
            "secondary_action": secondaryAction, "tags": tags, "metadata": metadata, "extra": extra,
        ]
        return try await client.call("end", nil, body, timeout, maxRetries)
    }
}

extension LiveActivities {
    /// Publishes a stream while a job runs: shows its first state, and then the latest one, in the background.
    ///
    /// When the job is done, the stream ends with its last state. If it throws, also on cancellation, the stream ends
    /// as failed, with the name of the error's type, and the error is rethrown. It waits for the end at most 2 seconds
    /// after a success and 5 after a failure. Network failures never fail the job.
    ///
    /// The other parameters go beside the state, as in `stream`.
    ///
    /// - Parameters:
    ///   - streamKey: The key of the stream.
    ///   - first: What to show first.
    ///   - minInterval: Minimum time between updates, for short jobs; iOS may skip some. Default: as iOS shows them.
    ///   - flushTimeout: The timeout of the end. Default: the client's `flushTimeout`.
    ///   - showAfter: Sends nothing for this time, unless the job fails: a shorter job is never shown.
    ///   - onFailure: A push notification if the job fails. If it cannot be sent, that is logged.
    ///   - onSuccess: A push notification if the job succeeds. If it cannot be sent, that is logged.
    ///   - isolation: The actor that runs the job. Default: the caller's.
    ///   - job: The job; it updates what is shown.
    /// - Returns: What the job returns.
    /// - Throws: What the job throws. ``ActivitySmithError`` if the first state or a setting is invalid; then the job
    ///   does not run.
    public func publish<C: LiveActivity.Publishable, Outcome>(
        _ streamKey: String, _ first: LiveActivity.State<C>,
        action: LiveActivity.Action? = nil, secondaryAction: LiveActivity.Action? = nil,
        alert: LiveActivity.PushAlert? = nil, channels: [String]? = nil, tags: [String]? = nil,
        metadata: [String: LiveActivity.Scalar]? = nil, extra: [String: LiveActivity.JSON] = [:],
        minInterval: Duration? = nil, flushTimeout: Duration? = nil, showAfter: Duration? = nil, onFailure: Push? = nil,
        onSuccess: Push? = nil,
        isolation: isolated (any Actor)? = #isolation,
        _ job: (LiveActivity.Publisher<C>) async throws -> sending Outcome
    ) async throws -> Outcome {
        try await startPublishing(
            streamKey, first, action: action, secondaryAction: secondaryAction, alert: alert, channels: channels,
            tags: tags, metadata: metadata, extra: extra, minInterval: minInterval, flushTimeout: flushTimeout,
            showAfter: showAfter, onFailure: onFailure, onSuccess: onSuccess
        ).run(isolation: isolation, job)
    }

    /// The same, for a job that is a function or a stored closure.
    public func publish<C: LiveActivity.Publishable, Outcome: Sendable>(
        _ streamKey: String, _ first: LiveActivity.State<C>,
        action: LiveActivity.Action? = nil, secondaryAction: LiveActivity.Action? = nil,
        alert: LiveActivity.PushAlert? = nil, channels: [String]? = nil, tags: [String]? = nil,
        metadata: [String: LiveActivity.Scalar]? = nil, extra: [String: LiveActivity.JSON] = [:],
        minInterval: Duration? = nil, flushTimeout: Duration? = nil, showAfter: Duration? = nil, onFailure: Push? = nil,
        onSuccess: Push? = nil,
        isolation: isolated (any Actor)? = #isolation,
        _ job: (LiveActivity.Publisher<C>) async throws -> Outcome
    ) async throws -> Outcome {
        try await startPublishing(
            streamKey, first, action: action, secondaryAction: secondaryAction, alert: alert, channels: channels,
            tags: tags, metadata: metadata, extra: extra, minInterval: minInterval, flushTimeout: flushTimeout,
            showAfter: showAfter, onFailure: onFailure, onSuccess: onSuccess
        ).run(isolation: isolation) { try await job($0) }
    }

    /// Starts to publish a stream, where no closure fits: shows its first state, then the latest one, in the
    /// background.
    ///
    /// End it with `finish()` or `fail(_:)`. A publisher that is released earlier ends as failed.
    ///
    /// The other parameters go beside the state, as in `stream`.
    ///
    /// - Parameters:
    ///   - streamKey: The key of the stream.
    ///   - first: What to show first.
    ///   - minInterval: Minimum time between updates, for short jobs; iOS may skip some. Default: as iOS shows them.
    ///   - flushTimeout: The timeout of the end. Default: the client's `flushTimeout`.
    ///   - showAfter: Sends nothing for this time, unless the job fails: a shorter job is never shown.
    ///   - onFailure: A push notification if the job fails. If it cannot be sent, that is logged.
    ///   - onSuccess: A push notification if the job succeeds. If it cannot be sent, that is logged.
    /// - Returns: The publisher, which updates and ends it.
    /// - Throws: ``ActivitySmithError`` if the first state or a setting is invalid.
    public func startPublishing<C: LiveActivity.Publishable>(
        _ streamKey: String, _ first: LiveActivity.State<C>,
        action: LiveActivity.Action? = nil, secondaryAction: LiveActivity.Action? = nil,
        alert: LiveActivity.PushAlert? = nil, channels: [String]? = nil, tags: [String]? = nil,
        metadata: [String: LiveActivity.Scalar]? = nil, extra: [String: LiveActivity.JSON] = [:],
        minInterval: Duration? = nil, flushTimeout: Duration? = nil, showAfter: Duration? = nil, onFailure: Push? = nil,
        onSuccess: Push? = nil
    ) throws(ActivitySmithError) -> LiveActivity.Publisher<C> {
        let body: Message = [
            "content_state": first.content.anyContent, "action": action, "secondary_action": secondaryAction,
            "alert": alert, "channels": channels, "tags": tags, "metadata": metadata, "extra": extra,
        ]
        let publication = try Publication(client, streamKey, [
            "min_interval_seconds": minInterval, "flush_timeout_seconds": flushTimeout, "show_after_seconds": showAfter,
            "on_failure": onFailure, "on_success": onSuccess,
            "stream_key": streamKey, "body": body,
        ])
        return LiveActivity.Publisher(publication, first)
    }

    /// Iterates over items and publishes the progress: in percent where their number is known, else as a count.
    ///
    /// ```swift
    /// for file in try activitysmith.liveActivities.track(files, "search-reindex", title: "Search Reindex") {
    ///     index.add(file)
    /// }
    /// ```
    ///
    /// The stream ends in the background: as complete after the last item, with the count so far after `break` or an
    /// error (use `publish` for a loop that throws), and as failed in a cancelled task.
    ///
    /// - Parameters:
    ///   - items: What to iterate over, once.
    ///   - streamKey: The key of the stream.
    ///   - title: The headline; not blank.
    ///   - total: The number of items, where it cannot be determined.
    ///   - minInterval: Minimum time between updates, for short jobs; iOS may skip some. Default: as iOS shows them.
    ///   - flushTimeout: The timeout of the end. Default: the client's `flushTimeout`.
    ///   - showAfter: Sends nothing for this time, unless the job fails: a shorter job is never shown.
    ///   - onFailure: A push notification if the job fails. If it cannot be sent, that is logged.
    ///   - onSuccess: A push notification if the job succeeds. If it cannot be sent, that is logged.
    /// - Throws: ``ActivitySmithError`` if a value breaks a rule of the API, or a setting is invalid.
    public func track<Items: Sequence>(
        _ items: Items, _ streamKey: String, title: String, total: Int? = nil,
        minInterval: Duration? = nil, flushTimeout: Duration? = nil, showAfter: Duration? = nil, onFailure: Push? = nil,
        onSuccess: Push? = nil
    ) throws(ActivitySmithError) -> LiveActivity.Track<Items> {
        let loop: Message = ["total": total ?? items.knownCount]
        let publication = try Publication(client, streamKey, [
            "min_interval_seconds": minInterval, "flush_timeout_seconds": flushTimeout, "show_after_seconds": showAfter,
            "on_failure": onFailure, "on_success": onSuccess,
            "stream_key": streamKey, "body": ["content_state": ["title": title]], "items": loop,
        ])
        return .init(items: items, tracking: Tracking(publication))
    }

    /// The same with `for try await`. The loop waits for the end. An error of the sequence ends the stream as failed.
    public func track<Items: AsyncSequence>(
        _ items: Items, _ streamKey: String, title: String, total: Int? = nil,
        minInterval: Duration? = nil, flushTimeout: Duration? = nil, showAfter: Duration? = nil, onFailure: Push? = nil,
        onSuccess: Push? = nil
    ) throws(ActivitySmithError) -> LiveActivity.Track<Items> {
        let loop: Message = ["total": total]
        let publication = try Publication(client, streamKey, [
            "min_interval_seconds": minInterval, "flush_timeout_seconds": flushTimeout, "show_after_seconds": showAfter,
            "on_failure": onFailure, "on_success": onSuccess,
            "stream_key": streamKey, "body": ["content_state": ["title": title]], "items": loop,
        ])
        return .init(items: items, tracking: Tracking(publication))
    }
}

extension LiveActivity.Publisher {
    /// Changes fields of the state; all others stay. It is cheap and never waits.
    ///
    /// Numbers are sent at the next interval, other changes at once while they are few. A number out of range is
    /// clamped or skipped. Changes after the end are ignored.
    ///
    /// The other parameters go beside the state, as in `stream`.
    ///
    /// - Parameters:
    ///   - urgent: Sends numbers as soon as any other change.
    ///   - change: Changes the latest state: `{ $0.percentage = 50 }`. It must not call the publisher itself.
    /// - Throws: ``ActivitySmithError`` if it breaks a rule, or is made within another change. It is not applied then.
    public func update(
        urgent: Bool = false,
        action: LiveActivity.Action? = nil, secondaryAction: LiveActivity.Action? = nil,
        alert: LiveActivity.PushAlert? = nil, channels: [String]? = nil, tags: [String]? = nil,
        metadata: [String: LiveActivity.Scalar]? = nil, extra: [String: LiveActivity.JSON] = [:],
        _ change: (inout LiveActivity.State<C>) -> Void = { _ in }
    ) throws(ActivitySmithError) {
        try apply(urgent: urgent, change) { state in
            [
                "content_state": state.content.anyContent, "action": action, "secondary_action": secondaryAction,
                "alert": alert, "channels": channels, "tags": tags, "metadata": metadata, "extra": extra,
            ]
        }
    }

    /// Replaces the whole state. Buttons, tags and other fields beside it stay, unless they are given.
    ///
    /// A later update through this publisher, rather than the returned one, shows its own latest state again.
    ///
    /// The other parameters go beside the state, as in `stream`.
    ///
    /// - Parameters:
    ///   - contentState: What to show.
    ///   - urgent: Sends numbers as soon as any other change.
    /// - Returns: The same stream, for updates of that state.
    /// - Throws: ``ActivitySmithError`` if it breaks a rule of the API; it is not applied.
    @discardableResult
    public func replace<Other: LiveActivity.Publishable>(
        _ contentState: LiveActivity.State<Other>,
        urgent: Bool = false,
        action: LiveActivity.Action? = nil, secondaryAction: LiveActivity.Action? = nil,
        alert: LiveActivity.PushAlert? = nil, channels: [String]? = nil, tags: [String]? = nil,
        metadata: [String: LiveActivity.Scalar]? = nil, extra: [String: LiveActivity.JSON] = [:]
    ) throws(ActivitySmithError) -> LiveActivity.Publisher<Other> {
        let body: Message = [
            "content_state": contentState.content.anyContent, "action": action, "secondary_action": secondaryAction,
            "alert": alert, "channels": channels, "tags": tags, "metadata": metadata, "extra": extra,
        ]
        return try replace(with: contentState, body, urgent: urgent)
    }
}

/// A push notification. It is not sent again once it may have arrived.
public struct Push: Hashable, Sendable, Model {
    /// The headline; not blank.
    public var title: String = ""
    /// The text.
    public var message: String?
    /// The second line.
    public var subtitle: String?
    /// The `https` URL of a picture in place of the app's icon.
    public var icon: String?
    /// The `https` URL of a picture or a video. Not together with `actions`.
    public var media: String?
    /// What a tap opens: a page, a Shortcut or an app by its URL, at most 2,048 characters. Absent, it opens
    /// `media` or the app.
    public var redirection: String?
    /// Up to 4 buttons.
    public var actions: [LiveActivity.Action]?
    /// Data for the receiving app: a JSON object.
    public var payload: LiveActivity.JSON?
    /// The number on the app's icon: an integer from 0, which removes it, to 2,147,483,647.
    public var badge: LiveActivity.Number?
    /// Labels for the service's history: at most 20.
    public var tags: [String]?
    /// Details for the service's history.
    public var metadata: [String: LiveActivity.Scalar]?
    /// The sound, by its name: `default` is the system's.
    public var sound: String?
    /// How much it interrupts. The service's default is `active`.
    public var interruptionLevel: LiveActivity.InterruptionLevel?
    /// The slugs of the channels that receive it, at least one. Absent: all that the key can reach.
    public var channels: [String]?
    /// Fields newer than this release, by name; they are sent beside the known ones.
    public var extra: [String: LiveActivity.JSON] = [:]

    /// It with these fields.
    public init(
        _ title: String, message: String? = nil, subtitle: String? = nil, icon: String? = nil, media: String? = nil,
        redirection: String? = nil, actions: [LiveActivity.Action]? = nil, payload: LiveActivity.JSON? = nil,
        badge: (any LiveActivity.NumberConvertible)? = nil, tags: [String]? = nil,
        metadata: [String: LiveActivity.Scalar]? = nil, sound: String? = nil,
        interruptionLevel: LiveActivity.InterruptionLevel? = nil, channels: [String]? = nil,
        extra: [String: LiveActivity.JSON] = [:]
    ) {
        self.title = title
        self.message = message
        self.subtitle = subtitle
        self.icon = icon
        self.media = media
        self.redirection = redirection
        self.actions = actions
        self.payload = payload
        self.badge = badge?.liveActivityNumber
        self.tags = tags
        self.metadata = metadata
        self.sound = sound
        self.interruptionLevel = interruptionLevel
        self.channels = channels
        self.extra = extra
    }

    init() {}

    mutating func visit(_ fields: inout some Fields) throws {
        try fields.visit("title", &title)
        try fields.visit("message", &message)
        try fields.visit("subtitle", &subtitle)
        try fields.visit("icon", &icon)
        try fields.visit("media", &media)
        try fields.visit("redirection", &redirection)
        try fields.visit("actions", &actions)
        try fields.visit("payload", &payload)
        try fields.visit("badge", &badge)
        try fields.visit("tags", &tags)
        try fields.visit("metadata", &metadata)
        try fields.visit("sound", &sound)
        try fields.visit("interruption_level", &interruptionLevel)
        try fields.visit("channels", &channels)
    }
}

extension Push: ExpressibleByStringLiteral {
    /// The one with this title.
    public init(stringLiteral title: String) { self.init(title) }
}
