import MartletJSON
import Testing

@Suite struct FormatURITests {
    @Test(arguments: [
        #"http://a"#,
        #"urn:a:b"#,
        #"http://[::1]:80/a?b#c"#,
        #"http://u@h"#,
        #"mailto:a@b"#,
        #"a:"#,
        #"http://a/%41"#,
    ])
    func good(text: String) {
        #expect(JSONFormat.uri.takes(text))
    }

    @Test(arguments: [
        #""#,
        #"/a"#,
        #"a b:c"#,
        #"http://[::1"#,
        #"http://a:b/"#,
        #"http://a/%4"#,
        #"http://a/{b}"#,
        #"http://é/"#,
        #"1a:b"#,
        #"http://a@b@c/"#,
    ])
    func bad(text: String) {
        #expect(!JSONFormat.uri.takes(text))
    }
}
