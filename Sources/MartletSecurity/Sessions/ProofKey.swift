import Crypto

/// Shows that whoever exchanges a code is who asked for it (RFC 7636), by the method S256.
package enum ProofKey {
    /// The challenge that belongs to a verifier (§4.2).
    package static func challenge(of verifier: String) -> String {
        let digest = Array(SHA256.hash(data: Array(verifier.utf8)))
        return String(decoding: Base64Text.encode(digest.span, .url), as: UTF8.self)
    }
}
