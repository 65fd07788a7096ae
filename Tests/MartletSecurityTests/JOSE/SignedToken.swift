import Crypto
import CryptoExtras
import Foundation
import MartletSecurity

/// Makes tokens, as an issuer would, and as an attacker would.
struct SignedToken {
    static let secret = Array(
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef".utf8)

    static func encode(_ text: String) -> String {
        String(decoding: Base64Text.encode(Array(text.utf8).span, .url), as: UTF8.self)
    }

    static func make(header: String, claims: String, sign: (Data) -> [UInt8]) -> [UInt8] {
        let input = self.encode(header) + "." + self.encode(claims)
        let signature = Base64Text.encode(sign(Data(input.utf8)).span, .url)
        return Array((input + "." + String(decoding: signature, as: UTF8.self)).utf8)
    }

    static func hs256(
        _ claims: String, header: String = #"{"alg":"HS256"}"#, secret: [UInt8] = Self.secret
    ) -> [UInt8] {
        self.make(header: header, claims: claims) {
            Array(HMAC<SHA256>.authenticationCode(for: $0, using: SymmetricKey(data: secret)))
        }
    }
}
