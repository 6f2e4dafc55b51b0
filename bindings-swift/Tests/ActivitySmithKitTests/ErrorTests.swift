// What can go wrong, and how it is reported: settings, answers, bad input, secrets. Nothing of it may stop the process.

@testable import ActivitySmithKit
import ActivitySmithKitTesting
import Foundation
import Testing

@Suite struct ErrorTests {
    /// Nothing listens on port 1 of this machine.
    private func client(apiKey: String? = "ask_test_1") throws(ActivitySmithError) -> ActivitySmith {
        try ActivitySmith(apiKey: apiKey, baseURL: "http://127.0.0.1:1/api", maxRetries: 0)
    }

    /// What is wrong with the settings of a client, which have their names in Swift.
    private func refusal(of make: () throws -> ActivitySmith) -> String? {
        do {
            _ = try make()
        } catch ActivitySmithError.config(let failure) {
            #expect(failure.description == "\(failure.setting) \(failure.problem)")
            return failure.description
        } catch {
            Issue.record("\(error)")
        }
        return nil
    }

    private func violations<C: LiveActivity.Content>(
        _ state: LiveActivity.State<C>, _ streamKey: String = "k",
        metadata: [String: LiveActivity.Scalar]? = nil
    ) async throws -> [String] {
        do {
            try await client().liveActivities.stream(streamKey, state, metadata: metadata)
        } catch .validation(let failure) {
            #expect(failure.description.hasPrefix("nothing was sent: "))
            return failure.violations.map { "\($0.path) \($0.code)" }.sorted()
        } catch {
            throw error
        }
        return []
    }

    @Test func aMissingKeyShowsAtTheFirstCall() async throws {
        guard case .config(let failure) = await CallTests.failure(of: try client(apiKey: nil)) else {
            Issue.record("not a config error")
            return
        }
        #expect(failure.setting == "ACTIVITYSMITH_API_KEY")
        #expect(failure.problem == "is not set; set it, or pass the key as apiKey")
    }

    @Test(arguments: [
        Duration.zero, .seconds(-1), .seconds(Int64.max), .seconds(Int64.min), .nanoseconds(-1), .seconds(86_401),
        // Of more seconds than 64 bits count.
        .seconds(Int64.max) * 18, .seconds(Int64.max) * -18,
    ])
    func timesThatCannotBeAreRefused(time: Duration) async throws {
        let problem = time > .zero ? "must be at most 86,400 s (one day)" : "must be more than 0"
        #expect(refusal { try ActivitySmith(timeout: time) } == "timeout \(problem)")
        #expect(refusal { try ActivitySmith(connectTimeout: time) } == "connectTimeout \(problem)")
        do {
            try await client().liveActivities.endStream("k", timeout: time)
            Issue.record("it was tried")
        } catch .config(let failure) {
            #expect(failure.setting == "timeout" && failure.description == "timeout \(problem)")
        } catch {
            throw error
        }
    }

    @Test(arguments: [-1, Int.min, Int.max])
    func retriesThatCannotBeAreRefused(count: Int) throws {
        #expect(refusal { try ActivitySmith(maxRetries: count) }?.hasPrefix("maxRetries is \(count); ") == true)
    }

    @Test func plainHttpGoesToThisMachineAlone() {
        for baseURL in ["http://example.test/api", "\u{0}\n"] {
            #expect(refusal { try ActivitySmith(baseURL: baseURL) }?.hasPrefix("baseURL ") == true)
        }
    }

    @Test func aClosedClientSaysSo() async throws {
        let activitysmith = try client()
        activitysmith.close()
        activitysmith.close()
        guard case .closed(let failure) = await CallTests.failure(of: activitysmith) else {
            Issue.record("not a closed error")
            return
        }
        #expect(failure.description == "the client is closed; make a new one")
    }

    @Test func aCallUnderWayHearsThatItsClientIsClosed() async throws {
        let server = try LoopbackServer { _ in nil }
        let activitysmith = try ActivitySmith(apiKey: "ask_test_1", baseURL: server.baseURL)
        let call = Task { await CallTests.failure(of: activitysmith) }
        _ = await server.next()
        activitysmith.close()
        guard case .closed(let failure) = await call.value else {
            Issue.record("not a closed error")
            return
        }
        #expect(failure.description.hasPrefix("the client is closed"))
    }

    @Test func aServiceThatDoesNotListen() async throws {
        let error = try #require(await CallTests.failure(of: client()))
        guard case .connection(let failure) = error, failure.description.hasPrefix("could not connect: ") else {
            Issue.record("\(error)")
            return
        }
        #expect(error.isTransient && error.attempts == 1 && error.kind == "connection")
    }

    @Test func anUnknownStreamCannotBeEnded() async throws {
        let activitysmith = try await Emulator.account().client()
        do {
            try await activitysmith.liveActivities.endStream("unknown")
            Issue.record("it was ended")
        } catch .api(let failure) {
            #expect(failure.name == "not_found" && failure.kind == .notFound && failure.status == 404)
            #expect(!failure.isTransient && failure.attempts == 1)
        } catch {
            throw error
        }
    }

    @Test func everyMistakeIsToldAtOnce() async throws {
        let found = try await violations(.segmentedProgress(title: " ", numberOfSteps: 2, currentStep: 5), "a b")
        #expect(found == ["content_state.current_step conflict", "content_state.title empty", "stream_key bad_format"])
        #expect(try await violations(.progress(title: "T", percentage: 7), "") == ["stream_key empty"])
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity, .signalingNaN])
    func numbersThatAreNoneAreRefused(number: Double) async throws {
        let state = LiveActivity.State.progress(title: "T", percentage: number)
        #expect(try await violations(state) == ["content_state.percentage not_finite"])
        #expect(try await violations(.progress(title: "T", percentage: Float(number))) != [])
        #expect(try await violations(.value(title: "T", value: number)) == ["content_state.value not_finite"])
        let metadata = ["n": LiveActivity.Scalar(number)]
        #expect(try await violations(.value(title: "T", value: 1), metadata: metadata) == ["metadata.n not_finite"])
        let extra: [String: LiveActivity.JSON] = ["glow": ["deep": [.init(number)]]]
        #expect(try await violations(.value(title: "T", value: 1, extra: extra)).count == 1)
    }

    @Test func digitsAreKeptOrRefused() async throws {
        #expect(try await violations(.value(title: "T", value: 1e300)) == ["content_state.value too_many_digits"])
        let server = try LoopbackServer { _ in .init(body: "{}") }
        let activitysmith = try ActivitySmith(apiKey: "ask_test_1", baseURL: server.baseURL)
        try await activitysmith.liveActivities.stream("k", .value(title: "T", value: UInt64.max), metadata: ["n": 0.1])
        let body = try #require(await server.next()).body
        #expect(body.contains("18446744073709551615") && body.contains("0.1"))
    }

    @Test func hugeTextsAreRefused() async throws {
        let huge = String(repeating: "a", count: 65 << 20)
        #expect(try await violations(.progress(title: huge, percentage: 7)) == ["request too_long"])
        #expect(try await violations(.progress(title: "T", percentage: 7), huge) == ["request too_long"])
        #expect(try await violations(.value(title: "T", value: 1), metadata: [huge: 1]) == ["request too_long"])
        #expect(refusal { try ActivitySmith(apiKey: huge) }?.contains("is longer than 1,024 bytes") == true)
        // What can cross is for the core to judge.
        let metadata = ["n": LiveActivity.Scalar(String(repeating: "a", count: 1 << 20))]
        let found = try await violations(.value(title: "T", value: 1), metadata: metadata)
        #expect(found.contains("metadata.n too_long"))
    }

    @Test func jsonThatIsNestedTooDeepIsRefused() async throws {
        func nested(_ depth: Int) -> LiveActivity.JSON {
            (0..<depth).reduce(1) { inner, _ in [inner] }
        }
        let tooDeep = ["glow": nested(1000)]
        let found = try await violations(.value(title: "T", value: 1, extra: tooDeep))
        #expect(found.count == 1 && found[0].hasPrefix("content_state.extra.glow[0][0]"), "\(found)")
        let server = try LoopbackServer { _ in .init(body: "{}") }
        let activitysmith = try ActivitySmith(apiKey: "ask_test_1", baseURL: server.baseURL)
        let extra = ["glow": nested(100)]
        try await activitysmith.liveActivities.stream("k", .value(title: "T", value: 1, extra: extra))
        #expect(await server.next()?.body.contains("[[[[") == true)
    }

    /// Swift replaces half a character by U+FFFD when it makes a `String` of it; it cannot be told apart from then on.
    @Test func halfACharacterStopsNothing() async throws {
        let half = NSString(characters: [0x0041, 0xD83D], length: 2) as String
        let server = try LoopbackServer { _ in .init(body: "{}") }
        let activitysmith = try ActivitySmith(apiKey: "ask_test_1", baseURL: server.baseURL)
        try await activitysmith.liveActivities.stream("k", .value(title: half, value: half))
        #expect(await server.next()?.body.contains("A\u{FFFD}") == true)
    }

    @Test func theKeyIsShownNowhere() async throws {
        let key = "ask_test_0123456789abcdef"
        let server = try LoopbackServer { request in
            let echo = request.headers["authorization"] ?? ""
            let body = #"{"error":"\#(echo)","message":"\#(echo)"}"#
            return .init(status: 401, headers: ["x-request-id": echo], body: body)
        }
        let activitysmith = try ActivitySmith(apiKey: key, baseURL: server.baseURL)
        let error = try #require(await CallTests.failure(of: activitysmith))
        #expect(await server.next()?.headers["authorization"] == "Bearer \(key)")
        var dumped = ""
        dump(activitysmith, to: &dumped)
        dump(error, to: &dumped)
        #expect(error.localizedDescription == error.description)
        let shown = ["\(activitysmith)", String(reflecting: activitysmith), "\(error)", error.localizedDescription]
        for text in shown + [dumped] {
            #expect(!text.contains("0123456789abcdef"))
        }
    }

    @Test func whatIsNoErrorOfTheCoreIsADefect() {
        struct Panic: Error {}
        let error = ActivitySmithError(Panic())
        #expect(error == .defect("Panic()") && !error.isTransient && error.attempts == 0)
        #expect(error.description.hasSuffix("a defect of the kit"))
    }
}
