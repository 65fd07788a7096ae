import MartletSecurity
import Testing

@Suite struct ProofKeyTests {
    @Test func exampleOfAppendixB() {
        #expect(
            ProofKey.challenge(of: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
                == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
    }
}
