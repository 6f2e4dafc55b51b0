// Any JSON: written as literals, read by member and item, and coded like other values of Swift.

import ActivitySmithNative

extension LiveActivity.JsonValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// Any number of Swift.
    public init(_ number: any LiveActivity.NumberConvertible) { self = .number(number.liveActivityNumber) }
    /// `null`
    public init(nilLiteral: ()) { self = .null }
    /// A flag as it is written.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// A number as it is written.
    public init(integerLiteral value: Int64) { self = .number(.integer(value)) }
    /// A number as it is written.
    public init(floatLiteral value: Double) { self = .number(.double(value)) }
    /// A text as it is written.
    public init(stringLiteral value: String) { self = .string(value) }
    /// A list as it is written.
    public init(arrayLiteral items: Self...) { self = .array(items) }
    /// An object as it is written; of members with the same name the last one counts.
    public init(dictionaryLiteral members: (String, Self)...) {
        self = .object(Dictionary(members) { _, last in last })
    }
}

extension LiveActivity.JsonValue {
    /// The member of this name, if this is an object that has it.
    public subscript(name: String) -> Self? {
        if case .object(let members) = self { members[name] } else { nil }
    }

    /// The item at this place, if this is a list that has it.
    public subscript(index: Int) -> Self? {
        if case .array(let items) = self, items.indices.contains(index) { items[index] } else { nil }
    }
}

extension LiveActivity.JsonValue: Codable {
    /// Reads any JSON; integers of 64 bits keep all their digits.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let flag = try? container.decode(Bool.self) {
            self = .bool(flag)
        } else if let integer = try? container.decode(Int64.self) {
            self = .number(.integer(integer))
        } else if let integer = try? container.decode(UInt64.self) {
            self = .number(.large(integer))
        } else if let double = try? container.decode(Double.self) {
            self = .number(.double(double))
        } else if let text = try? container.decode(String.self) {
            self = .string(text)
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
        case .number(.integer(let integer)): try container.encode(integer)
        case .number(.large(let integer)): try container.encode(integer)
        case .number(.double(let double)): try container.encode(double)
        case .string(let text): try container.encode(text)
        case .array(let items): try container.encode(items)
        case .object(let members): try container.encode(members)
        }
    }
}
