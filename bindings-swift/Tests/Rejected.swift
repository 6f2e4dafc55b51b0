// What must not compile, each line for a mistake that the types forbid, below the same without the mistake.
// `cargo xtask test swift` holds the compiler to it.

import ActivitySmithKit

func rejected(_ activitysmith: ActivitySmith) async throws(ActivitySmithError) {
    let calls = activitysmith.liveActivities

    try await calls.stream("k", .progress(title: "T", percentage: 42))
    try await calls.stream("k", .progress(title: "T", percentage: "42"))  // rejected
    try await calls.stream("k", .progress(percentage: 42))  // rejected
    try await calls.stream(17, .progress(title: "T", percentage: 42))  // rejected

    try await calls.stream("k", .timer(title: "T", durationSeconds: 42))
    try await calls.stream("k", .timer(title: "T", percentage: 42))  // rejected

    try await calls.stream("k", .progress(title: "T", subtitle: "S", percentage: 42))
    try await calls.stream("k", .progress(title: "T", subtitel: "S", percentage: 42))  // rejected

    try await calls.stream("k", .progress(title: "T", percentage: 42, color: .blue))
    try await calls.stream("k", .progress(title: "T", percentage: 42, color: .pink))  // rejected

    try await calls.stream("k", .value(title: "T", value: 42))
    try await calls.stream("k", .value(title: "T", value: true))  // rejected

    try await calls.stream("k", .progress(title: "T", percentage: 42), tags: ["nightly"])
    try await calls.stream("k", .progress(title: "T", percentage: 42), tags: "nightly")  // rejected

    try await calls.stream("k", .progress(title: "T", percentage: 42), metadata: ["a": 1])
    try await calls.stream("k", .progress(title: "T", percentage: 42), metadata: ["a": ["b": 1]])  // rejected

    try await calls.stream("k", .progress(title: "T", percentage: 42), timeout: .seconds(3))
    try await calls.stream("k", .progress(title: "T", percentage: 42), timeout: 3)  // rejected

    try await calls.stream("k", .progress(title: "T", percentage: 42), channels: ["ops"])
    try await calls.endStream("k")
    try await calls.endStream("k", channels: ["ops"])  // rejected
}
