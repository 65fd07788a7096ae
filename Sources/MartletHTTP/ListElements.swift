/// Walks the elements of a comma-separated field value (RFC 9110 §5.6.1); empty ones are skipped.
///
/// Commas in quoted strings do not separate; an unclosed quote runs to the value's end. Holds
/// positions only, so that the list's bytes may change between two elements.
package struct ListElements: Sendable, BitwiseCopyable {
    private var position: Int
    private let end: Int

    package init(_ value: ByteRange) {
        self.position = Int(value.start)
        self.end = value.end
    }

    /// The next element without the white space around it, or `nil` at the end.
    ///
    /// - `bytes`: the store that the value lies in.
    package mutating func next(in bytes: Span<UInt8>) -> ByteRange? {
        let end = min(self.end, bytes.count)
        while self.position < end {
            let start = self.position
            var isQuoted = false
            while self.position < end {
                let byte = bytes[self.position]
                if byte == UInt8(ascii: "\"") {
                    isQuoted.toggle()
                } else if byte == UInt8(ascii: "\\"), isQuoted {
                    self.position += 1
                } else if byte == UInt8(ascii: ","), !isQuoted {
                    break
                }
                self.position += 1
            }
            let element = bytes.trimmed(start..<min(self.position, end))
            self.position += 1
            guard element.isEmpty else {
                return ByteRange(start: element.lowerBound, end: element.upperBound)
            }
        }
        return nil
    }
}
