// How the emulator runs as a process: what starts it, what stops it, and what it says.

import ActivitySmithKit
import ActivitySmithKitTesting
import Foundation
import Testing

@Suite struct EmulatorTests {
    @Test func aProgramThatIsNoneIsTold() async throws {
        await #expect(throws: EmulatorError.self) { try await EmulatorProcess.start(program: "/bin/echo") }
        await #expect(throws: (any Error).self) { try await EmulatorProcess.start(program: "/no/such/program") }
    }

    @Test(arguments: [Duration.milliseconds(100), .zero, .seconds(Int64.max) * -18])
    func aProgramThatSaysNothingIsLeftInTime(timeout: Duration) async throws {
        let silent = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try Data("#!/bin/sh\nexec sleep 60\n".utf8).write(to: silent)
        defer { try? FileManager.default.removeItem(at: silent) }
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: silent.path)
        let clock = ContinuousClock()
        let began = clock.now
        await #expect(throws: EmulatorError.self) {
            try await EmulatorProcess.start(program: silent.path, timeout: timeout)
        }
        #expect(clock.now - began < .seconds(30))
    }

    @Test func oneThatIsStoppedAnswersNobody() async throws {
        let emulator = try await EmulatorProcess.start(timeout: .seconds(Int64.max) * 18)
        let account = emulator.account()
        #expect(try await account.requests() == [])
        emulator.stop()
        emulator.stop()
        await #expect(throws: POSIXError(.ECONNREFUSED)) { try await account.requests() }
    }

    @Test func aStreamThatNobodyKnowsIsTold() async throws {
        let account = try await Emulator.account()
        await #expect(throws: EmulatorError.self) { try await account.stream("no such stream") }
    }
}
