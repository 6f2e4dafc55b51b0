// Keeps values from crossing to the core that UniFFI traps on: more text than its 32-bit lengths count, and JSON nested
// so deep that writing it would overflow the stack. Everything else that may be wrong is for the core to find.

import ActivitySmithNative

/// Adds up what a call carries.
struct Scale {
    /// Far above all that the service takes, and far below what traps.
    private static let mostBytes = 64 << 20
    /// As deep as the core reads JSON.
    private static let deepest = 128

    private(set) var bytes = 0
    private(set) var isTooDeep = false
    private var depth = 0

    mutating func add(_ text: String) {
        bytes += text.utf8.count
        addItem()
    }

    /// Something that has no text, of which there can be too many all the same.
    mutating func addItem() {
        bytes += 1
    }

    /// Goes into a list or an object, unless that is too deep.
    mutating func descend(_ weigh: (inout Scale) -> Void) {
        addItem()
        guard depth < Self.deepest else {
            isTooDeep = true
            return
        }
        depth += 1
        weigh(&self)
        depth -= 1
    }

    /// Refuses a request that cannot cross.
    static func check(_ values: [any Weighed]) throws(ActivitySmithError) {
        var scale = Scale()
        for value in values {
            value.weigh(on: &scale)
        }
        if scale.bytes > mostBytes {
            let problem = "request holds \(scale.bytes) bytes; give at most \(mostBytes)"
            throw .refusing(.tooLong, problem)
        }
        if scale.isTooDeep {
            throw .refusing(.tooLong, "request holds JSON that is nested deeper than \(deepest); make it flatter")
        }
    }

    /// Refuses settings that cannot cross.
    static func check(_ settings: [String?]) throws(ActivitySmithError) {
        for setting in settings where (setting?.utf8.count ?? 0) > mostBytes {
            let problem = "hold a text of more than \(mostBytes) bytes; give a shorter one"
            let summary = FailureSummary.ofNothingSent(kind: "config", "settings \(problem)")
            throw .config(.init(summary: summary, setting: "settings", problem: problem))
        }
    }
}

extension ActivitySmithError {
    fileprivate static func refusing(_ code: LiveActivity.ViolationCode, _ message: String) -> Self {
        let violation = LiveActivity.Violation(path: "request", code: code, message: message)
        let summary = FailureSummary.ofNothingSent(kind: "validation", "nothing was sent: \(message)")
        return .validation(.init(summary: summary, violations: [violation]))
    }
}

/// What has texts in it.
protocol Weighed {
    func weigh(on scale: inout Scale)
}

extension String: Weighed {
    func weigh(on scale: inout Scale) {
        scale.add(self)
    }
}

extension Array: Weighed where Element: Weighed {
    func weigh(on scale: inout Scale) {
        for element in self {
            element.weigh(on: &scale)
        }
    }
}

extension Dictionary: Weighed where Key == String, Value: Weighed {
    func weigh(on scale: inout Scale) {
        for (key, value) in self {
            scale.add(key)
            value.weigh(on: &scale)
        }
    }
}

extension LiveActivity.Color: Weighed {
    func weigh(on scale: inout Scale) {
        scale.addItem()
    }
}

extension LiveActivity.Readout: Weighed {
    func weigh(on scale: inout Scale) {
        if case .text(let text) = self { scale.add(text) } else { scale.addItem() }
    }
}

extension LiveActivity.MetadataValue: Weighed {
    func weigh(on scale: inout Scale) {
        if case .text(let text) = self { scale.add(text) } else { scale.addItem() }
    }
}

extension LiveActivity.JsonValue: Weighed {
    func weigh(on scale: inout Scale) {
        switch self {
        case .string(let text): scale.add(text)
        case .array(let items): scale.descend { items.weigh(on: &$0) }
        case .object(let members): scale.descend { members.weigh(on: &$0) }
        case .null, .bool, .number: scale.addItem()
        }
    }
}
