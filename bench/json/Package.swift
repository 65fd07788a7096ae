// swift-tools-version: 6.2
//
// Measures MartletJSON by itself, apart from the main package so that nothing there is built for
// it. The module is a link to its sources: one package, so that `package` declarations can be
// called. Run it with `swift run -c release --package-path bench/json measure`.
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableExperimentalFeature("Lifetimes"),
    .unsafeFlags(["-enforce-exclusivity=unchecked"]),
]

let package = Package(
    name: "martlet-bench-json",
    targets: [
        .target(name: "MartletJSON", swiftSettings: settings),
        .executableTarget(
            name: "measure", dependencies: ["MartletJSON"], swiftSettings: settings),
    ]
)
