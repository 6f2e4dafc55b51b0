// Numbers, JSON and what else states hold, written as literals or made from a variable.

import Foundation

extension LiveActivity {
    /// What is a number of the API: any integer or floating-point number of Swift, a `Decimal`, or a ``Number``.
    public protocol NumberConvertible: ScalarConvertible {
        /// It as a number of the API.
        var liveActivityNumber: Number { get }
    }

    /// What a metric can show: a number, a `String`, or a ``Scalar``.
    public protocol ScalarConvertible: Sendable {
        /// The scalar.
        var liveActivityScalar: Scalar { get }
    }

    /// A number with all its digits. One that is not finite is refused when it is sent.
    public struct Number: NumberConvertible, Codable, Hashable, Comparable, CustomStringConvertible {
        /// Its digits, as JSON has them; else `nan`, `inf` or `-inf`.
        public let description: String

        /// Any number of Swift.
        public init(_ number: any NumberConvertible) { self = number.liveActivityNumber }

        /// A `Float` goes through its shortest decimal, so that 0.1 stays 0.1; and 42.0 is the same number as 42.
        init(floating: some BinaryFloatingPoint & CustomStringConvertible) {
            let double = Double(floating.description) ?? Double(floating)
            description = Int64(exactly: double)?.description ?? double.description
        }

        init(integer: some BinaryInteger) { description = integer.description }

        /// One that a double holds is written as that.
        init(decimal: Decimal) {
            let nearest = Self(floating: Double(decimal.description) ?? .nan)
            description = decimal.isNaN || nearest.decimal == decimal ? nearest.description : decimal.description
        }

        /// The nearest double.
        public var double: Double { Double(description) ?? .nan }
        public var liveActivityNumber: Self { self }

        var decimal: Decimal { Decimal(string: description) ?? .nan }

        public static func < (left: Self, right: Self) -> Bool {
            if let (left, right) = decimals(left, right) { left < right } else { left.double < right.double }
        }

        /// The sum, with all its digits.
        public static func + (left: Self, right: Self) -> Self {
            let sum = decimals(left, right).map(+) ?? .nan
            return sum.isNaN ? .init(floating: left.double + right.double) : .init(decimal: sum)
        }

        /// Both as decimals, where they are not too large or too small for these.
        private static func decimals(_ left: Self, _ right: Self) -> (Decimal, Decimal)? {
            left.decimal.isNaN || right.decimal.isNaN ? nil : (left.decimal, right.decimal)
        }
    }

    /// The value of a metric, a number or a text; or a value of metadata, which may be a flag too.
    public enum Scalar: ScalarConvertible, Codable, Hashable {
        /// A finite number; in a ``Metric``, 0 or more.
        case number(Number)
        /// A text: in a ``Metric`` of 1 to 64 characters, in a detail of 4,000 at most.
        case text(String)
        /// True or false.
        case flag(Bool)

        /// A number of Swift, or a text.
        public init(_ scalar: any ScalarConvertible) { self = scalar.liveActivityScalar }
        /// A flag.
        public init(_ flag: Bool) { self = .flag(flag) }
        public var liveActivityScalar: Self { self }
    }

    /// Any JSON: what a webhook is called with, and fields newer than this release.
    public enum JSON: Codable, Hashable, Sendable {
        /// `null`
        case null
        /// `true` or `false`
        case bool(Bool)
        /// A number, with all its digits.
        case number(Number)
        /// A text.
        case string(String)
        /// A list.
        case array([Self])
        /// An object; its members have no order.
        case object([String: Self])

        /// Any number of Swift.
        public init(_ number: any NumberConvertible) { self = .number(number.liveActivityNumber) }

        /// The member of this name, if this is an object that has it.
        public subscript(name: String) -> Self? {
            if case .object(let members) = self { members[name] } else { nil }
        }

        /// The item at this place, if this is a list that has it.
        public subscript(index: Int) -> Self? {
            if case .array(let items) = self, items.indices.contains(index) { items[index] } else { nil }
        }
    }
}

/// Adds to a number of a state: `live.update { $0.percentage += 1 }`. One that is absent counts as 0.
public func += (number: inout (any LiveActivity.NumberConvertible)?, more: some LiveActivity.NumberConvertible) {
    number = (number?.liveActivityNumber ?? 0) + more.liveActivityNumber
}

/// Adds to a number of a state: `live.update { $0.currentStep += 1 }`.
public func += (number: inout any LiveActivity.NumberConvertible, more: some LiveActivity.NumberConvertible) {
    number = number.liveActivityNumber + more.liveActivityNumber
}

extension LiveActivity.NumberConvertible {
    public var liveActivityScalar: LiveActivity.Scalar { .number(liveActivityNumber) }
}

extension LiveActivity.NumberConvertible where Self: BinaryInteger {
    public var liveActivityNumber: LiveActivity.Number { .init(integer: self) }
}

extension LiveActivity.NumberConvertible where Self: BinaryFloatingPoint & CustomStringConvertible {
    public var liveActivityNumber: LiveActivity.Number { .init(floating: self) }
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
extension Double: LiveActivity.NumberConvertible {}
extension CGFloat: LiveActivity.NumberConvertible {}

extension Decimal: LiveActivity.NumberConvertible {
    public var liveActivityNumber: LiveActivity.Number { .init(decimal: self) }
}

extension String: LiveActivity.ScalarConvertible {
    public var liveActivityScalar: LiveActivity.Scalar { .text(self) }
}

// As they are written in a program.

extension LiveActivity.Number: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral {
    public init(integerLiteral value: Int64) { self.init(integer: value) }
    public init(floatLiteral value: Double) { self.init(floating: value) }
}

extension LiveActivity.Scalar: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByStringLiteral,
    ExpressibleByBooleanLiteral
{
    public init(integerLiteral value: Int64) { self = .number(.init(integer: value)) }
    public init(floatLiteral value: Double) { self = .number(.init(floating: value)) }
    public init(stringLiteral value: String) { self = .text(value) }
    public init(booleanLiteral value: Bool) { self = .flag(value) }
}

extension LiveActivity.JSON: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(nilLiteral: ()) { self = .null }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(integerLiteral value: Int64) { self = .number(.init(integer: value)) }
    public init(floatLiteral value: Double) { self = .number(.init(floating: value)) }
    public init(stringLiteral value: String) { self = .string(value) }
    public init(arrayLiteral items: Self...) { self = .array(items) }
    /// Of members with the same name the last one counts.
    public init(dictionaryLiteral members: (String, Self)...) {
        self = .object(Dictionary(members) { _, last in last })
    }
}
