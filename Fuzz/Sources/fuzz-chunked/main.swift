import FuzzDriver
import MartletHTTP

// Chunked bodies: however the bytes arrive, the same data comes out and the same end is found.

let limits = HeadLimits(startLineBytesMax: 512, headBytesMax: 1024, fieldCountMax: 16)

struct Reading {
    var end = ChunkedDecoder.Event.needsMore
    var data: [UInt8] = []
    var position = 0
}

/// Decodes `bytes` in pieces of at most `pieceBytesMax`.
func read(_ bytes: Span<UInt8>, pieceBytesMax: Int) -> Reading {
    var reading = Reading()
    var decoder = ChunkedDecoder()
    while reading.position < bytes.count {
        let end = reading.position + min(pieceBytesMax, bytes.count - reading.position)
        let piece = bytes.extracting(reading.position..<end)
        var position = 0
        events: while true {
            let before = position
            let event = decoder.next(piece, at: &position, limits: limits)
            precondition(position <= piece.count && position >= before, "position")
            switch event {
            case .needsMore:
                precondition(position == piece.count, "left bytes unread")
                break events
            case .data(let range):
                precondition(!range.isEmpty && range.upperBound <= position, "range")
                for index in range { reading.data.append(piece[index]) }
            case .end, .failed:
                reading.position += position
                reading.end = event
                precondition(decoder.isFinished == (event == .end))
                return reading
            }
        }
        reading.position += position
    }
    return reading
}

unsafe fuzz { start, count in
    let buffer = unsafe UnsafeBufferPointer(start: start, count: count)
    let bytes = unsafe buffer.span
    let whole = read(bytes, pieceBytesMax: .max)
    for pieceBytesMax in [1, 7] {
        let pieces = read(bytes, pieceBytesMax: pieceBytesMax)
        precondition(pieces.end == whole.end, "end depends on the reads")
        precondition(pieces.data == whole.data, "data depends on the reads")
        precondition(whole.end != .end || pieces.position == whole.position)
    }
    return 0
}
