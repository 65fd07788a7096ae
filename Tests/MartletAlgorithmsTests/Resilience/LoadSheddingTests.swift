import MartletAlgorithms
import Testing

@Suite struct LoadSheddingTests {
    private var plan: LoadSheddingPlan {
        var plan = LoadSheddingPlan(levels: [
            .init(loopDelayNanoseconds: 100, memoryFraction: 0.8, admitted: .normal),
            .init(loopDelayNanoseconds: 200, memoryFraction: 0.9, admitted: .high),
            .init(loopDelayNanoseconds: 400, memoryFraction: 0.95, admitted: .critical),
        ])
        plan.holdNanoseconds = 50
        return plan
    }

    /// The same strain for so many ticks of 10 ns.
    private func measured(
        _ shedding: inout LoadShedding, delay: UInt64 = 0, memory: Double = 0, ticks: Int,
        from now: inout UInt64
    ) -> [LoadShedding.OnStrainMeasured] {
        (0..<ticks).map { _ in
            now += 10
            return shedding.strainMeasured(
                loopDelayNanoseconds: delay, memoryFraction: memory, now: now)
        }.filter { $0 != .none }
    }

    @Test(
        arguments: [
            (0, [true, true, true, true]), (1, [true, true, true, false]),
            (2, [true, true, false, false]), (3, [true, false, false, false]),
        ])
    func eachLevelAdmitsLess(level: Int, admitted: [Bool]) {
        var shedding = LoadShedding(plan: self.plan)
        _ = shedding.strainMeasured(
            loopDelayNanoseconds: 0, memoryFraction: [0, 0.8, 0.9, 1][level], now: 0)
        #expect(shedding.level == level)
        #expect(RequestPriority.allCases.map { shedding.admits($0) } == admitted)
    }

    @Test func oneLateTickIsNoStrain() {
        var shedding = LoadShedding(plan: self.plan)
        var now: UInt64 = 0
        #expect(self.measured(&shedding, delay: 300, ticks: 1, from: &now) == [])
        #expect(self.measured(&shedding, ticks: 20, from: &now) == [])
    }

    @Test func lastingDelayRaisesTheLevel() {
        var shedding = LoadShedding(plan: self.plan)
        var now: UInt64 = 0
        #expect(
            self.measured(&shedding, delay: 250, ticks: 20, from: &now)
                == [.rose(level: 1), .rose(level: 2)])
        #expect(
            self.measured(&shedding, delay: 4000, ticks: 1, from: &now) == [.rose(level: 3)])
    }

    @Test func goesDownOneByOneAndNotBeforeItHasBeenQuiet() {
        var shedding = LoadShedding(plan: self.plan)
        var now: UInt64 = 0
        _ = self.measured(&shedding, memory: 0.97, ticks: 1, from: &now)
        #expect(shedding.level == 3)
        #expect(self.measured(&shedding, memory: 0.5, ticks: 5, from: &now) == [])
        #expect(self.measured(&shedding, memory: 0.5, ticks: 1, from: &now) == [.fell(level: 2)])
        #expect(
            self.measured(&shedding, memory: 0.5, ticks: 10, from: &now)
                == [.fell(level: 1), .fell(level: 0)])
    }

    /// A strain around a limit does not make the level go up and down.
    @Test func doesNotSwing() {
        var shedding = LoadShedding(plan: self.plan)
        var now: UInt64 = 0
        var changes: [LoadShedding.OnStrainMeasured] = []
        for round in 0..<200 {
            changes += self.measured(
                &shedding, delay: round % 2 == 0 ? 115 : 90, ticks: 4, from: &now)
        }
        #expect(changes == [.rose(level: 1)])
        changes = []
        for round in 0..<200 {
            changes += self.measured(
                &shedding, memory: round % 2 == 0 ? 0.805 : 0.795, ticks: 4, from: &now)
        }
        #expect(changes == [])
    }

    @Test func withoutLevelsEverythingIsAdmitted() {
        var shedding = LoadShedding(plan: LoadSheddingPlan(levels: []))
        #expect(
            shedding.strainMeasured(loopDelayNanoseconds: .max, memoryFraction: 9, now: 0)
                == .none)
        #expect(shedding.admits(.low))
    }
}
