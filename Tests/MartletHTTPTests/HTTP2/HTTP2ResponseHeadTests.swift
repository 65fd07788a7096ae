import MartletHTTP
import Testing

@Suite struct HTTP2ResponseHeadTests {
    static func complete(
        _ fields: [(String, String)], answering method: Method = .get, endStream: Bool = false
    ) -> (head: ResponseHead, error: MessageError?) {
        let head = ResponseHead()
        var decoder = HPACKDecoder()
        var pseudo = HTTP2PseudoFields()
        let block = plainBlock(fields)
        let outcome = decoder.decode(
            block.span, into: &head.headers, pseudo: &pseudo, limits: DecodedBlock.limits,
            isTrailers: false)
        #expect(outcome == .complete)
        let error = HTTP2ResponseHead.complete(
            head, pseudo: pseudo, answering: method, endStream: endStream)
        return (head, error)
    }

    @Test func aResponseIsTheSameAsOverHTTP1() {
        let (head, error) = Self.complete([(":status", "201"), ("x-a", "b"), ("etag", "c")])
        #expect(error == nil)
        #expect(head.status == 201)
        #expect(head.isHTTP2)
        #expect(head.minorVersion == 1)
        let lines = HeaderLines.text(head.headers)
        #expect(lines == ["x-a: b", "etag: c"])
        head.reset()
        #expect(!head.isHTTP2)
    }

    static let statuses: [([(String, String)], MessageError?)] = [
        ([(":status", "100")], nil), ([(":status", "103")], nil), ([(":status", "599")], nil),
        ([], .pseudoFieldMissing), ([(":status", "")], .pseudoFieldMalformed),
        ([(":status", "101")], .pseudoFieldMalformed),
        ([(":status", "099")], .pseudoFieldMalformed),
        ([(":status", "600")], .pseudoFieldMalformed),
        ([(":status", "20")], .pseudoFieldMalformed),
        ([(":status", "0200")], .pseudoFieldMalformed),
        ([(":status", "200 OK")], .pseudoFieldMalformed),
        ([(":status", "2x0")], .pseudoFieldMalformed),
        ([(":status", "200"), (":method", "GET")], .pseudoFieldUnknown),
        ([(":status", "200"), (":path", "/")], .pseudoFieldUnknown),
        ([(":status", "200"), (":protocol", "a")], .pseudoFieldUnknown),
    ]

    @Test(arguments: statuses.indices)
    func status(index: Int) {
        let (fields, error) = Self.statuses[index]
        #expect(Self.complete(fields).error == error, "\(fields)")
    }

    static let bodies: [(String, [String], Method, Bool, Result<BodyFraming, MessageError>)] = [
        ("200", [], .get, false, .success(.chunked)),
        ("200", [], .get, true, .success(.length(0))),
        ("200", ["5"], .get, false, .success(.length(5))),
        ("200", ["0"], .get, true, .success(.length(0))),
        ("200", ["5"], .get, true, .failure(.contentLengthMismatch)),
        ("200", ["5"], .head, true, .success(.length(5))),
        ("304", ["5"], .get, true, .success(.length(5))),
        ("204", [], .get, true, .success(.length(0))),
        ("200", ["5", "5"], .get, false, .failure(.contentLengthRepeated)),
        ("200", ["x"], .get, false, .failure(.contentLengthMalformed)),
        ("100", [], .get, true, .failure(.finalResponseMissing)),
        ("103", [], .get, false, .success(.chunked)),
    ]

    @Test(arguments: bodies.indices)
    func body(index: Int) {
        let (status, lengths, method, endStream, framing) = Self.bodies[index]
        let (head, error) = Self.complete(
            [(":status", status)] + lengths.map { ("content-length", $0) }, answering: method,
            endStream: endStream)
        switch framing {
        case .success(let framing):
            #expect(error == nil)
            #expect(head.framing == framing)
        case .failure(let expected): #expect(error == expected)
        }
    }

    /// To an HTTP/1 client no body may end with the connection: the stream's end was seen.
    @Test(arguments: [Method.get, .head, .post])
    func noBodyEndsWithTheConnection(method: Method) {
        for status in ["200", "204", "304", "404"] {
            for endStream in [true, false] {
                let (head, error) = Self.complete(
                    [(":status", status)], answering: method, endStream: endStream)
                #expect(error == nil)
                #expect(head.bodyFraming(answering: method) != .untilClose)
            }
        }
    }
}
