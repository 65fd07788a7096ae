/// The one generator that the data plane may use: xoshiro256** (Blackman and Vigna, 2018).
///
/// Owned by a worker, so that a run can be repeated from its seed. Not for secrets.
@usableFromInline package struct SeededRandom: RandomNumberGenerator, Sendable {
    @usableFromInline var state: (UInt64, UInt64, UInt64, UInt64)

    /// Spreads a seed over the state with splitmix64, which never leaves it all zero.
    @inlinable package init(seed: UInt64) {
        var mixer = seed
        self.state = (
            Self.mix(&mixer), Self.mix(&mixer), Self.mix(&mixer), Self.mix(&mixer)
        )
    }

    @inlinable package mutating func next() -> UInt64 {
        let result = Self.rotated(self.state.1 &* 5, by: 7) &* 9
        let shifted = self.state.1 &<< 17
        self.state.2 ^= self.state.0
        self.state.3 ^= self.state.1
        self.state.1 ^= self.state.2
        self.state.0 ^= self.state.3
        self.state.2 ^= shifted
        self.state.3 = Self.rotated(self.state.3, by: 45)
        return result
    }

    /// A number below `bound`; 0 when `bound` is 0.
    ///
    /// Biased by less than one part in 2⁶⁴ ÷ bound.
    @inlinable package mutating func next(below bound: UInt64) -> UInt64 {
        self.next().multipliedFullWidth(by: bound).high
    }

    @inlinable static func rotated(_ value: UInt64, by count: UInt64) -> UInt64 {
        (value &<< count) | (value &>> (64 &- count))
    }

    @inlinable static func mix(_ state: inout UInt64) -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value &>> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value &>> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value &>> 31)
    }
}
