// Publishing: every field of a request is a parameter, beside those of the publisher.
//
// Generated from the core's models by `cargo xtask generate`; not to be edited.

import ActivitySmithNative

extension LiveActivities {
    /// Publishes a stream while a job runs: shows its first state, and then the latest one, in the background.
    ///
    /// When the job is done, the stream ends with its last state. An error that it throws, cancellation among them,
    /// ends the stream as failed, with the name of the error's type, and is thrown on unchanged. The end is waited for,
    /// for 10 seconds at most; what the network does breaks no job.
    ///
    /// - Parameters:
    ///   - streamKey: The key of the stream.
    ///   - first: What to show first.
    ///   - action: The first button; it applies to every state.
    ///   - secondaryAction: The second button; it needs a first one and applies to `alert`, `progress`,
    ///     `segmentedProgress` and `value`.
    ///   - alert: A sound and a banner that accompany this update.
    ///   - channels: Who receives it: the slugs of channels, at least one. Absent, everybody that the key can reach.
    ///   - tags: Labels for the service's history: at most 20. Absent, the stream keeps its own; an empty list clears
    ///     them.
    ///   - metadata: Details for the service's history. Absent, the stream keeps its own; an empty one clears them.
    ///   - extra: Fields newer than this release, by name; they are sent beside the known ones.
    ///   - pace: How long it is between two updates at least, for a short show. Else they go as often as iOS shows
    ///     them.
    ///   - isolation: Where the job runs: where it is written.
    ///   - job: What to do meanwhile; it updates what is shown.
    /// - Returns: What the job gives back.
    /// - Throws: What the job throws; ``ActivitySmithError`` where the first state breaks rules of the API, or a
    /// setting cannot be. Then the job does not run.
    public func publish<Content: LiveActivity.Publishable, Outcome>(
        _ streamKey: String,
        _ first: LiveActivity.State<Content>,
        action: LiveActivity.Action? = nil,
        secondaryAction: LiveActivity.Action? = nil,
        alert: LiveActivity.PushAlert? = nil,
        channels: [String]? = nil,
        tags: [String]? = nil,
        metadata: [String: LiveActivity.MetadataValue]? = nil,
        extra: [String: LiveActivity.JsonValue] = [:],
        pace: Duration? = nil,
        isolation: isolated (any Actor)? = #isolation,
        _ job: (LiveActivity.Publisher<Content>) async throws -> sending Outcome
    ) async throws -> Outcome {
        let request = first.request(
            action: action,
            secondaryAction: secondaryAction,
            alert: alert,
            channels: channels,
            tags: tags,
            metadata: metadata,
            extra: extra
        )
        return try await open(streamKey, first, request, pace).run(isolation: isolation, job)
    }

    /// Begins to publish a stream, where no closure fits: shows its first state, and then the latest one, in the
    /// background.
    ///
    /// End it with `finish()` or `fail(_:)`. One that is let go before is taken for a job that has failed.
    ///
    /// - Parameters:
    ///   - streamKey: The key of the stream.
    ///   - first: What to show first.
    ///   - action: The first button; it applies to every state.
    ///   - secondaryAction: The second button; it needs a first one and applies to `alert`, `progress`,
    ///     `segmentedProgress` and `value`.
    ///   - alert: A sound and a banner that accompany this update.
    ///   - channels: Who receives it: the slugs of channels, at least one. Absent, everybody that the key can reach.
    ///   - tags: Labels for the service's history: at most 20. Absent, the stream keeps its own; an empty list clears
    ///     them.
    ///   - metadata: Details for the service's history. Absent, the stream keeps its own; an empty one clears them.
    ///   - extra: Fields newer than this release, by name; they are sent beside the known ones.
    ///   - pace: How long it is between two updates at least, for a short show. Else they go as often as iOS shows
    ///     them.
    /// - Returns: What updates and ends it.
    /// - Throws: ``ActivitySmithError`` where the first state breaks rules of the API, or a setting cannot be.
    public func startPublishing<Content: LiveActivity.Publishable>(
        _ streamKey: String,
        _ first: LiveActivity.State<Content>,
        action: LiveActivity.Action? = nil,
        secondaryAction: LiveActivity.Action? = nil,
        alert: LiveActivity.PushAlert? = nil,
        channels: [String]? = nil,
        tags: [String]? = nil,
        metadata: [String: LiveActivity.MetadataValue]? = nil,
        extra: [String: LiveActivity.JsonValue] = [:],
        pace: Duration? = nil
    ) throws(ActivitySmithError) -> LiveActivity.Publisher<Content> {
        let request = first.request(
            action: action,
            secondaryAction: secondaryAction,
            alert: alert,
            channels: channels,
            tags: tags,
            metadata: metadata,
            extra: extra
        )
        return try open(streamKey, first, request, pace)
    }
}

extension LiveActivity.Publisher {
    /// Changes some of what is shown; all else stays. It is cheap, and waits for nothing.
    ///
    /// Figures wait for their turn. What else changes goes at once, as long as it is seldom. A number that is out of
    /// its range is brought into it, or skipped. After the end changes are ignored.
    ///
    /// - Parameters:
    ///   - urgent: Whether a figure goes like any other change, rather than in its turn.
    ///   - action: The first button; it applies to every state.
    ///   - secondaryAction: The second button; it needs a first one and applies to `alert`, `progress`,
    ///     `segmentedProgress` and `value`.
    ///   - alert: A sound and a banner that accompany this update.
    ///   - channels: Who receives it: the slugs of channels, at least one. Absent, everybody that the key can reach.
    ///   - tags: Labels for the service's history: at most 20. Absent, the stream keeps its own; an empty list clears
    ///     them.
    ///   - metadata: Details for the service's history. Absent, the stream keeps its own; an empty one clears them.
    ///   - extra: Fields newer than this release, by name; they are sent beside the known ones.
    ///   - change: Changes the latest state: `{ $0.percentage = 50 }`. It must not use the publisher itself.
    /// - Throws: ``ActivitySmithError`` for what breaks rules of the API. Nothing has changed then.
    public func update(
        urgent: Bool = false,
        action: LiveActivity.Action? = nil,
        secondaryAction: LiveActivity.Action? = nil,
        alert: LiveActivity.PushAlert? = nil,
        channels: [String]? = nil,
        tags: [String]? = nil,
        metadata: [String: LiveActivity.MetadataValue]? = nil,
        extra: [String: LiveActivity.JsonValue] = [:],
        _ change: (inout LiveActivity.State<Content>) -> Void = { _ in }
    ) throws(ActivitySmithError) {
        try apply(urgent: urgent, change) { state in
            state.request(
                action: action,
                secondaryAction: secondaryAction,
                alert: alert,
                channels: channels,
                tags: tags,
                metadata: metadata,
                extra: extra
            )
        }
    }

    /// Puts another state in place of the whole one. What goes beside it (buttons, tags, ...) stays, unless it is
    /// given.
    ///
    /// A later update through this publisher, rather than the one that is given back, shows its own latest state again.
    ///
    /// - Parameters:
    ///   - contentState: What to show.
    ///   - urgent: Whether a figure goes like any other change, rather than in its turn.
    ///   - action: The first button; it applies to every state.
    ///   - secondaryAction: The second button; it needs a first one and applies to `alert`, `progress`,
    ///     `segmentedProgress` and `value`.
    ///   - alert: A sound and a banner that accompany this update.
    ///   - channels: Who receives it: the slugs of channels, at least one. Absent, everybody that the key can reach.
    ///   - tags: Labels for the service's history: at most 20. Absent, the stream keeps its own; an empty list clears
    ///     them.
    ///   - metadata: Details for the service's history. Absent, the stream keeps its own; an empty one clears them.
    ///   - extra: Fields newer than this release, by name; they are sent beside the known ones.
    /// - Returns: The same stream, for updates of that state.
    /// - Throws: ``ActivitySmithError`` for what breaks rules of the API. Nothing has changed then.
    @discardableResult
    public func replace<Other: LiveActivity.Publishable>(
        _ contentState: LiveActivity.State<Other>,
        urgent: Bool = false,
        action: LiveActivity.Action? = nil,
        secondaryAction: LiveActivity.Action? = nil,
        alert: LiveActivity.PushAlert? = nil,
        channels: [String]? = nil,
        tags: [String]? = nil,
        metadata: [String: LiveActivity.MetadataValue]? = nil,
        extra: [String: LiveActivity.JsonValue] = [:]
    ) throws(ActivitySmithError) -> LiveActivity.Publisher<Other> {
        let request = contentState.request(
            action: action,
            secondaryAction: secondaryAction,
            alert: alert,
            channels: channels,
            tags: tags,
            metadata: metadata,
            extra: extra
        )
        return try replace(with: contentState, request, urgent: urgent)
    }
}

extension LiveActivity.State {
    func request(
        action: LiveActivity.Action?,
        secondaryAction: LiveActivity.Action?,
        alert: LiveActivity.PushAlert?,
        channels: [String]?,
        tags: [String]?,
        metadata: [String: LiveActivity.MetadataValue]?,
        extra: [String: LiveActivity.JsonValue]
    ) -> StreamRequest {
        StreamRequest(
            contentState: content.contentState,
            action: action,
            secondaryAction: secondaryAction,
            alert: alert,
            channels: channels,
            tags: tags,
            metadata: metadata,
            extra: extra
        )
    }
}
