import Crypto

/// Content that only Martlet can read and nobody can change, as a text that fits into a cookie:
/// AES-256-GCM, base64url.
///
/// Keys are derived from secrets and a purpose (HKDF, RFC 5869), so that what was sealed for one
/// purpose is nothing for another.
package struct SealedText: Sendable {
    /// The first one seals, all of them open.
    private let keys: [SymmetricKey]

    /// Of the text.
    package static let byteCountMax = 4096
    package static let nonceByteCount = 12
    private static let tagByteCount = 16

    /// - `secrets`: the one in use, then those before it.
    package init(secrets: [[UInt8]], purpose: String) {
        self.keys = secrets.map { secret in
            HKDF<SHA256>.deriveKey(
                inputKeyMaterial: SymmetricKey(data: secret), salt: Array("martlet".utf8),
                info: Array(purpose.utf8), outputByteCount: 32)
        }
    }

    /// - `nonce`: 12 bytes, random and never used again.
    /// - Returns: `nil` if the nonce has another length, or there is no key.
    package func seal(_ content: [UInt8], nonce: [UInt8]) -> [UInt8]? {
        guard let key = self.keys.first, nonce.count == Self.nonceByteCount,
            let nonce = try? AES.GCM.Nonce(data: nonce),
            let box = try? AES.GCM.seal(content, using: key, nonce: nonce)
        else { return nil }
        let bytes = Array(nonce) + Array(box.ciphertext) + Array(box.tag)
        return Base64Text.encode(bytes.span, .url)
    }

    /// - Returns: `nil` for everything that was not sealed with one of the keys.
    package func open(_ text: Span<UInt8>) -> [UInt8]? {
        guard text.count <= Self.byteCountMax, let bytes = Base64Text.decode(text, .url),
            bytes.count >= Self.nonceByteCount + Self.tagByteCount,
            let box = try? AES.GCM.SealedBox(combined: bytes)
        else { return nil }
        for key in self.keys {
            if let content = try? AES.GCM.open(box, using: key) { return Array(content) }
        }
        return nil
    }
}
