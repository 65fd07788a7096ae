import MartletHTTP
import Testing

@Suite struct TargetByteTests {
    private static let letters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    /// RFC 3986 §3.3: `pchar` without percent-encoding.
    private static let pathCharacters = letters + "-._~!$&'()*+,;=:@"

    /// The table against the grammar's words, for every byte there is.
    @Test(arguments: [
        (TargetByte.plain, pathCharacters + "[]"),
        (TargetByte.special, "/%?"),
        (TargetByte.oddAfterSlash, "/.;"),
        // RFC 3986 §3.4, and what browsers send without encoding it.
        (TargetByte.query, pathCharacters + "[]/?%" + "^`{|}"),
        // RFC 3986 §2.3.
        (TargetByte.unreserved, letters + "-._~"),
    ])
    func holdsExactly(bit: UInt8, characters: String) {
        for byte in UInt8.min...UInt8.max {
            let isSet = TargetByte.table[Int(byte)] & bit != 0
            #expect(isSet == characters.utf8.contains(byte), "byte \(byte)")
        }
    }

    /// The first look at a path must not pass over what the normaliser would change.
    @Test(arguments: [
        ("/", "/", nil), ("/a/b", "/a/b", nil), ("/a.b/c..d", "/a.b/c..d", nil),
        ("/a?", "/a", ""), ("/a?b?c/d", "/a", "b?c/d"), ("/a;b/c", "/a;b/c", nil),
        ("/a/./b", "/a/b", nil), ("/a/../b", "/b", nil), ("/a/.", "/a/", nil),
        ("/%41", "/A", nil), ("/a?/../b", "/a", "/../b"),
    ])
    func pathsEndWhereTheQueryBegins(target: String, path: String, query: String?) {
        let fixture = TargetFixture(target)
        #expect(fixture.error == nil)
        #expect(fixture.path == path)
        #expect(fixture.query == query)
    }

    @Test func everyByteThatIsNotOfAPathIsRefused() {
        for byte in UInt8.min...UInt8.max {
            let isAllowed =
                TargetByte.table[Int(byte)] & (TargetByte.plain | TargetByte.special) != 0
            guard !isAllowed, byte != UInt8(ascii: "#") else { continue }
            let fixture = TargetFixture(bytes: Array("/a".utf8) + [byte])
            #expect(fixture.error == .invalidByte, "byte \(byte)")
        }
    }
}
