import MartletHTTP

/// What a search carries along: the request's side of the comparison, and what was found.
struct RouteSearch: BitwiseCopyable {
    let listener: UInt16
    var method: MethodSet
    /// Where the path begins in the head's bytes.
    let pathStart: UInt32
    let query: ByteRange
    /// After trusted proxies.
    let client: ClientAddress
    var match = RouteMatch(.notFound)
}

extension RoutingTable {
    /// Searches a node and what is below it.
    ///
    /// `offset` is that of the `/` ahead, or the path's end.
    ///
    /// Recursion is as deep as the longest pattern, which is bounded at load.
    func search(
        node index: UInt32, from offset: Int, _ path: Span<UInt8>, _ headers: borrowing HeaderList,
        _ search: inout RouteSearch, _ captures: inout PathCaptures
    ) -> Bool {
        let node = self.nodes[Int(index)]
        if offset == path.count {
            return self.choose(node.exact, prefixEnd: 0, headers, &search)
                || self.choose(node.prefix, prefixEnd: offset, headers, &search)
        }
        if node.hasChildren {
            let segment = PathSegment(path, after: offset)
            if self.descend(node, segment, path, headers, &search, &captures) { return true }
        }
        if node.rest.count > 0 {
            if self.choose(node.rest, prefixEnd: 0, headers, &search) {
                captures.append(search.range(from: offset + 1, to: path.count))
                return true
            }
        }
        return self.choose(node.prefix, prefixEnd: offset, headers, &search)
    }

    /// Literal before typed capture before untyped; whatever a branch captured is taken back.
    private func descend(
        _ node: RouteNode, _ segment: PathSegment, _ path: Span<UInt8>,
        _ headers: borrowing HeaderList,
        _ search: inout RouteSearch, _ captures: inout PathCaptures
    ) -> Bool {
        let name = path.extracting(segment.start..<segment.nameEnd)
        let literal = self.slots.find(name, hash: segment.hash, in: node.literals)
        if literal != RouteNode.none,
            self.search(node: literal, from: segment.end, path, headers, &search, &captures)
        {
            return true
        }
        let count = captures.count
        let range = search.range(from: segment.start, to: segment.end)
        if node.integer != RouteNode.none, SegmentType.isInteger(name) {
            captures.append(range)
            if self.search(
                node: node.integer, from: segment.end, path, headers, &search, &captures)
            {
                return true
            }
            captures.truncate(to: count)
        }
        if node.uuid != RouteNode.none, SegmentType.isUUID(name) {
            captures.append(range)
            if self.search(node: node.uuid, from: segment.end, path, headers, &search, &captures) {
                return true
            }
            captures.truncate(to: count)
        }
        if node.any != RouteNode.none, !name.isEmpty {
            captures.append(range)
            if self.search(node: node.any, from: segment.end, path, headers, &search, &captures) {
                return true
            }
            captures.truncate(to: count)
        }
        return false
    }

    /// Takes the first candidate of a list whose other conditions hold.
    func choose(
        _ range: CandidateRange, prefixEnd: Int, _ headers: borrowing HeaderList,
        _ search: inout RouteSearch
    ) -> Bool {
        for offset in 0..<range.count {
            let candidate = self.candidates[Int(range.start &+ offset)]
            let hasMethod = !candidate.methods.isDisjoint(with: search.method)
            // Methods that are known to be allowed need no second look.
            if !hasMethod, search.match.allowed.isSuperset(of: candidate.methods) { continue }
            guard self.isServed(candidate.listeners, search.listener),
                self.hold(candidate, headers, search)
            else { continue }
            if hasMethod {
                search.match = RouteMatch(.route)
                search.match.route = candidate.route
                search.match.pattern = candidate.pattern
                search.match.prefixEnd = UInt32(truncatingIfNeeded: prefixEnd)
                return true
            }
            search.match.outcome = .methodNotAllowed
            search.match.allowed.formUnion(candidate.methods)
        }
        return false
    }

    private func isServed(_ set: UInt32, _ listener: UInt16) -> Bool {
        guard set != RouteNode.none else { return true }
        let word = Int(listener) / 64
        guard word < self.listenerWordCount else { return false }
        let bits = self.listenerSets[Int(set) + word]
        return bits & (1 &<< UInt64(listener % 64)) != 0
    }

    private func hold(
        _ candidate: FlatCandidate, _ headers: borrowing HeaderList, _ search: RouteSearch
    ) -> Bool {
        for offset in 0..<candidate.predicatesCount {
            let predicate = self.predicates[Int(candidate.predicatesStart &+ offset)]
            guard
                predicate.holds(
                    headers, query: search.query, client: search.client, self.predicateTexts)
            else { return false }
        }
        return true
    }
}

extension RouteSearch {
    func range(from start: Int, to end: Int) -> ByteRange {
        ByteRange(start: Int(self.pathStart) + start, end: Int(self.pathStart) + end)
    }
}

extension RouteNode {
    var hasChildren: Bool {
        self.literals.count > 0 || self.any != Self.none || self.integer != Self.none
            || self.uuid != Self.none
    }
}

/// One segment of a path, found and hashed in one pass.
///
/// The name is what stands before `;` or `%3B`: parameters are no part of what is compared, so that
/// `/admin;x` cannot pass by a rule for `/admin`.
struct PathSegment: BitwiseCopyable {
    let start: Int
    let nameEnd: Int
    let end: Int
    /// Of the name.
    let hash: UInt32

    /// The segment behind the `/` at `offset`.
    init(_ path: Span<UInt8>, after offset: Int) {
        var index = offset + 1
        self.start = index
        var hash = SlotTable.hashSeed
        while index < path.count {
            let byte = path[index]
            if byte == UInt8(ascii: "/") || byte == UInt8(ascii: ";") { break }
            if byte == UInt8(ascii: "%"), Self.isEncodedSemicolon(path, at: index) { break }
            hash = SlotTable.hash(hash, byte)
            index += 1
        }
        self.nameEnd = index
        self.hash = hash
        while index < path.count, path[index] != UInt8(ascii: "/") { index += 1 }
        self.end = index
    }

    private static func isEncodedSemicolon(_ path: Span<UInt8>, at index: Int) -> Bool {
        index + 2 < path.count && path[index + 1] == UInt8(ascii: "3")
            && path[index + 2] == UInt8(ascii: "B")
    }
}

/// The types that a capture may have.
enum SegmentType {
    /// 1–19 digits: what fits a 64-bit number, or nearly.
    static func isInteger(_ name: Span<UInt8>) -> Bool {
        guard 1...19 ~= name.count else { return false }
        for index in name.indices where !(0x30...0x39 ~= name[index]) { return false }
        return true
    }

    /// RFC 9562 §4: 8-4-4-4-12 hexadecimal digits, any case, any version.
    static func isUUID(_ name: Span<UInt8>) -> Bool {
        guard name.count == 36 else { return false }
        for index in name.indices {
            switch index {
            case 8, 13, 18, 23: if name[index] != UInt8(ascii: "-") { return false }
            default: if ByteClass.hexValue(name[index]) == nil { return false }
            }
        }
        return true
    }
}
