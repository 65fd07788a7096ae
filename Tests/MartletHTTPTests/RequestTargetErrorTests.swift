import MartletHTTP
import Testing

@Suite struct RequestTargetErrorTests {
    /// What causes each error: target, method and Host fields.
    private static let causes: [(RequestTargetError, String, String, [String])] = [
        (.empty, "", "GET", ["a"]),
        (.unknownForm, "a/b", "GET", ["a"]),
        (.unsupportedScheme, "ftp://a/", "GET", ["a"]),
        (.asteriskWithoutOptions, "*", "GET", ["a"]),
        (.authorityWithoutConnect, "a:80", "GET", ["a"]),
        (.connectWithoutAuthority, "/", "CONNECT", ["a"]),
        (.missingHost, "/", "GET", []),
        (.repeatedHost, "/", "GET", ["a", "a"]),
        (.invalidHost, "/", "GET", ["a b"]),
        (.invalidAuthority, "http://a..b/", "GET", ["a"]),
        (.userinfo, "/", "GET", ["a@b"]),
        (.hostMismatch, "http://a/", "GET", ["b"]),
        (.fragment, "/#a", "GET", ["a"]),
        (.invalidByte, "/<", "GET", ["a"]),
        (.invalidPercentEncoding, "/%zz", "GET", ["a"]),
        (.aboveRoot, "/..", "GET", ["a"]),
        (.dotSegmentWithParameters, "/..;a", "GET", ["a"]),
        (.emptySegmentWithParameters, "/;a", "GET", ["a"]),
        (.dotSegmentBehindEncodedSlash, "/a%2F..", "GET", ["a"]),
    ]

    @Test(arguments: causes)
    func hasACause(error: RequestTargetError, target: String, method: String, hosts: [String]) {
        #expect(TargetFixture(target, method: method, hosts: hosts).error == error)
    }

    @Test func everyErrorHasACause() {
        let caused = Set(Self.causes.map(\.0))
        #expect(caused == Set(RequestTargetError.allCases))
    }

    /// The sentence goes into a JSON document as it is, and repeats nothing of the request.
    @Test func everyErrorHasItsOwnSentence() {
        let details = RequestTargetError.allCases.map(\.detail.description)
        #expect(Set(details).count == details.count)
        for detail in details {
            #expect(detail.hasSuffix(".") && detail.first?.isUppercase == true, "\(detail)")
            #expect(!detail.contains("\"") && !detail.contains("\\"), "\(detail)")
        }
    }
}
