/// Whole statements and their clauses.
extension SQLDetector {
    /// What follows a semicolon.
    mutating func stacked(_ index: Int) {
        switch self.word(index) {
        case .none: break
        case .having, .union:
            if self.isBroken { self.add(.sqlStacked) }
        case .verb:
            if self.isAdjacent(index), self.isName(index + 1), self.kind(index + 2) != .comparison {
                self.add(.sqlStacked)
            }
        case .select:
            if self.isSelectList(index) || self.word(index + 2) == .from
                || self.isAdjacent(index) && self.isName(index + 1)
            {
                self.add(.sqlStacked)
            }
        case .shutdown:
            if index + 1 == self.count || self.kind(index + 1) == .comment {
                self.add(.sqlStacked)
            }
        case .set:
            if self.kind(index + 1) == .variable, self.token(index + 1).range.count > 1 {
                self.add(.sqlStacked)
            }
        case .function, .delay:
            if self.kind(index + 1) == .open { self.add(.sqlStacked) }
        default: self.statement(index, stacked: true)
        }
    }

    /// A statement that begins at a word.
    ///
    /// - `stacked`: it follows a semicolon.
    mutating func statement(_ index: Int, stacked: Bool) {
        guard
            stacked || self.isAnchored(index) || self.word(index) == .execute
                || self.word(index) == .waitfor || self.word(index) == .declare
        else { return }
        let isName =
            self.kind(index + 1) == .word
            || self.token(index + 1).sign == UInt8(ascii: "[") && self.isAdjacent(index + 1)
        let isClose = stacked && self.isAdjacent(index) && isName
        guard isClose || self.isStatement(index, stacked: stacked || self.isBroken) else { return }
        if self.word(index) == .waitfor { self.add(.sqlDelay) }
        self.add(stacked ? .sqlStacked : .sqlStatement)
    }

    private func isStatement(_ index: Int, stacked: Bool) -> Bool {
        let next = index + 1
        switch self.word(index) {
        case .insert: return self.word(next) == .into && self.isInsert(next + 1, stacked)
        case .update: return self.isUpdate(next)
        case .delete: return self.word(next) == .from && self.isDelete(next + 1, stacked)
        case .drop, .alter, .truncate, .create: return self.isDefinition(index, stacked)
        case .execute:
            return self.word(next) == .immediate || self.kind(next) == .variable
                || self.word(next) == .function
                || self.kind(next + 1) == .dot && self.isAdjacent(next + 1)
                    && (self.isName(next + 2) || self.kind(next + 2) == .dot)
                || self.kind(next) == .open && self.kind(next + 1) == .variable
        case .declare:
            return self.kind(next) == .variable && self.token(next).range.count > 1
                && self.isDeclaredType(next + 1)
        case .waitfor:
            return self.kind(next) == .word && next + 1 < self.count
                && (self.isLiteral(next + 1) || self.kind(next + 1) == .variable)
        default: return false
        }
    }

    /// What follows a variable's name in a declaration; "declare @everyone free" has no type.
    private func isDeclaredType(_ index: Int) -> Bool {
        switch self.word(index) {
        case .type, .plainFunction, .commonFunction, .as, .table: true
        default:
            self.kind(index) == .word && index + 1 < self.count && self.kind(index + 1) != .word
        }
    }

    private func isInsert(_ table: Int, _ stacked: Bool) -> Bool {
        guard self.isName(table) || self.word(table) == .table else { return false }
        if stacked { return true }
        var next = table + 1
        while next < min(self.count, table + 64) {
            switch self.word(next) {
            case .values: return self.kind(next + 1) == .open || next + 1 >= self.count
            case .select: return true
            default: next += 1
            }
        }
        return false
    }

    private func isUpdate(_ table: Int) -> Bool {
        var next = table
        while next < table + 8, self.isName(next), self.kind(next + 1) == .dot { next += 2 }
        return self.isName(next) && self.word(next + 1) == .set && self.isName(next + 2)
            && (self.kind(next + 3) == .comparison || self.kind(next + 3) == .dot)
    }

    private func isDelete(_ table: Int, _ stacked: Bool) -> Bool {
        guard self.isName(table) else { return false }
        switch self.kind(table + 1) {
        case .semicolon, .comment: return true
        default: break
        }
        if self.word(table + 1) == .where { return self.kind(table + 3) == .comparison || stacked }
        return stacked
    }

    /// CREATE, ALTER, DROP, TRUNCATE.
    private func isDefinition(_ index: Int, _ stacked: Bool) -> Bool {
        let what = self.word(index + 1)
        if self.word(index) == .create, what == .object {
            if self.kind(index + 3) == .open || self.word(index + 3) == .detail { return true }
        }
        guard what == .table || what == .object || what == .plainFunction else { return false }
        var name = index + 2
        while self.word(name) == .exists || self.word(name) == .not
            || (self.word(name) == .condition && self.word(name + 1) == .exists)
        {
            name += 1
        }
        guard self.isName(name) else { return false }
        if stacked { return true }
        let next = name + 1
        let ends =
            next >= self.count || self.kind(next) == .semicolon || self.kind(next) == .comment
        switch self.word(index) {
        // "drop table reservation" is a request to a restaurant: without a string's end before it,
        // a statement says where it ends.
        case .drop: return ends && (self.isBroken || next < self.count)
        case .truncate: return ends && what == .table && (self.isBroken || next < self.count)
        case .create: return what == .table && self.kind(next) == .open
        default:
            return what == .table
                && (self.word(next) == .detail || self.word(next) == .drop
                    || self.word(next) == .alter)
        }
    }

    /// Words that begin a part of a statement.
    mutating func clause(_ index: Int, _ word: SQLWord) {
        switch word {
        case .case:
            if self.word(index + 1) == .when, self.isAnchored(index),
                self.word(index - 1) != .comparison, self.hasThen(index)
            {
                self.add(.sqlClause)
            }
        case .having: self.having(index)
        case .into:
            if self.word(index + 1) == .outfile, self.isLiteral(index + 2) { self.add(.sqlClause) }
        case .as:
            if self.word(index + 2) == .from, self.isAlias(index) { self.add(.sqlClause) }
        case .order:
            guard self.word(index + 1) == .by, self.kind(index + 2) == .number else { return }
            // By a number, behind a value or with the rest cut off.
            let isCutOff = self.kind(index + 3) == .comment && index + 4 == self.count
            if self.isBroken || self.kind(index - 1) == .number
                || isCutOff && (index == 0 || self.kind(index - 1) == .close)
            {
                self.add(.sqlClause)
            }
        case .comparison: self.adjacentComparison(index)
        case .against:
            if self.kind(index - 1) == .close, self.kind(index + 1) == .open {
                self.add(.sqlClause)
            }
        case .object: self.analyse(index)
        default: break
        }
    }

    /// `CASE WHEN` needs its THEN; "in case when" has none.
    private func hasThen(_ index: Int) -> Bool {
        for next in index + 3..<max(index + 3, min(self.count, index + 32))
        where self.word(next) == .then {
            return true
        }
        return false
    }

    private func isAlias(_ index: Int) -> Bool {
        switch self.kind(index - 1) {
        case .number: true
        case .string, .quotedName: self.kind(index + 1) != .word || self.isBroken
        default: false
        }
    }

    private mutating func having(_ index: Int) {
        let isCall = self.kind(index + 2) == .open && self.isAdjacent(index + 2)
        let isComparison = self.kind(index + 2) == .comparison && self.isLiteral(index + 3)
        if isCall && self.word(index + 1) != .none || isComparison { self.add(.sqlClause) }
    }

    /// Finds `)like(`.
    private mutating func adjacentComparison(_ index: Int) {
        guard self.kind(index - 1) == .close, self.kind(index + 1) == .open else { return }
        if index == 1 || self.isAdjacent(index) && self.isAdjacent(index + 1) {
            self.add(.sqlClause)
        }
    }

    /// Finds `PROCEDURE ANALYSE (`.
    private mutating func analyse(_ index: Int) {
        if self.word(index) == .object, self.word(index + 1) == .procedure,
            self.kind(index + 2) == .open
        {
            self.add(.sqlClause)
        }
    }
}
