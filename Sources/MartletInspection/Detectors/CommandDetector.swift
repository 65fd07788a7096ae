/// Decides whether a text would run a command if it reached a shell.
///
/// A shell takes the first word after a separator for a command, whatever quotes and backslashes
/// are in it. How much more is needed depends on the word: `ls` is enough, `time` is not.
enum CommandDetector {
    /// Where a command was found to begin.
    enum Place {
        case start
        /// Behind a separator; `isClose` without a blank between.
        case separator(isClose: Bool)
    }

    static func detect(
        _ text: Span<UInt8>, part: RequestPart, traits: ByteTraits, level: InspectionLevel,
        into rules: inout RuleSet
    ) {
        Self.words(text, part: part, level: level, into: &rules)
        if traits.contains(.dollar) || traits.contains(.parenthesis) || traits.contains(.less)
            || traits.contains(.brace)
        {
            Self.substitutions(text, into: &rules)
        }
        if traits.contains(.tilde) || traits.contains(.mark) {
            Self.shorthand(text, into: &rules)
        }
        if traits.contains(.bracket), traits.contains(.slash) { Self.globs(text, into: &rules) }
        if traits.contains(.slash) || traits.contains(.dollar) || traits.contains(.less) {
            Self.paths(text, into: &rules)
        }
    }

    // MARK: Commands

    private static func words(
        _ text: Span<UInt8>, part: RequestPart, level: InspectionLevel, into rules: inout RuleSet
    ) {
        if part != .path,
            let rule = Self.command(text, at: 0, .start, part: part, level: level)
        {
            rules.insert(rule)
        }
        var depth = 0
        var ticks = 0
        for index in text.indices {
            switch text[index] {
            case UInt8(ascii: "("): depth += 1
            case UInt8(ascii: ")"): depth = max(0, depth - 1)
            default: break
            }
            if text[index] == UInt8(ascii: "`") { ticks += 1 }
            guard Self.separates(text, index, isOpening: ticks % 2 == 1) else { continue }
            // Of several line breaks the last one counts.
            if text[index] == 10 || text[index] == 13, text.at(index + 1) == text[index] {
                continue
            }
            if Self.isPatternPath(text, text.skippingBlanks(from: index + 1)) {
                return rules.insert(.commandGlob)
            }
            // `(X11; Linux x86_64)`: comments of a user agent.
            if part == .userAgent, depth > 0 { continue }
            let next = text.skippingBlanks(from: index + 1)
            let place = Place.separator(isClose: next == index + 1)
            if let rule = Self.command(text, at: next, place, part: part, level: level) {
                return rules.insert(rule)
            }
        }
    }

    /// Finds `/bin/c?t`, `/???/p*g` where a command may stand.
    private static func isPatternPath(_ text: Span<UInt8>, _ start: Int) -> Bool {
        guard text.at(start) == UInt8(ascii: "/") else { return false }
        var slashes = 0
        var hasPattern = false
        for index in start..<min(text.count, start + 64) {
            switch text[index] {
            case UInt8(ascii: "/"): slashes += 1
            case UInt8(ascii: "?"): hasPattern = true
            case UInt8(ascii: "*"): hasPattern = hasPattern || text.at(index - 1) != 0x2f
            case 0x20, UInt8(ascii: ";"), UInt8(ascii: "|"), UInt8(ascii: "&"):
                return hasPattern && slashes > 1
            default: guard TextByte.isWord(text[index]) else { return false }
            }
        }
        return hasPattern && slashes > 1
    }

    private static func separates(_ text: Span<UInt8>, _ index: Int, isOpening: Bool) -> Bool {
        switch text[index] {
        case UInt8(ascii: ";"), UInt8(ascii: "|"), UInt8(ascii: "&"), 10, 13: return true
        case UInt8(ascii: "("): return text.at(index - 1) == UInt8(ascii: "$")
        case UInt8(ascii: "`"):
            // Markdown has backticks as well, inside of prose.
            switch text.at(index - 1) {
            case UInt8(ascii: ";"), UInt8(ascii: "|"), UInt8(ascii: "="), UInt8(ascii: "&"),
                UInt8(ascii: "\""), UInt8(ascii: "'"):
                return true
            default:
                return index == 0 && text.hasSuffix("`")
                    || isOpening && TextByte.isWord(text.at(index - 1))
            }
        default: return false
        }
    }

    /// The rule that a command at an index breaks, if there is one.
    private static func command(
        _ text: Span<UInt8>, at start: Int, _ place: Place, part: RequestPart,
        level: InspectionLevel
    ) -> InspectionRule? {
        var word = CommandName(text, at: start)
        if word.kind == .none, word.isAlias, Self.hasAssignment(text, word.end) {
            return .commandAlias
        }
        var isPrefixed = false
        let isHidden = word.isHidden
        var rounds = 0
        while word.kind == .prefix, rounds < 3 {
            var next = text.skippingBlanks(from: word.end)
            guard next > word.end else { break }
            while text.at(next) == UInt8(ascii: "-") {
                while next < text.count, !TextByte.isBlank(text[next]) { next += 1 }
                next = text.skippingBlanks(from: next)
            }
            let inner = CommandName(text, at: next)
            guard inner.kind == .technical || inner.kind == .special || inner.kind == .prefix
            else { break }
            word = inner
            isPrefixed = inner.kind != .prefix
            rounds += 1
        }
        guard word.kind != .none, !Self.isEntity(text, start, word) else { return nil }
        let argument = CommandArgument(text, after: word.end)
        if case .separator = place, word.kind == .windows, word.isNet {
            let verb = text.skippingBlanks(from: word.end)
            let end = text.wordEnd(from: verb)
            if CommandVocabulary.netTable.kind(of: text, verb..<end) != 0 {
                return .commandSeparated
            }
        }
        switch place {
        case .start:
            // "time curl example.com" may be a note; `ti''me` may not.
            let isPrefixed = isPrefixed && (isHidden || word.kind == .special || argument.isTelling)
            if isPrefixed || Self.isCommandLine(word, argument, text) { return .commandDirect }
        case .separator(let isClose):
            let isClose = isClose && !word.isAssigned
            if isPrefixed || Self.isCommand(word, argument, isClose: isClose, part: part) {
                return .commandSeparated
            }
        }
        return level == .strict ? .commandWeak : nil
    }

    /// Finds `&top;`.
    private static func isEntity(_ text: Span<UInt8>, _ start: Int, _ word: CommandName) -> Bool {
        text.at(start - 1) == UInt8(ascii: "&") && text.at(word.end) == UInt8(ascii: ";")
            && !text.holds("&&", before: start)
    }

    private static func hasAssignment(_ text: Span<UInt8>, _ start: Int) -> Bool {
        guard TextByte.isBlank(text.at(start)) else { return false }
        let equals = text.index(of: UInt8(ascii: "="), from: start, before: start + 32)
        guard let equals else { return false }
        return !TextByte.isBlank(text.at(equals - 1)) && !TextByte.isBlank(text.at(equals + 1))
    }

    /// Behind a separator.
    private static func isCommand(
        _ word: CommandName, _ argument: CommandArgument, isClose: Bool, part: RequestPart
    ) -> Bool {
        switch word.kind {
        case .special: return true
        case .technical, .prefix:
            switch argument {
            case .assignment, .joined: return false
            // "date | time | place": there is nothing to run.
            case .end where word.kind == .prefix, .chained where word.kind == .prefix:
                return false
            case .end, .option, .path, .quoted, .expansion, .chained: return true
            // "; curl up with": prose has a blank behind its semicolon.
            case .plain, .number: return isClose
            }
        case .common, .windows:
            guard part != .userAgent else { return false }
            switch argument {
            case .option, .path, .expansion: return true
            case .quoted: return isClose
            case .end: return isClose && (word.isQuoted || word.kind == .windows && word.isProbe)
            case .assignment, .plain, .joined, .chained, .number: return false
            }
        case .delay: return argument == .number
        case .none: return false
        }
    }

    /// At the start of a value, where any word may stand: only what administers, fetches, opens a
    /// shell, or names a path.
    private static func isCommandLine(
        _ word: CommandName, _ argument: CommandArgument, _ text: Span<UInt8>
    ) -> Bool {
        switch argument {
        // "make -j8", "tar -xzf a.tgz": what jobs and containers are told to run. A word that hides
        // what it is, is no such thing.
        case .option: return word.kind == .technical || word.kind == .special || word.isHidden
        case .path: return word.kind != .none
        case .expansion, .quoted: return word.kind == .technical || word.kind == .special
        case .plain:
            if word.kind == .special { return true }
            return word.kind == .technical && CommandArgument.hasOption(text, from: word.end)
        case .chained: return word.kind == .special
        case .end: return word.kind == .special
        case .assignment, .joined, .number: return false
        }
    }

    // MARK: Expansions

    /// Finds `$(…)`, `${…}`, `$[…]`, `<(…)`, `() {`.
    private static func substitutions(_ text: Span<UInt8>, into rules: inout RuleSet) {
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
        default: return Self.isBraced(text, text.skippingBlanks(from: dollar + 1))
        }
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
    private static func shorthand(_ text: Span<UInt8>, into rules: inout RuleSet) {
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
