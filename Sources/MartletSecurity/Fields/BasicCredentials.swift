/// A user name and a password (RFC 7617 §2).
package struct BasicCredentials: Sendable {
    package let userName: [UInt8]
    package let password: [UInt8]

    /// bcrypt looks at no more than 72 bytes; more than this nobody types or stores.
    package static let byteCountMax = 1024

    /// The value of `Authorization` by which a client shows itself to its authorization server:
    /// both are form-encoded before they are joined (RFC 6749 §2.3.1).
    package static func value(clientID: String, clientSecret: String) -> String {
        let pair = [clientID, clientSecret].map { text in FormText.encode(Array(text.utf8).span) }
            .joined(separator: ":")
        let encoded = Base64Text.encode(Array(pair.utf8).span, .standard)
        return "Basic " + String(decoding: encoded, as: UTF8.self)
    }

    /// - `text`: the credentials of the field, base64.
    /// - Returns: `nil` if it is malformed, too long, or holds control characters (§2).
    package init?(_ text: Span<UInt8>) {
        guard text.count <= Self.byteCountMax * 4 / 3 + 4,
            let bytes = Base64Text.decode(text, .standard), bytes.count <= Self.byteCountMax,
            // The first colon ends the name.
            let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
            bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7f })
        else { return nil }
        self.userName = Array(bytes[..<colon])
        self.password = Array(bytes[(colon + 1)...])
    }
}
