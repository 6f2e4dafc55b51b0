// How loops publish how far they are: to their end, left early, and of unknown length.

import ActivitySmithKit
import ActivitySmithKitTesting
import Testing

@Suite struct TrackTests {
    private struct Broken: Error {}

    @Test func aLoopToItsEndIsAllDone() async throws {
        let account = try await Emulator.account()
        var sum = 0
        let calls = try account.client().liveActivities
        for item in try calls.track(0..<4_000, "k", title: "T", minInterval: .zero) { sum += item }
        #expect(sum == 7_998_000)
        try await until { try await account.methods().last == "DELETE" }
        #expect(try await account.shown("k") == ["title": "T", "type": "progress", "percentage": 100])
    }

    @Test(arguments: [4, 40_000]) func aLoopThatIsLeftEndsWithWhatWasDone(count: Int) async throws {
        let account = try await Emulator.account()
        for item in try account.client().liveActivities.track(0..<count, "k", title: "T") where item == count / 2 {
            break
        }
        try await until { try await account.methods().last == "DELETE" }
        #expect(try await account.shown("k") == ["title": "T", "type": "progress", "percentage": 50])
    }

    /// 100 * 29 / 100.0 * 0.01 and their like are less than the whole number.
    @Test(arguments: [29, 57, 58]) func whatWasDoneIsToldInWholePercent(done: Int) async throws {
        let account = try await Emulator.account()
        for item in try account.client().liveActivities.track(0..<100, "k", title: "T") where item == done { break }
        try await until { try await account.methods().last == "DELETE" }
        #expect(try await account.shown("k")["percentage"] == .init(done))
    }

    @Test func aLoopShowsItsCountWhereNobodyKnowsItsLength() async throws {
        let account = try await Emulator.account()
        let calls = try account.client().liveActivities
        let even = (0..<9).lazy.filter { $0 % 2 == 0 }
        #expect(try calls.track(even, "lazy", title: "T").map { $0 } == [0, 2, 4, 6, 8])
        #expect(try calls.track(sequence(first: 1) { $0 < 3 ? $0 + 1 : nil }, "open", title: "T").reduce(0, +) == 6)
        #expect(try calls.track(AnySequence([7, 8]), "given", title: "T", total: 2).reduce(0, +) == 15)
        try await until { try await account.methods().filter { $0 == "DELETE" }.count == 3 }
        #expect(try await account.shown("lazy") == ["title": "T", "type": "value", "value": 5])
        #expect(try await account.shown("open")["value"] == 3)
        #expect(try await account.shown("given")["percentage"] == 100)
    }

    @Test func aLoopShowsHowFarItIsMeanwhile() async throws {
        let account = try await Emulator.account()
        for item in try account.client().liveActivities.track([1, 2, 3, 4], "k", title: "T", minInterval: .zero)
        where item == 4 {
            // Until its first state has arrived, there is no such stream.
            try await until { await (try? account.shown("k"))?["percentage"] == 75 }
        }
    }

    @MainActor @Test func anAsynchronousLoopIsOverWhenItsEndHasArrived() async throws {
        let account = try await Emulator.account()
        let calls = try account.client().liveActivities
        let items = try calls.track(numbers(5), "counted", title: "T")
        var sum = 0
        for try await item in items { sum += item }
        #expect(sum == 10 && items.problem == nil && items.counters.acknowledged >= 1)
        #expect(try await account.shown("counted") == ["title": "T", "type": "value", "value": 5])

        for try await _ in try calls.track(numbers(5), "known", title: "T", total: 5) {}
        #expect(try await account.shown("known")["percentage"] == 100)
    }

    @Test func anErrorOfTheSequenceItselfIsAFailure() async throws {
        let account = try await Emulator.account()
        let calls = try account.client().liveActivities
        let items = numbers(3).map { if $0 == 2 { throw Broken() } else { $0 } }
        await #expect(throws: Broken.self) {
            for try await _ in try calls.track(items, "k", title: "T", total: 3) {}
        }
        let shown = try await account.shown("k")
        #expect(shown["subtitle"] == "Broken" && shown["color"] == "red" && shown["percentage"] == 66)
    }

    @Test func aLoopThatIsCancelledHasFailed() async throws {
        let account = try await Emulator.account()
        let calls = try account.client().liveActivities
        let job = Task {
            for item in try calls.track(0..<4, "k", title: "T") where item == 2 {
                withUnsafeCurrentTask { $0?.cancel() }
                try Task.checkCancellation()
            }
        }
        await #expect(throws: CancellationError.self) { try await job.value }
        try await until { try await account.methods().last == "DELETE" }
        #expect(try await account.shown("k")["subtitle"] == "CancellationError")
    }

    @Test func aStreamOfItemsThatEndsByCancellationHasFailed() async throws {
        let account = try await Emulator.account()
        let calls = try account.client().liveActivities
        let loop = Task {
            let items = AsyncStream<Int> { continuation in (0..<3).forEach { continuation.yield($0) } }
            for await item in try calls.track(items, "k", title: "T", total: 1_000) where item == 2 {
                withUnsafeCurrentTask { $0?.cancel() }
            }
        }
        try await loop.value
        let shown = try await account.shown("k")
        #expect(shown["color"] == "red" && shown["subtitle"] == "CancellationError" && shown["percentage"] != 100)
    }

    @Test func whatBreaksARuleIsToldBeforeTheLoop() throws {
        let calls = try ActivitySmith(apiKey: "ask_test_1", baseURL: "http://127.0.0.1:1/api").liveActivities
        for (title, total, wrong) in [("", 1, "content_state.title"), ("T", -1, "total is -1")] {
            do {
                _ = try calls.track(0..<3, "k", title: title, total: total)
                Issue.record("it was taken")
            } catch {
                #expect(error.description.contains(wrong), "\(error)")
            }
        }
    }

    private func numbers(_ count: Int) -> AsyncStream<Int> {
        AsyncStream { continuation in
            (0..<count).forEach { continuation.yield($0) }
            continuation.finish()
        }
    }
}
