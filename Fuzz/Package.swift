// swift-tools-version: 6.2
//
// Fuzzers, apart from the main package so that nothing there is built for them. The modules under
// test are links to its sources: one package, so that `package` declarations can be called.
// Run them with scripts/fuzz.
import PackageDescription

/// What the main package sets, plus coverage counters and comparison tracing for libFuzzer, and
/// assertions although optimised.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableExperimentalFeature("Lifetimes"),
    .unsafeFlags(["-sanitize=fuzzer", "-assert-config", "Debug"]),
]

func fuzzer(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies + ["FuzzDriver"], swiftSettings: settings,
        linkerSettings: [.unsafeFlags(["-sanitize=fuzzer", "-use-ld=lld"])])
}

let package = Package(
    name: "martlet-fuzz",
    dependencies: [.package(url: "https://github.com/jpsim/Yams", from: "6.2.0")],
    targets: [
        .target(name: "LibFuzzer"),
        .target(name: "FuzzDriver", dependencies: ["LibFuzzer"], swiftSettings: settings),
        .target(name: "MartletHTTP", swiftSettings: settings),
        .target(name: "MartletJSON", swiftSettings: settings),
        .target(name: "MartletInspection", swiftSettings: settings),
        // What reads bytes; what checks signatures is swift-crypto's.
        .target(
            name: "MartletSecurity", dependencies: ["MartletJSON"],
            sources: [
                "Encoding", "Fields", "APIKeys/APIKeyText.swift", "JOSE/CompactToken.swift",
                "JOSE/JWSAlgorithm.swift", "JOSE/TokenRefusal.swift", "JOSE/ClaimRules.swift",
                "JOSE/ClaimRule.swift",
            ], swiftSettings: settings),
        .target(
            name: "MartletConfig",
            dependencies: ["MartletHTTP", .product(name: "Yams", package: "Yams")],
            swiftSettings: settings),
        fuzzer("fuzz-http1", ["MartletHTTP"]),
        fuzzer("fuzz-chunked", ["MartletHTTP"]),
        fuzzer("fuzz-target", ["MartletHTTP"]),
        fuzzer("fuzz-names", ["MartletHTTP"]),
        fuzzer("fuzz-hpack", ["MartletHTTP"]),
        fuzzer("fuzz-origin", ["MartletHTTP"]),
        fuzzer("fuzz-addresses", ["MartletHTTP"]),
        fuzzer("fuzz-http2frames", ["MartletHTTP"]),
        fuzzer("fuzz-config", ["MartletConfig"]),
        fuzzer("fuzz-json", ["MartletJSON"]),
        fuzzer("fuzz-regex", ["MartletJSON"]),
        fuzzer("fuzz-schema", ["MartletJSON"]),
        fuzzer("fuzz-inspection", ["MartletInspection"]),
        fuzzer("fuzz-jwt", ["MartletSecurity", "MartletJSON"]),
        fuzzer("fuzz-credentials", ["MartletSecurity"]),
    ]
)
