// The shared vectors in Swift: what is sent for a typed request, and what becomes of an answer.

@testable import ActivitySmithKit
import Foundation
import Testing

/// Cases of `requests.json` that no program in Swift can state, since the types forbid it.
private let notExpressible: Set<String> = [
    "a body that is no JSON",
    "a body that is no object",
    "a field of another type",
    "a fraction on the icon",
    "a final state need not be whole",
    "a key and a state that are both wrong",
    "a link cannot be posted to",
    "a segmented state that could not start one",
    "a state's field beside the state",
    "a target of nothing",
    "a timer that runs backwards",
    "alert without a message",
    "an end has no channels",
    "an end with a final state",
    "both forms agree, in another order",
    "channels in the other form",
    "channels that are no slugs",
    "channels that contradict the target",
    "dismissal given twice",
    "dismissal may stand in a stream's state, as the API allows",
    "empty channels in the other form",
    "extra that is no object",
    "icon and badge that say nothing",
    "icon as text",
    "metrics of every wrong kind, all told at once",
    "nested metadata",
    "no state",
    "no title",
    "null is not absence",
    "percentage as text",
    "progress value as text",
    "subtitel",
    "tags of every wrong form",
]

/// Cases whose JSON has a key twice, which a dictionary of Swift cannot have.
private let sayItTwice: Set<String> = ["the same field twice", "extra loses no digits either"]

@Suite struct VectorTests {
    typealias Json = LiveActivity.JSON

    @Test func requestsAreSentOrRefusedAsTheVectorsSay() async throws {
        let server = try LoopbackServer { _ in .init(body: #"{"operation":"updated"}"#) }
        let client = try ActivitySmith(apiKey: "ask_test_vectors", baseURL: server.baseURL)
        var mismatches: Set<String> = []
        for vector in try cases(of: "requests") {
            let name = text(vector["name"])
            if sayItTwice.contains(name) { continue }
            do {
                let violations = try await violations(of: vector, by: client)
                if let expected = vector["expect"]?["violations"] {
                    #expect(violations == pairs(expected), "\(name)")
                    continue
                }
                #expect(violations == [], "\(name)")
                let sent = try #require(await server.next())
                #expect(sent.method == text(vector["method"]), "\(name)")
                let path = vector["stream_key"].map { "live-activity/stream/\(text($0))" } ?? "badge"
                #expect(sent.path == "/api/\(path)", "\(name)")
                let expected = try #require(vector["expect"]?["body"])
                let body: Json = sent.body.isEmpty ? .null : try json(in: Data(sent.body.utf8))
                #expect(body == expected, "\(name)")
                #expect(sent.body.firstRange(of: /\.0[,}\]]/) == nil, "an integer has a fraction: \(name)")
            } catch is Mismatch {
                mismatches.insert(name)
            }
        }
        #expect(mismatches == notExpressible)
    }

    @Test func answersComeBackAsTheVectorsSay() async throws {
        for vector in try cases(of: "responses") {
            let name = text(vector["name"])
            let answer = LoopbackServer.Answer(
                status: number(vector["status"]), headers: headers(of: vector), body: try body(of: vector))
            let server = try LoopbackServer { _ in answer }
            let client = try ActivitySmith(apiKey: "ask_test_vectors", baseURL: server.baseURL, maxRetries: 0)
            switch await result(of: vector, by: client) {
            case .success(let (outcome, facts)):
                #expect(.object(outcome) == vector["expect"]?["outcome"], "\(name)")
                if let limits = vector["expect"]?["rate_limits"] {
                    #expect(Json.array(facts.rateLimits.map { .object(members(of: $0)) }) == limits, "\(name)")
                }
            case .failure(.api(let failure)):
                guard case .object(let members) = vector["expect"]?["error"] else {
                    Issue.record("\(name): \(failure)")
                    continue
                }
                let all = self.members(of: failure)
                for (member, value) in members {
                    #expect(all[member] ?? .null == value, "\(name): \(member)")
                }
            case .failure(let error):
                Issue.record("\(name): \(error)")
            }
        }
    }

    private func result(
        of vector: Json, by client: ActivitySmith
    ) async -> Result<([String: Json], LiveActivity.ResponseFacts), ActivitySmithError> {
        do {
            if vector["method"] == "POST" {
                let answer = try await client.badgeCount(1)
                return .success((outcome(of: answer, answer.extra), answer.facts))
            }
            let answer =
                vector["method"] == "DELETE"
                ? try await client.liveActivities.endStream("k")
                : try await client.liveActivities.stream("k", .progress(title: "T", percentage: 7))
            return .success((outcome(of: answer, answer.extra), answer.facts))
        } catch {
            return .failure(error)
        }
    }

    /// Makes the call of a case, and gives back what the kit finds wrong with it.
    private func violations(of vector: Json, by client: ActivitySmith) async throws -> [[String]] {
        let body = try self.body(of: vector)
        let streamKey = text(vector["stream_key"])
        do {
            if vector["method"] == "POST" {
                let request = try BadgeCase(body)
                try await client.badgeCount(request.badge, channels: request.channels)
            } else if vector["method"] == "DELETE" {
                let request = try EndCase(body).request
                try await client.liveActivities.endStream(
                    streamKey, request.contentState.map(LiveActivity.State.init),
                    autoDismissSeconds: request.autoDismissSeconds, autoDismissMinutes: request.autoDismissMinutes,
                    action: request.action, secondaryAction: request.secondaryAction, alert: request.alert,
                    tags: request.tags, metadata: request.metadata, extra: request.extra)
            } else {
                let request = try StreamCase(body).request
                try await client.liveActivities.stream(
                    streamKey, .init(request.contentState), action: request.action,
                    secondaryAction: request.secondaryAction, alert: request.alert, channels: request.channels,
                    tags: request.tags, metadata: request.metadata, extra: request.extra)
            }
        } catch ActivitySmithError.validation(let failure) {
            return failure.violations.map { [$0.path, $0.code.description] }.sorted { $0.joined() < $1.joined() }
        }
        return []
    }

    private func cases(of file: String) throws -> [Json] {
        let folder = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../../tests/vectors").standardized
        let data = try Data(contentsOf: folder.appendingPathComponent("\(file).json"))
        guard case .array(let cases) = try JSONDecoder().decode(Json.self, from: data)["cases"] else { return [] }
        try #require(!cases.isEmpty)
        return cases
    }

    private func body(of vector: Json) throws -> String {
        if let text = vector["body_text"] { return self.text(text) }
        return String(decoding: try JSONEncoder().encode(vector["body"]), as: UTF8.self)
    }

    private func headers(of vector: Json) -> [String: String] {
        guard case .object(let headers) = vector["headers"] else { return [:] }
        // No server can send control characters, and no client would read them.
        return headers.mapValues(text).filter { !$0.value.contains { ($0.asciiValue ?? 0x20) < 0x20 } }
    }

    private func pairs(_ violations: Json) -> [[String]] {
        guard case .array(let items) = violations else { return [] }
        return items.map { [text($0["path"]), text($0["code"])] }.sorted { $0.joined() < $1.joined() }
    }

    private func text(_ json: Json?) -> String {
        if case .string(let text) = json { text } else { "" }
    }

    private func number(_ json: Json?) -> Int {
        if case .number(let number) = json { Int(number.double) } else { 0 }
    }

    /// As the API writes it: what is newer than this release stands beside what is known.
    private func outcome(of answer: Any, _ extra: [String: Json]) -> [String: Json] {
        let newer = extra.filter { $0.key != "facts" && $0.key != "operation" }
        return newer.merging(members(of: answer)) { _, known in known }
    }

    /// The properties of what the core has answered, by the API's own names.
    private func members(of answer: Any) -> [String: Json] {
        var members: [String: Json] = [:]
        for (label, value) in Mirror(reflecting: answer).children {
            guard var name = label?.replacing(/[A-Z]/, with: { "_" + $0.output.lowercased() }) else { continue }
            switch value {
            case let text as String: members[name] = .string(text)
            case let flag as Bool: members[name] = .bool(flag)
            case let number as UInt64: members[name] = .init(number)
            case let texts as [String]: members[name] = .array(texts.map(Json.string))
            case let choice as any LiveActivity.Choice: members[name] = .string(choice.rawValue)
            case let duration as Duration:
                name += "_seconds"
                members[name] = .init(duration / .seconds(1))
            case let summary as FailureSummary:
                members["kind"] = .string(summary.kind)
                members["transient"] = .bool(summary.isTransient)
            case let kind as LiveActivity.ApiErrorKind:
                // What a kind holds beside its name.
                for (_, held) in Mirror(reflecting: kind).children {
                    let fields = Mirror(reflecting: held)
                    let ofOne = fields.displayStyle != .tuple
                    members.merge(self.members(of: ofOne ? kind : held)) { _, new in new }
                }
            default: continue
            }
        }
        return members
    }
}

private func json(in data: Data) throws -> LiveActivity.JSON {
    try JSONDecoder().decode(LiveActivity.JSON.self, from: data)
}

/// A case that no program in Swift can state.
struct Mismatch: Error {}

/// The parameters of a call, from the body of a case. Everything in that is one of them, and is handed on as it is.
private protocol Case: Decodable {
    associatedtype Request: Encodable
    var request: Request { get }
}

extension Case {
    fileprivate init(_ body: String) throws {
        let data = Data(body.utf8)
        guard let decoded = try? JSONDecoder().decode(Self.self, from: data) else { throw Mismatch() }
        self = decoded
        let written = try (["body": request] as Message).json()
        guard case .object(var handedOn) = try json(in: written)["body"] else { throw Mismatch() }
        if handedOn["extra"] == [:] { handedOn["extra"] = nil }
        if try json(in: data) != .object(handedOn) { throw Mismatch() }
    }
}

private struct StreamCase: Case {
    let request: StreamRequest

    init(from decoder: any Decoder) throws {
        var members = try Members(decoder)
        request = StreamRequest(
            contentState: try members.required("content_state"), action: try members.optional("action"),
            secondaryAction: try members.optional("secondary_action"), alert: try members.optional("alert"),
            channels: try members.optional("channels"), tags: try members.optional("tags"),
            metadata: try members.optional("metadata"), extra: try members.rest())
    }
}

private struct BadgeCase: Decodable {
    let badge: Int
    let channels: [String]?

    init(_ body: String) throws {
        guard let decoded = try? JSONDecoder().decode(Self.self, from: Data(body.utf8)) else { throw Mismatch() }
        self = decoded
    }
}

private struct EndCase: Case {
    let request: EndRequest

    init(from decoder: any Decoder) throws {
        var members = try Members(decoder)
        request = EndRequest(
            contentState: try members.optional("content_state"),
            autoDismissSeconds: try members.optional("auto_dismiss_seconds"),
            autoDismissMinutes: try members.optional("auto_dismiss_minutes"), action: try members.optional("action"),
            secondaryAction: try members.optional("secondary_action"), alert: try members.optional("alert"),
            tags: try members.optional("tags"), metadata: try members.optional("metadata"), extra: try members.rest())
    }
}
