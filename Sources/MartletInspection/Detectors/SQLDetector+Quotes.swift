/// What goes on behind a quote that ends a string of the statement.
extension SQLDetector {
    /// Whether SQL can go on behind the closing quote that the text begins with.
    var goesOn: Bool {
        guard self.kind(0) == .string || self.kind(0) == .quotedName else { return false }
        var index = 1
        while self.kind(index) == .close { index += 1 }
        switch self.kind(index) {
        case .doubleOperator, .comparison, .semicolon, .comment, .arithmetic, .cast: return true
        case .comma:
            return self.isLiteral(index + 1) || self.kind(index + 1) == .open
                || self.kind(index + 2) == .open && self.word(index + 1) != .none
        case .open: return self.word(index + 1) == .select
        case .word:
            switch self.word(index) {
            case .logic, .comparison, .union, .having, .order, .group, .limit, .where, .not,
                .as, .into, .delay, .waitfor, .select, .from, .execute, .declare:
                return true
            case .object: return self.word(index + 1) == .procedure
            default: return false
            }
        default: return false
        }
    }

    /// "joined by 'and' or by '='": one word or sign that prose puts between quotes.
    func isQuotedSign(_ text: Span<UInt8>) -> Bool {
        let close = self.token(0).range.upperBound - 1
        // What opens a comment is one sign, whatever the comment then takes in.
        let isComment = self.kind(1) == .comment
        let end =
            isComment
            ? close + (text.at(close + 1) == UInt8(ascii: "#") ? 2 : 3)
            : self.token(1).range.upperBound
        guard close > 0, text.at(close - 1) == 0x20 || text.at(close - 1) == UInt8(ascii: "("),
            self.isAdjacent(1), text.at(end) == text.at(close)
        else { return false }
        switch text.at(end + 1) {
        case 0x20, UInt8(ascii: ","), UInt8(ascii: "."), UInt8(ascii: ")"), UInt8(ascii: ":"):
            return true
        default: return end + 1 == text.count
        }
    }

    /// Finds `x'--`, `x');#`, `x';`.
    mutating func quoteEnd(_ text: Span<UInt8>) {
        var index = 1
        while self.kind(index) == .close { index += 1 }
        self.documentCode(text, index + 1)
        if self.kind(index) == .semicolon {
            index += 1
            // A text with its quotes in pairs is a piece of code, not the end of ours.
            if self.hasOddQuotes(text), !self.isProse(index),
                index == self.count || self.isAdjacent(index - 1)
            {
                self.add(.sqlQuoteEnd)
            }
        }
        self.clauseEnd(text, index)
        guard index + 1 == self.count, self.kind(index) == .comment else { return }
        let comment = self.token(index).range
        var letters = 0
        for place in comment where TextByte.isWord(text[place]) { letters += 1 }
        if letters <= 1 || text.at(comment.lowerBound) == UInt8(ascii: "/") && letters < 20 {
            self.add(.sqlQuoteEnd)
        }
    }

    /// Finds `'; return true`, `';db.users.drop(`, `'||this.name`: code that MongoDB runs.
    private mutating func documentCode(_ text: Span<UInt8>, _ index: Int) {
        let start = self.token(index).range.lowerBound
        switch self.kind(index - 1) {
        case .semicolon:
            let isReturn = text.holds("return", at: start) && self.token(index).range.count == 6
            let isCollection =
                text.holds("db.", at: start) && self.kind(index + 2) == .word
                && self.kind(index + 3) == .dot && self.kind(index + 5) == .open
            if isReturn || isCollection { self.add(.noSQLScript) }
        case .doubleOperator:
            if text.holds("this.", at: start) { self.add(.noSQLScript) }
        default: break
        }
    }

    /// Finds `x' group by 1--`: SQL goes on behind the quote, and its end is cut off.
    private mutating func clauseEnd(_ text: Span<UInt8>, _ index: Int) {
        let last = self.token(self.count - 1)
        switch self.word(index) {
        case .group, .order, .limit, .into, .having, .where, .union, .object: break
        default: guard self.kind(index) == .comma else { return }
        }
        guard index < self.count - 1, self.count < 48, last.kind == .comment,
            !text.holds("/*", at: last.range.lowerBound)
        else { return }
        // The comment is empty but for a letter or two, or begins at once.
        var letters = 0
        for place in last.range where TextByte.isWord(text[place]) { letters += 1 }
        if letters <= 1, !self.isPlain(index + 1) { self.add(.sqlQuoteEnd) }
    }

    private func hasOddQuotes(_ text: Span<UInt8>) -> Bool {
        let quote = text.at(self.token(0).range.upperBound - 1)
        var count = 0
        for index in text.indices where text[index] == quote { count += 1 }
        return count % 2 == 1
    }
}
