import MartletAlgorithms
import Testing

@Suite struct RetryBudgetTests {
    @Test func theFloorHoldsWithoutRequests() {
        var budget = RetryBudget(percent: 20, retryCountMin: 3, windowNanoseconds: 100)
        #expect((0..<5).map { _ in budget.takeRetry(now: 0) } == [true, true, true, false, false])
        #expect((0..<5).map { _ in budget.takeRetry(now: 99) }.allSatisfy { !$0 })
        #expect(budget.takeRetry(now: 100) == true, "the window has passed")
    }

    @Test func thePercentageHoldsWithRequests() {
        var budget = RetryBudget(percent: 20, retryCountMin: 3, windowNanoseconds: 100)
        for _ in 0..<50 {
            budget.requestBegan(now: 0)
            budget.requestEnded()
        }
        #expect((0..<20).count { _ in budget.takeRetry(now: 5) } == 10)
    }

    @Test func longRequestsCountWhileTheyLast() {
        var budget = RetryBudget(percent: 10, retryCountMin: 0, windowNanoseconds: 100)
        for _ in 0..<50 { budget.requestBegan(now: 0) }
        #expect((0..<20).count { _ in budget.takeRetry(now: 1000) } == 5)
        for _ in 0..<60 { budget.requestEnded() }
        #expect(budget.activeRequestCount == 0)
        #expect(budget.takeRetry(now: 2000) == false)
    }

    @Test func noBudgetIsNone() {
        var budget = RetryBudget(percent: 0, retryCountMin: 0)
        budget.requestBegan(now: 0)
        #expect(budget.takeRetry(now: 0) == false)
    }

    /// Any traffic: each retry granted is within the share of the requests that the window holds,
    /// counted from a list.
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func isNeverExceeded(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let (percent, floor) = (random.next(below: 50), random.next(below: 5))
        var budget = RetryBudget(
            percent: UInt32(percent), retryCountMin: floor, windowNanoseconds: 1000)
        var requests: [UInt64] = []
        var retries: [UInt64] = []
        var (active, now) = (UInt64(0), UInt64(0))
        for _ in 0..<3000 {
            now += random.next(below: 20)
            switch random.next(below: 8) {
            case 0...2:
                budget.requestBegan(now: now)
                requests.append(now / 100)
                active += 1
            case 3...4:
                budget.requestEnded()
                active -= min(active, 1)
            default:
                let recent = requests.count { $0 + 10 > now / 100 }
                let used = retries.count { $0 + 10 > now / 100 }
                let most = max(floor, max(UInt64(recent), active) * percent / 100)
                let isGranted = budget.takeRetry(now: now)
                if isGranted != (used < most) { Issue.record("seed \(seed): \(used) of \(most)") }
                if isGranted { retries.append(now / 100) }
            }
        }
    }

    /// Over any traffic, an upstream sees no more retries than twice the percentage, and the floor
    /// of each window: twice, as a burst of requests lies in two windows.
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func theLoadIsNeverMultiplied(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var budget = RetryBudget(percent: 20, retryCountMin: 3, windowNanoseconds: 1000)
        var (now, requests, retries) = (UInt64(0), UInt64(0), UInt64(0))
        for _ in 0..<3000 {
            now += random.next(below: random.next(below: 50) == 0 ? 2000 : 5)
            if random.next(below: 3) == 0 {
                budget.requestBegan(now: now)
                budget.requestEnded()
                requests += 1
            } else if budget.takeRetry(now: now) {
                retries += 1
            }
        }
        #expect(retries <= requests * 40 / 100 + 3 * (now / 1000 + 1), "seed \(seed)")
    }
}
