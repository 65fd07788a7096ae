/// Where a user stands among all users, so that a share of the traffic is always the same users.
///
/// A point in `0..<10_000`: hundredths of a percent.
package enum Cohort {
    package static let pointCount: UInt16 = 10_000

    /// The point of whoever the hash stands for.
    ///
    /// - `salt`: names the experiment, so that the first users of one are not the first of all.
    package static func point(of hash: UInt64, salt: UInt64) -> UInt16 {
        let point = (hash.scattered ^ salt).scattered.scaled(below: UInt64(Self.pointCount))
        return UInt16(truncatingIfNeeded: point)
    }
}
