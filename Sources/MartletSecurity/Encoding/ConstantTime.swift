/// Comparisons whose time tells nothing of where two secrets differ.
package enum ConstantTime {
    /// Looks at every byte, whatever it finds; only the lengths show.
    package static func isEqual(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for index in left.indices {
            difference |= unsafe left[unchecked: index] ^ right[unchecked: index]
        }
        return self.isZero(difference)
    }

    /// Kept out of the loop that calls it, so that the loop is not ended early.
    @inline(never)
    private static func isZero(_ difference: UInt8) -> Bool { difference == 0 }
}
