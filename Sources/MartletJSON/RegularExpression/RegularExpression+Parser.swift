extension RegularExpression {
    /// Reads a pattern of ECMA-262 (§22.2.1, with the `u` flag, as JSON Schema core §6.4 asks for).
    ///
    /// More is taken in one place: any ASCII punctuation may be escaped. Recursion is bounded by
    /// `depthMax`.
    struct Parser {
        static let depthMax = 50
        static let countMax = 100_000

        let pattern: [UInt32]
        var position = 0
        /// Without it only the syntax is checked, and no sets are made.
        let makesSets: Bool
        private var depth = 0
        private var groupCount = 0
        private var groupNames: Set<[UInt32]> = []
        private var highestReference = (number: 0, offset: 0)
        private var namedReferences: [(name: [UInt32], offset: Int)] = []
        /// What cannot be matched in linear time, told only if the pattern is good otherwise.
        private var unsupported: RegularExpressionError?

        init(_ pattern: Span<UInt8>, makesSets: Bool = true) throws(RegularExpressionError) {
            var scalars: [UInt32] = []
            var index = 0
            while index < pattern.count {
                guard
                    case .scalar(let scalar, let byteCount) = UTF8Sequence.decode(
                        pattern, at: index)
                else { throw RegularExpressionError(.notUTF8, at: scalars.count) }
                scalars.append(scalar)
                index &+= byteCount
            }
            self.pattern = scalars
            self.makesSets = makesSets
        }

        mutating func parse() throws(RegularExpressionError) -> Syntax {
            let syntax = try self.disjunction()
            guard self.position == self.pattern.count else { throw self.error(.unopenedGroup) }
            if self.highestReference.number > self.groupCount {
                throw RegularExpressionError(.unknownGroup, at: self.highestReference.offset)
            }
            for reference in self.namedReferences where !self.groupNames.contains(reference.name) {
                throw RegularExpressionError(.unknownGroup, at: reference.offset)
            }
            if let unsupported { throw unsupported }
            return syntax
        }

        // MARK: - Characters

        func error(
            _ reason: RegularExpressionError.Reason, at offset: Int? = nil
        )
            -> RegularExpressionError
        {
            RegularExpressionError(reason, at: offset ?? self.position)
        }

        /// The character at the position, or one behind it.
        func peek(_ distance: Int = 0) -> Unicode.Scalar? {
            let index = self.position + distance
            return index < self.pattern.count ? Unicode.Scalar(self.pattern[index]) : nil
        }

        mutating func take(_ text: String) -> Bool {
            let scalars = text.unicodeScalars
            guard self.pattern[self.position...].starts(with: scalars.map(\.value)) else {
                return false
            }
            self.position += scalars.count
            return true
        }

        mutating func refuse(_ reason: RegularExpressionError.Reason, at offset: Int) {
            if self.unsupported == nil { self.unsupported = self.error(reason, at: offset) }
        }

        // MARK: - Alternatives and groups

        private mutating func disjunction() throws(RegularExpressionError) -> Syntax {
            guard self.depth < Self.depthMax else { throw self.error(.tooDeep) }
            self.depth += 1
            var alternatives: [Syntax] = []
            repeat {
                var parts: [Syntax] = []
                while let next = self.peek(), next != "|", next != ")" {
                    parts.append(try self.term())
                }
                alternatives.append(.sequence(parts))
            } while self.take("|")
            self.depth -= 1
            return alternatives.count == 1 ? alternatives[0] : .alternatives(alternatives)
        }

        private mutating func term() throws(RegularExpressionError) -> Syntax {
            let start = self.position
            guard let next = self.peek() else { return .empty }
            switch next {
            case "^": return self.assertion(.start, length: 1)
            case "$": return self.assertion(.end, length: 1)
            case "\\" where self.peek(1) == "b": return self.assertion(.wordBoundary, length: 2)
            case "\\" where self.peek(1) == "B": return self.assertion(.notWordBoundary, length: 2)
            case "(":
                let group = try self.group()
                guard let group else {
                    self.refuse(.lookAround, at: start)
                    return .empty
                }
                return try self.quantified(group)
            case "*", "+", "?": throw self.error(.nothingToRepeat)
            case "{":
                throw self.error(
                    try self.count() == nil ? .unescapedBracket : .nothingToRepeat, at: start)
            case "}", "]": throw self.error(.unescapedBracket)
            case "[": return try self.quantified(.set(try self.characterClass()))
            case ".":
                self.position += 1
                return try self.quantified(.set(.notLineEnd))
            case "\\": return try self.quantified(try self.escapedAtom())
            default:
                self.position += 1
                return try self.quantified(.set(ScalarSet(next.value)))
            }
        }

        private mutating func assertion(
            _ assertion: Syntax.Assertion, length: Int
        ) -> Syntax {
            // A quantifier behind it meets nothing to repeat.
            self.position += length
            return .assertion(assertion)
        }

        /// What is in the group, or `nil` if it looks ahead or behind.
        private mutating func group() throws(RegularExpressionError) -> Syntax? {
            let start = self.position
            let looksAround =
                self.take("(?=") || self.take("(?!") || self.take("(?<=") || self.take("(?<!")
            if !looksAround, !self.take("(?:") {
                if self.take("(?<") {
                    let name = try self.groupName()
                    guard self.groupNames.insert(name).inserted else {
                        throw self.error(.repeatedGroupName, at: start)
                    }
                } else {
                    guard self.peek(1) != "?" else { throw self.error(.invalidGroup) }
                    self.position += 1
                }
                self.groupCount += 1
            }
            let content = try self.disjunction()
            guard self.take(")") else { throw self.error(.unclosedGroup, at: start) }
            return looksAround ? nil : content
        }

        private mutating func groupName() throws(RegularExpressionError) -> [UInt32] {
            let start = self.position
            while let next = self.peek(), next != ">" {
                let isFirst = self.position == start
                let isAllowed =
                    next == "_" || next == "$"
                    || (isFirst ? next.properties.isIDStart : next.properties.isIDContinue)
                guard isAllowed else { throw self.error(.invalidGroupName) }
                self.position += 1
            }
            guard self.position > start, self.peek() == ">" else {
                throw self.error(.invalidGroupName, at: start)
            }
            self.position += 1
            return Array(self.pattern[start..<self.position - 1])
        }

        // MARK: - Quantifiers

        private mutating func quantified(
            _ part: Syntax
        ) throws(RegularExpressionError) -> Syntax {
            let start = self.position
            let count: (least: Int, most: Int?)
            if self.take("*") {
                count = (0, nil)
            } else if self.take("+") {
                count = (1, nil)
            } else if self.take("?") {
                count = (0, 1)
            } else if self.peek() == "{" {
                guard let written = try self.count() else {
                    throw self.error(.invalidQuantifier, at: start)
                }
                count = written
            } else {
                return part
            }
            _ = self.take("?")
            return .repeated(part, least: count.least, most: count.most)
        }

        /// The `{2}`, `{2,}` or `{2,5}` at the position, or `nil` if it is none.
        private mutating func count() throws(RegularExpressionError) -> (least: Int, most: Int?)? {
            let start = self.position
            self.position += 1
            guard let least = self.decimal() else { return nil }
            if self.take("}") { return (least, least) }
            guard self.take(",") else { return nil }
            if self.take("}") { return (least, nil) }
            guard let most = self.decimal(), self.take("}") else { return nil }
            guard least <= most else { throw self.error(.quantifierOutOfOrder, at: start) }
            return (least, most)
        }

        /// Digits at the position; what is above `countMax` is too large in any case.
        mutating func decimal() -> Int? {
            var value: Int?
            while let digit = self.peek()?.value, 0x30...0x39 ~= digit {
                value = min(Self.countMax, (value ?? 0) * 10 + Int(digit - 0x30))
                self.position += 1
            }
            return value
        }

        // MARK: - References

        private mutating func escapedAtom() throws(RegularExpressionError) -> Syntax {
            let start = self.position
            if let digit = self.peek(1)?.value, 0x31...0x39 ~= digit {
                self.position += 1
                let number = self.decimal() ?? 0
                if number > self.highestReference.number { self.highestReference = (number, start) }
                self.refuse(.backReference, at: start)
                return .empty
            }
            if self.take("\\k") {
                guard self.take("<") else { throw self.error(.invalidEscape, at: start) }
                self.namedReferences.append((try self.groupName(), start))
                self.refuse(.backReference, at: start)
                return .empty
            }
            return .set(try self.escape(inClass: false).set)
        }
    }
}
