/// Classes and escapes (ECMA-262 §22.2.1: ClassContents, AtomEscape).
extension RegularExpression.Parser {
    /// What an escape or one character stands for.
    struct Atom {
        var set: ScalarSet
        /// The character, unless it is a class.
        var scalar: UInt32?

        init(_ scalar: UInt32) {
            self.set = ScalarSet(scalar)
            self.scalar = scalar
        }

        init(_ set: ScalarSet) { self.set = set }
    }

    /// The class that begins at the position with `[`.
    mutating func characterClass() throws(RegularExpressionError) -> ScalarSet {
        let start = self.position
        self.position += 1
        let isInverted = self.take("^")
        var ranges: [ClosedRange<UInt32>] = []
        while !self.take("]") {
            guard self.peek() != nil else { throw self.error(.unclosedClass, at: start) }
            let place = self.position
            let first = try self.classAtom()
            guard self.peek() == "-", let behind = self.peek(1), behind != "]" else {
                if self.makesSets { ranges += first.set.ranges }
                continue
            }
            self.position += 1
            let last = try self.classAtom()
            guard let low = first.scalar, let high = last.scalar else {
                throw self.error(.rangeOfClass, at: place)
            }
            guard low <= high else { throw self.error(.rangeOutOfOrder, at: place) }
            ranges.append(low...high)
        }
        guard self.makesSets else { return ScalarSet() }
        return isInverted ? ScalarSet(ranges).inverted : ScalarSet(ranges)
    }

    private mutating func classAtom() throws(RegularExpressionError) -> Atom {
        guard let next = self.peek() else { throw self.error(.unclosedClass) }
        if next == "\\" { return try self.escape(inClass: true) }
        self.position += 1
        return Atom(next.value)
    }

    /// The escape that begins at the position.
    mutating func escape(inClass: Bool) throws(RegularExpressionError) -> Atom {
        let start = self.position
        guard let letter = self.peek(1) else { throw self.error(.invalidEscape) }
        self.position += 2
        switch letter {
        case "d": return Atom(.digits)
        case "D": return Atom(ScalarSet.digits.inverted)
        case "w": return Atom(.word)
        case "W": return Atom(ScalarSet.word.inverted)
        case "s": return Atom(.space)
        case "S": return Atom(ScalarSet.space.inverted)
        case "p": return Atom(try self.property(at: start))
        case "P":
            let set = try self.property(at: start)
            return Atom(self.makesSets ? set.inverted : set)
        case "t": return Atom(0x09)
        case "n": return Atom(0x0a)
        case "v": return Atom(0x0b)
        case "f": return Atom(0x0c)
        case "r": return Atom(0x0d)
        case "b" where inClass: return Atom(0x08)
        case "0":
            if let digit = self.peek()?.value, 0x30...0x39 ~= digit { break }
            return Atom(0)
        case "c":
            guard let control = self.peek()?.value, 0x61...0x7a ~= control | 0x20 else { break }
            self.position += 1
            return Atom(control & 0x1f)
        case "x":
            guard let value = self.hexadecimal(count: 2) else { break }
            return Atom(value)
        case "u":
            guard let value = self.unicode() else { break }
            return Atom(value)
        default:
            let isPunctuation = letter.isASCII && letter.value > 0x20 && letter.value < 0x7f
            let isAlphanumeric = ScalarSet.word.contains(letter.value) && letter != "_"
            if isPunctuation, !isAlphanumeric { return Atom(letter.value) }
        }
        throw self.error(.invalidEscape, at: start)
    }

    /// The number behind `\u`: four digits, two times four for a surrogate pair, or `{…}`.
    private mutating func unicode() -> UInt32? {
        if self.take("{") {
            var value: UInt32?
            while let digit = self.peek().flatMap(Self.hexadecimalDigit) {
                value = min(0x11_0000, (value ?? 0) &* 16 &+ digit)
                self.position += 1
            }
            guard let value, value <= ScalarSet.last, self.take("}") else { return nil }
            return value
        }
        guard let unit = self.hexadecimal(count: 4) else { return nil }
        let behind = self.position
        if unit & 0xfc00 == 0xd800, self.take("\\u") {
            if let low = self.hexadecimal(count: 4), low & 0xfc00 == 0xdc00 {
                return 0x10000 + (unit & 0x3ff) << 10 + low & 0x3ff
            }
            self.position = behind
        }
        return unit
    }

    private mutating func hexadecimal(count: Int) -> UInt32? {
        var value: UInt32 = 0
        for distance in 0..<count {
            guard let digit = self.peek(distance).flatMap(Self.hexadecimalDigit) else { return nil }
            value = value &* 16 &+ digit
        }
        self.position += count
        return value
    }

    private static func hexadecimalDigit(_ scalar: Unicode.Scalar) -> UInt32? {
        scalar.isASCII ? JSONEscape.hexadecimal(UInt8(scalar.value)).map(UInt32.init) : nil
    }

    /// The property whose `{…}` stands at the position.
    private mutating func property(at start: Int) throws(RegularExpressionError) -> ScalarSet {
        guard self.take("{"),
            let length = self.pattern[self.position...].prefix(64)
                .firstIndex(of: 0x7d).map({ $0 - self.position })
        else { throw self.error(.invalidEscape, at: start) }
        let scalars = self.pattern[self.position..<self.position + length]
        let name = String(String.UnicodeScalarView(scalars.compactMap(Unicode.Scalar.init)))
        self.position += length + 1
        guard self.makesSets else {
            guard ScalarSet.isProperty(name) else { throw self.error(.unknownProperty, at: start) }
            return ScalarSet()
        }
        guard let set = ScalarSet.property(name) else {
            throw self.error(.unknownProperty, at: start)
        }
        return set
    }
}
