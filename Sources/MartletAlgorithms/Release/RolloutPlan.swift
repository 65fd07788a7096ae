/// By which shares a canary gets the traffic, and how long it stays at each.
package struct RolloutPlan: Sendable, Equatable {
    package struct Step: Sendable, Equatable {
        /// Hundredths of a percent.
        package var points: UInt16
        package var holdNanoseconds: UInt64

        package init(points: UInt16, holdNanoseconds: UInt64) {
            self.points = min(points, Cohort.pointCount)
            self.holdNanoseconds = holdNanoseconds
        }
    }

    /// Shares that rise; after the last one the canary gets everything.
    package let steps: [Step]

    /// Steps that do not rise are left out.
    package init(steps: [Step]) {
        var rising: [Step] = []
        for step in steps where step.points > rising.last?.points ?? 0 { rising.append(step) }
        self.steps = rising
    }
}
