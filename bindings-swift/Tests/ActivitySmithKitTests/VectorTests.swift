// The shared vectors in Swift: what is sent for a typed request, and what becomes of an answer.

@testable import ActivitySmithKit
import Foundation
import Testing

/// Cases of `requests.json` that no program in Swift can state, since the types forbid it.
private let notExpressible: Set<String> = [
    "a body that is no JSON",
    "a body that is no object",
    "a field of another type",
    "a final state need not be whole",
    "a key and a state that are both wrong",
    "a link cannot be posted to",
    "a metric at a time in words",
    "a metric at a time that is a date",
    "a metric at a time that is a number",
    "a metric at a time that no calendar has",
    "a metric at a time without a zone",
    "a metric at a time without its fraction",
    "a metric of a text",
    "a push whose channels and target agree",
    "a push whose channels and target differ",
    "a push with a misspelt field",
    "a push without a headline",
    "a replacement has no recipients of its own",
    "a segmented state that could not start one",
    "a start cannot say when it leaves",
    "a start that is not whole",
    "a start with everything",
    "a state's field beside the state",
    "a target of nothing",
    "a timer that runs backwards",
    "alert without a message",
    "an end has no channels",
    "an end of an activity leaves in minutes",
    "an end of an activity that says twice when it leaves",
    "an end with a final state",
    "an update has neither an alert nor recipients",
    "an update knows how many steps there are",
    "an update that says nothing of its type",
    "an update without anything",
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

    private static let unreserved = CharacterSet.alphanumerics.union(.init(charactersIn: "-._~"))

    @Test func requestsAreSentOrRefusedAsTheVectorsSay() async throws {
        let server = try LoopbackServer { _ in .init(body: #"{"operation":"updated"}"#) }
        let client = try ActivitySmith(apiKey: "ask_test_vectors", baseURL: server.baseURL)
        let endpoints = try self.endpoints()
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
                let endpoint = try #require(endpoints[text(vector["endpoint"])])
                let key = try #require(text(vector["key"]).addingPercentEncoding(withAllowedCharacters: Self.unreserved))
                #expect(sent.method == text(endpoint["method"]), "\(name)")
                #expect(sent.path == "/api" + text(endpoint["path"]).replacing(/{.*}/, with: key), "\(name)")
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
            switch try await result(of: vector, by: client) {
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
    ) async throws -> Result<([String: Json], LiveActivity.ResponseFacts), ActivitySmithError> {
        let bodies: [String: Json] = [
            "stream": ["content_state": ["type": "value", "title": "T", "value": 7]],
            "start": ["content_state": ["type": "value", "title": "T", "value": 7]],
            "update": ["activity_id": "a", "content_state": ["title": "T"]],
            "end": ["activity_id": "a", "content_state": ["title": "T"]],
            "push": ["title": "T"], "replace_push": ["title": "T"], "metric": ["value": 7], "badge": ["badge": 1],
        ]
        let endpoint = text(vector["endpoint"])
        do {
            let answer = try await call(endpoint, "k", Body(bodies[endpoint] ?? [:]), by: client)
            return .success((outcome(of: answer, answer.extra), answer.facts))
        } catch let error as ActivitySmithError {
            return .failure(error)
        }
    }

    /// Makes the call of a case, and gives back what the kit finds wrong with it.
    private func violations(of vector: Json, by client: ActivitySmith) async throws -> [[String]] {
        guard let body = try? json(in: Data(self.body(of: vector).utf8)) else { throw Mismatch() }
        do {
            _ = try await call(text(vector["endpoint"]), text(vector["key"]), Body(body), by: client)
        } catch ActivitySmithError.validation(let failure) {
            return failure.violations.map { [$0.path, $0.code.description] }.sorted { $0.joined() < $1.joined() }
        }
        return []
    }

    /// Calls an endpoint with a key and a body.
    private func call(
        _ endpoint: String, _ key: String, _ body: Body, by client: ActivitySmith
    ) async throws -> any Response {
        let (activities, notifications) = (client.liveActivities, client.notifications)
        switch endpoint {
        case "stream":
            return try await activities.stream(
                key, body.state(), action: body["action"], secondaryAction: body["secondary_action"],
                alert: body["alert"], channels: body["channels"], tags: body["tags"], metadata: body["metadata"],
                extra: body.extra())
        case "end_stream":
            return try await activities.endStream(
                key, body.stateIfAny(), autoDismissSeconds: body["auto_dismiss_seconds"] as LiveActivity.Number?,
                autoDismissMinutes: body["auto_dismiss_minutes"] as LiveActivity.Number?, action: body["action"],
                secondaryAction: body["secondary_action"], alert: body["alert"], tags: body["tags"],
                metadata: body["metadata"], extra: body.extra())
        case "start":
            return try await activities.start(
                body.state(), action: body["action"], secondaryAction: body["secondary_action"], alert: body["alert"],
                channels: body["channels"], tags: body["tags"], metadata: body["metadata"], extra: body.extra())
        case "update":
            return try await activities.update(
                body.required("activity_id"), body.state(), action: body["action"],
                secondaryAction: body["secondary_action"], tags: body["tags"], metadata: body["metadata"],
                extra: body.extra())
        case "end":
            return try await activities.end(
                body.required("activity_id"), body.state(),
                autoDismissMinutes: body["auto_dismiss_minutes"] as LiveActivity.Number?, action: body["action"],
                secondaryAction: body["secondary_action"], tags: body["tags"], metadata: body["metadata"],
                extra: body.extra())
        case "push":
            return try await notifications.send(
                body.required("title"), message: body["message"], subtitle: body["subtitle"], icon: body["icon"],
                media: body["media"], redirection: body["redirection"], actions: body["actions"],
                payload: body["payload"], badge: body["badge"] as LiveActivity.Number?, tags: body["tags"],
                metadata: body["metadata"], sound: body["sound"], interruptionLevel: body["interruption_level"],
                channels: body["channels"], extra: body.extra())
        case "replace_push":
            return try await notifications.replace(
                key, body.required("title"), message: body["message"], subtitle: body["subtitle"], icon: body["icon"],
                media: body["media"], redirection: body["redirection"], actions: body["actions"],
                payload: body["payload"], badge: body["badge"] as LiveActivity.Number?, tags: body["tags"],
                metadata: body["metadata"], extra: body.extra())
        case "metric":
            return try await client.metrics.update(
                key, body.required("value") as LiveActivity.Scalar, timestamp: body["timestamp"], extra: body.extra())
        case "badge":
            return try await client.badgeCount(
                body.required("badge") as LiveActivity.Number, channels: body["channels"], extra: body.extra())
        default: throw Mismatch()
        }
    }

    /// The endpoints, by their names.
    private func endpoints() throws -> [String: Json] {
        let schema = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../../core/schema.json").standardized
        guard case .array(let endpoints) = try json(in: Data(contentsOf: schema))["endpoints"] else { return [:] }
        return Dictionary(uniqueKeysWithValues: endpoints.map { (text($0["name"]), $0) })
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

/// What every answer has.
private protocol Response {
    var facts: LiveActivity.ResponseFacts { get }
    var extra: [String: LiveActivity.JSON] { get }
}

extension LiveActivity.StreamResponse: Response {}
extension LiveActivity.ActivityResponse: Response {}
extension LiveActivity.PushResponse: Response {}
extension LiveActivity.MetricResponse: Response {}
extension LiveActivity.BadgeResponse: Response {}

/// The parameters of a call, from the body of a case. Everything in that is one of them, and is handed on as it is.
private final class Body {
    private var members: [String: LiveActivity.JSON]

    init(_ body: LiveActivity.JSON) throws {
        guard case .object(let members) = body else { throw Mismatch() }
        self.members = members
    }

    subscript<Value: Codable>(name: String) -> Value? {
        get throws {
            guard let given = members.removeValue(forKey: name) else { return nil }
            guard let value = try? JSONDecoder().decode(Value.self, from: JSONEncoder().encode(given)),
                try json(in: (["value": value] as Message).json())["value"] == given
            else { throw Mismatch() }
            return value
        }
    }

    func required<Value: Codable>(_ name: String) throws -> Value {
        guard let value: Value = try self[name] else { throw Mismatch() }
        return value
    }

    func state() throws -> LiveActivity.State<LiveActivity.AnyContent> { try required("content_state") }

    func stateIfAny() throws -> LiveActivity.State<LiveActivity.AnyContent>? { try self["content_state"] }

    /// The last one to be taken: no member is left then.
    func extra() throws -> [String: LiveActivity.JSON] {
        let extra: [String: LiveActivity.JSON]? = try self["extra"]
        guard members.isEmpty else { throw Mismatch() }
        return extra ?? [:]
    }
}
