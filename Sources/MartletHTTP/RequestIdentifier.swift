/// The `x-request-id` by which one exchange is found in every log.
package enum RequestIdentifier {
    /// Longer ones are replaced: they go into every log line.
    package static let countMax = 128

    /// Keeps the client's identifier if it may be and is well-formed, else writes a new one.
    ///
    /// - `accept`: whether a client may choose it.
    /// - `random`: words that a new identifier is made of, as 32 hexadecimal digits.
    /// - Returns: where in the list's bytes the identifier stands.
    package static func apply(
        to headers: inout HeaderList, accept: Bool, random: (UInt64, UInt64)
    ) -> ByteRange {
        headers.removeUnderscored("x-request-id")
        if accept, let value = Self.received(headers) { return value }
        headers.remove(.xRequestID)
        let open = headers.beginField(.xRequestID)
        headers.appendHex(random.0)
        headers.appendHex(random.1)
        headers.endField(open)
        return ByteRange(start: open.valueStart, end: open.valueStart + 32)
    }

    /// 1–128 of `A-Za-z0-9._~+/=:-`: nothing that a log format or a shell would have to escape.
    package static func isWellFormed(_ text: Span<UInt8>) -> Bool {
        guard 1...Self.countMax ~= text.count else { return false }
        for index in text.indices {
            switch text[index] {
            case 0x30...0x3a, 0x41...0x5a, 0x61...0x7a: continue
            case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "+"),
                UInt8(ascii: "/"), UInt8(ascii: "="), UInt8(ascii: "-"):
                continue
            default: return false
            }
        }
        return true
    }

    /// The only identifier sent, if it is well-formed; of two, no one knows which is meant.
    private static func received(_ headers: borrowing HeaderList) -> ByteRange? {
        guard headers.presence & HeaderName.xRequestID.bit != 0 else { return nil }
        var found: ByteRange?
        for field in headers.fields where field.known == .xRequestID && !field.isRemoved {
            guard found == nil else { return nil }
            found = field.value
        }
        guard let found, Self.isWellFormed(headers.span(found)) else { return nil }
        return found
    }
}

extension HeaderList {
    /// Removes fields that are `name` only to an upstream that takes `_` for `-`.
    mutating func removeUnderscored(_ name: StaticString) {
        guard self.presence & HeaderName.other.bit != 0 else { return }
        for index in self.fields.indices {
            let field = self.fields[index]
            guard field.known == .other, !field.isRemoved,
                self.span(field.name).isEqualFolded(to: name)
            else { continue }
            self.markRemoved(at: index)
        }
    }
}
