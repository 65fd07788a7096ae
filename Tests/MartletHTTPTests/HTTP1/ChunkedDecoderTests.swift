import MartletHTTP
import Testing

/// What came of a chunked body, read in pieces.
struct DecodedChunks: Equatable {
    var body: [UInt8] = []
    var trailers: [String] = []
    var isWhole = false
    var error: MessageError?
    var rest = 0

    static let limits = HeadLimits(startLineBytesMax: 0, headBytesMax: 256, fieldCountMax: 3)

    init(_ pieces: [[UInt8]], limits: HeadLimits = Self.limits) {
        var decoder = ChunkedDecoder()
        for piece in pieces {
            var position = 0
            reading: while !self.isWhole, self.error == nil {
                switch decoder.next(piece.span, at: &position, limits: limits) {
                case .needsMore: break reading
                case .data(let range): self.body += piece[range]
                case .end: self.isWhole = true
                case .failed(let error): self.error = error
                }
            }
            if self.error == nil { self.rest += piece.count - position }
        }
        let isFinished = decoder.isFinished
        #expect(isFinished == self.isWhole)
        for field in decoder.trailers.fields where !field.isRemoved {
            let name = decoder.trailers.text(field.name)
            self.trailers.append("\(name): \(decoder.trailers.text(field.value))")
        }
    }

    init(_ text: String) { self.init([Array(text.utf8)]) }
}

@Suite struct ChunkedDecoderTests {
    static let bodies: [(String, String)] = [
        ("0\r\n\r\n", ""), ("5\r\nhello\r\n0\r\n\r\n", "hello"),
        ("5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", "hello world"),
        ("a\r\n0123456789\r\n0\r\n\r\n", "0123456789"),
        ("A\r\n0123456789\r\n000\r\n\r\n", "0123456789"),
        ("0000000000000000000005\r\nhello\r\n0\r\n\r\n", "hello"),
        ("5;a\r\nhello\r\n0;b=c\r\n\r\n", "hello"),
        ("5;a=\"x; \\\" \u{e9}\";b=t;c\r\nhello\r\n0\r\n\r\n", "hello"),
        ("2\r\n\r\n\r\n0\r\n\r\n", "\r\n"),
        ("1\r\nx\r\n0\r\nA: b\r\nC:d\r\n\r\n", "x"),
    ]

    @Test(arguments: bodies)
    func body(text: String, body: String) {
        let bytes = Array(text.utf8)
        let whole = DecodedChunks([bytes + [1, 2, 3]])
        #expect(whole.isWhole)
        #expect(whole.error == nil)
        #expect(String(decoding: whole.body, as: UTF8.self) == body)
        #expect(whole.rest == 3)
        for pieces in cuts(bytes + [1, 2, 3]) { #expect(DecodedChunks(pieces) == whole) }
        #expect(DecodedChunks((bytes + [1, 2, 3]).map { [$0] }) == whole)
        // Not one byte less is enough.
        for count in bytes.indices { #expect(!DecodedChunks([Array(bytes[..<count])]).isWhole) }
    }

    static let errors: [(String, MessageError)] = [
        ("\r\n", .chunkSizeMalformed), ("x\r\n", .chunkSizeMalformed),
        ("-1\r\n", .chunkSizeMalformed), ("+1\r\n", .chunkSizeMalformed),
        ("0x1\r\n", .chunkSizeMalformed), (" 1\r\n", .chunkSizeMalformed),
        ("1 \r\n", .chunkSizeMalformed), ("1\t;a\r\n", .chunkSizeMalformed),
        ("1_0\r\n", .chunkSizeMalformed), ("1\n", .chunkSizeMalformed),
        ("1\rx", .chunkSizeMalformed), (";a\r\n", .chunkSizeMalformed),
        ("1\r\nab\r\n", .chunkDataUnterminated), ("1\r\na\n", .chunkDataUnterminated),
        ("1\r\na\rb", .chunkDataUnterminated),
        ("1;\r\n", .chunkExtensionMalformed), ("1; a\r\n", .chunkExtensionMalformed),
        ("1;a \r\n", .chunkExtensionMalformed), ("1;a=\r\n", .chunkExtensionMalformed),
        ("1;a=\"b\r\n", .chunkExtensionMalformed), ("1;a=\"b\"c\r\n", .chunkExtensionMalformed),
        ("1;a\n", .chunkExtensionMalformed), ("1;a=\"\u{7f}\"\r\n", .chunkExtensionMalformed),
        ("1;=b\r\n", .chunkExtensionMalformed), ("1;a=b=c\r\n", .chunkExtensionMalformed),
        ("1000000000000000\r\n", .chunkSizeTooLarge),
        ("ffffffffffffffffffffffff\r\n", .chunkSizeTooLarge),
        ("0\r\nContent-Length: 1\r\n\r\n", .forbiddenTrailerField),
        ("0\r\ntransfer-encoding: chunked\r\n\r\n", .forbiddenTrailerField),
        ("0\r\nHOST: a\r\n\r\n", .forbiddenTrailerField),
        ("0\r\nA : b\r\n\r\n", .whitespaceBeforeColon), ("0\r\n\n", .bareLineFeed),
        ("0\r\nA: b\r\nA: b\r\nA: b\r\nA: b\r\n\r\n", .tooManyHeaderFields),
    ]

    @Test(arguments: errors)
    func error(text: String, error: MessageError) {
        let bytes = Array(text.utf8)
        #expect(DecodedChunks(text).error == error, "\(text.debugDescription)")
        for pieces in cuts(bytes) { #expect(DecodedChunks(pieces).error == error) }
    }

    @Test func theSizeLineLimitIsExact() {
        let max = ChunkedDecoder.lineBytesMax
        let line = { (count: Int) in "1;" + String(repeating: "a", count: count - 2) }
        #expect(DecodedChunks(line(max) + "\r\nx\r\n0\r\n\r\n").error != nil)
        #expect(DecodedChunks(line(max - 1) + "\r\nx\r\n0\r\n\r\n").isWhole)
        #expect(DecodedChunks(line(max + 1)).error == .chunkLineTooLong)
        #expect(
            DecodedChunks(String(repeating: "0", count: max + 1)).error == .chunkSizeTooLarge)
        // Fifteen digits are a size, whatever is left to come.
        #expect(DecodedChunks("fffffffffffffff\r\nx").error == nil)
    }

    @Test func theTrailerLimitIsExact() {
        let trailer = { (count: Int) in
            "0\r\nA: " + String(repeating: "a", count: count - 7) + "\r\n\r\n"
        }
        #expect(DecodedChunks(trailer(256)).isWhole)
        #expect(DecodedChunks(trailer(257)).error == .headerSectionTooLarge)
    }

    @Test func fieldsThatDoNotBelongInATrailerAreDropped() {
        let decoded = DecodedChunks(
            "0\r\nAuthorization: x\r\nX-Checksum: 1\r\nX-Forwarded-For: 1.2.3.4\r\n\r\n")
        #expect(decoded.trailers == ["X-Checksum: 1"])
    }
}
