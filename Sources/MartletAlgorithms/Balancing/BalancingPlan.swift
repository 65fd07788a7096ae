/// An upstream's endpoints and how they share its traffic, worked out at load.
///
/// Immutable and shared by all workers: the hash tables of thousands of endpoints take milliseconds
/// to fill and must not be made on a loop.
package struct BalancingPlan: Sendable {
    package struct Tier: Sendable {
        package let number: UInt16
        /// Indices into `endpoints`.
        package let members: [Int]
        /// For consistent hashing only.
        package let hashTable: MaglevTable?
    }

    package let endpoints: [EndpointShare]
    package let algorithm: BalancingAlgorithm
    package let slowStart: SlowStart?
    package let overprovisioning: Double
    package let panicThreshold: Double
    package let identifiers: EndpointIdentifiers
    /// Those that have members, the first to use first.
    package let tiers: [Tier]
    /// For each endpoint, the place of its tier in `tiers`.
    let tierPlaces: [Int]

    package init(
        endpoints: [EndpointShare], algorithm: BalancingAlgorithm = .roundRobin,
        slowStart: SlowStart? = nil, overprovisioning: Double = 1.4, panicThreshold: Double = 0.5
    ) {
        self.endpoints = endpoints
        self.algorithm = algorithm
        self.slowStart = slowStart
        self.overprovisioning = overprovisioning
        self.panicThreshold = panicThreshold
        self.identifiers = EndpointIdentifiers(endpoints)
        var isHashed = false
        if case .consistentHash = algorithm { isHashed = true }
        let numbers = Set(endpoints.map(\.tier)).sorted()
        self.tiers = numbers.map { number in
            let members = endpoints.indices.filter { endpoints[$0].tier == number }
            let table = isHashed ? MaglevTable(endpoints: endpoints, members: members) : nil
            return Tier(number: number, members: members, hashTable: table)
        }
        var places = [Int](repeating: 0, count: endpoints.count)
        for (place, tier) in self.tiers.enumerated() {
            for member in tier.members { places[member] = place }
        }
        self.tierPlaces = places
    }

    /// Where the tier of an endpoint stands in `tiers`.
    package func place(of endpoint: Int) -> Int { self.tierPlaces[endpoint] }
}
