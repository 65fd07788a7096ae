extension UInt64 {
    /// The value with its bits mixed so that near inputs lie far apart: splitmix64's last step
    /// (Steele, Lea and Flood, 2014).
    ///
    /// A bijection, so that different values stay different. The same in every process and release:
    /// consistent hashes and cohorts depend on it. Not for secrets.
    @inlinable package var scattered: UInt64 {
        var value = self &+ 0x9e37_79b9_7f4a_7c15
        value = (value ^ (value &>> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value &>> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value &>> 31)
    }

    /// Where a hash lies in `0..<bound`, by its upper bits; 0 when `bound` is 0.
    @inlinable package func scaled(below bound: UInt64) -> UInt64 {
        self.multipliedFullWidth(by: bound).high
    }
}
