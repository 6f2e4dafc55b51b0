// How models stand in users' files, what is sent to the core, and how what it answers is read: as the API writes it.

import Foundation

/// What goes through the fields of an object, by their names in the API.
protocol Fields {
    mutating func visit<Value: Codable>(_ name: String, _ field: inout Value) throws
    mutating func visit<Value: Codable>(_ name: String, _ field: inout Value?) throws
}

/// An object of the API.
protocol Model: Codable {
    /// The value of its member `type`, where it has one.
    static var type: String? { get }
    var extra: [String: LiveActivity.JSON] { get set }
    /// Without values, to be read.
    init()
    mutating func visit(_ fields: inout some Fields) throws
}

extension Model {
    static var type: String? { nil }

    /// Reads it. Members of unknown names are kept in `extra`.
    public init(from decoder: any Decoder) throws {
        var members = try Members(decoder)
        if let type = Self.type, let given: String = try members.optional("type"), given != type {
            let problem = "type is \(given) instead of \(type)"
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: problem))
        }
        self.init()
        try visit(&members)
        extra = try members.rest()
    }

    /// Writes it, with what is in `extra` beside the known members.
    public func encode(to encoder: any Encoder) throws {
        var (copy, members) = (self, encoder.container(keyedBy: Members.Name.self))
        if var type = Self.type { try members.visit("type", &type) }
        try copy.visit(&members)
        if encoder.isForCore, !extra.isEmpty {
            try members.visit("extra", &copy.extra)
        } else {
            for (name, var value) in extra { try members.visit(name, &value) }
        }
    }
}

/// The members of an object that is read, each to be taken once.
struct Members: Fields {
    private let container: KeyedDecodingContainer<Name>
    private var taken: Set<String> = ["extra"]

    struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(_ decoder: any Decoder) throws { container = try decoder.container(keyedBy: Name.self) }

    mutating func required<Value: Decodable>(_ name: String) throws -> Value {
        taken.insert(name)
        return try container.decode(Value.self, forKey: Name(stringValue: name))
    }

    mutating func optional<Value: Decodable>(_ name: String) throws -> Value? {
        taken.insert(name)
        return try container.decodeIfPresent(Value.self, forKey: Name(stringValue: name))
    }

    mutating func visit<Value: Codable>(_ name: String, _ field: inout Value) throws { field = try required(name) }
    mutating func visit<Value: Codable>(_ name: String, _ field: inout Value?) throws { field = try optional(name) }

    /// A duration. One that is longer than any that Swift takes apart is shortened to such a one.
    mutating func seconds(_ name: String) throws -> Duration? {
        let seconds: Double? = try optional(name)
        return seconds.map { .seconds(min($0, 1e18)) }
    }

    /// What is left, and what stands in `extra`.
    mutating func rest() throws -> [String: LiveActivity.JSON] {
        var rest: [String: LiveActivity.JSON] = try optional("extra") ?? [:]
        for name in container.allKeys where !taken.contains(name.stringValue) {
            rest[name.stringValue] = try container.decode(LiveActivity.JSON.self, forKey: name)
        }
        return rest
    }
}

extension KeyedEncodingContainer: Fields where Key == Members.Name {
    mutating func visit<Value: Codable>(_ name: String, _ field: inout Value) throws {
        try encode(field, forKey: Key(stringValue: name))
    }

    mutating func visit<Value: Codable>(_ name: String, _ field: inout Value?) throws {
        try encodeIfPresent(field, forKey: Key(stringValue: name))
    }
}

extension Encoder {
    /// Whether it writes for the core, where `extra` is a member, and a number that is not finite has a marker.
    fileprivate var isForCore: Bool { userInfo[.isForCore] != nil }
}

extension LiveActivity.State: Codable {
    public init(from decoder: any Decoder) throws { content = try C(from: decoder) }
    public func encode(to encoder: any Encoder) throws { try content.encode(to: encoder) }
}

extension LiveActivity.Number {
    /// Reads a number with all its digits, as far as the decoder keeps them.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let decimal = (try? container.decode(Decimal.self)).map(Self.init(decimal:))
        self = try decimal ?? .init(floating: container.decode(Double.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if !double.isFinite, encoder.isForCore {
            try container.encode(["$activitysmith_kit::unsupported": double.isNaN ? "NaN" : description])
        } else if let integer = Int64(description) {
            try container.encode(integer)
        } else if double.description == description {
            try container.encode(double)
        } else {
            try container.encode(decimal)
        }
    }
}

extension LiveActivity.JSON {
    /// Nearly as deep as the core reads JSON.
    private static let deepest = 120

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let flag = try? container.decode(Bool.self) {
            self = .bool(flag)
        } else if let text = try? container.decode(String.self) {
            self = .string(text)
        } else if let number = try? container.decode(LiveActivity.Number.self) {
            self = .number(number)
        } else if let items = try? container.decode([Self].self) {
            self = .array(items)
        } else {
            self = .object(try container.decode([String: Self].self))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if encoder.isForCore, encoder.codingPath.count >= Self.deepest {
            return try container.encode(["$activitysmith_kit::unsupported": "nested too deep"])
        }
        switch self {
        case .null: try container.encodeNil()
        case .bool(let flag): try container.encode(flag)
        case .number(let number): try container.encode(number)
        case .string(let text): try container.encode(text)
        case .array(let items): try container.encode(items)
        case .object(let members): try container.encode(members)
        }
    }
}

extension LiveActivity.Scalar {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let flag = try? container.decode(Bool.self) {
            self = .flag(flag)
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else {
            self = .number(try container.decode(LiveActivity.Number.self))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .number(let number): try number.encode(to: encoder)
        case .text(let text): try text.encode(to: encoder)
        case .flag(let flag): try flag.encode(to: encoder)
        }
    }
}

/// An object for the core, without the members that are nil.
struct Message: Encodable, ExpressibleByDictionaryLiteral {
    private static let encoder = {
        let encoder = JSONEncoder()
        encoder.userInfo[.isForCore] = true
        encoder.dateEncodingStrategy = .custom { date, encoder in try date.encodeForCore(to: encoder) }
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }()

    private let members: [(String, (any Encodable)?)]

    init(dictionaryLiteral members: (String, (any Encodable)?)...) {
        self.members = members
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Members.Name.self)
        for case (let name, let value?) in members {
            // Durations are in seconds. The components of one that is longer than these count would stop the program.
            let value = (value as? Duration).map { $0 / .seconds(1) } ?? value
            try container.encode(value, forKey: .init(stringValue: name))
        }
    }

    /// It as JSON. The boundary counts bytes in 32 bits, and the core refuses far fewer than those.
    func json() throws(ActivitySmithError) -> Data {
        try checked { try Self.encoder.encode(self).prefix(Int(Int32.max)) }
    }
}

extension Date {
    /// As RFC 3339 has it, to the nearest millisecond: Foundation cuts off what is beyond.
    fileprivate func encodeForCore(to encoder: any Encoder) throws {
        // Foundation stops the program at a date that is not finite.
        guard timeIntervalSince1970.isFinite else {
            return try LiveActivity.Number(timeIntervalSince1970).encode(to: encoder)
        }
        var container = encoder.singleValueContainer()
        try container.encode(addingTimeInterval(0.0005).formatted(ISO8601FormatStyle(includingFractionalSeconds: true)))
    }
}

extension CodingUserInfoKey {
    static let isForCore = Self(rawValue: "isForCore")!
}
