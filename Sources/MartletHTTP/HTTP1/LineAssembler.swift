/// Cuts a stream of bytes into CR LF lines inside a header list's byte store.
///
/// Every byte is looked at once, however the reads were cut, so a head that arrives byte by byte
/// costs linear time. Bounded by `bytesMax` over the whole section.
package struct LineAssembler: Sendable, BitwiseCopyable {
    /// Where in the store the line now being read begins.
    private var lineStart = 0
    /// Bytes of the section so far.
    package private(set) var sectionBytes = 0

    package init() {}

    package enum Step: Equatable {
        /// A whole line, without its CR LF; the next input byte stands behind it.
        case line(ByteRange)
        /// All input is used up.
        case needsMore
        case tooLong
        case failed(MessageError)
    }

    /// Takes the next line from `input` at `position`, which moves behind what was used.
    package mutating func next(
        _ input: Span<UInt8>, at position: inout Int, store: inout HeaderList, bytesMax: Int
    ) -> Step {
        if self.sectionBytes == 0 { self.lineStart = store.bytes.count }
        let lineFeed = input.firstIndex(of: 10, from: position)
        let end = lineFeed.map { $0 + 1 } ?? input.count
        let taken = end - position
        guard self.sectionBytes + taken <= bytesMax else { return .tooLong }
        self.sectionBytes += taken
        store.appendBytes(input.extracting(position..<end))
        position = end
        guard lineFeed != nil else { return .needsMore }

        let start = self.lineStart
        let count = store.bytes.count
        guard count - start >= 2, store.bytes[count - 2] == 13 else {
            return .failed(.bareLineFeed)
        }
        self.lineStart = count
        return .line(ByteRange(start: start, end: count - 2))
    }

    package mutating func reset() {
        self.lineStart = 0
        self.sectionBytes = 0
    }
}
