import MartletAlgorithms
import Testing

@Suite struct OutcomeWindowTests {
    /// Against a list, by count and by time.
    @Test(
        arguments: [.calls(1), .calls(7), .time(nanoseconds: 1000)]
            as [CircuitBreakerPlan.Window], 1...10 as ClosedRange<UInt64>)
    func agreesWithAList(window: CircuitBreakerPlan.Window, seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var outcomes = OutcomeWindow(window)
        var calls: [(time: UInt64, hasFailed: Bool, isSlow: Bool)] = []
        var now: UInt64 = 0
        for step in 0..<500 {
            now += random.next(below: step % 50 == 0 ? 2000 : 60)
            let (hasFailed, isSlow) = (random.next(below: 3) == 0, random.next(below: 4) == 0)
            calls.append((now, hasFailed, isSlow))
            let counts = outcomes.record(hasFailed: hasFailed, isSlow: isSlow, now: now)
            let counted: [(time: UInt64, hasFailed: Bool, isSlow: Bool)] =
                switch window {
                case .calls(let count): calls.suffix(count)
                case .time: calls.filter { $0.time / 100 + 10 > now / 100 }
                }
            let isRight =
                counts.calls == UInt64(counted.count)
                && counts.failures == UInt64(counted.count { $0.hasFailed })
                && counts.slow == UInt64(counted.count { $0.isSlow })
            if !isRight { Issue.record("\(window) seed \(seed) step \(step): \(counts)") }
        }
    }

    @Test(arguments: [.calls(5), .calls(0), .time(nanoseconds: 0)] as [CircuitBreakerPlan.Window])
    func emptyingForgetsAll(window: CircuitBreakerPlan.Window) {
        var outcomes = OutcomeWindow(window)
        _ = outcomes.record(hasFailed: true, isSlow: true, now: 0)
        outcomes.removeAll()
        let counts = outcomes.record(hasFailed: false, isSlow: false, now: 0)
        #expect(counts.calls == 1)
        #expect(counts.failures == 0)
        #expect(counts.slow == 0)
    }
}
