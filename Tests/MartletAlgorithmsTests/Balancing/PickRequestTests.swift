import MartletAlgorithms
import Testing

@Suite struct PickRequestTests {
    private func picker(_ algorithm: BalancingAlgorithm = .roundRobin) -> EndpointPicker {
        EndpointPicker(
            plan: BalancingPlan(
                endpoints: (0..<4).map {
                    EndpointShare(identifier: UInt64($0) + 100, weight: $0 == 3 ? 0 : 1)
                }, algorithm: algorithm))
    }

    private func pick(_ request: PickRequest, from picker: inout EndpointPicker) -> OnPick {
        var random = SeededRandom(seed: 1)
        return picker.pick(request, now: 0, random: &random)
    }

    @Test(
        arguments: [
            .roundRobin, .random, .leastRequest, .leastRequestOfAll,
            .peakLatency(PeakLatency()), .consistentHash(loadBound: nil),
        ] as [BalancingAlgorithm])
    func aBoundRequestGoesToItsEndpoint(algorithm: BalancingAlgorithm) {
        var picker = self.picker(algorithm)
        for identifier in [102, 100, 102, 101] as [UInt64] {
            let request = PickRequest(hash: 5, boundIdentifier: identifier)
            #expect(self.pick(request, from: &picker) == .endpoint(Int(identifier) - 100))
        }
    }

    @Test func aDrainingEndpointKeepsItsClientsAndGetsNoOthers() {
        var picker = self.picker()
        picker.table.conditionsBegan(.draining, of: 1)
        #expect(self.pick(PickRequest(boundIdentifier: 101), from: &picker) == .endpoint(1))
        for _ in 0..<20 {
            #expect(self.pick(PickRequest(), from: &picker) != .endpoint(1))
        }
    }

    @Test(
        arguments: [.unresolved, .broken, .unhealthy, .ejected] as [EndpointConditions])
    func aBoundRequestLeavesAnEndpointThatCannotServeIt(condition: EndpointConditions) {
        var picker = self.picker()
        picker.table.conditionsBegan(condition, of: 1)
        let pick = self.pick(PickRequest(boundIdentifier: 101), from: &picker)
        #expect([.endpoint(0), .endpoint(2)].contains(pick))
    }

    @Test func anUnknownOrWeightlessOrTriedBindingIsNone() {
        var picker = self.picker()
        var request = PickRequest(boundIdentifier: 102)
        request.tried.insert(2)
        for request in [
            request, PickRequest(boundIdentifier: 999), PickRequest(boundIdentifier: 103),
        ] {
            let pick = self.pick(request, from: &picker)
            #expect(pick != .endpoint(3))
            if !request.tried.isEmpty { #expect(pick != .endpoint(2)) }
        }
    }
}
