/// Takes the chunked transfer coding apart (RFC 9112 §7.1) without holding a byte of data.
///
/// Strict: no sign, white space or prefix around a size, no bare `;`, CR LF everywhere. A size line
/// is bounded by `lineBytesMax`, the trailer section by the head limits. Owned by a connection.
package struct ChunkedDecoder: ~Copyable {
    /// More than any real extension needs; a longer line is an attempt to make us work.
    package static let lineBytesMax = 1024
    /// Extensions may be as long in sum as the data, and this much longer: signed chunks fit, a
    /// stream of extensions with no data does not.
    private static let extensionBytesFreeMax = 16 * 1024
    /// 15 hexadecimal digits: the sum of all chunks stays far below what `Int` holds.
    private static let sizeDigitsMax = 15

    private enum Phase: UInt8 {
        case size, sizeLineFeed, data, dataReturn, dataLineFeed, trailers, finished
        case extensionNameStart, extensionName, extensionValueStart, extensionToken
        case extensionQuoted, extensionEscape, extensionQuotedEnd
    }

    private var phase = Phase.size
    private var digits = 0
    private var lineBytes = 0
    private var remaining = 0
    /// Extension bytes that the data received does not yet pay for.
    private var extensionBytesFree = Self.extensionBytesFreeMax
    private var trailerLines = LineAssembler()
    /// The trailer fields; whole once `.end` has been returned.
    package var trailers = HeaderList()

    package init() {}

    package enum Event: Equatable {
        /// All input is used up.
        case needsMore
        /// Body bytes, as a range of the input.
        case data(Range<Int>)
        /// The body and its trailers are over.
        case end
        case failed(MessageError)
    }

    /// Whether the message has been read to its end.
    package var isFinished: Bool { self.phase == .finished }

    /// Takes the next event from `input` at `position`, which moves behind what was used.
    package mutating func next(
        _ input: Span<UInt8>, at position: inout Int, limits: HeadLimits
    ) -> Event {
        while position < input.count {
            switch self.phase {
            case .data:
                let end = position + min(self.remaining, input.count - position)
                let range = position..<end
                self.remaining -= range.count
                self.extensionBytesFree += range.count
                position = end
                if self.remaining == 0 { self.phase = .dataReturn }
                return .data(range)
            case .trailers:
                if let event = self.takeTrailers(input, at: &position, limits: limits) {
                    return event
                }
            case .finished:
                return .end
            default:
                if let error = self.takeControl(input[position]) { return .failed(error) }
                position += 1
            }
        }
        return .needsMore
    }

    /// One byte of a size line or of the CR LF behind data.
    private mutating func takeControl(_ byte: UInt8) -> MessageError? {
        switch self.phase {
        case .size: return self.takeSize(byte)
        case .sizeLineFeed:
            guard byte == 10 else { return .chunkSizeMalformed }
            self.phase = self.remaining == 0 ? .trailers : .data
            self.digits = 0
            self.lineBytes = 0
        case .dataReturn:
            guard byte == 13 else { return .chunkDataUnterminated }
            self.phase = .dataLineFeed
        case .dataLineFeed:
            guard byte == 10 else { return .chunkDataUnterminated }
            self.phase = .size
        default:
            return self.takeExtension(byte)
        }
        return nil
    }

    private mutating func takeSize(_ byte: UInt8) -> MessageError? {
        self.lineBytes += 1
        if let digit = ByteClass.hexValue(byte) {
            // Leading zeros are legal, and bounded by the line.
            if self.remaining != 0 || digit != 0 { self.digits += 1 }
            guard self.digits <= Self.sizeDigitsMax, self.lineBytes <= Self.lineBytesMax else {
                return .chunkSizeTooLarge
            }
            self.remaining = self.remaining << 4 | Int(digit)
            return nil
        }
        guard self.lineBytes > 1 else { return .chunkSizeMalformed }
        switch byte {
        case 13: self.phase = .sizeLineFeed
        case UInt8(ascii: ";"): self.phase = .extensionNameStart
        default: return .chunkSizeMalformed
        }
        return nil
    }

    /// `;name`, `;name=token`, `;name="quoted"` (RFC 9112 §7.1.1), without the optional white space
    /// that the RFC calls bad.
    ///
    /// Extensions are read to be refused or dropped, never forwarded.
    private mutating func takeExtension(_ byte: UInt8) -> MessageError? {
        self.lineBytes += 1
        self.extensionBytesFree -= 1
        guard self.lineBytes <= Self.lineBytesMax, self.extensionBytesFree >= 0 else {
            return .chunkLineTooLong
        }
        let isToken = ByteClass.isToken(byte)
        switch (self.phase, byte) {
        case (.extensionNameStart, _) where isToken: self.phase = .extensionName
        case (.extensionName, _) where isToken: break
        case (.extensionName, UInt8(ascii: "=")): self.phase = .extensionValueStart
        case (.extensionValueStart, UInt8(ascii: "\"")): self.phase = .extensionQuoted
        case (.extensionValueStart, _) where isToken: self.phase = .extensionToken
        case (.extensionToken, _) where isToken: break
        case (.extensionQuoted, UInt8(ascii: "\"")): self.phase = .extensionQuotedEnd
        case (.extensionQuoted, UInt8(ascii: "\\")): self.phase = .extensionEscape
        case (.extensionQuoted, _) where ByteClass.isFieldValue(byte): break
        case (.extensionEscape, _) where ByteClass.isFieldValue(byte): self.phase = .extensionQuoted
        case (.extensionName, 13), (.extensionToken, 13), (.extensionQuotedEnd, 13):
            self.phase = .sizeLineFeed
        case (.extensionName, UInt8(ascii: ";")), (.extensionToken, UInt8(ascii: ";")),
            (.extensionQuotedEnd, UInt8(ascii: ";")):
            self.phase = .extensionNameStart
        default: return .chunkExtensionMalformed
        }
        return nil
    }

    private mutating func takeTrailers(
        _ input: Span<UInt8>, at position: inout Int, limits: HeadLimits
    ) -> Event? {
        let step = self.trailerLines.next(
            input, at: &position, store: &self.trailers, bytesMax: limits.headBytesMax)
        switch step {
        case .needsMore: return .needsMore
        case .tooLong: return .failed(.headerSectionTooLarge)
        case .failed(let error): return .failed(error)
        case .line(let line) where line.isEmpty:
            guard !BodyFraming.isDisguised(in: self.trailers) else {
                return .failed(.forbiddenTrailerField)
            }
            self.phase = .finished
            return .end
        case .line(let line):
            guard self.trailers.fields.count < limits.fieldCountMax else {
                return .failed(.tooManyHeaderFields)
            }
            if let error = FieldLineParser.parse(line, into: &self.trailers) {
                return .failed(error)
            }
            return self.checkLastTrailer()
        }
    }

    private mutating func checkLastTrailer() -> Event? {
        let index = self.trailers.fields.count - 1
        switch TrailerFields.verdict(self.trailers.fields[index].known) {
        case .keep: break
        case .drop: self.trailers.markRemoved(at: index)
        case .refuse: return .failed(.forbiddenTrailerField)
        }
        return nil
    }
}
