extension RegularExpression {
    /// Code points sorted into classes that no set of an expression tells apart, so that its tables
    /// have a column a class.
    ///
    /// Built when an expression is compiled. What UTF-8 writes in two bytes is looked up, the rest
    /// searched for.
    struct Classes: Sendable {
        static let countMax = 250

        /// How many there are; the class of bytes that are no UTF-8 comes behind them.
        let count: Int
        private var ascii: ContiguousArray<UInt8> = []
        /// From U+0080 to U+07FF, where it matters.
        private var short: ContiguousArray<UInt8> = []
        /// Where runs of one class begin, in ascending order from 0, and the class of each.
        private var starts: ContiguousArray<UInt32>
        private var classes: ContiguousArray<UInt8>
        /// Whether every code point that is not ASCII is of one class.
        private var otherClass: UInt8?

        /// `nil` if there would be too many.
        init?(_ sets: [ScalarSet]) {
            var starts: Set<UInt32> = [0]
            for range in sets.lazy.flatMap(\.ranges) {
                starts.insert(range.lowerBound)
                if range.upperBound < ScalarSet.last { starts.insert(range.upperBound + 1) }
            }
            self.starts = ContiguousArray(starts.sorted())
            var numbers = [Int](repeating: 0, count: self.starts.count)
            var count = 1
            for set in sets {
                count = Self.refine(&numbers, self.starts, by: set)
                guard count <= Self.countMax else { return nil }
            }
            self.count = count
            self.classes = ContiguousArray(numbers.map { UInt8(truncatingIfNeeded: $0) })
            for scalar in UInt32(0)..<0x80 { self.ascii.append(self.search(scalar)) }
            guard (self.starts.last ?? 0) > 0x80 else {
                self.otherClass = self.classes.last
                return
            }
            for scalar in UInt32(0x80)..<0x800 { self.short.append(self.search(scalar)) }
        }

        /// Splits the classes by whether a set holds them; returns how many there are then.
        private static func refine(
            _ numbers: inout [Int], _ starts: ContiguousArray<UInt32>, by set: ScalarSet
        ) -> Int {
            var names: [Int: Int] = [:]
            var range = 0
            for index in numbers.indices {
                while range < set.ranges.count, set.ranges[range].upperBound < starts[index] {
                    range += 1
                }
                let isIn = range < set.ranges.count && set.ranges[range].lowerBound <= starts[index]
                let key = numbers[index] * 2 + (isIn ? 1 : 0)
                let name = names[key] ?? names.count
                names[key] = name
                numbers[index] = name
            }
            return names.count
        }

        /// Whether a set holds each of the classes; the last one, of what is no UTF-8, is in none.
        func membership(of set: ScalarSet) -> [Bool] {
            var membership = [Bool](repeating: false, count: self.count + 1)
            for index in self.starts.indices {
                membership[Int(self.classes[index])] = set.contains(self.starts[index])
            }
            return membership
        }

        @inline(__always)
        func ofASCII(_ byte: UInt8) -> UInt8 { self.ascii[Int(byte & 0x7f)] }

        /// The class of the sequence that begins at `index`, which moves behind it.
        @inline(never)
        func ofSequence(_ bytes: Span<UInt8>, at index: inout Int) -> UInt8 {
            guard case .scalar(let scalar, let byteCount) = UTF8Sequence.decode(bytes, at: index)
            else {
                index &+= 1
                return UInt8(truncatingIfNeeded: self.count)
            }
            index &+= byteCount
            if let only = self.otherClass { return only }
            return scalar < 0x800 ? self.short[Int(scalar &- 0x80)] : self.search(scalar)
        }

        private func search(_ scalar: UInt32) -> UInt8 {
            var low = 0
            var high = self.starts.count
            while high &- low > 1 {
                let middle = (low &+ high) / 2
                if self.starts[middle] <= scalar { low = middle } else { high = middle }
            }
            return self.classes[low]
        }
    }
}
