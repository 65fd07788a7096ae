/// When a canary is worse than its baseline.
package struct CanaryGatePlan: Sendable, Equatable {
    /// How often a canary as good as its baseline may be aborted, over the whole rollout.
    package var falseAbortRate = 0.01
    /// Requests of the canary below which nothing is decided: in all for an abort, in a step for
    /// going on.
    package var requestCountMin: UInt64 = 100
    /// The canary's errors may be more frequent by this factor.
    package var errorRatioMax = 1.0
    /// And must be more frequent by this much, as a part of the requests, to matter at all.
    package var errorRateDifferenceMin = 0.005
    /// Quantiles of the latency that are compared, 0…1, at most four; none: latency does not count.
    package var latencyQuantiles = [0.5, 0.95]
    /// The canary may be slower by this part of the baseline's quantile.
    package var latencyTolerance = 0.2

    package init() {}
}
