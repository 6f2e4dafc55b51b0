// Shows the job's progress. Whatever becomes of a report, the job goes on.

import ActivitySmithKit
import Foundation

struct Reporter {
    private let key = "search-reindex"
    private let activitysmith: ActivitySmith?
    private let folder: String
    private var shown: Int?
    /// After a report that failed only the end is reported, lest a job without a network wait at every step.
    private var failed = false
    private(set) var requests = 0

    init(folder: String) {
        self.folder = folder
        do {
            activitysmith = try ActivitySmith()
        } catch {
            Self.warn("no progress will be shown: \(error)")
            activitysmith = nil
        }
    }

    /// Sends a percentage, if it is another than the last one.
    mutating func report(_ percentage: Int) async {
        guard percentage != shown, !failed, let calls = activitysmith?.liveActivities else { return }
        shown = percentage
        let (key, state) = (key, state(percentage))
        await send(percentage) { () throws(ActivitySmithError) in try await calls.stream(key, state) }
    }

    mutating func end() async {
        guard let calls = activitysmith?.liveActivities else { return }
        let (key, state) = (key, state(100))
        await send(100) { () throws(ActivitySmithError) in
            try await calls.endStream(key, state, autoDismissMinutes: 2)
        }
    }

    private func state(_ percentage: Int) -> LiveActivity.ContentState {
        .progress(title: "Search Reindex", subtitle: folder, percentage: percentage)
    }

    /// Makes a call and prints what became of it.
    private mutating func send(
        _ percentage: Int, _ call: () async throws(ActivitySmithError) -> LiveActivity.StreamResponse
    ) async {
        let clock = ContinuousClock()
        let began = clock.now
        func line(_ outcome: String) -> String {
            let milliseconds = (clock.now - began) / .milliseconds(1)
            let figures = String(format: "%4d %% %8.1f ms", percentage, milliseconds)
            return "\(outcome.padding(toLength: 8, withPad: " ", startingAt: 0)) \(key) \(figures)"
        }
        do {
            let response = try await call()
            requests += Int(response.facts.attempts)
            print(line(response.operation.description))
        } catch {
            failed = true
            requests += error.attempts
            Self.warn("\(line("failed"))  \(error)")
        }
    }

    private static func warn(_ text: String) {
        FileHandle.standardError.write(Data("\(text)\n".utf8))
    }
}
