// How streams are published against the emulator: what the phone shows while a job runs, and however it ends.

@testable import ActivitySmithKit
import ActivitySmithKitTesting
import Foundation
import Testing

/// What a job throws. What it says is no business of a Lock Screen.
private struct DiskFull: Error, Equatable {
    let secret = "hunter2"
}

@Suite struct PublisherTests {
    typealias Json = LiveActivity.JSON

    @Test func aJobsEndIsItsLastStateAndItsResult() async throws {
        let account = try await Emulator.account()
        let files = try await account.client().liveActivities.publish(
            "reindex", .progress(title: "Reindex", percentage: 0)
        ) { live in
            await live.flush()
            for done in 1...1_000 {
                try live.update { $0.percentage = Double(done) / 20 }
            }
            return 1_000
        }
        #expect(files == 1_000)
        #expect(try await account.methods() == ["PUT", "DELETE"])
        #expect(
            try await account.shown("reindex") == ["title": "Reindex", "type": "progress", "percentage": 50])
    }

    @Test func anErrorIsShownByItsNameAloneAndThrownOn() async throws {
        let account = try await Emulator.account()
        let calls = try account.client().liveActivities
        await #expect(throws: DiskFull()) {
            try await calls.publish("backup", .progress(title: "Backup", percentage: 40)) { _ in throw DiskFull() }
        }
        let shown = try await account.shown("backup")
        #expect(shown["subtitle"] == "DiskFull" && shown["color"] == "red")
        #expect(shown["badge"] == ["title": "Failed", "color": "red"] && shown["percentage"] == 40)
        let last = try #require(try await account.requests().last)
        #expect(last["method"] == "DELETE" && last["body"]?["content_state"]?["auto_dismiss_minutes"] == 60)
        #expect(!"\(last)".contains("hunter2"))
    }

    @Test func aJobThatIsCancelledHasFailed() async throws {
        let account = try await Emulator.account()
        let calls = try account.client().liveActivities
        let job = Task {
            try await calls.publish("backup", .progress(title: "Backup", percentage: 0)) { live in
                await live.flush()
                withUnsafeCurrentTask { $0?.cancel() }
                try await Task.sleep(for: .seconds(60))
            }
        }
        await #expect(throws: CancellationError.self) { try await job.value }
        #expect(try await account.shown("backup")["subtitle"] == "CancellationError")
    }

    @Test func aJobThatIsCancelledWaitsForItsEndForAWhile() async throws {
        let server = try LoopbackServer { _ in nil }
        let warnings = Warnings()
        let activitysmith = try ActivitySmith(
            apiKey: "ask_test_1", baseURL: server.baseURL, flushTimeout: .milliseconds(100),
            warn: { warnings.add($0) })
        let job = Task {
            try await activitysmith.liveActivities.publish("k", .progress(title: "T", percentage: 0)) { _ in
                try await Task.sleep(for: .seconds(60))
            }
        }
        _ = await server.next()
        job.cancel()
        await #expect(throws: CancellationError.self) { try await job.value }
        #expect(warnings.all.count == 1 && warnings.all[0].hasPrefix("k: the stream's last state did not arrive"))
    }

    @Test func aJobMayEndItsStreamItself() async throws {
        let account = try await Emulator.account()
        let calls = try account.client().liveActivities
        try await calls.publish("k", .progress(title: "T", percentage: 0)) { live in
            try live.update { $0.percentage = 7 }
            #expect(try await live.finish())
            #expect(try await live.finish())
            try live.update { $0.percentage = 8 }
            #expect(try await live.fail(DiskFull()))
        }
        #expect(try await account.shown("k")["percentage"] == 7)
        #expect(try await account.methods().filter { $0 == "DELETE" }.count == 1)
    }

    @Test func aJobsOwnErrorOutlivesItsEnds() async throws {
        let account = try await Emulator.account()
        let live = try account.client().liveActivities.startPublishing("k", .progress(title: "T", percentage: 3))
        await #expect(throws: DiskFull()) {
            do {
                throw DiskFull()
            } catch {
                try await live.fail(error)
                throw error
            }
        }
        #expect(try await live.finish(), "the failure has arrived")
        #expect(try await account.shown("k")["subtitle"] == "DiskFull")
        #expect(try await account.methods().filter { $0 == "DELETE" }.count == 1)
    }

    @Test func aChangeAfterTheEndIsWarnedOfOnce() async throws {
        let account = try await Emulator.account()
        let warnings = Warnings()
        let activitysmith = try ActivitySmith(
            apiKey: account.apiKey, baseURL: account.emulator.baseURL,
            warn: { warning in
                warnings.add(warning)
                // What takes warnings may use the publisher.
                try? warnings.publisher?.update { $0.percentage = 9 }
            })
        let live = try activitysmith.liveActivities.startPublishing("k", .progress(title: "T", percentage: 7))
        warnings.publisher = live
        #expect(try await live.finish())
        for percentage in [8, 101] {
            try live.update { $0.percentage = percentage }
            try live.replace(.alert(title: " ", message: ""), tags: [String(repeating: "a", count: 65 << 20)])
        }
        #expect(warnings.all == ["k: a change came after the stream was ended; it is ignored"])
        #expect(live.events().filter { $0.kind == .afterEnd }.count == 1)
        #expect(try await account.shown("k")["percentage"] == 7)
    }

    @Test(arguments: [
        (100.00000000000001, 100, 0), (101, 100, 1), (-1, 0, 1), (.nan, 50, 1), (.infinity, 50, 1), (-.infinity, 50, 1),
    ] as [(Double, Json, Int)])
    func aNumberThatALoopComputesStopsNoJob(number: Double, shown: Json, count: Int) async throws {
        let account = try await Emulator.account()
        let warnings = Warnings()
        let activitysmith = try ActivitySmith(
            apiKey: account.apiKey, baseURL: account.emulator.baseURL, warn: { warnings.add($0) })
        try await activitysmith.liveActivities.publish("k", .progress(title: "T", percentage: 50)) { live in
            for _ in 0..<3 {
                try live.update { $0.percentage = number }
                try live.update { $0.subtitle = "S" }
            }
            #expect(live.events().filter { $0.kind == .adjusted }.count == count)
        }
        #expect(try await account.shown("k")["percentage"] == shown)
        #expect(try await account.shown("k")["subtitle"] == "S")
        #expect(warnings.all.count == count && warnings.all.allSatisfy { $0.hasPrefix("k: content_state.percentage is ") })
        // A call by itself is as strict as before.
        do {
            try await activitysmith.liveActivities.stream("k", .progress(title: " ", percentage: number))
            Issue.record("it was taken")
        } catch .validation(let failure) {
            #expect(failure.violations.map(\.path).sorted() == ["content_state.percentage", "content_state.title"])
        } catch {
            throw error
        }
    }

    @Test func aNumberThatIsNotFiniteLeavesASumAsItWas() async throws {
        let account = try await Emulator.account()
        let calls = try account.client().liveActivities
        let live = try calls.startPublishing("k", .progress(title: "T", percentage: 5))
        try live.update { $0.percentage += Double.nan }
        try live.update { $0.percentage += 2 }
        try live.update {
            $0.percentage = Double.infinity
            $0.subtitle = "S"
        }
        try live.update { $0.percentage += 3 }
        try await live.finish()
        let shown: Json = ["title": "T", "type": "progress", "percentage": 10, "subtitle": "S"]
        #expect(try await account.shown("k") == shown)

        try await calls.publish("steps", .segmentedProgress(title: "T", numberOfSteps: 9, currentStep: 1)) { live in
            for more in [2, .nan, 3] { try live.update { $0.currentStep += more } }
        }
        #expect(try await account.shown("steps")["current_step"] == 6)
    }

    @Test func aJobThatIsOverBeforeItIsShownSendsNothing() async throws {
        let account = try await Emulator.account()
        let calls = try account.client().liveActivities
        try await calls.publish("k", .progress(title: "T", percentage: 0), showAfter: .seconds(3_600)) { live in
            try live.update { $0.percentage = 50 }
        }
        for try await _ in try calls.track(AsyncStream<Int> { $0.finish() }, "k", title: "T", showAfter: .seconds(60)) {}
        #expect(try await account.requests() == [])
        await #expect(throws: DiskFull()) {
            try await calls.publish("k", .progress(title: "T", percentage: 7), showAfter: .seconds(3_600)) { _ in
                throw DiskFull()
            }
        }
        #expect(try await account.shown("k")["subtitle"] == "DiskFull")
    }

    @Test(.timeLimit(.minutes(1))) func anEndIsWaitedForAsLongAsItMayTake() async throws {
        let server = try LoopbackServer { _ in nil }
        let patient = try ActivitySmith(
            apiKey: "ask_test_1", baseURL: server.baseURL, flushTimeout: .seconds(600), warn: { _ in })
        let live = try patient.liveActivities.startPublishing(
            "k", .progress(title: "T", percentage: 0), flushTimeout: .milliseconds(50))
        _ = await server.next()
        #expect(!(try await live.finish()))
        #expect(live.problem?.kind == "timeout")
        let items = try patient.liveActivities.track(
            AsyncStream<Int> { $0.finish() }, "items", title: "T", flushTimeout: .milliseconds(50))
        _ = await server.next()
        for try await _ in items {}
        #expect(items.problem?.kind == "timeout")
    }

    @Test func statesAreCheckedWithoutAKey() throws {
        let calls = try ActivitySmith(apiKeyFile: "/nowhere/key", warn: { _ in }).liveActivities
        #expect(throws: ActivitySmithError.self) { try calls.startPublishing("k", .progress(title: " ", percentage: 0)) }
        let live = try calls.startPublishing("k", .progress(title: "T", percentage: 0))
        do {
            try live.update { $0.title = " " }
            Issue.record("it was taken")
        } catch .validation(let failure) {
            #expect(failure.violations.map(\.path) == ["content_state.title"])
        } catch {
            throw error
        }
    }

    @Test func copiesOfAPublisherAreOne() async throws {
        let account = try await Emulator.account()
        var live: LiveActivity.Publisher? = try account.client().liveActivities.startPublishing(
            "k", .progress(title: "T", percentage: 3))
        let copies = Array(repeating: try #require(live), count: 3)
        live = nil
        for (number, copy) in copies.enumerated() { try copy.update { $0.percentage = 10 * number } }
        for copy in copies { #expect(try await copy.finish()) }
        #expect(try await account.shown("k")["percentage"] == 20)
        #expect(try await account.methods().filter { $0 == "DELETE" }.count == 1)
    }

    @MainActor @Test func aJobRunsWhereItIsWritten() async throws {
        let account = try await Emulator.account()
        // Nothing that is to be sent to another task, and not needed there.
        final class Words { var count = 0 }
        let words = Words()
        try await account.client().liveActivities.publish("k", .value(title: "Words", value: 0)) { live in
            MainActor.assertIsolated()
            words.count += 3
            try live.update { $0.value = words.count }
        }
        #expect(try await account.shown("k")["value"] == 3)
    }

    @Test func oneThatIsLetGoHasFailed() async throws {
        let account = try await Emulator.account()
        do {
            let live = try account.client().liveActivities.startPublishing("k", .progress(title: "T", percentage: 3))
            #expect(await live.flush())
        }
        try await until { try await account.methods() == ["PUT", "DELETE"] }
        let shown = try await account.shown("k")
        #expect(shown["color"] == "red" && shown["percentage"] == 3 && shown["subtitle"] == nil)
    }

    @Test func oneThatIsLetGoKeepsItsClientUntilItsEndIsOver() async throws {
        let (ends, ending) = AsyncStream<Void>.makeStream()
        let mayEnd = DispatchSemaphore(value: 0)
        let server = try LoopbackServer { request in
            if request.method == "DELETE" {
                ending.yield()
                mayEnd.wait()
            }
            return .init(body: #"{"operation":"updated"}"#)
        }
        weak var client: ActivitySmith?
        do {
            let activitysmith = try ActivitySmith(apiKey: "ask_test_1", baseURL: server.baseURL)
            client = activitysmith
            let live = try activitysmith.liveActivities.startPublishing("k", .progress(title: "T", percentage: 3))
            #expect(await live.flush())
        }
        for await _ in ends { break }
        #expect(client != nil, "the program's exit waits for those that there are")
        mayEnd.signal()
        try await until { client == nil }
    }

    @Test func aHandleEndsAsItIsTold() async throws {
        let account = try await Emulator.account()
        let calls = try account.client().liveActivities
        let page = try calls.startPublishing("page", .alert(title: "Disk", message: "90 % full"))
        #expect(try await page.fail(DiskFull()))
        #expect(try await account.shown("page")["message"] == "DiskFull")

        let left = try calls.startPublishing("left", .progress(title: "T", percentage: 3))
        #expect(await left.flush())
        left.detach()
        #expect(try await left.finish())
        #expect(left.problem == nil)
        #expect(try await account.requests().filter { $0["method"] == "DELETE" }.count == 1)
    }

    @Test func whatBreaksARuleChangesNothing() async throws {
        let account = try await Emulator.account()
        let calls = try account.client().liveActivities
        await #expect(throws: ActivitySmithError.self) {
            try await calls.publish("k", .progress(title: " ", percentage: 0)) { _ in Issue.record("the job runs") }
        }
        let live = try calls.startPublishing("k", .progress(title: "T", percentage: 5))
        do {
            try live.update {
                $0.title = " "
                $0.subtitle = "S"
            }
            Issue.record("it was taken")
        } catch .validation(let failure) {
            #expect(failure.violations.map(\.path) == ["content_state.title"])
        } catch {
            throw error
        }
        try live.update { #expect($0.title == "T" && $0.subtitle == nil) }
        try await live.finish()
        #expect(try await account.shown("k") == ["title": "T", "type": "progress", "percentage": 5])
    }

    @Test(arguments: [Duration.seconds(-1), .seconds(Int64.min), .seconds(Int64.max) * -18])
    func timesThatCannotBeAreRefused(time: Duration) throws {
        let calls = try ActivitySmith(apiKey: "ask_test_1", baseURL: "http://127.0.0.1:1/api").liveActivities
        let state = LiveActivity.State.value(title: "T", value: 1)
        for (setting, publish) in [
            ("minInterval", { try calls.startPublishing("k", state, minInterval: time) }),
            ("flushTimeout", { try calls.startPublishing("k", state, flushTimeout: time) }),
            ("showAfter", { try calls.startPublishing("k", state, showAfter: time) }),
        ] as [(String, () throws -> LiveActivity.Publisher<LiveActivity.Value>)] {
            do {
                _ = try publish()
                Issue.record("it was taken")
            } catch ActivitySmithError.config(let failure) {
                #expect(failure.setting == setting && failure.description.hasPrefix("\(setting) is "))
            }
        }
    }

    @Test(arguments: [Duration.seconds(Int64.max), .seconds(Int64.max) * 2, .seconds(86_400_000)])
    func anIntervalMayBeAsLongAsThereAreDurations(minInterval: Duration) async throws {
        let account = try await Emulator.account()
        let calls = try account.client().liveActivities
        let live = try calls.startPublishing("k", .progress(title: "T", percentage: 0), minInterval: minInterval)
        #expect(await live.flush(timeout: .seconds(Int64.max) * 18))
        try live.update { $0.percentage = 1 }
        #expect(!(await live.flush(timeout: .seconds(Int64.max) * -18)))
        #expect(await live.flush(timeout: .seconds(Int64.max)))
        try live.update { $0.percentage = 2 }
        #expect(try await live.finish())
        #expect(try await account.shown("k")["percentage"] == 2)
        let none = AsyncStream<Int> { $0.finish() }
        let items = try calls.track(none, "items", title: "T", total: 1, minInterval: minInterval)
        for try await _ in items {}
        #expect(items.problem == nil)
    }

    @Test func whatGoesBesideAStateStaysAndAnAlertIsHeardOnce() async throws {
        let account = try await Emulator.account()
        let calls = try account.client().liveActivities
        let live = try calls.startPublishing(
            "deploy", .segmentedProgress(title: "Deploy", numberOfSteps: 3, currentStep: 0), tags: ["ci"],
            minInterval: .zero)
        await live.flush()
        try live.update(alert: .init(title: "Built")) { $0.currentStep = 1 }
        await live.flush()
        try live.update { $0.currentStep = 2 }
        await live.flush()
        try await live.finish()
        let bodies = try await account.requests().map { $0["body"] }
        #expect(bodies.map { $0?["alert"]?["title"] } == [nil, "Built", nil, nil])
        #expect(bodies.prefix(3).allSatisfy { $0?["tags"] == ["ci"] })
        #expect(try await account.shown("deploy")["current_step"] == 2)
    }

    @Test(.timeLimit(.minutes(1))) func anUpdateWithinAnUpdateIsRefused() async throws {
        let account = try await Emulator.account()
        let live = try account.client().liveActivities.startPublishing("k", .progress(title: "T", percentage: 3))
        try live.update { state in
            do {
                try live.update { $0.percentage = 4 }
                Issue.record("it was taken")
            } catch {
                #expect("\(error)" == "update is called within an update; make one change of both")
            }
            #expect(throws: ActivitySmithError.self) { try live.replace(.alert(title: "T", message: "M")) }
            state.percentage += 2
        }
        try live.update { $0.subtitle = "S" }
        try await live.finish()
        #expect(try await account.shown("k") == ["title": "T", "type": "progress", "percentage": 5, "subtitle": "S"])
    }

    @Test func changesThatChangeEachOthersStreamsGoOn() async throws {
        let account = try await Emulator.account()
        let calls = try account.client().liveActivities
        let one = try calls.startPublishing("one", .progress(title: "T", percentage: 0))
        let two = try calls.startPublishing("two", .progress(title: "T", percentage: 0))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (outer, inner) in [(one, two), (two, one)] {
                group.addTask {
                    for _ in 0..<2_000 { try outer.update { _ in try? inner.update { $0.percentage = 3 } } }
                }
            }
            try await group.waitForAll()
        }
        try await one.finish()
        try await two.finish()
    }

    @Test func anErrorOfAContinuationIsNamedByItsOwnType() async throws {
        struct Boom: Error {}
        let account = try await Emulator.account()
        let calls = try account.client().liveActivities
        await #expect(throws: Boom.self) {
            try await calls.publish("k", .progress(title: "T", percentage: 0)) { _ in
                try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                    continuation.resume(throwing: Boom())
                }
            }
        }
        #expect(try await account.shown("k")["subtitle"] == "Boom")
    }

    @Test func aTimerStartsAnewOnlyWhenItIsTold() async throws {
        let account = try await Emulator.account()
        let calls = try account.client().liveActivities
        let live = try calls.startPublishing("oven", .timer(title: "Oven", durationSeconds: 90), minInterval: .zero)
        await live.flush()
        try live.update { $0.subtitle = "Bread" }
        await live.flush()
        try live.update { $0.durationSeconds = 90 }
        await live.flush()
        let windows = try await account.requests().map { $0["body"]?["content_state"]?["duration_seconds"] }
        #expect(windows == [90, nil, 90])
        try await live.finish()
    }

    @Test func anotherStateTakesThePlaceOfTheWholeOne() async throws {
        let account = try await Emulator.account()
        let calls = try account.client().liveActivities
        let live = try calls.startPublishing(
            "k", .progress(title: "T", subtitle: "S", percentage: 3), minInterval: .zero)
        let waiting = try live.replace(.alert(title: "Refund", message: "Approve 20?"))
        try waiting.update { $0.message = "Approve 30?" }
        await live.flush()
        #expect(try await account.shown("k") == ["title": "Refund", "type": "alert", "message": "Approve 30?"])

        try live.replace(.progress(title: "T", percentage: 8))
        try live.update { $0.percentage = 9 }
        try await live.finish()
        #expect(try await account.shown("k") == ["title": "T", "type": "progress", "percentage": 9])
    }

    @Test func tasksShareAPublisherAndLoseNothing() async throws {
        let account = try await Emulator.account()
        let calls = try account.client().liveActivities
        try await calls.publish("k", .segmentedProgress(title: "T", numberOfSteps: 800, currentStep: 0)) { live in
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        for _ in 0..<100 {
                            try? live.update { $0.content.currentStep = .init($0.content.currentStep.double + 1) }
                        }
                    }
                }
            }
        }
        #expect(try await account.shown("k")["current_step"] == 800)
    }

    @Test func figuresWaitForThePaceUnlessTheyAreUrgent() async throws {
        let account = try await Emulator.account()
        let calls = try account.client().liveActivities
        let live = try calls.startPublishing("k", .progress(title: "T", percentage: 0), minInterval: .seconds(3_600))
        #expect(await live.flush())
        try live.update { $0.percentage = 1 }
        #expect(try await account.methods() == ["PUT"])
        #expect(await live.flush(), "a flush waits for no interval")
        #expect(try await account.shown("k")["percentage"] == 1)
        try live.update { $0.percentage = 2 }
        try live.update { $0.percentage = 3 }
        try await live.finish()
        #expect(try await account.methods() == ["PUT", "PUT", "DELETE"])
        let counters = live.counters
        #expect(counters.updates == 4 && counters.coalesced == 1 && counters.sent == 3 && counters.acknowledged == 3)
        #expect(live.events().last?.kind == .ended)

        let quick = try calls.startPublishing("quick", .progress(title: "T", percentage: 0))
        #expect(await quick.flush())
        try quick.update(urgent: true) { $0.percentage = 1 }
        try await until { try await account.shown("quick")["percentage"] == 1 }
        try await quick.finish()
    }

    @Test func withoutANetworkAJobRunsAndIsWarnedOnce() async throws {
        let warnings = Warnings()
        let activitysmith = try ActivitySmith(
            apiKey: "ask_test_1", baseURL: "http://127.0.0.1:1/api", warn: { warnings.add($0) })
        let live = try activitysmith.liveActivities.startPublishing("k", .progress(title: "T", percentage: 0))
        for step in 0..<10_000 {
            try live.update { $0.percentage = step % 100 }
        }
        #expect(live.counters.updates == 10_001)
        #expect(!(await live.flush(timeout: .milliseconds(50))))
        #expect(live.problem?.kind == "timeout")
        #expect(!(try await live.finish()))
        #expect(live.problem?.isTransient == true)
        #expect(live.counters.acknowledged == 0)
        #expect(warnings.all.count == 1 && warnings.all[0].hasPrefix("k: "))
        #expect(live.events().filter(\.isWarning).map(\.kind) == [.failing, .notArrived])
    }

    @Test func aStateThatTheServiceRefusesIsToldByAFlushAndNotSentAgain() async throws {
        let server = try LoopbackServer { request in
            request.body.contains(#""percentage":0"#)
                ? .init(status: 400, body: #"{"error":"Bad Request","message":"no such icon"}"#)
                : .init(body: #"{"operation":"started"}"#)
        }
        let activitysmith = try ActivitySmith(apiKey: "ask_test_1", baseURL: server.baseURL)
        let live = try activitysmith.liveActivities.startPublishing(
            "k", .progress(title: "T", percentage: 0), minInterval: .zero)
        for _ in 0..<2 {
            #expect(!(await live.flush()))
            #expect(live.problem?.description.contains("no such icon") == true)
        }
        #expect(live.counters.sent == 1)
        try live.update { $0.percentage = 50 }
        #expect(await live.flush() && live.problem == nil)
        live.detach()
    }

    @Test func changesAreIgnoredWhileItEndsAndWhenItHas() async throws {
        let (ends, ending) = AsyncStream<Void>.makeStream()
        let mayEnd = DispatchSemaphore(value: 0)
        let server = try LoopbackServer { request in
            if request.method == "PUT" { return .init(body: #"{"operation":"started"}"#) }
            ending.yield()
            mayEnd.wait()
            mayEnd.signal()
            return .init(status: 400)
        }
        let activitysmith = try ActivitySmith(
            apiKey: "ask_test_1", baseURL: server.baseURL, flushTimeout: .seconds(600), warn: { _ in })
        let live = try activitysmith.liveActivities.startPublishing("k", .progress(title: "T", percentage: 0))
        #expect(await live.flush())
        async let ended = live.finish()
        for await _ in ends { break }
        try live.update { $0.percentage = 99 }
        live.detach()
        mayEnd.signal()
        #expect(!(try await ended))
        try live.update { $0.percentage = 99 }
    }

    @Test func aFlushEndsWithItsTask() async throws {
        let server = try LoopbackServer { _ in nil }
        let activitysmith = try ActivitySmith(apiKey: "ask_test_1", baseURL: server.baseURL, warn: { _ in })
        let live = try activitysmith.liveActivities.startPublishing("k", .value(title: "T", value: 1))
        let flush = Task { await live.flush(timeout: .seconds(600)) }
        _ = await server.next()
        flush.cancel()
        #expect(!(await flush.value))
        live.detach()
    }

    @Test func withoutAKeyAJobRunsAndIsWarnedOnce() async throws {
        let warnings = Warnings()
        let calls = try ActivitySmith(apiKeyFile: "/nowhere/key", warn: { warnings.add($0) }).liveActivities
        for _ in 0..<2 {
            let result = try await calls.publish("k", .progress(title: "T", percentage: 0)) { live in
                try live.update { $0.percentage = 3 }
                #expect(!(await live.flush()))
                guard case .config(let failure) = live.problem else {
                    Issue.record("\(String(describing: live.problem))")
                    return 0
                }
                #expect(failure.setting == "apiKeyFile")
                return 7
            }
            #expect(result == 7)
        }
        #expect(try calls.track(0..<3, "k", title: "T").map { $0 } == [0, 1, 2])
        #expect(warnings.all.count == 1 && warnings.all[0].hasPrefix("nothing is published: apiKeyFile "))
    }

    @Test func aClientThatIsClosedEndsNothingAndSaysSo() async throws {
        let account = try await Emulator.account()
        let warnings = Warnings()
        let activitysmith = try ActivitySmith(
            apiKey: account.apiKey, baseURL: account.emulator.baseURL, warn: { warnings.add($0) })
        let live = try activitysmith.liveActivities.startPublishing("k", .value(title: "T", value: 1))
        #expect(await live.flush())
        activitysmith.close()
        #expect(!(try await live.finish()))
        #expect(warnings.all.count == 1 && live.problem?.description.contains("closed") == true)
        #expect(throws: ActivitySmithError.self) {
            try activitysmith.liveActivities.startPublishing("k", .value(title: "T", value: 1))
        }
    }

    @Test func aStreamOutlivesTheClientThatNobodyHolds() async throws {
        let account = try await Emulator.account()
        let live = try account.client().liveActivities.startPublishing("k", .value(title: "T", value: 1))
        try live.update { $0.value = "1,240" }
        #expect(try await live.finish())
        #expect(try await account.shown("k")["value"] == "1,240")
    }

    @Test func twoClientsShareTheBudgetInAFile() async throws {
        let account = try await Emulator.account()
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: file) }
        let clients = try (0..<2).map { _ in
            try ActivitySmith(apiKey: account.apiKey, baseURL: account.emulator.baseURL, budgetFile: file)
        }
        let all = try (0..<40).map { number in
            try clients[number % 2].liveActivities.startPublishing("k\(number)", .value(title: "T", value: number))
        }
        #expect(await all[0].flush(timeout: .seconds(10)))
        var arrived = 0
        for live in all where await live.flush(timeout: .milliseconds(50)) { arrived += 1 }
        #expect((1..<40).contains(arrived), "\(arrived) of 40 at once")
        all.forEach { $0.detach() }
        #expect(FileManager.default.fileExists(atPath: file))
    }
}

/// What a client warns of.
final class Warnings: Sendable {
    private let lock = NSLock()
    nonisolated(unsafe) private var warnings: [String] = []
    /// What is used at a warning.
    nonisolated(unsafe) var publisher: LiveActivity.Publisher<LiveActivity.Progress>?

    var all: [String] { lock.withLock { warnings } }

    func add(_ warning: String) {
        lock.withLock { warnings.append(warning) }
    }
}

extension EmulatorProcess.Account {
    func shown(_ streamKey: String) async throws -> LiveActivity.JSON {
        try #require(try await stream(streamKey)["content_state"])
    }

    /// Those of all requests, oldest first.
    func methods() async throws -> [LiveActivity.JSON?] {
        try await requests().map { $0["method"] }
    }
}

/// Waits for what happens in the background, for 10 seconds at most.
func until(_ happened: () async throws -> Bool) async throws {
    let clock = ContinuousClock()
    let began = clock.now
    while try await !happened() {
        try #require(clock.now - began < .seconds(10), "it did not happen")
        await Task.yield()
    }
}
