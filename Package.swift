// swift-tools-version: 6.2
//
//             martlet (executable: command line and bootstrap)
//                          │
//                  MartletControlPlane        async, actors, files, admin server
//                          │
//                   MartletDataPlane          confined to event loops, synchronous
//         ┌────────────┬───┴────────┬──────────────┬────────────┬────────────┐
//   MartletConfig  MartletTelemetry MartletHTTP  MartletAlgorithms MartletJSON MartletTLS
//    (document)     (counters)       (pure)       (pure, no NIO)    (pure)     (certificates)
//
// MartletInspection (pure, no NIO) stands beside MartletJSON.
//
// The arrows are the only imports there are; among the leaves, Config → HTTP, Telemetry → HTTP
// and Telemetry → Algorithms.
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
]

// Tests are built with the release, all of it once; optimising them would cost more than it saves.
let testSettings = settings + [.unsafeFlags(["-Onone"], .when(configuration: .release))]

// The one binary brings Swift along. Only the link is static: what is compiled is the same for the
// tests, whose library there is no static form of.
let staticSwift: [LinkerSetting] = [
    .unsafeFlags(
        ["-static-stdlib"]
            + [
                "Foundation", "FoundationInternationalization", "FoundationEssentials",
                "CoreFoundation", "_FoundationICU", "_FoundationCShims", "_FoundationCollections",
                "swiftDispatch", "dispatch", "BlocksRuntime", "swift_RegexParser",
                "swiftSynchronization",
            ].map { "-l\($0)" }, .when(platforms: [.linux]))
]

let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioTLS: Target.Dependency = .product(name: "NIOTLS", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")

let package = Package(
    name: "martlet",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "martlet", targets: ["martlet"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.0"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.0"),
        .package(
            url: "https://github.com/apple/swift-http-structured-headers.git", from: "1.7.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    ],
    targets: [
        .target(name: "MartletAlgorithms", swiftSettings: settings),
        .target(name: "MartletHTTP", swiftSettings: settings),
        .target(name: "MartletJSON", swiftSettings: settings),
        .target(name: "MartletInspection", swiftSettings: settings),
        // crypt(3) and Argon2, from the distribution and linked statically.
        .target(
            name: "CPasswordHashes",
            linkerSettings: [.linkedLibrary(":libcrypt.a"), .linkedLibrary(":libargon2.a")]),
        // c-ares, which asks DNS, likewise.
        .target(name: "CNameLookup", linkerSettings: [.linkedLibrary(":libcares.a")]),
        .target(
            name: "MartletSecurity",
            dependencies: [
                "MartletJSON", "CPasswordHashes",
                .product(
                    name: "RawStructuredFieldValues", package: "swift-http-structured-headers"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "MartletTelemetry", dependencies: ["MartletAlgorithms", "MartletHTTP"],
            swiftSettings: settings),
        .target(
            name: "MartletTLS",
            dependencies: [
                .product(name: "X509", package: "swift-certificates"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "MartletConfig",
            dependencies: ["MartletHTTP", .product(name: "Yams", package: "Yams")],
            swiftSettings: settings
        ),
        .target(
            name: "MartletDataPlane",
            dependencies: [
                "MartletConfig", "MartletTelemetry", "MartletHTTP", "MartletAlgorithms",
                "MartletTLS", "MartletSecurity", "MartletJSON", "MartletInspection", nioCore,
                nioPosix, nioSSL, nioTLS,
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "MartletControlPlane",
            dependencies: [
                "MartletDataPlane", "MartletConfig", "MartletTelemetry", "MartletHTTP",
                "MartletAlgorithms",
                "MartletTLS", "MartletSecurity", "MartletJSON", "CNameLookup", nioCore, nioPosix,
                nioSSL, nioHTTP1, logging,
                .product(name: "X509", package: "swift-certificates"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "martlet",
            dependencies: [
                "MartletControlPlane", "MartletDataPlane", "MartletConfig", "MartletHTTP",
                "MartletTelemetry", "MartletSecurity", nioCore, nioPosix, nioHTTP1, logging,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Hummingbird", package: "hummingbird"),
            ],
            swiftSettings: settings,
            linkerSettings: staticSwift
        ),
        .target(
            name: "MartletTestSupport",
            dependencies: [
                "MartletDataPlane", "MartletConfig", "MartletHTTP", "MartletAlgorithms",
                "MartletTelemetry", nioCore, .product(name: "NIOEmbedded", package: "swift-nio"),
            ],
            path: "Tests/MartletTestSupport",
            swiftSettings: testSettings
        ),
        .testTarget(
            name: "MartletSecurityTests",
            dependencies: [
                "MartletSecurity", "MartletJSON", "MartletAlgorithms",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
            ],
            swiftSettings: testSettings
        ),
        .testTarget(
            name: "MartletInspectionTests", dependencies: ["MartletInspection"],
            swiftSettings: testSettings),
        .testTarget(
            name: "MartletHTTPTests", dependencies: ["MartletHTTP"], swiftSettings: testSettings),
        .testTarget(
            name: "MartletAlgorithmsTests", dependencies: ["MartletAlgorithms"],
            // Simulations.
            swiftSettings: settings),
        .testTarget(
            name: "MartletJSONTests", dependencies: ["MartletJSON"], swiftSettings: testSettings),
        .testTarget(
            name: "MartletTelemetryTests", dependencies: ["MartletTelemetry"],
            swiftSettings: testSettings),
        .testTarget(
            name: "MartletTLSTests",
            dependencies: [
                "MartletTLS", .product(name: "X509", package: "swift-certificates"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: testSettings
        ),
        .testTarget(
            name: "MartletConfigTests", dependencies: ["MartletConfig"], swiftSettings: testSettings
        ),
        .testTarget(
            name: "MartletDataPlaneTests",
            dependencies: [
                "MartletDataPlane", "MartletConfig", "MartletHTTP", "MartletTelemetry",
                "MartletAlgorithms", "MartletJSON", "MartletTestSupport", "MartletSecurity",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOEmbedded", package: "swift-nio"), nioCore, nioPosix,
            ],
            swiftSettings: testSettings
        ),
    ]
)
