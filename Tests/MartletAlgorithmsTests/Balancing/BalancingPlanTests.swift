import MartletAlgorithms
import Testing

@Suite struct BalancingPlanTests {
    private let endpoints = [
        EndpointShare(identifier: 1, tier: 3), EndpointShare(identifier: 2, tier: 0),
        EndpointShare(identifier: 3, tier: 3), EndpointShare(identifier: 4, tier: 9),
    ]

    @Test func tiersWithMembersAreInOrder() {
        let plan = BalancingPlan(endpoints: self.endpoints)
        #expect(plan.tiers.map(\.number) == [0, 3, 9])
        #expect(plan.tiers.map(\.members) == [[1], [0, 2], [3]])
        #expect(plan.identifiers.index(of: 3) == 2)
    }

    @Test func onlyConsistentHashingHasTables() {
        let plain = BalancingPlan(endpoints: self.endpoints, algorithm: .leastRequest)
        #expect(plain.tiers.allSatisfy { $0.hashTable == nil })
        let hashed = BalancingPlan(
            endpoints: self.endpoints, algorithm: .consistentHash(loadBound: nil))
        #expect(hashed.tiers.allSatisfy { $0.hashTable?.slotCount == 4099 })
    }

    @Test func noEndpointsAreNoTiers() {
        #expect(BalancingPlan(endpoints: []).tiers.isEmpty)
    }
}
