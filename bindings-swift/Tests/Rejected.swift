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

    try await calls.start(.progress(title: "T", percentage: 42))
    try await calls.start(.change(title: "T"))  // rejected
    try await calls.end("a", .change(title: "T"), autoDismissMinutes: 1)
    try await calls.end("a", .change(title: "T"), autoDismissSeconds: 1)  // rejected

    try await activitysmith.notifications.send("T", interruptionLevel: .passive)
    try await activitysmith.notifications.send("T", interruptionLevel: .loud)  // rejected
    try await activitysmith.notifications.replace("n", "T", message: "M")
    try await activitysmith.notifications.replace("n", "T", sound: "default")  // rejected

    try await activitysmith.metrics.update("k", 42)
    try await activitysmith.metrics.update("k", true)  // rejected
    try await activitysmith.metrics.update("k", 42, timestamp: "yesterday")  // rejected
    try await activitysmith.badgeCount("3")  // rejected

    let live = try calls.startPublishing("k", .progress(title: "T", percentage: 42))
    let rejected = try calls.startPublishing("k", .change(title: "T"))  // rejected
    _ = try calls.startPublishing("k", .progress(title: "T"), minInterval: .seconds(1))
    _ = try calls.startPublishing("k", .progress(title: "T"), minInterval: 1)  // rejected
    _ = try calls.startPublishing("k", .progress(title: "T"), onFailure: "T")
    _ = try calls.startPublishing("k", .progress(title: "T"), onFailure: 7)  // rejected

    let step = 3
    try live.update { $0.percentage = step }
    try live.update { $0.percentage = "3" }  // rejected
    try live.update { $0.subtitle = "S" }
    try live.update { $0.message = "S" }  // rejected
    try live.update { $0.title = "U" }
    try live.update { $0.title = nil }  // rejected
    try live.update { $0.color = .blue }
    try live.update { $0.color = .pink }  // rejected
    try live.update(alert: .init(title: "A")) { $0.percentage = nil }
    try live.update(channels: "ops") { $0.percentage = nil }  // rejected

    let waiting = try live.replace(.alert(title: "T", message: "M"))
    try waiting.update { $0.message = "N" }
    try waiting.update { $0.percentage = 42 }  // rejected

    for item in try calls.track([1, 2], "k", title: "T") { _ = item + 1 }
    for item in try calls.track([1, 2], "k") { _ = item + 1 }  // rejected
    for item in try calls.track(7, "k", title: "T") { _ = item }  // rejected
}
