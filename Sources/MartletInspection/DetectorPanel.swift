/// All detectors, and which of them a text needs.
///
/// Owned by one inspector: the SQL detector keeps its tokens here from text to text.
struct DetectorPanel {
    private var sql = SQLDetector()
    private let automaton = GateVocabulary.automaton
    private let traitTable = ByteTraits.table
    private let level: InspectionLevel

    /// Without one of these, a text can only be an attack by its words.
    private static let telling: ByteTraits = [
        .quote, .less, .dollar, .parenthesis, .semicolon, .pipe, .ampersand, .backslash, .equals,
        .control, .brace, .bracket, .tilde, .greater,
    ]

    init(level: InspectionLevel) { self.level = level }

    func traits(of text: Span<UInt8>) -> ByteTraits { text.traits(self.traitTable.span) }

    /// Whether a closer look is needed: the cheap question, asked of every value.
    ///
    /// - `text`: as it was sent, in any case.
    func isTelling(_ text: Span<UInt8>, _ traits: ByteTraits, part: RequestPart) -> Bool {
        if !traits.isDisjoint(with: Self.telling) { return true }
        if traits.contains(.high) || traits.contains(.percent) || self.level == .strict {
            return true
        }
        if part == .fileName { return true }
        if part == .path ? traits.contains(.dot) : text.count < 4 { return part == .path }
        if traits.contains(.dot),
            text.contains("..") || text.contains("/./") || text.hasSuffix("?")
        {
            return true
        }
        return !self.automaton.gates(of: text).isEmpty
    }

    /// The same, traits included.
    func isTelling(_ text: Span<UInt8>, part: RequestPart) -> Bool {
        self.isTelling(text, self.traits(of: text), part: part)
    }

    private static let agentTraits: ByteTraits = [
        .upper, .space, .slash, .dot, .semicolon, .comma, .parenthesis, .colon, .plus,
    ]

    /// Whether a user agent is products and comments (RFC 9110 §10.1.5) and nothing else: comments
    /// have a blank before them, and semicolons only stand inside.
    func isOrdinaryAgent(_ text: Span<UInt8>, _ traits: ByteTraits) -> Bool {
        guard traits.isSubset(of: Self.agentTraits), self.level == .standard else { return false }
        var depth = 0
        for index in text.indices {
            switch text[index] {
            case UInt8(ascii: "("):
                guard text.at(index - 1) == 0x20 else { return false }
                depth += 1
            case UInt8(ascii: ")"): depth -= 1
            case UInt8(ascii: ";"): guard depth > 0 else { return false }
            default: continue
            }
        }
        return depth == 0 && self.automaton.gates(of: text).isEmpty
    }

    /// - `text`: in lower case, decoded as far as this look goes.
    mutating func detect(
        _ text: Span<UInt8>, part: RequestPart, name: Span<UInt8>, into rules: inout RuleSet
    ) {
        let traits = self.traits(of: text)
        let gates = self.automaton.gates(of: text)
        if traits.contains(.nul) { rules.insert(.ambiguousNull) }
        if traits.contains(.percent), Self.isPercented(text) { rules.insert(.ambiguousLetter) }
        self.queries(text, part, name, traits, gates, into: &rules)
        ScriptDetector.detect(text, traits: traits, gates: gates, level: self.level, into: &rules)
        self.files(text, part, traits, gates, into: &rules)
        self.commands(text, part, traits, gates, into: &rules)
        self.code(text, part, traits, gates, into: &rules)
        // A path's values end at its slashes: what nothing closes is no call.
        if part == .path, !text.contains(")") { rules.subtract(Self.callRules) }
        if gates.contains(.http) || traits.contains(.control) {
            MessageDetector.headers(text, part: part, into: &rules)
        }
        if gates.contains(.xml) { MessageDetector.xml(text, into: &rules) }
        if part == .fileName { UploadDetector.detect(text, into: &rules) }
        if part == .userAgent, gates.contains(.scanner),
            AgentVocabulary.isScanner(text)
        {
            rules.insert(.scannerAgent)
        }
    }

    /// `%s%e%l%e%c%t%%20%1`: servers that drop a percent sign which encodes nothing read on.
    ///
    /// Formats of dates have six or seven of them.
    private static func isPercented(_ text: Span<UInt8>) -> Bool {
        var index = 0
        var run = 0
        while let sign = text.index(of: UInt8(ascii: "%"), from: index) {
            run = sign <= index + 1 && index > 0 ? run + 1 : 1
            if run == 10 { return true }
            index = sign + 2
        }
        return false
    }

    private static let callRules = RuleSet(.sqlFunction, .sqlDelay, .phpFunction)

    private static let queryTraits: ByteTraits = [.quote, .equals, .less, .greater, .parenthesis]

    private mutating func queries(
        _ text: Span<UInt8>, _ part: RequestPart, _ name: Span<UInt8>, _ traits: ByteTraits,
        _ gates: KeywordGates, into rules: inout RuleSet
    ) {
        if gates.contains(.sql) || !traits.isDisjoint(with: Self.queryTraits)
            || traits.contains(.control) && traits.contains(.mark) || self.level == .strict
        {
            let isExpression = name.at(0) == UInt8(ascii: "$") && part != .jsonName
            self.sql.isPath = part == .path
            self.sql.detect(text, level: self.level, isExpression: isExpression, into: &rules)
        }
        if GateVocabulary.wholeWords.kind(of: text, 0..<text.count) != 0 {
            rules.insert(.sqlCatalogue)
        }
        if traits.contains(.dollar) {
            let isName =
                part == .queryName || part == .formName || part == .jsonName
                || part == .multipartName
            MessageDetector.noSQL(text, isName: isName, into: &rules)
        }
        if traits.contains(.parenthesis) || traits.contains(.pipe) || traits.contains(.colon) {
            MessageDetector.directory(text, into: &rules)
        }
    }

    private func files(
        _ text: Span<UInt8>, _ part: RequestPart, _ traits: ByteTraits, _ gates: KeywordGates,
        into rules: inout RuleSet
    ) {
        if gates.contains(.file) || traits.contains(.dot) || traits.contains(.colon)
            || part == .path || traits.contains(.slash)
        {
            FileDetector.detect(text, part: part, gates: gates, into: &rules)
        }
        if gates.contains(.address), part != .referer, part != .header, part != .userAgent {
            AddressDetector.detect(text, part: part, into: &rules)
        }
    }

    private static let shellTraits: ByteTraits = [
        .semicolon, .pipe, .ampersand, .dollar, .quote, .control, .tilde, .bracket, .less,
        .greater, .parenthesis, .brace, .mark, .backslash,
    ]

    private func commands(
        _ text: Span<UInt8>, _ part: RequestPart, _ traits: ByteTraits, _ gates: KeywordGates,
        into rules: inout RuleSet
    ) {
        if gates.contains(.command) || !traits.isDisjoint(with: Self.shellTraits)
            || traits.contains(.slash) || self.level == .strict
        {
            CommandDetector.detect(
                text, part: part, traits: traits, level: self.level, into: &rules)
        }
        if gates.contains(.windows) { WindowsDetector.detect(text, into: &rules) }
    }

    private func code(
        _ text: Span<UInt8>, _ part: RequestPart, _ traits: ByteTraits, _ gates: KeywordGates,
        into rules: inout RuleSet
    ) {
        if gates.contains(.php) || traits.contains(.dollar) || traits.contains(.parenthesis)
            || traits.contains(.colon) && traits.contains(.brace)
            || traits.contains(.equals) && traits.contains(.dot)
        {
            PHPDetector.detect(text, part: part, traits: traits, into: &rules)
        }
        CodeDetector.detect(
            text, part: part, traits: traits, gates: gates, level: self.level, into: &rules)
    }
}
