import MartletHTTP

/// One `name=value` of a `Cookie` field, as ranges into the head's store, white space trimmed.
struct CookiePair: BitwiseCopyable {
    let whole: ByteRange
    /// Empty if there is no `=` (RFC 6265bis §5.6 takes such a pair for a nameless value).
    let name: ByteRange
    /// From `=` on.
    let rest: ByteRange
}

/// Walks the pairs of one `Cookie` field; empty ones are skipped.
///
/// Holds positions only.
///
/// Every `;` separates, quoted or not: RFC 6265 knows no quoting, and who does would find fewer
/// pairs than we edit, not more.
struct CookiePairs: BitwiseCopyable {
    private var position: Int
    private let end: Int

    init(_ value: ByteRange) {
        self.position = Int(value.start)
        self.end = value.end
    }

    mutating func next(in bytes: Span<UInt8>) -> CookiePair? {
        while self.position < self.end {
            let start = self.position
            let end = min(
                bytes.firstIndex(of: UInt8(ascii: ";"), from: start) ?? self.end, self.end)
            self.position = end + 1
            let pair = bytes.trimmed(start..<end)
            guard !pair.isEmpty else { continue }
            var equals = pair.lowerBound
            while equals < pair.upperBound, bytes[equals] != UInt8(ascii: "=") { equals += 1 }
            let isNamed = equals < pair.upperBound
            let name = bytes.trimmed(pair.lowerBound..<(isNamed ? equals : pair.lowerBound))
            return CookiePair(
                whole: ByteRange(start: pair.lowerBound, end: pair.upperBound),
                name: ByteRange(start: name.lowerBound, end: name.upperBound),
                rest: ByteRange(start: isNamed ? equals : pair.lowerBound, end: pair.upperBound))
        }
        return nil
    }
}
