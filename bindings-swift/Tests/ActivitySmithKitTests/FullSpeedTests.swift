// For real: half a minute of all that loops can give, on three streams, with the service's limits. `cargo xtask test`
// runs it after the others, to which it would leave little of the machine.

import ActivitySmithKit
import ActivitySmithKitTesting
import Foundation
import Testing

@Suite struct FullSpeedTests {
    private static let seconds = 30
    private static let streams = ["one", "two", "three"]
    /// Any machine gets so far.
    private static let fewest = 10_000

    @Test func aHundredThousandUpdatesASecondMeetNoLimit() async throws {
        let emulator = try await EmulatorProcess.start()
        defer { emulator.stop() }
        let account = emulator.account()
        let calls = try account.client().liveActivities
        let updates = try await withThrowingTaskGroup(of: Int.self) { group in
            for streamKey in Self.streams {
                group.addTask {
                    let live = try calls.startPublishing(streamKey, .progress(title: "T", percentage: 0))
                    let updates = try await Self.onAThread { try Self.work(live) }
                    #expect(try await live.finish() && live.problem == nil)
                    // With the first state and the last one.
                    #expect(live.counters.updates == updates + 2)
                    return updates
                }
            }
            return try await group.reduce(0, +)
        }
        print("\(updates / Self.seconds) updates a second")
        #expect(updates >= Self.fewest)

        let requests = try await account.requests()
        #expect(requests.allSatisfy { $0["status"] == 200 })
        #expect(requests.count <= 5 * Self.streams.count)
        for streamKey in Self.streams {
            #expect(try await account.stream(streamKey)["state"] == "ended")
            #expect(try await account.shown(streamKey) == ["title": "T", "type": "progress", "percentage": 77])
        }
    }

    /// Updates as often as it can, and gives back how often that was.
    private static func work(_ live: LiveActivity.Publisher<LiveActivity.Progress>) throws -> Int {
        let clock = ContinuousClock()
        let end = clock.now + .seconds(seconds)
        var updates = 0
        while clock.now < end {
            for _ in 0..<100 {
                updates += 1
                try live.update { $0.percentage = Double(updates % 100_000) / 1_000 }
            }
        }
        try live.update { $0.percentage = 77 }
        return updates
    }

    /// Does what waits for nothing on a thread of its own, since tasks share a few.
    private static func onAThread<Outcome: Sendable>(
        _ work: @escaping @Sendable () throws -> Outcome
    ) async throws -> Outcome {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try work() }) }
        }
    }
}
