// What turns the JSON of the shared vectors into typed values, and typed answers into JSON. The models' own part is
// generated.

import ActivitySmithKit
import Foundation

/// A case that a program in Swift could not be compiled with.
struct Misfit: Error {}

/// What can be made of JSON of just its type.
protocol Fitting {
    init(fitting json: LiveActivity.JsonValue) throws(Misfit)
}

/// One of a few, by its name on the wire.
protocol NamedFitting: Fitting, CaseIterable, CustomStringConvertible {}

extension NamedFitting {
    init(fitting json: LiveActivity.JsonValue) throws(Misfit) {
        guard case .string(let name) = json, let value = Self.allCases.first(where: { $0.description == name }) else {
            throw Misfit()
        }
        self = value
    }
}

/// The members of an object, each to be taken once.
struct Members {
    private var left: [String: LiveActivity.JsonValue]

    init(_ json: LiveActivity.JsonValue, type: String?) throws(Misfit) {
        guard case .object(let members) = json else { throw Misfit() }
        left = members
        if let type, left.removeValue(forKey: "type") != .string(type) { throw Misfit() }
    }

    mutating func required<Value: Fitting>(_ name: String) throws(Misfit) -> Value {
        guard let value = left.removeValue(forKey: name) else { throw Misfit() }
        return try Value(fitting: value)
    }

    mutating func optional<Value: Fitting>(_ name: String) throws(Misfit) -> Value? {
        left[name] == nil ? nil : try required(name)
    }

    mutating func extra() throws(Misfit) -> [String: LiveActivity.JsonValue] {
        try optional("extra") ?? [:]
    }

    func end() throws(Misfit) {
        guard left.isEmpty else { throw Misfit() }
    }
}

extension String: Fitting {
    init(fitting json: LiveActivity.JsonValue) throws(Misfit) {
        guard case .string(let text) = json else { throw Misfit() }
        self = text
    }
}

extension Bool: Fitting {
    init(fitting json: LiveActivity.JsonValue) throws(Misfit) {
        guard case .bool(let flag) = json else { throw Misfit() }
        self = flag
    }
}

extension LiveActivity.Number: Fitting {
    init(fitting json: LiveActivity.JsonValue) throws(Misfit) {
        guard case .number(let number) = json else { throw Misfit() }
        self = number
    }
}

extension LiveActivity.Readout: Fitting {
    init(fitting json: LiveActivity.JsonValue) throws(Misfit) {
        switch json {
        case .number(let number): self = .number(number)
        case .string(let text): self = .text(text)
        default: throw Misfit()
        }
    }
}

extension LiveActivity.MetadataValue: Fitting {
    init(fitting json: LiveActivity.JsonValue) throws(Misfit) {
        switch json {
        case .number(let number): self = .number(number)
        case .string(let text): self = .text(text)
        case .bool(let flag): self = .flag(flag)
        default: throw Misfit()
        }
    }
}

extension LiveActivity.JsonValue: Fitting {
    init(fitting json: LiveActivity.JsonValue) throws(Misfit) {
        self = json
    }
}

extension Array: Fitting where Element: Fitting {
    init(fitting json: LiveActivity.JsonValue) throws(Misfit) {
        guard case .array(let items) = json else { throw Misfit() }
        self = []
        for item in items { append(try Element(fitting: item)) }
    }
}

extension Dictionary: Fitting where Key == String, Value: Fitting {
    init(fitting json: LiveActivity.JsonValue) throws(Misfit) {
        guard case .object(let members) = json else { throw Misfit() }
        self = [:]
        for (name, value) in members { self[name] = try Value(fitting: value) }
    }
}

extension String {
    var json: LiveActivity.JsonValue { .string(self) }
}

extension Bool {
    var json: LiveActivity.JsonValue { .bool(self) }
}

extension UInt64 {
    var json: LiveActivity.JsonValue { .init(self) }
}

extension [String] {
    var json: LiveActivity.JsonValue { .array(map(LiveActivity.JsonValue.string)) }
}

extension LiveActivity.Operation {
    var json: LiveActivity.JsonValue { .string(description) }
}

extension LiveActivity.JsonValue {
    static func parse(_ text: String) throws -> Self {
        try JSONDecoder().decode(Self.self, from: Data(text.utf8))
    }

    /// With each number in one form, so that equal numbers are equal values.
    var plain: Self {
        switch self {
        case .number(.double(let double)): Int64(exactly: double).map { .number(.integer($0)) } ?? self
        case .array(let items): .array(items.map(\.plain))
        case .object(let members): .object(members.mapValues(\.plain))
        case .null, .bool, .number, .string: self
        }
    }
}
