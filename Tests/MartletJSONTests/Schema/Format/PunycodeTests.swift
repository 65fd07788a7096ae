import MartletJSON
import Testing

/// As far as it shows through host names.
@Suite struct PunycodeTests {
    @Test(arguments: [
        #"xn--bcher-kva"#,
        #"xn--maana-pta"#,
    ])
    func good(text: String) {
        #expect(JSONFormat.hostname.takes(text))
    }

    @Test(arguments: [
        #"xn--"#,
        #"xn--a"#,
        #"xn--99999999999"#,
        #"xn---.ru"#,
    ])
    func bad(text: String) {
        #expect(!JSONFormat.hostname.takes(text))
    }
}
