import MartletConfig

/// The candidates of one priority as a tree of segments for each host.
///
/// Load time only.
///
/// Candidates are inserted in order of precedence, so each list of a node is in that order.
struct RouteTree {
    struct Node {
        var literals: [String: Int] = [:]
        var integer: Int?
        var uuid: Int?
        var any: Int?
        var exact: [Int] = []
        var rest: [Int] = []
        var prefix: [Int] = []
    }

    struct Root {
        var node: Int
        var unconditional: [Int] = []
    }

    let priority: Int
    private(set) var nodes: [Node] = []
    private(set) var roots: [RouteCandidate.Host: Root] = [:]
    private var hosts: [RouteCandidate.Host] = []

    init(priority: Int) { self.priority = priority }

    /// Roots in the order in which their hosts came, so that tables do not depend on a hash seed.
    var orderedRoots: [(host: RouteCandidate.Host, root: Root)] {
        self.hosts.compactMap { host in self.roots[host].map { (host, $0) } }
    }

    mutating func insert(_ candidate: RouteCandidate, index: Int) {
        var place = self.rootNode(candidate.host)
        if candidate.ending == .unconditional {
            self.roots[candidate.host]?.unconditional.append(index)
            return
        }
        for segment in candidate.segments { place = self.child(of: place, segment) }
        switch candidate.ending {
        case .exact: self.nodes[place].exact.append(index)
        case .rest: self.nodes[place].rest.append(index)
        case .prefix, .unconditional: self.nodes[place].prefix.append(index)
        }
    }

    private mutating func rootNode(_ host: RouteCandidate.Host) -> Int {
        if let root = self.roots[host] { return root.node }
        self.roots[host] = Root(node: self.nodes.count)
        self.hosts.append(host)
        return self.appendNode()
    }

    private mutating func appendNode() -> Int {
        self.nodes.append(Node())
        return self.nodes.count - 1
    }

    private mutating func child(of node: Int, _ segment: RouteCandidate.Segment) -> Int {
        switch segment {
        case .literal(let text):
            if let child = self.nodes[node].literals[text] { return child }
            let child = self.appendNode()
            self.nodes[node].literals[text] = child
            return child
        case .integer:
            let child = self.nodes[node].integer ?? self.appendNode()
            self.nodes[node].integer = child
            return child
        case .uuid:
            let child = self.nodes[node].uuid ?? self.appendNode()
            self.nodes[node].uuid = child
            return child
        case .any:
            let child = self.nodes[node].any ?? self.appendNode()
            self.nodes[node].any = child
            return child
        }
    }

    // MARK: Cover

    /// The candidates here that take every host and path that `candidate` takes.
    func covering(_ candidate: RouteCandidate) -> [Int] {
        var found: [Int] = []
        for host in candidate.host.covering {
            guard let root = self.roots[host] else { continue }
            found += root.unconditional
            guard candidate.ending != .unconditional else { continue }
            self.collect(node: root.node, candidate.segments[...], candidate.ending, &found)
        }
        return found
    }

    private func collect(
        node index: Int, _ segments: ArraySlice<RouteCandidate.Segment>,
        _ ending: RouteCandidate.Ending, _ found: inout [Int]
    ) {
        let node = self.nodes[index]
        found += node.prefix
        guard let segment = segments.first else {
            if ending == .exact { found += node.exact }
            if ending == .rest { found += node.rest }
            return
        }
        found += node.rest
        for child in node.children(covering: segment) {
            self.collect(node: child, segments.dropFirst(), ending, &found)
        }
    }
}

extension RouteTree.Node {
    func children(covering segment: RouteCandidate.Segment) -> [Int] {
        let children: [Int?]
        switch segment {
        case .literal(let text):
            let bytes = Array(text.utf8)
            children = [
                self.literals[text], SegmentType.isInteger(bytes.span) ? self.integer : nil,
                SegmentType.isUUID(bytes.span) ? self.uuid : nil, text.isEmpty ? nil : self.any,
            ]
        case .integer: children = [self.integer, self.any]
        case .uuid: children = [self.uuid, self.any]
        case .any: children = [self.any]
        }
        return children.compactMap(\.self)
    }
}

extension RouteCandidate.Host {
    /// The hosts, this one included, that take every request that this one takes.
    var covering: [RouteCandidate.Host] {
        var hosts: [RouteCandidate.Host] = []
        var suffix: Substring
        switch self {
        case .any: return [.any]
        case .exact(let host):
            hosts.append(self)
            suffix = host[...]
        case .wildcard(let text):
            hosts.append(self)
            suffix = text[...]
        }
        while let dot = suffix.firstIndex(of: ".") {
            suffix = suffix[suffix.index(after: dot)...]
            hosts.append(.wildcard(String(suffix)))
        }
        return hosts + [.any]
    }
}
