import MartletAlgorithms
import Testing

@Suite struct AliasTableTests {
    @Test(
        arguments: [
            [1], [1, 1, 1], [5, 1, 1], [1, 2, 3, 4], [1000, 1], [0, 3, 0, 2], [.max, 1, .max],
            [0, 0, 1], [1, 0], [7, 7, 3, 0, 0, 11, 2],
        ] as [[UInt32]])
    func drawsByWeight(weights: [UInt32]) {
        var random = SeededRandom(seed: 11)
        let table = AliasTable(weights: weights)
        var counts = [Int](repeating: 0, count: weights.count)
        for _ in 0..<20_000 {
            if let position = table.draw(&random) { counts[position] += 1 }
        }
        #expect(counts.reduce(0, +) == 20_000)
        #expect(Distribution.isPlausible(counts: counts, weights: weights), "\(counts)")
    }

    @Test(arguments: [[], [0], [0, 0]] as [[UInt32]])
    func withoutWeightsNothingIsDrawn(weights: [UInt32]) {
        var random = SeededRandom(seed: 1)
        #expect(AliasTable(weights: weights).draw(&random) == nil)
    }

    /// Random weights, many of them zero or huge, in one table that is made anew each time.
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func neverDrawsWhatHasNoWeight(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var table = AliasTable()
        for _ in 0..<30 {
            let weights = (0..<Int(random.next(below: 40))).map { _ in
                random.next(below: 3) == 0 ? 0 : UInt32(truncatingIfNeeded: random.next() >> 30)
            }
            table.rebuild(count: weights.count) { weights[$0] }
            let isEmpty = weights.allSatisfy { $0 == 0 }
            for _ in 0..<200 {
                let position = table.draw(&random)
                let isRight = position.map { weights[$0] > 0 } ?? isEmpty
                if !isRight { Issue.record("seed \(seed): \(position ?? -1) of \(weights)") }
            }
        }
    }
}
