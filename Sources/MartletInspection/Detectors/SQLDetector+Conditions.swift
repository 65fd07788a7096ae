/// Conditions that are added, and other statements' results.
extension SQLDetector {
    /// `OR 1=1` and its kin, from the OR on.
    mutating func condition(_ index: Int, _ text: Span<UInt8>) {
        var left = index + 1
        while self.kind(left) == .open || self.word(left) == .not
            || self.kind(left) == .arithmetic
        {
            left += 1
        }
        guard left < self.count else { return }
        if self.isTrueFact(index, left, text) { return self.add(.sqlTautology) }
        if self.isBroken, self.word(left) == .exists { return self.add(.sqlTautology) }
        // `or binary 'a'='a'`
        if self.word(left) == .type, self.isLiteral(left + 1) { left += 1 }
        let isLiteralLeft = self.isLiteral(left)
        var operation = left + 1
        // `x' or '`, `' or '' '`: the statement's own quote ends what begins here.
        if self.isBroken,
            self.kind(left) == .openString && self.token(left).range.count == 1
                || self.kind(left) == .string && self.kind(operation) == .openString
                    && self.token(operation).range.count < 3
        {
            return self.add(.sqlTautology)
        }
        if index == 0, self.count == 2, self.kind(1) == .openString, self.kind(0) != .word {
            return self.add(.sqlTautology)
        }
        // `' or ''-'`: two texts that MySQL takes for numbers.
        if self.isBroken, isLiteralLeft, self.kind(operation) == .arithmetic,
            self.isLiteral(operation + 1)
        {
            return self.add(.sqlTautology)
        }
        if self.kind(operation) == .open, self.kind(left) == .word {
            // A call: which of its values is compared does not matter behind a quote.
            if self.isBroken || self.word(left) == .function { self.add(.sqlTautology) }
            return
        }
        while operation < left + 16,
            self.kind(operation) == .close || self.kind(operation) == .dot && !isLiteralLeft
                || (self.kind(operation) == .cast && self.kind(operation + 1) == .word)
        {
            operation += self.kind(operation) == .close ? 1 : 2
        }
        let isSymbol = self.kind(operation) == .comparison
        let isWord = self.word(operation) == .comparison
        guard isSymbol || isWord, operation + 1 < self.count else { return }
        if self.isBroken {
            self.conditionBehindQuote(operation, isLiteralLeft, isSymbol)
        } else if isLiteralLeft {
            self.plainCondition(index, left, operation, isSymbol)
        } else if isSymbol, self.isEquality(operation), self.isSame(left, operation + 1, text) {
            self.add(.sqlTautology)
        }
    }

    /// `a=a`: a name that is compared with itself.
    private func isSame(_ left: Int, _ right: Int, _ text: Span<UInt8>) -> Bool {
        let first = self.token(left).range
        let second = self.token(right).range
        guard self.kind(left) == .word, self.kind(right) == .word, first.count == second.count,
            self.kind(right + 1) != .dot, self.kind(right + 1) != .open
        else { return false }
        for offset in 0..<first.count
        where text[first.lowerBound + offset] != text[second.lowerBound + offset] { return false }
        return true
    }

    private mutating func conditionBehindQuote(
        _ operation: Int, _ isLiteralLeft: Bool, _ isSymbol: Bool
    ) {
        if isSymbol || isLiteralLeft || self.isLiteral(operation + 1)
            || self.kind(operation + 1) == .open || self.word(operation + 1) == .null
            || self.word(operation + 1) == .not && self.word(operation + 2) == .null
        {
            self.add(.sqlTautology)
        }
    }

    /// Without a quote before it, two literals are compared, which no expression language needs.
    private mutating func plainCondition(
        _ index: Int, _ left: Int, _ operation: Int, _ isSymbol: Bool
    ) {
        let right = operation + 1
        let isFirst = index == 0 || self.kind(index - 1) == .arithmetic
        let isOrder = isSymbol && self.token(operation).range.count == 1
        let isEquality = isSymbol && self.isEquality(operation)
        if isFirst && self.kind(left) != .number && (isSymbol || self.isLiteral(right)) {
            self.add(.sqlTautology)
        } else if self.isLiteral(right), isEquality || !isSymbol {
            // "…, and 5 = 5 as well": prose before and prose behind.
            let isProse = index > 0 && self.kind(index - 1) == .comma && self.isProse(right + 1)
            if !isProse { self.add(.sqlTautology) }
        } else if isOrder, self.isLiteral(right),
            index == 1 && self.kind(0) == .number || index == 0 && right + 1 == self.count
        {
            self.add(.sqlTautology)
        } else if index == 0, !isSymbol, self.kind(right) == .open, self.kind(left) == .string {
            self.add(.sqlTautology)
        } else if isEquality, self.kind(right) == .open, self.kind(left) == .number,
            self.kind(index - 1) == .number || self.kind(index - 1) == .close
        {
            // `1 and 5=(…)`: what is compared with a number is worked out.
            self.add(.sqlTautology)
        }
    }

    func isProse(_ index: Int) -> Bool {
        self.kind(index) == .word && self.kind(index + 1) == .word
    }

    /// Two words that no statement has there, or the second of which only joins.
    func isPlain(_ index: Int) -> Bool {
        self.isProse(index) && self.word(index) == .none
            && (self.word(index + 1) == .none || self.word(index + 1) == .logic)
    }

    private func isKnownWord(_ index: Int) -> Bool {
        self.word(index) != .none || index < self.count && self.kind(index) != .word
    }

    private func isEquality(_ index: Int) -> Bool {
        self.token(index).range.count > 1 || self.token(index).sign == UInt8(ascii: "=")
    }

    /// Finds `' or true--`, `1 or true`.
    private func isTrueFact(_ index: Int, _ left: Int, _ text: Span<UInt8>) -> Bool {
        // `or 1/*`, `or true--` as the whole value.
        if index == 0, self.kind(index) == .word, self.count == left + 2,
            self.kind(left + 1) == .comment
        {
            let isRemark = self.token(left + 1).range.count > 3
            return !isRemark && (self.word(left) == .null || self.kind(left) == .number)
        }
        guard self.isBroken || self.kind(index - 1) == .number, self.kind(index) == .word else {
            return false
        }
        let isFact = self.word(left) == .null || (self.isBroken && self.kind(left) == .number)
        return isFact && (self.kind(left + 1) == .comment || self.kind(left + 1) == .semicolon)
    }

    /// Finds `UNION ALL SELECT`.
    mutating func union(_ index: Int) {
        var next = index + 1
        while self.word(next) == .quantifier || self.kind(next) == .open
            || self.kind(next) == .comment
        {
            next += 1
        }
        guard self.word(next) == .select else { return }
        // "union select committee" is prose.
        let isProse =
            (self.isBroken ? index == 1 && !self.isAdjacent(1) : index == 0)
            && self.word(next + 1) == .none
            && self.kind(next + 1) == .word && !self.isKnownWord(next + 2)
        if self.isAnchored(index) && !isProse || self.token(next).afterComment
            || self.kind(next - 1) == .open
            || self.kind(index + 1) == .comment || self.isSelectList(next)
        {
            self.add(.sqlUnion)
        }
    }

    /// Finds `SELECT … FROM`.
    mutating func select(_ index: Int) {
        let isInner = self.kind(index - 1) == .open || self.kind(index - 1) == .doubleOperator
        if self.isSelectList(index) {
            self.add(.sqlSelect)
        } else if isInner || (self.isBroken && self.isAnchored(index)),
            let from = self.from(index), self.isName(from + 1)
        {
            self.add(.sqlSelect)
        }
    }

    /// Where the FROM of a SELECT is, if it is near.
    private func from(_ index: Int) -> Int? {
        var next = index + 1
        while next < min(self.count, index + 24) {
            if self.word(next) == .from { return next }
            next += 1
        }
        return nil
    }

    /// Whether what follows a SELECT are columns and not prose.
    func isSelectList(_ index: Int) -> Bool {
        var next = index + 1
        while self.word(next) == .quantifier { next += 1 }
        switch self.kind(next) {
        case .arithmetic:
            // "select * from the list" goes on like prose.
            return self.token(next).sign == UInt8(ascii: "*")
                && (next + 1 == self.count
                    || self.word(next + 1) == .from && self.isTableEnd(next + 3))
        case .number, .string, .variable, .quotedName:
            switch self.kind(next + 1) {
            case .comma: return self.isLiteralList(next)
            case .close, .comment, .semicolon: return true
            case .word: return self.word(next + 1) == .from
            case .doubleOperator: return self.kind(next + 2) == .open
            default: return self.kind(next) == .variable
            }
        case .open: return self.word(next + 1) == .select || self.word(next + 1) == .case
        case .word: return self.isColumnList(next)
        default: return false
        }
    }

    /// `1,2,…` and nothing behind it that only prose has.
    private func isLiteralList(_ first: Int) -> Bool {
        var next = first
        while next < first + 64, self.kind(next + 1) == .comma,
            self.isLiteral(next + 2) || self.isName(next + 2)
        {
            next += 2
        }
        guard next > first else { return false }
        return self.kind(next + 1) != .word
            || self.word(next + 1) != .none && self.word(next + 1) != .logic
    }

    private func isColumnList(_ first: Int) -> Bool {
        switch self.word(first) {
        case .function, .commonFunction, .plainFunction, .condition, .delay, .object:
            if self.kind(first + 1) == .open, self.isAdjacent(first + 1) { return true }
            if self.word(first) == .delay { return self.kind(first + 1) != .word }
        case .null: return self.kind(first + 1) == .comma || self.kind(first + 1) == .comment
        case .case:
            return self.word(first + 1) == .when
                || self.isLiteral(first + 1) && self.word(first + 2) == .when
        default: break
        }
        var next = first
        var isList = false
        while self.isName(next), next < first + 64 {
            guard self.kind(next + 1) == .dot || self.kind(next + 1) == .comma else {
                next += 1
                break
            }
            isList = true
            next += 2
        }
        guard self.word(next) == .from, self.isName(next + 1) || self.kind(next + 1) == .open else {
            return false
        }
        return isList && self.isTableEnd(next + 2) || self.isQueryTail(next + 2)
    }

    /// Whether the name of a table can end here.
    private func isTableEnd(_ index: Int) -> Bool {
        self.kind(index) != .word || self.word(index) != .none
    }

    /// Whether a query goes on, so that what came before was one.
    private func isQueryTail(_ index: Int) -> Bool {
        switch self.kind(index) {
        case .dot: return self.isName(index + 1)
        case .semicolon: return index + 1 == self.count || self.kind(index + 1) == .comment
        case .comment: return true
        case .close: return self.isBroken
        default: break
        }
        switch self.word(index) {
        case .where:
            return self.isName(index + 1)
                && (self.kind(index + 2) == .comparison || self.kind(index + 2) == .dot
                    || self.word(index + 2) == .comparison && self.isLiteral(index + 3))
        case .limit: return self.kind(index + 1) == .number
        case .group, .order: return self.word(index + 1) == .by
        case .union: return self.word(index + 1) == .select
        default: return false
        }
    }
}
