/// A set of Unicode code points, as sorted ranges that do not touch.
///
/// Made when an expression is compiled; bounded by Unicode, which has some 1,400 ranges in its most
/// ragged property.
package struct ScalarSet: Sendable, Hashable {
    package private(set) var ranges: [ClosedRange<UInt32>]

    static let last: UInt32 = 0x10ffff

    package init(_ ranges: [ClosedRange<UInt32>] = []) {
        self.ranges = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) { self.append(range) }
    }

    init(_ scalar: UInt32) {
        self.ranges = [scalar...scalar]
    }

    /// Adds a range that begins at or behind the beginning of the last one.
    mutating func append(_ range: ClosedRange<UInt32>) {
        guard let last = self.ranges.last, range.lowerBound <= last.upperBound &+ 1 else {
            self.ranges.append(range)
            return
        }
        if range.upperBound > last.upperBound {
            self.ranges[self.ranges.count - 1] = last.lowerBound...range.upperBound
        }
    }

    package func contains(_ scalar: UInt32) -> Bool {
        var low = 0
        var high = self.ranges.count
        while low < high {
            let middle = (low + high) / 2
            if self.ranges[middle].upperBound < scalar { low = middle + 1 } else { high = middle }
        }
        return low < self.ranges.count && self.ranges[low].lowerBound <= scalar
    }

    package func union(_ other: ScalarSet) -> ScalarSet {
        if self.ranges.isEmpty { return other }
        if other.ranges.isEmpty { return self }
        return ScalarSet(self.ranges + other.ranges)
    }

    /// All code points that are not in it.
    package var inverted: ScalarSet {
        var inverted = ScalarSet()
        var next: UInt32 = 0
        for range in self.ranges {
            if range.lowerBound > next { inverted.ranges.append(next...range.lowerBound - 1) }
            next = range.upperBound + 1
        }
        if next <= Self.last { inverted.ranges.append(next...Self.last) }
        return inverted
    }
}

/// The classes that have a letter of their own (ECMA-262 §22.2.2.9, CharacterClassEscape).
extension ScalarSet {
    package static let everything = ScalarSet([0...Self.last])
    static let digits = ScalarSet([0x30...0x39])
    static let word = ScalarSet([0x30...0x39, 0x41...0x5a, 0x5f...0x5f, 0x61...0x7a])
    /// WhiteSpace and LineTerminator.
    static let space = ScalarSet([
        0x09...0x0d, 0x20...0x20, 0xa0...0xa0, 0x1680...0x1680, 0x2000...0x200a, 0x2028...0x2029,
        0x202f...0x202f, 0x205f...0x205f, 0x3000...0x3000, 0xfeff...0xfeff,
    ])
    /// What `.` stands for: anything but a LineTerminator.
    static let notLineEnd = ScalarSet([0x0a...0x0a, 0x0d...0x0d, 0x2028...0x2029]).inverted
}
