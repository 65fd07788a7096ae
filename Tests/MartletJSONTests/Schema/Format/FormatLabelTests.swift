import MartletJSON
import Testing

@Suite struct FormatLabelTests {
    @Test(arguments: [
        #"a"#,
        #"a.b"#,
        #"실례.테스트"#,
        #"xn--ihqwcrb4cv8a8dqg056pqjye"#,
        #"l·l"#,
        #"ßa"#,
        #"a-b"#,
    ])
    func good(text: String) {
        #expect(JSONFormat.idnHostname.takes(text))
    }

    @Test(arguments: [
        #""#,
        #"a..b"#,
        #"-a"#,
        #"a-"#,
        #"ab--c"#,
        #"a·b"#,
        #"xn--X"#,
        #"〱"#,
        #"a_b"#,
    ])
    func bad(text: String) {
        #expect(!JSONFormat.idnHostname.takes(text))
    }
}
