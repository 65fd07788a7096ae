import FuzzDriver
import MartletHTTP

// HTTP/1 request heads: however the bytes arrive, the outcome is the same; what is accepted holds
// no byte that another reader could take for the end of a line.

/// Small enough that the fuzzer meets them.
let limits = HeadLimits(startLineBytesMax: 512, headBytesMax: 1024, fieldCountMax: 16)

struct Reading {
    var outcome = RequestHeadParser.Outcome.needsMore
    var position = 0
    let head = RequestHead()
}

/// Parses `bytes` in pieces of at most `pieceBytesMax`.
func read(_ bytes: Span<UInt8>, pieceBytesMax: Int) -> Reading {
    var reading = Reading()
    var parser = RequestHeadParser()
    while reading.outcome == .needsMore, reading.position < bytes.count {
        let end = reading.position + min(pieceBytesMax, bytes.count - reading.position)
        let piece = bytes.extracting(reading.position..<end)
        var position = 0
        reading.outcome = parser.parse(piece, at: &position, into: reading.head, limits: limits)
        precondition(position <= piece.count, "read behind the end")
        precondition(reading.outcome != .needsMore || position == piece.count, "left bytes unread")
        reading.position += position
    }
    return reading
}

/// Whether both stores hold the same.
func isEqual(_ one: borrowing HeaderList, _ other: borrowing HeaderList) -> Bool {
    one.bytes.span.isEqual(to: other.bytes.span)
}

/// What an accepted head may hold.
func check(_ head: RequestHead) {
    check(head, head.headers)
}

func check(_ head: RequestHead, _ headers: borrowing HeaderList) {
    precondition(headers.fields.count <= limits.fieldCountMax)
    for field in headers.fields {
        let (name, value) = (headers.span(field.name), headers.span(field.value))
        precondition(!name.isEmpty)
        for index in name.indices {
            precondition(ByteClass.table[Int(name[index])] & ByteClass.token != 0, "name")
        }
        for index in value.indices {
            precondition(value[index] >= 0x20 || value[index] == 9, "control in a value")
        }
    }
    for range in [head.path, head.query, head.authority, head.host] {
        let part = headers.span(range)
        for index in part.indices {
            precondition(part[index] > 0x20 && part[index] < 0x7f, "byte in a target")
        }
    }
}

unsafe fuzz { start, count in
    let buffer = unsafe UnsafeBufferPointer(start: start, count: count)
    let bytes = unsafe buffer.span
    let whole = read(bytes, pieceBytesMax: .max)
    for pieceBytesMax in [1, 7] {
        let pieces = read(bytes, pieceBytesMax: pieceBytesMax)
        precondition(pieces.outcome == whole.outcome, "outcome depends on the reads")
        guard whole.outcome == .complete else { continue }
        precondition(pieces.position == whole.position, "end depends on the reads")
        let isSame = isEqual(pieces.head.headers, whole.head.headers)
        precondition(isSame, "bytes depend on the reads")
        precondition(pieces.head.framing == whole.head.framing)
    }
    if whole.outcome == .complete { check(whole.head) }
    return 0
}
