import MartletSecurity
import Testing

@Suite struct ContentDigestTests {
    static let body = Array(#"{"hello": "world"}"#.utf8)
    static let sha512 =
        "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHW"
        + "XvJwew==:"
    static let sha256 = "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:"

    private func matches(_ value: String, _ body: [UInt8] = Self.body) throws -> Bool {
        try ContentDigest(Array(value.utf8).span).matches(body)
    }

    /// RFC 9530, appendix D, and RFC 9421, appendix B.2.
    @Test func examples() throws {
        #expect(try self.matches(Self.sha512))
        #expect(try self.matches(Self.sha256))
        #expect(try self.matches("\(Self.sha256), \(Self.sha512)"))
        #expect(try self.matches("md5=:AAAA:, \(Self.sha256)"))
        #expect(try !self.matches(Self.sha256, Self.body + [10]))
        #expect(
            try !self.matches("\(Self.sha256), sha-512=:\(String(repeating: "A", count: 86))==:"))
    }

    @Test(arguments: [
        ("", SignatureRefusal.digestMissing), ("md5=:AAAA:", .digestMissing),
        ("sha-256=1", .malformed), ("sha-256=:AAAA:", .malformed), ("sha-256=:!:", .malformed),
        ("sha-256", .malformed), (",", .malformed),
    ])
    func refused(value: String, refusal: SignatureRefusal) {
        #expect(throws: refusal) { try ContentDigest(Array(value.utf8).span) }
    }
}
