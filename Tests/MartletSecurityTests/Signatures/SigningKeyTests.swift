import Crypto
import MartletJSON
import MartletSecurity
import Testing

@Suite struct SigningKeyTests {
    @Test func aKeyServesItsAlgorithmAlone() throws {
        let secret = VerificationKey.secret([UInt8](repeating: 1, count: 32))
        #expect(SigningKey(secret, algorithm: "hmac-sha256") != nil)
        #expect(SigningKey(secret, algorithm: "ed25519") == nil)
        #expect(SigningKey(secret, algorithm: "none") == nil)
        let key = try #require(SigningKey(secret, algorithm: "hmac-sha256"))
        let signature = try #require(
            try MessageSignatureTests.parse(
                #"a=("@method");keyid="k";alg="ed25519""#, "a=:AA==:"
            ).first)
        #expect(key.check(signature, base: []) == .algorithmWrong)
    }

    /// Not for signatures of RFC 9421, where nothing but the key would say what it is.
    @Test(arguments: ["hmac-sha384", "hmac-sha512"])
    func othersMakeCodesAlone(name: String) throws {
        let secret = [UInt8](repeating: 1, count: 32)
        let key = try #require(SigningKey(.secret(secret), algorithm: name))
        let signature = try #require(
            try MessageSignatureTests.parse(#"a=("@method");keyid="k""#, "a=:AA==:").first)
        #expect(key.check(signature, base: []) == .algorithmWrong)
        #expect(SigningKey(.secret(Array(secret.dropLast())), algorithm: name) == nil)
        #expect(key.isShared && !key.verifies([], over: []))
    }

    @Test func aPublicKeyMakesNoCodes() throws {
        let raw = Array(Curve25519.Signing.PrivateKey().publicKey.rawRepresentation)
        let text = String(decoding: Base64Text.encode(raw.span, .url), as: UTF8.self)
        let jwk = #"{"kty":"OKP","crv":"Ed25519","x":"\#(text)"}"#
        let publicKey = try VerificationKey(try JSONDocument(Array(jwk.utf8).span), 0)
        let key = try #require(SigningKey(publicKey, algorithm: "ed25519"))
        #expect(SigningKey(publicKey, algorithm: "hmac-sha512") == nil)
        let code = Array(
            HMAC<SHA256>.authenticationCode(for: [UInt8](), using: SymmetricKey(data: raw)))
        #expect(!key.isShared && !key.verifies(code, over: []))
    }

    /// (r, s) and (r, n − s) are one signature: else each could be shown twice.
    @Test func bothFormsOfAnECDSASignatureAreOne() throws {
        let secret = P256.Signing.PrivateKey()
        let raw = Array(secret.publicKey.rawRepresentation)
        func text(_ bytes: ArraySlice<UInt8>) -> String {
            String(decoding: Base64Text.encode(Array(bytes).span, .url), as: UTF8.self)
        }
        let jwk =
            #"{"kty":"EC","crv":"P-256","x":"\#(text(raw[..<32]))","y":"\#(text(raw[32...]))"}"#
        let document = try JSONDocument(Array(jwk.utf8).span)
        let key = try #require(
            SigningKey(try VerificationKey(document, 0), algorithm: "ecdsa-p256-sha256"))
        let base = Array("base".utf8)
        for _ in 0..<20 {
            let signature = Array(try secret.signature(for: base).rawRepresentation)
            let other = signature[..<32] + Self.negated(Array(signature[32...]))
            for bytes in [signature, Array(other)] {
                let text = Base64Text.encode(bytes.span, .standard)
                let parsed = try #require(
                    try MessageSignatureTests.parse(
                        #"a=("@method");keyid="k""#, "a=:\(String(decoding: text, as: UTF8.self)):"
                    ).first)
                #expect(key.check(parsed, base: base) == nil)
            }
            #expect(signature != Array(other))
            #expect(key.canonical(signature) == key.canonical(Array(other)))
        }
        #expect(key.canonical([1, 2]) == [1, 2])
    }

    /// n − s, digit by digit.
    private static func negated(_ s: [UInt8]) -> [UInt8] {
        let order = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"
        var borrow = 0
        var result: [UInt8] = []
        for index in (0..<32).reversed() {
            let start = order.index(order.startIndex, offsetBy: 2 * index)
            let digit = Int(order[start..<order.index(start, offsetBy: 2)], radix: 16) ?? 0
            let rest = digit - Int(s[index]) - borrow
            borrow = rest < 0 ? 1 : 0
            result.insert(UInt8(truncatingIfNeeded: rest), at: 0)
        }
        return result
    }
}
