// Indexes the words of every text file below a folder, and shows on a phone how far it is.
//
//     ACTIVITYSMITH_API_KEY=ask_... swift run reindex FOLDER

import ActivitySmithKit
import Foundation

@main struct Reindex {
    static func main() async {
        let folder = CommandLine.arguments.dropFirst().first ?? "."
        var reporter = Reporter(folder: folder)
        let clock = ContinuousClock()
        let started = clock.now

        let all = files(below: folder)
        var index = Index()
        await reporter.report(0)
        for (number, file) in all.enumerated() {
            index.add(number, file)
            await reporter.report(100 * (number + 1) / all.count)
        }
        await reporter.end()

        let seconds = String(format: "%.2f", (clock.now - started) / .seconds(1))
        print("indexed \(index.words) words in \(all.count) files, with \(reporter.requests) requests, in \(seconds) s")
    }
}
