import MartletJSON
import Testing

@Suite struct JSONPointerTests {
    @Test(arguments: ["", "/", "/a", "/a/b", "//", "/~0~1", "/0", "/ä"])
    func comesBackAsText(text: String) throws {
        let pointer = try JSONPointer(text)
        #expect("\(pointer)" == text)
        #expect(pointer.tokenCount == text.filter { $0 == "/" }.count)
    }

    static let failures: [(String, JSONPointer.Failure)] = [
        ("a", .doesNotBeginWithSlash), ("#/a", .doesNotBeginWithSlash), ("/~", .invalidEscape),
        ("/~2", .invalidEscape), ("/a~/b", .invalidEscape), ("/~~0", .invalidEscape),
    ]

    @Test(arguments: failures)
    func refuses(text: String, failure: JSONPointer.Failure) {
        #expect(throws: failure) { try JSONPointer(text) }
    }
}
