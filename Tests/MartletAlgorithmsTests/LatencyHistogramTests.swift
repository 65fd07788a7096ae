import MartletAlgorithms
import Testing

@Suite struct LatencyHistogramTests {
    private func histogram(_ nanoseconds: [UInt64]) -> LatencyHistogram {
        var histogram = LatencyHistogram()
        for value in nanoseconds { histogram.record(nanoseconds: value) }
        return histogram
    }

    /// Against a sorted list: never below the true quantile, and above it by a sixteenth at most.
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func quantilesAreRightToASixteenth(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let values = (0..<400).map { _ in random.next() >> (24 + random.next(below: 30)) }.sorted()
        let histogram = self.histogram(values)
        for quantile in [0.01, 0.25, 0.5, 0.9, 0.95, 0.99, 1] {
            let exact = values[Int((quantile * 400).rounded(.up)) - 1]
            let found = histogram.quantile(quantile) ?? 0
            let isRight = found >= exact && Double(found) <= Double(exact) * 1.0626 + 1000
            #expect(isRight, "seed \(seed): \(quantile) is \(exact), found \(found)")
        }
    }

    @Test func countsWhatIsAboveABucket() {
        let histogram = self.histogram([1, 5, 5, 20, 900].map { $0 * 1_000_000 })
        #expect(histogram.count == 5)
        #expect(histogram.count(above: 0) == 5)
        #expect(histogram.count(above: 5_000_000) == 2)
        #expect(histogram.count(above: 30_000_000) == 1)
        #expect(histogram.count(above: .max) == 0)
    }

    @Test func theExtremesAreTaken() {
        let histogram = self.histogram([0, 999, .max])
        #expect(histogram.count == 3)
        #expect(histogram.quantile(0) == 999)
        #expect((histogram.quantile(1) ?? 0) > 4_000_000_000_000, "71 minutes")
        #expect(LatencyHistogram().quantile(0.5) == nil)
    }

    @Test func mergingIsRecordingAll() {
        var merged = self.histogram([1_000_000, 70_000_000])
        merged.merge(self.histogram([3_000_000, 70_000_000, 8_000]))
        #expect(
            merged == self.histogram([1_000_000, 70_000_000, 3_000_000, 70_000_000, 8_000]))
    }

    @Test func halvingAndEmptying() {
        var histogram = self.histogram(
            [UInt64](repeating: 1_000_000, count: 7) + [UInt64](repeating: 90_000_000, count: 4))
        histogram.halve()
        #expect(histogram.count == 5)
        #expect(histogram.count(above: 2_000_000) == 2)
        histogram.removeAll()
        #expect(histogram == LatencyHistogram())
    }
}
