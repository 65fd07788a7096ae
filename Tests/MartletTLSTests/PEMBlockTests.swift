import MartletTLS
import Testing

@Suite struct PEMBlockTests {
    @Test func blocksAndTextAroundThem() throws {
        let text = """
            subject: CN=a
            -----BEGIN CERTIFICATE-----
            AAEC
            AwQF
            -----END CERTIFICATE-----
            -----BEGIN PRIVATE KEY-----\r
            AA==\r
            -----END PRIVATE KEY-----\r
            trailing
            """
        let blocks = try PEMBlock.read(text)
        #expect(blocks.map(\.label) == ["CERTIFICATE", "PRIVATE KEY"])
        #expect(blocks.map(\.content) == [[0, 1, 2, 3, 4, 5], [0]])
        #expect(!blocks.contains { $0.isEncrypted })
    }

    @Test func theOldFormOfAnEncryptedKeyIsTold() throws {
        let text = """
            -----BEGIN RSA PRIVATE KEY-----
            Proc-Type: 4,ENCRYPTED
            DEK-Info: AES-256-CBC,0011

            AAEC
            -----END RSA PRIVATE KEY-----
            """
        let block = try #require(try PEMBlock.read(text).first)
        #expect(block.isEncrypted)
    }

    @Test(arguments: [
        "", "hello", "-----BEGIN CERTIFICATE-----x", "-----END CERTIFICATE-----",
        "-----BEGIN -----\nAA==\n",
    ])
    func textWithoutABlock(text: String) throws {
        #expect(try PEMBlock.read(text).isEmpty)
    }

    @Test(arguments: [
        ("-----BEGIN A-----\nAA==\n", PEMBlock.Problem.unfinished("A")),
        ("-----BEGIN A-----\nAA==\n-----END B-----\n", .unfinished("A")),
        ("-----BEGIN A-----\n-----BEGIN A-----\nAA==\n-----END A-----\n", .unfinished("A")),
        ("-----BEGIN A-----\nA=A=\n-----END A-----\n", .notBase64("A")),
        ("-----BEGIN A-----\n????\n-----END A-----\n", .notBase64("A")),
        ("-----BEGIN A-----\n-----END A-----\n", .notBase64("A")),
    ])
    func damage(text: String, problem: PEMBlock.Problem) {
        #expect(throws: problem) { try PEMBlock.read(text) }
    }
}
