import Crypto
import Foundation
import MartletSecurity
import Testing

@Suite struct VerificationKeyTests {
    @Test func aKeyServesItsOwnKindAlone() {
        let curve = VerificationKey(
            identifier: nil, algorithm: nil, material: .p384(P384.Signing.PrivateKey().publicKey))
        #expect(JWSAlgorithm.allCases.filter(curve.fits) == [.es384])
        let edwards = VerificationKey(
            identifier: nil, algorithm: nil,
            material: .ed25519(Curve25519.Signing.PrivateKey().publicKey))
        #expect(JWSAlgorithm.allCases.filter(edwards.fits) == [.edDSA])
    }

    /// RFC 7518 §3.2.
    @Test(arguments: [(31, 0), (32, 1), (47, 1), (48, 2), (63, 2), (64, 3)])
    func secretsAreAsLongAsTheHash(byteCount: Int, algorithmCount: Int) {
        let key = VerificationKey.secret([UInt8](repeating: 1, count: byteCount))
        #expect(JWSAlgorithm.allCases.filter(key.fits).count == algorithmCount)
    }

    @Test func aKeyForOneAlgorithmServesNoOther() {
        let key = VerificationKey.secret(SignedToken.secret, algorithm: .hs512)
        #expect(JWSAlgorithm.allCases.filter(key.fits) == [.hs512])
        #expect(!key.verifies([], over: [1], algorithm: .hs256))
    }

    /// Signatures of no or too many bytes, zeros and the order itself (CVE-2022-21449).
    @Test func hollowSignaturesAreNone() {
        let key = P256.Signing.PrivateKey()
        let checked = VerificationKey(
            identifier: nil, algorithm: nil, material: .p256(key.publicKey))
        for count in [0, 1, 32, 63, 64, 65, 72, 128] {
            let zeros = [UInt8](repeating: 0, count: count)
            #expect(!checked.verifies(zeros, over: [1, 2], algorithm: .es256))
            let ones = [UInt8](repeating: 0xff, count: count)
            #expect(!checked.verifies(ones, over: [1, 2], algorithm: .es256))
        }
    }
}
