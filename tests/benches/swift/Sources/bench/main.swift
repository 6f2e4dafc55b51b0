// For each line that comes in, makes that many calls and prints how many seconds they took.

import ActivitySmithKit
import Foundation

/// Off the main actor, as in a server, so that no call begins and ends with a change of threads of its own.
nonisolated func time(_ count: Int, _ calls: LiveActivities) async throws -> Double {
    let clock = ContinuousClock()
    let began = clock.now
    for _ in 0..<count {
        try await calls.stream(
            "search-reindex", .progress(title: "Search Reindex", subtitle: "catalog-v2", percentage: 42))
    }
    return (clock.now - began) / .seconds(1)
}

let calls = try ActivitySmith().liveActivities
while let line = readLine(), let count = Int(line) {
    print(try await time(count, calls))
    fflush(nil)
}
