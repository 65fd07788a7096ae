// swift-tools-version: 6.2
//
// Measures limits and address sets by themselves, apart from the main package so that nothing is
// built there for it. The module is a link to its sources: one package, so that `package`
// declarations can be called. Run it with
// `swift run -c release --package-path bench/limits measure`.
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
    name: "martlet-bench-limits",
    targets: [
        .target(name: "MartletAlgorithms", swiftSettings: settings),
        .executableTarget(
            name: "measure", dependencies: ["MartletAlgorithms"], swiftSettings: settings),
    ]
)
