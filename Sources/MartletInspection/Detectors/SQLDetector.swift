/// Decides whether a text is meant to change an SQL statement.
///
/// Words alone mean nothing: prose is full of them. What counts is an order of tokens that SQL has
/// and prose has not, or a quote after which SQL goes on.
struct SQLDetector {
    private var tokeniser = SQLTokeniser()
    private(set) var found = RuleSet()
    /// How the text is read just now.
    private(set) var isBroken = false
    /// The parameter holds an expression by its contract (OData's `$filter`): calls are ordinary.
    private(set) var isExpression = false

    /// Stars between slashes may stand for folders.
    var isPath = false

    init() {}

    /// - `text`: lower case.
    mutating func detect(
        _ text: Span<UInt8>, level: InspectionLevel, isExpression: Bool, into rules: inout RuleSet
    ) {
        self.found = RuleSet()
        self.isExpression = isExpression
        self.isBroken = false
        self.tokeniser.read(text, insideOf: nil)
        self.scan(text)
        if level == .strict { self.scanStrict() }
        self.isBroken = true
        self.scanBroken(text, UInt8(ascii: "'"))
        self.scanBroken(text, UInt8(ascii: "\""))
        self.scanBroken(text, UInt8(ascii: "`"))
        rules.formUnion(self.found)
    }

    /// As if the text began inside of a string.
    private mutating func scanBroken(_ text: Span<UInt8>, _ quote: UInt8) {
        guard text.index(of: quote, from: 0) != nil else { return }
        self.tokeniser.read(text, insideOf: quote)
        guard self.goesOn, !self.isQuotedSign(text) else { return }
        self.quoteEnd(text)
        self.scan(text)
    }

    // MARK: Tokens

    private static let nothing = SQLToken(
        kind: .other, word: .none, start: 0, end: 0, afterComment: false)

    var count: Int { self.tokeniser.tokens.count }

    func token(_ index: Int) -> SQLToken {
        index >= 0 && index < self.count ? self.tokeniser.tokens[index] : Self.nothing
    }

    func kind(_ index: Int) -> SQLToken.Kind { self.token(index).kind }
    func word(_ index: Int) -> SQLWord { self.token(index).word }

    /// Whether a token stands directly behind the one before.
    func isAdjacent(_ index: Int) -> Bool {
        index > 0 && self.token(index).start == self.token(index - 1).end
    }

    func isLiteral(_ index: Int) -> Bool {
        switch self.kind(index) {
        case .number, .string, .openString: true
        default: false
        }
    }

    func isName(_ index: Int) -> Bool {
        self.kind(index) == .quotedName || self.kind(index) == .variable
            || self.kind(index) == .word
    }

    mutating func add(_ rule: InspectionRule) { self.found.insert(rule) }

    /// A place where a statement or an expression may begin.
    func isAnchored(_ index: Int) -> Bool {
        if index == 0 || (self.isBroken && index == 1) { return true }
        switch self.kind(index - 1) {
        case .semicolon, .open, .close, .comma, .comparison, .doubleOperator, .arithmetic,
            .comment, .string, .number:
            return true
        case .word:
            switch self.word(index - 1) {
            case .logic, .not, .comparison, .select, .union, .quantifier, .where, .having, .by,
                .when, .then, .values:
                return true
            default: return false
            }
        default: return false
        }
    }

    // MARK: Scanning

    private mutating func scan(_ text: Span<UInt8>) {
        if self.isBroken, self.count > 2, self.isAdjacent(1) || self.count > 3 {
            switch self.word(1) {
            // "the kids' select tour", `"select one or two"`: words of prose behind it.
            case .having, .select:
                if !self.isPlain(2) || self.isSelectList(1) { self.add(.sqlClause) }
            case .union where self.word(2) == .quantifier: self.add(.sqlUnion)
            default: break
            }
        }
        if self.isBroken, self.kind(1) == .open, self.word(2) == .select,
            self.kind(3) == .open || self.isSelectList(2)
        {
            self.add(.sqlClause)
        }
        if self.isBroken, self.token(1).sign == UInt8(ascii: "!"), self.token(1).range.count == 1,
            self.isLiteral(2) || self.kind(2) == .quotedName
        {
            self.add(.sqlTautology)
        }
        if self.isBroken { self.joined(text) }
        // A text of more tokens than are kept is read on, so that no length hides what comes behind
        // it. Around the seam all tokens are scanned with those before and behind them.
        var start = 0
        while self.tokeniser.hasMore(text) {
            self.scan(start..<self.count - SQLTokeniser.overlap / 2, of: text)
            self.tokeniser.readOn(text)
            start = SQLTokeniser.overlap / 2
        }
        self.scan(start..<max(start, self.count), of: text)
        if self.tokeniser.hasHint { self.add(.sqlComment) }
    }

    private mutating func scan(_ tokens: Range<Int>, of text: Span<UInt8>) {
        for index in tokens {
            let token = self.token(index)
            switch token.kind {
            case .word: self.scanWord(index, token.word, text)
            case .doubleOperator: self.condition(index, text)
            case .semicolon: self.stacked(index + 1)
            case .cast: self.cast(index)
            case .quotedName: self.quotedName(index, text)
            case .number: self.number(index, text)
            case .variable:
                self.assignment(index)
                self.serverVariable(index, text)
            case .string where index == 0 && !self.isBroken: self.leadingString()
            default: break
            }
            if token.afterComment { self.comment(index) }
        }
    }

    /// `'||'x`, `'='`, `'=0--`, `' rlike '.`: an operator at once behind the quote.
    private mutating func joined(_ text: Span<UInt8>) {
        if self.kind(1) == .doubleOperator, self.word(2) == .function { self.add(.sqlFunction) }
        // `'-'` as the whole value: MySQL takes both texts for numbers, and them for equal.
        if self.count == 3, text.count == 3, self.kind(1) == .arithmetic {
            self.add(.sqlTautology)
        }
        guard self.isLiteral(2), self.kind(2) != .number || self.kind(3) == .comment else { return }
        switch self.kind(1) {
        case .doubleOperator: self.add(.sqlTautology)
        case .comparison where self.isAdjacent(1):
            let isWhole = self.count == 3 || self.kind(3) == .comment
            if self.token(1).sign == UInt8(ascii: "="), isWhole { self.add(.sqlTautology) }
        case .word where self.word(1) == .comparison:
            let start = self.token(1).range.lowerBound
            if text.holds("rlike", at: start) || text.holds("regexp", at: start)
                || text.holds("glob", at: start)
            {
                self.add(.sqlTautology)
            }
        default: break
        }
    }

    private mutating func scanWord(_ index: Int, _ word: SQLWord, _ text: Span<UInt8>) {
        switch word {
        case .none: break
        case .logic: self.condition(index, text)
        case .union: self.union(index)
        case .select: self.select(index)
        case .function, .commonFunction, .condition, .object, .delay, .insert:
            self.call(index, word, text)
        default: break
        }
        switch word {
        case .insert, .update, .delete, .drop, .create, .alter, .truncate, .execute, .declare,
            .waitfor:
            self.statement(index, stacked: false)
        case .case, .having, .into, .as, .comparison, .order, .object, .against:
            self.clause(index, word)
        case .catalogue: self.add(.sqlCatalogue)
        default: break
        }
    }

    /// Finds `'…'::int`, `f(x)::bool`.
    private mutating func cast(_ index: Int) {
        guard self.word(index + 1) == .type || self.word(index + 1) == .plainFunction else {
            return
        }
        switch self.kind(index - 1) {
        case .string, .close, .quotedName: self.add(.sqlCast)
        default: break
        }
    }

    /// Finds FROM `information_schema`.
    private mutating func quotedName(_ index: Int, _ text: Span<UInt8>) {
        guard self.word(index - 1) == .from else { return }
        let range = self.token(index).range
        let inside = range.lowerBound + 1..<max(range.lowerBound + 1, range.upperBound - 1)
        if SQLVocabulary.table.kind(of: text, inside) == SQLWord.catalogue.rawValue {
            self.add(.sqlCatalogue)
        }
    }

    /// `1.e(`: a number that MySQL reads over.
    private mutating func number(_ index: Int, _ text: Span<UInt8>) {
        let range = self.token(index).range
        if text.holds(".e", before: range.upperBound), self.kind(index + 1) == .open,
            self.isAdjacent(index + 1)
        {
            self.add(.sqlNumberTrick)
        }
    }

    /// Finds `@x:=`, `@.:=`.
    private mutating func assignment(_ index: Int) {
        var next = index + 1
        if self.kind(next) == .dot { next += 1 }
        if self.token(next).sign == UInt8(ascii: ":"), self.kind(next + 1) == .comparison,
            self.isAdjacent(next + 1),
            self.isAdjacent(next)
        {
            self.add(.sqlNumberTrick)
        }
    }

    private static let serverVariables: [StaticString] = [
        "version", "hostname", "datadir", "basedir", "servername", "global", "session",
        "secure_file", "tmpdir", "plugin_dir", "language", "spid", "microsoftversion",
    ]

    /// Finds `@@version`.
    private mutating func serverVariable(_ index: Int, _ text: Span<UInt8>) {
        let start = self.token(index).range.lowerBound
        guard text.holds("@@", at: start), self.token(index).range.count > 5 else { return }
        for name in Self.serverVariables where text.holds(name, at: start + 2) {
            return self.add(.sqlFunction)
        }
    }

    /// `'x'!='y`: the statement's own quote closes the last text.
    private mutating func leadingString() {
        guard self.kind(1) == .comparison else { return }
        if self.kind(2) == .openString && self.count == 3
            || self.kind(2) == .string && self.kind(3) == .comparison
        {
            self.add(.sqlTautology)
        }
    }

    /// A comment where SQL would have a blank.
    private mutating func comment(_ index: Int) {
        let before = self.word(index - 1)
        let after = self.word(index)
        guard index > 0, before != .none || self.isLiteral(index - 1) else { return }
        if after != .none || (before != .none && self.kind(index) == .open)
            || (self.isLiteral(index) && self.isLiteral(index - 1) && !self.isPath)
        {
            self.add(.sqlComment)
        }
    }

    // MARK: Strict

    private mutating func scanStrict() {
        var words = 0
        for index in 0..<self.count {
            switch self.kind(index) {
            case .comparison where self.isLiteral(index - 1) && self.isLiteral(index + 1):
                self.add(.sqlComparison)
            case .word where self.word(index) != .none: words += 1
            case .doubleOperator, .cast: words += 1
            default: break
            }
        }
        if words * 2 > self.count, words > 1 || self.count < 4 { self.add(.sqlWord) }
    }
}
