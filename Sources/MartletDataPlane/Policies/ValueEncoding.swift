import MartletHTTP

/// Where a value is going to stand, hence which bytes may stand in it as they are.
package enum ValueEncoding: Sendable, BitwiseCopyable {
    /// In a field value; bytes that may not stand there are dropped.
    case fieldValue
    /// In a query parameter; others are percent-encoded.
    case query
    /// In a cookie pair; others are percent-encoded.
    case cookie
    /// In a path; others are percent-encoded.
    case path

    /// Whether a byte of a capture goes in as it is.
    ///
    /// Captures are bytes of a normalised path: percent-encoded already, so `%` stays.
    package func keeps(_ byte: UInt8) -> Bool {
        switch self {
        case .fieldValue: ByteClass.table[Int(byte)] & ByteClass.fieldValue != 0
        case .query: byte == UInt8(ascii: "%") || Self.isQueryLiteral(byte)
        case .cookie: Self.isCookieOctet(byte)
        case .path:
            ByteClass.table[Int(byte)] & ByteClass.target != 0 && byte != UInt8(ascii: "?")
        }
    }

    /// Unreserved, and what no parser of queries gives a meaning: not `& = + ; # %`.
    static func isQueryLiteral(_ byte: UInt8) -> Bool {
        if TargetByte.table[Int(byte)] & TargetByte.unreserved != 0 { return true }
        return switch byte {
        case UInt8(ascii: "/"), UInt8(ascii: ":"), UInt8(ascii: "@"), UInt8(ascii: ","),
            UInt8(ascii: "!"), UInt8(ascii: "*"):
            true
        default: false
        }
    }

    /// `cookie-octet` of RFC 6265 §4.1.1.
    static func isCookieOctet(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x21, 0x23...0x2b, 0x2d...0x3a, 0x3c...0x5b, 0x5d...0x7e: true
        default: false
        }
    }

    /// What a literal of the configuration becomes, once, at load.
    func literal(_ text: String) throws(InvalidPolicy) -> [UInt8] {
        let bytes = Array(text.utf8)
        var encoded: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            switch self {
            case .fieldValue, .cookie:
                guard self.keeps(byte) else {
                    throw InvalidPolicy("a byte of `\(text)` may not stand in a value")
                }
                encoded.append(byte)
            case .query:
                if Self.isQueryLiteral(byte) {
                    encoded.append(byte)
                } else {
                    Self.escape(byte, &encoded)
                }
            case .path:
                try Self.checkPath(bytes, index, text)
                if self.keeps(byte) { encoded.append(byte) } else { Self.escape(byte, &encoded) }
            }
        }
        return encoded
    }

    private static func checkPath(
        _ bytes: [UInt8], _ index: Int, _ text: String
    ) throws(InvalidPolicy) {
        switch bytes[index] {
        case UInt8(ascii: "?"), UInt8(ascii: "#"):
            throw InvalidPolicy("`\(text)` is to be a path, without `?` and `#`")
        case UInt8(ascii: "\\"), 0..<0x20, 0x7f:
            throw InvalidPolicy("`\(text)` is to be a path, without backslashes and controls")
        case UInt8(ascii: "%"):
            guard index + 2 < bytes.count, ByteClass.hexValue(bytes[index + 1]) != nil,
                ByteClass.hexValue(bytes[index + 2]) != nil
            else {
                throw InvalidPolicy("`%` in `\(text)` is not followed by two hexadecimal digits")
            }
        default: break
        }
    }

    private static func escape(_ byte: UInt8, _ output: inout [UInt8]) {
        output.append(UInt8(ascii: "%"))
        output.append(self.hexDigit(byte >> 4))
        output.append(self.hexDigit(byte & 15))
    }

    /// An upper-case digit, as RFC 3986 §2.1 asks.
    static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? value &+ UInt8(ascii: "0") : value &+ (UInt8(ascii: "A") &- 10)
    }
}
