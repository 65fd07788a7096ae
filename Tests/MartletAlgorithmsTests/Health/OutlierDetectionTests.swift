import MartletAlgorithms
import Testing

@Suite struct OutlierDetectionTests {
    private var plan: OutlierPlan {
        var plan = OutlierPlan()
        plan.ejectionNanoseconds = 100
        plan.ejectionNanosecondsMax = 350
        plan.ejectedPercentMax = 30
        plan.successRate = OutlierPlan.SuccessRate()
        plan.latency = OutlierPlan.Latency()
        return plan
    }

    private func outcomes(
        _ endpoints: [(succeeded: Int, failed: Int, milliseconds: UInt64)]
    ) -> [EndpointOutcomes] {
        endpoints.map { endpoint in
            var outcomes = EndpointOutcomes()
            for _ in 0..<endpoint.succeeded {
                outcomes.requestSucceeded(nanoseconds: endpoint.milliseconds * 1_000_000)
            }
            for _ in 0..<endpoint.failed { outcomes.requestFailed() }
            return outcomes
        }
    }

    private func ended(
        _ detection: inout OutlierDetection, _ outcomes: [EndpointOutcomes], now: UInt64
    ) -> [OutlierDetection.Change] {
        var changes: [OutlierDetection.Change] = []
        detection.intervalEnded(outcomes, now: now, into: &changes)
        return changes
    }

    private func passed(
        _ detection: inout OutlierDetection, now: UInt64
    ) -> [OutlierDetection.Change] {
        var changes: [OutlierDetection.Change] = []
        detection.timePassed(now: now, into: &changes)
        return changes
    }

    private func reached(
        _ detection: inout OutlierDetection, _ endpoint: Int, now: UInt64
    ) -> [OutlierDetection.Change] {
        var changes: [OutlierDetection.Change] = []
        detection.failureRunReached(endpoint, now: now, into: &changes)
        return changes
    }

    // MARK: Times

    @Test func anEjectionEndsToTheNanosecondAndGrowsEachTime() {
        var detection = OutlierDetection(plan: self.plan, endpointCount: 4)
        var now: UInt64 = 1000
        for duration in [100, 200, 300, 350, 350] as [UInt64] {
            #expect(
                self.reached(&detection, 2, now: now) == [
                    .ejected(
                        endpoint: 2, .consecutiveFailures, untilNanoseconds: now + duration)
                ])
            #expect(detection.isEjected(2))
            #expect(self.passed(&detection, now: now + duration - 1) == [])
            #expect(self.passed(&detection, now: now + duration) == [.returned(endpoint: 2)])
            now += duration
        }
    }

    @Test func goodIntervalsAreRemembered() {
        var detection = OutlierDetection(plan: self.plan, endpointCount: 4)
        for round in 0..<3 as Range<UInt64> {
            _ = self.reached(&detection, 0, now: round * 1000)
            _ = self.passed(&detection, now: round * 1000 + 900)
        }
        _ = self.ended(&detection, [], now: 5000)
        _ = self.ended(&detection, [], now: 6000)
        #expect(
            self.reached(&detection, 0, now: 7000) == [
                .ejected(endpoint: 0, .consecutiveFailures, untilNanoseconds: 7200)
            ], "ejected three times, two good intervals: this is the second")
    }

    @Test func theEndOfTimeDoesNotTrap() {
        var plan = self.plan
        plan.ejectionNanoseconds = .max
        plan.ejectionNanosecondsMax = .max
        var detection = OutlierDetection(plan: plan, endpointCount: 4)
        #expect(
            self.reached(&detection, 0, now: 5) == [
                .ejected(endpoint: 0, .consecutiveFailures, untilNanoseconds: .max)
            ])
        #expect(self.reached(&detection, 99, now: 5) == [])
    }

    // MARK: Share

    @Test func neverMoreThanTheShareIsOut() {
        var detection = OutlierDetection(plan: self.plan, endpointCount: 10)
        for endpoint in 0..<10 { _ = self.reached(&detection, endpoint, now: 0) }
        #expect(detection.ejectedCount == 3)
        #expect(self.passed(&detection, now: 100).count == 3)
        #expect(self.reached(&detection, 9, now: 100).count == 1, "there is a place again")
    }

    @Test(arguments: [(1, 0), (2, 1)])
    func theOnlyEndpointStays(count: Int, out: Int) {
        var detection = OutlierDetection(plan: self.plan, endpointCount: count)
        for endpoint in 0..<count { _ = self.reached(&detection, endpoint, now: 0) }
        #expect(detection.ejectedCount == out)
    }

    // MARK: Success rate

    @Test func ejectsWhoFailsMoreThanItsPeers() {
        var detection = OutlierDetection(plan: self.plan, endpointCount: 10)
        var endpoints = [(succeeded: Int, failed: Int, milliseconds: UInt64)](
            repeating: (199, 1, 5), count: 10)
        endpoints[4] = (150, 50, 5)
        #expect(
            self.ended(&detection, self.outcomes(endpoints), now: 1000) == [
                .ejected(endpoint: 4, .successRate, untilNanoseconds: 1100)
            ])
    }

    @Test(
        arguments: [
            // All fail alike.
            (9, 150, 50, 150, 50),
            // Too few requests.
            (9, 199, 1, 60, 30),
            // Too few endpoints.
            (4, 199, 1, 150, 50),
            // Below the deviation, but by a hair.
            (9, 200, 0, 199, 1),
        ])
    func ejectsNobodyWithoutReason(
        peers: Int, peerSucceeded: Int, peerFailed: Int, succeeded: Int, failed: Int
    ) {
        var detection = OutlierDetection(plan: self.plan, endpointCount: peers + 1)
        var endpoints = [(succeeded: Int, failed: Int, milliseconds: UInt64)](
            repeating: (peerSucceeded, peerFailed, 5), count: peers)
        endpoints.append((succeeded, failed, 5))
        #expect(self.ended(&detection, self.outcomes(endpoints), now: 1000) == [])
    }

    @Test func theWorstGoFirst() {
        var plan = self.plan
        plan.ejectedPercentMax = 10
        var detection = OutlierDetection(plan: plan, endpointCount: 12)
        var endpoints = [(succeeded: Int, failed: Int, milliseconds: UInt64)](
            repeating: (200, 0, 5), count: 12)
        endpoints[3] = (100, 100, 5)
        endpoints[8] = (20, 180, 5)
        #expect(
            self.ended(&detection, self.outcomes(endpoints), now: 0).map { "\($0)" }.count == 1)
        #expect(detection.isEjected(8))
    }

    /// Against the definition, computed apart in two passes.
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func agreesWithTheDefinition(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var plan = self.plan
        plan.latency = nil
        plan.ejectedPercentMax = 100
        for _ in 0..<20 {
            let count = Int(random.next(below: 15)) + 2
            var outcomes: [EndpointOutcomes] = []
            for _ in 0..<count {
                let failed = Int(random.next(below: random.next(below: 4) == 0 ? 150 : 10))
                let total = 80 + Int(random.next(below: 120))
                outcomes += self.outcomes([(max(total - failed, 0), failed, 1)])
            }
            var detection = OutlierDetection(plan: plan, endpointCount: count)
            _ = self.ended(&detection, outcomes, now: 0)
            let rates = outcomes.filter { $0.count >= 100 }.map(\.successRate)
            let mean = rates.reduce(0, +) / Double(max(rates.count, 1))
            let squares = rates.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            let deviation = (squares / Double(max(rates.count, 1))).squareRoot()
            for (index, outcome) in outcomes.enumerated() {
                let isOutlier =
                    rates.count >= 6 && outcome.count >= 100
                    && outcome.successRate < mean - 1.9 * deviation
                    && outcome.successRate < mean - 0.05
                #expect(detection.isEjected(index) == isOutlier, "seed \(seed)")
            }
        }
    }

    // MARK: Latency

    @Test(
        arguments: [
            ([10, 10, 10, 31], 3), ([10, 10, 10, 29], nil), ([1, 1, 1, 9], nil),
            ([50, 10, 12], 0), ([40, 10], nil), ([10, 11, 12, 13, 14], nil),
        ] as [([UInt64], Int?)])
    func ejectsWhoIsMuchSlower(milliseconds: [UInt64], slow: Int?) {
        var detection = OutlierDetection(plan: self.plan, endpointCount: milliseconds.count)
        let outcomes = self.outcomes(
            milliseconds.map { (succeeded: 200, failed: 0, milliseconds: $0) })
        _ = self.ended(&detection, outcomes, now: 0)
        for index in milliseconds.indices {
            #expect(detection.isEjected(index) == (index == slow))
        }
    }

    // MARK: Reload

    @Test func aReloadKeepsEjections() {
        var detection = OutlierDetection(plan: self.plan, endpointCount: 4)
        _ = self.reached(&detection, 2, now: 0)
        var updated = detection.updated(to: self.plan, endpointCount: 5) { [3, 2, nil, 0, 99][$0] }
        #expect((0..<5).map { updated.isEjected($0) } == [false, true, false, false, false])
        #expect(updated.ejectedCount == 1)
        #expect(self.passed(&updated, now: 100) == [.returned(endpoint: 1)])
    }
}
