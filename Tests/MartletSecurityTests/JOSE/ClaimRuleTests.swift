import MartletJSON
import MartletSecurity
import Testing

@Suite struct ClaimRuleTests {
    static let claims = #"""
        {"role":"admin","scope":"orders:read orders:write","level":3,"on":true,"nothing":null,
         "groups":["a","b c",7],"realm_access":{"roles":["r1"]},"https://x/roles":["n"],
         "text":"a\nb","deep":{"a":{}}}
        """#

    private func check(_ place: String, _ values: [String]?) throws -> TokenRefusal? {
        let place = try #require(ClaimPlace(place))
        let test = values.map { ClaimRule.Test.isOneOf($0.map { Array($0.utf8) }) } ?? .isPresent
        return ClaimRule(place: place, test: test).check(
            try JSONDocument(Array(Self.claims.utf8).span))
    }

    @Test(arguments: [
        ("role", ["admin"], TokenRefusal?.none), ("role", ["Admin", "adm"], .claimWrong),
        ("scope", ["orders:write"], nil), ("scope", ["orders"], .claimWrong),
        ("scope", ["orders:read orders:write"], nil), ("scope", [""], .claimWrong),
        ("level", ["3"], nil), ("level", ["3.0"], .claimWrong), ("on", ["true"], nil),
        ("groups", ["b c"], nil), ("groups", ["7"], nil), ("groups", ["c"], .claimWrong),
        ("/realm_access/roles", ["r1"], nil), ("https://x/roles", ["n"], nil),
        ("missing", ["a"], .claimMissing), ("nothing", ["null"], .claimMissing),
        ("deep", ["a"], .claimWrong), ("/deep/a", ["{}"], .claimWrong),
    ])
    func values(place: String, values: [String], refusal: TokenRefusal?) throws {
        #expect(try self.check(place, values) == refusal)
    }

    @Test func presence() throws {
        #expect(try self.check("role", nil) == nil)
        #expect(try self.check("nothing", nil) == .claimMissing)
        #expect(try self.check("/realm_access/none", nil) == .claimMissing)
    }

    @Test func placesThatAreNone() {
        #expect(ClaimPlace("") == nil)
        #expect(ClaimPlace("/a~2") == nil)
    }

    /// A name with a separator in it would be read as two.
    @Test(arguments: [
        (#""a b""#, ",", "a,b"), (#"["a","b c"]"#, ",", "a,b c"), (#"["a,admin","x"]"#, ",", "x"),
        (#""a,admin x""#, ",", "x"), (#"["r w","adm"]"#, " ", "adm"),
        (#"["a",7,true,null]"#, " ", "a 7 true"),
        (#"["a\u000ab","c",""]"#, " ", "c"), (#"["a",{"b":1},["c"]]"#, ",", "a"), ("null", ",", ""),
    ])
    func names(claim: String, separator: String, expected: String) throws {
        let document = try JSONDocument(Array(#"{"a":\#(claim)}"#.utf8).span)
        let node = try #require(ClaimPlace("a")?.find(in: document))
        let names = ClaimText.names(document, node, separator: try #require(separator.utf8.first))
        #expect(String(decoding: names, as: UTF8.self) == expected)
    }

    @Test(arguments: [
        ("role", String?.some("admin")), ("groups", "a b c 7"), ("level", "3"), ("text", nil),
        ("deep", nil), ("nothing", nil),
    ])
    func lines(place: String, line: String?) throws {
        let document = try JSONDocument(Array(Self.claims.utf8).span)
        let node = try #require(ClaimPlace(place)?.find(in: document))
        #expect(ClaimText.line(document, node) == line.map { Array($0.utf8) })
    }
}
