import MartletAlgorithms
import Testing

@Suite struct ComparisonEvidenceTests {
    private func evidence(
        _ windows: [(subject: (UInt64, UInt64), reference: (UInt64, UInt64))],
        toleratedRatio: Double = 1
    ) -> Double {
        var evidence = ComparisonEvidence(toleratedRatio: toleratedRatio)
        for window in windows {
            evidence.windowEnded(
                subject: .init(events: window.subject.0, requests: window.subject.1),
                reference: .init(events: window.reference.0, requests: window.reference.1))
        }
        return evidence.strength
    }

    @Test func nothingSaysNothing() {
        #expect(self.evidence([]) == 1)
        #expect(self.evidence([((0, 100), (0, 100)), ((5, 10), (0, 0)), ((0, 0), (3, 9))]) == 1)
    }

    /// By hand: half the requests, three events, all of them the subject's.
    ///
    /// For a ratio R each is a factor R ÷ (R/2 + 1/2), and the first window has half of the weight.
    @Test func agreesWithADefinitionByHand() {
        let ratios = [1.25, 1.5, 2, 3, 5, 10, 30, 100]
        let mean = ratios.reduce(0) { sum, ratio in
            let factor = ratio / (ratio / 2 + 0.5)
            return sum + factor * factor * factor / 8
        }
        #expect(abs(self.evidence([((3, 50), (0, 50))]) - (0.5 * mean + 0.5)) < 1e-9)
    }

    @Test func moreEventsAreStrongerAndFewerAreWeaker() {
        let worse = self.evidence([((10, 100), (5, 100))])
        let much = self.evidence([((20, 100), (5, 100))])
        let better = self.evidence([((2, 100), (20, 100))])
        #expect(better < 1)
        #expect(worse > better)
        #expect(much > worse)
    }

    @Test func aToleratedRatioIsTolerated() {
        let windows = [((UInt64(40), UInt64(1000)), (UInt64(20), UInt64(1000)))]
        #expect(self.evidence(windows) > 3)
        #expect(self.evidence(windows, toleratedRatio: 2) < 1)
    }

    @Test func hugeCountsNeitherTrapNorLoseTheirMeaning() {
        let huge = UInt64.max / 4
        let strong = self.evidence([((huge, huge), (0, huge)), ((huge, huge), (0, huge))])
        #expect(strong.isFinite && strong > 1e200)
        let weak = self.evidence([((0, huge), (huge, huge)), ((1, 2), (1, 2))])
        #expect(weak.isFinite && weak >= 0)
    }

    /// With equal rates the mean of the strength stays at 1 or below, whatever the rates and shares
    /// do; so it is seldom great.
    @Test func isATestMartingale() {
        let runs = 1000 * Measurement.scale
        var (ends, crossings) = (0.0, 0)
        for run in 0..<runs {
            var random = SeededRandom(seed: UInt64(run))
            var evidence = ComparisonEvidence()
            var most = 0.0
            for window in 0..<60 {
                let requests = 20 + random.next(below: 200)
                let subject = 1 + random.next(below: requests / 2)
                // Storms hit both alike.
                let rate = window % 10 == 3 ? 0.3 : 0.01
                evidence.windowEnded(
                    subject: .init(events: random.binomial(subject, rate), requests: subject),
                    reference: .init(
                        events: random.binomial(requests, rate), requests: requests))
                most = max(most, evidence.strength)
            }
            ends += evidence.strength
            if most >= 20 { crossings += 1 }
        }
        let share = Double(crossings) / Double(runs)
        Measurement.report("evidence: mean \(ends / Double(runs)), ever 20: \(share)")
        #expect(ends / Double(runs) < 1.3)
        #expect(share <= 0.05, "\(crossings) of \(runs)")
    }
}
