// How models stand in users' files, and how what the core answers is read: as the API writes it.

import Foundation

/// The members of an object that is read, each to be taken once.
struct Members {
    private let container: KeyedDecodingContainer<Name>
    private var taken: Set<String> = ["extra"]

    struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// With a type, the object is of that, where it says so.
    init(_ decoder: any Decoder, type: String? = nil) throws {
        container = try decoder.container(keyedBy: Name.self)
        guard let type, let given: String = try optional("type"), given != type else { return }
        let problem = "type is \(given) instead of \(type)"
        throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: problem))
    }

    /// Of which type an object says that it is.
    static func type(_ decoder: any Decoder) throws -> String? {
        var members = try Members(decoder)
        return try members.optional("type")
    }

    mutating func required<Value: Decodable>(_ name: String) throws -> Value {
        taken.insert(name)
        return try container.decode(Value.self, forKey: Name(stringValue: name))
    }

    mutating func optional<Value: Decodable>(_ name: String) throws -> Value? {
        taken.insert(name)
        return try container.decodeIfPresent(Value.self, forKey: Name(stringValue: name))
    }

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

extension Written {
    /// Writes it for an encoder of Swift's.
    func write(for encoder: any Encoder) throws {
        var writer = Writer()
        writer.isForFiles = true
        write(to: &writer)
        if let problem = writer.problem {
            throw EncodingError.invalidValue(
                self, .init(codingPath: encoder.codingPath, debugDescription: "it holds \(problem)"))
        }
        try JSONDecoder().decode(LiveActivity.JSON.self, from: writer.data).encode(to: encoder)
    }
}

extension Model {
    /// Writes it, with what is in `extra` beside the known members.
    public func encode(to encoder: any Encoder) throws { try write(for: encoder) }
}

extension Union {
    /// Writes it, with its `type`.
    public func encode(to encoder: any Encoder) throws { try write(for: encoder) }
}

extension LiveActivity.State: Codable {
    /// Reads it as its content.
    public init(from decoder: any Decoder) throws { content = try C(from: decoder) }
    /// Writes it as its content.
    public func encode(to encoder: any Encoder) throws { try content.encode(to: encoder) }
}

extension LiveActivity.Number {
    /// Reads a number with all its digits, as far as the decoder keeps them.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let integer = try? container.decode(Int64.self) {
            self.init(integer: integer)
        } else if let decimal = try? container.decode(Decimal.self) {
            self.init(decimal: decimal)
        } else {
            self.init(floating: try container.decode(Double.self))
        }
    }

    /// Writes it as a number.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let integer = Int64(description) {
            try container.encode(integer)
        } else if double.description == description {
            try container.encode(double)
        } else {
            try container.encode(decimal)
        }
    }
}

extension LiveActivity.JSON {
    /// Reads any JSON.
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

    /// Writes it as the JSON that it is.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
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
    /// Reads a number, a text or a flag.
    public init(from decoder: any Decoder) throws {
        switch try LiveActivity.JSON(from: decoder) {
        case .number(let number): self = .number(number)
        case .string(let text): self = .text(text)
        case .bool(let flag): self = .flag(flag)
        case .null, .array, .object:
            throw DecodingError.typeMismatch(
                Self.self, .init(codingPath: decoder.codingPath, debugDescription: "no number, text or flag"))
        }
    }

    /// Writes it as a number, a text or a flag.
    public func encode(to encoder: any Encoder) throws {
        try json.encode(to: encoder)
    }
}
