/// Names one permitted call until its end is told.
package struct CallPermit: Sendable, BitwiseCopyable, Equatable {
    /// Changes with each state: the end of a call that began in another says nothing.
    let epoch: UInt32
    /// Whether it finds out if the breaker may close.
    package let isProbe: Bool
}

/// When a breaker opens, for other workers to follow.
package struct CircuitBreakerOpening: Sendable, BitwiseCopyable, Equatable {
    package var untilNanoseconds: UInt64
    /// How often in a row, which makes the next one longer.
    package var openCount: UInt32

    package init(untilNanoseconds: UInt64, openCount: UInt32) {
        self.untilNanoseconds = untilNanoseconds
        self.openCount = openCount
    }
}

/// Stops calls to what fails, and lets a few through after a while to see whether it has recovered.
///
/// One for each upstream or endpoint on each worker, without I/O. Workers may follow each other's
/// openings: see `opening` and `othersOpened`.
///
///     closed ──too many failed──► open ──time──► halfOpen ──probes passed──► closed
///                                  ▲ ◄──────────probes failed──────┘
package struct CircuitBreakerStateMachine: Sendable {
    private enum State: BitwiseCopyable, Equatable {
        /// Calls are made, and the window fills.
        case closed(since: UInt64)
        /// No calls are made.
        case open(until: UInt64)
        /// So many probes are under way, and so many have passed or failed.
        case halfOpen(since: UInt64, pending: UInt64, passed: UInt64, failed: UInt64)
    }

    package let plan: CircuitBreakerPlan
    private var state = State.closed(since: 0)
    private var window: OutcomeWindow
    private var epoch: UInt32 = 0
    private var openCount: UInt32 = 0
    private var lastOpenNanoseconds: UInt64 = 0

    package init(plan: CircuitBreakerPlan) {
        self.plan = plan
        self.window = OutcomeWindow(plan.window)
    }

    package var isClosed: Bool {
        if case .closed = self.state { return true }
        return false
    }

    // MARK: Calls

    package enum OnCallRequested: Sendable, Equatable {
        case permit(CallPermit)
        /// - `retryAfterNanoseconds`: when calls are permitted again, as far as is known; 0 while
        ///   probes are under way.
        case reject(retryAfterNanoseconds: UInt64)
    }

    /// Somebody wants to make a call; what is permitted must be told to end or to be abandoned.
    package mutating func callRequested(now: UInt64) -> OnCallRequested {
        switch self.state {
        case .closed:
            return .permit(CallPermit(epoch: self.epoch, isProbe: false))
        case .open(let until):
            guard now >= until else { return .reject(retryAfterNanoseconds: until &- now) }
            return self.beginProbing(now: now)
        case .halfOpen(let since, let pending, let passed, let failed):
            guard pending &+ passed &+ failed >= self.probeCount else {
                self.state = .halfOpen(
                    since: since, pending: pending &+ 1, passed: passed, failed: failed)
                return .permit(CallPermit(epoch: self.epoch, isProbe: true))
            }
            guard now &- since >= self.plan.probeNanosecondsMax, now >= since else {
                return .reject(retryAfterNanoseconds: 0)
            }
            return self.beginProbing(now: now)
        }
    }

    private mutating func beginProbing(now: UInt64) -> OnCallRequested {
        self.epoch &+= 1
        self.state = .halfOpen(since: now, pending: 1, passed: 0, failed: 0)
        return .permit(CallPermit(epoch: self.epoch, isProbe: true))
    }

    package enum OpenReason: Sendable, Equatable {
        case failures
        case slowCalls
        case probesFailed
    }

    package enum OnCallEnded: Sendable, Equatable {
        case none
        case opened(OpenReason, untilNanoseconds: UInt64)
        case closed
    }

    /// A permitted call has ended after some time.
    package mutating func callEnded(
        _ permit: CallPermit, hasFailed: Bool, nanoseconds: UInt64, now: UInt64
    ) -> OnCallEnded {
        guard permit.epoch == self.epoch else { return .none }
        let isSlow = self.plan.slowNanoseconds.map { nanoseconds > $0 } ?? false
        switch self.state {
        case .closed(let since):
            let counts = self.window.record(hasFailed: hasFailed, isSlow: isSlow, now: now)
            guard let reason = self.reasonToOpen(counts) else { return .none }
            // Good for as long as it was open last: that trouble is over.
            if now >= since, now &- since >= self.lastOpenNanoseconds { self.openCount = 0 }
            return self.open(reason, now: now)
        case .open:
            return .none
        case .halfOpen(let since, let pending, let passed, let failed):
            let isBad = hasFailed || isSlow
            self.state = .halfOpen(
                since: since, pending: pending &- min(pending, 1),
                passed: passed &+ (isBad ? 0 : 1), failed: failed &+ (isBad ? 1 : 0))
            return self.probeEnded(
                passed: passed &+ (isBad ? 0 : 1), failed: failed &+ (isBad ? 1 : 0), now: now)
        }
    }

    /// A permitted call says nothing: it was not made, or the client left.
    package mutating func callAbandoned(_ permit: CallPermit) {
        guard permit.epoch == self.epoch,
            case .halfOpen(let since, let pending, let passed, let failed) = self.state
        else { return }
        self.state = .halfOpen(
            since: since, pending: pending &- min(pending, 1), passed: passed, failed: failed)
    }

    // MARK: Deciding

    private var probeCount: UInt64 { min(max(self.plan.probeCount, 1), 100) }

    private func reasonToOpen(_ counts: OutcomeWindow.Counts) -> OpenReason? {
        guard counts.calls >= max(self.plan.callCountMin, 1) else { return nil }
        if counts.failures &* 100 >= self.plan.failurePercent &* counts.calls,
            counts.failures > 0
        {
            return .failures
        }
        if counts.slow &* 100 >= self.plan.slowPercent &* counts.calls, counts.slow > 0 {
            return .slowCalls
        }
        return nil
    }

    /// Opens or closes as soon as the probes still out cannot change it.
    private mutating func probeEnded(
        passed: UInt64, failed: UInt64, now: UInt64
    ) -> OnCallEnded {
        let limit = self.plan.failurePercent &* self.probeCount
        if failed > 0, failed &* 100 >= limit { return self.open(.probesFailed, now: now) }
        let failedMost = self.probeCount &- min(passed, self.probeCount)
        guard failedMost == 0 || failedMost &* 100 < limit else { return .none }
        self.epoch &+= 1
        self.state = .closed(since: now)
        self.window.removeAll()
        return .closed
    }

    private mutating func open(_ reason: OpenReason, now: UInt64) -> OnCallEnded {
        let doublings = min(self.openCount, 63)
        let isTooLong = UInt64(doublings) >= UInt64(self.plan.openNanoseconds.leadingZeroBitCount)
        let grown = isTooLong ? .max : self.plan.openNanoseconds &<< UInt64(doublings)
        self.lastOpenNanoseconds = min(grown, self.plan.openNanosecondsMax)
        let until = now.addingReportingOverflow(self.lastOpenNanoseconds)
        let end = until.overflow ? .max : until.partialValue
        self.openCount &+= 1
        self.epoch &+= 1
        self.state = .open(until: end)
        self.window.removeAll()
        return .opened(reason, untilNanoseconds: end)
    }

    // MARK: Agreeing

    /// What other workers should know, while it is open.
    package var opening: CircuitBreakerOpening? {
        guard case .open(let until) = self.state else { return nil }
        return CircuitBreakerOpening(untilNanoseconds: until, openCount: self.openCount)
    }

    /// Another worker's breaker has opened: this one does not have to find out for itself.
    package mutating func othersOpened(_ opening: CircuitBreakerOpening) {
        if case .open(let until) = self.state, until >= opening.untilNanoseconds { return }
        self.openCount = max(self.openCount, opening.openCount)
        self.epoch &+= 1
        self.state = .open(until: opening.untilNanoseconds)
        self.window.removeAll()
    }
}
