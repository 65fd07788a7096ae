/// Many short texts in one piece of memory, by row.
///
/// Immutable. Arrays of their own would each cost a line of memory to count who uses them, and
/// another to read: of ten thousand no cache holds them, while all of these fit.
package struct PackedTexts: Sendable {
    private let bytes: [UInt8]
    /// Where each text ends.
    private let ends: [UInt32]

    package init(_ texts: [[UInt8]]) {
        var bytes: [UInt8] = []
        self.ends = texts.map { text in
            bytes += text
            return UInt32(clamping: bytes.count)
        }
        self.bytes = bytes
    }

    @_lifetime(borrow self)
    package func span(_ row: Int) -> Span<UInt8> {
        let start = row == 0 ? 0 : Int(self.ends[row - 1])
        return self.bytes.span.extracting(start..<Int(self.ends[row]))
    }
}
