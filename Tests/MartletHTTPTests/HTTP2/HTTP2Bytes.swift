import MartletHTTP

/// Bytes written as hexadecimal digits; spaces mean nothing.
func hex(_ text: String) -> [UInt8] {
    let digits = text.utf8.compactMap { ByteClass.hexValue($0) }
    return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

/// A block of literals without indexing, without Huffman coding.
func plainBlock(_ fields: [(String, String)]) -> [UInt8] {
    fields.flatMap { name, value in
        [0] + plainString(Array(name.utf8)) + plainString(Array(value.utf8))
    }
}

func plainString(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.count >= 127 else { return [UInt8(bytes.count)] + bytes }
    var rest = bytes.count - 127
    var count: [UInt8] = [127]
    while rest >= 128 {
        count.append(UInt8(rest & 127) | 128)
        rest >>= 7
    }
    return count + [UInt8(rest)] + bytes
}

/// One block read into a list of its own, as plain values.
struct DecodedBlock: Equatable {
    static let limits = HeadLimits(
        startLineBytesMax: 8192, headBytesMax: 32 * 1024, fieldCountMax: 100)

    var outcome: HPACKDecoder.Outcome
    /// `:name: value` and `name: value`, pseudo fields first.
    var lines: [String]
    /// The list's bytes between the first field's start and the last one's end.
    var verbatim: String

    init(
        _ block: [UInt8], _ decoder: inout HPACKDecoder, limits: HeadLimits = Self.limits,
        isTrailers: Bool = false
    ) {
        var headers = HeaderList()
        var pseudo = HTTP2PseudoFields()
        self.outcome = decoder.decode(
            block.span, into: &headers, pseudo: &pseudo, limits: limits, isTrailers: isTrailers)
        self.lines = HTTP2PseudoFields.Name.allCases.compactMap { name in
            pseudo[name].map { ":\(name): \(headers.text($0))" }
        }
        self.verbatim = ""
        for field in headers.fields {
            let isRemoved = field.isRemoved ? "-" : ""
            self.lines.append(
                "\(isRemoved)\(headers.text(field.name)): \(headers.text(field.value))")
            let line = ByteRange(start: Int(field.name.start), end: field.value.end + 2)
            if field.isVerbatimLine { self.verbatim += headers.text(line) }
        }
    }

    init(_ block: [UInt8], limits: HeadLimits = Self.limits, isTrailers: Bool = false) {
        var decoder = HPACKDecoder()
        self.init(block, &decoder, limits: limits, isTrailers: isTrailers)
    }

    init(_ fields: [(String, String)], isTrailers: Bool = false) {
        self.init(plainBlock(fields), isTrailers: isTrailers)
    }
}

/// The same on whole arrays: a span may not stand inside a test macro.
extension HTTP2FrameHeader {
    static func read(_ bytes: [UInt8], at start: Int = 0) -> HTTP2FrameHeader? {
        HTTP2FrameHeader(bytes.span, at: start)
    }
}

extension HTTP2Settings {
    mutating func take(
        _ payload: ArraySlice<UInt8>, from sender: HTTP2Settings.Sender = .client
    ) -> HTTP2Violation? {
        let payload = Array(payload)
        return self.apply(payload.span, from: sender)
    }
}

extension HTTP2FramePayload {
    static func resetStream(_ text: String) -> Result<HTTP2ErrorCode, HTTP2Violation> {
        let payload = hex(text)
        return self.resetStream(payload.span)
    }

    static func ping(_ text: String) -> Result<UInt64, HTTP2Violation> {
        let payload = hex(text)
        return self.ping(payload.span)
    }

    static func goAway(_ text: String) -> Result<GoAway, HTTP2Violation> {
        let payload = hex(text)
        return self.goAway(payload.span)
    }
}
