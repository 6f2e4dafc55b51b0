// swift-tools-version: 6.0
//
// The Swift package ActivitySmithKit, whose sources are in `bindings-swift/`: SwiftPM looks for packages at a
// repository's root.
//
// The core is a Rust library, whose name holds this package's version, so that no other one is linked. From a folder of
// the user's own, such as a checkout, Linux finds it in `dist/swift`, where `cargo xtask package swift` leaves it; in a
// package that was resolved by its version, through pkg-config. On Apple's platforms a release names its XCFramework in
// place of the path below.

import Foundation
import PackageDescription

// Written by `cargo xtask package swift`.
let version = "0.1.0"

#if canImport(Darwin)
    let library: Target = .binaryTarget(
        name: "activitysmith_kitFFI", path: "dist/swift/activitysmith_kitFFI.xcframework")
    // What the core asks for trusted roots, and for proxies.
    let linking: [LinkerSetting] = [
        .linkedFramework("CoreFoundation"),
        .linkedFramework("Security"),
        .linkedFramework("SystemConfiguration", .when(platforms: [.macOS])),
    ]
#else
    let folder = Context.packageDirectory
    // Decided by where the package lies: SwiftPM remembers what a manifest said, also when a file has appeared since.
    let isResolved =
        folder.contains("/registry/downloads/")
        || folder.contains("/checkouts/") && FileManager.default.fileExists(atPath: "\(folder)/../../repositories")
    let library: Target = .systemLibrary(
        name: "activitysmith_kitFFI", path: "bindings-swift/Sources/activitysmith_kitFFI",
        pkgConfig: isResolved ? "activitysmith-kit-swift-\(version)" : nil)
    // Unsafe flags are refused in packages that are resolved.
    let linking: [LinkerSetting] = isResolved ? [] : [.unsafeFlags(["-L\(folder)/dist/swift/lib"])]
#endif

let package = Package(
    name: "ActivitySmithKit",
    platforms: [.macOS(.v13), .iOS(.v16)],
    products: [
        .library(name: "ActivitySmithKit", targets: ["ActivitySmithKit"]),
        .library(name: "ActivitySmithKitTesting", targets: ["ActivitySmithKitTesting"]),
    ],
    targets: [
        library,
        // What UniFFI generates; not to be used by itself.
        .target(
            name: "ActivitySmithNative", dependencies: ["activitysmith_kitFFI"],
            path: "bindings-swift/Sources/ActivitySmithNative",
            swiftSettings: [.swiftLanguageMode(.v5)], linkerSettings: linking),
        .target(
            name: "ActivitySmithKit", dependencies: ["ActivitySmithNative"],
            path: "bindings-swift/Sources/ActivitySmithKit"),
        .target(
            name: "ActivitySmithKitTesting", dependencies: ["ActivitySmithKit"],
            path: "bindings-swift/Sources/ActivitySmithKitTesting"),
        .testTarget(
            name: "ActivitySmithKitTests",
            dependencies: ["ActivitySmithKit", "ActivitySmithKitTesting"],
            path: "bindings-swift/Tests/ActivitySmithKitTests"),
    ],
    swiftLanguageModes: [.v6]
)
