import MartletSecurity
import Testing

@Suite struct CompactTokenTests {
    private func refusal(_ text: [UInt8]) -> TokenRefusal? {
        do throws(TokenRefusal) {
            _ = try CompactToken(text.span)
            return nil
        } catch {
            return error
        }
    }

    private func refusal(header: String) -> TokenRefusal? {
        self.refusal(SignedToken.hs256("{}", header: header))
    }

    @Test func aTokenIsTakenApart() throws {
        let header = #"{"alg":"HS256","kid":"a\u0062","typ":"Application/AT+JWT","jku":"http://x"}"#
        let token = try CompactToken(SignedToken.hs256(#"{"a":1}"#, header: header).span)
        #expect(token.algorithm == .hs256)
        #expect(token.keyIdentifier == Array("ab".utf8))
        #expect(token.type == Array("at+jwt".utf8))
        #expect(token.payload == Array(#"{"a":1}"#.utf8))
        #expect(token.signature.count == 32)
    }

    @Test(arguments: [
        (#"{"alg":"none"}"#, TokenRefusal.algorithmUnknown),
        (#"{"alg":"None"}"#, .algorithmUnknown),
        (#"{"alg":"hs256"}"#, .algorithmUnknown),
        (#"{"alg":"HS256 "}"#, .algorithmUnknown),
        (#"{"alg":""}"#, .algorithmUnknown),
        (#"{"alg":null}"#, .headerMalformed),
        (#"{"alg":["HS256"]}"#, .headerMalformed),
        (#"{}"#, .headerMalformed),
        (#"[]"#, .headerMalformed),
        (#""HS256""#, .headerMalformed),
        (#"{"alg":"HS256","alg":"none"}"#, .headerMalformed),
        (#"{"alg":"HS256","\u0061lg":"none"}"#, .headerMalformed),
        (#"{"alg":"HS256","kid":7}"#, .headerMalformed),
        (#"{"alg":"HS256","typ":{}}"#, .headerMalformed),
        (#"{"alg":"HS256"} "x""#, .headerMalformed),
        (#"{"alg":"HS256","crit":["exp"]}"#, .critical),
        (#"{"alg":"HS256","crit":[]}"#, .critical),
        (#"{"alg":"HS256","b64":false}"#, .critical),
        (#"{"alg":"HS256","enc":"A128GCM"}"#, .encrypted),
        (#"{"alg":"HS256","zip":"DEF"}"#, .encrypted),
    ])
    func headersThatAreRefused(header: String, refusal: TokenRefusal) {
        #expect(self.refusal(header: header) == refusal)
    }

    @Test(arguments: [
        ("", TokenRefusal.malformed), ("a", .malformed), ("a.b", .malformed), ("..", .malformed),
        ("a..c", .malformed), ("a.b.c.d", .malformed), ("a.b.c.d.e", .encrypted),
        ("a.b.c.d.e.f", .malformed), ("e30.e30.", .malformed), (".e30.e30", .malformed),
        ("e30.e30.e30=", .malformed), ("e30 .e30.e30", .malformed),
    ])
    func shapesThatAreRefused(text: String, refusal: TokenRefusal) {
        #expect(self.refusal(Array(text.utf8)) == refusal)
    }

    @Test func lengthsAreBounded() {
        let long = [UInt8](repeating: UInt8(ascii: "a"), count: CompactToken.byteCountMax + 1)
        #expect(self.refusal(long) == .tooLong)
        let padding = String(repeating: "x", count: 3000)
        #expect(self.refusal(header: #"{"alg":"HS256","x":"\#(padding)"}"#) == .tooLong)
        let deep = String(repeating: "[", count: 20) + String(repeating: "]", count: 20)
        #expect(self.refusal(header: #"{"alg":"HS256","x":\#(deep)}"#) == .headerMalformed)
    }
}
