import MartletAlgorithms
import Testing

@Suite struct CohortTests {
    /// Computed apart in another language: points must not change from release to release, or every
    /// user would change sides.
    @Test(
        arguments: [
            (0, 0, 6524), (1, 0, 3681), (1, 7, 4651), (.max, 42, 2333),
        ] as [(UInt64, UInt64, UInt16)])
    func pointsAreForEver(hash: UInt64, salt: UInt64, point: UInt16) {
        #expect(Cohort.point(of: hash, salt: salt) == point)
    }

    @Test func pointsAreSpreadEvenly() {
        var counts = [Int](repeating: 0, count: 100)
        for user in 0..<50_000 as Range<UInt64> {
            counts[Int(Cohort.point(of: user, salt: 3)) / 100] += 1
        }
        #expect(
            Distribution.isPlausible(counts: counts, weights: [UInt32](repeating: 1, count: 100)))
    }

    /// Who is among the first tenth of one experiment is so in another by chance only.
    @Test func experimentsAreIndependent() {
        var both = 0
        for user in 0..<50_000 as Range<UInt64> {
            let (first, second) = (
                Cohort.point(of: user, salt: 1), Cohort.point(of: user, salt: 2)
            )
            if first < 1000, second < 1000 { both += 1 }
        }
        #expect(Distribution.isPlausible(counts: [both, 50_000 - both], weights: [1.0, 99]))
    }
}
