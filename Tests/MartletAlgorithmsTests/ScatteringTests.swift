import MartletAlgorithms
import Testing

@Suite struct ScatteringTests {
    /// Computed apart in another language, by the published algorithm.
    @Test(
        arguments: [
            (0, 0xe220_a839_7b1d_cdaf), (1, 0x910a_2dec_8902_5cc1),
            (0x1234_5678_9abc_def0, 0x1619_22c6_45ce_50e8),
        ] as [(UInt64, UInt64)])
    func agreesWithTheReference(value: UInt64, expected: UInt64) {
        #expect(value.scattered == expected)
    }

    @Test func neighboursLieApart() {
        var counts = [Int](repeating: 0, count: 64)
        for value in 0..<64_000 as Range<UInt64> {
            counts[Int(value.scattered.scaled(below: 64))] += 1
        }
        #expect(
            Distribution.isPlausible(counts: counts, weights: [UInt32](repeating: 1, count: 64)))
    }

    @Test(
        arguments: [
            (0, 10, 0), (.max, 10, 9), (1 << 63, 10, 5), (.max, 0, 0), (.max, 1, 0),
        ] as [(UInt64, UInt64, UInt64)])
    func scalesByTheUpperBits(value: UInt64, bound: UInt64, expected: UInt64) {
        #expect(value.scaled(below: bound) == expected)
    }
}
