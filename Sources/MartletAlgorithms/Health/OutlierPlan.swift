/// When an endpoint is taken out of the traffic because its answers are worse than its peers'.
package struct OutlierPlan: Sendable, Equatable {
    /// Compares the share of requests that succeeded with those of the peers.
    package struct SuccessRate: Sendable, Equatable {
        /// Requests in an interval below which nothing is said of an endpoint.
        package var requestCountMin: UInt64 = 100
        /// Endpoints with enough requests below which nothing is said of any.
        ///
        /// The default deviation cannot be reached by one of fewer than six: none of n values lies
        /// further than (n − 1) ÷ √n deviations from their mean.
        package var endpointCountMin = 6
        /// Standard deviations below the mean.
        package var deviationFactor = 1.9
        /// How far below the mean a rate must be in any case: without it, one error among peers
        /// without any would be enough.
        package var differenceMin = 0.05

        package init() {}
    }

    /// Compares the mean latency with those of the peers.
    package struct Latency: Sendable, Equatable {
        package var requestCountMin: UInt64 = 100
        package var endpointCountMin = 3
        /// Multiple of the peers' median.
        package var factor = 3.0
        /// How far above the median a mean must be in any case.
        package var differenceMinNanoseconds: UInt64 = 10_000_000

        package init() {}
    }

    /// Failures in a row, on one worker; 0 is off.
    package var consecutiveFailureCount: UInt32 = 5
    package var successRate: SuccessRate?
    package var latency: Latency?
    /// How often `OutlierDetection.intervalEnded` is called.
    package var intervalNanoseconds: UInt64 = 10_000_000_000
    /// How long the first ejection lasts; the second twice as long, and so on.
    package var ejectionNanoseconds: UInt64 = 30_000_000_000
    package var ejectionNanosecondsMax: UInt64 = 300_000_000_000
    /// Of all endpoints, how many may be out at the same time.
    ///
    /// One of two or more may always be, unless this is 0.
    package var ejectedPercentMax: UInt32 = 10

    package init() {}

    /// How many of so many endpoints may be out.
    package func ejectedCountMax(endpointCount: Int) -> Int {
        guard endpointCount > 1, self.ejectedPercentMax > 0 else { return 0 }
        let share = endpointCount.multipliedReportingOverflow(
            by: Int(min(self.ejectedPercentMax, 100)))
        return min(max(share.partialValue / 100, 1), endpointCount)
    }
}
