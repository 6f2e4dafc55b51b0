// What all states have in common, and how one is handled without its type.

/// What states, buttons and answers are made of, by the API's own names: in a type of its own, since several would hide
/// types of Foundation and SwiftUI.
public enum LiveActivity {
    /// What a Live Activity can show: one of the seven states, or a ``Change``.
    public protocol Content: Codable, Hashable, Sendable {
        /// The headline; not blank.
        var title: String { get set }
        /// It as a state of any type.
        var anyContent: AnyContent { get }
    }

    /// What a stream can be published with: one of the seven states.
    public protocol Publishable: Content {}

    /// One of a few texts; values newer than this release are kept.
    public protocol Choice: RawRepresentable<String>, CaseIterable, Codable, Hashable, Sendable,
        CustomStringConvertible
    {
        /// A value newer than this release.
        static func other(_ name: String) -> Self
    }

    /// A state: `.progress(title: "Backup", percentage: 0)`. It has the fields of its content and no others.
    @dynamicMemberLookup
    public struct State<C: Content>: Hashable, Sendable {
        /// The state itself.
        public var content: C

        /// An existing state.
        public init(_ content: C) {
            self.content = content
        }

        /// It as a state of any type, for a type that is chosen when the program runs.
        public var erased: State<AnyContent> { .init(content.anyContent) }

        /// A field.
        @_disfavoredOverload
        public subscript<Value>(dynamicMember field: WritableKeyPath<C, Value>) -> Value {
            get { content[keyPath: field] }
            set { content[keyPath: field] = newValue }
        }

        /// A number, which may be of any type.
        public subscript(dynamicMember field: WritableKeyPath<C, Number>) -> any NumberConvertible {
            get { content[keyPath: field] }
            set { content[keyPath: field] = newValue.liveActivityNumber }
        }

        /// A number, which may be of any type.
        public subscript(dynamicMember field: WritableKeyPath<C, Number?>) -> (any NumberConvertible)? {
            get { content[keyPath: field] }
            set { content[keyPath: field] = newValue?.liveActivityNumber }
        }

        /// A scalar: a number of any type, or a text.
        public subscript(dynamicMember field: WritableKeyPath<C, Scalar>) -> any ScalarConvertible {
            get { content[keyPath: field] }
            set { content[keyPath: field] = newValue.liveActivityScalar }
        }
    }
}

extension LiveActivity.Choice {
    /// The one of this name on the wire.
    public init(rawValue: String) {
        self = Self.allCases.first { $0.rawValue == rawValue } ?? .other(rawValue)
    }

    /// The name on the wire.
    public var description: String { rawValue }
}

extension LiveActivity.AnyContent: LiveActivity.Publishable {
    /// It with its own type, where this release has that.
    public var content: (any LiveActivity.Content)? { value as? any LiveActivity.Content }

    /// The headline; not blank. That of a type which this release does not have is out of reach.
    public var title: String {
        get { content?.title ?? "" }
        set {
            guard var content else { return }
            content.title = newValue
            self = content.anyContent
        }
    }

    /// It as a state of any type: itself.
    public var anyContent: Self { self }
}
