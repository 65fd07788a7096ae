import MartletHTTP

/// Borrowed bytes that may be percent-encoded, compared with plain bytes without decoding a copy.
struct EncodedText: ~Escapable {
    private let bytes: Span<UInt8>
    /// Query text: `%41` is `A` and `+` is a space.
    private let isEncoded: Bool

    @_lifetime(copy bytes)
    init(bytes: Span<UInt8>, isEncoded: Bool) {
        self.bytes = bytes
        self.isEncoded = isEncoded
    }

    /// The decoded byte at `index`, which moves past it.
    ///
    /// An escape that is none is its own bytes.
    private func next(_ index: inout Int) -> UInt8 {
        let byte = self.bytes[index]
        index += 1
        guard self.isEncoded else { return byte }
        if byte == UInt8(ascii: "+") { return UInt8(ascii: " ") }
        guard let escaped = self.bytes.escapedByte(at: index - 1) else { return byte }
        index += 2
        return escaped
    }

    /// Whether `expected` stands at `start`, and nothing behind it if `toEnd`.
    func matches(_ expected: Span<UInt8>, from start: Int, toEnd: Bool) -> Bool {
        var index = start
        for position in expected.indices {
            guard index < self.bytes.count, self.next(&index) == expected[position]
            else { return false }
        }
        return !toEnd || index == self.bytes.count
    }

    /// Whether `expected` stands somewhere.
    ///
    /// Time is the product of both lengths at most.
    private func contains(_ expected: Span<UInt8>, toEnd: Bool) -> Bool {
        var index = 0
        while true {
            if self.matches(expected, from: index, toEnd: toEnd) { return true }
            guard index < self.bytes.count else { return false }
            _ = self.next(&index)
        }
    }

    func passes(_ test: RoutePredicate.Test, _ expected: Span<UInt8>) -> Bool {
        switch test {
        case .equals, .hasMediaTypePrefix: self.matches(expected, from: 0, toEnd: true)
        case .hasPrefix: self.matches(expected, from: 0, toEnd: false)
        case .hasSuffix: self.contains(expected, toEnd: true)
        case .contains: self.contains(expected, toEnd: false)
        case .isPresent, .isAbsent: true
        }
    }
}

extension Span where Element == UInt8 {
    /// What `%41` at an index stands for; `nil` where no escape is.
    func escapedByte(at index: Int) -> UInt8? {
        guard self[index] == UInt8(ascii: "%"), index + 2 < self.count,
            let high = ByteClass.hexValue(self[index + 1]),
            let low = ByteClass.hexValue(self[index + 2])
        else { return nil }
        return high &<< 4 | low
    }

    /// Without spaces and tabs at both ends.
    var trimmed: Span<UInt8> {
        @_lifetime(copy self)
        get {
            var start = 0
            var end = self.count
            while start < end, self[start] == 0x20 || self[start] == 9 { start += 1 }
            while end > start, self[end - 1] == 0x20 || self[end - 1] == 9 { end -= 1 }
            return self.extracting(start..<end)
        }
    }

    /// Without the double quotes around it, if there are both.
    var unquoted: Span<UInt8> {
        @_lifetime(copy self)
        get {
            let quote = UInt8(ascii: "\"")
            guard self.count >= 2, self[0] == quote, self[self.count - 1] == quote
            else { return self.extracting(0..<self.count) }
            return self.extracting(1..<(self.count - 1))
        }
    }
}
