/// Decides whether a text is PHP, or makes PHP run something.
enum PHPDetector {
    static func detect(
        _ text: Span<UInt8>, part: RequestPart, traits: ByteTraits, into rules: inout RuleSet
    ) {
        Self.tags(text, into: &rules)
        if traits.contains(.dollar) { Self.variables(text, into: &rules) }
        if traits.contains(.parenthesis) { Self.calls(text, into: &rules) }
        if traits.contains(.colon), traits.contains(.brace) { Self.objects(text, into: &rules) }
        if traits.contains(.equals) || traits.contains(.control) {
            Self.directives(text, into: &rules)
        }
    }

    // MARK: Tags

    private static func tags(_ text: Span<UInt8>, into rules: inout RuleSet) {
        var index = 0
        while let found = text.index(of: "<?", from: index) {
            index = found + 2
            let next = text.at(index)
            let isTag =
                index == text.count || next == UInt8(ascii: "=")
                || TextByte.isBlank(next) && Self.holdsStatement(text, from: index)
                || text.holds("php", at: index) && !TextByte.isWord(text.at(index + 3))
            if isTag || Self.isFalseXML(text, index) { return rules.insert(.phpTag) }
        }
        if text.contains("[php]") || text.contains("[/php]") || text.contains("[\\php]")
            || text.contains("{php}") || text.contains("{/php}")
        {
            rules.insert(.phpTag)
        }
    }

    /// Whether what follows can be PHP and not only words: something is called, assigned, quoted or
    /// ended.
    private static func holdsStatement(_ text: Span<UInt8>, from start: Int) -> Bool {
        for index in start..<min(text.count, start + 256) {
            switch text[index] {
            case UInt8(ascii: ";"), UInt8(ascii: "("), UInt8(ascii: "$"), UInt8(ascii: "'"),
                UInt8(ascii: "\""), UInt8(ascii: "`"), UInt8(ascii: "="), 10:
                return true
            case UInt8(ascii: "?") where text.at(index + 1) == UInt8(ascii: ">"): return true
            default: continue
            }
        }
        return text.skippingBlanks(from: start) == text.count
    }

    /// `<?xml` with something else than a declaration's attributes behind it.
    private static func isFalseXML(_ text: Span<UInt8>, _ index: Int) -> Bool {
        guard text.holds("xml", at: index) else { return false }
        if text.at(index + 3) == UInt8(ascii: ":") { return true }
        guard TextByte.isBlank(text.at(index + 3)) else { return false }
        return !TextByte.isWord(text.at(text.skippingBlanks(from: index + 3)))
    }

    // MARK: Variables

    private static func variables(_ text: Span<UInt8>, into rules: inout RuleSet) {
        var index = 0
        while let dollar = text.index(of: UInt8(ascii: "$"), from: index) {
            index = dollar + 1
            while text.at(index) == UInt8(ascii: "$") { index += 1 }
            let start = text.skippingBlanks(from: index)
            let end = text.wordEnd(from: start)
            if CodeVocabulary.phpVariableTable.kind(of: text, start..<end) != 0,
                !Self.isMention(text, dollar, end)
            {
                rules.insert(.phpVariable)
            }
            if start == index, end > start, !TextByte.isDigit(text.at(start)) {
                Self.variableCall(text, end, into: &rules)
            }
        }
    }

    /// "PHP's $_GET and …": words before or behind, and no index.
    private static func isMention(_ text: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
        let isBehindWord = text.at(start - 1) == 0x20 && TextByte.isLetter(text.at(start - 2))
        switch text.at(end) {
        case 0x20: return TextByte.isLetter(text.at(end + 1))
        case UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: "?"):
            return isBehindWord && (end + 1 == text.count || text.at(end + 1) == 0x20)
        default: return isBehindWord && end == text.count
        }
    }

    /// `$a(…)`, `$a['b'](…)`, with comments between.
    private static func variableCall(
        _ text: Span<UInt8>, _ end: Int, into rules: inout RuleSet
    ) {
        var index = Self.skippingComments(text, end)
        var rounds = 0
        while rounds < 4,
            text.at(index) == UInt8(ascii: "[") || text.at(index) == UInt8(ascii: "{")
        {
            let closing: UInt8 = text.at(index) == UInt8(ascii: "[") ? 0x5d : 0x7d
            guard var close = text.index(of: closing, from: index, before: index + 64) else {
                return
            }
            while text.at(close + 1) == closing { close += 1 }
            index = Self.skippingComments(text, close + 1)
            rounds += 1
        }
        if text.at(index) == UInt8(ascii: "("),
            text.index(of: UInt8(ascii: ")"), from: index, before: index + 512) != nil
        {
            rules.insert(.phpVariableCall)
        }
    }

    /// Blanks and comments; of a line comment only one that ends.
    static func skippingComments(_ text: Span<UInt8>, _ start: Int) -> Int {
        var index = start
        var rounds = 0
        while rounds < 4 {
            rounds += 1
            index = text.skippingBlanks(from: index)
            if text.holds("/*", at: index) {
                guard let end = text.index(of: "*/", from: index + 2, before: index + 256) else {
                    return index
                }
                index = end + 2
            } else if text.at(index) == UInt8(ascii: "#") || text.holds("//", at: index) {
                guard let end = text.index(of: 10, from: index, before: index + 256) else {
                    return index
                }
                index = end + 1
            } else {
                return index
            }
        }
        return index
    }

    // MARK: Objects and settings

    /// Finds `O:8:"stdClass":1:{`.
    private static func objects(_ text: Span<UInt8>, into rules: inout RuleSet) {
        var index = 0
        while let colon = text.index(of: UInt8(ascii: ":"), from: index) {
            index = colon + 1
            let kind = text.at(colon - 1)
            guard kind == UInt8(ascii: "o") || kind == UInt8(ascii: "c"),
                !TextByte.isWord(text.at(colon - 2))
            else { continue }
            var end = index
            if text.at(end) == UInt8(ascii: "+") { end += 1 }
            while TextByte.isDigit(text.at(end)), end < index + 8 { end += 1 }
            guard end > index, text.at(end) == UInt8(ascii: ":"),
                text.at(end + 1) == UInt8(ascii: "\"")
            else { continue }
            return rules.insert(.phpObject)
        }
    }

    /// Finds `session.use_cookies`, `opcache.enable`.
    private static func isModuleSetting(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard
            let dot = text.index(
                of: UInt8(ascii: "."), from: range.lowerBound,
                before: range.upperBound), dot > range.lowerBound, dot + 2 < range.upperBound
        else { return false }
        guard CodeVocabulary.phpModuleTable.kind(of: text, range.lowerBound..<dot) != 0 else {
            return false
        }
        // `session.user=…` is anybody's; PHP's have a prefix of two words at least.
        if text.index(of: UInt8(ascii: "_"), from: dot, before: range.upperBound) != nil {
            return true
        }
        // `com.example=…` is a name of somebody's package.
        return !text.holds("com.", at: range.lowerBound)
            && !text.holds("session", at: range.lowerBound)
            || text.holds("session.name", at: range.lowerBound) && range.count == 12
    }

    /// Finds `auto_prepend_file=…`.
    private static func directives(_ text: Span<UInt8>, into rules: inout RuleSet) {
        var index = 0
        while let equals = text.index(of: UInt8(ascii: "="), from: index) {
            index = equals + 1
            let end = text.skippingBlanksBackwards(from: equals - 1) + 1
            var start = end
            while start > 0, end - start < 48,
                TextByte.isWord(text[start - 1]) || text[start - 1] == UInt8(ascii: ".")
            {
                start -= 1
            }
            if CodeVocabulary.phpTable.kind(of: text, start..<end) == 3
                || Self.isModuleSetting(text, start..<end)
            {
                return rules.insert(.phpDirective)
            }
        }
        if text.contains("php_value\n") || text.contains("php_admin_value\n") {
            rules.insert(.phpDirective)
        }
    }
}
