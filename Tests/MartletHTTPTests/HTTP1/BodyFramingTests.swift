import MartletHTTP
import Testing

@Suite struct BodyFramingTests {
    static let framings: [([String], Result<BodyFraming, MessageError>)] = [
        ([], .success(.none)),
        (["Content-Length: 0"], .success(.length(0))),
        (["content-length: 007"], .success(.length(7))),
        (["Content-Length: 999999999999999999"], .success(.length(999_999_999_999_999_999))),
        (["Transfer-Encoding: chunked"], .success(.chunked)),
        (["transfer-encoding: CHUNKED"], .success(.chunked)),
        (["Content-Length: 9999999999999999999"], .failure(.contentLengthMalformed)),
        (["Content-Length:"], .failure(.contentLengthMalformed)),
        (["Content-Length: -1"], .failure(.contentLengthMalformed)),
        (["Content-Length: +1"], .failure(.contentLengthMalformed)),
        (["Content-Length: 1 2"], .failure(.contentLengthMalformed)),
        (["Content-Length: 1, 1"], .failure(.contentLengthMalformed)),
        (["Content-Length: 0x1"], .failure(.contentLengthMalformed)),
        (["Content-Length: 1_0"], .failure(.contentLengthMalformed)),
        (["Content-Length: 1", "content-length: 1"], .failure(.contentLengthRepeated)),
        (
            ["Content-Length: 1", "Transfer-Encoding: chunked"],
            .failure(.contentLengthWithTransferEncoding)
        ),
        (
            ["Transfer-Encoding: chunked", "Content-Length: 1"],
            .failure(.contentLengthWithTransferEncoding)
        ),
        (["Transfer-Encoding: gzip, chunked"], .failure(.transferEncodingUnsupported)),
        (["Transfer-Encoding: gzip"], .failure(.transferEncodingMalformed)),
        (["Transfer-Encoding: identity"], .failure(.transferEncodingMalformed)),
        (["Transfer-Encoding: chunked, chunked"], .failure(.transferEncodingMalformed)),
        (["Transfer-Encoding: chunked,"], .failure(.transferEncodingMalformed)),
        (["Transfer-Encoding: ,chunked"], .failure(.transferEncodingMalformed)),
        (["Transfer-Encoding: xchunked"], .failure(.transferEncodingMalformed)),
        (["Transfer-Encoding: \"chunked\""], .failure(.transferEncodingMalformed)),
        (["Transfer-Encoding:"], .failure(.transferEncodingMalformed)),
        (
            ["Transfer-Encoding: gzip", "Transfer-Encoding: chunked"],
            .failure(.transferEncodingMalformed)
        ),
    ]

    @Test(arguments: framings)
    func framing(lines: [String], expected: Result<BodyFraming, MessageError>) {
        let headers = HeaderLines.list(lines)
        let framing = BodyFraming.declared(in: headers, minorVersion: 1)
        #expect(framing == expected, "\(lines)")
    }

    @Test func chunkedIsNotPartOfHTTP10() {
        let headers = HeaderLines.list(["Transfer-Encoding: chunked"])
        #expect(
            BodyFraming.declared(in: headers, minorVersion: 0)
                == .failure(.transferEncodingInHTTP10))
    }
}
