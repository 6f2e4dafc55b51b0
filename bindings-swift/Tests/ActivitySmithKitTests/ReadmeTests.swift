// The README's examples, run as they are written.

import ActivitySmithKit
import ActivitySmithKitTesting
import Foundation
import Testing

private let files = ["a", "b", "c", "d"]

private struct Index: Sendable {
    func add(_ file: String) {}
}

private let index = Index()

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

        for file in try calls.track(files, "search-reindex", title: "Search Reindex") { index.add(file) }
        try await until { try await account.methods().filter { $0 == "DELETE" }.count == 2 }

        try await calls.stream("search-reindex", .progress(title: "Search Reindex", percentage: 42))  // once, and now
        try await calls.endStream("search-reindex")
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
        let live = try calls.startPublishing("k", .progress(title: "T", percentage: 0), pace: .seconds(1))
        try live.update(urgent: true) { $0.percentage = 50 }  // a figure that does not wait for its turn
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
        let (step, load, state) = (2, 0.7, LiveActivity.ContentState.progress(title: "Backup", percentage: 101))
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

    /// Those about tests and about installing are seen to by other means.
    @Test(arguments: ["bindings-swift/README.md", "README.md"])
    func theseAreTheReadmesExamples(readme: String) throws {
        let here = URL(fileURLWithPath: #filePath)
        let root = here.appendingPathComponent("../../../..").standardizedFileURL
        let ours = Set(try lines(of: String(contentsOf: here, encoding: .utf8)))
        let text = try String(contentsOf: root.appendingPathComponent(readme), encoding: .utf8)
        let examples = text.matches(of: /(?s)```swift\n(.*?)```/).map { String($0.1) }
        let shown = examples.filter { !$0.contains("binaryTarget") && !$0.contains("ActivitySmithKitTesting") }
        #expect(!shown.isEmpty)
        let made = "let activitysmith = try ActivitySmith()  // ACTIVITYSMITH_API_KEY"
        for line in shown.flatMap(lines) where line != made {
            #expect(ours.contains(line), "\(line)")
        }
    }

    private func lines(of text: String) -> [String] {
        text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    }
}
