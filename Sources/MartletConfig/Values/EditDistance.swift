/// Finds what the user probably meant.
enum EditDistance {
    /// The candidate nearest to `text`, if it is near enough to be a slip.
    static func nearest(to text: String, among candidates: [String]) -> String? {
        let lowered = text.lowercased()
        let limit = min(3, max(1, text.count / 3))
        var best: (distance: Int, candidate: String)?
        for candidate in candidates where abs(candidate.count - text.count) <= limit {
            let distance = self.distance(lowered, candidate.lowercased())
            if distance <= limit, distance < best?.distance ?? Int.max {
                best = (distance, candidate)
            }
        }
        return best?.candidate
    }

    /// Insertions, deletions, substitutions and swaps of neighbours.
    static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left.unicodeScalars.prefix(64))
        let right = Array(right.unicodeScalars.prefix(64))
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in 0..<left.count {
            var current = [row + 1]
            for column in 0..<right.count {
                let isSame = left[row] == right[column]
                var cost = min(
                    last[column] + (isSame ? 0 : 1), last[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, left[row] == right[column - 1],
                    left[row - 1] == right[column]
                {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                current.append(cost)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}
