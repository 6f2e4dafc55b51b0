// The examples of the READMEs and of the public documentation, run as they are written.

import ActivitySmithKit
import ActivitySmithKitTesting
import Foundation
import Testing

private let files = ["a", "b", "c", "d"]

private struct Index: Sendable {
    func add(_ file: String) {}
}

private let index = Index()

private func render(_ file: String) {}

private func copy(_ file: String) async throws {}

private func write(_ done: () throws -> Void) async throws { try done() }

@Suite struct ReadmeTests {
    @Test func jobsAreShownAsTheReadmeSays() async throws {
        let account = try await Emulator.account()
        let activitysmith = try account.client()
        let calls = activitysmith.liveActivities

        try await calls.publish("search-reindex", .progress(title: "Search Reindex", percentage: 0)) { live in
            for (done, file) in files.enumerated() {
                index.add(file)
                try live.update { $0.percentage = 100 * (done + 1) / files.count }
            }
        }
        #expect(try await account.shown("search-reindex")["percentage"] == 100)

        for file in try calls.track(files, "thumbnails", title: "Thumbnails") { render(file) }
        try await until { try await account.methods().filter { $0 == "DELETE" }.count == 2 }

        try await calls.stream("nightly-backup", .progress(title: "Backup", percentage: 42))  // once, and now
        try await calls.endStream("nightly-backup")
        try await activitysmith.notifications.send("Backup failed", message: "exit 3")
    }

    @Test func theRepositorysReadmeSaysTheSame() async throws {
        let account = try await Emulator.account()
        let activitysmith = try account.client()
        let state = LiveActivity.State.progress(title: "Search Reindex", percentage: 0)
        try await activitysmith.liveActivities.publish("search-reindex", state) { live in
            for (done, file) in files.enumerated() {
                index.add(file)
                try live.update { $0.percentage = 100 * (done + 1) / files.count }
            }
        }
        #expect(try await account.shown("search-reindex")["percentage"] == 100)
    }

    @Test func changesAreMadeAsTheReadmeSays() async throws {
        let account = try await Emulator.account()
        let calls = try account.client().liveActivities
        let live = try calls.startPublishing("k", .progress(title: "T", percentage: 0), minInterval: .seconds(1))
        try live.update(urgent: true) { $0.percentage = 50 }  // a number that does not wait for its turn
        try live.update(alert: .init(title: "Half way")) { $0.subtitle = "catalog-v3" }
        let waiting = try live.replace(.alert(title: "Refund", message: "Approve 20?"))  // and its publisher
        try waiting.update { $0.message = "Approve 30?" }
        if await live.flush(timeout: .seconds(2)) { print(live.counters.sent, live.counters.coalesced) }
        #expect(try await account.shown("k")["message"] == "Approve 30?")
        try await live.finish()
    }

    @Test func callsAreMadeAsTheReadmeSays() async throws {
        let account = try await Emulator.account()
        let calls = try account.client().liveActivities
        let (step, load, state) = (2, 0.7, LiveActivity.State.progress(title: "Backup", percentage: 101))
        try await calls.stream(
            "deploy-web", .segmentedProgress(title: "Deploy web", numberOfSteps: 5, currentStep: step, badge: "canary"),
            action: .openUrl(title: "Log", url: "https://ci.example.com/runs/17"),
            channels: ["ops"], tags: ["deploy"], metadata: ["run": 17, "dry": false], timeout: .seconds(3))
        try await calls.stream("node-3", .metrics(title: "node-3", metrics: [.init(label: "CPU", value: load)]))
        do {
            try await calls.stream("nightly-backup", state)
        } catch .validation(let failure) {
            for violation in failure.violations { print(violation.path, violation.message) }
        } catch {
            print(error.isTransient ? "later, perhaps:" : "not like this:", error)
        }
        #expect(try await account.methods().count == 2)
    }

    @Test func theOtherCallsAreMadeAsTheReadmeSays() async throws {
        let account = try await Emulator.account()
        let activitysmith = try account.client()
        let calls = activitysmith.liveActivities
        let (notifications, metrics) = (activitysmith.notifications, activitysmith.metrics)

        let sent = try await notifications.send(
            "Backup failed", message: "exit 3", actions: [.openUrl(title: "Log", url: "https://ci.example.com/runs/17")],
            interruptionLevel: .timeSensitive, channels: ["ops"])
        if let id = sent.notificationId {
            try await notifications.replace(id, "Backup done")  // silently, on the same devices
        }

        try await metrics.update("queue.depth", 42)  // what a widget shows
        try await metrics.update("last.backup", "3 GB", timestamp: Date())

        try await activitysmith.badgeCount(3, channels: ["ops"])  // the number on the app's icon; 0 removes it

        let started = try await calls.start(.progress(title: "Tape", percentage: 0))
        if let id = started.activityId {
            try await calls.update(id, .progress(title: "Tape", percentage: 50))
            try await calls.end(id, .change(title: "Tape written"), autoDismissMinutes: 1)
        }
        #expect(try await account.requests().count == 8)

        // A push when the job fails, beside its Live Activity.
        let tape = Push("Tape failed", sound: "default")
        try await calls.publish("tape", .progress(title: "Tape", percentage: 0), onFailure: tape) { live in
            try await write { try live.update { $0.percentage = 100 } }
        }
        #expect(try await account.shown("tape")["percentage"] == 100)
    }

    @Test func statesAreReadAsTheReadmeSays() async throws {
        let account = try await Emulator.account()
        let calls = try account.client().liveActivities
        let file = Data(#"{"type": "progress", "title": "Backup", "percentage": 40}"#.utf8)
        let isDone = true
        let read = try JSONDecoder().decode(LiveActivity.State<LiveActivity.AnyContent>.self, from: file)
        try await calls.stream("nightly-backup", read)
        try await calls.stream("nightly-backup", isDone ? .init(.alert(.init(title: "Backup", message: "Done"))) : read)
        #expect(try await account.shown("nightly-backup")["message"] == "Done")
    }

    @Test func theDocumentationSaysWhatRuns() async throws {
        let account = try await Emulator.account()
        let activitysmith = try account.client()
        let first = LiveActivity.State.progress(title: "Backup", percentage: 0)
        try await activitysmith.liveActivities.publish("nightly-backup", first) { live in
            for (done, file) in files.enumerated() {
                try await copy(file)
                try live.update { $0.percentage = 100 * (done + 1) / files.count }
            }
        }
        for file in try activitysmith.liveActivities.track(files, "search-reindex", title: "Search Reindex") {
            index.add(file)
        }
        let live = try activitysmith.liveActivities.startPublishing("backup", .progress(title: "Backup", percentage: 0))
        for percentage in 1...100 {
            try live.update { $0.percentage = percentage }
        }
        try await live.finish()
        #expect(try await account.shown("backup")["percentage"] == 100)
        do {
            try await activitysmith.liveActivities.stream("k", .progress(title: "Backup", percentage: 101))
        } catch .validation(let failure) {
            for violation in failure.violations { print(violation.path, violation.message) }
        } catch {
            print(error.isTransient ? "later, perhaps:" : "never:", error)
        }
    }

    @Test func theEmulatorIsUsedAsItsDocumentationSays() async throws {
        func runJob(with activitysmith: ActivitySmith) async throws {
            try await activitysmith.liveActivities.stream(
                "nightly-backup", .progress(title: "Backup", percentage: 100))
        }
        do {
            let emulator = try await EmulatorProcess.start()
            let account = emulator.account()
            try await runJob(with: account.client())
            #expect(try await account.stream("nightly-backup")["content_state"]?["percentage"] == 100)
            emulator.stop()
        }
        let account = try await EmulatorProcess.start().account()
        try await runJob(with: account.client())
        #expect(try await account.stream("nightly-backup")["content_state"]?["percentage"] == 100)
        account.emulator.stop()
    }

    /// Those about installing are seen to by other means.
    @Test func theseAreTheDocumentationsExamples() throws {
        let here = URL(fileURLWithPath: #filePath)
        let root = here.appendingPathComponent("../../../..").standardizedFileURL
        let ours = Set(try lines(of: String(contentsOf: here, encoding: .utf8)))
        let sources = try FileManager.default.subpathsOfDirectory(atPath: root.path + "/bindings-swift/Sources")
        let documented = sources.filter { $0.hasSuffix(".swift") }.map { "bindings-swift/Sources/\($0)" }
        var count = 0
        for file in ["bindings-swift/README.md", "README.md"] + documented {
            let text = try String(contentsOf: root.appendingPathComponent(file), encoding: .utf8)
            let plain = text.replacing(/(?m)^ *\/\/\/ ?/, with: "")
            let examples = plain.matches(of: /(?s)```swift\n(.*?)```/).map { String($0.1) }
            let made = "let activitysmith = try ActivitySmith()  // ACTIVITYSMITH_API_KEY"
            for example in examples where !example.contains("binaryTarget") {
                count += 1
                for line in lines(of: example) where line != made {
                    #expect(ours.contains(line), "\(file): \(line)")
                }
            }
        }
        #expect(count >= 10)
    }

    private func lines(of text: String) -> [String] {
        text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    }
}
