/// What few routes have besides their steps, as rows of the plan's tables.
///
/// Apart from `RoutePlan`, whose rows are read for every request and stay small.
package struct RouteExtras: Sendable, BitwiseCopyable, Equatable {
    /// A row of `Plan.retries`, in place of the upstream's.
    package var retries: Int?
    /// A row of `Plan.releases`.
    package var release: Int?
    /// A row of `Plan.fallbacks`.
    package var fallback: Int?
    /// A row of `Plan.mirrors`.
    package var mirror: Int?
    /// Points for whoever asks for it.
    package var abuseScore: UInt16 = 0

    var isEmpty: Bool { self == RouteExtras() }
}
