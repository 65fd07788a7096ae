import MartletHTTP
import Testing

@Suite struct RequestIdentifierTests {
    static let made = "00000000000000ff0123456789abcdef"

    @Test(
        arguments: [
            (["x-request-id: abc-1"], true, "abc-1"),
            (["X-Request-ID: AZaz09._~+/=:-"], true, "AZaz09._~+/=:-"),
            (
                ["x-request-id: \(String(repeating: "a", count: 128))"], true,
                String(repeating: "a", count: 128)
            ),
            (["x-request-id: \(String(repeating: "a", count: 129))"], true, made),
            (["x-request-id: abc-1"], false, made),
            (["x-request-id: "], true, made), (["x-request-id: a b"], true, made),
            (["x-request-id: a\"b"], true, made), (["x-request-id: a%b"], true, made),
            (["x-request-id: é"], true, made), (["x-request-id: a,b"], true, made),
            (["x-request-id: a;b"], true, made), (["x-request-id: a@b"], true, made),
            (["x-request-id: a", "x-request-id: b"], true, made),
            (["x_request_id: a"], true, made), (["x_request_id: a", "x-request-id: b"], true, "b"),
            ([], true, made),
        ] as [([String], Bool, String)])
    func appliesOne(lines: [String], accept: Bool, identifier: String) {
        var headers = HeaderLines.list(lines)
        let range = RequestIdentifier.apply(
            to: &headers, accept: accept, random: (0xff, 0x0123_4567_89ab_cdef))
        #expect(headers.text(range) == identifier)
        let written = HeaderLines.text(headers)
        #expect(written.count == 1)
        #expect(written.first?.lowercased() == "x-request-id: \(identifier)".lowercased())
    }
}
