package import MartletAlgorithms
package import MartletHTTP

/// One route, compiled: what is not a step.
///
/// Plain numbers without a reference, so that reading a row touches one cache line and counts
/// nothing, however many routes there are. Names lie in `Plan.routeNames`.
package struct RoutePlan: Sendable, BitwiseCopyable {
    private static var unset: UInt64 { .max }

    private let upstreamIndex: UInt32
    package let hostField: HostField
    package let allowedTraits: PathTraits
    private let bodyBytesLimit: UInt64
    /// Of a body that a step wants whole.
    package let heldBodyBytesMax: Int
    private let responseTicksOverride: UInt64
    private let totalTicksLimit: UInt64
    private let programIndex: UInt32
    private let extrasIndex: UInt32
    package let importance: RequestPriority
    package let allowsWebSocket: Bool
    /// Preflights for its methods are answered.
    package let hasCORS: Bool
    /// Some of its limits can be asked before it is known who calls.
    package let hasRateLimits: Bool
    /// Some step wants bodies whole.
    package let looksAtBodies: Bool
    /// Some step refuses what it finds, and none looks at trailers.
    package let dropsTrailers: Bool

    init(
        upstream: Int?, hostField: HostField, allowedTraits: PathTraits, bodyBytesMax: Int?,
        heldBodyBytesMax: Int, responseTicks: UInt64?, totalTicks: UInt64?, extras: Int?,
        importance: RequestPriority, firstProgram: Int, allowsWebSocket: Bool, hasCORS: Bool,
        hasRateLimits: Bool, looksAtBodies: Bool, dropsTrailers: Bool
    ) {
        self.upstreamIndex = upstream.map(UInt32.init(clamping:)) ?? .max
        self.hostField = hostField
        self.allowedTraits = allowedTraits
        self.bodyBytesLimit = bodyBytesMax.map(UInt64.init(clamping:)) ?? Self.unset
        self.heldBodyBytesMax = heldBodyBytesMax
        self.responseTicksOverride = responseTicks ?? Self.unset
        self.totalTicksLimit = totalTicks ?? Self.unset
        self.extrasIndex = extras.map(UInt32.init(clamping:)) ?? .max
        self.programIndex = UInt32(clamping: firstProgram)
        self.importance = importance
        self.allowsWebSocket = allowsWebSocket
        self.hasCORS = hasCORS
        self.hasRateLimits = hasRateLimits
        self.looksAtBodies = looksAtBodies
        self.dropsTrailers = dropsTrailers
    }

    /// `nil` for a route that a step answers.
    package var upstream: Int? {
        self.upstreamIndex == .max ? nil : Int(self.upstreamIndex)
    }

    /// Overrides the listener's.
    package var bodyBytesMax: Int? {
        self.bodyBytesLimit == Self.unset ? nil : Int(clamping: self.bodyBytesLimit)
    }

    /// Overrides the upstream's.
    package var responseTicks: UInt64? {
        self.responseTicksOverride == Self.unset ? nil : self.responseTicksOverride
    }

    /// For the whole exchange.
    package var totalTicks: UInt64? {
        self.totalTicksLimit == Self.unset ? nil : self.totalTicksLimit
    }

    /// A row of `Plan.extras`; few routes have any.
    package var extras: Int? {
        self.extrasIndex == .max ? nil : Int(self.extrasIndex)
    }

    /// Where the programs of this route's path patterns begin in `Plan.programs`.
    package var firstProgram: Int { Int(self.programIndex) }
}

/// Which `Host` the upstream sees, compiled.
package enum HostField: Sendable, Equatable, BitwiseCopyable {
    case preserve
    case upstream
    /// A row of `Plan.hostLiterals`.
    case literal(UInt32)
}

/// The steps of one path pattern of a route.
///
/// Patterns differ in their captures, so each has its own.
package struct RouteProgram: Sendable, BitwiseCopyable, Hashable {
    package let requestSteps: StepRange
    package let responseSteps: StepRange
    /// Which capture the upstream's hash is made of; beyond all if none is.
    package var hashCapture = UInt8.max
}

/// A run of steps in `Plan.steps`.
package struct StepRange: Sendable, BitwiseCopyable, Hashable {
    package let start: UInt32
    package let count: UInt16

    package static let empty = StepRange(start: 0, count: 0)
}
