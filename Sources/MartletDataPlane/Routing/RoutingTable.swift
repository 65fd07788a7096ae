package import MartletConfig
package import MartletHTTP

/// The routes, compiled into flat tables that a request head is matched with.
///
/// Immutable and shared by all workers. A match makes no text, array or dictionary: it walks the
/// path's bytes once per branch of the segment tree that fits. A tree's node is visited at most
/// once for each host table that applies, so the work is bounded by the configuration and, without
/// competing templates, by the path's length.
package final class RoutingTable: Sendable {
    /// Highest priority first.
    let levels: ContiguousArray<RouteLevel>
    let roots: ContiguousArray<RouteRoot>
    let nodes: ContiguousArray<RouteNode>
    let candidates: ContiguousArray<FlatCandidate>
    let predicates: ContiguousArray<RoutePredicate>
    let predicateTexts: PredicateTexts
    let slots: SlotTable
    /// Sets of listeners, `listenerWordCount` words each.
    let listenerSets: ContiguousArray<UInt64>
    let listenerWordCount: Int
    let extensionMethods: [String]
    let extensionMethodBytes: ContiguousArray<[UInt8]>
    /// In order of precedence: for `explain`, never read on the path.
    let sortedCandidates: [RouteCandidate]
    let routes: [RouteConfig]

    init(_ builder: consuming RoutingTableBuilder, routes: [RouteConfig]) {
        self.levels = builder.levels
        self.roots = builder.roots
        self.nodes = builder.nodes
        self.candidates = builder.flatCandidates
        self.predicates = builder.conditions.predicates
        self.predicateTexts = builder.conditions.texts
        self.slots = builder.slots
        self.listenerSets = builder.listenerSets
        self.listenerWordCount = builder.listenerWordCount
        self.extensionMethods = builder.extensionMethods
        self.extensionMethodBytes = ContiguousArray(
            builder.extensionMethods.map { Array($0.utf8) })
        self.sortedCandidates = builder.candidates
        self.routes = routes
    }

    /// Compiles routes, and reports those that repeat, overlap or hide each other.
    ///
    /// - `listeners`: names in the order of their indices.
    /// - `diagnostics`: errors for identical routes, warnings for the rest, each with both places.
    package static func compile(
        _ routes: [RouteConfig], listeners: [String], regions: Regions = [:],
        diagnostics: inout [Diagnostic]
    ) -> RoutingTable {
        var expansion = RouteExpansion(listeners: listeners)
        for (index, route) in routes.enumerated() { expansion.add(route, index: index) }
        diagnostics += expansion.diagnostics
        let builder = RoutingTableBuilder(
            candidates: expansion.candidates.sorted { $0.precedes($1) },
            extensionMethods: expansion.names.extensionMethods, listenerCount: listeners.count,
            regions: regions)
        var overlaps = RouteOverlaps(routes: routes, candidates: builder.candidates)
        overlaps.find(in: builder)
        diagnostics += overlaps.diagnostics
        return RoutingTable(builder, routes: routes)
    }

    /// The names of a pattern's captures, in the order in which `match` appends their ranges.
    package func captureNames(route: Int, pattern: Int) -> [String] {
        self.sortedCandidates.first { $0.route == route && $0.pattern == pattern }?
            .captureNames ?? []
    }

    // MARK: Matching

    /// Finds the route for a head whose target has been resolved.
    ///
    /// - `client`: its address after trusted proxies.
    /// - `captures`: emptied, then filled in the order of the pattern's names.
    package func match(
        _ head: RequestHead, listener: UInt16, client: ClientAddress = .unspecified,
        captures: inout PathCaptures
    ) -> RouteMatch {
        var search = RouteSearch(
            listener: listener, method: MethodSet(), pathStart: head.path.start,
            query: head.query, client: client)
        search.method = self.methodSet(head.method, head.methodBytes, head.headers)
        captures.truncate(to: 0)
        self.search(head.host, head.path, head.headers, &search, &captures)
        return search.match
    }

    private func methodSet(
        _ method: Method, _ bytes: ByteRange, _ headers: borrowing HeaderList
    ) -> MethodSet {
        guard method == .other else { return MethodSet(method) }
        let name = headers.span(bytes)
        for index in self.extensionMethodBytes.indices {
            let text = self.extensionMethodBytes[index]
            if text.span.isEqual(to: name) { return MethodSet(extensionIndex: index) }
        }
        return MethodSet(.other)
    }

    /// Level by level, and in each from the most specific host to the least.
    private func search(
        _ hostRange: ByteRange, _ pathRange: ByteRange, _ headers: borrowing HeaderList,
        _ search: inout RouteSearch, _ captures: inout PathCaptures
    ) {
        let host = headers.span(hostRange)
        let path = headers.span(pathRange)
        for level in self.levels {
            if level.exactHosts.count > 0, !host.isEmpty {
                let root = self.slots.find(host, hash: SlotTable.hash(host), in: level.exactHosts)
                if self.search(root: root, path, headers, &search, &captures) { return }
            }
            if level.wildcardHosts.count > 0 {
                let isFound = self.searchWildcards(level, host, path, headers, &search, &captures)
                if isFound { return }
            }
            if self.search(root: level.anyHost, path, headers, &search, &captures) { return }
        }
    }

    /// `*.b.c` before `*.c`.
    ///
    /// Suffixes with more labels than any wildcard has are passed over.
    private func searchWildcards(
        _ level: RouteLevel, _ host: Span<UInt8>, _ path: Span<UInt8>,
        _ headers: borrowing HeaderList,
        _ search: inout RouteSearch, _ captures: inout PathCaptures
    ) -> Bool {
        var labelsLeft = 0
        for index in host.indices where host[index] == UInt8(ascii: ".") { labelsLeft += 1 }
        var start = 0
        while labelsLeft > 0, let dot = host.firstIndex(of: UInt8(ascii: "."), from: start) {
            start = dot + 1
            defer { labelsLeft -= 1 }
            guard dot > 0, labelsLeft <= Int(level.wildcardLabelCountMax) else { continue }
            let suffix = host.extracting(start..<host.count)
            let root = self.slots.find(
                suffix, hash: SlotTable.hash(suffix), in: level.wildcardHosts)
            if self.search(root: root, path, headers, &search, &captures) { return true }
        }
        return false
    }

    private func search(
        root: UInt32, _ path: Span<UInt8>, _ headers: borrowing HeaderList,
        _ search: inout RouteSearch, _ captures: inout PathCaptures
    ) -> Bool {
        guard root != RouteNode.none else { return false }
        let root = self.roots[Int(root)]
        if !path.isEmpty, path[0] == UInt8(ascii: "/"),
            self.search(node: root.node, from: 0, path, headers, &search, &captures)
        {
            return true
        }
        return self.choose(root.unconditional, prefixEnd: 0, headers, &search)
    }

    // MARK: Methods

    /// Writes the value of `Allow` for a `methodNotAllowed` match.
    package func appendAllow(_ allowed: MethodSet, to bytes: inout [UInt8]) {
        let start = bytes.count
        for method in Method.allCases where method != .other && allowed.contains(method) {
            if bytes.count > start { bytes += [UInt8(ascii: ","), UInt8(ascii: " ")] }
            bytes.append(contentsOf: method.name.description.utf8)
        }
        for index in self.extensionMethodBytes.indices
        where allowed.contains(extensionIndex: index) {
            if bytes.count > start { bytes += [UInt8(ascii: ","), UInt8(ascii: " ")] }
            bytes += self.extensionMethodBytes[index]
        }
    }
}

/// The hosts of all routes of one priority.
struct RouteLevel: Sendable, BitwiseCopyable {
    var exactHosts = SlotRange()
    /// Keyed by what follows `*.`.
    var wildcardHosts = SlotRange()
    var wildcardLabelCountMax: UInt32 = 0
    /// A root, or `RouteNode.none`.
    var anyHost = RouteNode.none
}

/// Where the search for one host begins.
struct RouteRoot: Sendable, BitwiseCopyable {
    var node: UInt32 = 0
    /// Routes without a path condition: what is tried last.
    var unconditional = CandidateRange()
}

/// A candidate as the search reads it.
struct FlatCandidate: Sendable, BitwiseCopyable {
    var route: UInt32
    var pattern: UInt32
    var methods: MethodSet
    var predicatesStart: UInt32
    var predicatesCount: UInt32
    /// Index into `listenerSets`, or `RouteNode.none` for all listeners.
    var listeners: UInt32
}
