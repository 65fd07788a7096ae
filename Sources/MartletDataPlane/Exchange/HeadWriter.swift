package import MartletHTTP

/// Writes heads in HTTP/1.1's own form.
///
/// What leaves here has been framed by Martlet, not by a peer.
package enum HeadWriter {
    /// Every field that was not removed, each as `name: value CR LF`.
    ///
    /// Neighbouring lines that already have that form are copied in one piece.
    package static func writeFields(of headers: borrowing HeaderList, to cursor: inout ByteCursor) {
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
                Self.writeRun(runStart, runEnd, of: headers, to: &cursor)
                runStart = start
                runEnd = end
            } else {
                Self.writeRun(runStart, runEnd, of: headers, to: &cursor)
                runStart = 0
                runEnd = 0
                cursor.write(field.name, of: headers)
                cursor.write(": ")
                cursor.write(field.value, of: headers)
                cursor.write("\r\n")
            }
        }
        Self.writeRun(runStart, runEnd, of: headers, to: &cursor)
    }

    private static func writeRun(
        _ start: Int, _ end: Int, of headers: borrowing HeaderList, to cursor: inout ByteCursor
    ) {
        guard end > start else { return }
        cursor.write(ByteRange(start: start, end: end), of: headers)
    }

    /// `method SP path SP HTTP/1.1` and the fields, without the framing fields and the empty line.
    package static func writeRequestLine(_ head: RequestHead, to cursor: inout ByteCursor) {
        cursor.write(head.methodBytes, of: head.headers)
        cursor.write(" ")
        cursor.write(head.path, of: head.headers)
        if head.hasQuery {
            cursor.write("?")
            cursor.write(head.query, of: head.headers)
        }
        cursor.write(" HTTP/1.1\r\n")
    }

    /// The field that says how the body is delimited.
    package static func writeFraming(_ framing: BodyFraming, to cursor: inout ByteCursor) {
        switch framing {
        case .none, .untilClose: break
        case .length(let count):
            cursor.write("content-length: ")
            cursor.writeDecimal(count)
            cursor.write("\r\n")
        case .chunked:
            cursor.write("transfer-encoding: chunked\r\n")
        }
    }

    package static func writeStatusLine(_ status: UInt16, to cursor: inout ByteCursor) {
        cursor.write("HTTP/1.1 ")
        cursor.writeDecimal(Int(status))
        cursor.write(" ")
        cursor.write(HTTPStatus.reason(Int(status)))
        cursor.write("\r\n")
    }
}
