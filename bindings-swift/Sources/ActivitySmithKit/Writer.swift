// Writes JSON for the core. `JSONEncoder` takes many times as long, and throws where a number is not finite, before the
// core can report all that is wrong.

import Foundation

/// What can be written for the core.
protocol Written {
    func write(to writer: inout Writer)
}

/// An object of the API.
protocol Model: Written, Encodable {
    /// Puts its members, as they are for the core and in users' files.
    func put(into members: inout Writer)
}

extension Model {
    func write(to writer: inout Writer) { writer.object(put) }
}

/// One of several objects of the API.
protocol Union: Written, Encodable {
    var value: any Written { get }
}

extension Union {
    func write(to writer: inout Writer) { value.write(to: &writer) }
}

struct Writer {
    /// Far above all that the service takes, and far below what the boundary traps on.
    private static let mostBytes = 64 << 20
    /// As deep as the core reads JSON.
    private static let deepest = 128

    /// For users' files: with what is in `extra` beside the known members.
    var isForFiles = false
    private var bytes: [UInt8] = []
    private var depth = 0
    /// Why what was written cannot cross.
    private(set) var problem: String?

    /// An object for the core.
    static func json(
        of subject: String = "request", _ write: (inout Self) -> Void
    ) throws(ActivitySmithError) -> Data {
        var writer = Self()
        writer.object(write)
        guard let problem = writer.problem else { return writer.data }
        throw subject == "request" ? .refused("holds \(problem)") : .refused(setting: subject, "hold \(problem)")
    }

    var data: Data { Data(bytes) }

    mutating func object(_ write: (inout Self) -> Void) { nest("{", "}", write) }

    mutating func array(_ items: some Sequence<some Written>) {
        nest("[", "]") {
            for item in items {
                $0.separate()
                item.write(to: &$0)
            }
        }
    }

    mutating func put(_ name: String, _ value: (some Written)?) {
        guard let value else { return }
        separate()
        string(name)
        bytes.append(UInt8(ascii: ":"))
        value.write(to: &self)
    }

    mutating func put(extra: [String: LiveActivity.JSON]) {
        if isForFiles { for (name, value) in extra { put(name, value) } } else if !extra.isEmpty { put("extra", extra) }
    }

    mutating func string(_ text: String) {
        guard bytes.count + text.utf8.count <= Self.mostBytes else {
            problem = "a text of more than \(Self.mostBytes) bytes, or that much in all; give less"
            return
        }
        literal("\"")
        var text = text
        text.withUTF8 { characters in
            for character in characters {
                switch character {
                case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), character]
                case 0..<0x10: literal("\\u000" + String(character, radix: 16))
                case 0x10..<0x20: literal("\\u00" + String(character, radix: 16))
                default: bytes.append(character)
                }
            }
        }
        literal("\"")
    }

    /// The marker for a number that JSON cannot hold.
    mutating func unsupported(_ name: String) {
        literal(#"{"$activitysmith_kit::unsupported":"\#(name)"}"#)
        if isForFiles { problem = "a number that is not finite" }
    }

    /// What needs no escapes.
    mutating func literal(_ text: String) { bytes += text.utf8 }

    private mutating func separate() {
        if bytes.last != UInt8(ascii: "{"), bytes.last != UInt8(ascii: "[") { literal(",") }
    }

    private mutating func nest(_ open: String, _ close: String, _ write: (inout Self) -> Void) {
        guard depth < Self.deepest else {
            problem = "JSON that is nested deeper than \(Self.deepest); make it flatter"
            return
        }
        depth += 1
        literal(open)
        write(&self)
        literal(close)
        depth -= 1
    }
}

extension String: Written {
    func write(to writer: inout Writer) { writer.string(self) }
}

extension Bool: Written {
    func write(to writer: inout Writer) { writer.literal(self ? "true" : "false") }
}

extension Duration: Written {
    func write(to writer: inout Writer) { inSeconds.liveActivityNumber.write(to: &writer) }
}

extension LiveActivity.Number: Written {
    /// What JSON cannot hold is marked, so that the core reports it with its path.
    func write(to writer: inout Writer) {
        switch description {
        case "nan": writer.unsupported("NaN")
        case "inf", "-inf": writer.unsupported(description)
        default: writer.literal(description)
        }
    }
}

extension LiveActivity.Choice {
    func write(to writer: inout Writer) { writer.string(rawValue) }
}

extension LiveActivity.JSON: Written {
    func write(to writer: inout Writer) {
        switch self {
        case .null: writer.literal("null")
        case .bool(let flag): flag.write(to: &writer)
        case .number(let number): number.write(to: &writer)
        case .string(let text): writer.string(text)
        case .array(let items): writer.array(items)
        case .object(let members): members.write(to: &writer)
        }
    }
}

extension LiveActivity.Scalar: Written {
    func write(to writer: inout Writer) {
        json.write(to: &writer)
    }
}

extension Array: Written where Element: Written {
    func write(to writer: inout Writer) { writer.array(self) }
}

extension Dictionary: Written where Key == String, Value: Written {
    func write(to writer: inout Writer) {
        writer.object { for (name, value) in self { $0.put(name, value) } }
    }
}
