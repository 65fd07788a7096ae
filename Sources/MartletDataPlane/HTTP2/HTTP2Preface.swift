import MartletHTTP

/// The bytes with which a client begins HTTP/2 (RFC 9113 §3.4).
enum HTTP2Preface {
    static let bytes = ContiguousArray("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    enum Match {
        case none
        /// All there is belongs to it, but more is missing.
        case partial
        case whole
    }

    /// Whether a connection's first bytes are the preface.
    static func match(_ input: Span<UInt8>) -> Match {
        for index in 0..<min(input.count, Self.bytes.count) where input[index] != Self.bytes[index]
        {
            return .none
        }
        return input.count >= Self.bytes.count ? .whole : .partial
    }
}
