/// How the number of requests in flight to an upstream is found by its latency.
package struct AdaptiveLimitPlan: Sendable, Equatable {
    package var limitStart = 20
    package var limitMin = 4
    package var limitMax = 1000
    /// Latency above this multiple of the baseline is a queue in the upstream.
    package var tolerance = 1.5
    /// The limit changes at most once in this time, and when there are enough samples.
    package var windowNanoseconds: UInt64 = 100_000_000
    package var sampleCountMin = 20
    /// With fewer samples, a window ends after this time.
    package var windowNanosecondsMax: UInt64 = 1_000_000_000
    /// How often the baseline is measured anew, with a lower limit for some windows.
    package var probeIntervalNanoseconds: UInt64 = 10_000_000_000

    package init() {}
}
