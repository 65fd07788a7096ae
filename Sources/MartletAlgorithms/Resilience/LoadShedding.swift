/// How important a request is, the most important first.
package enum RequestPriority: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case critical
    case high
    case normal
    case low
}

/// At which strain of the process which requests are refused.
package struct LoadSheddingPlan: Sendable, Equatable {
    package struct Level: Sendable, Equatable {
        /// How late the loop may be.
        package var loopDelayNanoseconds: UInt64
        /// Of the memory that the process may have, 0…1.
        package var memoryFraction: Double
        /// The least important that is still admitted.
        package var admitted: RequestPriority

        package init(
            loopDelayNanoseconds: UInt64, memoryFraction: Double, admitted: RequestPriority
        ) {
            self.loopDelayNanoseconds = loopDelayNanoseconds
            self.memoryFraction = memoryFraction
            self.admitted = admitted
        }
    }

    /// From little strain to much.
    package var levels: [Level]
    /// A level is left when the strain is below this part of what entered it.
    package var leaveFraction = 0.7
    /// And has been for this long.
    package var holdNanoseconds: UInt64 = 2_000_000_000

    package init(
        levels: [Level] = [
            Level(loopDelayNanoseconds: 50_000_000, memoryFraction: 0.85, admitted: .normal),
            Level(loopDelayNanoseconds: 150_000_000, memoryFraction: 0.92, admitted: .high),
            Level(loopDelayNanoseconds: 500_000_000, memoryFraction: 0.97, admitted: .critical),
        ]
    ) {
        self.levels = levels
    }
}

/// Which requests a worker refuses because it is late or short of memory.
///
/// One for each worker, told the strain at every tick. It goes up at once by as many levels as the
/// strain asks for, and down by one after another, each when the strain has been low for a while:
/// else refusing would bring the strain down, and the strain would come back.
package struct LoadShedding: Sendable {
    /// How much of a new delay counts: one late tick is not a strain.
    private static let weight = 0.3

    package let plan: LoadSheddingPlan
    /// 0: nothing is refused; then places in `plan.levels`, plus one.
    package private(set) var level = 0
    private var loopDelay = 0.0
    private var memory = 0.0
    /// Since when the strain is low enough to go down; `.max` while it is not.
    private var lowSince = UInt64.max

    package init(plan: LoadSheddingPlan) { self.plan = plan }

    package func admits(_ priority: RequestPriority) -> Bool {
        self.level == 0 || priority.rawValue <= self.plan.levels[self.level - 1].admitted.rawValue
    }

    package enum OnStrainMeasured: Sendable, Equatable {
        case none
        case rose(level: Int)
        case fell(level: Int)
    }

    /// The strain at a tick.
    ///
    /// - `memoryFraction`: of what the process may have; 0 if that is not limited.
    package mutating func strainMeasured(
        loopDelayNanoseconds: UInt64, memoryFraction: Double, now: UInt64
    ) -> OnStrainMeasured {
        self.loopDelay += (Double(loopDelayNanoseconds) - self.loopDelay) * Self.weight
        self.memory = memoryFraction
        let wanted = self.levelFor(fraction: 1)
        if wanted > self.level {
            self.level = wanted
            self.lowSince = .max
            return .rose(level: wanted)
        }
        guard self.level > 0, self.levelFor(fraction: self.plan.leaveFraction) < self.level else {
            self.lowSince = .max
            return .none
        }
        if self.lowSince == .max { self.lowSince = now }
        guard now >= self.lowSince, now &- self.lowSince >= self.plan.holdNanoseconds else {
            return .none
        }
        self.level -= 1
        self.lowSince = self.level > 0 ? now : .max
        return .fell(level: self.level)
    }

    /// The highest level whose limits, times a fraction, the strain reaches.
    ///
    /// Only time is scaled: memory is seldom given back, so 0.7 of a limit would never be seen
    /// again. It must be below the level by a hundredth.
    private func levelFor(fraction: Double) -> Int {
        let margin = fraction < 1 ? 0.01 : 0
        var level = self.plan.levels.count
        while level > 0 {
            let limits = self.plan.levels[level - 1]
            if self.loopDelay >= Double(limits.loopDelayNanoseconds) * fraction { return level }
            if self.memory >= limits.memoryFraction - margin { return level }
            level -= 1
        }
        return 0
    }
}
