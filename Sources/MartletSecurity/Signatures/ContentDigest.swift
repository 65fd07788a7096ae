import Crypto
import Foundation
import RawStructuredFieldValues

/// The value of `Content-Digest` (RFC 9530 §2): what the body's hashes have to be.
///
/// Only SHA-256 and SHA-512 count; others of the registry are broken (§5).
package struct ContentDigest: Sendable {
    private let sha256: [UInt8]?
    private let sha512: [UInt8]?

    /// - Throws: if it is malformed, or holds neither of the two.
    package init(_ value: Span<UInt8>) throws(SignatureRefusal) {
        var parser = StructuredFieldValueParser(value.copy)
        guard value.count <= MessageSignature.byteCountMax,
            let dictionary = try? parser.parseDictionaryFieldValue()
        else { throw .malformed }
        self.sha256 = try Self.bytes(dictionary["sha-256"], count: 32)
        self.sha512 = try Self.bytes(dictionary["sha-512"], count: 64)
        guard self.sha256 != nil || self.sha512 != nil else { throw .digestMissing }
    }

    private static func bytes(
        _ value: ItemOrInnerList?, count: Int
    ) throws(SignatureRefusal) -> [UInt8]? {
        guard let value else { return nil }
        guard case .item(let item) = value,
            case .undecodedByteSequence(let text) = item.rfc9651BareItem,
            let bytes = Base64Text.decode(Array(text.utf8).span, .standard), bytes.count == count
        else { throw .malformed }
        return bytes
    }

    /// Whether every digest that counts is the body's.
    package func matches(_ body: [UInt8]) -> Bool {
        if let sha256, Array(SHA256.hash(data: body)) != sha256 { return false }
        if let sha512, Array(SHA512.hash(data: body)) != sha512 { return false }
        return true
    }
}
