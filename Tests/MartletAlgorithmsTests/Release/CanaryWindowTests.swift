import MartletAlgorithms
import Testing

@Suite struct CanaryWindowTests {
    @Test func workersSumsAreTheSumOfAll() {
        var (first, second, all) = (CanaryWindow(), CanaryWindow(), CanaryWindow())
        for latency in [1, 5, 80] as [UInt64] {
            first.requestSucceeded(nanoseconds: latency * 1_000_000)
            all.requestSucceeded(nanoseconds: latency * 1_000_000)
        }
        second.requestFailed()
        all.requestFailed()
        first.merge(second)
        #expect(first == all)
        #expect(first.requestCount == 4)
        #expect(first.errorCount == 1)
        #expect(first.latency.count == 3, "errors have no latency: fast ones would look good")
        first.removeAll()
        #expect(first == CanaryWindow())
    }
}
