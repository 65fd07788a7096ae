/// Code of pages: calls, properties, and ways to call without naming what is called.
extension ScriptDetector {
    static func properties(_ text: Span<UInt8>, into rules: inout RuleSet) {
        var index = 0
        while let match = ScriptVocabulary.propertyAutomaton.first(in: text, from: index) {
            index = match.range.upperBound
            let start = match.range.lowerBound
            let isMember = text.at(start) == UInt8(ascii: ".")
            if isMember
                ? TextByte.isWord(text.at(start - 1)) || text.at(start - 1) == UInt8(ascii: ")")
                : !TextByte.isWord(text.at(start - 1)) && text.at(start - 1) != UInt8(ascii: "-")
                    && !Mention.isSpokenOf(text, start..<index)
            {
                return rules.insert(.xssProperty)
            }
        }
    }

    static func calls(_ text: Span<UInt8>, into rules: inout RuleSet) {
        for index in text.indices {
            switch text[index] {
            case UInt8(ascii: "("), UInt8(ascii: "`"): Self.call(text, index, into: &rules)
            case UInt8(ascii: "["): Self.member(text, index, into: &rules)
            default: continue
            }
        }
        if text.contains("![]") || text.contains("(+[") || text.contains("[]+[]")
            || text.contains("[+!") || text.contains("+!+[")
        {
            rules.insert(.xssObfuscation)
        }
        if text.hasPrefix("import"), Self.isImport(text) { rules.insert(.xssObfuscation) }
    }

    /// Finds `alert(`, `[].sort.call```.
    private static func call(_ text: Span<UInt8>, _ open: Int, into rules: inout RuleSet) {
        let end = text.skippingBlanksBackwards(from: open - 1) + 1
        var start = end
        while start > 0, end - start < 32, TextByte.isWord(text.at(start - 1)) { start -= 1 }
        guard start < end else { return Self.bracketedCall(text, open, end, into: &rules) }
        let isTemplate = text[open] == UInt8(ascii: "`")
        // `setTimeout` in Markdown: the mark closes what was opened before the name.
        if isTemplate, Self.isMarked(text, start) { return }
        Self.callback(text, start, open, into: &rules)
        if ScriptVocabulary.callTable.kind(of: text, start..<end) != 0 {
            // Prose has a blank before its brackets, or words with blanks between inside.
            if end < open, Self.isAside(text, open) { return }
            if text.at(open + 1) == UInt8(ascii: ")"), Mention.isSpokenOf(text, start..<end) {
                return
            }
            // "prompt(s)"
            if text.holds("s)", at: open + 1), text.at(start - 1) == 0x20 { return }
            if end == open || Self.isStatementStart(text, start)
                || text.holds("eval", at: start) || text.holds("set", at: start)
            {
                rules.insert(.xssScriptCall)
            }
        }
        if isTemplate, end == open, text.at(start - 1) == UInt8(ascii: "."),
            ScriptVocabulary.methodTable.kind(of: text, start..<end) != 0
        {
            rules.insert(.xssObfuscation)
        }
    }

    /// Whether a mark of Markdown opens before a name, the objects before it included.
    private static func isMarked(_ text: Span<UInt8>, _ start: Int) -> Bool {
        var first = start
        while first > 0, start - first < 64,
            TextByte.isWord(text.at(first - 1)) || text.at(first - 1) == UInt8(ascii: ".")
        {
            first -= 1
        }
        guard text.at(first - 1) == UInt8(ascii: "`") else { return false }
        return first == 1 || TextByte.isBlank(text.at(first - 2))
            || text.at(first - 2) == UInt8(ascii: "(") || text.at(first - 2) == UInt8(ascii: "[")
    }

    /// Finds `alert.bind(null,1)`, `apply(alert,…)`, `{toString:alert}`, `(0,alert)(1)`.
    static func handedOn(_ text: Span<UInt8>, into rules: inout RuleSet) {
        for name in ["alert", "confirm", "prompt", "eval"] as [StaticString] {
            var index = 0
            while let found = text.index(of: name, from: index) {
                index = found + name.utf8CodeUnitCount
                guard !TextByte.isWord(text.at(found - 1)) else { continue }
                if Self.isHandedOn(text, found - 1, index) {
                    return rules.insert(.xssScriptCall)
                }
            }
        }
    }

    private static func isHandedOn(_ text: Span<UInt8>, _ before: Int, _ end: Int) -> Bool {
        if text.holds(".bind(", at: end) || text.holds(".call(", at: end)
            || text.holds(".apply(", at: end) || text.holds("apply(", before: before + 1)
        {
            return true
        }
        switch text.at(before) {
        case UInt8(ascii: ","), UInt8(ascii: "("):
            return text.at(end) == UInt8(ascii: ")")
                && (text.at(end + 1) == UInt8(ascii: "(") || text.at(end + 1) == UInt8(ascii: "`"))
        case UInt8(ascii: ":"):
            return text.at(end) == UInt8(ascii: "}")
                && (text.holds("tostring", before: before) || text.holds("valueof", before: before))
        default: return false
        }
    }

    /// Finds `"\141\154\145"`: plain letters as octal numbers, four in a row.
    static func octalLetters(_ text: Span<UInt8>, into rules: inout RuleSet) {
        var index = 0
        var run = 0
        while let slash = text.index(of: UInt8(ascii: "\\"), from: index) {
            run = slash == index && index > 0 ? run : 0
            index = slash + 1
            guard text.at(index) == UInt8(ascii: "1"), Self.isOctal(text.at(index + 1)),
                Self.isOctal(text.at(index + 2))
            else { continue }
            run += 1
            index += 3
            if run == 3 { return rules.insert(.xssObfuscation) }
        }
    }

    private static func isOctal(_ byte: UInt8) -> Bool {
        UInt8(ascii: "0")...UInt8(ascii: "7") ~= byte
    }

    /// Finds `(alert)(1)`, `alert?.(1)`.
    private static func bracketedCall(
        _ text: Span<UInt8>, _ open: Int, _ end: Int, into rules: inout RuleSet
    ) {
        let isOptional = text.holds("?.", before: end)
        guard end == open, isOptional || text.at(end - 1) == UInt8(ascii: ")") else { return }
        let nameEnd = isOptional ? end - 2 : end - 1
        var start = nameEnd
        while start > 0, nameEnd - start < 32, TextByte.isWord(text.at(start - 1)) { start -= 1 }
        guard isOptional || text.at(start - 1) == UInt8(ascii: "(") else { return }
        if ScriptVocabulary.callTable.kind(of: text, start..<nameEnd) != 0 {
            rules.insert(.xssScriptCall)
        }
    }

    /// Finds `[1].find(alert)`.
    private static func callback(
        _ text: Span<UInt8>, _ start: Int, _ open: Int, into rules: inout RuleSet
    ) {
        guard text.at(start - 1) == UInt8(ascii: "."), TextByte.isLetter(text.at(open + 1)) else {
            return
        }
        let end = min(text.wordEnd(from: open + 1), open + 33)
        guard text.at(end) == UInt8(ascii: ")") else { return }
        if ScriptVocabulary.callTable.kind(of: text, open + 1..<end) != 0 {
            rules.insert(.xssScriptCall)
        }
    }

    /// "exec (chief) approved": words inside of the brackets, or a word inside and words behind.
    static func isAside(_ text: Span<UInt8>, _ open: Int) -> Bool {
        if Self.isRemark(text, open) { return true }
        let close = min(text.wordEnd(from: open + 1), open + 64)
        return text.at(close) == UInt8(ascii: ")") && text.at(close + 1) == 0x20
            && TextByte.isLetter(text.at(close + 2))
    }

    /// `(short for evaluation)`: words and nothing else.
    private static func isRemark(_ text: Span<UInt8>, _ open: Int) -> Bool {
        guard let close = text.index(of: UInt8(ascii: ")"), from: open, before: open + 64) else {
            return false
        }
        var blanks = 0
        for index in open + 1..<close {
            let byte = text[index]
            if byte == 0x20 { blanks += 1 }
            guard byte == 0x20 || byte == UInt8(ascii: "/") || TextByte.isLetter(byte) else {
                return false
            }
        }
        return blanks > 0 && text.at(open + 1) != 0x20
    }

    private static func isStatementStart(_ text: Span<UInt8>, _ start: Int) -> Bool {
        switch text.at(text.skippingBlanksBackwards(from: start - 1)) {
        case UInt8(ascii: ";"), UInt8(ascii: "="), UInt8(ascii: "\""), UInt8(ascii: "'"),
            UInt8(ascii: ">"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    /// Finds `self["…"]`, `top[/al/.source+…]`.
    private static func member(_ text: Span<UInt8>, _ open: Int, into rules: inout RuleSet) {
        var end = text.skippingBlanksBackwards(from: open - 1) + 1
        // `window/* */[`, `(window)[`
        if text.holds("*/", before: end) {
            end -= 2
            while end > 0, open - end < 64, !text.holds("/*", before: end) { end -= 1 }
            end = text.skippingBlanksBackwards(from: end - 3) + 1
        }
        // `(window)[`, but no list behind a remark in brackets.
        if text.at(end - 1) == UInt8(ascii: ")"), end < open { return }
        while end > 0, text.at(end - 1) == UInt8(ascii: ")") { end -= 1 }
        var start = end
        while start > 0, end - start < 16, TextByte.isWord(text.at(start - 1)) { start -= 1 }
        guard start < end, ScriptVocabulary.globalTable.kind(of: text, start..<end) != 0,
            !TextByte.isBlank(text.at(end)) || text.at(start - 1) != 0x20
        else { return }
        // An index is ordinary, and so is the end of a list's name in a form.
        let inside = text.at(text.skippingBlanks(from: open + 1))
        if !TextByte.isDigit(inside), inside != UInt8(ascii: "]"), inside != 0,
            Self.isStrongGlobal(text, start..<end) || !TextByte.isWord(inside)
        {
            rules.insert(.xssObfuscation)
        }
    }

    /// `content[title]` and `parent[id]` are names of form fields.
    private static func isStrongGlobal(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
        text.holds("window", at: range.lowerBound) || text.holds("self", at: range.lowerBound)
            || text.holds("globalthis", at: range.lowerBound)
    }

    /// `document/* */.cookie`: a comment that only parts a name from its member.
    static func comments(_ text: Span<UInt8>, into rules: inout RuleSet) {
        var index = 0
        while let found = text.index(of: "/*", from: index) {
            index = found + 2
            let end = text.skippingBlanksBackwards(from: found - 1) + 1
            var start = end
            while start > 0, end - start < 16, TextByte.isWord(text.at(start - 1)) { start -= 1 }
            guard start < end, ScriptVocabulary.globalTable.kind(of: text, start..<end) != 0,
                let close = text.index(of: "*/", from: index, before: index + 256)
            else { continue }
            switch text.at(text.skippingBlanks(from: close + 2)) {
            case UInt8(ascii: "."), UInt8(ascii: "["), UInt8(ascii: ")"), UInt8(ascii: "("):
                return rules.insert(.xssObfuscation)
            default: continue
            }
        }
    }

    /// Finds `expression(…)`, `-moz-binding`, `behavior:url(…)`, `@import`.
    static func styles(_ text: Span<UInt8>, into rules: inout RuleSet) {
        let isStyle =
            text.contains("expression(") && text.contains(":") || text.contains("-moz-binding")
            || text.contains("behavior:url") || text.contains("behaviour:url")
            || text.contains("@import'") || text.contains("@import \"")
            || text.contains("@import url") || text.contains("url(javascript")
        if isStyle { rules.insert(.xssObfuscation) }
    }

    /// Finds `import {x} from "…"`, `import("…")`.
    private static func isImport(_ text: Span<UInt8>) -> Bool {
        let next = text.skippingBlanks(from: 6)
        switch text.at(next) {
        case UInt8(ascii: "("), UInt8(ascii: "\""), UInt8(ascii: "'"): return next < 8
        case UInt8(ascii: "{"), UInt8(ascii: "*"):
            return text.contains("from \"") || text.contains("from '")
        default: return false
        }
    }
}
