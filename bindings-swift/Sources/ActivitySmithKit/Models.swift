// The models by their names: all are in `LiveActivity`, since several would hide types of Foundation and SwiftUI.
//
// Generated from the core's models by `cargo xtask generate`; not to be edited.

import ActivitySmithNative

/// What states, buttons and answers are made of, by the API's own names.
public enum LiveActivity {
    /// What a Live Activity shows.
    public typealias ContentState = ActivitySmithNative.ContentState

    /// A button of a Live Activity.
    public typealias Action = ActivitySmithNative.Action

    /// Completed steps of a known number, each its own segment.
    public typealias SegmentedProgress = ActivitySmithNative.SegmentedProgress

    /// A bar: give `percentage`, or `value` with `upperLimit`. With all three, the percentage wins.
    public typealias Progress = ActivitySmithNative.Progress

    /// Figures drawn as bars: numbers only, best as percentages.
    public typealias Metrics = ActivitySmithNative.Metrics

    /// Figures as numbers or formatted texts.
    public typealias Stats = ActivitySmithNative.Stats

    /// A message that waits for somebody.
    public typealias Alert = ActivitySmithNative.Alert

    /// A countdown or a stopwatch that the device runs by itself. Later updates without `durationSeconds` keep it
    /// going; one with it restarts it.
    public typealias Timer = ActivitySmithNative.Timer

    /// One prominent readout.
    public typealias Value = ActivitySmithNative.Value

    /// Changes to whatever runs now; the service infers the type. It cannot start an activity: the first request of a
    /// stream, and any that may have to start afresh, needs a typed state.
    public typealias Update = ActivitySmithNative.Update

    /// One labelled figure. `metrics` draws numbers as bars and takes no text; `stats` takes either.
    public typealias Metric = ActivitySmithNative.Metric

    /// A picture beside the title.
    public typealias Icon = ActivitySmithNative.Icon

    /// A short label in a corner.
    public typealias Badge = ActivitySmithNative.Badge

    /// A button that opens a web page or runs a Shortcut.
    public typealias OpenUrl = ActivitySmithNative.OpenUrl

    /// A button that makes the service call an address.
    public typealias Webhook = ActivitySmithNative.Webhook

    /// A notification that accompanies one update: a sound and a banner. Not to be confused with the `Alert` state. A
    /// request that carries one is not repeated once it may have arrived, so nobody hears it twice.
    public typealias PushAlert = ActivitySmithNative.PushAlert

    /// The answer to a stream request or to the end of a stream.
    public typealias StreamResponse = ActivitySmithNative.StreamResponse

    /// How an answer came about. Durations are written as seconds.
    public typealias ResponseFacts = ActivitySmithNative.ResponseFacts

    /// One policy of the service's request limits.
    public typealias RateLimit = ActivitySmithNative.RateLimit

    /// A colour of the API's palette.
    public typealias Color = ActivitySmithNative.Color

    /// Which of the seven states one is.
    public typealias StateType = ActivitySmithNative.StateType

    /// How a `Webhook` is called.
    public typealias WebhookMethod = ActivitySmithNative.WebhookMethod

    /// What the service did; new ones may come.
    public typealias Operation = ActivitySmithNative.Operation

    /// What kind of rule a value breaks. Stable; messages are not.
    public typealias ViolationCode = ActivitySmithNative.ViolationCode

    /// A number, in the form in which it was given.
    public typealias Number = ActivitySmithNative.NumberValue

    /// What a figure shows: a number, or a text that is shown exactly as given.
    public typealias Readout = ActivitySmithNative.Readout

    /// A detail's value: nothing nested.
    public typealias MetadataValue = ActivitySmithNative.MetadataValue

    /// Any JSON: what a webhook is called with, and fields newer than this release.
    public typealias JsonValue = ActivitySmithNative.JsonValue

    /// One broken rule.
    public typealias Violation = ActivitySmithNative.Violation

    /// The service answered, but not with success.
    public typealias ApiError = ActivitySmithNative.ApiError

    /// What an answer means that is not success.
    public typealias ApiErrorKind = ActivitySmithNative.ApiErrorKind

    /// How far a request got that was not answered.
    public typealias ConnectionErrorKind = ActivitySmithNative.ConnectionErrorKind

    /// Something that happened to a publisher.
    public typealias PublisherEvent = ActivitySmithNative.PublisherEvent

    /// What kind of event it is.
    public typealias EventKind = ActivitySmithNative.EventKind

    /// How often what happened to a publisher.
    public typealias Counters = ActivitySmithNative.Counters
}

extension LiveActivity.Color: CaseIterable, CustomStringConvertible {
    /// Every one.
    public static var allCases: [Self] {
        [
            .lime,
            .green,
            .cyan,
            .blue,
            .purple,
            .magenta,
            .red,
            .orange,
            .yellow,
            .gray,
        ]
    }

    /// The name on the wire.
    public var description: String {
        switch self {
        case .lime: "lime"
        case .green: "green"
        case .cyan: "cyan"
        case .blue: "blue"
        case .purple: "purple"
        case .magenta: "magenta"
        case .red: "red"
        case .orange: "orange"
        case .yellow: "yellow"
        case .gray: "gray"
        }
    }
}

extension LiveActivity.StateType: CaseIterable, CustomStringConvertible {
    /// Every one.
    public static var allCases: [Self] { [.segmentedProgress, .progress, .metrics, .stats, .alert, .timer, .value] }

    /// The name on the wire.
    public var description: String {
        switch self {
        case .segmentedProgress: "segmented_progress"
        case .progress: "progress"
        case .metrics: "metrics"
        case .stats: "stats"
        case .alert: "alert"
        case .timer: "timer"
        case .value: "value"
        }
    }
}

extension LiveActivity.WebhookMethod: CaseIterable, CustomStringConvertible {
    /// Every one.
    public static var allCases: [Self] { [.get, .post] }

    /// The name on the wire.
    public var description: String {
        switch self {
        case .get: "GET"
        case .post: "POST"
        }
    }
}

extension LiveActivity.Operation: CustomStringConvertible {
    /// The name on the wire.
    public var description: String {
        switch self {
        case .started: "started"
        case .updated: "updated"
        case .rotated: "rotated"
        case .noop: "noop"
        case .paused: "paused"
        case .ended: "ended"
        case .disabled: "disabled"
        case .unknown(let name): name
        }
    }
}

extension LiveActivity.ViolationCode: CaseIterable, CustomStringConvertible {
    /// Every one.
    public static var allCases: [Self] {
        [
            .missing,
            .unknownField,
            .duplicateField,
            .wrongType,
            .notFinite,
            .tooManyDigits,
            .notInteger,
            .outOfRange,
            .empty,
            .tooLong,
            .unknownValue,
            .badFormat,
            .notApplicable,
            .conflict,
            .duplicateItem,
            .invalidJson,
        ]
    }

    /// The name on the wire.
    public var description: String {
        switch self {
        case .missing: "missing"
        case .unknownField: "unknown_field"
        case .duplicateField: "duplicate_field"
        case .wrongType: "wrong_type"
        case .notFinite: "not_finite"
        case .tooManyDigits: "too_many_digits"
        case .notInteger: "not_integer"
        case .outOfRange: "out_of_range"
        case .empty: "empty"
        case .tooLong: "too_long"
        case .unknownValue: "unknown_value"
        case .badFormat: "bad_format"
        case .notApplicable: "not_applicable"
        case .conflict: "conflict"
        case .duplicateItem: "duplicate_item"
        case .invalidJson: "invalid_json"
        }
    }
}
