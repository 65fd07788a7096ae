/// How a route's traffic is shared out among releases of an upstream.
///
/// Either `variants` have fixed shares, or the first of them is led through `steps` by a gate.
package struct ReleaseConfig: Sendable, Equatable {
    /// Names it in `/v1/releases`, logs and metrics; empty is the route's name.
    package var name = ""
    package var source = SourceLocation.unknown
    /// The upstream that is tried out; the route's own is the baseline.
    package var canary: String?
    /// Its share, in hundredths of a percent.
    package var share: Int?
    /// Shares that it is led through, rising, in hundredths of a percent.
    package var steps: [Int] = []
    /// How long it stays at each step at least.
    package var hold: Duration = .seconds(60)
    /// Fixed shares of several upstreams; what is left over is the route's own.
    package var split: [ReleaseVariantConfig] = []
    /// What keeps a user on the same side, the first that a request has.
    package var cohort: [HashSourceConfig] = [.clientAddress]
    /// Who gets the canary whatever its share: one of these holds.
    package var always: [RequestConditionConfig] = []
    /// Who takes part at all; the others get the route's own upstream.
    ///
    /// Empty is everybody.
    package var among: [RequestConditionConfig] = []
    package var gate = ReleaseGateConfig()

    package init() {}
}

package struct ReleaseVariantConfig: Sendable, Equatable {
    package var upstream = ""
    /// In hundredths of a percent.
    package var share = 0

    package init() {}
}

/// When a canary is taken back by itself, and when it goes on.
package struct ReleaseGateConfig: Sendable, Equatable {
    package var window: Duration = .seconds(1)
    /// Of the canary, in a step and in all.
    package var requestCountMin = 100
    /// Errors may be more frequent than the baseline's by this percentage.
    package var errorTolerancePercent = 0
    /// And must be more frequent by so many hundredths of a percent of the requests to matter.
    package var errorDifferenceMin = 50
    /// Slower than the baseline's quantiles by this percentage is no matter.
    package var latencyTolerancePercent = 20
    /// Latency is compared at all.
    package var comparesLatency = true

    package init() {}
}
