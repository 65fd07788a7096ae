/// An IPv4 or IPv6 address as one value.
///
/// IPv4-mapped IPv6 (`::ffff:192.0.2.1`) is held as IPv4.
///
/// Parsed from and rendered to bytes without allocation. Zones (`%eth0`) are refused: they mean
/// nothing on another machine.
package struct ClientAddress: Sendable, BitwiseCopyable, Equatable, Hashable {
    /// IPv4 in the low 32 bits.
    package let bits: UInt128
    package let isIPv4: Bool

    private init(bits: UInt128, isIPv4: Bool) {
        self.bits = bits
        self.isIPv4 = isIPv4
    }

    /// `0.0.0.0`: no address is known.
    package static let unspecified = ClientAddress(ipv4: 0)

    /// - Parameter value: 192.0.2.1 is `0xc0000201`.
    package init(ipv4 value: UInt32) {
        self.init(bits: UInt128(value), isIPv4: true)
    }

    package init(ipv6 value: UInt128) {
        if value >> 32 == 0xffff {
            self.init(bits: value & 0xffff_ffff, isIPv4: true)
        } else {
            self.init(bits: value, isIPv4: false)
        }
    }

    /// Parses `192.0.2.1` or `2001:db8::1`, nothing before or after.
    package init?(parsing text: Span<UInt8>) {
        if let value = Self.ipv4(text, 0..<text.count) {
            self.init(ipv4: value)
        } else if let value = Self.ipv6(text) {
            self.init(ipv6: value)
        } else {
            return nil
        }
    }

    /// Parses what stands in a forwarding field: an address, perhaps with a port.
    ///
    /// `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:80`.
    package init?(parsingNode text: Span<UInt8>) {
        guard !text.isEmpty else { return nil }
        if text[0] == UInt8(ascii: "[") {
            guard let close = text.firstIndex(of: UInt8(ascii: "]")), close > 1,
                let value = Self.ipv6(text.extracting(1..<close)),
                close + 1 == text.count || Self.isPort(text, from: close + 1)
            else { return nil }
            self.init(ipv6: value)
        } else if let colon = text.firstIndex(of: UInt8(ascii: ":")),
            text.firstIndex(of: UInt8(ascii: ":"), from: colon + 1) == nil
        {
            guard let value = Self.ipv4(text, 0..<colon), Self.isPort(text, from: colon)
            else { return nil }
            self.init(ipv4: value)
        } else {
            self.init(parsing: text)
        }
    }

    /// The address without what tells one client from its neighbours: the last octet of IPv4, the
    /// last 80 bits of IPv6.
    package var masked: ClientAddress {
        ClientAddress(
            bits: self.isIPv4 ? self.bits & 0xffff_ff00 : (self.bits >> 80) << 80,
            isIPv4: self.isIPv4)
    }

    /// RFC 7239 §6.2 lets a port be obfuscated (`:_abc`), so that is let through unread.
    private static func isPort(_ text: Span<UInt8>, from colon: Int) -> Bool {
        guard text[colon] == UInt8(ascii: ":"), colon + 1 < text.count else { return false }
        let isObfuscated = text[colon + 1] == UInt8(ascii: "_")
        guard isObfuscated || text.count - colon <= 6 else { return false }
        for index in colon + 1..<text.count {
            let byte = text[index]
            if isObfuscated {
                guard ByteClass.table[Int(byte)] & ByteClass.token != 0 else { return false }
            } else {
                guard 0x30...0x39 ~= byte else { return false }
            }
        }
        return true
    }

    /// Four decimal octets without leading zeros, which some parsers take for octal.
    private static func ipv4(_ text: Span<UInt8>, _ range: Range<Int>) -> UInt32? {
        guard range.count >= 7, range.count <= 15 else { return nil }
        var (value, octet, digits, octets) = (UInt32(0), UInt32(0), 0, 0)
        for index in range {
            let byte = text[index]
            if byte == UInt8(ascii: ".") {
                guard digits > 0, octets < 3 else { return nil }
                value = (value << 8) | octet
                octets += 1
                (octet, digits) = (0, 0)
            } else {
                guard 0x30...0x39 ~= byte, digits == 0 || octet > 0 else { return nil }
                octet = octet * 10 + UInt32(byte - 0x30)
                digits += 1
                guard octet <= 255 else { return nil }
            }
        }
        guard octets == 3, digits > 0 else { return nil }
        return (value << 8) | octet
    }

    /// The text form of RFC 4291 §2.2, with `::` at most once and perhaps an IPv4 tail.
    private static func ipv6(_ text: Span<UInt8>) -> UInt128? {
        guard text.count >= 2, text.count <= 45 else { return nil }
        var (head, tail) = (UInt128(0), UInt128(0))
        var (headGroups, tailGroups) = (0, 0)
        var (index, isTail) = (0, false)
        if text[0] == UInt8(ascii: ":") {
            guard text[1] == UInt8(ascii: ":") else { return nil }
            (index, isTail) = (2, true)
        }
        while index < text.count {
            guard headGroups + tailGroups < 8 else { return nil }
            let start = index
            var group: UInt128 = 0
            while index < text.count, index - start < 4,
                let digit = ByteClass.hexValue(text[index])
            {
                group = group << 4 | UInt128(digit)
                index += 1
            }
            guard index > start else { return nil }
            var (width, groups) = (UInt128(16), 1)
            if index < text.count, text[index] == UInt8(ascii: ".") {
                guard let ipv4 = Self.ipv4(text, start..<text.count) else { return nil }
                (group, width, groups, index) = (UInt128(ipv4), 32, 2, text.count)
            }
            if isTail {
                (tail, tailGroups) = (tail << width | group, tailGroups + groups)
            } else {
                (head, headGroups) = (head << width | group, headGroups + groups)
            }
            guard index < text.count else { break }
            guard text[index] == UInt8(ascii: ":"), index + 1 < text.count else { return nil }
            index += 1
            if text[index] == UInt8(ascii: ":") {
                guard !isTail else { return nil }
                isTail = true
                index += 1
            }
        }
        guard isTail else { return headGroups == 8 ? head : nil }
        // `::` stands for at least one group (RFC 5952 §4.2.2 writes it for two or more).
        guard headGroups + tailGroups <= 7 else { return nil }
        guard headGroups > 0 else { return tail }
        return head << UInt128(16 * (8 - headGroups)) | tail
    }
}
