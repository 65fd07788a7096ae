import Crypto
import CryptoExtras
import Foundation
import MartletSecurity
import Testing

@Suite struct KeySetTests {
    private static func base64(_ bytes: [UInt8]) -> String {
        String(decoding: Base64Text.encode(bytes.span, .url), as: UTF8.self)
    }

    private static func parse(_ text: String) throws(KeySet.Refusal) -> KeySet {
        try KeySet.parse(Array(text.utf8).span, version: 1)
    }

    private static func refusal(_ text: String) -> KeySet.Refusal? {
        do throws(KeySet.Refusal) {
            _ = try self.parse(text)
            return nil
        } catch {
            return error
        }
    }

    private static func p256(_ key: P256.Signing.PrivateKey, _ more: String = "") -> String {
        let raw = Array(key.publicKey.rawRepresentation)
        return #"{"kty":"EC","crv":"P-256","x":"\#(self.base64(Array(raw[..<32])))","#
            + #""y":"\#(self.base64(Array(raw[32...])))"\#(more)}"#
    }

    @Test func keysThatAreOfNoUseAreLeftOut() throws {
        let key = Self.p256(P256.Signing.PrivateKey(), #","kid":"a""#)
        let set = try Self.parse(
            #"{"keys":[{"kty":"new"},{"kty":"EC","crv":"secp256k1","x":"AA","y":"AA"},\#(key),"#
                + #"7,{"kty":"OKP","crv":"X25519","x":"AA"}]}"#)
        #expect(set.keys.count == 1)
        #expect(set.skippedCount == 4)
    }

    @Test(arguments: [
        ("", KeySet.Refusal.notJSON), ("[]", .notJSON), ("<html>", .notJSON),
        (#"{"keys":1,"keys":[]}"#, .notJSON), ("{}", .notASet), (#"{"keys":{}}"#, .notASet),
        (#"{"keys":[]}"#, .noUsableKey), (#"{"keys":[{}]}"#, .noUsableKey),
    ])
    func documentsThatAreRefused(text: String, refusal: KeySet.Refusal) {
        #expect(Self.refusal(text) == refusal)
    }

    @Test func aSetDoesNotMixSecretsAndPublicKeys() {
        let secret = #"{"kty":"oct","k":"\#(Self.base64(SignedToken.secret))"}"#
        let key = Self.p256(P256.Signing.PrivateKey())
        #expect(Self.refusal(#"{"keys":[\#(secret),\#(key)]}"#) == .mixed)
    }

    @Test func oneNameIsForOneKeyAndAlgorithm() throws {
        let key = P256.Signing.PrivateKey()
        let named = Self.p256(key, #","kid":"a","alg":"ES256""#)
        let bare = Self.p256(key, #","kid":"a""#)
        #expect(Self.refusal(#"{"keys":[\#(named),\#(named)]}"#) == .duplicateIdentifier)
        #expect(Self.refusal(#"{"keys":[\#(named),\#(bare)]}"#) == .duplicateIdentifier)
        #expect(Self.refusal(#"{"keys":[\#(bare),\#(named)]}"#) == .duplicateIdentifier)
    }

    @Test func tooManyKeys() {
        let keys = Array(repeating: "{}", count: KeySet.keyCountMax + 1).joined(separator: ",")
        #expect(Self.refusal(#"{"keys":[\#(keys)]}"#) == .tooManyKeys)
    }

    private static func token(
        _ key: P256.Signing.PrivateKey, header: String
    ) throws -> CompactToken {
        try CompactToken(
            SignedToken.make(header: header, claims: "{}") {
                (try? key.signature(for: $0)).map { Array($0.rawRepresentation) } ?? []
            }.span)
    }

    @Test func theKeyIsFoundByItsName() throws {
        let (first, second) = (P256.Signing.PrivateKey(), P256.Signing.PrivateKey())
        let keys = [Self.p256(first, #","kid":"1""#), Self.p256(second, #","kid":"2""#)]
        let set = try Self.parse(#"{"keys":[\#(keys.joined(separator: ","))]}"#)
        #expect(
            set.check(try Self.token(second, header: #"{"alg":"ES256","kid":"2"}"#)) == .verified)
        #expect(set.check(try Self.token(second, header: #"{"alg":"ES256","kid":"1"}"#)) == .failed)
        #expect(
            set.check(try Self.token(second, header: #"{"alg":"ES256","kid":"3"}"#)) == .unknownKey)
        #expect(set.check(try Self.token(second, header: #"{"alg":"ES256"}"#)) == .verified)
        let other = try Self.token(P256.Signing.PrivateKey(), header: #"{"alg":"ES256"}"#)
        #expect(set.check(other) == .failed)
    }

    /// RFC 8725 §2.1: the bytes of a public key are no secret.
    @Test func aPublicKeyIsNoSecret() throws {
        let key = try _RSA.Signing.PrivateKey(keySize: .bits2048)
        let numbers = try key.publicKey.getKeyPrimitives()
        let jwk =
            #"{"kty":"RSA","kid":"r","n":"\#(Self.base64(Array(numbers.modulus)))","#
            + #""e":"\#(Self.base64(Array(numbers.publicExponent)))"}"#
        let set = try Self.parse(#"{"keys":[\#(jwk)]}"#)
        for secret in [
            Array(key.publicKey.pemRepresentation.utf8), Array(key.publicKey.derRepresentation),
            Array(numbers.modulus),
        ] {
            let header = #"{"alg":"HS256","kid":"r"}"#
            let token = try CompactToken(
                SignedToken.hs256("{}", header: header, secret: secret).span)
            #expect(set.check(token) == .failed)
        }
        let good = SignedToken.make(header: #"{"alg":"RS256","kid":"r"}"#, claims: "{}") {
            let signature = try? key.signature(for: $0, padding: .insecurePKCS1v1_5)
            return signature.map { Array($0.rawRepresentation) } ?? []
        }
        let token = try CompactToken(good.span)
        #expect(set.check(token) == .verified)
    }
}
