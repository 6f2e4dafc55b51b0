// How numbers, readouts, details and JSON are written in Swift: as literals, or made from a variable.

import ActivitySmithNative

extension LiveActivity {
    /// What is a number of the API: any integer or floating-point number of Swift, or a ``LiveActivity/Number``.
    public protocol NumberConvertible: ReadoutConvertible {
        /// It as a number of the API.
        var liveActivityNumber: Number { get }
    }

    /// What a figure can show: a number, a `String`, or a ``LiveActivity/Readout``.
    public protocol ReadoutConvertible: Sendable {
        /// It as a readout.
        var liveActivityReadout: Readout { get }
    }
}

extension LiveActivity.NumberConvertible {
    /// It as a readout.
    public var liveActivityReadout: LiveActivity.Readout { .number(liveActivityNumber) }
}

extension LiveActivity.NumberConvertible where Self: BinaryInteger {
    /// It as a number, all its digits kept; one that 64 bits do not hold becomes a double, which is refused when sent.
    public var liveActivityNumber: LiveActivity.Number {
        if let integer = Int64(exactly: self) { return .integer(integer) }
        if let integer = UInt64(exactly: self) { return .large(integer) }
        return .double(Double(self))
    }
}

extension LiveActivity.NumberConvertible where Self: BinaryFloatingPoint & LosslessStringConvertible {
    /// It as a number; through its shortest decimal, so that a `Float` of 0.1 stays 0.1.
    public var liveActivityNumber: LiveActivity.Number { .double(Double(description) ?? Double(self)) }
}

extension Int: LiveActivity.NumberConvertible {}
extension Int8: LiveActivity.NumberConvertible {}
extension Int16: LiveActivity.NumberConvertible {}
extension Int32: LiveActivity.NumberConvertible {}
extension Int64: LiveActivity.NumberConvertible {}
extension UInt: LiveActivity.NumberConvertible {}
extension UInt8: LiveActivity.NumberConvertible {}
extension UInt16: LiveActivity.NumberConvertible {}
extension UInt32: LiveActivity.NumberConvertible {}
extension UInt64: LiveActivity.NumberConvertible {}
extension Float: LiveActivity.NumberConvertible {}

extension Double: LiveActivity.NumberConvertible {
    /// It as a number.
    public var liveActivityNumber: LiveActivity.Number { .double(self) }
}

extension String: LiveActivity.ReadoutConvertible {
    /// It as a text that is shown exactly as given.
    public var liveActivityReadout: LiveActivity.Readout { .text(self) }
}

extension LiveActivity.Number: LiveActivity.NumberConvertible, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral {
    /// Any number of Swift.
    public init(_ number: any LiveActivity.NumberConvertible) { self = number.liveActivityNumber }
    /// A number as it is written.
    public init(integerLiteral value: Int64) { self = .integer(value) }
    /// A number as it is written.
    public init(floatLiteral value: Double) { self = .double(value) }
    /// It as a number: itself.
    public var liveActivityNumber: LiveActivity.Number { self }

    /// The nearest double.
    public var double: Double {
        switch self {
        case .integer(let integer): Double(integer)
        case .large(let integer): Double(integer)
        case .double(let double): double
        }
    }
}

extension LiveActivity.Readout: LiveActivity.ReadoutConvertible, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByStringLiteral
{
    /// A number of Swift, or a text.
    public init(_ readout: any LiveActivity.ReadoutConvertible) { self = readout.liveActivityReadout }
    /// A number as it is written.
    public init(integerLiteral value: Int64) { self = .number(.integer(value)) }
    /// A number as it is written.
    public init(floatLiteral value: Double) { self = .number(.double(value)) }
    /// A text as it is written.
    public init(stringLiteral value: String) { self = .text(value) }
    /// It as a readout: itself.
    public var liveActivityReadout: LiveActivity.Readout { self }
}

extension LiveActivity.MetadataValue: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByStringLiteral, ExpressibleByBooleanLiteral
{
    /// Any number of Swift.
    public init(_ number: any LiveActivity.NumberConvertible) { self = .number(number.liveActivityNumber) }
    /// A text.
    public init(_ text: String) { self = .text(text) }
    /// A flag.
    public init(_ flag: Bool) { self = .flag(flag) }
    /// A number as it is written.
    public init(integerLiteral value: Int64) { self = .number(.integer(value)) }
    /// A number as it is written.
    public init(floatLiteral value: Double) { self = .number(.double(value)) }
    /// A text as it is written.
    public init(stringLiteral value: String) { self = .text(value) }
    /// A flag as it is written.
    public init(booleanLiteral value: Bool) { self = .flag(value) }
}

extension LiveActivity.Icon: ExpressibleByStringLiteral {
    /// The icon of this SF Symbol.
    public init(stringLiteral symbol: String) { self.init(symbol: symbol) }
}

extension LiveActivity.Badge: ExpressibleByStringLiteral {
    /// The badge of this label.
    public init(stringLiteral title: String) { self.init(title: title) }
}
