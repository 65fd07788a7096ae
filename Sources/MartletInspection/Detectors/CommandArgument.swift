/// What follows a command's name.
enum CommandArgument {
    /// Nothing, or what ends a quote.
    case end
    /// `-x`, `--long`
    case option
    /// `/…`, `./`, `~/`, `C:\`
    case path
    /// A URL.
    case link
    /// `a.example`, `192.0.2.1`, and then the end of the command.
    case host
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
            return TextByte.isLetter(second) || Self.isCount(text, start + 1)
                || (second == UInt8(ascii: "-") && TextByte.isLetter(text.at(start + 2)))
                ? .option : .plain
        case UInt8(ascii: "/") where TextByte.isBlank(second):
            // `find / -name`, but "and / or".
            let option = text.skippingBlanks(from: start + 1)
            return text.at(option) == UInt8(ascii: "-") && TextByte.isLetter(text.at(option + 1))
                ? .option : .plain
        case UInt8(ascii: "/"): return .path
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            if Self.isLoneNumber(text, start) { return .number }
            return Self.isLoneHost(text, start) ? .host : .plain
        // A comment, which ends the command; `#5` is a number in prose.
        case UInt8(ascii: "#") where TextByte.isBlank(second): return .end
        case UInt8(ascii: "~"): return second == UInt8(ascii: "/") ? .path : .plain
        case UInt8(ascii: ".") where TextByte.isBlank(second):
            // `find . -name`
            let option = text.skippingBlanks(from: start + 1)
            return text.at(option) == UInt8(ascii: "-") && TextByte.isLetter(text.at(option + 1))
                ? .option : .plain
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
        if text.holds("://", at: end) { return .link }
        return Self.isLoneHost(text, start) ? .host : .plain
    }

    /// `-9 1`, `-1 x.txt`: a number as an option, and something to use it on.
    private static func isCount(_ text: Span<UInt8>, _ start: Int) -> Bool {
        var end = start
        while TextByte.isDigit(text.at(end)), end < start + 3 { end += 1 }
        return end > start && text.at(end) == 0x20 && TextByte.isWord(text.at(end + 1))
    }

    /// Whether the command ends behind a name with dots in it, which prose would go on after.
    private static func isLoneHost(_ text: Span<UInt8>, _ start: Int) -> Bool {
        var end = start
        var dots = 0
        while end < start + 64,
            TextByte.isWord(text.at(end)) || text.at(end) == UInt8(ascii: "-")
                || text.at(end) == UInt8(ascii: ".")
        {
            if text.at(end) == UInt8(ascii: "."), TextByte.isWord(text.at(end + 1)) { dots += 1 }
            end += 1
        }
        guard dots > 0, text.at(end - 1) != UInt8(ascii: ".") else { return false }
        switch text.at(text.skippingBlanks(from: end)) {
        case 0, UInt8(ascii: ";"), UInt8(ascii: "|"), UInt8(ascii: "&"), UInt8(ascii: "`"),
            UInt8(ascii: ")"), UInt8(ascii: "#"), UInt8(ascii: "'"), UInt8(ascii: "\""):
            return true
        default: return false
        }
    }

    /// Whether no prose has it.
    var isTelling: Bool {
        switch self {
        case .option, .path, .link, .expansion, .quoted: true
        case .end, .host, .chained, .assignment, .number, .plain, .joined: false
        }
    }

    /// `5`, `0.5`, `10s`, and then the end of the command.
    private static func isLoneNumber(_ text: Span<UInt8>, _ start: Int) -> Bool {
        var end = start
        var dots = 0
        while end < start + 12, TextByte.isDigit(text.at(end)) || text.at(end) == UInt8(ascii: ".")
        {
            if text.at(end) == UInt8(ascii: ".") { dots += 1 }
            end += 1
        }
        guard dots < 2 else { return false }
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

    /// `-c:` as in prose: what Unix reads as an option has no colon behind it.
    static func isOptionLabel(_ text: Span<UInt8>, after end: Int) -> Bool {
        var index = text.skippingBlanks(from: end)
        while text.at(index) == UInt8(ascii: "-") { index += 1 }
        return text.at(text.wordEnd(from: index)) == UInt8(ascii: ":")
    }

    private static let articleTable = WordTable([
        (
            1,
            """
            the a an is are was will would can may should must has have had for to of in on with \
            and or by from as that which it its be does do not
            """
        )
    ])

    /// Whether four words at most follow, and none of those that only sentences have.
    static func isTerse(_ text: Span<UInt8>, from start: Int) -> Bool {
        var index = text.skippingBlanks(from: start)
        var words = 0
        while index < text.count, words < 5 {
            var end = index
            while end < min(text.count, index + 64), !TextByte.isBlank(text[end]) { end += 1 }
            if Self.articleTable.kind(of: text, index..<end) != 0 { return false }
            words += 1
            index = text.skippingBlanks(from: end)
        }
        return words < 5
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
