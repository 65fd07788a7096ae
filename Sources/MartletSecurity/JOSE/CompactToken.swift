import MartletJSON

/// A JWS in compact form (RFC 7515 §7.1), taken apart, its header read and judged.
///
/// What the header says of keys (`jwk`, `jku`, `x5c`, `x5u`) is never looked at: a token cannot
/// bring the key that it is checked with (RFC 8725 §3.10). Bounded by `byteCountMax`.
package struct CompactToken: Sendable {
    /// More is refused unread: no head field brings as much in good faith.
    package static let byteCountMax = 16 * 1024
    /// Of the decoded header.
    private static let headerByteCountMax = 2048

    package let algorithm: JWSAlgorithm
    /// `kid`; `nil` without one.
    package let keyIdentifier: [UInt8]?
    /// `typ`, in lower case and without `application/`; `nil` without one.
    package let type: [UInt8]?
    /// Header and payload as they were signed.
    package let signingInput: [UInt8]
    package let signature: [UInt8]
    /// The payload, decoded.
    package let payload: [UInt8]

    package init(_ text: Span<UInt8>) throws(TokenRefusal) {
        guard text.count <= Self.byteCountMax else { throw .tooLong }
        var dots: [Int] = []
        for index in text.indices where text[index] == UInt8(ascii: ".") {
            dots.append(index)
            // Five parts are an encrypted token (RFC 7516 §9), which only its reader can open.
            guard dots.count <= 4 else { throw .malformed }
        }
        guard dots.count == 2 else { throw dots.count == 4 ? .encrypted : .malformed }
        guard dots[0] > 0, text.count > dots[1] + 1,
            let header = Base64Text.decode(text.extracting(0..<dots[0]), .url),
            let payload = Base64Text.decode(text.extracting(dots[0] + 1..<dots[1]), .url),
            let signature = Base64Text.decode(text.extracting(dots[1] + 1..<text.count), .url)
        else { throw .malformed }
        guard header.count <= Self.headerByteCountMax else { throw .tooLong }
        let parsed = try Self.read(header)
        self.algorithm = parsed.algorithm
        self.keyIdentifier = parsed.keyIdentifier
        self.type = parsed.type
        self.signingInput = text.extracting(0..<dots[1]).copy
        self.signature = signature
        self.payload = payload
    }

    private typealias Header = (algorithm: JWSAlgorithm, keyIdentifier: [UInt8]?, type: [UInt8]?)

    private static func read(_ header: [UInt8]) throws(TokenRefusal) -> Header {
        guard let document = try? JSONDocument(header.span, limits: self.headerLimits),
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
        return (
            algorithm, try self.text("kid", in: document),
            try self.text("typ", in: document).map(Self.typeName)
        )
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

    private static let headerLimits: JSONLimits = {
        var limits = JSONLimits()
        limits.bytesMax = Self.headerByteCountMax
        limits.depthMax = 8
        limits.nodeCountMax = 128
        return limits
    }()
}

extension Span where Element == UInt8 {
    /// The bytes as an array of their own.
    package var copy: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(self.count)
        for index in self.indices { bytes.append(self[index]) }
        return bytes
    }
}
