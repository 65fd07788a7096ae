import MartletAlgorithms
import Testing

@Suite struct BackoffTests {
    @Test func doublesUpToTheCap() {
        let backoff = Backoff(startNanoseconds: 25, capNanoseconds: 1000)
        #expect(
            (0..<8).map { backoff.delayMax(retry: $0) } == [
                25, 50, 100, 200, 400, 800, 1000, 1000,
            ])
    }

    @Test(arguments: [-1, 0, 1, 62, 63, 64, 1000, .max])
    func anyNumberOfRetriesIsTaken(retry: Int) {
        var random = SeededRandom(seed: 1)
        for start in [0, 1, 3, .max] as [UInt64] {
            let backoff = Backoff(startNanoseconds: start, capNanoseconds: .max)
            #expect(backoff.delay(retry: retry, random: &random) <= backoff.delayMax(retry: retry))
        }
    }

    @Test func theWholeDelayIsDrawn() {
        var random = SeededRandom(seed: 5)
        let backoff = Backoff(startNanoseconds: 9, capNanoseconds: 100)
        var counts = [Int](repeating: 0, count: 10)
        for _ in 0..<10_000 { counts[Int(backoff.delay(retry: 0, random: &random))] += 1 }
        #expect(
            Distribution.isPlausible(counts: counts, weights: [UInt32](repeating: 1, count: 10)))
    }
}
