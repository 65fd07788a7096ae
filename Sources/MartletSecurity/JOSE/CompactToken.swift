/// A JWS in compact form (RFC 7515 §7.1), taken apart, its header read and judged.
///
/// Bounded by `byteCountMax`.
package struct CompactToken: Sendable {
    /// More is refused unread: no head field brings as much in good faith.
    package static let byteCountMax = 16 * 1024

    package let header: TokenHeader
    /// Header and payload as they were signed.
    package let signingInput: [UInt8]
    package let signature: [UInt8]
    /// The payload, decoded.
    package let payload: [UInt8]

    package init(_ text: Span<UInt8>) throws(TokenRefusal) {
        var memo = TokenHeaderMemo()
        try self.init(text, headers: &memo)
    }

    /// - `headers`: the last header that was read, which mostly is this one's too.
    package init(
        _ text: Span<UInt8>, headers: inout TokenHeaderMemo
    ) throws(TokenRefusal) {
        guard text.count <= Self.byteCountMax else { throw .tooLong }
        let (first, second) = try Self.dots(of: text)
        guard first > 0, text.count > second + 1,
            let payload = Base64Text.decode(text.extracting(first + 1..<second), .url),
            let signature = Base64Text.decode(text.extracting(second + 1..<text.count), .url)
        else { throw .malformed }
        self.header = try headers.header(text.extracting(0..<first))
        self.signingInput = text.extracting(0..<second).copy
        self.signature = signature
        self.payload = payload
    }

    private static func dots(of text: Span<UInt8>) throws(TokenRefusal) -> (Int, Int) {
        var (first, second, count) = (0, 0, 0)
        for index in text.indices where text[index] == UInt8(ascii: ".") {
            count += 1
            switch count {
            case 1: first = index
            case 2: second = index
            // Five parts are an encrypted token (RFC 7516 §9), which only its reader can open.
            case 3, 4: break
            default: throw .malformed
            }
        }
        guard count == 2 else { throw count == 4 ? .encrypted : .malformed }
        return (first, second)
    }

    package var algorithm: JWSAlgorithm { self.header.algorithm }
    package var keyIdentifier: [UInt8]? { self.header.keyIdentifier }
    package var type: [UInt8]? { self.header.type }
}

extension Span where Element == UInt8 {
    /// The bytes as an array of their own.
    package var copy: [UInt8] {
        unsafe self.withUnsafeBufferPointer { unsafe Array($0) }
    }
}
