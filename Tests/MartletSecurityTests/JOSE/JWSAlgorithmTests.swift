import MartletSecurity
import Testing

@Suite struct JWSAlgorithmTests {
    @Test func namesAreExact() {
        for algorithm in JWSAlgorithm.allCases {
            #expect(JWSAlgorithm(algorithm.name.description) == algorithm)
            #expect(JWSAlgorithm(algorithm.name.description.lowercased()) == nil)
        }
        #expect(JWSAlgorithm("Ed25519") == .edDSA)
        for name in ["none", "", "HS", "HS2560", "RS1", "ES256K", "RSA-OAEP", "dir", "A128KW"] {
            #expect(JWSAlgorithm(name) == nil)
        }
    }

    @Test func onlySecretsAreSymmetric() {
        #expect(JWSAlgorithm.allCases.filter(\.isSymmetric) == [.hs256, .hs384, .hs512])
    }
}
