import MartletAlgorithms
import MartletConfig
import MartletDataPlane
import Testing

@Suite struct FaultPolicyTests {
    private func count(_ policy: FaultPolicy, of total: Int, seed: UInt64) -> Int {
        var random = SeededRandom(seed: seed)
        return (0..<total).count { _ in policy.apply(3, random: &random) != .next }
    }

    @Test(arguments: [0, 2_500, 10_000], 0..<5 as Range<UInt64>)
    func hitsItsShare(share: Int, seed: UInt64) throws {
        var config = FaultConfig()
        config.status = 503
        config.statusShare = share
        let policy = try #require(FaultPolicy(statusOf: config))
        let hits = self.count(policy, of: 10_000, seed: seed)
        // Five standard deviations.
        #expect(abs(hits - share) <= (share % 10_000 == 0 ? 0 : 220), "seed \(seed)")
    }

    @Test func isMadeOfWhatIsGiven() throws {
        var config = FaultConfig()
        #expect(FaultPolicy(statusOf: config) == nil)
        #expect(FaultPolicy(delayOf: config) == nil)
        config.status = 418
        config.delay = .milliseconds(300)
        var random = SeededRandom(seed: 1)
        let status = try #require(FaultPolicy(statusOf: config))
        let verdict = status.apply(7, random: &random)
        #expect(verdict == .reply(.fault(7)))
        #expect(status.status == 418)
        let delay = try #require(FaultPolicy(delayOf: config))
        #expect(delay.kind == .delay(ticks: 6))
    }
}
