/// How much of its weight an endpoint gets while it is new or has just recovered.
///
/// Caches are cold and code is not compiled yet: the full share at once would overload it. The
/// share grows from a minimum to the whole over a window.
package struct SlowStart: Sendable, Equatable {
    /// How often within its window the weight is raised: each time, tables are made anew.
    package static let stepCount: UInt64 = 32

    package let windowNanoseconds: UInt64
    /// The least share, 0…1.
    package let minimumShare: Double
    /// 1 grows evenly; above 1, quickly at first and slowly at the end.
    package let aggression: Double

    /// What lies outside of the ranges is moved to their ends.
    package init(windowNanoseconds: UInt64, minimumShare: Double = 0.1, aggression: Double = 1) {
        self.windowNanoseconds = max(windowNanoseconds, 1)
        self.minimumShare = min(max(minimumShare, 0), 1)
        self.aggression = min(max(aggression, 0.01), 100)
    }

    /// The share of the weight after some time in service, 0…1.
    package func share(elapsedNanoseconds: UInt64) -> Double {
        guard elapsedNanoseconds < self.windowNanoseconds else { return 1 }
        let elapsed = Double(elapsedNanoseconds) / Double(self.windowNanoseconds)
        let share = RealFunctions.power(elapsed, 1 / self.aggression)
        return max(self.minimumShare, min(share, 1))
    }

    /// Nanoseconds between two raises.
    package var stepNanoseconds: UInt64 { max(self.windowNanoseconds / Self.stepCount, 1) }
}
