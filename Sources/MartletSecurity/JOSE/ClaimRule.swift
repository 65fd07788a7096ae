package import MartletJSON

/// A condition on one claim.
package struct ClaimRule: Sendable, Equatable {
    package enum Test: Sendable, Equatable {
        case isPresent
        /// The claim is one of these texts; of a list, or of words with spaces between, one is
        /// enough.
        case isOneOf([[UInt8]])
    }

    package let place: ClaimPlace
    package let test: Test

    package init(place: ClaimPlace, test: Test) {
        self.place = place
        self.test = test
    }

    package func check(_ document: JSONDocument) -> TokenRefusal? {
        guard let node = self.place.find(in: document), document.kind(node) != .null else {
            return .claimMissing
        }
        switch self.test {
        case .isPresent: return nil
        case .isOneOf(let values):
            let found = ClaimText.contains(document, node) { text in text.isAny(of: values) }
            return found ? nil : .claimWrong
        }
    }
}

/// Where a claim stands: its name, or a JSON pointer if that begins with `/`.
package struct ClaimPlace: Sendable, Hashable {
    package let text: String
    private let key: [UInt8]
    private let pointer: JSONPointer?

    /// - Returns: `nil` if it begins with `/` and is no JSON pointer (RFC 6901), or is empty.
    package init?(_ text: String) {
        guard !text.isEmpty else { return nil }
        self.text = text
        self.key = Array(text.utf8)
        guard text.hasPrefix("/") else {
            self.pointer = nil
            return
        }
        guard let pointer = try? JSONPointer(text) else { return nil }
        self.pointer = pointer
    }

    package static func == (left: ClaimPlace, right: ClaimPlace) -> Bool {
        left.text == right.text
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(self.text) }

    /// The claim's name, or that of the claim in which it stands.
    package var memberName: String {
        guard self.text.hasPrefix("/") else { return self.text }
        let token = self.text.dropFirst().prefix { $0 != "/" }
        return token.split(separator: "~1", omittingEmptySubsequences: false)
            .joined(separator: "/")
            .split(separator: "~0", omittingEmptySubsequences: false).joined(separator: "~")
    }

    package func find(in document: JSONDocument) -> Int? {
        guard document.nodeCount > 0 else { return nil }
        guard let pointer = self.pointer else {
            return document.value(of: self.key.span, in: 0)
        }
        return document.value(at: pointer)
    }
}

/// Claims as texts.
package enum ClaimText {
    /// Calls `matches` with each text that the claim holds, until one does: the elements of a list;
    /// or the whole text, and if it has spaces each of its words.
    ///
    /// Numbers and booleans are compared as they are written.
    package static func contains(
        _ document: JSONDocument, _ node: Int, _ matches: (Span<UInt8>) -> Bool
    ) -> Bool {
        switch document.kind(node) {
        case .string:
            let text = document.string(node)
            if matches(text) { return true }
            return self.words(of: text, matches)
        case .number, .true, .false: return matches(document.text(node))
        case .array:
            var child = document.firstChild(of: node)
            while child < document.end(of: node) {
                switch document.kind(child) {
                case .string: if matches(document.string(child)) { return true }
                case .number, .true, .false: if matches(document.text(child)) { return true }
                case .null, .array, .object: break
                }
                child = document.end(of: child)
            }
            return false
        case .null, .object: return false
        }
    }

    private static func words(of text: Span<UInt8>, _ matches: (Span<UInt8>) -> Bool) -> Bool {
        var start = 0
        for index in 0...text.count where index == text.count || text[index] == 0x20 {
            if index > start, index - start < text.count,
                matches(text.extracting(start..<index))
            {
                return true
            }
            start = index + 1
        }
        return false
    }

    /// The claim as one text: a string as it is, a list's texts with spaces between; `nil` for
    /// what cannot be put into one line.
    package static func line(_ document: JSONDocument, _ node: Int) -> [UInt8]? {
        switch document.kind(node) {
        case .string: return self.visible(document.string(node))
        case .number, .true, .false: return document.text(node).copy
        case .array:
            var line: [UInt8] = []
            var child = document.firstChild(of: node)
            while child < document.end(of: node) {
                guard !document.kind(child).isContainer,
                    let text = self.line(document, child)
                else { return nil }
                if !line.isEmpty { line.append(0x20) }
                line += text
                child = document.end(of: child)
            }
            return line
        case .null, .object: return nil
        }
    }

    /// The names that the claim holds, a string's words or a list's texts, with separators between.
    ///
    /// A name that holds the separator, or cannot be put into one line, is left out: it would be
    /// read as other names.
    package static func names(
        _ document: JSONDocument, _ node: Int, separator: UInt8
    ) -> [UInt8] {
        var names: [[UInt8]] = []
        switch document.kind(node) {
        case .string:
            names = document.string(node).copy.split(separator: 0x20).map { Array($0) }
        case .array:
            var child = document.firstChild(of: node)
            while child < document.end(of: node) {
                if !document.kind(child).isContainer, let text = self.line(document, child) {
                    names.append(text)
                }
                child = document.end(of: child)
            }
        case .number, .true, .false: names = [document.text(node).copy]
        case .null, .object: break
        }
        names.removeAll { name in
            name.isEmpty || name.contains(separator) || self.visible(name.span) == nil
        }
        return Array(names.joined(separator: [separator]))
    }

    /// Nothing that could end a field line, or hide in one.
    private static func visible(_ text: Span<UInt8>) -> [UInt8]? {
        for index in text.indices where text[index] < 0x20 || text[index] == 0x7f { return nil }
        return text.copy
    }
}

extension Span where Element == UInt8 {
    /// Whether one of the texts holds the same bytes.
    func isAny(of texts: [[UInt8]]) -> Bool {
        for index in texts.indices {
            let text = texts[index]
            if self.holdsSameBytes(as: text.span) { return true }
        }
        return false
    }
}
