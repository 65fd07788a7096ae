/// Picks among weighted candidates in turn, spreading the heavy ones out.
///
/// With weights 5, 1, 1 the order is `a a b a c a a`, not `a a a a a b c`: each pick adds to every
/// candidate its weight, takes the largest and subtracts the sum from it. Owned by a picker of one
/// worker; memory is one number for each candidate.
@usableFromInline package struct SmoothWeightedRoundRobin: Sendable {
    @usableFromInline let weights: [Int64]
    @usableFromInline var balances: [Int64]

    /// - Parameter weights: one for each candidate; 0 is never picked.
    @inlinable package init(weights: [UInt32]) {
        self.weights = weights.map { Int64($0) }
        self.balances = [Int64](repeating: 0, count: weights.count)
    }

    /// Begins somewhere in the cycle, so that workers do not all begin with the same candidate.
    @inlinable package init(weights: [UInt32], random: inout SeededRandom) {
        self.init(weights: weights)
        let sum = self.weights.reduce(into: Int64(0)) { $0 &+= $1 }
        // A start within the first turns is enough, and bounds the time spent here.
        let picks = random.next(below: UInt64(min(sum, 1024)))
        for _ in 0..<picks { _ = self.next() }
    }

    @inlinable package var count: Int { self.weights.count }

    /// The next candidate's index, or `nil` if none has a weight.
    @inlinable package mutating func next() -> Int? {
        self.next { _ in true }
    }

    /// The next available candidate's index, or `nil` if none is available.
    ///
    /// One that is not available keeps its balance, so it does not catch up when it is back.
    ///
    /// - Complexity: O(candidates).
    @inlinable package mutating func next(isAvailable: (Int) -> Bool) -> Int? {
        var best = -1
        var bestBalance = Int64.min
        var sum: Int64 = 0
        for index in self.weights.indices {
            let weight = self.weights[index]
            guard weight > 0, isAvailable(index) else { continue }
            self.balances[index] &+= weight
            sum &+= weight
            if self.balances[index] > bestBalance {
                best = index
                bestBalance = self.balances[index]
            }
        }
        guard best >= 0 else { return nil }
        self.balances[best] &-= sum
        return best
    }
}
