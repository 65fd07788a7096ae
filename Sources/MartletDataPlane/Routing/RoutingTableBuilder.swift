import MartletConfig
import MartletHTTP

/// Makes the flat tables from candidates in order of precedence.
///
/// Load time only.
struct RoutingTableBuilder {
    let candidates: [RouteCandidate]
    let extensionMethods: [String]
    let listenerWordCount: Int
    private(set) var levels: ContiguousArray<RouteLevel> = []
    private(set) var roots: ContiguousArray<RouteRoot> = []
    private(set) var nodes: ContiguousArray<RouteNode> = []
    private(set) var flatCandidates: ContiguousArray<FlatCandidate> = []
    private(set) var conditions: PredicateList
    private(set) var slots = SlotTable()
    private(set) var listenerSets: ContiguousArray<UInt64> = []
    /// The lists of candidates that compete for the same requests, each in order of precedence.
    private(set) var rivals: [[Int]] = []
    /// The levels as trees, for the search of hidden routes.
    private(set) var trees: [RouteTree] = []
    private var predicatesOfRoute: [Int: (start: UInt32, count: UInt32)] = [:]
    private var listenersOfRoute: [Set<Int>: UInt32] = [:]

    init(
        candidates: [RouteCandidate], extensionMethods: [String], listenerCount: Int,
        regions: Regions
    ) {
        self.conditions = PredicateList(regions: regions)
        self.candidates = candidates
        self.extensionMethods = extensionMethods
        self.listenerWordCount = (listenerCount + 63) / 64
        for (index, candidate) in candidates.enumerated() {
            if self.trees.last?.priority != candidate.priority {
                self.trees.append(RouteTree(priority: candidate.priority))
            }
            self.trees[self.trees.count - 1].insert(candidate, index: index)
        }
        for tree in self.trees { self.appendLevel(tree) }
    }

    private mutating func appendLevel(_ tree: RouteTree) {
        let firstNode = UInt32(self.nodes.count)
        for node in tree.nodes { self.appendNode(node, firstNode: firstNode) }
        var level = RouteLevel()
        var exact: [(key: String, target: UInt32)] = []
        var wildcard: [(key: String, target: UInt32)] = []
        for (host, root) in tree.orderedRoots {
            let index = UInt32(self.roots.count)
            self.roots.append(
                RouteRoot(
                    node: firstNode + UInt32(root.node),
                    unconditional: self.appendRivals(root.unconditional)))
            switch host {
            case .any: level.anyHost = index
            case .exact(let name): exact.append((name, index))
            case .wildcard(let suffix):
                wildcard.append((suffix, index))
                let labels = suffix.utf8.count { $0 == UInt8(ascii: ".") } + 1
                level.wildcardLabelCountMax = max(level.wildcardLabelCountMax, UInt32(labels))
            }
        }
        level.exactHosts = self.slots.append(exact)
        level.wildcardHosts = self.slots.append(wildcard)
        self.levels.append(level)
    }

    private mutating func appendNode(_ tree: RouteTree.Node, firstNode: UInt32) {
        var node = RouteNode()
        let literals = tree.literals.sorted { $0.key < $1.key }
            .map { (key: $0.key, target: firstNode + UInt32($0.value)) }
        node.literals = self.slots.append(literals)
        node.integer = tree.integer.map { firstNode + UInt32($0) } ?? RouteNode.none
        node.uuid = tree.uuid.map { firstNode + UInt32($0) } ?? RouteNode.none
        node.any = tree.any.map { firstNode + UInt32($0) } ?? RouteNode.none
        node.exact = self.appendRivals(tree.exact)
        node.rest = self.appendRivals(tree.rest)
        node.prefix = self.appendRivals(tree.prefix)
        self.nodes.append(node)
    }

    private mutating func appendRivals(_ indices: [Int]) -> CandidateRange {
        guard !indices.isEmpty else { return CandidateRange() }
        let start = UInt32(self.flatCandidates.count)
        for index in indices { self.appendCandidate(self.candidates[index]) }
        if indices.count > 1 { self.rivals.append(indices) }
        return CandidateRange(start: start, count: UInt32(indices.count))
    }

    private mutating func appendCandidate(_ candidate: RouteCandidate) {
        let predicates = self.predicates(of: candidate)
        self.flatCandidates.append(
            FlatCandidate(
                route: UInt32(candidate.route), pattern: UInt32(candidate.pattern),
                methods: candidate.methods, predicatesStart: predicates.start,
                predicatesCount: predicates.count, listeners: self.listenerSet(of: candidate)))
    }

    private mutating func listenerSet(of candidate: RouteCandidate) -> UInt32 {
        guard let listeners = candidate.listeners else { return RouteNode.none }
        if let start = self.listenersOfRoute[listeners] { return start }
        let start = self.listenerSets.count
        self.listenerSets.append(contentsOf: repeatElement(0, count: self.listenerWordCount))
        for listener in listeners where listener / 64 < self.listenerWordCount {
            self.listenerSets[start + listener / 64] |= 1 &<< UInt64(listener % 64)
        }
        self.listenersOfRoute[listeners] = UInt32(start)
        return UInt32(start)
    }

    // MARK: Predicates

    /// A route's hosts and paths share its conditions.
    private mutating func predicates(
        of candidate: RouteCandidate
    ) -> (start: UInt32, count: UInt32) {
        if let known = self.predicatesOfRoute[candidate.route] { return known }
        let start = self.conditions.predicates.count
        self.conditions.append(candidate.match)
        let end = self.conditions.predicates.count
        let range = (start: UInt32(start), count: UInt32(end - start))
        self.predicatesOfRoute[candidate.route] = range
        return range
    }
}
