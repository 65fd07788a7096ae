package import Crypto
package import CryptoExtras
import Foundation

/// One key that signatures are checked with, and what it may be used for.
///
/// Immutable; made from a JWK, a PEM text or a secret. A key has one kind of algorithm, so that the
/// bytes of a public key are never taken for a shared secret (RFC 8725 §3.1).
package struct VerificationKey: Sendable {
    package enum Material: Sendable {
        case rsa(_RSA.Signing.PublicKey)
        case p256(P256.Signing.PublicKey)
        case p384(P384.Signing.PublicKey)
        case p521(P521.Signing.PublicKey)
        case ed25519(Curve25519.Signing.PublicKey)
        /// With its length in bytes.
        case secret(SymmetricKey, byteCount: Int)
    }

    /// `kid`.
    package let identifier: [UInt8]?
    /// The one algorithm that it is for; `nil` for any of its kind.
    package let algorithm: JWSAlgorithm?
    package let material: Material

    package init(identifier: [UInt8]?, algorithm: JWSAlgorithm?, material: Material) {
        self.identifier = identifier
        self.algorithm = algorithm
        self.material = material
    }

    /// A secret has to be as long as the hash (RFC 7518 §3.2).
    package static func secret(
        _ bytes: [UInt8], identifier: [UInt8]? = nil, algorithm: JWSAlgorithm? = nil
    ) -> VerificationKey {
        VerificationKey(
            identifier: identifier, algorithm: algorithm,
            material: .secret(SymmetricKey(data: bytes), byteCount: bytes.count))
    }

    package var isSymmetric: Bool {
        if case .secret = self.material { true } else { false }
    }

    /// Whether the key is of the algorithm's kind and strong enough for it.
    package func fits(_ algorithm: JWSAlgorithm) -> Bool {
        if let own = self.algorithm, own != algorithm { return false }
        switch (self.material, algorithm) {
        case (.rsa, .rs256), (.rsa, .rs384), (.rsa, .rs512): return true
        case (.rsa, .ps256), (.rsa, .ps384), (.rsa, .ps512): return true
        case (.p256, .es256), (.p384, .es384), (.p521, .es512): return true
        case (.ed25519, .edDSA): return true
        case (.secret(_, let byteCount), .hs256): return byteCount >= 32
        case (.secret(_, let byteCount), .hs384): return byteCount >= 48
        case (.secret(_, let byteCount), .hs512): return byteCount >= 64
        default: return false
        }
    }

    /// Whether `signature` is this key's over `input`; `false` too for an algorithm that does not
    /// fit.
    package func verifies(
        _ signature: [UInt8], over input: [UInt8], algorithm: JWSAlgorithm
    ) -> Bool {
        guard self.fits(algorithm) else { return false }
        switch self.material {
        case .rsa(let key): return Self.verifies(key, signature, input, algorithm)
        case .p256(let key):
            guard let signature = try? P256.Signing.ECDSASignature(rawRepresentation: signature)
            else { return false }
            return key.isValidSignature(signature, for: SHA256.hash(data: input))
        case .p384(let key):
            guard let signature = try? P384.Signing.ECDSASignature(rawRepresentation: signature)
            else { return false }
            return key.isValidSignature(signature, for: SHA384.hash(data: input))
        case .p521(let key):
            guard let signature = try? P521.Signing.ECDSASignature(rawRepresentation: signature)
            else { return false }
            return key.isValidSignature(signature, for: SHA512.hash(data: input))
        case .ed25519(let key): return key.isValidSignature(signature, for: input)
        case .secret(let key, _): return Self.verifies(key, signature, input, algorithm)
        }
    }

    private static func verifies(
        _ key: _RSA.Signing.PublicKey, _ signature: [UInt8], _ input: [UInt8],
        _ algorithm: JWSAlgorithm
    ) -> Bool {
        let isPSS = [.ps256, .ps384, .ps512].contains(algorithm)
        let padding = isPSS ? _RSA.Signing.Padding.PSS : .insecurePKCS1v1_5
        let signature = _RSA.Signing.RSASignature(rawRepresentation: signature)
        switch algorithm.hash {
        case .sha256:
            return key.isValidSignature(
                signature, for: SHA256.hash(data: input), padding: padding)
        case .sha384:
            return key.isValidSignature(
                signature, for: SHA384.hash(data: input), padding: padding)
        case .sha512:
            return key.isValidSignature(
                signature, for: SHA512.hash(data: input), padding: padding)
        }
    }

    /// CryptoKit's comparison of codes takes constant time.
    private static func verifies(
        _ key: SymmetricKey, _ signature: [UInt8], _ input: [UInt8], _ algorithm: JWSAlgorithm
    ) -> Bool {
        switch algorithm.hash {
        case .sha256:
            HMAC<SHA256>.isValidAuthenticationCode(signature, authenticating: input, using: key)
        case .sha384:
            HMAC<SHA384>.isValidAuthenticationCode(signature, authenticating: input, using: key)
        case .sha512:
            HMAC<SHA512>.isValidAuthenticationCode(signature, authenticating: input, using: key)
        }
    }
}
