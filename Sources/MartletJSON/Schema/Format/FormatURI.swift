/// URIs, IRIs and URI templates.
enum FormatURI {
    /// RFC 3986 §3, RFC 3987 §2.2.
    static func isURI(_ text: Span<UInt8>, allowsUnicode: Bool) -> Bool {
        guard let colon = self.schemeEnd(text) else { return false }
        return self.isRelative(
            text.extracting(droppingFirst: colon &+ 1), allowsUnicode, hasScheme: true)
    }

    static func isReference(_ text: Span<UInt8>, allowsUnicode: Bool) -> Bool {
        self.isURI(text, allowsUnicode: allowsUnicode)
            || self.isRelative(text, allowsUnicode, hasScheme: false)
    }

    private static func schemeEnd(_ text: Span<UInt8>) -> Int? {
        guard text.count > 0, text[0].isASCIILetter else { return nil }
        for index in text.indices {
            let byte = text[index]
            if byte == UInt8(ascii: ":") { return index }
            guard
                byte.isASCIILetter || byte.isASCIIDigit || byte == UInt8(ascii: "+")
                    || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
            else { return nil }
        }
        return nil
    }

    private static func isRelative(
        _ text: Span<UInt8>, _ allowsUnicode: Bool, hasScheme: Bool
    ) -> Bool {
        var pathEnd = 0
        while pathEnd < text.count, text[pathEnd] != UInt8(ascii: "?"),
            text[pathEnd] != UInt8(ascii: "#")
        {
            pathEnd &+= 1
        }
        var queryEnd = pathEnd
        while queryEnd < text.count, text[queryEnd] != UInt8(ascii: "#") { queryEnd &+= 1 }
        let query = text.extracting(min(pathEnd &+ 1, queryEnd)..<queryEnd)
        let fragment = text.extracting(min(queryEnd &+ 1, text.count)..<text.count)
        return self.holds(query, ":@/?", allowsUnicode, allowsPrivate: true)
            && self.holds(fragment, ":@/?", allowsUnicode)
            && self.isHierarchy(text.extracting(first: pathEnd), allowsUnicode, hasScheme)
    }

    /// What stands before query and fragment.
    private static func isHierarchy(
        _ text: Span<UInt8>, _ allowsUnicode: Bool, _ hasScheme: Bool
    ) -> Bool {
        let slash = UInt8(ascii: "/")
        if text.count >= 2, text[0] == slash, text[1] == slash {
            var end = 2
            while end < text.count, text[end] != slash { end &+= 1 }
            return self.isAuthority(text.extracting(2..<end), allowsUnicode)
                && self.holds(text.extracting(end..<text.count), ":@/", allowsUnicode)
        }
        if !hasScheme {
            // Else the first segment would look like a scheme (§4.2).
            var index = 0
            while index < text.count, text[index] != slash {
                guard text[index] != UInt8(ascii: ":") else { return false }
                index &+= 1
            }
        }
        return self.holds(text, ":@/", allowsUnicode)
    }

    private static func isAuthority(_ text: Span<UInt8>, _ allowsUnicode: Bool) -> Bool {
        var hostStart = 0
        for index in text.indices where text[index] == UInt8(ascii: "@") {
            guard self.holds(text.extracting(0..<index), ":", allowsUnicode) else { return false }
            hostStart = index &+ 1
            break
        }
        let host = text.extracting(droppingFirst: hostStart)
        if host.count > 0, host[0] == UInt8(ascii: "[") {
            var end = 1
            while end < host.count, host[end] != UInt8(ascii: "]") { end &+= 1 }
            guard end < host.count, self.isLiteral(host.extracting(1..<end)) else { return false }
            return self.isPort(host.extracting(droppingFirst: end &+ 1))
        }
        var end = 0
        while end < host.count, host[end] != UInt8(ascii: ":") { end &+= 1 }
        return self.holds(host.extracting(first: end), "", allowsUnicode)
            && self.isPort(host.extracting(droppingFirst: end))
    }

    private static func isPort(_ text: Span<UInt8>) -> Bool {
        guard text.count > 0 else { return true }
        guard text[0] == UInt8(ascii: ":") else { return false }
        for index in 1..<text.count where !text[index].isASCIIDigit { return false }
        return true
    }

    /// An IPv6 address, or one of the future.
    private static func isLiteral(_ text: Span<UInt8>) -> Bool {
        guard text.count > 0, text[0] | 0x20 == UInt8(ascii: "v") else {
            return FormatAddress.isIPv6(text)
        }
        var index = 1
        while index < text.count, text[index].isHexadecimalDigit { index &+= 1 }
        guard index > 1, index &+ 1 < text.count, text[index] == UInt8(ascii: ".") else {
            return false
        }
        let rest = text.extracting(droppingFirst: index &+ 1)
        for index in rest.indices where rest[index] == UInt8(ascii: "%") { return false }
        return self.holds(rest, ":", false)
    }

    /// Whether a part holds only unreserved characters, `sub-delims`, escapes and `others`.
    private static func holds(
        _ text: Span<UInt8>, _ others: StaticString, _ allowsUnicode: Bool,
        allowsPrivate: Bool = false
    ) -> Bool {
        var index = 0
        while index < text.count {
            let byte = text[index]
            if byte >= 0x80 {
                guard allowsUnicode,
                    case .scalar(let scalar, let count) = UTF8Sequence.decode(text, at: index),
                    self.isUCSCharacter(scalar) || allowsPrivate && self.isPrivate(scalar)
                else { return false }
                index &+= count
                continue
            }
            if byte == UInt8(ascii: "%") {
                guard index &+ 2 < text.count, text[index &+ 1].isHexadecimalDigit,
                    text[index &+ 2].isHexadecimalDigit
                else { return false }
                index &+= 3
                continue
            }
            guard
                byte.isASCIILetter || byte.isASCIIDigit || self.contains("-._~!$&'()*+,;=", byte)
                    || self.contains(others, byte)
            else { return false }
            index &+= 1
        }
        return true
    }

    static func contains(_ set: StaticString, _ byte: UInt8) -> Bool {
        for index in 0..<set.utf8CodeUnitCount where unsafe set.utf8Start[index] == byte {
            return true
        }
        return false
    }

    /// `ucschar` of RFC 3987 §2.2.
    private static func isUCSCharacter(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0xa0...0xd7ff, 0xf900...0xfdcf, 0xfdf0...0xffef: true
        case 0x10000...0xdffff: scalar & 0xffff <= 0xfffd
        case 0xe1000...0xefffd: true
        default: false
        }
    }

    private static func isPrivate(_ scalar: UInt32) -> Bool {
        0xe000...0xf8ff ~= scalar || scalar >= 0xf0000 && scalar & 0xffff <= 0xfffd
    }
}
