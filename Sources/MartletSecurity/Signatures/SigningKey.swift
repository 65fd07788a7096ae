/// A key that requests are signed with, and the one algorithm that it is for.
package struct SigningKey: Sendable {
    /// Those that are registered for signatures of messages (RFC 9421 §6.2.2).
    package static let algorithms: [(name: String, algorithm: JWSAlgorithm)] = [
        ("hmac-sha256", .hs256), ("ed25519", .edDSA), ("ecdsa-p256-sha256", .es256),
        ("ecdsa-p384-sha384", .es384), ("rsa-pss-sha512", .ps512), ("rsa-v1_5-sha256", .rs256),
    ]
    /// Others, for codes in fields.
    private static let otherAlgorithms: [(name: String, algorithm: JWSAlgorithm)] = [
        (HMACAlgorithm.sha384.rawValue, .hs384), (HMACAlgorithm.sha512.rawValue, .hs512),
    ]
    /// Of a secret, for every algorithm: senders hand out what they like, and this is enough.
    private static let secretBytesMin = 32

    private let key: VerificationKey
    private let algorithm: JWSAlgorithm
    private let name: String

    /// - Returns: `nil` if there is no such algorithm, or the key does not fit it.
    package init?(_ key: VerificationKey, algorithm name: String) {
        let known = Self.algorithms + Self.otherAlgorithms
        guard let found = known.first(where: { $0.name == name }),
            key.fits(found.algorithm) || Self.isSecret(key, for: name)
        else { return nil }
        self.key = key
        self.algorithm = found.algorithm
        self.name = name
    }

    private static func isSecret(_ key: VerificationKey, for name: String) -> Bool {
        guard HMACAlgorithm(rawValue: name) != nil, key.algorithm == nil,
            case .secret(_, let byteCount) = key.material
        else { return false }
        return byteCount >= self.secretBytesMin
    }

    /// A secret that two sides have, by which either can make codes.
    package var isShared: Bool { self.key.isSymmetric }

    /// Whether a code is this key's over a message; never for a public key.
    package func verifies(_ code: [UInt8], over message: [UInt8]) -> Bool {
        guard case .secret(let secret, _) = self.key.material,
            let algorithm = HMACAlgorithm(rawValue: self.name)
        else { return false }
        return algorithm.isValid(code, over: message, secret: secret)
    }

    /// - `base`: what `MessageSignature.base` gives.
    package func check(_ signature: MessageSignature, base: [UInt8]) -> SignatureRefusal? {
        if let named = signature.algorithm, named != self.name { return .algorithmWrong }
        guard Self.algorithms.contains(where: { $0.name == self.name }) else {
            return .algorithmWrong
        }
        let isValid = self.key.verifies(
            signature.signature, over: base, algorithm: self.algorithm)
        return isValid ? nil : .signatureInvalid
    }

    /// The same for every spelling of a signature, by which replays are known.
    ///
    /// With (r, s) of ECDSA, (r, n − s) is valid too, and anybody can compute it: the smaller s
    /// stands for both.
    package func canonical(_ signature: [UInt8]) -> [UInt8] {
        let order: [UInt8]
        switch self.algorithm {
        case .es256: order = Self.orderOfP256
        case .es384: order = Self.orderOfP384
        default: return signature
        }
        guard signature.count == 2 * order.count else { return signature }
        let s = Array(signature.suffix(order.count))
        let other = Self.difference(order, s)
        return other.lexicographicallyPrecedes(s)
            ? Array(signature.prefix(order.count)) + other : signature
    }

    /// Of numbers of the same length, the most significant byte first; modulo what fits.
    private static func difference(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
        var result = left
        var borrow = 0
        for index in left.indices.reversed() {
            let digit = Int(left[index]) - Int(right[index]) - borrow
            borrow = digit < 0 ? 1 : 0
            result[index] = UInt8(truncatingIfNeeded: digit)
        }
        return result
    }

    /// The order n of the curve P-256 (NIST SP 800-186 §3.2.1.3).
    private static let orderOfP256: [UInt8] = [
        0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63,
        0x25, 0x51,
    ]

    /// Of P-384 (§3.2.1.4).
    private static let orderOfP384: [UInt8] =
        [UInt8](repeating: 0xff, count: 24) + [
            0xc7, 0x63, 0x4d, 0x81, 0xf4, 0x37, 0x2d, 0xdf, 0x58, 0x1a, 0x0d, 0xb2, 0x48, 0xb0,
            0xa7, 0x7a, 0xec, 0xec, 0x19, 0x6a, 0xcc, 0xc5, 0x29, 0x73,
        ]
}
