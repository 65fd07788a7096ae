/// Reads an XML text once and says whether it is well formed as far as its tags are, and within
/// bounds.
///
/// No document type is taken, so there are no entities but the five of XML itself (XML 1.0 §4.6),
/// none of which grows. Holds the names of the open elements as ranges; time is linear.
package struct XMLBounds: Sendable {
    package enum Problem: Equatable {
        case malformed, documentType, unknownEntity, tooDeep, tooManyNodes, tooManyAttributes

        var sentence: String {
            switch self {
            case .malformed: "the body must be well-formed XML"
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

        init(_ bounds: XMLBounds) { self.bounds = bounds }

        mutating func read(_ text: Span<UInt8>) -> Problem? {
            // UTF-16 would read as something else here than behind the proxy.
            if text.count >= 2, text[0] >= 0xfe || text[0] == 0 || text[1] == 0 {
                return .malformed
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
                let isByteOrderMark = self.index < 3 && byte >= 0x80
                guard !self.open.isEmpty || Self.isBlank(byte) || isByteOrderMark else {
                    return .malformed
                }
                self.index += 1
            }
            return nil
        }

        private mutating func markup(_ text: Span<UInt8>) -> Problem? {
            if self.holds("<!--", text) { return self.skip(past: "-->", text) }
            if self.holds("<![CDATA[", text) {
                return self.open.isEmpty ? .malformed : self.skip(past: "]]>", text)
            }
            if self.holds("<?", text) { return self.skip(past: "?>", text) }
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

        private mutating func skip(past end: StaticString, _ text: Span<UInt8>) -> Problem? {
            self.index += 2
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
            var attributeCount = 0
            while true {
                self.nodeCount += 1
                guard self.nodeCount <= self.bounds.nodeCountMax else { return .tooManyNodes }
                let isApart = self.skipBlanks(text)
                if self.take(UInt8(ascii: ">"), text) {
                    guard self.open.count < self.bounds.depthMax else { return .tooDeep }
                    self.open.append(name)
                    return nil
                }
                if self.take(UInt8(ascii: "/"), text) {
                    guard self.open.count < self.bounds.depthMax else { return .tooDeep }
                    return self.take(UInt8(ascii: ">"), text) ? nil : .malformed
                }
                attributeCount += 1
                guard attributeCount <= self.bounds.memberCountMax else {
                    return .tooManyAttributes
                }
                guard isApart else { return .malformed }
                if let problem = self.attribute(text) { return problem }
            }
        }

        private mutating func attribute(_ text: Span<UInt8>) -> Problem? {
            guard !self.name(text).isEmpty else { return .malformed }
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
            while self.index < text.count,
                text[self.index].isDigit || isHexadecimal && (text[self.index] | 0x20) &- 0x61 < 6
            {
                self.index += 1
            }
            guard 1...8 ~= self.index - start, self.take(UInt8(ascii: ";"), text) else {
                return .malformed
            }
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

        private static func isBlank(_ byte: UInt8) -> Bool {
            byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d
        }

        @discardableResult
        private mutating func skipBlanks(_ text: Span<UInt8>) -> Bool {
            let start = self.index
            while self.index < text.count, Self.isBlank(text[self.index]) { self.index += 1 }
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
}
