/// Which of many address blocks holds an address: the longest prefix wins.
///
/// Built once, from any number of blocks that may lie in each other, into sorted ranges that do
/// not; immutable. A look-up reads an index by the address's first bits and then halves what is
/// left. Memory: up to two ranges a block, 8 to 16 bytes
/// each for IPv4 and 20 to 28 for IPv6.
package struct CIDRSet: Sendable, Equatable {
    private let ipv4: RangeTable<UInt32>
    private let ipv6: RangeTable<UInt128>

    /// Of two equal blocks the later one holds.
    package init(_ blocks: [CIDRBlock]) {
        self.ipv4 = RangeTable(blocks.filter(\.isIPv4))
        self.ipv6 = RangeTable(blocks.filter { !$0.isIPv4 })
    }

    package var isEmpty: Bool { self.ipv4.isEmpty && self.ipv6.isEmpty }

    package var byteCount: Int { self.ipv4.byteCount + self.ipv6.byteCount }

    /// The value of the narrowest block that holds an address, or `nil` if none does.
    package func value(ipv4: UInt32) -> UInt32? { self.ipv4.value(ipv4) }

    /// The value of the narrowest block that holds an address, or `nil` if none does.
    ///
    /// An IPv4-mapped address is looked up as IPv4.
    package func value(high: UInt64, low: UInt64) -> UInt32? {
        if let ipv4 = Self.mappedIPv4(high: high, low: low) { return self.ipv4.value(ipv4) }
        return self.ipv6.value(UInt128(high) &<< 64 | UInt128(low))
    }

    /// The IPv4 address in `::ffff:0:0/96`.
    static func mappedIPv4(high: UInt64, low: UInt64) -> UInt32? {
        high == 0 && low >> 32 == 0xffff ? UInt32(truncatingIfNeeded: low) : nil
    }
}

/// Disjoint ranges of one address space in order: the last one that begins at or before an address
/// holds it.
private struct RangeTable<Key: FixedWidthInteger & UnsignedInteger & Sendable>: Sendable, Equatable
{
    /// Where ranges begin; the first begins at 0.
    private var starts: ContiguousArray<Key> = []
    /// A range's value, or `gap`.
    private var values: ContiguousArray<UInt32> = []
    /// For each value of an address's first bits, the range that holds the first such address.
    private var index: ContiguousArray<UInt32> = []
    private var indexShift = 0

    private static var gap: UInt32 { .max }
    private static var indexBitsMax: Int { 16 }

    init(_ blocks: [CIDRBlock]) {
        guard !blocks.isEmpty else { return }
        self.flatten(blocks)
        self.buildIndex()
    }

    var isEmpty: Bool { self.starts.isEmpty }

    var byteCount: Int {
        self.starts.count * MemoryLayout<Key>.stride
            + (self.values.count + self.index.count) * 4
    }

    func value(_ key: Key) -> UInt32? {
        guard !self.starts.isEmpty else { return nil }
        let slot = Int(truncatingIfNeeded: key &>> Key(truncatingIfNeeded: self.indexShift))
        var low = Int(self.index[slot])
        var high = Int(self.index[slot &+ 1])
        // The range at `low` begins at or before the key, those above `high` behind it.
        while low < high {
            let middle = (low &+ high &+ 1) &>> 1
            if self.starts[middle] <= key { low = middle } else { high = middle &- 1 }
        }
        let value = self.values[low]
        return value == Self.gap ? nil : value
    }

    /// Walks the blocks from left to right with those that are open on a stack: where one begins or
    /// ends, a range begins.
    private mutating func flatten(_ blocks: [CIDRBlock]) {
        // Swift's sort is stable: of equal blocks the later one comes later, and so lies on top.
        let sorted = blocks.sorted {
            $0.first != $1.first ? $0.first < $1.first : $0.prefixLength < $1.prefixLength
        }
        self.begin(0, value: Self.gap)
        var open: [CIDRBlock] = []
        for block in sorted {
            self.close(&open, before: block.first)
            self.begin(Key(block.first), value: block.value)
            open.append(block)
        }
        self.close(&open, before: nil)
    }

    /// Ends the blocks that lie before an address; all of them before the end of the space.
    private mutating func close(_ open: inout [CIDRBlock], before address: UInt128?) {
        while let block = open.last, address.map({ block.last < $0 }) ?? true {
            open.removeLast()
            guard block.last < UInt128(Key.max) else { continue }
            self.begin(Key(block.last + 1), value: open.last?.value ?? Self.gap)
        }
    }

    /// A range that begins where the last one did takes its place; one of the same value goes on.
    private mutating func begin(_ start: Key, value: UInt32) {
        if self.starts.last == start {
            self.starts.removeLast()
            self.values.removeLast()
        }
        if !self.values.isEmpty, self.values[self.values.count - 1] == value { return }
        self.starts.append(start)
        self.values.append(value)
    }

    private mutating func buildIndex() {
        let width = Int.bitWidth - self.starts.count.leadingZeroBitCount
        let bits = min(Self.indexBitsMax, width)
        self.indexShift = Key.bitWidth - bits
        var range = 0
        for slot in 0..<(1 << bits) {
            let start = Key(truncatingIfNeeded: slot) << Key(truncatingIfNeeded: self.indexShift)
            while range + 1 < self.starts.count, self.starts[range + 1] <= start { range += 1 }
            self.index.append(UInt32(range))
        }
        self.index.append(UInt32(self.starts.count - 1))
    }
}
