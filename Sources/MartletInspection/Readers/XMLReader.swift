/// Walks over XML and tells where texts and attributes' values are.
///
/// No entity is expanded, nothing is fetched, no tree is built.
struct XMLReader {
    enum Event {
        /// Text between tags, or a CDATA section's inside.
        case text(Range<Int>)
        case attribute(name: Range<Int>, value: Range<Int>)
        /// A document type, from `<!DOCTYPE` to its end.
        case documentType(Range<Int>)
        case end
        case failed(at: Int)
    }

    private var index = 0
    private var depth = 0
    private var isInTag = false
    private var isClosing = false
    private var hasElement = false
    private let depthMax: Int

    init(depthMax: Int) { self.depthMax = depthMax }

    mutating func next(_ text: Span<UInt8>) -> Event {
        while self.index < text.count {
            if self.isInTag {
                if let event = self.inTag(text) { return event }
            } else if text[self.index] == UInt8(ascii: "<") {
                if let event = self.markup(text) { return event }
            } else {
                let end = text.index(of: UInt8(ascii: "<"), from: self.index) ?? text.count
                let range = self.index..<end
                self.index = end
                if text.skippingBlanks(from: range.lowerBound) < end { return .text(range) }
            }
        }
        return self.depth == 0 && self.hasElement && !self.isInTag ? .end : .failed(at: self.index)
    }

    /// What begins with `<`.
    private mutating func markup(_ text: Span<UInt8>) -> Event? {
        let start = self.index
        if text.holds("<!--", at: start) {
            return self.skip(text, past: "-->", from: start + 4)
        }
        if text.holds("<![CDATA[", at: start) {
            guard let end = text.index(of: "]]>", from: start + 9) else { return self.fail() }
            self.index = end + 3
            return .text(start + 9..<end)
        }
        if text.holds("<?", at: start) { return self.skip(text, past: "?>", from: start + 2) }
        if text.holds("<!", at: start) { return self.documentType(text) }
        self.isClosing = text.at(start + 1) == UInt8(ascii: "/")
        self.index = start + (self.isClosing ? 2 : 1)
        let name = self.name(text)
        guard !name.isEmpty, self.depth < self.depthMax else { return self.fail() }
        self.hasElement = true
        self.isInTag = true
        return nil
    }

    private mutating func skip(
        _ text: Span<UInt8>, past closing: StaticString, from start: Int
    ) -> Event? {
        guard let end = text.index(of: closing, from: start) else { return self.fail() }
        self.index = end + closing.utf8CodeUnitCount
        return nil
    }

    private mutating func fail() -> Event {
        let place = self.index
        self.index = .max
        self.depth = .max
        return .failed(at: place)
    }

    /// `<!DOCTYPE …>`, with an inner part in brackets.
    private mutating func documentType(_ text: Span<UInt8>) -> Event? {
        let start = self.index
        var brackets = 0
        var index = start + 2
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: "["): brackets += 1
            case UInt8(ascii: "]"): brackets -= 1
            case UInt8(ascii: ">") where brackets <= 0:
                self.index = index + 1
                return .documentType(start..<index + 1)
            default: break
            }
            index += 1
        }
        return self.fail()
    }

    private mutating func name(_ text: Span<UInt8>) -> Range<Int> {
        let start = self.index
        while TextByte.isWord(text.at(self.index)) || text.at(self.index) == UInt8(ascii: ":")
            || text.at(self.index) == UInt8(ascii: "-")
            || text.at(self.index) == UInt8(ascii: ".")
        {
            self.index += 1
        }
        return start..<self.index
    }

    /// Attributes, and the end of a tag.
    private mutating func inTag(_ text: Span<UInt8>) -> Event? {
        self.index = text.skippingBlanks(from: self.index)
        switch text.at(self.index) {
        case UInt8(ascii: ">"):
            self.index += 1
            self.isInTag = false
            self.depth += self.isClosing ? -1 : 1
            return self.depth < 0 ? self.fail() : nil
        case UInt8(ascii: "/") where text.at(self.index + 1) == UInt8(ascii: ">"):
            self.index += 2
            self.isInTag = false
            return nil
        default: break
        }
        let name = self.name(text)
        let equals = text.skippingBlanks(from: self.index)
        let open = text.skippingBlanks(from: equals + 1)
        let quote = text.at(open)
        guard !name.isEmpty, text.at(equals) == UInt8(ascii: "="),
            quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'"),
            let close = text.index(of: quote, from: open + 1)
        else { return self.fail() }
        self.index = close + 1
        return .attribute(name: name, value: open + 1..<close)
    }
}
