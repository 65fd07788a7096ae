/// What a shell puts another text in place of, and what it takes for another line.
extension CommandDetector {
    /// Finds `%programfiles:~10,-5%`: a part of a variable of cmd.exe.
    static func holdsSlice(_ text: Span<UInt8>) -> Bool {
        var index = 0
        while let found = text.index(of: ":~", from: index) {
            index = found + 2
            var start = found
            while start > 0, found - start < 48, TextByte.isWord(text.at(start - 1)) { start -= 1 }
            if start < found, text.at(start - 1) == UInt8(ascii: "%"),
                TextByte.isDigit(text.at(index)) || text.at(index) == UInt8(ascii: "-")
            {
                return true
            }
        }
        return false
    }

    /// Finds `$(…)`, `${…}`, `$[…]`, `<(…)`, `() {`.
    static func substitutions(_ text: Span<UInt8>, into rules: inout RuleSet) {
        if text.hasPrefix("()"), text.at(text.skippingBlanks(from: 2)) == UInt8(ascii: "{") {
            rules.insert(.commandShellFunction)
        }
        for index in text.indices {
            switch text[index] {
            case UInt8(ascii: "$"):
                if Self.isExpansion(text, index) { return rules.insert(.commandSubstitution) }
            case UInt8(ascii: "<") where text.at(index + 1) == UInt8(ascii: "("):
                let inside = text.at(index + 2)
                if TextByte.isLetter(inside), index == 0 || !TextByte.isWord(text.at(index - 1)),
                    text.index(of: UInt8(ascii: ")"), from: index, before: index + 128) != nil
                {
                    return rules.insert(.commandSubstitution)
                }
            case UInt8(ascii: "{"):
                if Self.isBraceExpansion(text, index) { return rules.insert(.commandSubstitution) }
            default: continue
            }
        }
    }

    /// `{cat,/etc/passwd}`, `{,ls,-la}`: a command line without blanks.
    private static func isBraceExpansion(_ text: Span<UInt8>, _ open: Int) -> Bool {
        guard let close = text.index(of: UInt8(ascii: "}"), from: open, before: open + 256) else {
            return false
        }
        for index in open..<close where TextByte.isBlank(text[index]) { return false }
        var start = open + 1
        let hasComma = text.at(start) == UInt8(ascii: ",")
        if hasComma { start += 1 }
        let word = CommandName(text, at: start)
        if word.kind != .none, text.holds(",}", at: word.end) { return true }
        guard hasComma || text.at(word.end) == UInt8(ascii: ",") else { return false }
        if Self.isPlainList(text, open + 1, close) {
            // `/b{in,xx}/` and `{ls,-la}`; `{id,name}` are fields, `{1,5}` counts.
            let before = text.at(open - 1)
            let isJoined = before == UInt8(ascii: "/") || TextByte.isLetter(before)
            if hasComma || isJoined || text.index(of: ",-", from: open, before: close) != nil {
                return true
            }
        }
        switch word.kind {
        case .none, .delay: return hasComma && text.at(start) == UInt8(ascii: "$")
        case .special, .technical: return hasComma || !word.isShort
        case .common, .prefix, .windows:
            let next = text.at(word.end + 1)
            return hasComma || next == UInt8(ascii: "-") || next == UInt8(ascii: "/")
                || next == UInt8(ascii: "$") || next == UInt8(ascii: "'")
                || next == UInt8(ascii: "\"")
        }
    }

    /// Names with commas between, one of them no number.
    private static func isPlainList(_ text: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
        var hasLetter = false
        for index in start..<end {
            let byte = text[index]
            if TextByte.isLetter(byte) { hasLetter = true }
            guard TextByte.isWord(byte) || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "-")
            else { return false }
        }
        return hasLetter
    }

    private static func isExpansion(_ text: Span<UInt8>, _ dollar: Int) -> Bool {
        switch text.at(dollar + 1) {
        case UInt8(ascii: "("):
            let inside = text.at(text.skippingBlanks(from: dollar + 2))
            // `who$()ami`
            if inside == UInt8(ascii: ")"), TextByte.isLetter(text.at(dollar - 1)),
                TextByte.isLetter(text.at(dollar + 3))
            {
                return true
            }
            if Self.isMakeVariable(text, dollar + 2) { return false }
            return TextByte.isLetter(inside) || inside == UInt8(ascii: "/")
                || inside == UInt8(ascii: "$") || inside == UInt8(ascii: "(")
        case UInt8(ascii: "["):
            // `$[0]`, `$['a']` and `$[*]` are JSONPath.
            let inside = text.at(dollar + 2)
            if inside == UInt8(ascii: "'") || inside == UInt8(ascii: "\"")
                || inside == UInt8(ascii: "*") || inside == UInt8(ascii: "?")
            {
                return false
            }
            var end = dollar + 2
            while TextByte.isDigit(text.at(end)) || text.at(end) == UInt8(ascii: ":")
                || text.at(end) == UInt8(ascii: "-") && end == dollar + 2
            {
                end += 1
            }
            return end == dollar + 2 || text.at(end) != UInt8(ascii: "]")
        default:
            return Self.isBraced(text, text.skippingBlanks(from: dollar + 1))
                && !Self.isPlaceholder(text, dollar)
        }
    }

    private static let environmentTable = WordTable([
        (
            1,
            """
            ifs path home shell pwd oldpwd user logname hostname hosttype ostype machtype term \
            bash bash_version shellopts ps1 ps2 ps4 uid euid ppid random lineno seconds optarg env
            """
        )
    ])

    /// "Hello ${name}", `arn:${Region}:x`: a name to fill in, inside of a longer text, and none
    /// that a shell knows.
    private static func isPlaceholder(_ text: Span<UInt8>, _ dollar: Int) -> Bool {
        let start = dollar + 2
        var end = text.wordEnd(from: start)
        // `${AWS::Region}`, `${order.total}`
        while end < start + 128, text.holds("::", at: end) || text.at(end) == UInt8(ascii: "."),
            TextByte.isLetter(text.at(end + (text.at(end) == UInt8(ascii: ".") ? 1 : 2)))
        {
            end = text.wordEnd(from: end + (text.at(end) == UInt8(ascii: ".") ? 1 : 2))
        }
        guard text.at(dollar + 1) == UInt8(ascii: "{"), end > start,
            TextByte.isLetter(text.at(start)), text.at(end) == UInt8(ascii: "}"),
            Self.environmentTable.kind(of: text, start..<end) == 0
        else { return false }
        if dollar == 0, end + 1 == text.count { return false }
        switch text.at(text.skippingBlanksBackwards(from: dollar - 1)) {
        case UInt8(ascii: ";"), UInt8(ascii: "|"), UInt8(ascii: "&"), UInt8(ascii: "`"),
            UInt8(ascii: "("), UInt8(ascii: "{"), UInt8(ascii: "$"), 10:
            return false
        default: return true
        }
    }

    /// `$(srcdir)`: one word that is no command's name.
    private static func isMakeVariable(_ text: Span<UInt8>, _ start: Int) -> Bool {
        let end = text.wordEnd(from: start)
        guard end > start, text.at(end) == UInt8(ascii: ")") else { return false }
        return CommandName(text, at: start).kind == .none
    }

    /// `{…}` with something in it.
    private static func isBraced(_ text: Span<UInt8>, _ brace: Int) -> Bool {
        guard text.at(brace) == UInt8(ascii: "{") else { return false }
        let inside = text.skippingBlanks(from: brace + 1)
        return inside < text.count && text[inside] != UInt8(ascii: "}")
    }

    /// Finds `~+1`, `~-1`: folders that the shell remembers.
    ///
    /// `~+` alone only names the one it is in.
    ///
    /// `!-1`: the line before.
    static func shorthand(_ text: Span<UInt8>, into rules: inout RuleSet) {
        if text.hasPrefix("!-"), TextByte.isDigit(text.at(2)) {
            for index in text.indices where !Self.isHistoryByte(text[index]) { return }
            rules.insert(.commandShorthand)
        }
        guard text.count < 8, text.at(0) == UInt8(ascii: "~"),
            text.at(1) == UInt8(ascii: "+") || text.at(1) == UInt8(ascii: "-")
                || text.at(1) == 0x20, text.count > 2
        else { return }
        for index in 2..<text.count where !TextByte.isDigit(text[index]) { return }
        rules.insert(.commandShorthand)
    }

    private static func isHistoryByte(_ byte: UInt8) -> Bool {
        TextByte.isDigit(byte) || byte == UInt8(ascii: "!") || byte == UInt8(ascii: "-")
    }
}
