import MartletJSON
import Testing

@Suite struct FormatNameTests {
    @Test(arguments: [
        #"a@b"#,
        #"a.b+c@d.e"#,
        #""a b"@c"#,
        #"a@[1.2.3.4]"#,
        #"a@[IPv6:::1]"#,
    ])
    func good(text: String) {
        #expect(JSONFormat.email.takes(text))
    }

    @Test(arguments: [
        #""#,
        #"a"#,
        #"@b"#,
        #"a@"#,
        #".a@b"#,
        #"a.@b"#,
        #"a..b@c"#,
        #"a b@c"#,
        #"a@-b"#,
        #"a@[1.2.3]"#,
        #"a@b@c"#,
    ])
    func bad(text: String) {
        #expect(!JSONFormat.email.takes(text))
    }
}
