/// Leads a canary from its first share of the traffic to all of it, or back to none.
///
/// One for each rollout, owned by whoever asks the gate; what it says becomes the share of a
/// `TrafficSplit`. Without I/O and small, so that it can be stored.
///
///     waiting ──► running ⇄ paused
///                    │  └──────────► promoted   100 %
///                    └─────────────► aborted      0 %
package struct RolloutStateMachine: Sendable, Equatable {
    package enum State: Sendable, Equatable {
        case waiting
        /// At a step, since a time.
        case running(step: Int, since: UInt64)
        /// At a step, and does not go on by itself; the gate may still abort it.
        case paused(step: Int)
        case promoted
        case aborted(CanaryAbort)
    }

    package let plan: RolloutPlan
    package private(set) var state = State.waiting

    package init(plan: RolloutPlan) { self.plan = plan }

    /// The canary's share now, in hundredths of a percent.
    package var points: UInt16 {
        switch self.state {
        case .waiting, .aborted: 0
        case .running(let step, _), .paused(let step): self.plan.steps[step].points
        case .promoted: Cohort.pointCount
        }
    }

    package enum OnRollout: Sendable, Equatable {
        case none
        /// A step begins: the gate is told, and the split gets this share.
        case stepBegan(points: UInt16)
        case promoted
        case aborted(CanaryAbort)
    }

    package mutating func beginRequested(now: UInt64) -> OnRollout {
        guard self.state == .waiting else { return .none }
        return self.begin(step: 0, now: now)
    }

    /// The gate has judged a window.
    package mutating func verdictGiven(_ verdict: CanaryVerdict, now: UInt64) -> OnRollout {
        switch (self.state, verdict) {
        case (.running, .abort(let reason)), (.paused, .abort(let reason)):
            self.state = .aborted(reason)
            return .aborted(reason)
        case (.running(let step, let since), .promote):
            let held = now > since ? now &- since : 0
            guard held >= self.plan.steps[step].holdNanoseconds else { return .none }
            return self.begin(step: step + 1, now: now)
        case (.running, .continue), (.paused, _), (.waiting, _), (.promoted, _), (.aborted, _):
            return .none
        }
    }

    package mutating func pauseRequested() {
        if case .running(let step, _) = self.state { self.state = .paused(step: step) }
    }

    /// Goes on; the step's time begins anew.
    package mutating func resumeRequested(now: UInt64) {
        if case .paused(let step) = self.state { self.state = .running(step: step, since: now) }
    }

    /// Somebody does not want to wait for the gate.
    package mutating func nextStepRequested(now: UInt64) -> OnRollout {
        switch self.state {
        case .running(let step, _), .paused(let step): self.begin(step: step + 1, now: now)
        case .waiting, .promoted, .aborted: .none
        }
    }

    package mutating func abortRequested() -> OnRollout {
        switch self.state {
        case .waiting, .running, .paused:
            self.state = .aborted(.requested)
            return .aborted(.requested)
        case .promoted, .aborted: return .none
        }
    }

    private mutating func begin(step: Int, now: UInt64) -> OnRollout {
        guard step < self.plan.steps.count else {
            self.state = .promoted
            return .promoted
        }
        self.state = .running(step: step, since: now)
        return .stepBegan(points: self.plan.steps[step].points)
    }
}
