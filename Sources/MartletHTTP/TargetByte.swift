/// What each byte may do in a request target's path and query.
package enum TargetByte {
    /// May stand in a path, and can be passed over without a second look.
    package static let plain: UInt8 = 1
    /// `/`, `%` and `?`: allowed in a path, with a meaning.
    package static let special: UInt8 = 2
    /// Right behind a `/`, tells that the path may not be in its normal form: `/`, `.`, `;`.
    package static let oddAfterSlash: UInt8 = 4
    /// May stand in a query.
    package static let query: UInt8 = 8
    /// Unreserved (RFC 3986 §2.3): needs no percent-encoding.
    package static let unreserved: UInt8 = 16

    /// Stored in line, so that a look at it costs no reference count.
    package static let table: InlineArray<256, UInt8> = {
        var table = InlineArray<256, UInt8>(repeating: 0)
        for index in table.indices {
            let byte = UInt8(truncatingIfNeeded: index)
            var bits: UInt8 = 0
            let isSpecial = "/%?".utf8.contains(byte)
            if ByteClass.table[index] & ByteClass.target != 0 {
                bits |= isSpecial ? special | query : plain | query
            }
            if "/.;".utf8.contains(byte) { bits |= oddAfterSlash }
            if "^`{|}".utf8.contains(byte) { bits |= query }
            let isAlphanumeric =
                ByteClass.table[index] & ByteClass.token != 0
                && !"!#$%&'*+-.^_`|~".utf8.contains(byte)
            if isAlphanumeric || "-._~".utf8.contains(byte) { bits |= unreserved }
            table[index] = bits
        }
        return table
    }()
}

/// The first look at a path: where it ends and whether it is in its normal form already.
///
/// One pass, nothing written. Nearly every path of an API is `.normal`.
struct PathScan: BitwiseCopyable {
    enum Outcome: BitwiseCopyable { case normal, needsNormalising, invalidByte }

    private(set) var outcome = Outcome.normal
    /// The index of `?`, of the invalid byte, or the target's end.
    private(set) var end: Int

    /// `start` is the index of the path's first `/`.
    init(_ bytes: Span<UInt8>, from start: Int, to limit: Int) {
        self.end = limit
        var isAfterSlash = false
        var index = start
        while index < limit {
            let byte = bytes[index]
            let bits = TargetByte.table[Int(byte)]
            if isAfterSlash && bits & TargetByte.oddAfterSlash != 0 {
                self.outcome = .needsNormalising
            }
            isAfterSlash = false
            if bits & TargetByte.plain == 0 {
                if byte == UInt8(ascii: "/") {
                    isAfterSlash = true
                } else if byte == UInt8(ascii: "%") {
                    self.outcome = .needsNormalising
                } else {
                    self.end = index
                    if byte != UInt8(ascii: "?") { self.outcome = .invalidByte }
                    return
                }
            }
            index += 1
        }
    }
}
