// How calls behave against the emulator, and against servers that fall silent.

@testable import ActivitySmithKit
import ActivitySmithKitTesting
import Foundation
import Testing

/// One for all tests; each has an account of its own.
enum Emulator {
    private static let shared = Task { try await EmulatorProcess.start(arguments: ["--limits", "none"]) }

    static func account() async throws -> EmulatorProcess.Account {
        try await shared.value.account()
    }
}

@Suite struct CallTests {
    @Test func aStreamIsStartedUpdatedAndEnded() async throws {
        let account = try await Emulator.account()
        let activitysmith = try account.client()
        var response = try await activitysmith.liveActivities.stream(
            "search-reindex", .progress(title: "Search Reindex", subtitle: "catalog-v2", percentage: 42),
            tags: ["nightly"], metadata: ["run": 17, "dry": false])
        #expect(response.operation == .started)
        #expect(response.operation.description == "started")
        #expect(response.tags == ["nightly"])
        #expect(response.facts.status == 200 && response.facts.attempts == 1 && response.facts.elapsed > .zero)

        let part = 3
        response = try await activitysmith.liveActivities.stream(
            "search-reindex", .progress(title: "Search Reindex", percentage: 100 * part / 4))
        #expect(response.operation == .updated)
        #expect(try await account.stream("search-reindex")["content_state"]?["percentage"] == 75)

        response = try await activitysmith.liveActivities.endStream(
            "search-reindex", .progress(title: "Search Reindex", percentage: 100), autoDismissSeconds: 30)
        #expect(response.operation == .ended)
        #expect(try await account.requests().count == 3)
    }

    @Test(arguments: [
        LiveActivity.AnyContent.segmentedProgress(
            .init(title: "Deploy", numberOfSteps: 5, currentStep: 2, stepColors: [.green, .green], badge: "canary")),
        .progress(
            .init(title: "Tape", value: 31.5, upperLimit: UInt8(96), icon: .init(symbol: "tape", color: .blue))),
        .metrics(.init(title: "node-3", metrics: [.init(label: "CPU", value: 71, unit: "%", color: .orange)])),
        .stats(
            .init(title: "Shop", metrics: [.init(label: "Orders", value: 12), .init(label: "Returns", value: "-3")])),
        .alert(.init(title: "Refund", message: "Approve 20?", color: .magenta)),
        .timer(.init(title: "Oven", durationSeconds: 90.5, countsDown: true)),
        LiveActivity.State.value(title: "Queue", value: -18.4, icon: "tray").content.anyContent,
    ])
    func everyStateStartsAnActivity(state: LiveActivity.AnyContent) async throws {
        let account = try await Emulator.account()
        let response = try await account.client().liveActivities.stream("k", .init(state))
        #expect(response.operation == .started)
    }

    @Test func buttonsAndAnAlertGoWithAState() async throws {
        let account = try await Emulator.account()
        try await account.client().liveActivities.stream(
            "deploy", .segmentedProgress(title: "Deploy", numberOfSteps: 5, currentStep: 2),
            action: .openUrl(title: "Log", url: "https://ci.test/17"),
            secondaryAction: .webhook(
                title: "Stop", url: "https://ci.test/stop", method: .post, body: ["run": 17, "why": ["asked", nil]]),
            alert: .init(title: "Half way", body: "no errors"))
        let stream = try await account.requests()[0]["body"]
        #expect(stream?["secondary_action"]?["body"]?["why"]?[1] == .null)
        #expect(stream?["action"]?["url"] == "https://ci.test/17")
    }

    @Test func whatACallMayNotShowAsHopedIsWarnedOf() async throws {
        let account = try await Emulator.account()
        let warnings = Warnings()
        let activitysmith = try ActivitySmith(
            apiKey: account.apiKey, baseURL: account.emulator.baseURL, warn: { warnings.add($0) })
        let response = try await activitysmith.liveActivities.stream(
            "k", .segmentedProgress(title: "T", numberOfSteps: 5, currentStep: 2, stepColors: [.green]))
        #expect(response.facts.advice.count == 1)
        #expect(warnings.all == response.facts.advice.map { "k: \($0)" })
    }

    @Test func manyCallsAtOnceAllArrive() async throws {
        let account = try await Emulator.account()
        let activitysmith = try account.client()
        let operations = try await withThrowingTaskGroup(of: LiveActivity.Operation.self) { group in
            for number in 0..<32 {
                group.addTask {
                    try await activitysmith.liveActivities.stream(
                        "job-\(number)", .progress(title: "Job", percentage: number)
                    ).operation
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(operations == Array(repeating: .started, count: 32))
        #expect(try await account.requests().count == 32)
    }

    @Test func aCancelledTaskIsDoneWithin100Milliseconds() async throws {
        let server = try LoopbackServer { _ in nil }
        let activitysmith = try ActivitySmith(apiKey: "ask_test_1", baseURL: server.baseURL)
        let clock = ContinuousClock()
        var shortest = Duration.seconds(60)
        // Other tests run beside this one, so the time of a single call depends on them more than on the kit.
        for _ in 0..<5 {
            let call = Task { await Self.failure(of: activitysmith) }
            _ = await server.next()
            let cancelled = clock.now
            call.cancel()
            #expect(await call.value == .cancelled)
            shortest = min(shortest, clock.now - cancelled)
        }
        #expect(shortest < .milliseconds(100))
    }

    @Test func aCancelledCallLeavesItsServer() async throws {
        let server = try LoopbackServer { _ in nil }
        let activitysmith = try ActivitySmith(apiKey: "ask_test_1", baseURL: server.baseURL)
        let call = Task { await Self.failure(of: activitysmith) }
        _ = await server.next()
        call.cancel()
        #expect(await call.value == .cancelled)
        var hangUps = server.hangUps.makeAsyncIterator()
        await hangUps.next()
    }

    /// A continuation that is resumed twice stops the program, and one that is not, this test.
    @Test func outcomesAndCancellationsMayMeet() async throws {
        let server = try LoopbackServer { _ in .init(body: #"{"operation":"updated"}"#) }
        let activitysmith = try ActivitySmith(apiKey: "ask_test_1", baseURL: server.baseURL)
        let ends = await withTaskGroup(of: ActivitySmithError?.self) { group in
            for number in 0..<200 {
                group.addTask {
                    let call = Task { await Self.failure(of: activitysmith) }
                    try? await Task.sleep(for: .microseconds(20 * number))
                    call.cancel()
                    return await call.value
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(ends.count == 200 && ends.allSatisfy { $0 == nil || $0 == .cancelled }, "\(ends)")
    }

    @Test func aTaskThatIsCancelledAlreadySendsNothing() async throws {
        let account = try await Emulator.account()
        let activitysmith = try account.client()
        let call = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await Self.failure(of: activitysmith)
        }
        #expect(await call.value == .cancelled)
        #expect(try await account.requests() == [])
    }

    @Test func aServerThatFallsSilentIsLeftInTime() async throws {
        let server = try LoopbackServer { _ in nil }
        let activitysmith = try ActivitySmith(
            apiKey: "ask_test_1", baseURL: server.baseURL, timeout: .milliseconds(200), maxRetries: 0)
        let error = try #require(await Self.failure(of: activitysmith))
        guard case .connection(let failure) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(error.kind == "timeout" && error.attempts == 1)
        #expect(failure.isTimeout && failure.description == "no answer within 0.2 s (attempts: 1)")
    }

    /// A write to a closed connection raises a signal, which ends a program of Swift.
    @Test func aServerThatHangsUpStopsNoProgram() async throws {
        signal(SIGPIPE, SIG_DFL)
        let server = try LoopbackServer(hangsUp: true) { _ in nil }
        let activitysmith = try ActivitySmith(apiKey: "ask_test_1", baseURL: server.baseURL, maxRetries: 0)
        let glow = LiveActivity.JSON.string(String(repeating: "a", count: 4 << 20))
        // Whether the signal comes depends on who is faster.
        for _ in 0..<10 {
            let error = await Self.failure(of: activitysmith, .value(title: "T", value: 1, extra: ["glow": glow]))
            #expect(error?.kind == "connection", "\(error.debugDescription)")
        }
    }

    @Test func aCallsOwnPatienceWins() async throws {
        let server = try LoopbackServer { _ in nil }
        let activitysmith = try ActivitySmith(apiKey: "ask_test_1", baseURL: server.baseURL)
        do {
            try await activitysmith.liveActivities.endStream("k", timeout: .milliseconds(50), maxRetries: 0)
            Issue.record("it was answered")
        } catch .connection(let failure) {
            #expect(failure.description == "no answer within 0.05 s (attempts: 1)")
            #expect(failure.isTimeout && failure.attempts == 1)
        } catch {
            throw error
        }
    }

    static func failure<C: LiveActivity.Content>(
        of activitysmith: ActivitySmith,
        _ state: LiveActivity.State<C> = LiveActivity.State.progress(title: "T", percentage: 7)
    ) async -> ActivitySmithError? {
        do {
            try await activitysmith.liveActivities.stream("k", state)
            return nil
        } catch {
            return error
        }
    }
}
