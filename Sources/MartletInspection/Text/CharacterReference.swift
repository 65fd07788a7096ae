/// Character references of HTML and XML: `&#60;`, `&#x3c;`, `&lt;`, with or without the semicolon.
enum CharacterReference {
    private static let names: [(name: StaticString, scalar: UInt8)] = [
        ("lt", 0x3c), ("gt", 0x3e), ("quot", 0x22), ("apos", 0x27), ("amp", 0x26),
        ("colon", 0x3a), ("semi", 0x3b), ("newline", 0x0a), ("tab", 0x09), ("nbsp", 0x20),
        ("lpar", 0x28), ("rpar", 0x29), ("lbrace", 0x7b), ("lcub", 0x7b), ("rbrace", 0x7d),
        ("rcub", 0x7d), ("lbrack", 0x5b), ("lsqb", 0x5b), ("rbrack", 0x5d), ("rsqb", 0x5d),
        ("sol", 0x2f), ("bsol", 0x5c), ("period", 0x2e), ("comma", 0x2c), ("equals", 0x3d),
        ("dollar", 0x24), ("grave", 0x60), ("vert", 0x7c), ("num", 0x23), ("percnt", 0x25),
        ("excl", 0x21), ("quest", 0x3f), ("ast", 0x2a), ("plus", 0x2b), ("commat", 0x40),
        ("lowbar", 0x5f), ("hyphen", 0x2d),
    ]

    /// The reference that begins at an index, or `nil`.
    static func read(_ text: Span<UInt8>, _ start: Int) -> ValueDecoder.Escape? {
        text.at(start + 1) == UInt8(ascii: "#") ? Self.number(text, start) : Self.name(text, start)
    }

    private static func number(_ text: Span<UInt8>, _ start: Int) -> ValueDecoder.Escape? {
        var index = start + 2
        let isHex = text.at(index) | 0x20 == UInt8(ascii: "x")
        if isHex { index += 1 }
        let first = index
        var scalar: UInt32 = 0
        // Leading zeros are a way past filters; twelve digits are more than anybody reads.
        while index < first + 12, let digit = TextByte.hexValue(text.at(index)), isHex || digit < 10
        {
            scalar = Swift.min(scalar &* (isHex ? 16 : 10) &+ UInt32(digit), 0x11_0000)
            index += 1
        }
        guard index > first else { return nil }
        if text.at(index) == UInt8(ascii: ";") { index += 1 }
        return ValueDecoder.Escape(scalar: scalar, count: index - start)
    }

    private static func name(_ text: Span<UInt8>, _ start: Int) -> ValueDecoder.Escape? {
        for entry in Self.names {
            let count = entry.name.utf8CodeUnitCount
            let end = start + 1 + count
            guard text.at(end) == UInt8(ascii: ";"), Self.holds(text, entry.name, at: start + 1)
            else { continue }
            return ValueDecoder.Escape(scalar: UInt32(entry.scalar), count: count + 2)
        }
        return nil
    }

    private static func holds(_ text: Span<UInt8>, _ name: StaticString, at start: Int) -> Bool {
        let other = unsafe UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        for offset in 0..<other.count
        where unsafe TextByte.lowercased(text.at(start + offset)) != other[offset] {
            return false
        }
        return true
    }
}
