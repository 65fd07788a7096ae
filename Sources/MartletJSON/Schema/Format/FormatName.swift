/// Host names and mailboxes.
enum FormatName {
    // MARK: - Host names

    /// RFC 1123 §2.1; with Unicode, RFC 5890 §2.3.2.3.
    static func isHostname(_ text: Span<UInt8>, allowsUnicode: Bool) -> Bool {
        guard text.count > 0 else { return false }
        var scalars: [UInt32] = []
        var byteCount = 0
        var index = 0
        while index <= text.count {
            var dotBytes = 0
            var scalar: UInt32 = 0
            if index < text.count {
                guard case .scalar(let next, let count) = UTF8Sequence.decode(text, at: index)
                else { return false }
                scalar = next
                dotBytes = count
            }
            if index == text.count || self.isDot(scalar, allowsUnicode) {
                guard let count = FormatLabel.byteCount(scalars, allowsUnicode: allowsUnicode)
                else { return false }
                byteCount &+= count &+ 1
                guard byteCount <= 254 else { return false }
                scalars.removeAll(keepingCapacity: true)
                if index == text.count { return true }
            } else {
                // No label has more characters than its encoded form.
                guard scalars.count < 63 else { return false }
                scalars.append(scalar)
            }
            index &+= dotBytes
        }
        return true
    }

    /// RFC 3490 §3.1.
    private static func isDot(_ scalar: UInt32, _ allowsUnicode: Bool) -> Bool {
        scalar == 0x2e
            || allowsUnicode && (scalar == 0x3002 || scalar == 0xff0e || scalar == 0xff61)
    }

    // MARK: - Mailboxes

    /// RFC 5321 §4.1.2 `Mailbox`; with Unicode, RFC 6531 §3.3.
    static func isMailbox(_ text: Span<UInt8>, allowsUnicode: Bool) -> Bool {
        guard let local = self.localEnd(text, allowsUnicode), local < text.count &- 1, local <= 64,
            text[local] == UInt8(ascii: "@")
        else { return false }
        let domain = text.extracting(droppingFirst: local &+ 1)
        if domain[0] == UInt8(ascii: "["), domain[domain.count &- 1] == UInt8(ascii: "]") {
            return self.isAddressLiteral(domain.extracting(1..<domain.count &- 1))
        }
        return self.isHostname(domain, allowsUnicode: allowsUnicode)
    }

    private static func isAddressLiteral(_ text: Span<UInt8>) -> Bool {
        let tag: StaticString = "ipv6:"
        guard text.count > tag.utf8CodeUnitCount else { return FormatAddress.isIPv4(text) }
        for index in 0..<tag.utf8CodeUnitCount
        where unsafe text[index] | 0x20 != tag.utf8Start[index] | 0x20 {
            return FormatAddress.isIPv4(text)
        }
        return FormatAddress.isIPv6(text.extracting(droppingFirst: tag.utf8CodeUnitCount))
    }

    private static func localEnd(_ text: Span<UInt8>, _ allowsUnicode: Bool) -> Int? {
        guard text.count > 0 else { return nil }
        return text[0] == UInt8(ascii: "\"")
            ? self.quotedEnd(text, allowsUnicode) : self.dotStringEnd(text, allowsUnicode)
    }

    private static func quotedEnd(_ text: Span<UInt8>, _ allowsUnicode: Bool) -> Int? {
        var index = 1
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: "\""): return index &+ 1
            case UInt8(ascii: "\\"):
                guard index &+ 1 < text.count, 0x20...0x7e ~= text[index &+ 1] else { return nil }
                index &+= 2
            case 0x20...0x7e: index &+= 1
            case 0x80...:
                guard allowsUnicode else { return nil }
                index &+= 1
            default: return nil
            }
        }
        return nil
    }

    private static func dotStringEnd(_ text: Span<UInt8>, _ allowsUnicode: Bool) -> Int? {
        var isBehindDot = true
        for index in text.indices {
            let byte = text[index]
            if byte == UInt8(ascii: "@") { return isBehindDot ? nil : index }
            if byte == UInt8(ascii: ".") {
                guard !isBehindDot else { return nil }
                isBehindDot = true
                continue
            }
            guard
                byte.isASCIILetter || byte.isASCIIDigit
                    || FormatURI.contains("!#$%&'*+-/=?^_`{|}~", byte)
                    || allowsUnicode && byte >= 0x80
            else { return nil }
            isBehindDot = false
        }
        return nil
    }
}
