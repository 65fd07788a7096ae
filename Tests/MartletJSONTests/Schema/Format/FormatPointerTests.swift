import MartletJSON
import Testing

@Suite struct FormatPointerTests {
    @Test(arguments: [
        #"0"#,
        #"1/a"#,
        #"0#"#,
        #"10/~0~1"#,
        #"0+1/a"#,
    ])
    func good(text: String) {
        #expect(JSONFormat.relativeJSONPointer.takes(text))
    }

    @Test(arguments: [
        #""#,
        #"01"#,
        #"-1"#,
        #"a"#,
        #"1/~2"#,
        #"0##"#,
        #"+0"#,
    ])
    func bad(text: String) {
        #expect(!JSONFormat.relativeJSONPointer.takes(text))
    }
}
