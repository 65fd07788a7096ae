import MartletAlgorithms
import Testing

@Suite struct BalancingAlgorithmTests {
    @Test(
        arguments: [
            (150, 0, 1, 10, 1), (150, 9, 1, 10, 2), (150, 99, 1, 10, 15), (150, 99, 5, 10, 75),
            (200, 9, 1, 1, 20), (100, 99, 1, 10, 11), (125, 0, 0, 10, 0), (125, 5, 1, 0, 0),
        ] as [(UInt32, Int, UInt32, UInt64, UInt64)])
    func theBoundIsAMultipleOfTheFairShareRoundedUp(
        percent: UInt32, inFlight: Int, weight: UInt32, weightSum: UInt64, expected: UInt64
    ) {
        let bound = LoadBound(percent: percent)
        #expect(
            bound.inFlightMax(inFlight: inFlight, weight: weight, weightSum: weightSum)
                == expected)
    }

    /// Together the bounds leave room for one more, whatever the weights.
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func thereIsAlwaysRoomForOneMore(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let bound = LoadBound(percent: 101)
        for _ in 0..<200 {
            let weights = (0..<Int(random.next(below: 9) + 1)).map { _ in
                UInt32(random.next(below: 100) + 1)
            }
            let sum = weights.reduce(0) { $0 + UInt64($1) }
            let inFlight = Int(random.next(below: 1000))
            let room = weights.reduce(0) {
                $0 + bound.inFlightMax(inFlight: inFlight, weight: $1, weightSum: sum)
            }
            #expect(room > UInt64(inFlight), "seed \(seed)")
        }
    }

    @Test func valuesOutOfRangeAreMovedIntoIt() {
        #expect(LoadBound(percent: 0).percent == 101)
        #expect(LoadBound(percent: .max).percent == 10_000)
        #expect(PeakLatency(decayNanoseconds: 0).decayNanoseconds == 1)
    }
}
