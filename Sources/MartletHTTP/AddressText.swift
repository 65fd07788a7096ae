/// An address as text, in place: at most 39 bytes (RFC 5952 for IPv6, no brackets, no port).
package struct AddressText: Sendable {
    private var bytes = InlineArray<40, UInt8>(repeating: 0)
    package private(set) var count = 0

    package var span: Span<UInt8> {
        @_lifetime(borrow self)
        get { self.bytes.span.extracting(0..<self.count) }
    }

    fileprivate init(_ address: ClientAddress) {
        if address.isIPv4 { self.putIPv4(address.bits) } else { self.putIPv6(address.bits) }
    }

    private mutating func put(_ byte: UInt8) {
        guard self.count < 40 else { return }
        self.bytes[self.count] = byte
        self.count += 1
    }

    private mutating func putIPv4(_ bits: UInt128) {
        for index in 0..<4 {
            if index > 0 { self.put(UInt8(ascii: ".")) }
            let octet = UInt8(truncatingIfNeeded: bits >> UInt128(24 - 8 * index))
            if octet >= 100 { self.put(0x30 + octet / 100) }
            if octet >= 10 { self.put(0x30 + octet / 10 % 10) }
            self.put(0x30 + octet % 10)
        }
    }

    /// RFC 5952 §4: lower case, no leading zeros, `::` for the first longest run of two or more
    /// zero groups.
    private mutating func putIPv6(_ bits: UInt128) {
        let run = Self.longestZeroRun(bits)
        var group = 0
        while group < 8 {
            if group == run.lowerBound, !run.isEmpty {
                self.put(UInt8(ascii: ":"))
                self.put(UInt8(ascii: ":"))
                group = run.upperBound
                continue
            }
            if group > 0, group != run.upperBound || run.isEmpty { self.put(UInt8(ascii: ":")) }
            self.putHex(Self.group(bits, group))
            group += 1
        }
    }

    private mutating func putHex(_ group: UInt16) {
        var isLeading = true
        for shift in stride(from: UInt16(12), through: 0, by: -4) {
            let digit = UInt8(truncatingIfNeeded: group >> shift & 15)
            if isLeading, digit == 0, shift > 0 { continue }
            isLeading = false
            self.put(digit < 10 ? 0x30 + digit : 0x57 + digit)
        }
    }

    private static func group(_ bits: UInt128, _ index: Int) -> UInt16 {
        UInt16(truncatingIfNeeded: bits >> UInt128(112 - 16 * index))
    }

    private static func longestZeroRun(_ bits: UInt128) -> Range<Int> {
        var best = 0..<0
        var start = 0
        for index in 0..<8 {
            if self.group(bits, index) != 0 {
                start = index + 1
            } else if index + 1 - start > max(best.count, 1) {
                best = start..<index + 1
            }
        }
        return best
    }
}

extension ClientAddress {
    /// The address as text, rendered now.
    package var text: AddressText { AddressText(self) }

    /// Appends the address as text.
    package func write(to output: inout [UInt8]) {
        let text = self.text
        for index in 0..<text.count { output.append(text.span[index]) }
    }
}
