/// How the requests to one endpoint ended in one interval.
///
/// Plain sums: each worker counts its own, and whoever judges adds them up.
package struct EndpointOutcomes: Sendable, BitwiseCopyable, Equatable {
    package private(set) var succeeded: UInt64 = 0
    package private(set) var failed: UInt64 = 0
    /// Of those that succeeded.
    package private(set) var latencyNanoseconds: UInt64 = 0

    package init() {}

    package var count: UInt64 { self.succeeded &+ self.failed }

    /// 0…1; 1 without requests.
    package var successRate: Double {
        self.count == 0 ? 1 : Double(self.succeeded) / Double(self.count)
    }

    package var latencyMean: Double {
        self.succeeded == 0 ? 0 : Double(self.latencyNanoseconds) / Double(self.succeeded)
    }

    package mutating func requestSucceeded(nanoseconds: UInt64) {
        self.succeeded &+= 1
        self.latencyNanoseconds &+= nanoseconds
    }

    package mutating func requestFailed() {
        self.failed &+= 1
    }

    package mutating func merge(_ other: EndpointOutcomes) {
        self.succeeded &+= other.succeeded
        self.failed &+= other.failed
        self.latencyNanoseconds &+= other.latencyNanoseconds
    }
}

/// Failures in a row of one endpoint on one worker.
package struct FailureRun: Sendable, BitwiseCopyable, Equatable {
    private var count: UInt32 = 0

    package init() {}

    package mutating func requestSucceeded() { self.count = 0 }

    /// A request failed.
    ///
    /// - Returns: whether the run has reached its limit; it begins anew then.
    package mutating func requestFailed(countMax: UInt32) -> Bool {
        guard countMax > 0 else { return false }
        self.count &+= 1
        guard self.count >= countMax else { return false }
        self.count = 0
        return true
    }
}
