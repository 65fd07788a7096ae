package import Crypto

/// Codes that two sides make with a secret that they share (RFC 2104), by the names that signing
/// keys have for them.
package enum HMACAlgorithm: String, Sendable, BitwiseCopyable, CaseIterable {
    case sha256 = "hmac-sha256"
    case sha384 = "hmac-sha384"
    case sha512 = "hmac-sha512"

    /// Compared in constant time; a code that was cut short is none.
    package func isValid(
        _ code: [UInt8], over message: [UInt8], secret: SymmetricKey
    ) -> Bool {
        switch self {
        case .sha256:
            HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: message, using: secret)
        case .sha384:
            HMAC<SHA384>.isValidAuthenticationCode(code, authenticating: message, using: secret)
        case .sha512:
            HMAC<SHA512>.isValidAuthenticationCode(code, authenticating: message, using: secret)
        }
    }
}
