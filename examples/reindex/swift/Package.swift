// swift-tools-version: 6.0
//
// The example `reindex`, as a package that depends on ours by its path.

import PackageDescription

let package = Package(
    name: "reindex",
    platforms: [.macOS(.v13)],
    dependencies: [.package(name: "ActivitySmithKit", path: "../../..")],
    targets: [
        .executableTarget(
            name: "reindex", dependencies: [.product(name: "ActivitySmithKit", package: "ActivitySmithKit")])
    ]
)
