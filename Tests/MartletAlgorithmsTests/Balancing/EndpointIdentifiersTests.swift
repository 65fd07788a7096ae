import MartletAlgorithms
import Testing

@Suite struct EndpointIdentifiersTests {
    @Test(arguments: [0, 1, 2, 3, 100, 10_000])
    func findsEachAndNothingElse(count: Int) {
        let endpoints = (0..<count).map { EndpointShare(identifier: UInt64($0).scattered) }
        let identifiers = EndpointIdentifiers(endpoints)
        for (index, endpoint) in endpoints.enumerated() {
            #expect(identifiers.index(of: endpoint.identifier) == index)
        }
        #expect(identifiers.index(of: UInt64(count).scattered) == nil)
    }

    @Test func zeroAndTheGreatestAreIdentifiersToo() {
        let identifiers = EndpointIdentifiers(
            [EndpointShare(identifier: .max), EndpointShare(identifier: 0)])
        #expect(identifiers.index(of: 0) == 1)
        #expect(identifiers.index(of: .max) == 0)
        #expect(identifiers.index(of: 1) == nil)
    }

    @Test func ofEqualIdentifiersTheFirstIsFound() {
        let endpoints = [4, 7, 7, 4].map { EndpointShare(identifier: $0) }
        let identifiers = EndpointIdentifiers(endpoints)
        #expect(identifiers.index(of: 7) == 1)
        #expect(identifiers.index(of: 4) == 0)
    }
}
