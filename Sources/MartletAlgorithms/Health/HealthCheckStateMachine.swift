/// What the active checks of one endpoint say: is it healthy, and when is it checked next.
///
/// Owned by whoever sends the checks, one for each endpoint; what it finds is told to every
/// worker's `EndpointTable`. A plain value, kept over reloads.
///
///     awaiting ──► healthy ⇄ unhealthy
package struct HealthCheckStateMachine: Sendable, BitwiseCopyable, Equatable {
    private enum State: BitwiseCopyable, Equatable {
        /// No result yet, and the first decides.
        case awaiting
        /// `failures` in a row since the last pass.
        case healthy(failures: UInt32)
        /// `passes` in a row since the last failure.
        case unhealthy(passes: UInt32)
    }

    private var state: State

    package init(_ beginning: HealthCheckPlan.Beginning) {
        switch beginning {
        case .healthy: self.state = .healthy(failures: 0)
        case .unhealthy: self.state = .unhealthy(passes: 0)
        case .firstResult: self.state = .awaiting
        }
    }

    package var isHealthy: Bool {
        if case .healthy = self.state { return true }
        return false
    }

    package enum OnCheckEnded: Sendable, Equatable {
        case none
        case becameHealthy
        case becameUnhealthy
    }

    /// A check has passed or failed; one that got no answer in time has failed.
    package mutating func checkEnded(
        hasPassed: Bool, _ plan: HealthCheckPlan
    ) -> OnCheckEnded {
        switch (self.state, hasPassed) {
        case (.awaiting, true):
            self.state = .healthy(failures: 0)
            return .becameHealthy
        case (.awaiting, false):
            self.state = .unhealthy(passes: 0)
            return .becameUnhealthy
        case (.healthy, true):
            self.state = .healthy(failures: 0)
            return .none
        case (.unhealthy, false):
            self.state = .unhealthy(passes: 0)
            return .none
        case (.healthy(let failures), false):
            guard failures &+ 1 >= plan.failureCount else {
                self.state = .healthy(failures: failures &+ 1)
                return .none
            }
            self.state = .unhealthy(passes: 0)
            return .becameUnhealthy
        case (.unhealthy(let passes), true):
            guard passes &+ 1 >= plan.passCount else {
                self.state = .unhealthy(passes: passes &+ 1)
                return .none
            }
            self.state = .healthy(failures: 0)
            return .becameHealthy
        }
    }

    /// Nanoseconds until the first check: anywhere in the interval, so that thousands of endpoints
    /// are not checked at once.
    ///
    /// Where nothing is believed before the first result, it is soon: within a tenth.
    package func firstDelay(_ plan: HealthCheckPlan, random: inout SeededRandom) -> UInt64 {
        let interval = plan.intervalNanoseconds
        return random.next(below: self.state == .awaiting ? max(interval / 10, 1) : interval)
    }

    /// Nanoseconds from the end of a check to the next.
    package func nextDelay(_ plan: HealthCheckPlan, random: inout SeededRandom) -> UInt64 {
        let interval =
            self.isHealthy ? plan.intervalNanoseconds : plan.unhealthyIntervalNanoseconds
        let spread = (Double(interval) * plan.jitter).clampedToUInt64
        // From `spread` before the time to `spread` after it.
        let offset = random.next(below: spread.multipliedFullWidth(by: 2).low &+ 1)
        return max(1, interval &- min(spread, interval)) &+ offset
    }
}
