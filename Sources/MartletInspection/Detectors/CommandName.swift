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
    /// `net`, whose next word tells more.
    private(set) var isNet = false
    /// `dir`, which needs no argument to tell something.
    private(set) var isProbe = false
    /// Assignments stood before it.
    private(set) var isAssigned = false
    /// Two letters or less.
    private(set) var isShort = false

    private static let wordBytesMax = 40

    init(_ text: Span<UInt8>, at start: Int) {
        self.end = start
        var index = Self.skipOpening(text, start)
        self.isAssigned = text.index(of: UInt8(ascii: "="), from: start, before: index) != nil
        var letters: [40 of UInt8] = .init(repeating: 0)
        var count = 0
        var quote: UInt8 = 0
        while index < min(text.count, start + 256), count < Self.wordBytesMax {
            let byte = text[index]
            if byte == UInt8(ascii: "/") {
                // Only the last part names the command; behind a program of Windows it is an
                // option.
                if Self.isWindows(letters.span, count) { break }
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
        self.isNet = count == 3 && letters.span.holds("net", at: 0)
        self.isProbe = count == 3 && letters.span.holds("dir", at: 0)
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
        case UInt8(ascii: "$"): return text.at(index + 1) == UInt8(ascii: "@")
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
        guard end < count, end > 1 else { return .none }
        let kind = CommandVocabulary.table.kind(of: letters, 0..<end)
        return CommandWord(rawValue: kind) ?? .none
    }
}

/// What follows a command's name.
enum CommandArgument {
    /// Nothing, or what ends a quote.
    case end
    /// `-x`, `--long`
    case option
    /// `/…`, `./`, `~/`, `C:\`, a URL.
    case path
    case quoted
    /// `$x`, `*`, redirections.
    case expansion
    /// Another separator.
    case chained
    /// The word is the name of a variable or parameter.
    case assignment
    /// Only a number, as `sleep` has it.
    case number
    /// Some other word.
    case plain
    /// The word goes on with something that no command's name has.
    case joined

    init(_ text: Span<UInt8>, after end: Int) {
        let next = text.skippingBlanks(from: end)
        let first = text.at(next)
        let second = text.at(next + 1)
        if next >= text.count {
            self = .end
            return
        }
        switch first {
        case UInt8(ascii: ";"), UInt8(ascii: "|"), UInt8(ascii: "&"), UInt8(ascii: "`"):
            self = .chained
        case UInt8(ascii: ")"), UInt8(ascii: "}"): self = .end
        case UInt8(ascii: "<"), UInt8(ascii: ">"):
            self = next == end && TextByte.isLetter(second) ? .joined : .expansion
        case UInt8(ascii: "="): self = .assignment
        // `$5` is a price.
        case UInt8(ascii: "$") where TextByte.isDigit(second): self = .plain
        case UInt8(ascii: "$"): self = .expansion
        case UInt8(ascii: "/") where next == end: self = .option
        case UInt8(ascii: "{") where second == UInt8(ascii: ","): self = .expansion
        default: self = next == end ? .joined : Self.word(text, next)
        }
    }

    private static func word(_ text: Span<UInt8>, _ start: Int) -> CommandArgument {
        let first = text.at(start)
        let second = text.at(start + 1)
        switch first {
        case UInt8(ascii: "-"):
            return TextByte.isLetter(second)
                || (second == UInt8(ascii: "-") && TextByte.isLetter(text.at(start + 2)))
                ? .option : .plain
        case UInt8(ascii: "/") where TextByte.isBlank(second):
            // `find / -name`, but "and / or".
            let option = text.skippingBlanks(from: start + 1)
            return text.at(option) == UInt8(ascii: "-") && TextByte.isLetter(text.at(option + 1))
                ? .option : .plain
        case UInt8(ascii: "/"): return .path
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            return Self.isLoneNumber(text, start) ? .number : .plain
        case UInt8(ascii: "~"): return second == UInt8(ascii: "/") ? .path : .plain
        case UInt8(ascii: "."):
            return second == UInt8(ascii: "/") || second == UInt8(ascii: ".") ? .path : .plain
        case UInt8(ascii: "*"): return .expansion
        case UInt8(ascii: "'"), UInt8(ascii: "\""): return .quoted
        case UInt8(ascii: "%"):
            let end = text.wordEnd(from: start + 1)
            return end > start + 1 && text.at(end) == UInt8(ascii: "%") ? .expansion : .plain
        default: break
        }
        if second == UInt8(ascii: ":"), text.at(start + 2) == UInt8(ascii: "\\") { return .path }
        let end = text.wordEnd(from: start)
        return text.holds("://", at: end) ? .path : .plain
    }

    /// Whether no prose has it.
    var isTelling: Bool {
        switch self {
        case .option, .path, .expansion, .quoted: true
        case .end, .chained, .assignment, .number, .plain, .joined: false
        }
    }

    /// `5`, `0.5`, `10s`, and then the end of the command.
    private static func isLoneNumber(_ text: Span<UInt8>, _ start: Int) -> Bool {
        var end = start
        while end < start + 12, TextByte.isDigit(text.at(end)) || text.at(end) == UInt8(ascii: ".")
        {
            end += 1
        }
        switch text.at(end) {
        case UInt8(ascii: "s"), UInt8(ascii: "m"), UInt8(ascii: "h"): end += 1
        default: break
        }
        let next = text.skippingBlanks(from: end)
        switch text.at(next) {
        case UInt8(ascii: ";"), UInt8(ascii: "|"), UInt8(ascii: "&"), UInt8(ascii: "`"),
            UInt8(ascii: ")"), UInt8(ascii: "#"), UInt8(ascii: "'"), UInt8(ascii: "\""):
            return true
        default: return next >= text.count
        }
    }

    /// Whether one of the next words is an option.
    static func hasOption(_ text: Span<UInt8>, from start: Int) -> Bool {
        for index in start..<min(text.count, max(start, start + 64))
        where text[index] == UInt8(ascii: "-") && TextByte.isBlank(text.at(index - 1)) {
            if TextByte.isLetter(text.at(index + 1)) { return true }
            if text.at(index + 1) == UInt8(ascii: "-"), TextByte.isLetter(text.at(index + 2)) {
                return true
            }
        }
        return false
    }
}
