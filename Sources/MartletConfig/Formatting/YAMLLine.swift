/// One line of YAML taken apart: indentation, pieces, and what it leaves open.
///
/// Knows only as much of YAML as is needed to lay it out; `ConfigFormatter` checks the outcome
/// against a real parser.
struct YAMLLine {
    enum Piece: Equatable {
        /// `{`, `}`, `[`, `]`, `,` within a flow collection or beginning one.
        case punctuation(Character)
        /// A colon that ends a key.
        case colon
        case quoted(String)
        case plain(String)
        /// From `#` to the end of the line.
        case comment(String)
    }

    /// What is open across line ends.
    struct State: Equatable {
        var flowDepth = 0
        /// The quote that a multi-line scalar is closed by.
        var quote: Character?
    }

    /// Spaces in front.
    let indentation: Int
    /// How many `- ` stand in front of the content, with the columns they begin at.
    private(set) var dashes: [Int] = []
    private(set) var contentColumn: Int
    private(set) var pieces: [Piece] = []
    /// White space before the comment, if there is one behind content.
    private(set) var commentGap = ""
    private(set) var state: State
    /// The line began inside a quoted scalar.
    let continuesQuote: Bool
    /// A tab where it cannot be laid out, or a form that is not understood.
    private(set) var isForeign = false

    private var characters: [Character]
    private var index = 0

    init(_ text: String, after state: State) {
        self.characters = Array(text)
        while self.characters.last.map(Self.isSpace) == true { self.characters.removeLast() }
        self.indentation = self.characters.prefix { $0 == " " }.count
        self.index = self.indentation
        self.contentColumn = self.indentation
        self.state = state
        self.continuesQuote = state.quote != nil
        if self.continuesQuote { self.readQuoted(closing: state.quote ?? "\"", opened: false) }
        if state == State() { self.readDashes() }
        self.readContent()
        // YAML 1.1 ends lines at these too.
        if text.unicodeScalars.contains(where: {
            "\u{85}\u{2028}\u{2029}\r".unicodeScalars.contains($0)
        }) {
            self.isForeign = true
        }
    }

    var isBlank: Bool { self.characters.isEmpty }

    var isComment: Bool {
        if case .comment = self.pieces.first {
            self.pieces.count == 1 && self.dashes.isEmpty
        } else {
            false
        }
    }

    /// The text without its indentation.
    var content: String { String(self.characters.dropFirst(self.indentation)) }

    /// Whether a key stands here outside of flow collections.
    var hasKey: Bool {
        var depth = 0
        for piece in self.pieces {
            switch piece {
            case .punctuation("{"), .punctuation("["): depth += 1
            case .punctuation("}"), .punctuation("]"): depth -= 1
            case .colon where depth == 0: return true
            default: break
            }
        }
        return false
    }

    /// `key: |` and the like: what follows is a block scalar.
    ///
    /// `nil` if not; else its indicator.
    var blockScalar: String? {
        let last = self.pieces.last { if case .comment = $0 { false } else { true } }
        guard case .plain(let text) = last, self.state == State(), let first = text.first,
            first == "|" || first == ">", text.count <= 3
        else { return nil }
        return text
    }

    private mutating func readDashes() {
        while self.index < self.characters.count, self.characters[self.index] == "-",
            self.index + 1 >= self.characters.count || self.characters[self.index + 1] == " "
        {
            self.dashes.append(self.index)
            self.index += 1
            self.skipSpaces()
            self.contentColumn = self.index
        }
        let isExplicitKey =
            self.index + 1 < self.characters.count
            && self.characters[self.index] == "?" && self.characters[self.index + 1] == " "
        if isExplicitKey || self.peek == "\t" { self.isForeign = true }
    }

    private static func isSpace(_ character: Character) -> Bool {
        character == " " || character == "\t"
    }

    private var peek: Character? {
        self.index < self.characters.count ? self.characters[self.index] : nil
    }

    private mutating func skipSpaces() {
        while self.peek == " " || self.peek == "\t" { self.index += 1 }
    }

    private mutating func readContent() {
        while true {
            let start = self.index
            self.skipSpaces()
            guard let next = self.peek else { return }
            let isSpaced = start < self.index || start == self.indentation || self.pieces.isEmpty
            if next == "#", isSpaced {
                self.commentGap = String(self.characters[start..<self.index])
                self.pieces.append(.comment(String(self.characters[self.index...])))
                return
            }
            self.readPiece(next)
        }
    }

    private mutating func readPiece(_ next: Character) {
        switch next {
        case "{", "[":
            self.state.flowDepth += 1
            self.readOne(.punctuation(next))
        case "}" where self.state.flowDepth > 0, "]" where self.state.flowDepth > 0:
            self.state.flowDepth -= 1
            self.readOne(.punctuation(next))
        case "," where self.state.flowDepth > 0: self.readOne(.punctuation(next))
        case ":" where self.isColon(at: self.index): self.readOne(.colon)
        case "\"", "'": self.readQuoted(closing: next, opened: true)
        default: self.readPlain()
        }
    }

    private mutating func readOne(_ piece: Piece) {
        self.pieces.append(piece)
        self.index += 1
    }

    /// A colon ends a key before white space or the end; in flow also before punctuation and
    /// after a quote.
    private func isColon(at index: Int) -> Bool {
        guard self.characters[index] == ":" else { return false }
        guard index + 1 < self.characters.count else { return true }
        let next = self.characters[index + 1]
        if next == " " || next == "\t" { return true }
        guard self.state.flowDepth > 0 else { return false }
        if ",[]{}".contains(next) { return true }
        if case .quoted = self.pieces.last { return true }
        return false
    }

    private mutating func readQuoted(closing quote: Character, opened: Bool) {
        let start = self.index
        if opened { self.index += 1 }
        self.state.quote = quote
        while let next = self.peek {
            self.index += 1
            if next == "\\", quote == "\"" {
                self.index = min(self.index + 1, self.characters.count)
            } else if next == quote {
                if quote == "'", self.peek == "'" {
                    self.index += 1
                    continue
                }
                self.state.quote = nil
                break
            }
        }
        self.pieces.append(.quoted(String(self.characters[start..<self.index])))
    }

    private mutating func readPlain() {
        let start = self.index
        while let next = self.peek {
            if self.isColon(at: self.index), self.index > start { break }
            if self.state.flowDepth > 0, ",[]{}".contains(next) { break }
            if next == "#", self.index > start, Self.isSpace(self.characters[self.index - 1]) {
                break
            }
            self.index += 1
        }
        var end = self.index
        while end > start + 1, Self.isSpace(self.characters[end - 1]) { end -= 1 }
        self.index = end
        self.pieces.append(.plain(String(self.characters[start..<end])))
    }
}
