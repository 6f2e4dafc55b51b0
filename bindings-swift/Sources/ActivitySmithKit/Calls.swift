// The calls: every field of a request is a parameter, and so is how patient the call is.
//
// Generated from the core's models by `cargo xtask generate`; not to be edited.

import ActivitySmithNative

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
    public func stream(
        _ streamKey: String,
        _ contentState: LiveActivity.ContentState,
        action: LiveActivity.Action? = nil,
        secondaryAction: LiveActivity.Action? = nil,
        alert: LiveActivity.PushAlert? = nil,
        channels: [String]? = nil,
        tags: [String]? = nil,
        metadata: [String: LiveActivity.MetadataValue]? = nil,
        extra: [String: LiveActivity.JsonValue] = [:],
        timeout: Duration? = nil,
        maxRetries: Int? = nil
    ) async throws(ActivitySmithError) -> LiveActivity.StreamResponse {
        let request = StreamRequest(
            contentState: contentState,
            action: action,
            secondaryAction: secondaryAction,
            alert: alert,
            channels: channels,
            tags: tags,
            metadata: metadata,
            extra: extra
        )
        let start = { (client: TypedClient, options: CallOptions) in
            try client.stream(streamKey: streamKey, request: request, options: options)
        }
        return try await outcome(
            of: start, weighing: [streamKey, request], timeout: timeout, maxRetries: maxRetries)
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
    public func endStream(
        _ streamKey: String,
        _ contentState: LiveActivity.ContentState? = nil,
        autoDismissSeconds: (any LiveActivity.NumberConvertible)? = nil,
        autoDismissMinutes: (any LiveActivity.NumberConvertible)? = nil,
        action: LiveActivity.Action? = nil,
        secondaryAction: LiveActivity.Action? = nil,
        alert: LiveActivity.PushAlert? = nil,
        tags: [String]? = nil,
        metadata: [String: LiveActivity.MetadataValue]? = nil,
        extra: [String: LiveActivity.JsonValue] = [:],
        timeout: Duration? = nil,
        maxRetries: Int? = nil
    ) async throws(ActivitySmithError) -> LiveActivity.StreamResponse {
        let request = EndRequest(
            contentState: contentState,
            autoDismissSeconds: autoDismissSeconds?.liveActivityNumber,
            autoDismissMinutes: autoDismissMinutes?.liveActivityNumber,
            action: action,
            secondaryAction: secondaryAction,
            alert: alert,
            tags: tags,
            metadata: metadata,
            extra: extra
        )
        let start = { (client: TypedClient, options: CallOptions) in
            try client.endStream(streamKey: streamKey, request: request, options: options)
        }
        return try await outcome(
            of: start, weighing: [streamKey, request], timeout: timeout, maxRetries: maxRetries)
    }
}
