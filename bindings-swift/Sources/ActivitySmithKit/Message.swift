// What is sent to the core: an object as JSON.

import Foundation

/// An object for the core, without the members that are nil.
struct Message: Encodable, ExpressibleByDictionaryLiteral {
    private static let encoder = {
        let encoder = JSONEncoder()
        encoder.userInfo[.isForCore] = true
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

extension CodingUserInfoKey {
    static let isForCore = Self(rawValue: "isForCore")!
}
