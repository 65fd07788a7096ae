package import MartletHTTP
package import NIOCore

/// Writes heads in HTTP/1.1's own form. What leaves here has been framed by Martlet, not by a peer.
package enum HeadWriter {
    /// Every field that was not removed, each as `name: value CR LF`.
    ///
    /// Neighbouring lines that already have that form are copied in one piece.
    package static func writeFields(of headers: HeaderList, to buffer: inout ByteBuffer) {
        var runStart = 0
        var runEnd = 0
        for field in headers.fields {
            if field.isRemoved { continue }
            let start = Int(field.name.start)
            let end = field.value.end + 2
            if field.isVerbatimLine {
                if start == runEnd {
                    runEnd = end
                    continue
                }
                Self.writeRun(runStart, runEnd, of: headers, to: &buffer)
                runStart = start
                runEnd = end
            } else {
                Self.writeRun(runStart, runEnd, of: headers, to: &buffer)
                runStart = 0
                runEnd = 0
                buffer.writeRange(field.name, of: headers)
                buffer.writeStaticString(": ")
                buffer.writeRange(field.value, of: headers)
                buffer.writeStaticString("\r\n")
            }
        }
        Self.writeRun(runStart, runEnd, of: headers, to: &buffer)
    }

    private static func writeRun(
        _ start: Int, _ end: Int, of headers: HeaderList, to buffer: inout ByteBuffer
    ) {
        guard end > start else { return }
        buffer.writeRange(ByteRange(start: start, end: end), of: headers)
    }

    /// `method SP path SP HTTP/1.1` and the fields, without the framing fields and the empty line.
    package static func writeRequestLine(_ head: RequestHead, to buffer: inout ByteBuffer) {
        buffer.writeRange(head.methodBytes, of: head.headers)
        buffer.writeStaticString(" ")
        buffer.writeRange(head.path, of: head.headers)
        if head.hasQuery {
            buffer.writeStaticString("?")
            buffer.writeRange(head.query, of: head.headers)
        }
        buffer.writeStaticString(" HTTP/1.1\r\n")
    }

    /// The field that says how the body is delimited.
    package static func writeFraming(_ framing: BodyFraming, to buffer: inout ByteBuffer) {
        switch framing {
        case .none, .untilClose: break
        case .length(let count):
            buffer.writeStaticString("content-length: ")
            Self.writeDecimal(count, to: &buffer)
            buffer.writeStaticString("\r\n")
        case .chunked:
            buffer.writeStaticString("transfer-encoding: chunked\r\n")
        }
    }

    package static func writeStatusLine(_ status: UInt16, to buffer: inout ByteBuffer) {
        buffer.writeStaticString("HTTP/1.1 ")
        Self.writeDecimal(Int(status), to: &buffer)
        buffer.writeStaticString(" ")
        buffer.writeStaticString(HTTPStatus.reason(Int(status)))
        buffer.writeStaticString("\r\n")
    }

    package static func writeDecimal(_ number: Int, to buffer: inout ByteBuffer) {
        var divisor = 1
        while number / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            buffer.writeInteger(UInt8(ascii: "0") + UInt8(number / divisor % 10))
            divisor /= 10
        }
    }
}
