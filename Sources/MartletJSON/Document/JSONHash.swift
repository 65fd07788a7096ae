/// Hashes of keys and values.
///
/// Equal hashes are always followed by a comparison, so that somebody who makes equal ones gains
/// nothing but comparisons, and those are counted where there are many.
package enum JSONHash {
    private static let factor: UInt64 = 0x9e37_79b9_7f4a_7c15

    /// The hash by which keys are found: 24 bits.
    package static func key(_ key: Span<UInt8>) -> UInt32 {
        UInt32(truncatingIfNeeded: self.bytes(key) &>> 40)
    }

    /// Spreads each bit of a number over all.
    @inline(__always)
    package static func mixed(_ value: UInt64) -> UInt64 {
        let product = (value ^ 0x2545_f491_4f6c_dd1d).multipliedFullWidth(by: self.factor)
        return product.high ^ product.low
    }

    static func bytes(_ bytes: Span<UInt8>) -> UInt64 {
        let raw = unsafe bytes.bytes
        var state = UInt64(truncatingIfNeeded: bytes.count)
        var index = 0
        while raw.byteCount &- index >= 8 {
            let word = unsafe raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            state = self.mixed(state ^ UInt64(littleEndian: word))
            index &+= 8
        }
        var rest: UInt64 = 0
        while index < raw.byteCount {
            rest = rest &<< 8 | UInt64(bytes[index])
            index &+= 1
        }
        return self.mixed(state ^ rest)
    }

    /// The same for values that are equal: numbers by their value, objects whatever the order of
    /// their keys.
    ///
    /// Recursion is bounded by `JSONLimits.depthHard`.
    package static func value(_ document: JSONDocument, _ node: Int) -> UInt64 {
        let kind = document.kind(node)
        var state = UInt64(kind.rawValue) &+ 1
        switch kind {
        case .null, .false, .true: break
        case .number: state ^= document.number(node).hash
        case .string: state ^= self.bytes(document.string(node))
        case .array:
            var child = node &+ 1
            while child < document.end(of: node) {
                state = self.mixed(state) &+ self.value(document, child)
                child = document.end(of: child)
            }
        case .object:
            var key = node &+ 1
            while key < document.end(of: node) {
                let keyHash = self.bytes(document.string(key))
                state &+= self.mixed(keyHash ^ self.value(document, key &+ 1))
                key = document.end(of: key &+ 1)
            }
        }
        return self.mixed(state)
    }
}
