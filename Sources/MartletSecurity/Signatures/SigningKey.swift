/// A key that requests are signed with, by its registered algorithm (RFC 9421 §6.2.2).
package struct SigningKey: Sendable {
    package static let algorithms: [(name: String, algorithm: JWSAlgorithm)] = [
        ("hmac-sha256", .hs256), ("ed25519", .edDSA), ("ecdsa-p256-sha256", .es256),
        ("ecdsa-p384-sha384", .es384), ("rsa-pss-sha512", .ps512), ("rsa-v1_5-sha256", .rs256),
    ]

    private let key: VerificationKey
    private let algorithm: JWSAlgorithm
    private let name: String

    /// - Returns: `nil` if there is no such algorithm, or the key does not fit it.
    package init?(_ key: VerificationKey, algorithm name: String) {
        guard let found = Self.algorithms.first(where: { $0.name == name }),
            key.fits(found.algorithm)
        else { return nil }
        self.key = key
        self.algorithm = found.algorithm
        self.name = name
    }

    /// - `base`: what `MessageSignature.base` gives.
    package func check(_ signature: MessageSignature, base: [UInt8]) -> SignatureRefusal? {
        if let named = signature.algorithm, named != self.name { return .algorithmWrong }
        let isValid = self.key.verifies(
            signature.signature, over: base, algorithm: self.algorithm)
        return isValid ? nil : .signatureInvalid
    }
}
