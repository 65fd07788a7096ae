import MartletAlgorithms

/// Says whether counts can have come from weights by chance.
struct Distribution {
    /// Pearson's statistic of the counts against the weights' shares.
    ///
    /// Infinite if something was counted where the weight is zero.
    static func chiSquare(counts: [Int], weights: [Double]) -> Double {
        let draws = Double(counts.reduce(0, +))
        let sum = weights.reduce(0, +)
        var statistic = 0.0
        for (count, weight) in zip(counts, weights) {
            guard weight > 0 else {
                if count > 0 { return .infinity }
                continue
            }
            let expected = draws * weight / sum
            statistic += (Double(count) - expected) * (Double(count) - expected) / expected
        }
        return statistic
    }

    /// What Pearson's statistic exceeds by chance once in 30,000 times (Wilson and Hilferty).
    static func chiSquareMax(weights: [Double]) -> Double {
        let freedom = Double(max(weights.count { $0 > 0 } - 1, 1))
        let part = 2 / (9 * freedom)
        let root = 1 - part + 4 * part.squareRoot()
        return freedom * root * root * root
    }

    static func isPlausible(counts: [Int], weights: [Double]) -> Bool {
        Self.chiSquare(counts: counts, weights: weights) <= Self.chiSquareMax(weights: weights)
    }

    static func isPlausible(counts: [Int], weights: [UInt32]) -> Bool {
        Self.isPlausible(counts: counts, weights: weights.map(Double.init))
    }
}
