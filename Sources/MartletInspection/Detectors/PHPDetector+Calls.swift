/// Calls of functions of PHP, and what only looks like one.
extension PHPDetector {
    static func calls(_ text: Span<UInt8>, into rules: inout RuleSet) {
        var index = 0
        while index < text.count {
            guard TextByte.isWord(text[index]) else {
                if text[index] == UInt8(ascii: "(") { Self.groupCall(text, index, into: &rules) }
                index = Self.instructionEnd(text, index) ?? index + 1
                continue
            }
            let end = text.wordEnd(from: index)
            Self.word(text, index..<end, into: &rules)
            index = end
        }
    }

    /// Where `<?name … ?>` ends that is for another processor than PHP's, which would not read it.
    private static func instructionEnd(_ text: Span<UInt8>, _ index: Int) -> Int? {
        guard text.holds("<?", at: index), TextByte.isLetter(text.at(index + 2)),
            !text.holds("php", at: index + 2),
            TextByte.isBlank(text.at(text.wordEnd(from: index + 2)))
        else { return nil }
        return text.index(of: "?>", from: index + 3, before: index + 512)
    }

    private static func word(
        _ text: Span<UInt8>, _ word: Range<Int>, into rules: inout RuleSet
    ) {
        var open = Self.skippingComments(text, word.upperBound)
        if text.at(open) == UInt8(ascii: "="), open == word.upperBound { open += 1 }
        guard text.at(open) == UInt8(ascii: "(") else { return }
        // "what does strlen() do"; "exec (chief) approved"
        if Self.isNamed(text, word, open) || Self.isPage(text, word, open) { return }
        if open > word.upperBound, ScriptDetector.isAside(text, open) { return }
        if Self.isStrong(text, word) || Self.isUnknownCall(text, word, open) {
            return rules.insert(.phpFunction)
        }
        guard open == word.upperBound || Self.isWhole(text, word),
            CodeVocabulary.phpTable.kind(of: text, word) == 2
        else { return }
        // `@include(if: $x)` is GraphQL.
        if text.holds("if:", at: open + 1) { return }
        // `printf(foo)` changes nothing, and `gethostbyname(` is not called.
        if Self.isHarmless(text, word, open) { return }
        // `link(s)`, `file (PDF)`: prose. `.eval(`, `->exec(`: methods of something else.
        let isPlural =
            text.holds("s)", at: open + 1) || text.holds("es)", at: open + 1)
            || text.holds("tm)", at: open + 1) || Self.isNoun(text, word, open)
        let before = text.at(word.lowerBound - 1)
        if !isPlural, before != UInt8(ascii: "."), before != UInt8(ascii: ">"),
            before != UInt8(ascii: ":"), before != UInt8(ascii: "-")
        {
            rules.insert(.phpFunction)
        }
    }

    private static let harmlessTable = WordTable([
        (
            1,
            """
            printf print intval floatval strval boolval doubleval strlen ucfirst ucwords lcfirst \
            nl2br range join key list each prev reset is_null is_a gettype tanh hypot log1p
            """
        )
    ])

    /// Whether a call has nothing to work on, or a function that changes nothing has only plain
    /// words.
    private static func isHarmless(
        _ text: Span<UInt8>, _ word: Range<Int>, _ open: Int
    ) -> Bool {
        if open + 1 >= text.count { return true }
        guard Self.harmlessTable.kind(of: text, word) != 0 else { return false }
        var index = open + 1
        while index < min(text.count, open + 64), text[index] != UInt8(ascii: ")") {
            let byte = text[index]
            guard TextByte.isWord(byte) || byte == 0x20 || byte == UInt8(ascii: ",") else {
                return false
            }
            index += 1
        }
        return true
    }

    /// "fork of crypt(3)": a page of the manual.
    private static func isPage(_ text: Span<UInt8>, _ word: Range<Int>, _ open: Int) -> Bool {
        guard open == word.upperBound, UInt8(ascii: "1")...UInt8(ascii: "8") ~= text.at(open + 1),
            text.at(open + 2) == UInt8(ascii: ")"), word.lowerBound > 2,
            text.at(word.lowerBound - 1) == 0x20,
            TextByte.isLetter(text.at(word.lowerBound - 2))
        else { return false }
        return !text.holds("sleep", before: word.upperBound) && text.at(open + 3) != 0x3b
    }

    /// "the file(image) upload": words around, and nothing but a word between the brackets.
    private static func isNoun(_ text: Span<UInt8>, _ word: Range<Int>, _ open: Int) -> Bool {
        guard text.at(word.lowerBound - 1) == 0x20,
            TextByte.isLetter(text.at(word.lowerBound - 2)),
            let close = text.index(of: UInt8(ascii: ")"), from: open, before: open + 48),
            text.at(close + 1) == 0x20, TextByte.isLetter(text.at(close + 2)),
            Self.commandTable.kind(of: text, word) == 0
        else { return false }
        for index in open + 1..<close {
            let byte = text[index]
            guard TextByte.isLetter(byte) || byte == UInt8(ascii: "/") || byte == UInt8(ascii: ".")
            else { return false }
        }
        return true
    }

    private static let commandTable = WordTable([(1, "eval exec system assert")])

    /// Whether a function is only spoken of: nothing between its brackets, and words beside it.
    private static func isNamed(_ text: Span<UInt8>, _ word: Range<Int>, _ open: Int) -> Bool {
        guard open == word.upperBound, text.at(open + 1) == UInt8(ascii: ")") else { return false }
        if Mention.isSpokenOf(text, word) { return true }
        // `os.getcwd()`: a method of something else.
        if text.at(word.lowerBound - 1) == UInt8(ascii: "."),
            TextByte.isLetter(text.at(word.lowerBound - 2))
        {
            return true
        }
        // `exit()` and its like do nothing without values: as a list's entry, or in brackets.
        if text.at(open + 2) == UInt8(ascii: ",")
            || text.at(open + 2) == UInt8(ascii: "`") && word.lowerBound > 1
        {
            return text.at(word.lowerBound - 1) != UInt8(ascii: ";")
        }
        let before = word.lowerBound - 1
        if text.at(before) == 0x20, TextByte.isLetter(text.at(before - 1)) { return true }
        return text.at(open + 2) == 0x20 && TextByte.isLetter(text.at(open + 3))
    }

    /// Finds `some_name('…')` at the start: programs call so, people do not.
    ///
    /// `users_by_pk(id: 1)` is GraphQL.
    private static func isUnknownCall(
        _ text: Span<UInt8>, _ word: Range<Int>, _ open: Int
    ) -> Bool {
        guard open == word.upperBound, TextByte.isLetter(text.at(word.lowerBound)),
            text.index(of: UInt8(ascii: "_"), from: word.lowerBound, before: word.upperBound) != nil
        else { return false }
        switch text.at(text.skippingBlanksBackwards(from: word.lowerBound - 1)) {
        case 0, UInt8(ascii: ";"), UInt8(ascii: "="), UInt8(ascii: "("), UInt8(ascii: "@"),
            UInt8(ascii: "!"):
            break
        default: return false
        }
        let inside = text.skippingBlanks(from: open + 1)
        switch text.at(inside) {
        case UInt8(ascii: ")"), UInt8(ascii: "'"), UInt8(ascii: "\""), 0: return true
        case UInt8(ascii: "$"): return text.at(text.wordEnd(from: inside + 1)) != UInt8(ascii: ":")
        default: return TextByte.isDigit(text.at(inside))
        }
    }

    /// Whether the word begins the text, so that a blank before the bracket does not matter.
    private static func isWhole(_ text: Span<UInt8>, _ word: Range<Int>) -> Bool {
        switch text.at(text.skippingBlanksBackwards(from: word.lowerBound - 1)) {
        case 0, UInt8(ascii: ";"), UInt8(ascii: "="), UInt8(ascii: "("),
            UInt8(ascii: "\""), UInt8(ascii: "'"):
            // Not "Mail (private)": an opening bracket right behind, a comment, or code inside.
            let open = text.skippingBlanks(from: word.upperBound)
            guard text.at(open) == UInt8(ascii: "(") else { return true }
            return word.lowerBound == 0 && word.count == 4 && text.holds("exec", at: 0)
                || text.at(open + 1) == UInt8(ascii: "$") || text.at(open + 1) == UInt8(ascii: ")")
                || text.at(open + 1) == UInt8(ascii: "'")
                || text.at(open + 1) == UInt8(ascii: "\"")
        default: return false
        }
    }

    /// A function that is no word of a language, also as the end of a longer word.
    private static func isStrong(_ text: Span<UInt8>, _ word: Range<Int>) -> Bool {
        if CodeVocabulary.phpTable.kind(of: text, word) == 1 { return true }
        guard word.count > 6 else { return false }
        let first = max(word.lowerBound + 1, word.upperBound - 32)
        for start in first..<word.upperBound - 5 {
            if CodeVocabulary.phpTable.kind(of: text, start..<word.upperBound) == 1 { return true }
        }
        // A letter too many at the end, as patterns without a boundary leave it.
        return CodeVocabulary.phpTable.kind(of: text, word.lowerBound..<word.upperBound - 1) == 1
    }

    /// Finds `(system)(ls);`, `[system][0](ls);`.
    private static func groupCall(
        _ text: Span<UInt8>, _ open: Int, into rules: inout RuleSet
    ) {
        var before = text.skippingBlanksBackwards(from: open - 1)
        let closing = text.at(before)
        let isText = closing == UInt8(ascii: "\"") || closing == UInt8(ascii: "'")
        if isText, before == open - 1, Self.isCallStatement(text, open) {
            return rules.insert(.phpVariableCall)
        }
        guard
            closing == UInt8(ascii: ")") || closing == UInt8(ascii: "]")
                || closing == UInt8(ascii: "}")
        else { return }
        let isQuotedName =
            closing == UInt8(ascii: ")") && text.at(before - 1) == text.at(open + 1)
            && (text.at(open + 1) == UInt8(ascii: "'") || text.at(open + 1) == UInt8(ascii: "\""))
        guard isQuotedName || Self.isCallStatement(text, open) else { return }
        // What is called is one word in brackets.
        let floor = max(0, before - 96)
        var letters = 0
        while before >= floor, text[before] != UInt8(ascii: ";") {
            if TextByte.isLetter(text[before]) { letters += 1 }
            if TextByte.isLetter(text[before]), TextByte.isBlank(text.at(before + 1)),
                TextByte.isLetter(text.at(before + 2))
            {
                return
            }
            before -= 1
        }
        let start = text.at(text.skippingBlanks(from: before + 1))
        if letters > 0, start == UInt8(ascii: "(") || start == UInt8(ascii: "[") {
            rules.insert(.phpVariableCall)
        }
    }

    /// Finds `(…);`.
    private static func isCallStatement(_ text: Span<UInt8>, _ open: Int) -> Bool {
        guard let close = text.index(of: UInt8(ascii: ")"), from: open, before: open + 128) else {
            return false
        }
        let next = text.at(text.skippingBlanks(from: close + 1))
        return next == UInt8(ascii: ";")
            || next == UInt8(ascii: ".") && TextByte.isLetter(text.at(close + 2))
    }
}
