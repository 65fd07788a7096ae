/// Decides whether a text is for PowerShell or the command interpreter of Windows.
enum WindowsDetector {
    static func detect(_ text: Span<UInt8>, into rules: inout RuleSet) {
        Self.powerShell(text, into: &rules)
        Self.batch(text, into: &rules)
    }

    // MARK: PowerShell

    /// `Invoke-WebRequest`: a verb and a noun of PowerShell's.
    private static func powerShell(_ text: Span<UInt8>, into rules: inout RuleSet) {
        var index = 0
        while let hyphen = text.index(of: UInt8(ascii: "-"), from: index) {
            index = hyphen + 1
            var start = hyphen
            while start > 0, hyphen - start < 16, TextByte.isLetter(text[start - 1]) { start -= 1 }
            let end = text.wordEnd(from: index)
            guard start < hyphen, text.at(start - 1) != UInt8(ascii: "-"),
                text.at(start - 1) != UInt8(ascii: "/"), text.at(start - 1) != UInt8(ascii: "."),
                text.at(end) != UInt8(ascii: "-"),
                CommandVocabulary.verbTable.kind(of: text, start..<hyphen) != 0
            else { continue }
            let noun = CommandVocabulary.nounTable.kind(of: text, index..<end)
            if noun == 1 || noun == 2 && Self.hasArgument(text, end) {
                return rules.insert(.commandPowerShell)
            }
        }
    }

    private static func hasArgument(_ text: Span<UInt8>, _ end: Int) -> Bool {
        switch CommandArgument(text, after: end) {
        case .option, .path, .link, .host, .expansion: true
        default: false
        }
    }

    // MARK: Batch

    private static func batch(_ text: Span<UInt8>, into rules: inout RuleSet) {
        for index in text.indices where Self.isStatementStart(text, index) {
            if text.holds("for", at: index) && Self.isLoop(text, index + 3)
                || text.holds("if", at: index) && Self.isCondition(text, index + 2)
            {
                return rules.insert(.commandBatch)
            }
        }
    }

    private static func isStatementStart(_ text: Span<UInt8>, _ index: Int) -> Bool {
        guard text[index] == UInt8(ascii: "f") || text[index] == UInt8(ascii: "i") else {
            return false
        }
        switch text.at(text.skippingBlanksBackwards(from: index - 1)) {
        case 0, UInt8(ascii: ";"), UInt8(ascii: "&"), UInt8(ascii: "|"), UInt8(ascii: "("),
            UInt8(ascii: "@"), UInt8(ascii: "\""), UInt8(ascii: "'"):
            return true
        default: return false
        }
    }

    /// Finds `FOR /F "…" %%G IN (`.
    private static func isLoop(_ text: Span<UInt8>, _ start: Int) -> Bool {
        guard TextByte.isBlank(text.at(start)) else { return false }
        guard let percent = text.index(of: UInt8(ascii: "%"), from: start, before: start + 128)
        else { return false }
        var index = percent
        while text.at(index) == UInt8(ascii: "%") { index += 1 }
        // The variable is one byte, nearly any, or a word.
        if !TextByte.isBlank(text.at(index)) { index = max(index + 1, text.wordEnd(from: index)) }
        guard TextByte.isBlank(text.at(index)) else { return false }
        index = text.skippingBlanks(from: index)
        guard text.holds("in", at: index) else { return false }
        return text.at(text.skippingBlanks(from: index + 2)) == UInt8(ascii: "(")
    }

    /// Finds `IF [/I] [NOT] …`.
    private static func isCondition(_ text: Span<UInt8>, _ start: Int) -> Bool {
        guard TextByte.isBlank(text.at(start)) else { return false }
        var index = text.skippingBlanks(from: start)
        if text.at(index) == UInt8(ascii: "/"), TextByte.isLetter(text.at(index + 1)) {
            index = text.skippingBlanks(from: index + 2)
        }
        if text.holds("not", at: index), TextByte.isBlank(text.at(index + 3)) {
            index = text.skippingBlanks(from: index + 4)
        }
        let end = text.wordEnd(from: index)
        if Self.isTest(text, index, end) { return true }
        return Self.comparesWith(text, from: index)
    }

    /// Finds `EXIST file command`, `DEFINED name command`, `ERRORLEVEL 1 command`.
    private static func isTest(_ text: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
        let isExist = end - start == 5 && text.holds("exist", at: start)
        let isDefined = end - start == 7 && text.holds("defined", at: start)
        let isLevel = end - start == 10 && text.holds("errorlevel", at: start)
        guard isExist || isDefined || isLevel, TextByte.isBlank(text.at(end)) else { return false }
        var index = text.skippingBlanks(from: end)
        let argument = index
        while index < text.count, !TextByte.isBlank(text[index]) { index += 1 }
        if isLevel { return TextByte.isDigit(text.at(argument)) }
        // "if not defined, …" has no name and no command.
        return index > argument && text.skippingBlanks(from: index) < text.count
            && text.at(index - 1) != UInt8(ascii: ",")
    }

    /// Finds `a==b`, `%x% GEQ 2`.
    private static func comparesWith(_ text: Span<UInt8>, from start: Int) -> Bool {
        var index = start
        let end = min(text.count, start + 96)
        while index < end {
            if text.holds("==", at: index), index > start {
                let right = text.skippingBlanks(from: index + 2)
                // "if kind == other then": a language's condition, without variables of cmd.exe.
                let isSpaced =
                    TextByte.isBlank(text.at(index - 1)) && TextByte.isBlank(text.at(index + 2))
                if isSpaced, TextByte.isLetter(text.at(start)),
                    text.index(of: UInt8(ascii: "%"), from: start, before: end) == nil
                {
                    return false
                }
                return right < text.count && Self.isOperand(text, start, index)
            }
            if TextByte.isBlank(text[index]), Self.isRelation(text, index + 1) { return true }
            index += 1
        }
        return false
    }

    private static func isRelation(_ text: Span<UInt8>, _ index: Int) -> Bool {
        guard TextByte.isBlank(text.at(index + 3)) else { return false }
        return text.holds("equ", at: index) || text.holds("neq", at: index)
            || text.holds("lss", at: index) || text.holds("leq", at: index)
            || text.holds("gtr", at: index) || text.holds("geq", at: index)
    }

    /// One word, or something in quotes or brackets: not a sentence.
    private static func isOperand(_ text: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
        let last = text.skippingBlanksBackwards(from: end - 1)
        switch text.at(start) {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return text.at(last) == text.at(start)
        case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "%"): return last > start
        default: break
        }
        for index in start..<max(start, last) where TextByte.isBlank(text[index]) { return false }
        return last >= start
    }
}
