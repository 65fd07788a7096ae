import MartletAlgorithms
import Testing

@Suite struct SeededRandomTests {
    /// Computed apart in another language, by the published algorithms.
    @Test func agreesWithTheReference() {
        var random = SeededRandom(seed: 0)
        let numbers = (0..<4).map { _ in random.next() }
        #expect(
            numbers == [
                0x99ec_5f36_cb75_f2b4, 0xbf6e_1f78_4956_452a, 0x1a5f_849d_4933_e6e0,
                0x6aa5_94f1_262d_2d2c,
            ])
    }

    @Test func theSameSeedGivesTheSameNumbers() {
        var (first, second, other) = (
            SeededRandom(seed: 42), SeededRandom(seed: 42), SeededRandom(seed: 43)
        )
        let numbers = (0..<100).map { _ in first.next() }
        #expect(numbers == (0..<100).map { _ in second.next() })
        #expect(numbers != (0..<100).map { _ in other.next() })
    }

    @Test(arguments: [1, 2, 3, 10, 1000] as [UInt64])
    func boundedNumbersFillTheirRangeEvenly(bound: UInt64) {
        var random = SeededRandom(seed: 7)
        var counts = [Int](repeating: 0, count: Int(bound))
        let draws = Int(bound) * 1000
        for _ in 0..<draws { counts[Int(random.next(below: bound))] += 1 }
        #expect(counts.allSatisfy { (800...1200).contains($0) })
    }

    @Test func boundZeroGivesZero() {
        var random = SeededRandom(seed: 7)
        #expect(random.next(below: 0) == 0)
    }
}
