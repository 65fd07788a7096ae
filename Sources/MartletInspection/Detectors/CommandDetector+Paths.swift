/// Commands by their paths, and paths that only a shell can read.
extension CommandDetector {
    static func paths(_ text: Span<UInt8>, into rules: inout RuleSet) {
        if text.contains("dev/tcp/") || text.contains("dev/udp/") || text.contains("$ifs")
            || text.contains("${ifs") || Self.hasHereString(text)
        {
            rules.insert(.commandShellDevice)
        }
        // `=cmd|'/c calc'!a0`: a spreadsheet runs it.
        if text.contains("cmd|'/") || text.contains("cmd|\" /") { rules.insert(.commandDirect) }
        var index = 0
        while let found = text.index(of: "bin/", from: index) {
            index = found + 4
            guard Self.isFolderStart(text, found) else { continue }
            let name = CommandName(text, at: index)
            // What was read as one path is not read again from each of its folders.
            index = max(index, name.end)
            switch name.kind {
            case .none, .delay: continue
            case .technical, .special: return rules.insert(.commandPath)
            // `/opt/app/bin/start` is the program's own.
            case .common, .prefix, .windows:
                if Self.isSystemFolder(text, found) { return rules.insert(.commandPath) }
            }
        }
        if let shell = text.index(of: "$shell", from: 0) ?? text.index(of: "${shell}", from: 0) {
            let end = text.index(of: UInt8(ascii: " "), from: shell, before: shell + 9)
            if let end, text.at(end + 1) == UInt8(ascii: "-") { rules.insert(.commandPath) }
        }
    }

    /// `bin/` as the whole name of a folder, or its end in `sbin/`.
    private static func isFolderStart(_ text: Span<UInt8>, _ start: Int) -> Bool {
        let before = text.at(start - 1)
        if before == UInt8(ascii: "s") { return Self.isFolderStart(text, start - 1) }
        return !TextByte.isWord(before) && before != UInt8(ascii: "-")
            && before != UInt8(ascii: ".")
    }

    /// `/bin/`, `/sbin/`, `/usr/bin/`, `/usr/local/bin/`, from the root on.
    private static func isSystemFolder(_ text: Span<UInt8>, _ start: Int) -> Bool {
        var start = start
        if text.at(start - 1) == UInt8(ascii: "s") { start -= 1 }
        if text.holds("local/", before: start) { start -= 6 }
        if text.holds("usr/", before: start) { start -= 4 }
        guard text.at(start - 1) == UInt8(ascii: "/") else { return false }
        let before = text.at(start - 2)
        return !TextByte.isWord(before) && before != UInt8(ascii: "-")
    }

    private static func hasHereString(_ text: Span<UInt8>) -> Bool {
        guard let found = text.index(of: "<<<", from: 0) else { return false }
        let next = text.at(text.skippingBlanks(from: found + 3))
        return TextByte.isWord(next) || next == UInt8(ascii: "'") || next == UInt8(ascii: "\"")
            || next == UInt8(ascii: "$")
    }

    /// Finds `/etc/pas[s]wd`, `/[?]tc`.
    static func globs(_ text: Span<UInt8>, into rules: inout RuleSet) {
        var index = 0
        while let open = text.index(of: UInt8(ascii: "["), from: index) {
            index = open + 1
            guard let close = text.index(of: UInt8(ascii: "]"), from: index, before: open + 24)
            else { continue }
            if Self.isGlob(text, open, close) { return rules.insert(.commandGlob) }
        }
    }

    private static func isGlob(_ text: Span<UInt8>, _ open: Int, _ close: Int) -> Bool {
        let before = text.at(open - 1)
        let after = text.at(close + 1)
        // `//div[@class]` is XPath.
        if text.at(open + 1) == UInt8(ascii: "@") { return false }
        guard
            TextByte.isWord(before) || TextByte.isWord(after)
                || before == UInt8(ascii: "/")
                    && TextByte.isWord(after)
        else { return false }
        // An index, or a quantifier behind it as in regular expressions.
        var isIndex = true
        for index in open + 1..<close {
            if TextByte.isBlank(text[index]) { return false }
            if !TextByte.isDigit(text[index]) { isIndex = false }
        }
        guard !isIndex, close > open + 1, after != UInt8(ascii: "{"), after != UInt8(ascii: "+"),
            after != UInt8(ascii: "*")
        else { return false }
        // The word that it is in begins with a slash, and has one before the bracket.
        var start = open
        while start > 0, open - start < 256, !TextByte.isBlank(text[start - 1]),
            text[start - 1] != UInt8(ascii: "="), text[start - 1] != UInt8(ascii: "\""),
            text[start - 1] != UInt8(ascii: "'"), text[start - 1] != UInt8(ascii: ";")
        {
            start -= 1
        }
        return text.at(start) == UInt8(ascii: "/") && open > start
    }
}
