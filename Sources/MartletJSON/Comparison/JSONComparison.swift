/// One way in which a JSON text differs from what was expected.
package struct JSONDifference: Sendable, Equatable {
    package enum Kind: String, Sendable, Equatable, CaseIterable {
        /// A key is not there.
        case missing
        /// A key is there that was not expected.
        case added
        /// Such as a text in place of a number.
        case type
        case value
        /// An array has more or fewer values; they are not compared one by one then.
        case length
    }

    package let kind: Kind
    /// Keys and indices that lead there.
    package let path: [String]
    /// The same with `*` in place of indices: what differs in each of many values is one place.
    package let place: String
    /// What stands there in both texts, as written and cut short; empty where nothing does.
    package let expected: String
    package let found: String
}

/// Compares JSON texts: numbers by value, strings by what they say, objects whatever the order of
/// their keys, arrays in order.
///
/// Immutable. Recursion is bounded by the documents' limits, differences by `differenceCountMax`.
package struct JSONComparison: Sendable, Equatable {
    private let ignored: [JSONPlacePattern]
    private let differenceCountMax: Int

    /// Of a value that is shown.
    fileprivate static let shownBytesMax = 80

    package init(ignored: [JSONPlacePattern] = [], differenceCountMax: Int = 20) {
        self.ignored = ignored
        self.differenceCountMax = differenceCountMax
    }

    /// The first differences, in the order of the expected text.
    package func differences(
        between expected: JSONDocument, and found: JSONDocument
    ) -> [JSONDifference] {
        var walk = Walk(expected: expected, found: found)
        guard expected.nodeCount > 0, found.nodeCount > 0 else { return [] }
        self.compare(0, 0, &walk)
        return walk.differences
    }

    private struct Walk {
        let expected: JSONDocument
        let found: JSONDocument
        var path: [String] = []
        /// The place of `path`: indices as `*`.
        var place: [String] = []
        var differences: [JSONDifference] = []

        mutating func enter(_ key: String, isIndex: Bool) {
            self.path.append(key)
            self.place.append(isIndex ? "*" : key)
        }

        mutating func leave() {
            self.path.removeLast()
            self.place.removeLast()
        }

        mutating func add(_ kind: JSONDifference.Kind, _ expectedNode: Int?, _ foundNode: Int?) {
            let place = self.place.map { "/" + JSONPointer.escaped(Array($0.utf8).span) }
            self.differences.append(
                JSONDifference(
                    kind: kind, path: self.path, place: place.joined(),
                    expected: expectedNode.map { Self.shown(self.expected, $0) } ?? "",
                    found: foundNode.map { Self.shown(self.found, $0) } ?? ""))
        }

        private static func shown(_ document: JSONDocument, _ node: Int) -> String {
            let range = document.textRange(node)
            let text = document.bytes[range.prefix(JSONComparison.shownBytesMax)]
            let shown = String(decoding: text, as: UTF8.self)
            return range.count > JSONComparison.shownBytesMax ? shown + "…" : shown
        }
    }

    private func isIgnored(_ path: [String]) -> Bool {
        self.ignored.contains { $0.matches(path) }
    }

    private func compare(_ expectedNode: Int, _ foundNode: Int, _ walk: inout Walk) {
        guard walk.differences.count < self.differenceCountMax, !self.isIgnored(walk.path) else {
            return
        }
        let (kind, other) = (walk.expected.kind(expectedNode), walk.found.kind(foundNode))
        guard kind == other || kind.isBoolean && other.isBoolean else {
            return walk.add(.type, expectedNode, foundNode)
        }
        switch kind {
        case .null: break
        case .false, .true:
            if kind != other { walk.add(.value, expectedNode, foundNode) }
        case .number:
            guard walk.expected.number(expectedNode) == walk.found.number(foundNode) else {
                return walk.add(.value, expectedNode, foundNode)
            }
        case .string:
            guard
                walk.expected.string(expectedNode).holdsSameBytes(
                    as: walk.found.string(foundNode))
            else { return walk.add(.value, expectedNode, foundNode) }
        case .array: self.compareArrays(expectedNode, foundNode, &walk)
        case .object: self.compareObjects(expectedNode, foundNode, &walk)
        }
    }

    private func compareArrays(_ expectedNode: Int, _ foundNode: Int, _ walk: inout Walk) {
        guard walk.expected.count(expectedNode) == walk.found.count(foundNode) else {
            return walk.add(.length, expectedNode, foundNode)
        }
        var (left, right, index) = (expectedNode + 1, foundNode + 1, 0)
        while left < walk.expected.end(of: expectedNode) {
            walk.enter(String(index), isIndex: true)
            self.compare(left, right, &walk)
            walk.leave()
            (left, right) = (walk.expected.end(of: left), walk.found.end(of: right))
            index += 1
        }
    }

    private func compareObjects(_ expectedNode: Int, _ foundNode: Int, _ walk: inout Walk) {
        let expectedMembers = Self.members(walk.expected, expectedNode)
        let foundMembers = Self.members(walk.found, foundNode)
        for (key, value) in expectedMembers.inOrder {
            walk.enter(key, isIndex: false)
            if let other = foundMembers.values[key] {
                self.compare(value, other, &walk)
            } else {
                self.add(.missing, value, nil, &walk)
            }
            walk.leave()
        }
        for (key, value) in foundMembers.inOrder where expectedMembers.values[key] == nil {
            walk.enter(key, isIndex: false)
            self.add(.added, nil, value, &walk)
            walk.leave()
        }
    }

    private func add(
        _ kind: JSONDifference.Kind, _ expectedNode: Int?, _ foundNode: Int?, _ walk: inout Walk
    ) {
        guard walk.differences.count < self.differenceCountMax, !self.isIgnored(walk.path) else {
            return
        }
        walk.add(kind, expectedNode, foundNode)
    }

    private static func members(
        _ document: JSONDocument, _ object: Int
    ) -> (inOrder: [(String, Int)], values: [String: Int]) {
        var inOrder: [(String, Int)] = []
        var values: [String: Int] = [:]
        var key = document.firstChild(of: object)
        while key < document.end(of: object) {
            let name = document.string(key)
            var bytes: [UInt8] = []
            for index in name.indices { bytes.append(name[index]) }
            let text = String(decoding: bytes, as: UTF8.self)
            if values.updateValue(key + 1, forKey: text) == nil { inOrder.append((text, key + 1)) }
            key = document.end(of: key + 1)
        }
        return (inOrder, values)
    }
}
