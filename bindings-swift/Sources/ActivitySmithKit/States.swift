// The states that a Live Activity can show, what they are made of, and how they are written:
// `.progress(title: "Backup", percentage: 42)`.
//
// Generated from the core's models by `cargo xtask generate`; not to be edited.

extension LiveActivity {
    /// Completed steps of a known number, each its own segment.
    public struct SegmentedProgress: Publishable, Model {
        /// The headline; not blank.
        public var title: String = ""
        /// How many steps there are, at least 1; it may change later.
        public var numberOfSteps: Number = 0
        /// How many are completed, from 0 to `numberOfSteps`.
        public var currentStep: Number = 0
        /// The second line.
        public var subtitle: String?
        /// The accent colour.
        public var color: Color?
        /// The current step's colour, in place of `color`.
        public var stepColor: Color?
        /// The completed steps' colours, one for each.
        public var stepColors: [Color]?
        /// A picture beside the title.
        public var icon: Icon?
        /// A short label in a corner.
        public var badge: Badge?
        /// Fields newer than this release, by name; they are sent beside the known ones.
        public var extra: [String: JSON] = [:]

        /// It with these fields.
        public init(
            title: String, numberOfSteps: any NumberConvertible, currentStep: any NumberConvertible,
            subtitle: String? = nil, color: Color? = nil, stepColor: Color? = nil, stepColors: [Color]? = nil,
            icon: Icon? = nil, badge: Badge? = nil, extra: [String: JSON] = [:]
        ) {
            self.title = title
            self.numberOfSteps = numberOfSteps.liveActivityNumber
            self.currentStep = currentStep.liveActivityNumber
            self.subtitle = subtitle
            self.color = color
            self.stepColor = stepColor
            self.stepColors = stepColors
            self.icon = icon
            self.badge = badge
            self.extra = extra
        }

        /// It as a state of any type.
        public var anyContent: AnyContent { .segmentedProgress(self) }

        static let type: String? = "segmented_progress"
        init() {}

        mutating func visit(_ fields: inout some Fields) throws {
            try fields.visit("title", &title)
            try fields.visit("number_of_steps", &numberOfSteps)
            try fields.visit("current_step", &currentStep)
            try fields.visit("subtitle", &subtitle)
            try fields.visit("color", &color)
            try fields.visit("step_color", &stepColor)
            try fields.visit("step_colors", &stepColors)
            try fields.visit("icon", &icon)
            try fields.visit("badge", &badge)
        }
    }

    /// A bar: give `percentage`, or `value` with `upperLimit`. With all three, the percentage wins.
    public struct Progress: Publishable, Model {
        /// The headline; not blank.
        public var title: String = ""
        /// The second line.
        public var subtitle: String?
        /// How much is done, from 0 to 100.
        public var percentage: Number?
        /// How much is done, out of `upperLimit`.
        public var value: Number?
        /// What `value` counts up to; above 0.
        public var upperLimit: Number?
        /// The accent colour.
        public var color: Color?
        /// A picture beside the title.
        public var icon: Icon?
        /// A short label in a corner.
        public var badge: Badge?
        /// Fields newer than this release, by name; they are sent beside the known ones.
        public var extra: [String: JSON] = [:]

        /// It with these fields.
        public init(
            title: String, subtitle: String? = nil, percentage: (any NumberConvertible)? = nil,
            value: (any NumberConvertible)? = nil, upperLimit: (any NumberConvertible)? = nil, color: Color? = nil,
            icon: Icon? = nil, badge: Badge? = nil, extra: [String: JSON] = [:]
        ) {
            self.title = title
            self.subtitle = subtitle
            self.percentage = percentage?.liveActivityNumber
            self.value = value?.liveActivityNumber
            self.upperLimit = upperLimit?.liveActivityNumber
            self.color = color
            self.icon = icon
            self.badge = badge
            self.extra = extra
        }

        /// It as a state of any type.
        public var anyContent: AnyContent { .progress(self) }

        static let type: String? = "progress"
        init() {}

        mutating func visit(_ fields: inout some Fields) throws {
            try fields.visit("title", &title)
            try fields.visit("subtitle", &subtitle)
            try fields.visit("percentage", &percentage)
            try fields.visit("value", &value)
            try fields.visit("upper_limit", &upperLimit)
            try fields.visit("color", &color)
            try fields.visit("icon", &icon)
            try fields.visit("badge", &badge)
        }
    }

    /// Metrics drawn as bars: numbers only, best as percentages.
    public struct Metrics: Publishable, Model {
        /// The headline; not blank.
        public var title: String = ""
        /// 1 to 8 metrics; two look best.
        public var metrics: [Metric] = []
        /// The second line.
        public var subtitle: String?
        /// The accent colour.
        public var color: Color?
        /// A picture beside the title.
        public var icon: Icon?
        /// Fields newer than this release, by name; they are sent beside the known ones.
        public var extra: [String: JSON] = [:]

        /// It with these fields.
        public init(
            title: String, metrics: [Metric], subtitle: String? = nil, color: Color? = nil, icon: Icon? = nil,
            extra: [String: JSON] = [:]
        ) {
            self.title = title
            self.metrics = metrics
            self.subtitle = subtitle
            self.color = color
            self.icon = icon
            self.extra = extra
        }

        /// It as a state of any type.
        public var anyContent: AnyContent { .metrics(self) }

        static let type: String? = "metrics"
        init() {}

        mutating func visit(_ fields: inout some Fields) throws {
            try fields.visit("title", &title)
            try fields.visit("metrics", &metrics)
            try fields.visit("subtitle", &subtitle)
            try fields.visit("color", &color)
            try fields.visit("icon", &icon)
        }
    }

    /// Metrics as numbers or formatted texts.
    public struct Stats: Publishable, Model {
        /// The headline; not blank.
        public var title: String = ""
        /// 1 to 8 metrics.
        public var metrics: [Metric] = []
        /// The second line.
        public var subtitle: String?
        /// The accent colour; each metric has its own.
        public var color: Color?
        /// A picture beside the title.
        public var icon: Icon?
        /// Fields newer than this release, by name; they are sent beside the known ones.
        public var extra: [String: JSON] = [:]

        /// It with these fields.
        public init(
            title: String, metrics: [Metric], subtitle: String? = nil, color: Color? = nil, icon: Icon? = nil,
            extra: [String: JSON] = [:]
        ) {
            self.title = title
            self.metrics = metrics
            self.subtitle = subtitle
            self.color = color
            self.icon = icon
            self.extra = extra
        }

        /// It as a state of any type.
        public var anyContent: AnyContent { .stats(self) }

        static let type: String? = "stats"
        init() {}

        mutating func visit(_ fields: inout some Fields) throws {
            try fields.visit("title", &title)
            try fields.visit("metrics", &metrics)
            try fields.visit("subtitle", &subtitle)
            try fields.visit("color", &color)
            try fields.visit("icon", &icon)
        }
    }

    /// A message that asks for attention.
    public struct Alert: Publishable, Model {
        /// The headline; not blank.
        public var title: String = ""
        /// The text; at least 1 character.
        public var message: String = ""
        /// The second line.
        public var subtitle: String?
        /// The buttons' colour.
        public var color: Color?
        /// A picture beside the title.
        public var icon: Icon?
        /// A short label in a corner.
        public var badge: Badge?
        /// Fields newer than this release, by name; they are sent beside the known ones.
        public var extra: [String: JSON] = [:]

        /// It with these fields.
        public init(
            title: String, message: String, subtitle: String? = nil, color: Color? = nil, icon: Icon? = nil,
            badge: Badge? = nil, extra: [String: JSON] = [:]
        ) {
            self.title = title
            self.message = message
            self.subtitle = subtitle
            self.color = color
            self.icon = icon
            self.badge = badge
            self.extra = extra
        }

        /// It as a state of any type.
        public var anyContent: AnyContent { .alert(self) }

        static let type: String? = "alert"
        init() {}

        mutating func visit(_ fields: inout some Fields) throws {
            try fields.visit("title", &title)
            try fields.visit("message", &message)
            try fields.visit("subtitle", &subtitle)
            try fields.visit("color", &color)
            try fields.visit("icon", &icon)
            try fields.visit("badge", &badge)
        }
    }

    /// A countdown or a stopwatch that the device runs by itself. Later updates without `durationSeconds` keep it
    /// going; one with it restarts it.
    public struct Timer: Publishable, Model {
        /// The headline; not blank.
        public var title: String = ""
        /// The second line.
        public var subtitle: String?
        /// The window's length in seconds, above 0; fractions are allowed.
        public var durationSeconds: Number?
        /// `false` counts up. The service's default is `true`.
        public var countsDown: Bool?
        /// `false` pauses, `true` resumes. Left out, it is not sent.
        public var isRunning: Bool?
        /// The accent colour.
        public var color: Color?
        /// A picture beside the title.
        public var icon: Icon?
        /// Fields newer than this release, by name; they are sent beside the known ones.
        public var extra: [String: JSON] = [:]

        /// It with these fields.
        public init(
            title: String, subtitle: String? = nil, durationSeconds: (any NumberConvertible)? = nil,
            countsDown: Bool? = nil, isRunning: Bool? = nil, color: Color? = nil, icon: Icon? = nil,
            extra: [String: JSON] = [:]
        ) {
            self.title = title
            self.subtitle = subtitle
            self.durationSeconds = durationSeconds?.liveActivityNumber
            self.countsDown = countsDown
            self.isRunning = isRunning
            self.color = color
            self.icon = icon
            self.extra = extra
        }

        /// It as a state of any type.
        public var anyContent: AnyContent { .timer(self) }

        static let type: String? = "timer"
        init() {}

        mutating func visit(_ fields: inout some Fields) throws {
            try fields.visit("title", &title)
            try fields.visit("subtitle", &subtitle)
            try fields.visit("duration_seconds", &durationSeconds)
            try fields.visit("counts_down", &countsDown)
            try fields.visit("is_running", &isRunning)
            try fields.visit("color", &color)
            try fields.visit("icon", &icon)
        }
    }

    /// One prominent value.
    public struct Value: Publishable, Model {
        /// The headline; not blank.
        public var title: String = ""
        /// A finite number, or a text that is shown exactly as given.
        public var value: Scalar = 0
        /// The second line.
        public var subtitle: String?
        /// The accent colour.
        public var color: Color?
        /// A picture beside the title.
        public var icon: Icon?
        /// A short label in a corner.
        public var badge: Badge?
        /// Fields newer than this release, by name; they are sent beside the known ones.
        public var extra: [String: JSON] = [:]

        /// It with these fields.
        public init(
            title: String, value: any ScalarConvertible, subtitle: String? = nil, color: Color? = nil,
            icon: Icon? = nil, badge: Badge? = nil, extra: [String: JSON] = [:]
        ) {
            self.title = title
            self.value = value.liveActivityScalar
            self.subtitle = subtitle
            self.color = color
            self.icon = icon
            self.badge = badge
            self.extra = extra
        }

        /// It as a state of any type.
        public var anyContent: AnyContent { .value(self) }

        static let type: String? = "value"
        init() {}

        mutating func visit(_ fields: inout some Fields) throws {
            try fields.visit("title", &title)
            try fields.visit("value", &value)
            try fields.visit("subtitle", &subtitle)
            try fields.visit("color", &color)
            try fields.visit("icon", &icon)
            try fields.visit("badge", &badge)
        }
    }

    /// Changes to the running activity; the service infers the type. It cannot start an activity: the first request of
    /// a stream, and any request that may have to start a new one, needs a typed state.
    public struct Change: Content, Model {
        /// The headline; not blank.
        public var title: String = ""
        /// The second line.
        public var subtitle: String?
        /// `segmentedProgress`: how many steps there are, at least 1.
        public var numberOfSteps: Number?
        /// `segmentedProgress`: how many are completed.
        public var currentStep: Number?
        /// `progress`: how much is done, from 0 to 100.
        public var percentage: Number?
        /// `progress`: how much is done, out of `upperLimit`; `value`: the value.
        public var value: Scalar?
        /// `progress`: what `value` counts up to; above 0.
        public var upperLimit: Number?
        /// `metrics` and `stats`: 1 to 8 metrics.
        public var metrics: [Metric]?
        /// `alert`: the text.
        public var message: String?
        /// `timer`: restarts it with this length in seconds.
        public var durationSeconds: Number?
        /// `timer`: the direction.
        public var countsDown: Bool?
        /// `timer`: `false` pauses, `true` resumes.
        public var isRunning: Bool?
        /// The accent colour.
        public var color: Color?
        /// `segmentedProgress`: the current step's colour.
        public var stepColor: Color?
        /// `segmentedProgress`: the completed steps' colours.
        public var stepColors: [Color]?
        /// A picture beside the title.
        public var icon: Icon?
        /// A short label in a corner.
        public var badge: Badge?
        /// Fields newer than this release, by name; they are sent beside the known ones.
        public var extra: [String: JSON] = [:]

        /// It with these fields.
        public init(
            title: String, subtitle: String? = nil, numberOfSteps: (any NumberConvertible)? = nil,
            currentStep: (any NumberConvertible)? = nil, percentage: (any NumberConvertible)? = nil,
            value: (any ScalarConvertible)? = nil, upperLimit: (any NumberConvertible)? = nil, metrics: [Metric]? = nil,
            message: String? = nil, durationSeconds: (any NumberConvertible)? = nil, countsDown: Bool? = nil,
            isRunning: Bool? = nil, color: Color? = nil, stepColor: Color? = nil, stepColors: [Color]? = nil,
            icon: Icon? = nil, badge: Badge? = nil, extra: [String: JSON] = [:]
        ) {
            self.title = title
            self.subtitle = subtitle
            self.numberOfSteps = numberOfSteps?.liveActivityNumber
            self.currentStep = currentStep?.liveActivityNumber
            self.percentage = percentage?.liveActivityNumber
            self.value = value?.liveActivityScalar
            self.upperLimit = upperLimit?.liveActivityNumber
            self.metrics = metrics
            self.message = message
            self.durationSeconds = durationSeconds?.liveActivityNumber
            self.countsDown = countsDown
            self.isRunning = isRunning
            self.color = color
            self.stepColor = stepColor
            self.stepColors = stepColors
            self.icon = icon
            self.badge = badge
            self.extra = extra
        }

        /// It as a state of any type.
        public var anyContent: AnyContent { .change(self) }

        init() {}

        mutating func visit(_ fields: inout some Fields) throws {
            try fields.visit("title", &title)
            try fields.visit("subtitle", &subtitle)
            try fields.visit("number_of_steps", &numberOfSteps)
            try fields.visit("current_step", &currentStep)
            try fields.visit("percentage", &percentage)
            try fields.visit("value", &value)
            try fields.visit("upper_limit", &upperLimit)
            try fields.visit("metrics", &metrics)
            try fields.visit("message", &message)
            try fields.visit("duration_seconds", &durationSeconds)
            try fields.visit("counts_down", &countsDown)
            try fields.visit("is_running", &isRunning)
            try fields.visit("color", &color)
            try fields.visit("step_color", &stepColor)
            try fields.visit("step_colors", &stepColors)
            try fields.visit("icon", &icon)
            try fields.visit("badge", &badge)
        }
    }

    /// One labelled value. `metrics` draws numbers as bars and takes no text; `stats` takes either.
    public struct Metric: Hashable, Sendable, Model {
        /// What is measured; at least 1 character.
        public var label: String = ""
        /// The value: a number of 0 or more, or (in `stats`) a text of 1 to 64 characters.
        public var value: Scalar = 0
        /// The unit after the value, for example `%`.
        public var unit: String?
        /// The colour of the value.
        public var color: Color?
        /// Fields newer than this release, by name; they are sent beside the known ones.
        public var extra: [String: JSON] = [:]

        /// It with these fields.
        public init(
            label: String, value: any ScalarConvertible, unit: String? = nil, color: Color? = nil,
            extra: [String: JSON] = [:]
        ) {
            self.label = label
            self.value = value.liveActivityScalar
            self.unit = unit
            self.color = color
            self.extra = extra
        }

        init() {}

        mutating func visit(_ fields: inout some Fields) throws {
            try fields.visit("label", &label)
            try fields.visit("value", &value)
            try fields.visit("unit", &unit)
            try fields.visit("color", &color)
        }
    }

    /// A picture beside the title.
    public struct Icon: Hashable, Sendable, Model {
        /// The name of an SF Symbol, for example `server.rack`; at least 1 character.
        public var symbol: String = ""
        /// The symbol's colour.
        public var color: Color?
        /// Fields newer than this release, by name; they are sent beside the known ones.
        public var extra: [String: JSON] = [:]

        /// It with these fields.
        public init(
            symbol: String, color: Color? = nil, extra: [String: JSON] = [:]
        ) {
            self.symbol = symbol
            self.color = color
            self.extra = extra
        }

        init() {}

        mutating func visit(_ fields: inout some Fields) throws {
            try fields.visit("symbol", &symbol)
            try fields.visit("color", &color)
        }
    }

    /// A short label in a corner.
    public struct Badge: Hashable, Sendable, Model {
        /// The label; at least 1 character.
        public var title: String = ""
        /// The label's colour.
        public var color: Color?
        /// Fields newer than this release, by name; they are sent beside the known ones.
        public var extra: [String: JSON] = [:]

        /// It with these fields.
        public init(
            title: String, color: Color? = nil, extra: [String: JSON] = [:]
        ) {
            self.title = title
            self.color = color
            self.extra = extra
        }

        init() {}

        mutating func visit(_ fields: inout some Fields) throws {
            try fields.visit("title", &title)
            try fields.visit("color", &color)
        }
    }

    /// A button that opens a web page or runs a Shortcut.
    public struct OpenUrl: Hashable, Sendable, Model {
        /// The label; not blank.
        public var title: String = ""
        /// An `http://`, `https://` or `shortcuts://` URL; in a notification also one of an app's own scheme.
        public var url: String = ""
        /// Fields newer than this release, by name; they are sent beside the known ones.
        public var extra: [String: JSON] = [:]

        /// It with these fields.
        public init(
            title: String, url: String, extra: [String: JSON] = [:]
        ) {
            self.title = title
            self.url = url
            self.extra = extra
        }

        static let type: String? = "open_url"
        init() {}

        mutating func visit(_ fields: inout some Fields) throws {
            try fields.visit("title", &title)
            try fields.visit("url", &url)
        }
    }

    /// A button that makes the service call a URL.
    public struct Webhook: Hashable, Sendable, Model {
        /// The label; not blank.
        public var title: String = ""
        /// An `https://` URL.
        public var url: String = ""
        /// The HTTP method; the service's default is `POST`.
        public var method: WebhookMethod?
        /// The request body: a JSON object.
        public var body: JSON?
        /// Fields newer than this release, by name; they are sent beside the known ones.
        public var extra: [String: JSON] = [:]

        /// It with these fields.
        public init(
            title: String, url: String, method: WebhookMethod? = nil, body: JSON? = nil, extra: [String: JSON] = [:]
        ) {
            self.title = title
            self.url = url
            self.method = method
            self.body = body
            self.extra = extra
        }

        static let type: String? = "webhook"
        init() {}

        mutating func visit(_ fields: inout some Fields) throws {
            try fields.visit("title", &title)
            try fields.visit("url", &url)
            try fields.visit("method", &method)
            try fields.visit("body", &body)
        }
    }

    /// A notification with one update: a sound and a banner. It is not retried once it may have arrived.
    public struct PushAlert: Hashable, Sendable, Model {
        /// The banner's first line.
        public var title: String?
        /// The banner's text.
        public var body: String?
        /// Fields newer than this release, by name; they are sent beside the known ones.
        public var extra: [String: JSON] = [:]

        /// It with these fields.
        public init(
            title: String? = nil, body: String? = nil, extra: [String: JSON] = [:]
        ) {
            self.title = title
            self.body = body
            self.extra = extra
        }

        init() {}

        mutating func visit(_ fields: inout some Fields) throws {
            try fields.visit("title", &title)
            try fields.visit("body", &body)
        }
    }

    /// A state whose type is chosen when the program runs, or read by its `type`.
    public enum AnyContent: Codable, Hashable, Sendable {
        /// Completed steps of a known number, each its own segment.
        case segmentedProgress(SegmentedProgress)
        /// A bar: give `percentage`, or `value` with `upperLimit`. With all three, the percentage wins.
        case progress(Progress)
        /// Metrics drawn as bars: numbers only, best as percentages.
        case metrics(Metrics)
        /// Metrics as numbers or formatted texts.
        case stats(Stats)
        /// A message that asks for attention.
        case alert(Alert)
        /// A countdown or a stopwatch that the device runs by itself. Later updates without `durationSeconds` keep it
        /// going; one with it restarts it.
        case timer(Timer)
        /// One prominent value.
        case value(Value)
        /// Changes to the running activity; the service infers the type. It cannot start an activity: the first request
        /// of a stream, and any request that may have to start a new one, needs a typed state.
        case change(Change)
        /// A value of a type newer than this release.
        case other(JSON)

        var value: any Codable {
            switch self {
            case .segmentedProgress(let value): value
            case .progress(let value): value
            case .metrics(let value): value
            case .stats(let value): value
            case .alert(let value): value
            case .timer(let value): value
            case .value(let value): value
            case .change(let value): value
            case .other(let json): json
            }
        }

        /// Writes it, with its `type`.
        public func encode(to encoder: any Encoder) throws { try value.encode(to: encoder) }

        /// Reads it, by its `type`.
        public init(from decoder: any Decoder) throws {
            var members = try Members(decoder)
            switch try members.optional("type") as String? {
            case "segmented_progress": self = .segmentedProgress(try .init(from: decoder))
            case "progress": self = .progress(try .init(from: decoder))
            case "metrics": self = .metrics(try .init(from: decoder))
            case "stats": self = .stats(try .init(from: decoder))
            case "alert": self = .alert(try .init(from: decoder))
            case "timer": self = .timer(try .init(from: decoder))
            case "value": self = .value(try .init(from: decoder))
            case nil: self = .change(try .init(from: decoder))
            default: self = .other(try JSON(from: decoder))
            }
        }
    }

    /// A button of a Live Activity.
    public enum Action: Codable, Hashable, Sendable {
        /// A button that opens a web page or runs a Shortcut.
        case openUrl(OpenUrl)
        /// A button that makes the service call a URL.
        case webhook(Webhook)
        /// A value of a type newer than this release.
        case other(JSON)

        var value: any Codable {
            switch self {
            case .openUrl(let value): value
            case .webhook(let value): value
            case .other(let json): json
            }
        }

        /// Writes it, with its `type`.
        public func encode(to encoder: any Encoder) throws { try value.encode(to: encoder) }

        /// Reads it, by its `type`.
        public init(from decoder: any Decoder) throws {
            var members = try Members(decoder)
            switch try members.optional("type") as String? {
            case "open_url": self = .openUrl(try .init(from: decoder))
            case "webhook": self = .webhook(try .init(from: decoder))
            default: self = .other(try JSON(from: decoder))
            }
        }
    }
}

extension LiveActivity.State where C == LiveActivity.SegmentedProgress {
    /// Completed steps of a known number, each its own segment.
    ///
    /// The parameters are its fields, as ``LiveActivity/SegmentedProgress`` has them.
    public static func segmentedProgress(
        title: String, numberOfSteps: any LiveActivity.NumberConvertible,
        currentStep: any LiveActivity.NumberConvertible, subtitle: String? = nil, color: LiveActivity.Color? = nil,
        stepColor: LiveActivity.Color? = nil, stepColors: [LiveActivity.Color]? = nil, icon: LiveActivity.Icon? = nil,
        badge: LiveActivity.Badge? = nil, extra: [String: LiveActivity.JSON] = [:]
    ) -> Self {
        Self(
            LiveActivity.SegmentedProgress(
                title: title, numberOfSteps: numberOfSteps, currentStep: currentStep, subtitle: subtitle, color: color,
                stepColor: stepColor, stepColors: stepColors, icon: icon, badge: badge, extra: extra))
    }
}

extension LiveActivity.State where C == LiveActivity.Progress {
    /// A bar: give `percentage`, or `value` with `upperLimit`. With all three, the percentage wins.
    ///
    /// The parameters are its fields, as ``LiveActivity/Progress`` has them.
    public static func progress(
        title: String, subtitle: String? = nil, percentage: (any LiveActivity.NumberConvertible)? = nil,
        value: (any LiveActivity.NumberConvertible)? = nil, upperLimit: (any LiveActivity.NumberConvertible)? = nil,
        color: LiveActivity.Color? = nil, icon: LiveActivity.Icon? = nil, badge: LiveActivity.Badge? = nil,
        extra: [String: LiveActivity.JSON] = [:]
    ) -> Self {
        Self(
            LiveActivity.Progress(
                title: title, subtitle: subtitle, percentage: percentage, value: value, upperLimit: upperLimit,
                color: color, icon: icon, badge: badge, extra: extra))
    }
}

extension LiveActivity.State where C == LiveActivity.Metrics {
    /// Metrics drawn as bars: numbers only, best as percentages.
    ///
    /// The parameters are its fields, as ``LiveActivity/Metrics`` has them.
    public static func metrics(
        title: String, metrics: [LiveActivity.Metric], subtitle: String? = nil, color: LiveActivity.Color? = nil,
        icon: LiveActivity.Icon? = nil, extra: [String: LiveActivity.JSON] = [:]
    ) -> Self {
        Self(
            LiveActivity.Metrics(
                title: title, metrics: metrics, subtitle: subtitle, color: color, icon: icon, extra: extra))
    }
}

extension LiveActivity.State where C == LiveActivity.Stats {
    /// Metrics as numbers or formatted texts.
    ///
    /// The parameters are its fields, as ``LiveActivity/Stats`` has them.
    public static func stats(
        title: String, metrics: [LiveActivity.Metric], subtitle: String? = nil, color: LiveActivity.Color? = nil,
        icon: LiveActivity.Icon? = nil, extra: [String: LiveActivity.JSON] = [:]
    ) -> Self {
        Self(
            LiveActivity.Stats(
                title: title, metrics: metrics, subtitle: subtitle, color: color, icon: icon, extra: extra))
    }
}

extension LiveActivity.State where C == LiveActivity.Alert {
    /// A message that asks for attention.
    ///
    /// The parameters are its fields, as ``LiveActivity/Alert`` has them.
    public static func alert(
        title: String, message: String, subtitle: String? = nil, color: LiveActivity.Color? = nil,
        icon: LiveActivity.Icon? = nil, badge: LiveActivity.Badge? = nil, extra: [String: LiveActivity.JSON] = [:]
    ) -> Self {
        Self(
            LiveActivity.Alert(
                title: title, message: message, subtitle: subtitle, color: color, icon: icon, badge: badge,
                extra: extra))
    }
}

extension LiveActivity.State where C == LiveActivity.Timer {
    /// A countdown or a stopwatch that the device runs by itself. Later updates without `durationSeconds` keep it
    /// going; one with it restarts it.
    ///
    /// The parameters are its fields, as ``LiveActivity/Timer`` has them.
    public static func timer(
        title: String, subtitle: String? = nil, durationSeconds: (any LiveActivity.NumberConvertible)? = nil,
        countsDown: Bool? = nil, isRunning: Bool? = nil, color: LiveActivity.Color? = nil,
        icon: LiveActivity.Icon? = nil, extra: [String: LiveActivity.JSON] = [:]
    ) -> Self {
        Self(
            LiveActivity.Timer(
                title: title, subtitle: subtitle, durationSeconds: durationSeconds, countsDown: countsDown,
                isRunning: isRunning, color: color, icon: icon, extra: extra))
    }
}

extension LiveActivity.State where C == LiveActivity.Value {
    /// One prominent value.
    ///
    /// The parameters are its fields, as ``LiveActivity/Value`` has them.
    public static func value(
        title: String, value: any LiveActivity.ScalarConvertible, subtitle: String? = nil,
        color: LiveActivity.Color? = nil, icon: LiveActivity.Icon? = nil, badge: LiveActivity.Badge? = nil,
        extra: [String: LiveActivity.JSON] = [:]
    ) -> Self {
        Self(
            LiveActivity.Value(
                title: title, value: value, subtitle: subtitle, color: color, icon: icon, badge: badge, extra: extra))
    }
}

extension LiveActivity.State where C == LiveActivity.Change {
    /// Changes to the running activity; the service infers the type. It cannot start an activity: the first request of
    /// a stream, and any request that may have to start a new one, needs a typed state.
    ///
    /// The parameters are its fields, as ``LiveActivity/Change`` has them.
    public static func change(
        title: String, subtitle: String? = nil, numberOfSteps: (any LiveActivity.NumberConvertible)? = nil,
        currentStep: (any LiveActivity.NumberConvertible)? = nil,
        percentage: (any LiveActivity.NumberConvertible)? = nil, value: (any LiveActivity.ScalarConvertible)? = nil,
        upperLimit: (any LiveActivity.NumberConvertible)? = nil, metrics: [LiveActivity.Metric]? = nil,
        message: String? = nil, durationSeconds: (any LiveActivity.NumberConvertible)? = nil, countsDown: Bool? = nil,
        isRunning: Bool? = nil, color: LiveActivity.Color? = nil, stepColor: LiveActivity.Color? = nil,
        stepColors: [LiveActivity.Color]? = nil, icon: LiveActivity.Icon? = nil, badge: LiveActivity.Badge? = nil,
        extra: [String: LiveActivity.JSON] = [:]
    ) -> Self {
        Self(
            LiveActivity.Change(
                title: title, subtitle: subtitle, numberOfSteps: numberOfSteps, currentStep: currentStep,
                percentage: percentage, value: value, upperLimit: upperLimit, metrics: metrics, message: message,
                durationSeconds: durationSeconds, countsDown: countsDown, isRunning: isRunning, color: color,
                stepColor: stepColor, stepColors: stepColors, icon: icon, badge: badge, extra: extra))
    }
}

extension LiveActivity.Action {
    /// A button that opens a web page or runs a Shortcut.
    ///
    /// The parameters are its fields, as ``LiveActivity/OpenUrl`` has them.
    public static func openUrl(
        title: String, url: String, extra: [String: LiveActivity.JSON] = [:]
    ) -> Self {
        .openUrl(
            LiveActivity.OpenUrl(
                title: title, url: url, extra: extra))
    }

    /// A button that makes the service call a URL.
    ///
    /// The parameters are its fields, as ``LiveActivity/Webhook`` has them.
    public static func webhook(
        title: String, url: String, method: LiveActivity.WebhookMethod? = nil, body: LiveActivity.JSON? = nil,
        extra: [String: LiveActivity.JSON] = [:]
    ) -> Self {
        .webhook(
            LiveActivity.Webhook(
                title: title, url: url, method: method, body: body, extra: extra))
    }
}

extension LiveActivity.Icon: ExpressibleByStringLiteral {
    /// The one with this symbol.
    public init(stringLiteral symbol: String) { self.init(symbol: symbol) }
}

extension LiveActivity.Badge: ExpressibleByStringLiteral {
    /// The one with this title.
    public init(stringLiteral title: String) { self.init(title: title) }
}
