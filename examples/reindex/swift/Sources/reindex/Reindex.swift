// Indexes the words of every text file below a folder, and shows on a phone how far it is.
//
//     ACTIVITYSMITH_API_KEY=ask_... swift run reindex FOLDER

import ActivitySmithKit
import Foundation

/// For a job of seconds. Leave it out for one that takes minutes: the default is what iOS shows for hours.
let milliseconds = 20

@main struct Reindex {
    static func main() async {
        let folder = CommandLine.arguments.dropFirst().first ?? "."
        let show = "for this short job every \(milliseconds) ms; usually it is every 15 s and more"
        print("publishing search-reindex, \(show)")
        let live = publish(folder)

        let clock = ContinuousClock()
        let started = clock.now
        let all = files(below: folder)
        var index = Index()
        for (number, file) in all.enumerated() {
            index.add(number, file)
            // A percentage breaks no rule, and the network is no concern of an update.
            try? live?.update { $0.percentage = 100 * (number + 1) / all.count }
        }
        let seconds = String(format: "%.2f", (clock.now - started) / .seconds(1))
        print("indexed \(index.words) words in \(all.count) files in \(seconds) s")

        if let live { await finish(live) }
    }

    static func publish(_ folder: String) -> LiveActivity.Publisher<LiveActivity.Progress>? {
        do {
            // The service warns of so many updates; whether the last one arrived is told at the end.
            return try ActivitySmith(warn: { _ in }).liveActivities.startPublishing(
                "search-reindex", .progress(title: "Search Reindex", subtitle: folder, percentage: 0),
                minInterval: .milliseconds(milliseconds))
        } catch {
            print("no progress is shown: \(error)")
            return nil
        }
    }

    static func finish(_ live: LiveActivity.Publisher<LiveActivity.Progress>) async {
        _ = try? await live.finish()
        let counters = live.counters
        print("\(counters.updates) updates: \(counters.sent) requests, \(counters.coalesced) coalesced")
        print(live.problem.map { "the last state did not arrive: \($0)" } ?? "the last state arrived")
    }
}
