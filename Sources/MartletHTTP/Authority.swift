/// `host [":" port]`, checked and measured (RFC 3986 §3.2, stricter).
///
/// A host is a DNS name of letters, digits, `-` and `_`, an IPv4 address, or an IPv6 address in
/// brackets. Percent-encoding, user information, empty labels and empty ports are refused.
package struct Authority: Sendable, BitwiseCopyable, Equatable {
    package enum Outcome: Sendable, BitwiseCopyable, Equatable {
        case authority(Authority)
        case userinfo
        case invalid
    }

    /// The host's bytes, without a trailing dot; IPv6 brackets included.
    package private(set) var hostCount = 0
    package private(set) var port: UInt16?
    package private(set) var hasTrailingDot = false
    package private(set) var hasUpperCase = false

    /// RFC 1035 §2.3.4, with the trailing dot.
    private static let hostCountMax = 254

    package static func parse(_ bytes: Span<UInt8>) -> Outcome {
        guard !bytes.isEmpty else { return .invalid }
        if bytes.firstIndex(of: UInt8(ascii: "@")) != nil { return .userinfo }
        var authority = Authority()
        let hostEnd =
            bytes[0] == UInt8(ascii: "[")
            ? authority.parseIPv6(bytes) : authority.parseName(bytes)
        guard let hostEnd, authority.parsePort(bytes, from: hostEnd) else { return .invalid }
        return .authority(authority)
    }

    private mutating func parseName(_ bytes: Span<UInt8>) -> Int? {
        var index = 0
        var labelCount = 0
        while index < bytes.count, bytes[index] != UInt8(ascii: ":") {
            switch bytes[index] {
            case UInt8(ascii: "."):
                guard labelCount > 0 else { return nil }
                labelCount = 0
            case 0x41...0x5a:
                self.hasUpperCase = true
                labelCount += 1
            case 0x30...0x39, 0x61...0x7a, UInt8(ascii: "-"), UInt8(ascii: "_"):
                labelCount += 1
            default: return nil
            }
            index += 1
        }
        guard index > 0, index <= Self.hostCountMax else { return nil }
        self.hasTrailingDot = labelCount == 0
        self.hostCount = self.hasTrailingDot ? index - 1 : index
        return index
    }

    private mutating func parseIPv6(_ bytes: Span<UInt8>) -> Int? {
        guard let close = bytes.firstIndex(of: UInt8(ascii: "]")),
            IPv6Text.isValid(bytes.extracting(1..<close))
        else { return nil }
        for index in 1..<close where 0x41...0x5a ~= bytes[index] { self.hasUpperCase = true }
        self.hostCount = close + 1
        return close + 1
    }

    /// Nothing, or `:` with one to five digits that make a port.
    private mutating func parsePort(_ bytes: Span<UInt8>, from start: Int) -> Bool {
        guard start < bytes.count else { return true }
        guard bytes[start] == UInt8(ascii: ":"), 2...6 ~= bytes.count - start else { return false }
        var port: UInt32 = 0
        for index in start + 1..<bytes.count {
            guard 0x30...0x39 ~= bytes[index] else { return false }
            port = port * 10 + UInt32(bytes[index] &- 0x30)
        }
        guard let port = UInt16(exactly: port) else { return false }
        self.port = port
        return true
    }
}

/// Checks the text of an IPv6 address (RFC 3986 §3.2.2), without brackets or zone.
enum IPv6Text {
    static func isValid(_ bytes: Span<UInt8>) -> Bool {
        guard 2...45 ~= bytes.count else { return false }
        var index = 0
        var groups = 0
        var hasGap = false
        if bytes[0] == UInt8(ascii: ":") {
            guard bytes[1] == UInt8(ascii: ":") else { return false }
            hasGap = true
            index = 2
        }
        while index < bytes.count {
            let start = index
            while index < bytes.count, ByteClass.hexValue(bytes[index]) != nil { index += 1 }
            if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
                guard self.isIPv4(bytes.extracting(start..<bytes.count)) else { return false }
                groups += 2
                break
            }
            guard 1...4 ~= index - start else { return false }
            groups += 1
            guard index < bytes.count else { break }
            guard bytes[index] == UInt8(ascii: ":"), index + 1 < bytes.count else { return false }
            index += 1
            if bytes[index] == UInt8(ascii: ":") {
                guard !hasGap else { return false }
                hasGap = true
                index += 1
            }
        }
        return hasGap ? groups <= 7 : groups == 8
    }

    /// Four decimal numbers up to 255, no leading zeros.
    static func isIPv4(_ bytes: Span<UInt8>) -> Bool {
        var parts = 0
        var value = 0
        var digits = 0
        for index in 0...bytes.count {
            if index == bytes.count || bytes[index] == UInt8(ascii: ".") {
                guard digits > 0, value <= 255 else { return false }
                parts += 1
                (value, digits) = (0, 0)
                continue
            }
            guard 0x30...0x39 ~= bytes[index], digits < 3, digits == 0 || value > 0
            else { return false }
            value = value * 10 + Int(bytes[index] &- 0x30)
            digits += 1
        }
        return parts == 4
    }
}
