/// What one variant's requests did in one window of time.
///
/// Plain sums: each worker counts its own, and whoever judges adds them up.
package struct CanaryWindow: Sendable, Equatable {
    package private(set) var requestCount: UInt64 = 0
    package private(set) var errorCount: UInt64 = 0
    /// Of those that were no errors.
    package private(set) var latency = LatencyHistogram()

    package init() {}

    package mutating func requestSucceeded(nanoseconds: UInt64) {
        self.requestCount &+= 1
        self.latency.record(nanoseconds: nanoseconds)
    }

    package mutating func requestFailed() {
        self.requestCount &+= 1
        self.errorCount &+= 1
    }

    package mutating func merge(_ other: CanaryWindow) {
        self.requestCount &+= other.requestCount
        self.errorCount &+= other.errorCount
        self.latency.merge(other.latency)
    }

    package mutating func removeAll() {
        self.requestCount = 0
        self.errorCount = 0
        self.latency.removeAll()
    }
}
