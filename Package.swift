// swift-tools-version: 6.0
//
// The Swift package ActivitySmithKit, whose sources are in `bindings-swift/`: SwiftPM looks for packages at a
// repository's root.
//
// The core is a Rust library. `cargo xtask package swift` builds it and leaves it in `dist/swift`, where this manifest
// looks first. Where it is not there, as in a package that was resolved by its version, Linux finds it through
// pkg-config; on Apple's platforms a release names its XCFramework in place of the path below.

import Foundation
import PackageDescription

let built = "\(Context.packageDirectory)/dist/swift"

#if canImport(Darwin)
    let library: Target = .binaryTarget(
        name: "activitysmith_kitFFI", path: "dist/swift/activitysmith_kitFFI.xcframework")
    let search: [LinkerSetting] = []
#else
    let isBuilt = FileManager.default.fileExists(atPath: "\(built)/lib/libactivitysmith_kit_swift.a")
    let library: Target = .systemLibrary(
        name: "activitysmith_kitFFI", path: "bindings-swift/Sources/activitysmith_kitFFI",
        pkgConfig: isBuilt ? nil : "activitysmith-kit-swift")
    // Unsafe flags are refused in packages that are resolved by their version, which have no such folder.
    let search: [LinkerSetting] = isBuilt ? [.unsafeFlags(["-L\(built)/lib"])] : []
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
            swiftSettings: [.swiftLanguageMode(.v5)], linkerSettings: search),
        .target(
            name: "ActivitySmithKit", dependencies: ["ActivitySmithNative"],
            path: "bindings-swift/Sources/ActivitySmithKit"),
        .target(
            name: "ActivitySmithKitTesting", dependencies: ["ActivitySmithKit"],
            path: "bindings-swift/Sources/ActivitySmithKitTesting"),
        .testTarget(
            name: "ActivitySmithKitTests",
            dependencies: ["ActivitySmithKit", "ActivitySmithKitTesting", "ActivitySmithNative"],
            path: "bindings-swift/Tests/ActivitySmithKitTests"),
    ],
    swiftLanguageModes: [.v6]
)
