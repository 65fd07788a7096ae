/// The key of a rate limit: text with `{client.address}`, `{header.x-tenant}`, `{a | b}` in it.
enum RateLimitKeyText {
    typealias Source = RateLimitKeyConfig.Source

    static let words: [(text: String, source: Source)] = [
        ("client.address", .clientAddress), ("client.network", .clientNetwork), ("host", .host),
        ("method", .method), ("listener", .listener), ("route", .route),
    ]
    private static let prefixes = ["header.", "cookie."]
    private static let pieceCountMax = 8
    private static let sourceCountMax = 4

    static func parse(_ text: String) throws(TextProblem) -> RateLimitKeyConfig {
        var key = RateLimitKeyConfig()
        key.text = text
        var literal = ""
        var rest = Substring(text)
        while let character = rest.popFirst() {
            guard character == "{" || character == "}" else {
                literal.append(character)
                continue
            }
            if rest.first == character {
                rest.removeFirst()
                literal.append(character)
                continue
            }
            guard character == "{", let end = rest.firstIndex(of: "}") else {
                throw TextProblem(
                    "\(ConfigNode.quote(text)) has a brace that is alone",
                    hint: "write `{client.address}`; a literal brace is `{{` or `}}`")
            }
            if !literal.isEmpty { key.pieces.append(.literal(literal)) }
            literal = ""
            key.pieces.append(.firstOf(try self.sources(rest[..<end])))
            rest = rest[rest.index(after: end)...]
        }
        if !literal.isEmpty { key.pieces.append(.literal(literal)) }
        guard 1...self.pieceCountMax ~= key.pieces.count else {
            throw TextProblem(
                "a key has one to \(self.pieceCountMax) pieces",
                hint: "write `{client.address}`, or leave `key` out for one bucket")
        }
        guard key.pieces.contains(where: { if case .firstOf = $0 { true } else { false } }) else {
            throw TextProblem(
                "\(ConfigNode.quote(text)) is the same for every request",
                hint: "write `{client.address}`, or leave `key` out for one bucket")
        }
        return key
    }

    private static func sources(_ text: Substring) throws(TextProblem) -> [Source] {
        var sources: [Source] = []
        for part in text.split(separator: "|", omittingEmptySubsequences: false) {
            sources.append(try self.source(self.trimmed(part)))
        }
        guard sources.count <= self.sourceCountMax else {
            throw TextProblem("more than \(self.sourceCountMax) alternatives in `{\(text)}`")
        }
        return sources
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }

    private static func source(_ text: String) throws(TextProblem) -> Source {
        if let word = self.words.first(where: { $0.text == text }) { return word.source }
        if let prefix = self.prefixes.first(where: { text.hasPrefix($0) }) {
            let name = String(text.dropFirst(prefix.count))
            return prefix == "header."
                ? .header(try NameText.header(name))
                : .cookie(try NameText.token(name, what: "a cookie name"))
        }
        if IdentityName.isIdentity(text) { return .capture(text) }
        let known =
            self.words.map(\.text) + self.prefixes.map { $0 + "NAME" } + ["consumer.name"]
        let isName =
            !text.isEmpty
            && text.utf8.allSatisfy {
                0x30...0x39 ~= $0 || 0x41...0x5a ~= $0 || 0x61...0x7a ~= $0 || $0 == 0x5f
            }
        guard isName else {
            let nearest =
                EditDistance.nearest(to: text, among: self.words.map(\.text) + IdentityName.fixed)
                ?? IdentityName.nearest(to: text)
            throw TextProblem(
                "`{\(text)}` is nothing that a request has",
                hint: nearest.map { "did you mean `{\($0)}`?" }
                    ?? "there are " + known.map { "`{\($0)}`" }.joined(separator: ", ")
                    + " and what the path captures")
        }
        return .capture(text)
    }
}
