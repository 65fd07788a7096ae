import Yams

/// Lays out a configuration file in one canonical way, keeping comments and order.
///
/// Two spaces for each level, lists indented below their key, one space after `:` and `,`, quotes
/// only where needed, one blank line between sections. The outcome is parsed again: if it would
/// mean anything else, the text is left as it was.
package enum ConfigFormatter {
    /// - `file`: the name for diagnostics.
    /// - Returns: the formatted text, which is its own formatted text.
    package static func format(
        _ text: String, file: String
    ) throws(InvalidConfig) -> String {
        let text =
            text.unicodeScalars.first == "\u{FEFF}"
            ? String(text.unicodeScalars.dropFirst()) : text
        guard text.utf8.count <= ConfigFiles.configBytesMax else {
            let start = SourceLocation(file: file, line: 1, column: 1)
            throw InvalidConfig(diagnostics: [
                Diagnostic(.error, at: start, path: "", "the file is too large")
            ])
        }
        let before = try self.parse(text, file: file)
        var layout = YAMLLayout()
        guard let formatted = layout.lay(text) else { return text }
        guard let after = try? self.parse(formatted, file: file), after == before,
            self.comments(in: formatted) == self.comments(in: text)
        else { return text }
        return formatted
    }

    /// The tree with resolved types, so that `"2"` and `2` differ.
    private static func parse(_ text: String, file: String) throws(InvalidConfig) -> Node? {
        var composer = YAMLComposer(file: file, environment: [:], isSubstituting: false)
        _ = composer.compose(text)
        guard composer.diagnostics.isEmpty else {
            throw InvalidConfig(diagnostics: composer.diagnostics)
        }
        return (try? Yams.compose(yaml: text, .default, .default, .utf8)) ?? nil
    }

    private static func comments(in text: String) -> [String] {
        var state = YAMLLine.State()
        return SourceText(text).all.flatMap { text in
            let line = YAMLLine(text, after: state)
            state = line.state
            return line.pieces.compactMap { if case .comment(let text) = $0 { text } else { nil } }
        }
    }
}
