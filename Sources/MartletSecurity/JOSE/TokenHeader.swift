import MartletJSON

/// What the header of a token says (RFC 7515 §4.1), read and judged.
///
/// What it says of keys (`jwk`, `jku`, `x5c`, `x5u`) is never looked at: a token cannot bring the
/// key that it is checked with (RFC 8725 §3.10).
package struct TokenHeader: Sendable, Equatable {
    /// Once decoded.
    static let byteCountMax = 2048

    package let algorithm: JWSAlgorithm
    /// `kid`; `nil` without one.
    package let keyIdentifier: [UInt8]?
    /// `typ`, in lower case and without `application/`; `nil` without one.
    package let type: [UInt8]?

    /// - `encoded`: the token's first part.
    init(_ encoded: Span<UInt8>) throws(TokenRefusal) {
        guard let text = Base64Text.decode(encoded, .url) else { throw .malformed }
        guard text.count <= Self.byteCountMax else { throw .tooLong }
        guard let document = try? JSONDocument(text.span, limits: Self.limits),
            document.kind(0) == .object
        else { throw .headerMalformed }
        // Whoever does not know what is critical must not go on (RFC 7515 §4.1.11), and nothing
        // that could be critical is known here, `b64` included.
        guard document.value(of: "crit", in: 0) == nil, document.value(of: "b64", in: 0) == nil
        else { throw .critical }
        guard document.value(of: "enc", in: 0) == nil, document.value(of: "zip", in: 0) == nil
        else { throw .encrypted }
        guard let name = document.value(of: "alg", in: 0), document.kind(name) == .string else {
            throw .headerMalformed
        }
        guard let algorithm = JWSAlgorithm(document.string(name)) else { throw .algorithmUnknown }
        self.algorithm = algorithm
        self.keyIdentifier = try Self.text("kid", in: document)
        self.type = try Self.text("typ", in: document).map(Self.typeName)
    }

    private static func text(
        _ key: StaticString, in document: JSONDocument
    ) throws(TokenRefusal) -> [UInt8]? {
        guard let node = document.value(of: key, in: 0) else { return nil }
        guard document.kind(node) == .string else { throw .headerMalformed }
        return document.string(node).copy
    }

    /// RFC 7515 §4.1.9: `application/` may be left out where no other `/` follows.
    package static func typeName(_ text: [UInt8]) -> [UInt8] {
        let lower = text.map { 0x41...0x5a ~= $0 ? $0 | 0x20 : $0 }
        let prefix = Array("application/".utf8)
        return lower.starts(with: prefix) ? Array(lower.dropFirst(prefix.count)) : lower
    }

    private static let limits: JSONLimits = {
        var limits = JSONLimits()
        limits.bytesMax = Self.byteCountMax
        limits.depthMax = 8
        limits.nodeCountMax = 128
        return limits
    }()
}

/// The header that was read last: an issuer's tokens have the same one, letter for letter, until
/// it takes another key.
///
/// Confined to its worker; holds one header. Says nothing of the token's signature.
package struct TokenHeaderMemo {
    private var text: [UInt8] = []
    private var known: TokenHeader?

    package init() {}

    mutating func header(_ encoded: Span<UInt8>) throws(TokenRefusal) -> TokenHeader {
        if let known = self.known, self.text.span.holdsSameBytes(as: encoded) { return known }
        let header = try TokenHeader(encoded)
        self.text = encoded.copy
        self.known = header
        return header
    }
}
