import MartletAlgorithms
import Testing

@Suite struct EndpointTableTests {
    private func plan(_ endpoints: [EndpointShare], slowStart: SlowStart? = nil) -> BalancingPlan {
        BalancingPlan(
            endpoints: endpoints, algorithm: .peakLatency(PeakLatency()), slowStart: slowStart)
    }

    private func table(_ count: Int, slowStart: SlowStart? = nil) -> EndpointTable {
        EndpointTable(
            plan: self.plan(
                (0..<count).map { EndpointShare(identifier: UInt64($0), inFlightMax: 2) },
                slowStart: slowStart))
    }

    @Test func countsWhatIsInFlightAndSeesWhenItIsFull() {
        var table = self.table(2)
        table.requestBegan(0)
        #expect(table.rows[0].conditions.isEmpty)
        table.requestBegan(0)
        #expect(table.rows[0].inFlight == 2)
        #expect(table.rows[0].conditions == .full)
        table.requestEnded(0)
        #expect(table.rows[0].conditions.isEmpty)
        #expect(table.rows[1].inFlight == 0)
    }

    @Test func neverCountsBelowZeroOrBeyondTheEnd() {
        var table = self.table(1)
        table.requestEnded(0)
        #expect(table.rows[0].inFlight == 0)
        table.requestBegan(7)
        table.requestEnded(-1)
        table.conditionsBegan(.ejected, of: 7)
        table.conditionsEnded(.ejected, of: 7, now: 0)
        table.latencyObserved(7, nanoseconds: 1, now: 0)
        #expect(table.rows[0].conditions.isEmpty)
    }

    @Test func conditionsAreTakenAndGivenOneByOne() {
        var table = self.table(1)
        table.conditionsBegan([.unhealthy, .ejected], of: 0)
        table.conditionsEnded(.unhealthy, of: 0, now: 5)
        #expect(table.rows[0].conditions == .ejected)
        table.conditionsBegan(.full, of: 0)
        #expect(table.rows[0].conditions == .ejected, "only requests make an endpoint full")
        table.conditionsEnded(.all, of: 0, now: 6)
        #expect(table.rows[0].conditions.isEmpty)
    }

    @Test func aFailureCountsAsASlowAnswer() {
        var table = self.table(2)
        table.latencyObserved(0, nanoseconds: 1000, now: 0)
        table.latencyObserved(1, nanoseconds: nil, now: 0)
        let decay = PeakLatency().decayNanoseconds
        #expect(table.rows[0].latency.value(now: 0, decay: decay) == 1000)
        #expect(table.rows[1].latency.value(now: 0, decay: decay) == 1_000_000_000)
    }

    @Test func aRecoveredEndpointWarmsUp() {
        let slowStart = SlowStart(windowNanoseconds: 3200, minimumShare: 0.25)
        var random = SeededRandom(seed: 1)
        var picker = EndpointPicker(
            plan: self.plan(
                [EndpointShare(identifier: 1, weight: 4), EndpointShare(identifier: 2)],
                slowStart: slowStart))
        picker.table.conditionsBegan(.unhealthy, of: 0)
        picker.refresh(now: 1000, random: &random)
        #expect(picker.table.rows[0].weight == 4 * 1024)
        picker.table.conditionsEnded(.unhealthy, of: 0, now: 2000)
        #expect(picker.table.rows[0].weight == 1024)
        for (now, weight) in [(2000, 1024), (2099, 1024), (3600, 2048), (5200, 4096)] {
            picker.refresh(now: UInt64(now), random: &random)
            #expect(picker.table.rows[0].weight == weight, "at \(now)")
        }
        #expect(picker.table.rows[0].warmingSince == .max)
        #expect(picker.table.rows[1].weight == 1024)
    }

    @Test func aReloadKeepsWhatIsKnownOfThoseThatStay() {
        let slowStart = SlowStart(windowNanoseconds: 1000, minimumShare: 0.5)
        var table = self.table(3, slowStart: slowStart)
        table.requestBegan(2)
        table.requestBegan(2)
        table.latencyObserved(2, nanoseconds: 77, now: 0)
        table.conditionsBegan(.ejected, of: 1)
        let endpoints = [2, 9, 1].map {
            EndpointShare(identifier: UInt64($0), weight: 10, inFlightMax: 3)
        }
        table.update(to: self.plan(endpoints, slowStart: slowStart), now: 50)
        #expect(table.rows.map(\.inFlight) == [2, 0, 0])
        #expect(table.rows.map(\.conditions) == [[], [], .ejected])
        #expect(table.rows[0].latency.isKnown)
        #expect(table.rows.map(\.weight) == [10_240, 5120, 10_240], "the new one warms up")
        table.requestBegan(0)
        #expect(table.rows[0].conditions == .full)
    }

    @Test func ofEndpointsWithOneIdentifierOnlyTheFirstKeepsTheCount() {
        var table = self.table(1)
        table.requestBegan(0)
        table.update(
            to: self.plan([EndpointShare(identifier: 0), EndpointShare(identifier: 0)]), now: 0)
        #expect(table.rows.map(\.inFlight) == [1, 0])
    }

    @Test func theGreatestWeightsDoNotOverflow() {
        let table = EndpointTable(
            plan: self.plan([EndpointShare(identifier: 1, weight: .max)]))
        #expect(table.rows[0].weight == .max)
    }
}
