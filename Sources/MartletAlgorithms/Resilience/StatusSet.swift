/// Which final status codes are meant, 400 to 599: a bit for each.
///
/// Immutable, from the configuration. Codes outside of the range are never in it.
package struct StatusSet: Sendable, BitwiseCopyable, Equatable {
    private var bits = SIMD4<UInt64>(repeating: 0)

    package init() {}

    package init(_ statuses: some Sequence<UInt16>) {
        for status in statuses { self.insert(status) }
    }

    package mutating func insert(_ status: UInt16) {
        guard let (word, bit) = Self.place(of: status) else { return }
        self.bits[word] |= 1 &<< bit
    }

    package func contains(_ status: UInt16) -> Bool {
        guard let (word, bit) = Self.place(of: status) else { return false }
        return self.bits[word] &>> bit & 1 == 1
    }

    private static func place(of status: UInt16) -> (word: Int, bit: UInt64)? {
        guard status >= 400, status < 600 else { return nil }
        let place = status &- 400
        return (Int(place / 64), UInt64(place % 64))
    }
}
