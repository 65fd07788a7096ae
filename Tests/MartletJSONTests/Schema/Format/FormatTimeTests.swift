import MartletJSON
import Testing

@Suite struct FormatTimeTests {
    @Test(arguments: [
        #"2024-02-29T00:00:00Z"#,
        #"1998-12-31T23:59:60Z"#,
        #"1998-12-31t15:59:60.123-08:00"#,
        #"2024-01-01T23:00:00Z"#,
    ])
    func good(text: String) {
        #expect(JSONFormat.dateTime.takes(text))
    }

    @Test(arguments: [
        #"2023-02-29T00:00:00Z"#,
        #"1998-12-31T23:58:60Z"#,
        #"2024-01-01 00:00:00Z"#,
        #"2024-01-01T00:00:00"#,
        #"2024-01-01T00:00:00.Z"#,
        #"2024-13-01T00:00:00Z"#,
        #"2024-01-01T00:00:00+24:00"#,
        #"２024-01-01T00:00:00Z"#,
        #""#,
    ])
    func bad(text: String) {
        #expect(!JSONFormat.dateTime.takes(text))
    }
}
