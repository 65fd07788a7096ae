/// Picks among weighted candidates in turn, spreading the heavy ones out.
///
/// A candidate of weight w is due every 1/w of a cycle, and the one due first is next: with weights
/// 5, 1, 1 the order is `a a a b a a c`, not `a a a a a b c`. A heap finds it in O(log candidates).
/// Owned by a picker of one worker; memory is 24 bytes for each candidate.
@usableFromInline package struct SmoothWeightedRoundRobin: Sendable {
    @usableFromInline struct Turn: BitwiseCopyable, Sendable {
        /// When it is due; wraps around, so that only differences mean something.
        @usableFromInline var due: UInt64
        @usableFromInline let period: UInt64
        @usableFromInline let index: UInt32

        @inlinable init(due: UInt64, period: UInt64, index: UInt32) {
            self.due = due
            self.period = period
            self.index = index
        }

        @inlinable func isBefore(_ other: Turn) -> Bool {
            Int64(truncatingIfNeeded: self.due &- other.due) < 0
        }
    }

    /// One cycle: a quarter of the range of `due`, so that differences keep their sign.
    @usableFromInline static let cycle: UInt64 = 1 << 61

    /// A heap in its first `heapCount` places; behind it, while one is picked, those passed over.
    @usableFromInline var turns: ContiguousArray<Turn> = []
    @usableFromInline var heapCount = 0

    /// - Parameter weights: one for each candidate; 0 is never picked.
    @inlinable package init(weights: [UInt32]) {
        // Spreads candidates of the same weight over their common period.
        let places = UInt64(weights.count) &* 2
        self.rebuild(
            count: weights.count, weight: { weights[$0] },
            due: { index, period in period / places &* (UInt64(index) &* 2 &+ 1) })
    }

    /// Begins somewhere in the cycle, so that workers do not all begin with the same candidate.
    @inlinable package init(weights: [UInt32], random: inout SeededRandom) {
        self.rebuild(count: weights.count, weight: { weights[$0] }, random: &random)
    }

    /// Takes new weights over, in the memory that it has, and begins anywhere.
    ///
    /// - Complexity: O(count).
    @inlinable package mutating func rebuild(
        count: Int, weight: (Int) -> UInt32, random: inout SeededRandom
    ) {
        self.rebuild(
            count: count, weight: weight, due: { _, period in random.next(below: period) })
    }

    @inlinable mutating func rebuild(
        count: Int, weight: (Int) -> UInt32, due: (Int, UInt64) -> UInt64
    ) {
        self.turns.removeAll(keepingCapacity: true)
        for index in 0..<count {
            let weight = weight(index)
            guard weight > 0 else { continue }
            let period = Self.cycle / UInt64(weight)
            self.turns.append(
                Turn(
                    due: due(index, period), period: period,
                    index: UInt32(truncatingIfNeeded: index)))
        }
        self.heapCount = self.turns.count
        for place in stride(from: self.heapCount / 2 - 1, through: 0, by: -1) {
            self.siftDown(from: place)
        }
    }

    /// The next candidate's index, or `nil` if none has a weight.
    @inlinable package mutating func next() -> Int? {
        self.next { _ in true }
    }

    /// The next available candidate's index, or `nil` if none is available.
    ///
    /// One that is not available loses its turns, so it does not catch up when it is back.
    ///
    /// - `passedOverMax`: `nil` is returned too if so many due before are not available.
    /// - Complexity: O(log candidates) for it and for each that is due before it and not available.
    @inlinable package mutating func next(
        passedOverMax: Int = .max, isAvailable: (Int) -> Bool
    ) -> Int? {
        while self.heapCount > 0, self.turns.count &- self.heapCount <= passedOverMax {
            var turn = self.turns[0]
            let now = turn.due
            if isAvailable(Int(turn.index)) {
                turn.due = now &+ turn.period
                self.turns[0] = turn
                self.siftDown(from: 0)
                self.bringBack(now: now)
                return Int(turn.index)
            }
            self.setAside()
        }
        self.bringBack(now: nil)
        return nil
    }

    /// Moves the first of the heap behind it.
    @inlinable mutating func setAside() {
        self.heapCount &-= 1
        self.turns.swapAt(0, self.heapCount)
        self.siftDown(from: 0)
    }

    /// Puts those set aside back into the heap, with their first turn after `now`.
    @inlinable mutating func bringBack(now: UInt64?) {
        while self.heapCount < self.turns.count {
            if let now {
                let missed = now &- self.turns[self.heapCount].due
                let period = self.turns[self.heapCount].period
                self.turns[self.heapCount].due &+= (missed / period &+ 1) &* period
            }
            self.heapCount &+= 1
            self.siftUp(from: self.heapCount &- 1)
        }
    }

    @inlinable mutating func siftUp(from start: Int) {
        var place = start
        while place > 0 {
            let parent = (place &- 1) / 2
            guard self.turns[place].isBefore(self.turns[parent]) else { return }
            self.turns.swapAt(place, parent)
            place = parent
        }
    }

    @inlinable mutating func siftDown(from start: Int) {
        let count = self.heapCount
        guard start < count else { return }
        var turns = self.turns.mutableSpan
        var place = start
        let turn = turns[start]
        while true {
            var child = place &* 2 &+ 1
            guard child < count else { break }
            let other = child &+ 1
            // Which of two children is first is a coin's toss: added rather than branched on.
            if other < count { child &+= turns[other].isBefore(turns[child]) ? 1 : 0 }
            guard turns[child].isBefore(turn) else { break }
            turns[place] = turns[child]
            place = child
        }
        turns[place] = turn
    }
}
