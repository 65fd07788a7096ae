import MartletHTTP
import Testing

@Suite struct RequestHeadParserTests {
    static let heads: [(String, MessageError?)] = [
        ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", nil),
        ("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", nil),
        ("GET / HTTP/1.0\r\n\r\n", nil),
        ("POST /x?y HTTP/1.1\r\nHost:a\r\nContent-Length: 12\r\n\r\n", nil),
        ("POST / HTTP/1.1\r\nHost: a \t\r\ntransfer-encoding: Chunked\r\n\r\n", nil),
        ("X!#$%&'*+-.^_`|~9 / HTTP/1.1\r\nHost: a\r\n\r\n", nil),
        ("GET / HTTP/1.1\r\nHost: a\r\nX:\r\nY: \t \r\nZ: a\tb \u{e9}\r\n\r\n", nil),
        ("GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-CONTINUE\r\n\r\n", nil),

        ("GET / HTTP/1.1\nHost: a\r\n\r\n", .bareLineFeed),
        ("GET / HTTP/1.1\r\nHost: a\n\r\n", .bareLineFeed),
        ("GET / HTTP/1.1\r\nHost: a\r\n\n", .bareLineFeed),
        ("\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", .bareLineFeed),
        ("GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n", .bareCarriageReturn),
        ("GET / HTTP/1.1\r\nHost: a\r\r\n\r\n", .bareCarriageReturn),
        ("\r\n\r\nGET / HTTP/1.1\r\n\r\n", .malformedRequestLine),
        (" GET / HTTP/1.1\r\n\r\n", .malformedRequestLine),
        ("GET  / HTTP/1.1\r\n\r\n", .malformedRequestLine),
        ("GET /  HTTP/1.1\r\n\r\n", .malformedRequestLine),
        ("GET / HTTP/1.1 \r\n\r\n", .malformedRequestLine),
        ("GET\t/ HTTP/1.1\r\n\r\n", .malformedRequestLine),
        ("GET /\tHTTP/1.1\r\n\r\n", .malformedRequestLine),
        ("GET /\r\n\r\n", .malformedRequestLine),
        ("GET\r\n\r\n", .malformedRequestLine),
        ("G(T / HTTP/1.1\r\n\r\n", .malformedRequestLine),
        ("GET / http/1.1\r\n\r\n", .malformedRequestLine),
        ("GET / HTTP/11\r\n\r\n", .malformedRequestLine),
        ("GET / HTTP/1.10\r\n\r\n", .malformedRequestLine),
        ("GET / HTTP/+1.1\r\n\r\n", .malformedRequestLine),
        ("GET / HTTP/1.2\r\n\r\n", .unsupportedVersion),
        ("GET / HTTP/0.9\r\n\r\n", .unsupportedVersion),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .unsupportedVersion),
        ("GET / HTTP/1.1\r\n: a\r\n\r\n", .malformedFieldName),
        ("GET / HTTP/1.1\r\nHost\r\n\r\n", .malformedFieldName),
        ("GET / HTTP/1.1\r\nHo(st: a\r\n\r\n", .malformedFieldName),
        ("GET / HTTP/1.1\r\nHost : a\r\n\r\n", .whitespaceBeforeColon),
        ("GET / HTTP/1.1\r\nHost\t: a\r\n\r\n", .whitespaceBeforeColon),
        ("GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n", .lineFolding),
        ("GET / HTTP/1.1\r\n Host: a\r\n\r\n", .lineFolding),
        ("GET / HTTP/1.1\r\nHost: a\r\n\tb\r\n\r\n", .lineFolding),
        ("GET / HTTP/1.1\r\nHost: a\u{0}\r\n\r\n", .forbiddenByteInValue),
        ("GET / HTTP/1.1\r\nHost: a\u{7f}\r\n\r\n", .forbiddenByteInValue),
        ("GET / HTTP/1.1\r\nHost: a\u{1b}[0m\r\n\r\n", .forbiddenByteInValue),
        ("POST / HTTP/1.1\r\nHost: a\r\nExpect: 200-ok\r\n\r\n", .expectationUnknown),
    ]

    @Test(arguments: heads)
    func head(text: String, error: MessageError?) {
        let whole = ParsedRequest(text)
        #expect(whole.error == error, "\(text.debugDescription)")
        if error == nil { #expect(whole.outcome == .complete) }
    }

    /// However the bytes are cut, the outcome is the same.
    @Test(arguments: heads)
    func cutAnywhere(text: String, error: MessageError?) {
        let bytes = Array(text.utf8) + Array("rest".utf8)
        let whole = ParsedRequest([bytes]).essence
        for pieces in cuts(bytes) { #expect(ParsedRequest(pieces).essence == whole) }
        #expect(ParsedRequest(bytes.map { [$0] }).essence == whole)
    }

    @Test func theHeadIsReadToItsEndAndNotFurther() {
        let parsed = ParsedRequest("PUT /a/b HTTP/1.0\r\nHost: h\r\nA:  b \r\n\r\nGET ")
        #expect(parsed.outcome == .complete)
        #expect(parsed.method == "PUT")
        #expect(parsed.path == "/a/b")
        #expect(parsed.minorVersion == 0)
        #expect(parsed.fields == ["Host: h", "A: b"])
        #expect(parsed.rest == 4)
    }

    @Test func aTargetThatCannotBeResolvedIsToldApart() {
        let parsed = ParsedRequest("GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(parsed.outcome == .failedTarget(.invalidPercentEncoding))
    }

    // MARK: Limits

    @Test(arguments: [false, true])
    func theRequestLineLimitIsExact(hasEmptyLine: Bool) {
        let limits = HeadLimits(startLineBytesMax: 64, headBytesMax: 4096, fieldCountMax: 10)
        let prefix = hasEmptyLine ? "\r\n" : ""
        let line = { (count: Int) in
            // `GET ` and ` HTTP/1.1` are 13 bytes.
            "\(prefix)GET /\(String(repeating: "a", count: count - 14)) HTTP/1.1\r\nHost: a\r\n\r\n"
        }
        #expect(ParsedRequest(line(64), limits: limits).outcome == .complete)
        #expect(ParsedRequest(line(65), limits: limits).error == .requestLineTooLong)
        let endless = Array("GET /\(String(repeating: "a", count: 200))".utf8)
        #expect(ParsedRequest(endless.map { [$0] }, limits: limits).error == .requestLineTooLong)
        #expect(ParsedRequest([endless], limits: limits).error == .requestLineTooLong)
    }

    @Test func theHeadLimitIsExact() {
        let line = "GET / HTTP/1.1\r\nHost: a\r\n"
        let head = "\(line)X: \(String(repeating: "x", count: 256 - line.utf8.count - 7))\r\n\r\n"
        let bytes = Array(head.utf8)
        #expect(bytes.count == 256)
        for (bytesMax, error) in [(256, nil), (255, MessageError.headerSectionTooLarge)] {
            let limits = HeadLimits(
                startLineBytesMax: 64, headBytesMax: bytesMax, fieldCountMax: 10)
            #expect(ParsedRequest([bytes], limits: limits).error == error)
            #expect(ParsedRequest(bytes.map { [$0] }, limits: limits).error == error)
        }
    }

    @Test func theFieldCountLimitIsExact() {
        let limits = HeadLimits(startLineBytesMax: 64, headBytesMax: 4096, fieldCountMax: 3)
        let head = { (count: Int) in
            "GET / HTTP/1.1\r\nHost: a\r\n"
                + String(repeating: "x: y\r\n", count: count - 1) + "\r\n"
        }
        #expect(ParsedRequest(head(3), limits: limits).outcome == .complete)
        #expect(ParsedRequest(head(4), limits: limits).error == .tooManyHeaderFields)
    }

    /// Byte by byte, 32 KiB are stored once and looked at a constant number of times: the store
    /// never holds more than what has come, and no call sees more than its own byte.
    @Test func aHeadThatComesByteByByteCostsLinearWork() {
        let value = String(repeating: "v", count: 300)
        var text = "GET / HTTP/1.1\r\nHost: a\r\n"
        for index in 0..<98 { text += "x-\(index): \(value)\r\n" }
        let bytes = Array((text + "\r\n").utf8)
        #expect(bytes.count > 30_000)
        let head = RequestHead()
        var parser = RequestHeadParser()
        var growth = 0
        var before = 0
        var outcome = RequestHeadParser.Outcome.needsMore
        for byte in bytes {
            var position = 0
            outcome = parser.parse(
                [byte].span, at: &position, into: head, limits: ParsedRequest.limits)
            growth += head.headers.bytes.count - before
            before = head.headers.bytes.count
            if outcome == .needsMore { #expect(head.headers.bytes.count <= bytes.count) }
        }
        #expect(outcome == .complete)
        #expect(growth < bytes.count + 256)
        let fieldCount = head.headers.fields.count
        #expect(fieldCount == 99)
    }

    @Test func aParserIsAsNewAfterAHead() {
        let bytes = Array(
            "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: b\r\n\r\n".utf8)
        let head = RequestHead()
        var parser = RequestHeadParser()
        var position = 0
        #expect(!parser.hasStarted)
        #expect(
            parser.parse(bytes.span, at: &position, into: head, limits: ParsedRequest.limits)
                == .complete)
        #expect(!parser.hasStarted)
        head.reset()
        #expect(
            parser.parse(bytes.span, at: &position, into: head, limits: ParsedRequest.limits)
                == .complete)
        let text = head.headers.text(head.path)
        #expect(text == "/2")
        #expect(position == bytes.count)
    }
}
