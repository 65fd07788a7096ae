/// Reads one `name: value` line (RFC 9112 §5) and adds it to the list that holds its bytes.
package enum FieldLineParser {
    /// Takes the line without CR LF, which lies in `headers.bytes` and is followed there by CR LF.
    package static func parse(_ line: ByteRange, into headers: inout HeaderList) -> MessageError? {
        let shape: Shape
        switch Self.shape(of: headers.span(line)) {
        case .failure(let error): return error
        case .success(let found): shape = found
        }
        let base = Int(line.start)
        headers.appendField(
            name: ByteRange(start: base, end: base + shape.nameEnd),
            value: ByteRange(start: base + shape.valueStart, end: base + shape.valueEnd),
            isVerbatimLine: shape.isVerbatim
        )
        return nil
    }

    /// Where the parts of a line lie, relative to its start.
    private struct Shape {
        var nameEnd: Int
        var valueStart: Int
        var valueEnd: Int
        /// Exactly one SP behind the colon and nothing behind the value.
        var isVerbatim: Bool
    }

    private static func shape(of bytes: Span<UInt8>) -> Result<Shape, MessageError> {
        var colon = 0
        while colon < bytes.count, ByteClass.isToken(bytes[colon]) { colon += 1 }
        guard colon < bytes.count, bytes[colon] == UInt8(ascii: ":"), colon > 0 else {
            return .failure(Self.nameError(bytes, at: colon))
        }

        var start = colon + 1
        while start < bytes.count, Self.isWhitespace(bytes[start]) { start += 1 }
        var end = bytes.count
        while end > start, Self.isWhitespace(bytes[end - 1]) { end -= 1 }
        let value = bytes.extracting(start..<end)
        guard value.isFieldValue else {
            let isReturn = value.firstIndex(of: 13) != nil
            return .failure(isReturn ? .bareCarriageReturn : .forbiddenByteInValue)
        }
        let isVerbatim = start == colon + 2 && end == bytes.count && bytes[colon + 1] == 32
        return .success(
            Shape(nameEnd: colon, valueStart: start, valueEnd: end, isVerbatim: isVerbatim))
    }

    @inline(__always)
    private static func isWhitespace(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 }

    private static func nameError(_ bytes: Span<UInt8>, at index: Int) -> MessageError {
        guard index < bytes.count, Self.isWhitespace(bytes[index]) else {
            return .malformedFieldName
        }
        return index == 0 ? .lineFolding : .whitespaceBeforeColon
    }
}
