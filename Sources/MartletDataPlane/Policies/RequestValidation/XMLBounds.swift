import MartletHTTP

/// Reads an XML text once and says whether it is well formed as far as its tags are, and within
/// bounds.
///
/// No document type is taken, so there are no entities but the five of XML itself (XML 1.0 §4.6),
/// none of which grows; and no letters but those of UTF-8, in which no other reader finds more.
/// Holds the names of the open elements as ranges; time is linear, but for the names of one
/// element's attributes, which are sorted.
package struct XMLBounds: Sendable {
    package enum Problem: Equatable {
        case malformed, encoding, documentType, unknownEntity, tooDeep, tooManyNodes,
            tooManyAttributes

        var sentence: String {
            switch self {
            case .malformed: "the body must be well-formed XML"
            case .encoding: "XML is taken in UTF-8 only"
            case .documentType: "a document type is not taken"
            case .unknownEntity: "only the entities of XML itself are taken"
            case .tooDeep: "elements are nested too deeply"
            case .tooManyNodes: "the body has too many elements and attributes"
            case .tooManyAttributes: "an element has too many attributes"
            }
        }
    }

    let depthMax: Int
    let nodeCountMax: Int
    let memberCountMax: Int

    package init(depthMax: Int, nodeCountMax: Int, memberCountMax: Int) {
        self.depthMax = depthMax
        self.nodeCountMax = nodeCountMax
        self.memberCountMax = memberCountMax
    }

    /// The first thing that is wrong; `nil` if nothing is.
    package func problem(_ text: Span<UInt8>) -> Problem? {
        var reader = Reader(self)
        return reader.read(text)
    }

    private struct Reader {
        private let bounds: XMLBounds
        private var index = 0
        private var open: [Range<Int>] = []
        private var nodeCount = 0
        private var hasRoot = false
        /// Hashes of the names of the attributes of one element.
        private var attributeNames: [UInt64] = []

        init(_ bounds: XMLBounds) { self.bounds = bounds }

        mutating func read(_ text: Span<UInt8>) -> Problem? {
            // UTF-16 would read as something else here than behind the proxy.
            if text.count >= 2, text[0] >= 0xfe || text[0] == 0 || text[1] == 0 {
                return .encoding
            }
            guard XMLCharacters.isText(text) else { return .malformed }
            if text.count >= 3, text[0] == 0xef, text[1] == 0xbb, text[2] == 0xbf {
                self.index = 3
            }
            if self.beginsDeclaration(text), let problem = self.declaration(text) {
                return problem
            }
            while self.index < text.count {
                let problem =
                    text[self.index] == UInt8(ascii: "<")
                    ? self.markup(text) : self.characters(text)
                if let problem { return problem }
            }
            return self.hasRoot && self.open.isEmpty ? nil : .malformed
        }

        /// Text between tags; outside of the root only white space.
        private mutating func characters(_ text: Span<UInt8>) -> Problem? {
            while self.index < text.count, text[self.index] != UInt8(ascii: "<") {
                let byte = text[self.index]
                if byte == UInt8(ascii: "&") {
                    if let problem = self.reference(text) { return problem }
                    continue
                }
                guard !self.open.isEmpty || XMLCharacters.isBlank(byte) else { return .malformed }
                if byte == UInt8(ascii: "]"), self.holds("]]>", text) { return .malformed }
                self.index += 1
            }
            return nil
        }

        private mutating func markup(_ text: Span<UInt8>) -> Problem? {
            if self.holds("<!--", text) { return self.comment(text) }
            if self.holds("<![CDATA[", text) {
                self.index += 9
                return self.open.isEmpty ? .malformed : self.skip(past: "]]>", text)
            }
            if self.holds("<?", text) { return self.instruction(text) }
            if self.holds("<!", text) { return .documentType }
            if self.holds("</", text) { return self.close(text) }
            return self.element(text)
        }

        private func holds(_ word: StaticString, _ text: Span<UInt8>) -> Bool {
            guard text.count - self.index >= word.utf8CodeUnitCount else { return false }
            for offset in 0..<word.utf8CodeUnitCount
            where unsafe text[self.index + offset] != word.utf8Start[offset] {
                return false
            }
            return true
        }

        /// Two hyphens end it, and nothing else has two (XML 1.0 §2.5).
        private mutating func comment(_ text: Span<UInt8>) -> Problem? {
            self.index += 4
            guard self.skip(past: "--", text) == nil, self.take(UInt8(ascii: ">"), text) else {
                return .malformed
            }
            return nil
        }

        private func beginsDeclaration(_ text: Span<UInt8>) -> Bool {
            self.holds("<?xml", text) && self.index + 5 < text.count
                && XMLCharacters.isBlank(text[self.index + 5])
        }

        /// `<?xml version="1.0" encoding="UTF-8"?>`, which stands at the start of all.
        private mutating func declaration(_ text: Span<UInt8>) -> Problem? {
            self.index += 5
            var hasVersion = false
            while true {
                let isApart = self.skipBlanks(text)
                if self.holds("?>", text) {
                    self.index += 2
                    return hasVersion ? nil : .malformed
                }
                let start = self.index
                guard isApart, let value = self.value(text) else { return .malformed }
                if text.extracting(start..<value.name).isEqual(to: Self.version) {
                    hasVersion = true
                } else if text.extracting(start..<value.name).isEqual(to: Self.encoding) {
                    let name = text.extracting(value.text)
                    guard MediaTypeCharset.isUTF8(named: name) else { return .encoding }
                } else if !text.extracting(start..<value.name).isEqual(to: Self.standalone) {
                    return .malformed
                }
            }
        }

        private static let version = Array("version".utf8)
        private static let encoding = Array("encoding".utf8)
        private static let standalone = Array("standalone".utf8)

        /// A name and a quoted text without references.
        ///
        /// - Returns: where the name ends, and the text.
        private mutating func value(_ text: Span<UInt8>) -> (name: Int, text: Range<Int>)? {
            let name = self.name(text)
            self.skipBlanks(text)
            guard !name.isEmpty, self.take(UInt8(ascii: "="), text) else { return nil }
            self.skipBlanks(text)
            guard self.index < text.count else { return nil }
            let quote = text[self.index]
            guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { return nil }
            self.index += 1
            let start = self.index
            while self.index < text.count, text[self.index] != quote { self.index += 1 }
            let end = self.index
            return self.take(quote, text) ? (name.upperBound, start..<end) : nil
        }

        /// A processing instruction; `xml` in any case is none (XML 1.0 §2.6).
        private mutating func instruction(_ text: Span<UInt8>) -> Problem? {
            self.index += 2
            let name = self.name(text)
            guard !name.isEmpty, !text.extracting(name).isEqualIgnoringCase(to: "xml"),
                self.index < text.count,
                XMLCharacters.isBlank(text[self.index]) || self.holds("?>", text)
            else { return .malformed }
            return self.skip(past: "?>", text)
        }

        private mutating func skip(past end: StaticString, _ text: Span<UInt8>) -> Problem? {
            while self.index < text.count {
                if self.holds(end, text) {
                    self.index += end.utf8CodeUnitCount
                    return nil
                }
                self.index += 1
            }
            return .malformed
        }

        private mutating func close(_ text: Span<UInt8>) -> Problem? {
            self.index += 2
            let name = self.name(text)
            self.skipBlanks(text)
            guard let opened = self.open.popLast(), self.isSame(name, opened, text),
                self.take(UInt8(ascii: ">"), text)
            else { return .malformed }
            return nil
        }

        private func isSame(_ left: Range<Int>, _ right: Range<Int>, _ text: Span<UInt8>) -> Bool {
            guard left.count == right.count else { return false }
            for offset in 0..<left.count
            where text[left.lowerBound + offset] != text[right.lowerBound + offset] {
                return false
            }
            return true
        }

        private mutating func element(_ text: Span<UInt8>) -> Problem? {
            self.index += 1
            let name = self.name(text)
            guard !name.isEmpty, !self.open.isEmpty || !self.hasRoot else { return .malformed }
            self.hasRoot = true
            self.attributeNames.removeAll(keepingCapacity: true)
            while true {
                self.nodeCount += 1
                guard self.nodeCount <= self.bounds.nodeCountMax else { return .tooManyNodes }
                let isApart = self.skipBlanks(text)
                if self.take(UInt8(ascii: ">"), text) {
                    guard self.open.count < self.bounds.depthMax else { return .tooDeep }
                    self.open.append(name)
                    return self.hasDoubleAttribute() ? .malformed : nil
                }
                if self.take(UInt8(ascii: "/"), text) {
                    guard self.open.count < self.bounds.depthMax else { return .tooDeep }
                    let isWhole = self.take(UInt8(ascii: ">"), text) && !self.hasDoubleAttribute()
                    return isWhole ? nil : .malformed
                }
                guard self.attributeNames.count < self.bounds.memberCountMax else {
                    return .tooManyAttributes
                }
                guard isApart else { return .malformed }
                if let problem = self.attribute(text) { return problem }
            }
        }

        /// Whether two attributes have one name (XML 1.0 §3.1).
        ///
        /// Two names with one hash count as well: nobody but who looks for such names has them.
        private mutating func hasDoubleAttribute() -> Bool {
            guard self.attributeNames.count > 1 else { return false }
            self.attributeNames.sort()
            for index in 1..<self.attributeNames.count
            where self.attributeNames[index] == self.attributeNames[index - 1] {
                return true
            }
            return false
        }

        private mutating func attribute(_ text: Span<UInt8>) -> Problem? {
            let name = self.name(text)
            guard !name.isEmpty else { return .malformed }
            self.attributeNames.append(StableHash.value(of: text.extracting(name)))
            self.skipBlanks(text)
            guard self.take(UInt8(ascii: "="), text) else { return .malformed }
            self.skipBlanks(text)
            guard self.index < text.count else { return .malformed }
            let quote = text[self.index]
            guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
                return .malformed
            }
            self.index += 1
            while self.index < text.count, text[self.index] != quote {
                if text[self.index] == UInt8(ascii: "<") { return .malformed }
                if text[self.index] == UInt8(ascii: "&") {
                    if let problem = self.reference(text) { return problem }
                } else {
                    self.index += 1
                }
            }
            return self.take(quote, text) ? nil : .malformed
        }

        /// `&name;` or `&#number;`.
        private mutating func reference(_ text: Span<UInt8>) -> Problem? {
            for entity in ["&lt;", "&gt;", "&amp;", "&apos;", "&quot;"] as [StaticString]
            where self.holds(entity, text) {
                self.index += entity.utf8CodeUnitCount
                return nil
            }
            guard self.holds("&#", text) else { return .unknownEntity }
            self.index += 2
            let isHexadecimal = self.take(UInt8(ascii: "x"), text)
            let start = self.index
            var code: UInt32 = 0
            while self.index < text.count,
                let digit = text[self.index].digit(isHexadecimal: isHexadecimal)
            {
                // More than there are code points stays more.
                code = min(code &* (isHexadecimal ? 16 : 10) &+ UInt32(digit), 0x11_0000)
                self.index += 1
            }
            guard self.index > start, XMLCharacters.isCharacter(code),
                self.take(UInt8(ascii: ";"), text)
            else { return .malformed }
            return nil
        }

        private mutating func name(_ text: Span<UInt8>) -> Range<Int> {
            let start = self.index
            while self.index < text.count, Self.isName(text[self.index]) { self.index += 1 }
            guard start < self.index, !text[start].isDigit, text[start] != UInt8(ascii: "-"),
                text[start] != UInt8(ascii: ".")
            else { return start..<start }
            return start..<self.index
        }

        private static func isName(_ byte: UInt8) -> Bool {
            (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte.isDigit || byte >= 0x80
                || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
                || byte == UInt8(ascii: ".") || byte == UInt8(ascii: ":")
        }

        @discardableResult
        private mutating func skipBlanks(_ text: Span<UInt8>) -> Bool {
            let start = self.index
            while self.index < text.count, XMLCharacters.isBlank(text[self.index]) {
                self.index += 1
            }
            return self.index > start
        }

        private mutating func take(_ byte: UInt8, _ text: Span<UInt8>) -> Bool {
            guard self.index < text.count, text[self.index] == byte else { return false }
            self.index += 1
            return true
        }
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { self &- UInt8(ascii: "0") < 10 }

    /// The number that a digit stands for; `nil` if it is none.
    fileprivate func digit(isHexadecimal: Bool) -> UInt8? {
        if self.isDigit { return self &- UInt8(ascii: "0") }
        let letter = (self | 0x20) &- UInt8(ascii: "a")
        return isHexadecimal && letter < 6 ? letter + 10 : nil
    }
}
