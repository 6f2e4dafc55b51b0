// The shared vectors in Swift: what is sent for a typed request, and what becomes of an answer.

import ActivitySmithKit
import ActivitySmithNative
import Foundation
import Testing

/// Cases of `requests.json` that no program in Swift can state, since the types forbid it.
private let doesNotCompile: Set<String> = [
    "a body that is no JSON",
    "a body that is no object",
    "a button without anything",
    "a field of another type",
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
    "unknown colours, wherever they stand",
    "unknown type",
]

/// Cases whose JSON has a key twice, which a dictionary of Swift cannot have.
private let sayItTwice: Set<String> = ["the same field twice", "extra loses no digits either"]

@Suite struct VectorTests {
    typealias Json = LiveActivity.JsonValue

    @Test func requestsAreSentOrRefusedAsTheVectorsSay() async throws {
        let server = try LoopbackServer { _ in .init(body: #"{"operation":"updated"}"#) }
        let client = try ActivitySmith(apiKey: "ask_test_vectors", baseURL: server.baseURL)
        var misfits: Set<String> = []
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
                #expect(sent.path == "/api/live-activity/stream/\(text(vector["stream_key"]))", "\(name)")
                let expected = try #require(vector["expect"]?["body"])
                let body: Json = sent.body.isEmpty ? .null : try .parse(sent.body)
                #expect(body.plain == expected.plain, "\(name)")
                #expect(sent.body.firstRange(of: /\.0[,}\]]/) == nil, "an integer has a fraction: \(name)")
            } catch is Misfit {
                misfits.insert(name)
            }
        }
        #expect(misfits == doesNotCompile)
    }

    @Test func answersComeBackAsTheVectorsSay() async throws {
        for vector in try cases(of: "responses") {
            let name = text(vector["name"])
            let answer = LoopbackServer.Answer(
                status: number(vector["status"]), headers: headers(of: vector), body: try body(of: vector))
            let server = try LoopbackServer { _ in answer }
            let client = try ActivitySmith(apiKey: "ask_test_vectors", baseURL: server.baseURL, maxRetries: 0)
            switch await result(of: vector, by: client) {
            case .success(let response):
                #expect(outcome(of: response).plain == vector["expect"]?["outcome"]?.plain, "\(name)")
                if let limits = vector["expect"]?["rate_limits"] {
                    #expect(Json.array(response.facts.rateLimits.map(json)).plain == limits.plain, "\(name)")
                }
            case .failure(.api(let failure)):
                guard case .object(let members) = vector["expect"]?["error"] else {
                    Issue.record("\(name): \(failure)")
                    continue
                }
                let all = json(of: failure)
                for (member, value) in members {
                    #expect((all[member] ?? .null).plain == value.plain, "\(name): \(member)")
                }
            case .failure(let error):
                Issue.record("\(name): \(error)")
            }
        }
    }

    private func result(
        of vector: Json, by client: ActivitySmith
    ) async -> Result<LiveActivity.StreamResponse, ActivitySmithError> {
        do {
            if vector["method"] == "DELETE" {
                return .success(try await client.liveActivities.endStream("k"))
            }
            return .success(try await client.liveActivities.stream("k", .progress(title: "T", percentage: 7)))
        } catch {
            return .failure(error)
        }
    }

    /// Makes the call of a case, and gives back what the kit finds wrong with it.
    private func violations(of vector: Json, by client: ActivitySmith) async throws -> [[String]] {
        guard let body = try? Json.parse(self.body(of: vector)) else { throw Misfit() }
        let streamKey = text(vector["stream_key"])
        do {
            if vector["method"] == "DELETE" {
                let request = try EndRequest(fitting: body)
                try await client.liveActivities.endStream(
                    streamKey, request.contentState, autoDismissSeconds: request.autoDismissSeconds,
                    autoDismissMinutes: request.autoDismissMinutes, action: request.action,
                    secondaryAction: request.secondaryAction, alert: request.alert, tags: request.tags,
                    metadata: request.metadata, extra: request.extra)
            } else {
                let request = try StreamRequest(fitting: body)
                try await client.liveActivities.stream(
                    streamKey, request.contentState, action: request.action, secondaryAction: request.secondaryAction,
                    alert: request.alert, channels: request.channels, tags: request.tags, metadata: request.metadata,
                    extra: request.extra)
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
    private func outcome(of response: LiveActivity.StreamResponse) -> Json {
        let newer = response.extra.filter { $0.key != "facts" && $0.key != "operation" }
        return .object(newer.merging(response.known.compactMapValues { $0 }) { _, known in known })
    }

    private func json(of limit: LiveActivity.RateLimit) -> Json {
        let members: [String: Json?] = [
            "policy": limit.policy.json, "remaining": limit.remaining?.json, "reset_seconds": limit.reset.map(seconds),
            "quota": limit.quota?.json, "window_seconds": limit.window.map(seconds),
        ]
        return .object(members.compactMapValues { $0 })
    }

    private func seconds(_ duration: Duration) -> Json {
        .init(Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18)
    }

    private func json(of failure: ActivitySmithError.ApiFailure) -> [String: Json] {
        let error = failure.error
        var members: [String: Json?] = [
            "kind": failure.name.json, "transient": failure.isTransient.json, "status": .init(error.status),
            "code": error.code?.json, "message": error.message?.json, "body": error.body.json,
            "request_id": error.requestId?.json, "date": error.date?.json,
            "retry_after_seconds": error.retryAfter.map(seconds),
        ]
        switch error.kind {
        case .billingBlocked(let upgradeUrl): members["upgrade_url"] = upgradeUrl?.json
        case .noRecipients(let slugs): members["effective_channel_slugs"] = slugs?.json
        case .redirect(let location): members["location"] = location?.json
        case .activityLimitReached(let limit, let active, let blocked, let targeted):
            members.merge([
                "limit": limit?.json, "active": active?.json, "blocked_devices": blocked?.json,
                "targeted_devices": targeted?.json,
            ]) { _, new in new }
        default: break
        }
        return members.compactMapValues { $0 }
    }
}
