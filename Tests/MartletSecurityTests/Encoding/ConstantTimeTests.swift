import MartletSecurity
import Testing

@Suite struct ConstantTimeTests {
    @Test func everyBitCounts() {
        let secret = (0..<40).map { UInt8($0 &* 3) }
        #expect(ConstantTime.isEqual(secret, secret))
        for index in secret.indices {
            for bit in 0..<8 {
                var other = secret
                other[index] ^= 1 << UInt8(bit)
                #expect(!ConstantTime.isEqual(secret, other))
            }
        }
        #expect(!ConstantTime.isEqual(secret, Array(secret[..<39])))
    }

    /// Where the difference lies must not show in the time: the early exit that this looks for
    /// would make the first place some hundred times faster than the last.
    @Test func theTimeDoesNotTellThePlace() {
        let secret = [UInt8](repeating: 7, count: 4096)
        var first = secret
        first[0] ^= 1
        var last = secret
        last[4095] ^= 1
        let clock = ContinuousClock()
        func best(_ other: [UInt8]) -> Duration {
            (0..<40).map { _ in
                clock.measure {
                    for _ in 0..<10 where ConstantTime.isEqual(secret.span, other.span) {
                        Issue.record("they differ")
                    }
                }
            }.min() ?? .zero
        }
        _ = best(first)
        let (early, late) = (best(first), best(last))
        #expect(early * 2 > late && late * 2 > early, "\(early) and \(late)")
    }
}
