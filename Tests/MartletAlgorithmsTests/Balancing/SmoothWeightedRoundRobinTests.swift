import MartletAlgorithms
import Testing

@Suite struct SmoothWeightedRoundRobinTests {
    @Test func spreadsTheHeavyOut() {
        var picker = SmoothWeightedRoundRobin(weights: [5, 1, 1])
        #expect((0..<7).map { _ in picker.next() } == [0, 0, 0, 1, 0, 0, 2])
        #expect((0..<7).map { _ in picker.next() } == [0, 0, 0, 1, 0, 0, 2], "and again")
    }

    @Test(
        arguments: [
            [1], [1, 1, 1], [5, 1, 1], [1, 2, 3, 4], [100, 1], [0, 3, 0, 2], [7, 7, 3],
        ] as [[UInt32]])
    func eachCycleGivesEachItsWeight(weights: [UInt32]) {
        var picker = SmoothWeightedRoundRobin(weights: weights)
        let sum = Int(weights.reduce(0, +))
        for _ in 0..<3 {
            var counts = [UInt32](repeating: 0, count: weights.count)
            for _ in 0..<sum { if let index = picker.next() { counts[index] += 1 } }
            #expect(counts == weights)
        }
    }

    @Test(arguments: [[], [0], [0, 0]] as [[UInt32]])
    func withoutWeightsNothingIsPicked(weights: [UInt32]) {
        var random = SeededRandom(seed: 1)
        var picker = SmoothWeightedRoundRobin(weights: weights, random: &random)
        #expect(picker.next() == nil)
    }

    @Test func theGreatestWeightsDoNotOverflow() {
        var picker = SmoothWeightedRoundRobin(weights: [.max, .max, .max])
        #expect((0..<6).map { _ in picker.next() } == [0, 1, 2, 0, 1, 2])
    }

    @Test func theUnavailableAreNeverPickedAndShareIsByWeight() {
        var picker = SmoothWeightedRoundRobin(weights: [3, 2, 1])
        var counts = [0, 0, 0]
        for _ in 0..<400 {
            if let index = picker.next(isAvailable: { $0 != 1 }) { counts[index] += 1 }
        }
        #expect(counts == [300, 0, 100])
        #expect(picker.next(isAvailable: { _ in false }) == nil)
        counts = [0, 0, 0]
        for _ in 0..<600 { if let index = picker.next() { counts[index] += 1 } }
        #expect(counts == [300, 200, 100], "who comes back does not catch up")
    }

    /// At no moment has anybody had more than a turn more or less than its weight's share.
    @Test(arguments: 1...10 as ClosedRange<UInt64>)
    func nobodyIsEverFarFromItsShare(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let weights = (0..<12).map { _ in UInt32(random.next(below: 30)) }
        let sum = Double(weights.reduce(0, +))
        var picker = SmoothWeightedRoundRobin(weights: weights, random: &random)
        var counts = [Double](repeating: 0, count: weights.count)
        var farthest = 0.0
        for picks in 1...1000 {
            if let index = picker.next() { counts[index] += 1 }
            for (count, weight) in zip(counts, weights) {
                farthest = max(farthest, abs(count - Double(picks) * Double(weight) / sum))
            }
        }
        #expect(farthest < 2, "seed \(seed)")
    }

    @Test func givesUpAfterSoManyPassedOver() {
        var picker = SmoothWeightedRoundRobin(weights: [1, 1, 1, 1])
        #expect(picker.next(passedOverMax: 2) { $0 == 3 } == nil)
        #expect(picker.next(passedOverMax: 3) { $0 == 3 } == 3)
        var counts = [0, 0, 0, 0]
        for _ in 0..<40 { if let index = picker.next() { counts[index] += 1 } }
        #expect(counts == [10, 10, 10, 10], "nobody is lost")
    }

    @Test func takesNewWeightsOver() {
        var random = SeededRandom(seed: 3)
        var picker = SmoothWeightedRoundRobin(weights: [1, 1])
        picker.rebuild(count: 3, weight: { [0, 2, 4][$0] }, random: &random)
        var counts = [0, 0, 0]
        for _ in 0..<600 { if let index = picker.next() { counts[index] += 1 } }
        #expect(counts == [0, 200, 400])
        picker.rebuild(count: 0, weight: { _ in 1 }, random: &random)
        #expect(picker.next() == nil)
    }

    @Test func workersBeginApart() {
        let firsts = (0..<50).map { seed in
            var random = SeededRandom(seed: UInt64(seed))
            var picker = SmoothWeightedRoundRobin(weights: [1, 1, 1, 1], random: &random)
            return picker.next() ?? -1
        }
        #expect(Set(firsts) == [0, 1, 2, 3])
    }

    /// Whoever is available by chance: only they are picked, and one of them always is.
    @Test(arguments: 1...10 as ClosedRange<UInt64>)
    func picksOneOfTheAvailable(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let weights = (0..<5).map { _ in UInt32(random.next(below: 9) + 1) }
        var picker = SmoothWeightedRoundRobin(weights: weights)
        for _ in 0..<2000 {
            let mask = random.next()
            let picked = picker.next { mask >> UInt64($0) & 1 == 1 }
            let isRight = picked.map { mask >> UInt64($0) & 1 == 1 } ?? (mask & 31 == 0)
            if !isRight { Issue.record("seed \(seed): \(picked ?? -1) of \(mask & 31)") }
        }
    }
}
