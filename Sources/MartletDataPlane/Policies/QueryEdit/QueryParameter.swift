import MartletHTTP

/// One `name=value` of a query, as ranges into the head's store; compared decoded.
struct QueryParameter: BitwiseCopyable {
    let whole: ByteRange
    let name: ByteRange
    /// Empty, too, if there is no `=`.
    let value: ByteRange

    /// Compares the name as an upstream reads it, so that `%61pi_key` is `api_key`.
    func hasName(_ text: [UInt8], in bytes: Span<UInt8>) -> Bool {
        Self.isEqual(bytes.extracting(self.name.indices), text.span)
    }

    func hasValue(_ text: [UInt8], in bytes: Span<UInt8>) -> Bool {
        Self.isEqual(bytes.extracting(self.value.indices), text.span)
    }

    /// Whether `encoded`, its escapes and `+` decoded, is `text`.
    ///
    /// A broken escape is its bytes.
    private static func isEqual(_ encoded: Span<UInt8>, _ text: Span<UInt8>) -> Bool {
        guard encoded.count >= text.count else { return false }
        var (index, position) = (0, 0)
        while index < encoded.count {
            guard position < text.count else { return false }
            var byte = encoded[index]
            if byte == UInt8(ascii: "+") {
                byte = UInt8(ascii: " ")
            } else if let escaped = encoded.escapedByte(at: index) {
                byte = escaped
                index += 2
            }
            guard byte == text[position] else { return false }
            index += 1
            position += 1
        }
        return position == text.count
    }
}

/// Walks the parameters of a query, empty ones included.
///
/// Holds positions only.
struct QueryParameters: BitwiseCopyable {
    private var position: Int
    private let end: Int

    init(_ query: ByteRange) {
        self.position = Int(query.start)
        self.end = query.end
    }

    mutating func next(in bytes: Span<UInt8>) -> QueryParameter? {
        guard self.position <= self.end else { return nil }
        let start = self.position
        var end = start
        var equals = -1
        while end < self.end, bytes[end] != UInt8(ascii: "&") {
            if bytes[end] == UInt8(ascii: "="), equals < 0 { equals = end }
            end += 1
        }
        self.position = end + 1
        return QueryParameter(
            whole: ByteRange(start: start, end: end),
            name: ByteRange(start: start, end: equals < 0 ? end : equals),
            value: ByteRange(start: equals < 0 ? end : equals + 1, end: end))
    }
}
