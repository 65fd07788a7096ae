/// Draws a position by weight in constant time: Walker's alias method, built as Vose does.
///
/// Each column holds a position and whom to take instead, so one random number and one look decide.
/// Owned by a picker; made anew when weights change, in the memory that it has.
package struct AliasTable: Sendable {
    private struct Column: BitwiseCopyable {
        /// The column's own position is taken below this, of 2³².
        var threshold: UInt64
        var alias: UInt32
    }

    private var columns: ContiguousArray<Column> = []
    private var rests: ContiguousArray<Double> = []
    private var small: ContiguousArray<UInt32> = []
    private var large: ContiguousArray<UInt32> = []

    package init() {}

    package init(weights: [UInt32]) { self.rebuild(count: weights.count) { weights[$0] } }

    package var count: Int { self.columns.count }

    /// Takes new weights over; without any weight above zero the table is empty.
    ///
    /// - Complexity: O(count), without allocating once the table has been as large.
    package mutating func rebuild(count: Int, weight: (Int) -> UInt32) {
        self.columns.removeAll(keepingCapacity: true)
        self.rests.removeAll(keepingCapacity: true)
        self.small.removeAll(keepingCapacity: true)
        self.large.removeAll(keepingCapacity: true)
        var sum = 0.0
        for position in 0..<count { sum += Double(weight(position)) }
        guard sum > 0 else { return }
        let scale = Double(count) / sum
        for position in 0..<count {
            let rest = Double(weight(position)) * scale
            let index = UInt32(truncatingIfNeeded: position)
            self.columns.append(Column(threshold: 1 << 32, alias: index))
            self.rests.append(rest)
            if rest < 1 { self.small.append(index) } else { self.large.append(index) }
        }
        self.fillColumns()
        self.closeColumnsOfZeroWeight(weight)
    }

    /// Each small column is filled up by a large one, which may become small thereby.
    private mutating func fillColumns() {
        while let giver = self.large.last, let taker = self.small.popLast() {
            let rest = self.rests[Int(taker)]
            self.columns[Int(taker)] = Column(
                threshold: (rest * 4_294_967_296).clampedToUInt64, alias: giver)
            self.rests[Int(giver)] -= 1 - rest
            if self.rests[Int(giver)] < 1 {
                self.large.removeLast()
                self.small.append(giver)
            }
        }
    }

    /// Rounding may leave a column over that nobody filled up: full, as its rest is almost one, but
    /// not if its weight is zero.
    private mutating func closeColumnsOfZeroWeight(_ weight: (Int) -> UInt32) {
        guard let heaviest = self.columns.indices.max(by: { weight($0) < weight($1) }) else {
            return
        }
        for position in self.small where weight(Int(position)) == 0 {
            self.columns[Int(position)] = Column(
                threshold: 0, alias: UInt32(truncatingIfNeeded: heaviest))
        }
    }

    /// A position, each as often as its weight says; `nil` if the table is empty.
    package func draw(_ random: inout SeededRandom) -> Int? {
        guard !self.columns.isEmpty else { return nil }
        let (position, fraction) = random.next().multipliedFullWidth(
            by: UInt64(self.columns.count))
        let column = self.columns[Int(position)]
        return fraction &>> 32 < column.threshold ? Int(position) : Int(column.alias)
    }
}
