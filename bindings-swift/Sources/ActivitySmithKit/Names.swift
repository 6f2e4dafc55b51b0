// Texts that are one of a few.
//
// Generated from the core's models by `cargo xtask generate`; not to be edited.

extension LiveActivity {
    /// A colour of the API's palette.
    public enum Color: Choice {
        case lime, green, cyan, blue, purple, magenta, red, orange, yellow, gray
        /// A value newer than this release, by its name.
        case other(String)

        /// The values of this release.
        public static let allCases: [Self] = [
            .lime, .green, .cyan, .blue, .purple, .magenta, .red, .orange, .yellow, .gray,
        ]

        /// The name on the wire.
        public var rawValue: String {
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
            case .other(let name): name
            }
        }
    }

    /// How a `Webhook` is called.
    public enum WebhookMethod: Choice {
        /// `GET`
        case get
        /// `POST`
        case post
        /// A value newer than this release, by its name.
        case other(String)

        /// The values of this release.
        public static let allCases: [Self] = [
            .get, .post,
        ]

        /// The name on the wire.
        public var rawValue: String {
            switch self {
            case .get: "GET"
            case .post: "POST"
            case .other(let name): name
            }
        }
    }

    /// How much a notification interrupts.
    public enum InterruptionLevel: Choice {
        /// It is added to the list without a sound.
        case passive
        /// It lights the screen and may sound.
        case active
        /// As `active`, and also through most Focus modes.
        case timeSensitive
        /// A value newer than this release, by its name.
        case other(String)

        /// The values of this release.
        public static let allCases: [Self] = [
            .passive, .active, .timeSensitive,
        ]

        /// The name on the wire.
        public var rawValue: String {
            switch self {
            case .passive: "passive"
            case .active: "active"
            case .timeSensitive: "time-sensitive"
            case .other(let name): name
            }
        }
    }

    /// What the service did; new ones may come.
    public enum Operation: Choice {
        /// A new activity appeared.
        case started
        /// The running activity shows the new state.
        case updated
        /// The running activity was ended and a new one took its place.
        case rotated
        /// The state was the same as before; nothing was pushed.
        case noop
        /// The stream is paused in the service; the request was set aside.
        case paused
        /// The activity ended.
        case ended
        /// Nothing was sent, since `ACTIVITYSMITH_DISABLED` is set.
        case disabled
        /// A value newer than this release, by its name.
        case other(String)

        /// The values of this release.
        public static let allCases: [Self] = [
            .started, .updated, .rotated, .noop, .paused, .ended, .disabled,
        ]

        /// The name on the wire.
        public var rawValue: String {
            switch self {
            case .started: "started"
            case .updated: "updated"
            case .rotated: "rotated"
            case .noop: "noop"
            case .paused: "paused"
            case .ended: "ended"
            case .disabled: "disabled"
            case .other(let name): name
            }
        }
    }

    /// The kind of rule that a value breaks. Stable; messages are not.
    public enum ViolationCode: Choice {
        /// A required field is missing.
        case missing
        /// The API has no field of this name here.
        case unknownField
        /// The same field is given twice.
        case duplicateField
        /// A value of the wrong type.
        case wrongType
        /// NaN or infinite.
        case notFinite
        /// Larger than any 64-bit integer, so that digits may have been lost.
        case tooManyDigits
        /// A fraction where a whole number belongs.
        case notInteger
        /// Too small or too large.
        case outOfRange
        /// An empty or blank text, or an empty list.
        case empty
        /// A text, list or object above its limit.
        case tooLong
        /// Not one of the known values.
        case unknownValue
        /// A text in the wrong format.
        case badFormat
        /// A known field that does not apply here.
        case notApplicable
        /// Two fields that contradict each other.
        case conflict
        /// The same item is in a list twice.
        case duplicateItem
        /// The text is not JSON.
        case invalidJson
        /// A value newer than this release, by its name.
        case other(String)

        /// The values of this release.
        public static let allCases: [Self] = [
            .missing, .unknownField, .duplicateField, .wrongType, .notFinite, .tooManyDigits, .notInteger, .outOfRange,
            .empty, .tooLong, .unknownValue, .badFormat, .notApplicable, .conflict, .duplicateItem, .invalidJson,
        ]

        /// The name on the wire.
        public var rawValue: String {
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
            case .other(let name): name
            }
        }
    }

    /// What can happen to a publisher.
    public enum EventKind: Choice {
        /// The service accepted a state.
        case acknowledged
        /// The service replaced the activity by a new one.
        case rotated
        /// The service reports too many updates; numbers now wait.
        case throttled
        /// The stream is paused in the service, which does not show what is sent.
        case paused
        /// Requests fail; the newest state is sent once they succeed again.
        case failing
        /// Requests succeed again.
        case recovered
        /// The service refused this state; the next one will be sent.
        case refused
        /// There is no room on the device, or no device; it is tried again later.
        case blocked
        /// Nothing is sent, since the service would refuse it.
        case stopped
        /// An alert was replaced by a newer one before it was sent.
        case alertReplaced
        /// Whether an alert was shown is unknown; it is not sent again.
        case alertUncertain
        /// The stream has ended with its last state.
        case ended
        /// The stream's end or its last state did not arrive.
        case notArrived
        /// A number out of range was clamped or skipped.
        case adjusted
        /// A change after the end of the stream was ignored.
        case afterEnd
        /// A state was sent that may not display well.
        case advice
        /// Another publisher of the same client publishes the same stream.
        case duplicate
        /// A value newer than this release, by its name.
        case other(String)

        /// The values of this release.
        public static let allCases: [Self] = [
            .acknowledged, .rotated, .throttled, .paused, .failing, .recovered, .refused, .blocked, .stopped,
            .alertReplaced, .alertUncertain, .ended, .notArrived, .adjusted, .afterEnd, .advice, .duplicate,
        ]

        /// The name on the wire.
        public var rawValue: String {
            switch self {
            case .acknowledged: "acknowledged"
            case .rotated: "rotated"
            case .throttled: "throttled"
            case .paused: "paused"
            case .failing: "failing"
            case .recovered: "recovered"
            case .refused: "refused"
            case .blocked: "blocked"
            case .stopped: "stopped"
            case .alertReplaced: "alert_replaced"
            case .alertUncertain: "alert_uncertain"
            case .ended: "ended"
            case .notArrived: "not_arrived"
            case .adjusted: "adjusted"
            case .afterEnd: "after_end"
            case .advice: "advice"
            case .duplicate: "duplicate"
            case .other(let name): name
            }
        }
    }
}
