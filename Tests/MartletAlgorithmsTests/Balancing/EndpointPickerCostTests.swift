import MartletAlgorithms
import Testing

/// What a choice costs: `MARTLET_RUNS=20 scripts/unit-tests --filter EndpointPickerCost` prints
/// it.
@Suite(.enabled(if: Measurement.scale > 1), .serialized) struct EndpointPickerCostTests {
    /// With sixty-four requests in flight and random weights, a choice and its bookkeeping.
    @Test(
        arguments: [
            .roundRobin, .random, .leastRequest, .peakLatency(PeakLatency()),
            .consistentHash(loadBound: nil), .consistentHash(loadBound: LoadBound(percent: 125)),
            .leastRequestOfAll,
        ] as [BalancingAlgorithm], [3, 100, 10_000])
    func aChoice(algorithm: BalancingAlgorithm, count: Int) {
        var random = SeededRandom(seed: 7)
        let endpoints = (0..<count).map { _ in
            EndpointShare(identifier: random.next(), weight: UInt32(1 + random.next(below: 5)))
        }
        var picker = EndpointPicker(plan: BalancingPlan(endpoints: endpoints, algorithm: algorithm))
        let searchesAll = algorithm == .leastRequestOfAll
        let picks = searchesAll ? 10_000_000 / max(count, 100) : 500_000
        var best = Duration.seconds(60)
        for _ in 0..<5 {
            let taken = Measurement.processorTime {
                Self.run(&picker, picks: picks, random: &random)
            }
            best = min(best, taken)
        }
        var rebuilding = Duration.seconds(60)
        for round in 0..<20 {
            if round % 2 == 0 {
                picker.table.conditionsBegan(.unhealthy, of: 0)
            } else {
                picker.table.conditionsEnded(.unhealthy, of: 0, now: 0)
            }
            let taken = Measurement.processorTime { picker.refresh(now: 0, random: &random) }
            rebuilding = min(rebuilding, taken)
        }
        Measurement.report("\(algorithm), \(count): \(best / picks), anew \(rebuilding)")
        #expect(best / picks < .nanoseconds(searchesAll ? 40 * max(count, 100) : 2000))
    }

    private static func run(
        _ picker: inout EndpointPicker, picks: Int, random: inout SeededRandom
    ) {
        var ring = [Int](repeating: -1, count: 64)
        for pick in 0..<picks {
            let request = PickRequest(hash: random.next())
            let now = UInt64(pick) * 1000
            guard case .endpoint(let index) = picker.pick(request, now: now, random: &random) else {
                continue
            }
            picker.table.requestBegan(index)
            picker.table.latencyObserved(index, nanoseconds: 1_000_000, now: now)
            picker.table.requestEnded(ring[pick & 63])
            ring[pick & 63] = index
        }
    }
}
