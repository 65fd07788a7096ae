/// Which variant of a release a cohort's point gets, by shares in hundredths of a percent.
///
/// Immutable, made with the plan: a byte for each point. Depends on the shares only, so that every
/// process, and the same one after a restart, sends a user to the same variant.
///
/// A raised share moves users one way, into its variant. The first variant grows from the bottom
/// and the second from the top, so the two take from nobody but the rest. Further ones grow from
/// between: where they would meet another, the earlier in the list has its way, and the later takes
/// others from the rest instead. (No rule without a memory can do better with more than two.)
package struct TrafficSplit: Sendable, Equatable {
    private static let rest = UInt8.max
    package static let variantCountMax = 64

    private let owners: [UInt8]

    /// - Parameter shares: one for each variant, in points; what is left over is the rest. Beyond
    ///   10,000 in all, later variants get less.
    package init(shares: [UInt16]) {
        var owners = [UInt8](repeating: Self.rest, count: Int(Cohort.pointCount))
        var left = Int(Cohort.pointCount)
        for (variant, share) in shares.prefix(Self.variantCountMax).enumerated() {
            var wanted = min(Int(share), left)
            left -= wanted
            var point = Self.firstPoint(of: variant)
            // The second grows downwards, so that it meets the first as late as can be.
            let step = variant == 1 ? owners.count - 1 : 1
            while wanted > 0 {
                if owners[point] == Self.rest {
                    owners[point] = UInt8(truncatingIfNeeded: variant)
                    wanted -= 1
                }
                point = (point + step) % owners.count
            }
        }
        self.owners = owners
    }

    /// The place of the point's variant among the shares; `nil` for the rest.
    package func variant(at point: UInt16) -> Int? {
        guard Int(point) < self.owners.count else { return nil }
        let owner = self.owners[Int(point)]
        return owner == Self.rest ? nil : Int(owner)
    }

    /// The bottom, the top, the middle, then the quarters, the eighths and so on.
    private static func firstPoint(of variant: Int) -> Int {
        switch variant {
        case 0: return 0
        case 1: return Int(Cohort.pointCount) - 1
        default:
            var (number, fraction, part) = (variant - 1, 0.0, 0.5)
            while number > 0 {
                if number & 1 == 1 { fraction += part }
                part /= 2
                number >>= 1
            }
            return Int(fraction * Double(Cohort.pointCount))
        }
    }
}
