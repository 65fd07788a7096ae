import MartletHTTP
import Testing

@Suite struct BodyReaderTests {
    /// Body, bytes left over, how it ended.
    private func read(
        _ framing: BodyFraming, _ pieces: [[UInt8]], bytesMax: Int = .max
    ) -> (body: [UInt8], rest: Int, ended: Bool, error: MessageError?, wholeAtClose: Bool) {
        var reader = BodyReader(framing, bytesMax: bytesMax)
        var body: [UInt8] = []
        var rest = 0
        var ended = false
        var error: MessageError?
        for piece in pieces {
            var position = 0
            reading: while !ended, error == nil {
                switch reader.next(piece.span, at: &position, limits: DecodedChunks.limits) {
                case .needsMore: break reading
                case .data(let range): body += piece[range]
                case .end: ended = true
                case .failed(let reason): error = reason
                }
            }
            rest += piece.count - position
        }
        let bytesRead = reader.bytesRead
        #expect(bytesRead == body.count)
        return (body, rest, ended, error, reader.isWholeAtClose)
    }

    @Test(arguments: [
        (BodyFraming.none, "abc", "", 3, true), (.length(0), "abc", "", 3, true),
        (.length(3), "abc", "abc", 0, true), (.length(3), "abcde", "abc", 2, true),
        (.length(3), "ab", "ab", 0, false), (.untilClose, "abc", "abc", 0, false),
        (.chunked, "2\r\nab\r\n0\r\n\r\nxy", "ab", 2, true),
        (.chunked, "2\r\nab\r\n0\r\n", "ab", 0, false),
    ])
    func body(framing: BodyFraming, text: String, body: String, rest: Int, ended: Bool) {
        let bytes = Array(text.utf8)
        for pieces in [[bytes]] + cuts(bytes) + [bytes.map { [$0] }] {
            let result = self.read(framing, pieces)
            #expect(String(decoding: result.body, as: UTF8.self) == body)
            #expect(result.rest == rest)
            // A body of known length ends with its last byte, as soon as anyone asks.
            #expect(result.error == nil)
            #expect(result.wholeAtClose == (ended || framing == .untilClose))
        }
    }

    @Test(arguments: [BodyFraming.length(10), .chunked, .untilClose])
    func theLimitIsExact(framing: BodyFraming) {
        let bytes = Array(
            (framing == .chunked ? "a\r\n0123456789\r\n0\r\n\r\n" : "0123456789").utf8)
        for pieces in [[bytes], bytes.map { [$0] }] {
            #expect(self.read(framing, pieces, bytesMax: 10).error == nil)
            #expect(self.read(framing, pieces, bytesMax: 9).error == .bodyTooLarge)
        }
    }

    @Test func aReaderBegunAnewHasForgottenTheLastBody() {
        var reader = BodyReader(.chunked)
        var position = 0
        let bytes = Array("1\r\na\r\n0\r\nX: y\r\n\r\n".utf8)
        var event = reader.next(bytes.span, at: &position, limits: DecodedChunks.limits)
        while event != .end, position < bytes.count {
            event = reader.next(bytes.span, at: &position, limits: DecodedChunks.limits)
        }
        let trailerCount = reader.chunks.trailers.fields.count
        #expect(trailerCount == 1)
        reader.begin(.chunked)
        let isEmpty = reader.chunks.trailers.isEmpty
        #expect(isEmpty)
        let bytesRead = reader.bytesRead
        #expect(bytesRead == 0)
        let isWholeAtClose = reader.isWholeAtClose
        #expect(!isWholeAtClose)
    }
}
