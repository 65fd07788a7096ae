import MartletSecurity
import Testing

@Suite struct SignatureFieldTests {
    private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    private static func content(
        _ value: String, prefix: String = "", encoding: SignatureField.Encoding = .hexadecimal,
        pairs: (signature: String, timestamp: String?)? = nil
    ) throws(SignatureRefusal) -> SignatureField.Content {
        let field = SignatureField(
            prefix: self.bytes(prefix), encoding: encoding,
            pairs: pairs.map {
                SignatureField.Pairs(
                    signature: self.bytes($0.signature), timestamp: $0.timestamp.map(self.bytes))
            })
        return try field.content(of: self.bytes(value))
    }

    @Test func oneCode() throws {
        #expect(try Self.content("0aFF").codes == [[10, 255]])
        #expect(try Self.content("sha256=0aff", prefix: "sha256=").codes == [[10, 255]])
        #expect(try Self.content("+/8=", encoding: .base64).codes == [[251, 255]])
        #expect(try Self.content("-_8", encoding: .base64URL).codes == [[251, 255]])
        #expect(try Self.content("0a").timestamp == nil)
    }

    @Test func pairs() throws {
        let pairs = ("v1", "t" as String?)
        let content = try Self.content("t=17,v1=0a,v0=zz,v1=0b", pairs: pairs)
        #expect(content.codes == [[10], [11]] && content.timestamp == Self.bytes("17"))
        #expect(try Self.content(" v1=0a , t=17 ", pairs: pairs).timestamp == Self.bytes("17"))
        let encoded = try Self.content("s=+/8=", encoding: .base64, pairs: ("s", nil))
        #expect(encoded.codes == [[251, 255]])
        #expect(try Self.content("v1=0a", pairs: pairs).timestamp == nil)
    }

    @Test(arguments: [
        "", "0", "0g", "0a 0b", "sha256=0a", "0a,0b", String(repeating: "0", count: 5000),
    ])
    func whatIsNoCode(value: String) {
        #expect(throws: SignatureRefusal.malformed) { try Self.content(value) }
    }

    @Test func whatIsNoList() {
        let pairs = ("v1", "t" as String?)
        for value in ["", "t=17", "v1", "v1=0a,x", "v1=0g", "v1=", "t=1,t=2,v1=0a", "V1=0a"] {
            #expect(throws: SignatureRefusal.malformed, "\(value)") {
                try Self.content(value, pairs: pairs)
            }
        }
        let many = [String](repeating: "v1=0a", count: 9).joined(separator: ",")
        #expect(throws: SignatureRefusal.tooMany) { try Self.content(many, pairs: pairs) }
        #expect(throws: SignatureRefusal.malformed) {
            try Self.content("0a", prefix: "sha256=")
        }
    }
}
