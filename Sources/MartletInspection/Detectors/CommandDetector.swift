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
        if traits.contains(.percent), traits.contains(.tilde), Self.holdsSlice(text) {
            rules.insert(.commandSubstitution)
        }
        if traits.contains(.dollar), text.contains("=$'") || text.contains("=$\""),
            text.contains(";$") || text.contains("&$") || text.contains("|$")
        {
            rules.insert(.commandSubstitution)
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
        if part != .path, text.contains("??"), Self.isPatternPath(text, 0) {
            rules.insert(.commandGlob)
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
            // `|$0`: to the shell itself.
            if text.holds("$0", at: next),
                next + 2 == text.count || TextByte.isBlank(text.at(next + 2))
            {
                return rules.insert(.commandSeparated)
            }
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
            // Options, and how long `timeout` waits.
            while text.at(next) == UInt8(ascii: "-") || TextByte.isDigit(text.at(next)) {
                while next < text.count, !TextByte.isBlank(text[next]) { next += 1 }
                next = text.skippingBlanks(from: next)
            }
            let inner = CommandName(text, at: next)
            let isDelay =
                inner.kind == .delay && CommandArgument(text, after: inner.end) == .number
            guard
                inner.kind == .technical || inner.kind == .special || inner.kind == .prefix
                    || isDelay
            else { break }
            word = inner
            isPrefixed = inner.kind != .prefix
            rounds += 1
        }
        guard word.kind != .none, !Self.isEntity(text, start, word) else { return nil }
        let argument = CommandArgument(text, after: word.end)
        if case .separator = place, word.isNet {
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
            if Self.isAbbreviation(text, start - 1, argument) { return nil }
            if isPrefixed
                || Self.isCommand(word, argument, text, at: start, isClose: isClose, part: part)
            {
                return .commandSeparated
            }
        }
        return level == .strict ? .commandWeak : nil
    }

    /// "P&ID models", "R&D ...": one letter before the sign, and words behind.
    private static func isAbbreviation(
        _ text: Span<UInt8>, _ sign: Int, _ argument: CommandArgument
    ) -> Bool {
        guard text.at(sign) == UInt8(ascii: "&"), TextByte.isLetter(text.at(sign - 1)),
            !TextByte.isWord(text.at(sign - 2))
        else { return false }
        return argument == .plain || argument == .end || argument == .joined
    }

    /// Whether a line break ends a line of several words.
    private static func isBehindProse(_ text: Span<UInt8>, _ lineEnd: Int) -> Bool {
        var blanks = 0
        var index = lineEnd - 1
        let floor = max(0, lineEnd - 160)
        while index >= floor, text[index] != 10, text[index] != UInt8(ascii: ";") {
            if text[index] == 0x20, TextByte.isLetter(text.at(index + 1)) { blanks += 1 }
            index -= 1
        }
        return blanks > 3
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

    /// Behind a separator: what stands around the word decides how much is needed.
    private static func isCommand(
        _ word: CommandName, _ argument: CommandArgument, _ text: Span<UInt8>, at start: Int,
        isClose: Bool, part: RequestPart
    ) -> Bool {
        if argument == .option, word.kind == .common,
            CommandArgument.isOptionLabel(text, after: word.end)
        {
            return false
        }
        let sign = text.skippingBlanksBackwards(from: start - 1)
        // A line that begins with the word, behind a line of prose; "PS thank you", "ID 83702".
        let isLine = text.at(start - 1) == 10 || text.at(start - 1) == 13
        let isLabel = isLine && (word.isShort || Self.isBehindProse(text, start - 1))
        // Prose has no `&&` and no `||`.
        let isDoubled = !isLine && sign > 0 && text.at(sign) == text.at(sign - 1)
        if word.kind == .technical, argument == .plain, !isLabel, word.isLong,
            CommandArgument.isTerse(text, from: word.end)
        {
            return true
        }
        if word.isEcho, argument == .quoted || isDoubled && argument == .plain { return true }
        let isNear = (isClose || isDoubled) && !word.isAssigned && !isLabel
        return Self.isCommand(word, argument, isClose: isNear, part: part)
    }

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
            case .end, .option, .path, .link, .host, .quoted, .expansion, .chained: return true
            // "; curl up with": prose has a blank behind its semicolon.
            case .plain, .number: return isClose
            }
        case .common, .windows:
            guard part != .userAgent else { return false }
            switch argument {
            case .option, .path, .expansion: return true
            // "; watch https://…" is advice.
            case .quoted, .link, .host: return isClose
            case .end: return word.isProbe || isClose && word.isQuoted
            case .chained: return isClose && word.isProbe
            case .assignment, .plain, .joined, .number: return false
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
        // `GET /orders` names an endpoint.
        case .path: return word.kind != .none && (!word.isMethod || word.isHidden)
        // "watch https://…" is advice.
        case .link: return word.kind == .technical || word.kind == .special || word.isHidden
        case .expansion, .quoted: return word.kind == .technical || word.kind == .special
        case .plain:
            if word.kind == .special, CommandArgument.isTerse(text, from: word.end) { return true }
            return word.kind == .technical && CommandArgument.hasOption(text, from: word.end)
        case .chained: return word.kind == .special
        // `w'h'o'am'i`
        case .end: return word.kind == .special || word.isHidden && word.kind == .technical
        case .assignment, .joined, .number, .host: return false
        }
    }
}
