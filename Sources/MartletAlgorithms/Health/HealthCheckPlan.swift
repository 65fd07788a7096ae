/// When an endpoint is checked, and how many results in a row change what is believed of it.
package struct HealthCheckPlan: Sendable, Equatable {
    /// What is believed before there is a result.
    package enum Beginning: Sendable, Equatable, CaseIterable {
        /// It takes traffic until it fails as often as needed.
        case healthy
        /// It takes none until it passes as often as needed.
        case unhealthy
        /// It takes none until the first result, which decides alone.
        case firstResult
    }

    package var beginning: Beginning
    /// Passes in a row that make an unhealthy endpoint healthy.
    package var passCount: UInt32
    /// Failures in a row that make a healthy endpoint unhealthy.
    package var failureCount: UInt32
    package var intervalNanoseconds: UInt64
    /// Between checks of an unhealthy endpoint.
    package var unhealthyIntervalNanoseconds: UInt64
    /// How far a check may lie from its time, 0…1 of the interval, so that checks of many processes
    /// do not meet.
    package var jitter: Double

    package init(
        beginning: Beginning = .firstResult, passCount: UInt32 = 2, failureCount: UInt32 = 3,
        intervalNanoseconds: UInt64 = 10_000_000_000,
        unhealthyIntervalNanoseconds: UInt64? = nil, jitter: Double = 0.1
    ) {
        self.beginning = beginning
        self.passCount = max(passCount, 1)
        self.failureCount = max(failureCount, 1)
        self.intervalNanoseconds = max(intervalNanoseconds, 1)
        self.unhealthyIntervalNanoseconds = max(
            unhealthyIntervalNanoseconds ?? intervalNanoseconds, 1)
        self.jitter = min(max(jitter, 0), 1)
    }
}
