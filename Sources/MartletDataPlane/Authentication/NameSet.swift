/// Some of at most 128 names, one bit each: groups or scopes that rules of this plan name.
package struct NameSet: Sendable, BitwiseCopyable, Hashable {
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    package static let countMax = 128

    package init() {}

    package var isEmpty: Bool { self.low | self.high == 0 }

    package mutating func insert(_ row: Int) {
        if row < 64 { self.low |= 1 << UInt64(row) } else { self.high |= 1 << UInt64(row - 64) }
    }

    package mutating func formUnion(_ other: NameSet) {
        self.low |= other.low
        self.high |= other.high
    }

    package func isSuperset(of other: NameSet) -> Bool {
        self.low & other.low == other.low && self.high & other.high == other.high
    }

    package func intersects(_ other: NameSet) -> Bool {
        self.low & other.low | self.high & other.high != 0
    }
}

/// Gives names their bits, at load.
struct NameTable: Sendable {
    private var rows: [[UInt8]: Int] = [:]

    /// - Returns: `nil` if there are too many.
    mutating func add(_ name: String) -> Int? {
        let bytes = Array(name.utf8)
        if let row = self.rows[bytes] { return row }
        guard self.rows.count < NameSet.countMax else { return nil }
        self.rows[bytes] = self.rows.count
        return self.rows.count - 1
    }

    func row(of name: [UInt8]) -> Int? { self.rows[name] }

    /// Those of the names that some rule names; for others there is nothing to ask.
    func set(of names: [String]) -> NameSet {
        var set = NameSet()
        for name in names {
            if let row = self.rows[Array(name.utf8)] { set.insert(row) }
        }
        return set
    }
}
