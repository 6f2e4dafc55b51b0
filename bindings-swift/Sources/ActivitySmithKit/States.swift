// How states and buttons are written: `.progress(title: "Backup", percentage: 42)`.
//
// Generated from the core's models by `cargo xtask generate`; not to be edited.

import ActivitySmithNative

extension LiveActivity.ContentState {
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
        .segmentedProgress(
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
        .progress(
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
        .metrics(
            LiveActivity.Metrics(
                title: title,
                metrics: metrics,
                subtitle: subtitle,
                color: color,
                icon: icon,
                extra: extra
            ))
    }

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
        .stats(
            LiveActivity.Stats(
                title: title,
                metrics: metrics,
                subtitle: subtitle,
                color: color,
                icon: icon,
                extra: extra
            ))
    }

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
        .alert(
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
        .timer(
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
        .value(
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

    /// Changes to whatever runs now; the service infers the type. It cannot start an activity: the first request of a
    /// stream, and any that may have to start afresh, needs a typed state.
    ///
    /// - Parameters:
    ///   - title: The headline; not blank.
    ///   - subtitle: The second line.
    ///   - numberOfSteps: `segmentedProgress`: how many steps there are, at least 1.
    ///   - currentStep: `segmentedProgress`: how many are completed.
    ///   - percentage: `progress`: how much is done, from 0 to 100.
    ///   - value: `progress`: how much is done, out of `upperLimit`; `value`: the readout.
    ///   - upperLimit: `progress`: what `value` counts up to; above 0.
    ///   - metrics: `metrics` and `stats`: 1 to 8 figures.
    ///   - message: `alert`: the text.
    ///   - durationSeconds: `timer`: restarts the window with this length in seconds.
    ///   - countsDown: `timer`: the direction.
    ///   - isRunning: `timer`: `false` pauses, `true` resumes.
    ///   - color: The accent colour.
    ///   - stepColor: `segmentedProgress`: the current step's colour.
    ///   - stepColors: `segmentedProgress`: the completed steps' colours.
    ///   - icon: A picture beside the title.
    ///   - badge: A short label in a corner.
    ///   - extra: Fields newer than this release, by name; they are sent beside the known ones.
    public static func update(
        title: String,
        subtitle: String? = nil,
        numberOfSteps: (any LiveActivity.NumberConvertible)? = nil,
        currentStep: (any LiveActivity.NumberConvertible)? = nil,
        percentage: (any LiveActivity.NumberConvertible)? = nil,
        value: (any LiveActivity.ReadoutConvertible)? = nil,
        upperLimit: (any LiveActivity.NumberConvertible)? = nil,
        metrics: [LiveActivity.Metric]? = nil,
        message: String? = nil,
        durationSeconds: (any LiveActivity.NumberConvertible)? = nil,
        countsDown: Bool? = nil,
        isRunning: Bool? = nil,
        color: LiveActivity.Color? = nil,
        stepColor: LiveActivity.Color? = nil,
        stepColors: [LiveActivity.Color]? = nil,
        icon: LiveActivity.Icon? = nil,
        badge: LiveActivity.Badge? = nil,
        extra: [String: LiveActivity.JsonValue] = [:]
    ) -> Self {
        .update(
            LiveActivity.Update(
                title: title,
                subtitle: subtitle,
                numberOfSteps: numberOfSteps?.liveActivityNumber,
                currentStep: currentStep?.liveActivityNumber,
                percentage: percentage?.liveActivityNumber,
                value: value?.liveActivityReadout,
                upperLimit: upperLimit?.liveActivityNumber,
                metrics: metrics,
                message: message,
                durationSeconds: durationSeconds?.liveActivityNumber,
                countsDown: countsDown,
                isRunning: isRunning,
                color: color,
                stepColor: stepColor,
                stepColors: stepColors,
                icon: icon,
                badge: badge,
                extra: extra
            ))
    }
}

extension LiveActivity.Action {
    /// A button that opens a web page or runs a Shortcut.
    ///
    /// - Parameters:
    ///   - title: The label; not blank.
    ///   - url: An `http://`, `https://` or `shortcuts://` address.
    ///   - extra: Fields newer than this release, by name; they are sent beside the known ones.
    public static func openUrl(
        title: String,
        url: String,
        extra: [String: LiveActivity.JsonValue] = [:]
    ) -> Self {
        .openUrl(
            LiveActivity.OpenUrl(
                title: title,
                url: url,
                extra: extra
            ))
    }

    /// A button that makes the service call an address.
    ///
    /// - Parameters:
    ///   - title: The label; not blank.
    ///   - url: An `https://` address.
    ///   - method: How to call; the service's default is `POST`.
    ///   - body: What to call it with: a JSON object.
    ///   - extra: Fields newer than this release, by name; they are sent beside the known ones.
    public static func webhook(
        title: String,
        url: String,
        method: LiveActivity.WebhookMethod? = nil,
        body: LiveActivity.JsonValue? = nil,
        extra: [String: LiveActivity.JsonValue] = [:]
    ) -> Self {
        .webhook(
            LiveActivity.Webhook(
                title: title,
                url: url,
                method: method,
                body: body,
                extra: extra
            ))
    }
}

extension LiveActivity.Metric {
    /// One labelled figure. `metrics` draws numbers as bars and takes no text; `stats` takes either.
    ///
    /// - Parameters:
    ///   - label: What is measured; at least 1 character.
    ///   - value: The figure: a number of 0 or more, or (in `stats`) a text of 1 to 64 characters.
    ///   - unit: What follows the figure, for example `%`.
    ///   - color: The figure's colour.
    ///   - extra: Fields newer than this release, by name; they are sent beside the known ones.
    public init(
        label: String,
        value: any LiveActivity.ReadoutConvertible,
        unit: String? = nil,
        color: LiveActivity.Color? = nil,
        extra: [String: LiveActivity.JsonValue] = [:]
    ) {
        self.init(
            label: label,
            value: value.liveActivityReadout,
            unit: unit,
            color: color,
            extra: extra
        )
    }
}
