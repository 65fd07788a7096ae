import MartletHTTP
import Testing

@Suite struct ResponseHeadTests {
    @Test func resetLeavesNothing() {
        let head = ResponseHead()
        head.headers.add(.server, value: Array("x".utf8).span)
        head.status = 404
        head.minorVersion = 0
        head.framing = .chunked
        head.reset()
        let (isEmpty, byteCount) = (head.headers.isEmpty, head.headers.bytes.count)
        #expect(isEmpty)
        #expect(byteCount == 0)
        #expect(head.status == 0)
        #expect(head.minorVersion == 1)
        #expect(head.framing == .none)
    }

    /// RFC 9112 §6.3: what the status and the request's method make of the declared framing.
    @Test(arguments: [
        (UInt16(200), Method.get, BodyFraming.length(3), BodyFraming.length(3)),
        (200, .get, .none, .untilClose), (200, .get, .chunked, .chunked),
        (200, .head, .length(3), .none), (200, .head, .none, .none),
        (204, .get, .chunked, .none), (304, .get, .length(3), .none),
        (100, .post, .length(3), .none), (205, .get, .none, .untilClose),
    ])
    func bodyFraming(
        status: UInt16, method: Method, declared: BodyFraming, expected: BodyFraming
    ) {
        let head = ResponseHead()
        head.status = status
        head.framing = declared
        #expect(head.bodyFraming(answering: method) == expected)
        #expect(head.isInterim == (status < 200))
    }
}
