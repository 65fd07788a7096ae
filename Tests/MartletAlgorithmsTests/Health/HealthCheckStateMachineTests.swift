import MartletAlgorithms
import Testing

@Suite struct HealthCheckStateMachineTests {
    private let plan = HealthCheckPlan(
        passCount: 2, failureCount: 3, intervalNanoseconds: 1000,
        unhealthyIntervalNanoseconds: 200, jitter: 0.1)

    /// Results, and after which of them it is healthy.
    @Test(
        arguments: [
            (.firstResult, "+++--+---+-++", "++++++++----+"), (.healthy, "--+--+---", "++++++++-"),
            (.unhealthy, "+-+-++---", "-----+++-"),
        ] as [(HealthCheckPlan.Beginning, String, String)])
    func aRunOfResultsChangesWhatIsBelieved(
        beginning: HealthCheckPlan.Beginning, results: String, healthy: String
    ) {
        var machine = HealthCheckStateMachine(beginning)
        let seen = results.map { result in
            _ = machine.checkEnded(hasPassed: result == "+", self.plan)
            return machine.isHealthy ? "+" : "-"
        }
        #expect(seen.joined() == healthy)
    }

    @Test(
        arguments: [
            (.healthy, true), (.unhealthy, false), (.firstResult, false),
        ] as [(HealthCheckPlan.Beginning, Bool)])
    func beginsAsThePlanSays(beginning: HealthCheckPlan.Beginning, isHealthy: Bool) {
        #expect(HealthCheckStateMachine(beginning).isHealthy == isHealthy)
    }

    @Test func theFirstResultDecidesAlone() {
        var machine = HealthCheckStateMachine(.firstResult)
        #expect(machine.checkEnded(hasPassed: true, self.plan) == .becameHealthy)
        machine = HealthCheckStateMachine(.firstResult)
        #expect(machine.checkEnded(hasPassed: false, self.plan) == .becameUnhealthy)
    }

    /// Against the definition: the state changes when the last results that differ from it are as
    /// many as needed.
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func agreesWithTheDefinition(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let plan = HealthCheckPlan(
            passCount: UInt32(random.next(below: 4)), failureCount: UInt32(random.next(below: 4)))
        var machine = HealthCheckStateMachine(.unhealthy)
        var (isHealthy, results) = (false, [Bool]())
        for _ in 0..<500 {
            results.append(random.next(below: 3) > 0)
            let needed = Int(isHealthy ? plan.failureCount : plan.passCount)
            let last = results.suffix(needed)
            let turns = last.count == needed && last.allSatisfy { $0 != isHealthy }
            if turns {
                isHealthy.toggle()
                results = []
            }
            let answer = machine.checkEnded(hasPassed: results.last ?? isHealthy, plan)
            let expected: HealthCheckStateMachine.OnCheckEnded =
                turns ? (isHealthy ? .becameHealthy : .becameUnhealthy) : .none
            if answer != expected || machine.isHealthy != isHealthy {
                Issue.record("seed \(seed): \(answer) instead of \(expected)")
            }
        }
    }

    @Test func checksAreSpreadAroundTheirTime() {
        var random = SeededRandom(seed: 3)
        var machine = HealthCheckStateMachine(.healthy)
        let delays = (0..<2000).map { _ in machine.nextDelay(self.plan, random: &random) }
        #expect(delays.min() == 900)
        #expect(delays.max() == 1100)
        #expect(abs(Int(delays.reduce(0, +)) / 2000 - 1000) < 5)
        machine = HealthCheckStateMachine(.unhealthy)
        #expect(
            (0..<200).allSatisfy { _ in
                (180...220).contains(machine.nextDelay(self.plan, random: &random))
            })
    }

    @Test func firstChecksAreSpreadOverTheInterval() {
        var random = SeededRandom(seed: 3)
        let believed = (0..<500).map { _ in
            HealthCheckStateMachine(.healthy).firstDelay(self.plan, random: &random)
        }
        #expect((believed.max() ?? 0) > 900 && (believed.max() ?? 0) < 1000)
        let awaited = (0..<500).map { _ in
            HealthCheckStateMachine(.firstResult).firstDelay(self.plan, random: &random)
        }
        #expect((awaited.max() ?? 0) < 100)
    }

    @Test func theLongestIntervalsDoNotOverflow() {
        var random = SeededRandom(seed: 3)
        let plan = HealthCheckPlan(intervalNanoseconds: .max / 4, jitter: 1)
        let machine = HealthCheckStateMachine(.healthy)
        for _ in 0..<100 { #expect(machine.nextDelay(plan, random: &random) > 0) }
    }
}
