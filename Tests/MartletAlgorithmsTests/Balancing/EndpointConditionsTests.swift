import MartletAlgorithms
import Testing

@Suite struct EndpointConditionsTests {
    @Test func eachConditionIsOneBitOfAll() {
        let conditions: [EndpointConditions] = [
            .unresolved, .draining, .broken, .full, .unhealthy, .ejected,
        ]
        #expect(Set(conditions).count == conditions.count)
        #expect(conditions.allSatisfy { $0.rawValue.nonzeroBitCount == 1 })
        #expect(conditions.reduce(into: []) { $0.formUnion($1) } == EndpointConditions.all)
    }

    @Test func onlyOpinionsAreDoubtfulAndOnlyFullnessIsMomentary() {
        #expect(EndpointConditions.doubtful == [.unhealthy, .ejected])
        #expect(EndpointConditions.all.subtracting(.lasting) == .full)
    }
}
