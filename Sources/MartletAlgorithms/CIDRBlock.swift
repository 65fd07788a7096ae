/// A block of addresses that share a prefix, with a number that stands for it.
///
/// IPv4 and IPv6 are two spaces. A block of IPv4-mapped addresses (`::ffff:10.0.0.0/104`) is its
/// IPv4 block; a wider one, such as `::/0`, holds no IPv4 address.
package struct CIDRBlock: Sendable, BitwiseCopyable, Equatable {
    /// The first address and the last; those of IPv4 in the low 32 bits.
    package let first: UInt128
    package let last: UInt128
    /// Of 32 bits for IPv4, else of 128.
    package let prefixLength: Int
    package let isIPv4: Bool
    package let value: UInt32

    /// Bits behind the prefix do not matter.
    ///
    /// - `prefixLength`: 0 to 32, else `nil`.
    /// - `value`: anything but the greatest number, else `nil`.
    package init?(ipv4: UInt32, prefixLength: Int, value: UInt32 = 0) {
        guard 0...32 ~= prefixLength, value != .max else { return nil }
        self = CIDRBlock(UInt128(ipv4), prefixLength, isIPv4: true, value)
    }

    /// Bits behind the prefix do not matter.
    ///
    /// - `prefixLength`: 0 to 128, else `nil`.
    /// - `value`: anything but the greatest number, else `nil`.
    package init?(high: UInt64, low: UInt64, prefixLength: Int, value: UInt32 = 0) {
        guard 0...128 ~= prefixLength, value != .max else { return nil }
        if prefixLength >= 96, let ipv4 = CIDRSet.mappedIPv4(high: high, low: low) {
            self = CIDRBlock(UInt128(ipv4), prefixLength - 96, isIPv4: true, value)
        } else {
            let address = UInt128(high) << 64 | UInt128(low)
            self = CIDRBlock(address, prefixLength, isIPv4: false, value)
        }
    }

    private init(_ address: UInt128, _ prefixLength: Int, isIPv4: Bool, _ value: UInt32) {
        let space = isIPv4 ? UInt128(UInt32.max) : UInt128.max
        self.first = address & ~(space >> UInt128(prefixLength))
        self.last = address | space >> UInt128(prefixLength)
        self.prefixLength = prefixLength
        self.isIPv4 = isIPv4
        self.value = value
    }
}
