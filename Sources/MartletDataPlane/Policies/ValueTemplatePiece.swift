/// A piece of a template's text, while it is compiled.
enum ValueTemplatePiece: Equatable {
    case literal(String)
    case capture(String)

    /// Splits a text at its `{name}`s; `{{` and `}}` become single braces of a literal.
    static func split(_ text: String) throws(InvalidPolicy) -> [ValueTemplatePiece] {
        var pieces: [ValueTemplatePiece] = []
        var literal = String.UnicodeScalarView()
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            guard scalar == "{" || scalar == "}" else {
                literal.append(scalar)
                continue
            }
            if rest.first == scalar {
                rest.removeFirst()
                literal.append(scalar)
                continue
            }
            guard scalar == "{" else {
                throw InvalidPolicy("`}` without `{` in `\(text)`; a brace itself is written `}}`")
            }
            guard let close = rest.firstIndex(of: "}") else {
                throw InvalidPolicy("`{` without `}` in `\(text)`; a brace itself is written `{{`")
            }
            if !literal.isEmpty { pieces.append(.literal(String(literal))) }
            literal = String.UnicodeScalarView()
            pieces.append(.capture(String(rest[..<close])))
            rest = rest[rest.index(after: close)...]
        }
        if !literal.isEmpty { pieces.append(.literal(String(literal))) }
        return pieces
    }
}
