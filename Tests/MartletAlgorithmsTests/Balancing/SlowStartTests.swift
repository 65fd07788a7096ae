import MartletAlgorithms
import Testing

@Suite struct SlowStartTests {
    @Test(
        arguments: [
            (0, 0.1), (5, 0.1), (10, 0.1), (25, 0.25), (50, 0.5), (99, 0.99), (100, 1),
            (.max, 1),
        ] as [(UInt64, Double)])
    func growsEvenlyFromTheMinimum(elapsed: UInt64, share: Double) {
        let slowStart = SlowStart(windowNanoseconds: 100, minimumShare: 0.1)
        #expect(abs(slowStart.share(elapsedNanoseconds: elapsed) - share) < 1e-9)
    }

    @Test func aggressionRaisesTheBeginning() {
        let slowStart = SlowStart(windowNanoseconds: 100, minimumShare: 0, aggression: 2)
        #expect(abs(slowStart.share(elapsedNanoseconds: 25) - 0.5) < 1e-9)
        let slower = SlowStart(windowNanoseconds: 100, minimumShare: 0, aggression: 0.5)
        #expect(abs(slower.share(elapsedNanoseconds: 50) - 0.25) < 1e-9)
    }

    @Test func whatMakesNoSenseIsMovedIntoRange() {
        let slowStart = SlowStart(windowNanoseconds: 0, minimumShare: 7, aggression: 0)
        #expect(slowStart.share(elapsedNanoseconds: 0) == 1)
        #expect(slowStart.stepNanoseconds == 1)
        #expect(SlowStart(windowNanoseconds: 10, minimumShare: -1).minimumShare == 0)
    }
}
