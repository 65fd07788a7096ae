import MartletJSON
import Testing

@Suite struct FormatAddressTests {
    @Test(arguments: [
        #"::"#,
        #"::1"#,
        #"1::"#,
        #"1:2:3:4:5:6:7:8"#,
        #"::ffff:1.2.3.4"#,
        #"1:2:3:4:5:6:1.2.3.4"#,
        #"1:2:3:4:5:6:7::"#,
    ])
    func good(text: String) {
        #expect(JSONFormat.ipv6.takes(text))
    }

    @Test(arguments: [
        #""#,
        #":"#,
        #"1"#,
        #"1:2:3:4:5:6:7:8:9"#,
        #"1::2::3"#,
        #"::1%eth0"#,
        #"::ffff:1.2.3"#,
        #"12345::"#,
        #"1:2:3:4:5:6:7:1.2.3.4"#,
        #":1:2:3:4:5:6:7"#,
        #"1:2:3:4:5:6:7:"#,
    ])
    func bad(text: String) {
        #expect(!JSONFormat.ipv6.takes(text))
    }
}
