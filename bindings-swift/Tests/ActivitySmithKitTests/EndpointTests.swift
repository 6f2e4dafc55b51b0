// How pushes, metrics, the badge and activities by id behave against the emulator, and the pushes of jobs that end.

import ActivitySmithKit
import ActivitySmithKitTesting
import Foundation
import Testing

@Suite struct EndpointTests {
    @Test func aPushIsSentAndReplaced() async throws {
        let account = try await Emulator.account()
        let notifications = try account.client().notifications
        let sent = try await notifications.send(
            "Backup failed", message: "exit 3", subtitle: "db-1", icon: "https://example.com/i.png",
            redirection: "https://example.com/log",
            actions: [.openUrl(title: "Log", url: "slack://channel?id=1"), .webhook(title: "Retry", url: "https://e.com")],
            payload: ["run": 17], badge: 3, tags: ["nightly"], metadata: ["run": 17, "dry": false], sound: "default",
            interruptionLevel: .timeSensitive, channels: ["ops"])
        #expect(sent.success == true && sent.devicesNotified == 1 && sent.facts.attempts == 1)
        let id = try #require(sent.notificationId)
        let replaced = try await notifications.replace(id, "Backup done", tags: [])
        #expect(replaced.notificationId == id)
        let requests = try await account.requests()
        #expect(requests[0]["body"]?["interruption_level"] == "time-sensitive")
        #expect(requests[0]["body"]?["target"] == ["channels": ["ops"]])
        #expect(requests[0]["body"]?["payload"] == ["run": 17] && requests[0]["body"]?["badge"] == 3)
        #expect(requests[1]["path"] == .string("/push-notification/\(id)"))
        #expect(requests[1]["body"] == ["title": "Backup done", "tags": []])
    }

    @Test func aPushThatIsMadeAlreadyIsSent() async throws {
        let account = try await Emulator.account()
        let push = Push("Hello", badge: UInt8(1), channels: ["ops"], extra: ["volume": 1])
        let file = try JSONEncoder().encode(push)
        #expect(try JSONDecoder().decode(Push.self, from: file) == push)
        var other: Push = "Hello"
        other.interruptionLevel = .passive
        let notifications = try account.client().notifications
        try await notifications.send(other)
        try await notifications.send("Good night")
        let level: LiveActivity.JSON = ["title": "Hello", "interruption_level": "passive"]
        #expect(try await account.pushes() == [level, ["title": "Good night"]])
    }

    @Test func whatPushesMayNotHoldIsRefusedAtOnce() async throws {
        let account = try await Emulator.account()
        let notifications = try account.client().notifications
        let found = try await violations {
            try await notifications.send(
                " ", media: "https://e.com/a.jpg", redirection: "javascript:alert(1)",
                actions: [.openUrl(title: "Go", url: "https://e.com")], badge: 1.5, interruptionLevel: .other("loud"),
                channels: [])
        }
        let paths = ["badge", "channels", "interruption_level", "media", "redirection", "title"]
        #expect(found == paths)
        #expect(try await violations { try await notifications.replace("..", "T") } == ["notification_id"])
        #expect(try await account.requests() == [])
    }

    @Test func aReplacementOfNothingIsToldAsThat() async throws {
        let account = try await Emulator.account()
        let notifications = try account.client().notifications
        do {
            try await notifications.replace("n 1/x", "T")
            Issue.record("there is one")
        } catch {
            #expect(error.kind == "not_found" && error.attempts == 1)
        }
    }

    @Test func anActivityIsStartedUpdatedAndEndedByItsId() async throws {
        let account = try await Emulator.account()
        let activities = try account.client().liveActivities
        let started = try await activities.start(
            .segmentedProgress(title: "Deploy", numberOfSteps: 4, currentStep: 1), alert: .init(title: "Go"),
            channels: ["ops"], tags: ["deploy"])
        let id = try #require(started.activityId)
        try await activities.update(id, .segmentedProgress(title: "Deploy", numberOfSteps: 4, currentStep: 2), tags: [])
        try await activities.update(id, .change(title: "Deploy", currentStep: 3))
        let ended = try await activities.end(id, .change(title: "Deployed"), autoDismissMinutes: 1)
        #expect(ended.activityId == id && ended.success == true)
        let bodies = try await account.requests().map { $0["body"] }
        #expect(bodies[1]?["activity_id"] == .string(id) && bodies[1]?["tags"] == [])
        #expect(bodies[2]?["content_state"] == ["title": "Deploy", "current_step": 3])
        #expect(bodies[3]?["content_state"] == ["title": "Deployed", "auto_dismiss_minutes": 1])
    }

    @Test(arguments: ["", "a/1"]) func anIdThatIsNoneIsRefused(id: String) async throws {
        let account = try await Emulator.account()
        let found = try await violations {
            try await account.client().liveActivities.end(id, .change(title: "T"))
        }
        #expect(found == ["activity_id"])
        #expect(try await account.requests() == [])
    }

    @Test func metricsHaveNumbersAndTexts() async throws {
        let account = try await Emulator.account()
        let metrics = try account.client().metrics
        let (depth, when) = (41.5, Date(timeIntervalSince1970: 1_795_168_740.1236))
        #expect(try await metrics.update("queue.depth", depth).success == true)
        try await metrics.update("uptime", "3 d", timestamp: when)
        try await metrics.update("uptime", "4 d", timestamp: .distantFuture)
        let bodies = try await account.requests().map { $0["body"] }
        #expect(bodies[0] == ["value": 41.5])
        #expect(bodies[1] == ["value": "3 d", "timestamp": "2026-11-20T09:59:00.124Z"])
        #expect(bodies[2]?["timestamp"] == "4001-01-01T00:00:00.000Z")
    }

    @Test(arguments: [Double.nan, .infinity, 1e12, -1e12, 1e300])
    func aDateThatNoCalendarHasIsRefused(since: Double) async throws {
        let account = try await Emulator.account()
        let found = try await violations {
            try await account.client().metrics.update("K", Double.nan, timestamp: Date(timeIntervalSince1970: since))
        }
        #expect(found == ["key", "timestamp", "value"], "\(found)")
        #expect(try await account.requests() == [])
    }

    @Test(arguments: [-1, 2_147_483_648, 1.5] as [LiveActivity.Number])
    func aNumberThatNoIconShowsIsRefused(number: LiveActivity.Number) async throws {
        let account = try await Emulator.account()
        let activitysmith = try account.client()
        try await activitysmith.badgeCount(3, channels: ["ops"])
        let found = try await violations {
            try await activitysmith.badgeCount(number)
        }
        #expect(found == ["badge"])
        #expect(try await account.requests().map { $0["body"] } == [["badge": 3, "target": ["channels": ["ops"]]]])
    }

    @Test func aJobsEndIsPushedAsItWent() async throws {
        struct Broken: Error {}
        let account = try await Emulator.account()
        let activities = try account.client().liveActivities
        let done = Push("Backup done", channels: ["ops"])
        let first = LiveActivity.State.progress(title: "Backup", percentage: 0)
        await #expect(throws: Broken.self) {
            try await activities.publish("failed", first, onFailure: "Backup failed", onSuccess: done) { _ in
                throw Broken()
            }
        }
        try await activities.publish("done", first, onFailure: "Backup failed", onSuccess: done) { _ in }
        let live = try activities.startPublishing("told", first, onFailure: .init("Told", sound: "default"))
        try await live.fail("disk full")
        for _ in try activities.track([1], "loop", title: "T", onFailure: "Loop failed", onSuccess: "Loop done") {}
        try await until { try await account.pushes().count == 4 }
        let told: LiveActivity.JSON = ["title": "Backup done", "target": ["channels": ["ops"]]]
        #expect(
            try await account.pushes() == [
                ["title": "Backup failed"], told, ["title": "Told", "sound": "default"], ["title": "Loop done"],
            ])
    }

    @Test func aPushThatCannotBeFailsBeforeTheJob() async throws {
        let activities = try ActivitySmith(apiKey: "ask_test_1", baseURL: "http://127.0.0.1:1/api").liveActivities
        let found = try await violations {
            _ = try activities.startPublishing("k", .progress(title: "T", percentage: 0), onFailure: " ")
        }
        #expect(found == ["on_failure.title"])
    }
}

/// The paths of what a call finds wrong, in order.
private func violations(_ call: () async throws -> Void) async throws -> [String] {
    do {
        try await call()
    } catch ActivitySmithError.validation(let failure) {
        return failure.violations.map(\.path).sorted()
    }
    return []
}

extension EmulatorProcess.Account {
    /// The bodies of the pushes, oldest first.
    fileprivate func pushes() async throws -> [LiveActivity.JSON?] {
        try await requests().filter { $0["path"] == "/push-notification" }.map { $0["body"] }
    }
}
