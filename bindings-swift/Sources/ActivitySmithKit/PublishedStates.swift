// The states that can be published: each with just its own fields, and written like those of calls.
//
// Generated from the core's models by `cargo xtask generate`; not to be edited.

import ActivitySmithNative

extension LiveActivity.SegmentedProgress: LiveActivity.Publishable {
    /// It as one of the seven states.
    public var contentState: LiveActivity.ContentState { .segmentedProgress(self) }
}

extension LiveActivity.State where Content == LiveActivity.SegmentedProgress {
    /// Completed steps of a known number, each its own segment.
    ///
    /// - Parameters:
    ///   - title: The headline; not blank.
    ///   - numberOfSteps: How many steps there are, at least 1; it may change later.
    ///   - currentStep: How many are completed, from 0 to `numberOfSteps`.
    ///   - subtitle: The second line.
    ///   - color: The accent colour.
    ///   - stepColor: The current step's colour, in place of `color`.
    ///   - stepColors: The completed steps' colours, one for each.
    ///   - icon: A picture beside the title.
    ///   - badge: A short label in a corner.
    ///   - extra: Fields newer than this release, by name; they are sent beside the known ones.
    public static func segmentedProgress(
        title: String,
        numberOfSteps: any LiveActivity.NumberConvertible,
        currentStep: any LiveActivity.NumberConvertible,
        subtitle: String? = nil,
        color: LiveActivity.Color? = nil,
        stepColor: LiveActivity.Color? = nil,
        stepColors: [LiveActivity.Color]? = nil,
        icon: LiveActivity.Icon? = nil,
        badge: LiveActivity.Badge? = nil,
        extra: [String: LiveActivity.JsonValue] = [:]
    ) -> Self {
        Self(
            LiveActivity.SegmentedProgress(
                title: title,
                numberOfSteps: numberOfSteps.liveActivityNumber,
                currentStep: currentStep.liveActivityNumber,
                subtitle: subtitle,
                color: color,
                stepColor: stepColor,
                stepColors: stepColors,
                icon: icon,
                badge: badge,
                extra: extra
            ))
    }
}

extension LiveActivity.Progress: LiveActivity.Publishable {
    /// It as one of the seven states.
    public var contentState: LiveActivity.ContentState { .progress(self) }
}

extension LiveActivity.State where Content == LiveActivity.Progress {
    /// A bar: give `percentage`, or `value` with `upperLimit`. With all three, the percentage wins.
    ///
    /// - Parameters:
    ///   - title: The headline; not blank.
    ///   - subtitle: The second line.
    ///   - percentage: How much is done, from 0 to 100.
    ///   - value: How much is done, out of `upperLimit`.
    ///   - upperLimit: What `value` counts up to; above 0.
    ///   - color: The accent colour.
    ///   - icon: A picture beside the title.
    ///   - badge: A short label in a corner.
    ///   - extra: Fields newer than this release, by name; they are sent beside the known ones.
    public static func progress(
        title: String,
        subtitle: String? = nil,
        percentage: (any LiveActivity.NumberConvertible)? = nil,
        value: (any LiveActivity.NumberConvertible)? = nil,
        upperLimit: (any LiveActivity.NumberConvertible)? = nil,
        color: LiveActivity.Color? = nil,
        icon: LiveActivity.Icon? = nil,
        badge: LiveActivity.Badge? = nil,
        extra: [String: LiveActivity.JsonValue] = [:]
    ) -> Self {
        Self(
            LiveActivity.Progress(
                title: title,
                subtitle: subtitle,
                percentage: percentage?.liveActivityNumber,
                value: value?.liveActivityNumber,
                upperLimit: upperLimit?.liveActivityNumber,
                color: color,
                icon: icon,
                badge: badge,
                extra: extra
            ))
    }
}

extension LiveActivity.Metrics: LiveActivity.Publishable {
    /// It as one of the seven states.
    public var contentState: LiveActivity.ContentState { .metrics(self) }
}

extension LiveActivity.State where Content == LiveActivity.Metrics {
    /// Figures drawn as bars: numbers only, best as percentages.
    ///
    /// - Parameters:
    ///   - title: The headline; not blank.
    ///   - metrics: 1 to 8 figures; two look best.
    ///   - subtitle: The second line.
    ///   - color: The accent colour.
    ///   - icon: A picture beside the title.
    ///   - extra: Fields newer than this release, by name; they are sent beside the known ones.
    public static func metrics(
        title: String,
        metrics: [LiveActivity.Metric],
        subtitle: String? = nil,
        color: LiveActivity.Color? = nil,
        icon: LiveActivity.Icon? = nil,
        extra: [String: LiveActivity.JsonValue] = [:]
    ) -> Self {
        Self(
            LiveActivity.Metrics(
                title: title,
                metrics: metrics,
                subtitle: subtitle,
                color: color,
                icon: icon,
                extra: extra
            ))
    }
}

extension LiveActivity.Stats: LiveActivity.Publishable {
    /// It as one of the seven states.
    public var contentState: LiveActivity.ContentState { .stats(self) }
}

extension LiveActivity.State where Content == LiveActivity.Stats {
    /// Figures as numbers or formatted texts.
    ///
    /// - Parameters:
    ///   - title: The headline; not blank.
    ///   - metrics: 1 to 8 figures.
    ///   - subtitle: The second line.
    ///   - color: The accent colour; the figures have their own.
    ///   - icon: A picture beside the title.
    ///   - extra: Fields newer than this release, by name; they are sent beside the known ones.
    public static func stats(
        title: String,
        metrics: [LiveActivity.Metric],
        subtitle: String? = nil,
        color: LiveActivity.Color? = nil,
        icon: LiveActivity.Icon? = nil,
        extra: [String: LiveActivity.JsonValue] = [:]
    ) -> Self {
        Self(
            LiveActivity.Stats(
                title: title,
                metrics: metrics,
                subtitle: subtitle,
                color: color,
                icon: icon,
                extra: extra
            ))
    }
}

extension LiveActivity.Alert: LiveActivity.Publishable {
    /// It as one of the seven states.
    public var contentState: LiveActivity.ContentState { .alert(self) }
}

extension LiveActivity.State where Content == LiveActivity.Alert {
    /// A message that waits for somebody.
    ///
    /// - Parameters:
    ///   - title: The headline; not blank.
    ///   - message: The text; at least 1 character.
    ///   - subtitle: The second line.
    ///   - color: The buttons' colour.
    ///   - icon: A picture beside the title.
    ///   - badge: A short label in a corner.
    ///   - extra: Fields newer than this release, by name; they are sent beside the known ones.
    public static func alert(
        title: String,
        message: String,
        subtitle: String? = nil,
        color: LiveActivity.Color? = nil,
        icon: LiveActivity.Icon? = nil,
        badge: LiveActivity.Badge? = nil,
        extra: [String: LiveActivity.JsonValue] = [:]
    ) -> Self {
        Self(
            LiveActivity.Alert(
                title: title,
                message: message,
                subtitle: subtitle,
                color: color,
                icon: icon,
                badge: badge,
                extra: extra
            ))
    }
}

extension LiveActivity.Timer: LiveActivity.Publishable {
    /// It as one of the seven states.
    public var contentState: LiveActivity.ContentState { .timer(self) }
}

extension LiveActivity.State where Content == LiveActivity.Timer {
    /// A countdown or a stopwatch that the device runs by itself. Later updates without `durationSeconds` keep it
    /// going; one with it restarts it.
    ///
    /// - Parameters:
    ///   - title: The headline; not blank.
    ///   - subtitle: The second line.
    ///   - durationSeconds: The window's length in seconds, above 0; fractions are allowed.
    ///   - countsDown: `false` counts up. The service's own default is `true`.
    ///   - isRunning: `false` pauses, `true` resumes. Left out, nothing is said of it.
    ///   - color: The accent colour.
    ///   - icon: A picture beside the title.
    ///   - extra: Fields newer than this release, by name; they are sent beside the known ones.
    public static func timer(
        title: String,
        subtitle: String? = nil,
        durationSeconds: (any LiveActivity.NumberConvertible)? = nil,
        countsDown: Bool? = nil,
        isRunning: Bool? = nil,
        color: LiveActivity.Color? = nil,
        icon: LiveActivity.Icon? = nil,
        extra: [String: LiveActivity.JsonValue] = [:]
    ) -> Self {
        Self(
            LiveActivity.Timer(
                title: title,
                subtitle: subtitle,
                durationSeconds: durationSeconds?.liveActivityNumber,
                countsDown: countsDown,
                isRunning: isRunning,
                color: color,
                icon: icon,
                extra: extra
            ))
    }
}

extension LiveActivity.Value: LiveActivity.Publishable {
    /// It as one of the seven states.
    public var contentState: LiveActivity.ContentState { .value(self) }
}

extension LiveActivity.State where Content == LiveActivity.Value {
    /// One prominent readout.
    ///
    /// - Parameters:
    ///   - title: The headline; not blank.
    ///   - value: A finite number, or a text that is shown exactly as given.
    ///   - subtitle: The second line.
    ///   - color: The accent colour.
    ///   - icon: A picture beside the title.
    ///   - badge: A short label in a corner.
    ///   - extra: Fields newer than this release, by name; they are sent beside the known ones.
    public static func value(
        title: String,
        value: any LiveActivity.ReadoutConvertible,
        subtitle: String? = nil,
        color: LiveActivity.Color? = nil,
        icon: LiveActivity.Icon? = nil,
        badge: LiveActivity.Badge? = nil,
        extra: [String: LiveActivity.JsonValue] = [:]
    ) -> Self {
        Self(
            LiveActivity.Value(
                title: title,
                value: value.liveActivityReadout,
                subtitle: subtitle,
                color: color,
                icon: icon,
                badge: badge,
                extra: extra
            ))
    }
}
