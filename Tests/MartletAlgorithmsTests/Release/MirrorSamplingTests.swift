import MartletAlgorithms
import Testing

@Suite struct MirrorSamplingTests {
    @Test(arguments: [0, 1, 250, 5000, 10_000, 60_000] as [UInt16])
    func aShareOfTheRequestsIsMirrored(points: UInt16) {
        var random = SeededRandom(seed: 6)
        var sampling = MirrorSampling(points: points, inFlightMax: 1)
        var counts = [0, 0]
        for _ in 0..<20_000 {
            let isMirrored = sampling.requestArrived(random: &random) == .mirror
            if isMirrored { sampling.mirrorEnded() }
            counts[isMirrored ? 0 : 1] += 1
        }
        let share = Double(min(points, 10_000))
        #expect(
            Distribution.isPlausible(counts: counts, weights: [share, 10_000 - share]), "\(counts)")
    }

    @Test func neverMoreThanTheLimitAreUnderWay() {
        var random = SeededRandom(seed: 6)
        var sampling = MirrorSampling(points: 10_000, inFlightMax: 2)
        #expect(
            (0..<3).map { _ in sampling.requestArrived(random: &random) }
                == [.mirror, .mirror, .skipBusy])
        sampling.mirrorEnded()
        #expect(sampling.requestArrived(random: &random) == .mirror)
        for _ in 0..<5 { sampling.mirrorEnded() }
        #expect(sampling.inFlight == 0)
    }
}
