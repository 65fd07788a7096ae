/// Calls of functions that databases have.
extension SQLDetector {
    mutating func call(_ index: Int, _ word: SQLWord, _ text: Span<UInt8>) {
        // Finds `utl_http.request(`, `dbms_pipe.receive_message(`.
        if word == .function || word == .delay, self.kind(index + 1) == .dot,
            self.kind(index + 2) == .word, self.kind(index + 3) == .open,
            self.isAdjacent(index + 1),
            self.isAdjacent(index + 3), !self.isExpression
        {
            self.add(.sqlFunction)
        }
        guard self.kind(index + 1) == .open, !self.isExpression else { return }
        let argument = index + 2
        let isAdjacent = self.isAdjacent(index + 1)
        switch word {
        case .condition: self.conditional(index)
        case .object:
            // `database()`, `user(`; `view()` and `login()` are anybody's.
            let start = self.token(index).range.lowerBound
            guard
                text.holds("database", at: start) || text.holds("schema", at: start)
                    || text.holds("user", at: start)
            else { return }
            let isEmpty = argument >= self.count || self.kind(argument) == .close
            if isEmpty, self.kind(index - 1) != .dot,
                isAdjacent || argument >= self.count && self.isAnchored(index)
            {
                self.add(.sqlFunction)
            }
        case .delay: self.delay(index, argument, isAdjacent)
        case .function:
            // "a CRC32 (IEEE) sum": words, and a blank before the bracket.
            let isProse =
                !isAdjacent && self.kind(index - 1) == .word && self.word(index - 1) == .none
            if !isProse { self.add(.sqlFunction) }
        default:
            guard self.isAnchored(index) else { return }
            let isOpenEnd = argument >= self.count
            let isList =
                self.kind(argument) == .number && self.kind(argument + 1) == .comma
            // `item(s)` is prose.
            let isPlural =
                self.kind(argument + 1) == .close && self.token(argument).range.count == 1
            // "the degrees() and radians() functions"
            let isNamed =
                self.kind(argument) == .close && self.kind(argument + 1) == .word
                && self.word(argument + 1) == .none
            if isNamed { return }
            if isOpenEnd || isList || (isAdjacent && !isPlural) { self.add(.sqlFunction) }
        }
    }

    /// Finds `if(1=1`, `if (x=1`.
    private mutating func conditional(_ index: Int) {
        guard self.kind(index + 3) == .comparison else { return }
        let isNumber = self.kind(index + 2) == .number
        // `=IF(A1>5,…)` is a spreadsheet's.
        let isSingle =
            self.token(index + 3).range.count == 1 && self.kind(index - 1) != .comparison
        if isNumber || isSingle && self.kind(index + 2) == .word && self.isAdjacent(index + 1) {
            self.add(.sqlClause)
        }
    }

    private mutating func delay(_ index: Int, _ argument: Int, _ isAdjacent: Bool) {
        let next = self.kind(argument + 1)
        let isNumber = self.kind(argument) == .number || self.kind(argument) == .arithmetic
        let ends =
            next == .close || next == .arithmetic || next == .comma || next == .number
            || argument + 1 >= self.count
        let isCall = self.kind(argument + 1) == .open || self.kind(argument) == .open
        // "benchmark (2024) results"
        let isProse =
            !isAdjacent && next == .close && self.kind(argument + 2) == .word
            && self.word(argument + 2) == .none
        let anchored = self.isAnchored(index) && !isProse || isAdjacent
        if anchored && argument >= self.count && isAdjacent {
            self.add(.sqlDelay)
        } else if anchored
            && (isNumber && ends || isCall || isNumber && self.word(argument + 1) != .none)
        {
            self.add(.sqlDelay)
        } else if isAdjacent && !isNumber && self.token(argument).range.count > 2 {
            self.add(.sqlDelay)
        }
    }
}
