/// Cuts text into tokens of SQL: linear, so many tokens at a time.
///
/// A text from outside lands somewhere inside of a statement. So it is read as it is, and again as
/// if it began inside of a string.
struct SQLTokeniser {
    static let tokenCountMax = 4096
    /// Tokens that stay when a longer text is read on: twice what any rule looks back or ahead.
    static let overlap = 256

    private(set) var tokens: [SQLToken] = []
    private var index = 0
    private var afterComment = false
    /// Whether a `/*! … */` or `/*+ … */` was seen in the text last read, which databases obey.
    private(set) var hasHint = false

    init() { self.tokens.reserveCapacity(256) }

    /// Reads a text; with `quote` as if it began inside of such a string.
    mutating func read(_ text: Span<UInt8>, insideOf quote: UInt8?) {
        self.tokens.removeAll(keepingCapacity: true)
        self.index = 0
        self.afterComment = false
        self.hasHint = false
        if let quote { self.string(text, quote, from: 0, start: 0) }
        self.fill(text)
    }

    /// Whether tokens are left to read.
    func hasMore(_ text: Span<UInt8>) -> Bool { self.index < text.count }

    /// Reads the next tokens, behind the last of those before.
    mutating func readOn(_ text: Span<UInt8>) {
        self.tokens.removeFirst(max(0, self.tokens.count - Self.overlap))
        self.fill(text)
    }

    private mutating func fill(_ text: Span<UInt8>) {
        while self.index < text.count, self.tokens.count < Self.tokenCountMax {
            self.token(text)
        }
    }

    private mutating func add(
        _ kind: SQLToken.Kind, _ start: Int, _ end: Int, _ word: SQLWord = .none
    ) {
        self.tokens.append(
            SQLToken(
                kind: kind, word: word, start: UInt32(start), end: UInt32(end),
                afterComment: self.afterComment))
        self.afterComment = false
        self.index = end
    }

    private mutating func token(_ text: Span<UInt8>) {
        let start = self.index
        let byte = text[start]
        if TextByte.isBlank(byte) || byte == 0xa0 {
            self.index += 1
        } else if TextByte.isDigit(byte) || byte == UInt8(ascii: ".") {
            self.number(text)
        } else if TextByte.isWord(byte) {
            let end = Self.wordEnd(text, start)
            let kind = SQLVocabulary.table.kind(of: text, start..<end)
            self.add(.word, start, end, SQLWord(rawValue: kind) ?? .none)
        } else {
            self.punctuation(text, byte)
        }
    }

    /// The end of a word; 0xa0 by itself is a blank to MySQL, behind a byte of UTF-8 a letter's.
    private static func wordEnd(_ text: Span<UInt8>, _ start: Int) -> Int {
        let end = text.wordEnd(from: start)
        guard let blank = text.index(of: 0xa0, from: start + 1, before: end),
            text.at(blank - 1) < 0x80
        else { return end }
        return blank
    }

    private mutating func number(_ text: Span<UInt8>) {
        let start = self.index
        if text[start] == UInt8(ascii: "."), !TextByte.isDigit(text.at(start + 1)) {
            self.add(.dot, start, start + 1)
            return
        }
        var end = start
        while end < text.count, TextByte.isWord(text[end]) || text[end] == UInt8(ascii: ".") {
            end += 1
        }
        // Digits that run into letters are a name, a date's month, a hash: `0x` and exponents not.
        let isNumber = Self.isNumber(text, start..<end)
        self.add(isNumber ? .number : .word, start, end)
    }

    private static func isNumber(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
        var index = range.lowerBound
        if text.holds("0x", at: index) || text.holds("0b", at: index) {
            return range.count > 2
        }
        while index < range.upperBound,
            TextByte.isDigit(text[index]) || text[index] == UInt8(ascii: ".")
        {
            index += 1
        }
        if text.at(index) == UInt8(ascii: "e"), index < range.upperBound { index += 1 }
        while index < range.upperBound, TextByte.isDigit(text[index]) { index += 1 }
        return index == range.upperBound
    }

    /// Reads on from `from` to the closing quote; `\` and a doubled quote do not close.
    private mutating func string(_ text: Span<UInt8>, _ quote: UInt8, from: Int, start: Int) {
        var end = from
        while end < text.count {
            if text[end] == UInt8(ascii: "\\"), from != start {
                end += 2
                continue
            }
            if text[end] == quote {
                if text.at(end + 1) == quote, from != start, quote != UInt8(ascii: "`") {
                    end += 2
                    continue
                }
                self.add(
                    quote == UInt8(ascii: "`") ? .quotedName : .string, start, end + 1)
                return
            }
            end += 1
        }
        self.add(.openString, start, text.count)
    }

    private mutating func punctuation(_ text: Span<UInt8>, _ byte: UInt8) {
        let start = self.index
        let next = text.at(start + 1)
        switch byte {
        case UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "`"):
            self.string(text, byte, from: start + 1, start: start)
        case UInt8(ascii: "-") where next == UInt8(ascii: "-"):
            self.lineComment(text)
        case UInt8(ascii: "#"):
            if next == UInt8(ascii: ">") || next == UInt8(ascii: "-") {
                self.operators(text)
            } else {
                self.lineComment(text)
            }
        case UInt8(ascii: "/") where next == UInt8(ascii: "*"):
            self.blockComment(text)
        case UInt8(ascii: "*") where next == UInt8(ascii: "/"):
            self.index += 2
        case UInt8(ascii: ","): self.add(.comma, start, start + 1)
        case UInt8(ascii: ";"): self.add(.semicolon, start, start + 1)
        case UInt8(ascii: "("), UInt8(ascii: "{"): self.add(.open, start, start + 1)
        case UInt8(ascii: ")"), UInt8(ascii: "}"): self.add(.close, start, start + 1)
        case UInt8(ascii: ":") where next == UInt8(ascii: ":"):
            self.add(.cast, start, start + 2)
        case UInt8(ascii: "@"):
            if next == UInt8(ascii: ">") || next == UInt8(ascii: "?") {
                self.operators(text)
            } else {
                var end = start + 1
                while text.at(end) == byte { end += 1 }
                self.add(.variable, start, text.wordEnd(from: end))
            }
        default: self.operators(text)
        }
    }

    private mutating func operators(_ text: Span<UInt8>) {
        let start = self.index
        switch text[start] {
        case UInt8(ascii: "="), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "!"),
            UInt8(ascii: "~"), UInt8(ascii: "?"), UInt8(ascii: "#"), UInt8(ascii: "@"):
            var end = start + 1
            while end < start + 3, Self.continues(text.at(end)) { end += 1 }
            self.add(.comparison, start, end)
            self.tokens[self.tokens.count - 1].sign = text[start]
        case UInt8(ascii: "|"), UInt8(ascii: "&"):
            let doubled = text.at(start + 1) == text[start]
            self.add(doubled ? .doubleOperator : .arithmetic, start, start + (doubled ? 2 : 1))
        case UInt8(ascii: "-") where text.at(start + 1) == UInt8(ascii: ">"):
            self.add(
                .comparison, start, start + (text.at(start + 2) == UInt8(ascii: ">") ? 3 : 2))
        case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "*"), UInt8(ascii: "/"),
            UInt8(ascii: "%"), UInt8(ascii: "^"):
            self.add(.arithmetic, start, start + 1)
            self.tokens[self.tokens.count - 1].sign = text[start]
        default:
            self.add(.other, start, start + 1)
            self.tokens[self.tokens.count - 1].sign = text[start]
        }
    }

    private static func continues(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "="), UInt8(ascii: ">"), UInt8(ascii: "<"), UInt8(ascii: "|"),
            UInt8(ascii: "&"), UInt8(ascii: "-"), UInt8(ascii: "@"):
            true
        default: false
        }
    }

    private mutating func lineComment(_ text: Span<UInt8>) {
        let start = self.index
        let end = text.index(of: 10, from: start) ?? text.count
        // `and#x<LF>1=1`: right behind a token and with more lines to come, it stands for a blank.
        if end + 1 < text.count, let last = self.tokens.last, Int(last.end) == start,
            last.kind != .string && last.kind != .quotedName
                || text[start] == UInt8(ascii: "#")
        {
            self.index = end + 1
            return
        }
        self.add(.comment, start, end)
    }

    /// `/* … */` is a blank; what `/*! … */` holds is run by MySQL.
    private mutating func blockComment(_ text: Span<UInt8>) {
        self.afterComment = true
        let mark = text.at(self.index + 2)
        if mark == UInt8(ascii: "!") || mark == UInt8(ascii: "+"),
            text.index(of: "*/", from: self.index + 2, before: self.index + 256) != nil
        {
            self.hasHint = true
        }
        if text.at(self.index + 2) == UInt8(ascii: "!") {
            self.index += 3
            while TextByte.isDigit(text.at(self.index)) { self.index += 1 }
        } else if let end = text.index(of: "*/", from: self.index + 2) {
            self.index = end + 2
        } else {
            self.add(.comment, self.index, text.count)
        }
    }
}
