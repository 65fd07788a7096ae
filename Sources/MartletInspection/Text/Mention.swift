/// Tells whether a text only speaks of something: a name of a file, a function or a property that
/// stands between words, as it does in descriptions, reports and questions.
enum Mention {
    /// Words behind which code goes on; in front of a name they are no prose.
    private static let keywordTable = WordTable([
        (
            1,
            """
            return new typeof void throw case var let const else yield await delete echo print \
            eval \
            exec system include require include_once require_once load source import
            """
        )
    ])

    /// Whether words or code marks of Markdown stand beside a name, and nothing is done with it.
    ///
    /// - `range`: the name; members behind it and empty brackets belong to it.
    static func isSpokenOf(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
        var end = range.upperBound
        var rounds = 0
        while text.at(end) == UInt8(ascii: "."), TextByte.isLetter(text.at(end + 1)), rounds < 4 {
            end = text.wordEnd(from: end + 1)
            rounds += 1
        }
        if text.at(end) == UInt8(ascii: "("), text.at(end + 1) == UInt8(ascii: ")") { end += 2 }
        let before = text.at(range.lowerBound - 1)
        if before == UInt8(ascii: "`") {
            // As a whole value, a shell would run it.
            let isWhole = range.lowerBound == 1 && end + 1 == text.count
            return !isWhole && text.at(end) == UInt8(ascii: "`")
        }
        return Self.endsPhrase(text, end)
            && (range.lowerBound == 0
                ? Self.isWordBehind(text, end)
                : Self.isWordBefore(text, range.lowerBound))
    }

    /// Whether a name of a file stands in a sentence: words on both sides, or two on one.
    static func isInSentence(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
        var start = range.lowerBound
        while start > 0, range.lowerBound - start < 64, !TextByte.isBlank(text.at(start - 1)),
            Self.isPathByte(text.at(start - 1))
        {
            start -= 1
        }
        var end = range.upperBound
        while end < min(text.count, range.upperBound + 128), Self.isPathByte(text[end]) { end += 1 }
        let before = Self.wordsBefore(text, start)
        let behind = Self.wordsBehind(text, end)
        guard before >= 0, behind >= 0 else { return false }
        return before > 0 && behind > 0 || before > 1 && Self.endsPhrase(text, end) || behind > 1
    }

    private static func isPathByte(_ byte: UInt8) -> Bool {
        TextByte.isWord(byte) || byte == UInt8(ascii: "/") || byte == UInt8(ascii: ".")
            || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "~")
    }

    /// The end of the text, a blank and a letter, or a sign of prose and a blank.
    private static func endsPhrase(_ text: Span<UInt8>, _ end: Int) -> Bool {
        if end >= text.count { return true }
        switch text[end] {
        case 0x20: return Self.isWordBehind(text, end)
        case UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: "?"), UInt8(ascii: "!"),
            UInt8(ascii: ":"):
            return end + 1 == text.count || TextByte.isBlank(text.at(end + 1))
        default: return false
        }
    }

    private static func isWordBehind(_ text: Span<UInt8>, _ end: Int) -> Bool {
        text.at(end) == 0x20 && TextByte.isLetter(text.at(end + 1))
    }

    /// A blank, and before it a word that no code has there.
    private static func isWordBefore(_ text: Span<UInt8>, _ start: Int) -> Bool {
        guard text.at(start - 1) == 0x20 else { return false }
        var first = start - 1
        while first > 0, start - first < 24, TextByte.isLetter(text.at(first - 1)) { first -= 1 }
        guard first < start - 1 else {
            let sign = text.at(start - 2)
            return sign == UInt8(ascii: ",") || sign == UInt8(ascii: ".")
        }
        return Self.keywordTable.kind(of: text, first..<start - 1) == 0
    }

    // MARK: Words beside a path

    /// How many words stand before, two at most; -1 if one of them reads or runs a file.
    private static func wordsBefore(_ text: Span<UInt8>, _ start: Int) -> Int {
        var end = start
        var count = 0
        while count < 2, text.at(end - 1) == 0x20 {
            // "secrets, .env files"
            let last = text.at(end - 2) == UInt8(ascii: ",") ? end - 2 : end - 1
            var first = last
            while first > 0, end - first < 24, TextByte.isLetter(text.at(first - 1)) { first -= 1 }
            guard first < last else { break }
            if Self.acts(text, first..<last) { return -1 }
            guard first == 0 || text.at(first - 1) == 0x20 else { break }
            count += 1
            end = first
        }
        return count
    }

    private static func wordsBehind(_ text: Span<UInt8>, _ start: Int) -> Int {
        var start = text.at(start) == UInt8(ascii: ",") ? start + 1 : start
        var count = 0
        while count < 2, text.at(start) == 0x20 {
            let end = text.wordEnd(from: start + 1)
            guard end > start + 1, TextByte.isLetter(text.at(start + 1)) else { break }
            count += 1
            start = end
        }
        return count
    }

    private static func acts(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
        if Self.keywordTable.kind(of: text, range) != 0 { return true }
        switch CommandWord(rawValue: CommandVocabulary.table.kind(of: text, range)) ?? .none {
        case .none, .delay: return false
        case .common: return Self.readerTable.kind(of: text, range) != 0
        case .technical, .special, .prefix, .windows: return true
        }
    }

    /// Commands with everyday names that show or copy files.
    private static let readerTable = WordTable([
        (
            1,
            """
            cat tac nl od less more head tail cp mv vi vim nano emacs sort uniq strings tee rev \
            view ed ex type tar zip source cut paste dd
            """
        )
    ])
}
