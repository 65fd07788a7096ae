import Crypto
import MartletSecurity
import Testing

@Suite struct HMACAlgorithmTests {
    static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    static func hex(_ text: String) -> [UInt8] { Hexadecimal.decode(Array(text.utf8).span) ?? [] }

    static func isValid(
        _ algorithm: HMACAlgorithm, _ code: String, _ message: String, _ secret: String
    ) -> Bool {
        algorithm.isValid(
            self.hex(code), over: self.bytes(message),
            secret: SymmetricKey(data: self.bytes(secret)))
    }

    /// RFC 4231 §4.3.
    @Test(arguments: [
        (
            HMACAlgorithm.sha256,
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        (
            .sha384,
            "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e"
                + "8e2240ca5e69e2c78b3239ecfab21649"
        ),
        (
            .sha512,
            "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
                + "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"
        ),
    ])
    func vectors(algorithm: HMACAlgorithm, code: String) {
        let message = "what do ya want for nothing?"
        #expect(Self.isValid(algorithm, code, message, "Jefe"))
        #expect(!Self.isValid(algorithm, String(code.dropLast(2)), message, "Jefe"))
        #expect(!Self.isValid(algorithm, "", message, "Jefe"))
        #expect(!Self.isValid(algorithm, code, message + " ", "Jefe"))
        #expect(!Self.isValid(algorithm, code, message, "jefe"))
    }

    /// The value that GitHub documents for its webhooks.
    @Test func gitHub() {
        #expect(
            Self.isValid(
                .sha256, "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
                "Hello, World!", "It's a Secret to Everybody"))
    }

    @Test func namesAreThoseOfSigningKeys() {
        for algorithm in HMACAlgorithm.allCases {
            let secret = VerificationKey.secret([UInt8](repeating: 1, count: 32))
            #expect(SigningKey(secret, algorithm: algorithm.rawValue)?.isShared == true)
        }
    }
}
