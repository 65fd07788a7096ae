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
}
