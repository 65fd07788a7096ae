/// The word that a shell would take for a command, without what only hides it.
struct CommandName {
    private(set) var kind = CommandWord.none
    /// The index behind the word.
    private(set) var end: Int
    /// Quoted or escaped in part.
    private(set) var isQuoted = false
    /// With quotes, backslashes or empty variables inside.
    private(set) var isHidden = false
    private(set) var isAlias = false
    private(set) var isEcho = false
    /// Long enough to be no word of a language, and none that people speak of.
    private(set) var isLong = false
    /// `net`, `reg` and the like, whose next word tells more.
    private(set) var isNet = false
    /// `dir` and `set`, which need no argument to tell something.
    private(set) var isProbe = false
    /// `get`, `put`: methods of HTTP, with a path behind them.
    private(set) var isMethod = false
    /// Assignments stood before it.
    private(set) var isAssigned = false
    /// Two letters or less.
    private(set) var isShort = false

    private static let wordBytesMax = 40
    private static let methodTable = WordTable([(1, "get put post head patch link trace")])

    init(_ text: Span<UInt8>, at start: Int) {
        self.end = start
        var index = Self.skipOpening(text, start)
        self.isAssigned = text.index(of: UInt8(ascii: "="), from: start, before: index) != nil
        var letters: [40 of UInt8] = .init(repeating: 0)
        var count = 0
        var quote: UInt8 = 0
        var isPath = false
        while index < min(text.count, start + 256), count < Self.wordBytesMax {
            let byte = text[index]
            if byte == UInt8(ascii: "/") {
                // Only the last part names the command; behind a program of Windows it is an
                // option.
                if !isPath, Self.isWindows(letters.span, count) { break }
                isPath = true
                count = 0
            } else if Self.isNameByte(byte) {
                letters[count] = byte
                count += 1
            } else if Self.hides(text, index, &quote) {
                self.isQuoted = true
                if count > 0,
                    Self.isNameByte(text.at(index + 1)) || quote == 0 && text.at(index + 1) == byte
                {
                    self.isHidden = true
                }
            } else {
                break
            }
            index += 1
        }
        self.end = index
        // "I'd" opens a quote inside of a word and does not close it.
        guard count > 0,
            quote == 0 || self.isQuotedWhole(text, start) || Self.endsQuote(text, index, quote)
        else { return }
        self.isShort = count < 3
        self.isNet = CommandVocabulary.programTable.kind(of: letters.span, 0..<count) != 0
        self.isEcho = count == 4 && letters.span.holds("echo", at: 0)
        self.isLong =
            count > 4 && CommandVocabulary.spokenTable.kind(of: letters.span, 0..<count) == 0
        self.isProbe =
            count == 3 && (letters.span.holds("dir", at: 0) || letters.span.holds("set", at: 0))
        self.isMethod = Self.methodTable.kind(of: letters.span, 0..<count) != 0
        self.isAlias = count == 5 && letters.span.holds("alias", at: 0)
        let raw = CommandVocabulary.table.kind(of: letters.span, 0..<count)
        self.kind = CommandWord(rawValue: raw) ?? .none
        if self.kind == .none { self.kind = Self.versioned(letters.span, count) }
    }

    /// `;ls'`: the quote belongs to what stood before the separator.
    private static func endsQuote(_ text: Span<UInt8>, _ end: Int, _ quote: UInt8) -> Bool {
        text.at(end - 1) == quote && (end == text.count || !Self.isNameByte(text.at(end)))
    }

    private func isQuotedWhole(_ text: Span<UInt8>, _ start: Int) -> Bool {
        let first = text.at(Self.skipOpening(text, start))
        return first == UInt8(ascii: "'") || first == UInt8(ascii: "\"")
    }

    private static func isWindows(_ letters: Span<UInt8>, _ count: Int) -> Bool {
        count > 2 && CommandVocabulary.windowsTable.kind(of: letters, 0..<count) != 0
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        TextByte.isWord(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
    }

    /// Quotes, backslashes, carets and empty variables vanish before the shell looks.
    private static func hides(_ text: Span<UInt8>, _ index: Int, _ quote: inout UInt8) -> Bool {
        switch text[index] {
        case UInt8(ascii: "'"), UInt8(ascii: "\""):
            if quote == 0 {
                quote = text[index]
            } else if quote == text[index] {
                quote = 0
            }
            return true
        case UInt8(ascii: "\\"), UInt8(ascii: "^"): return TextByte.isWord(text.at(index + 1))
        // `$@` is empty; `$'id'` is a quote of another kind.
        case UInt8(ascii: "$"):
            return text.at(index + 1) == UInt8(ascii: "@")
                || text.at(index + 1) == UInt8(ascii: "'") && quote == 0
        case UInt8(ascii: "@"): return text.at(index - 1) == UInt8(ascii: "$")
        default: return false
        }
    }

    /// What may stand before a command: brackets, `!`, a variable, assignments.
    private static func skipOpening(_ text: Span<UInt8>, _ start: Int) -> Int {
        var index = start
        var rounds = 0
        while rounds < 4 {
            rounds += 1
            while index < start + 64,
                Self.opens(text.at(index))
                    || (TextByte.isBlank(text.at(index)) && index < text.count)
            {
                index += 1
            }
            var next = index
            if text.at(next) == UInt8(ascii: "$") {
                if text.at(next + 1) == UInt8(ascii: "'") { return index }
                next = text.wordEnd(from: next + 1)
                guard next > index + 1, TextByte.isBlank(text.at(next)) else { return index }
            } else {
                next = text.wordEnd(from: next)
                guard next > index, text.at(next) == UInt8(ascii: "=") else { return index }
                next += 1
                while next < min(text.count, start + 256), !TextByte.isBlank(text[next]),
                    text[next] != UInt8(ascii: "&"), text[next] != UInt8(ascii: ";")
                {
                    next += 1
                }
                guard TextByte.isBlank(text.at(next)), next < text.count else { return index }
            }
            index = next
        }
        return index
    }

    private static func opens(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "("), UInt8(ascii: "{"), UInt8(ascii: "!"), UInt8(ascii: "@"): true
        default: false
        }
    }

    /// Finds `python3.10`, `cmd.exe`.
    private static func versioned(_ letters: Span<UInt8>, _ count: Int) -> CommandWord {
        var end = count
        if letters.holds(".exe", before: end) {
            end -= 4
        } else {
            while end > 0,
                TextByte.isDigit(letters[end - 1]) || letters[end - 1] == UInt8(ascii: ".")
            {
                end -= 1
            }
        }
        // `IP31` and `LS1` are parts of addresses.
        guard end < count, end > 2 else { return .none }
        let kind = CommandVocabulary.table.kind(of: letters, 0..<end)
        return CommandWord(rawValue: kind) ?? .none
    }
}
