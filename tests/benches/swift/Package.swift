// swift-tools-version: 6.0
//
// The program in Swift whose calls are timed.

import PackageDescription

let package = Package(
    name: "bench",
    platforms: [.macOS(.v13)],
    dependencies: [.package(name: "ActivitySmithKit", path: "../../..")],
    targets: [
        .executableTarget(name: "bench", dependencies: [.product(name: "ActivitySmithKit", package: "ActivitySmithKit")])
    ]
)
