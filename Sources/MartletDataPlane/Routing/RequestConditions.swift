import MartletConfig
import MartletHTTP

/// Conditions of which one is enough, each of them predicates that all must hold.
///
/// Immutable; lies in a plan. Asks what routes ask, of the request as it is when it is asked.
struct RequestConditions: Sendable {
    private let predicates: ContiguousArray<RoutePredicate>
    private let texts: PredicateTexts
    /// For each condition, the end of its predicates.
    private let ends: [Int]
    /// For each, rows of the plan's consumers; empty for everybody.
    private let consumers: [[Int32]]

    /// - `consumers`: all there are, in the order of the plan's rows.
    init(_ configs: [RequestConditionConfig], regions: Regions, consumers: [String]) {
        var list = PredicateList(regions: regions)
        var ends: [Int] = []
        for config in configs {
            list.append(config)
            ends.append(list.predicates.count)
        }
        self.predicates = list.predicates
        self.texts = list.texts
        self.ends = ends
        self.consumers = configs.map { config in
            // A name that is not there is nobody's, not everybody's.
            config.consumers.map { Int32(consumers.firstIndex(of: $0) ?? -2) }
        }
    }

    var isEmpty: Bool { self.ends.isEmpty }

    func hold(for exchange: Exchange) -> Bool {
        var start = 0
        for index in self.ends.indices {
            let end = self.ends[index]
            let named = self.consumers[index]
            let isNamed = named.isEmpty || named.contains(exchange.identity.consumer)
            if isNamed, self.hold(start..<end, for: exchange) { return true }
            start = end
        }
        return false
    }

    private func hold(_ range: Range<Int>, for exchange: Exchange) -> Bool {
        for index in range {
            let predicate = self.predicates[index]
            let holds = predicate.holds(
                exchange.request.headers, query: exchange.request.query,
                client: exchange.origin.address, self.texts)
            if !holds { return false }
        }
        return true
    }
}
