import MartletHTTP
import Testing

/// What came of a response head, read in pieces.
struct ParsedResponse: Equatable {
    var outcome = ResponseHeadParser.Outcome.needsMore
    var status: UInt16 = 0
    var minorVersion: UInt8 = 1
    var framing = BodyFraming.none
    var fieldCount = 0

    static let limits = HeadLimits(startLineBytesMax: 0, headBytesMax: 4096, fieldCountMax: 20)

    init(_ pieces: [[UInt8]], limits: HeadLimits = Self.limits) {
        let head = ResponseHead()
        var parser = ResponseHeadParser()
        for piece in pieces {
            var position = 0
            self.outcome = parser.parse(piece.span, at: &position, into: head, limits: limits)
            if self.outcome != .needsMore { break }
        }
        guard self.outcome == .complete else { return }
        self.status = head.status
        self.minorVersion = head.minorVersion
        self.framing = head.framing
        self.fieldCount = head.headers.fields.count
    }

    var error: MessageError? {
        if case .failed(let error) = self.outcome { error } else { nil }
    }
}

@Suite struct ResponseHeadParserTests {
    static let heads: [(String, UInt16, MessageError?)] = [
        ("HTTP/1.1 200 OK\r\n\r\n", 200, nil),
        ("HTTP/1.1 200 \r\n\r\n", 200, nil),
        ("HTTP/1.1 200\r\n\r\n", 200, nil),
        ("HTTP/1.0 404 Not Found\r\nA: b\r\n\r\n", 404, nil),
        ("HTTP/1.1 100 Continue\r\n\r\n", 100, nil),
        ("HTTP/1.1 599 \u{e9}\tx\r\n\r\n", 599, nil),
        ("HTTP/1.1 099 x\r\n\r\n", 0, .malformedStatusLine),
        ("HTTP/1.1 600 x\r\n\r\n", 0, .malformedStatusLine),
        ("HTTP/1.1 2000 x\r\n\r\n", 0, .malformedStatusLine),
        ("HTTP/1.1 20 x\r\n\r\n", 0, .malformedStatusLine),
        ("HTTP/1.1 2x0 x\r\n\r\n", 0, .malformedStatusLine),
        ("HTTP/1.1  200 x\r\n\r\n", 0, .malformedStatusLine),
        ("HTTP/2.0 200 x\r\n\r\n", 0, .malformedStatusLine),
        ("HTTP/1.1 200 O\u{7}K\r\n\r\n", 0, .malformedStatusLine),
        ("HTTP/1.1 200 O\rK\r\n\r\n", 0, .malformedStatusLine),
        ("\r\nHTTP/1.1 200 OK\r\n\r\n", 0, .malformedStatusLine),
        ("ICY 200 OK\r\n\r\n", 0, .malformedStatusLine),
        ("\r\n", 0, .malformedStatusLine),
        ("HTTP/1.1 200 OK\n\r\n", 0, .bareLineFeed),
        ("HTTP/1.1 200 OK\r\nA b\r\n\r\n", 0, .whitespaceBeforeColon),
        ("HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n", 0, .lineFolding),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", 0,
            .contentLengthRepeated
        ),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 0,
            .contentLengthWithTransferEncoding
        ),
    ]

    @Test(arguments: heads)
    func head(text: String, status: UInt16, error: MessageError?) {
        let bytes = Array(text.utf8)
        let whole = ParsedResponse([bytes])
        #expect(whole.error == error, "\(text.debugDescription)")
        #expect(whole.status == status)
        for pieces in cuts(bytes) { #expect(ParsedResponse(pieces) == whole) }
        #expect(ParsedResponse(bytes.map { [$0] }) == whole)
    }

    @Test func theLimitsAreExact() {
        let head = "HTTP/1.1 200 OK\r\nA: b\r\nC: d\r\n\r\n"
        for (bytesMax, countMax, error) in [
            (head.utf8.count, 2, nil),
            (head.utf8.count - 1, 2, MessageError.headerSectionTooLarge),
            (head.utf8.count, 1, MessageError.tooManyHeaderFields),
        ] {
            let limits = HeadLimits(
                startLineBytesMax: 0, headBytesMax: bytesMax, fieldCountMax: countMax)
            #expect(ParsedResponse([Array(head.utf8)], limits: limits).error == error)
        }
    }
}
