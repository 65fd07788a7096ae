/// Writes diagnostics for people and for programs.
package struct DiagnosticPrinter: Sendable {
    private let sources: [String: SourceText]

    /// - Parameter sources: the text of each file, to show the line that is meant.
    package init(sources: [String: SourceText] = [:]) {
        self.sources = sources
    }

    /// `file:line:column: error: message`, the line with a caret, and the hint.
    package func text(_ diagnostics: [Diagnostic]) -> String {
        diagnostics.map(self.text).joined()
    }

    private func text(_ diagnostic: Diagnostic) -> String {
        let place = Self.place(diagnostic.location)
        var text = "\(place)\(diagnostic.severity.rawValue): \(diagnostic.message)\n"
        text += self.excerpt(diagnostic.location)
        if let related = diagnostic.related {
            text += "  see also: \(related.file):\(related.line):\(related.column)\n"
        }
        if let hint = diagnostic.hint { text += "  hint: \(hint)\n" }
        return text
    }

    private static func place(_ location: SourceLocation) -> String {
        if location.file.isEmpty { return "" }
        guard location.line > 0 else { return "\(location.file): " }
        return "\(location.file):\(location.line):\(location.column): "
    }

    /// The line and a caret below; long lines are cut around the place.
    private func excerpt(_ location: SourceLocation) -> String {
        guard let line = self.sources[location.file]?.line(location.line) else { return "" }
        let scalars = line.unicodeScalars.map { scalar -> UnicodeScalar in
            scalar.value < 0x20 || 0x7f...0x9f ~= scalar.value ? " " : scalar
        }
        let column = max(1, location.column)
        guard column <= scalars.count + 1 else { return "" }
        let start = column > 80 ? column - 40 : 0
        var shown = String.UnicodeScalarView()
        shown.append(contentsOf: scalars.dropFirst(start).prefix(120))
        guard !shown.allSatisfy({ $0 == " " }) else { return "" }
        return "    \(String(shown))\n    \(String(repeating: " ", count: column - 1 - start))^\n"
    }

    /// One JSON object: `{"diagnostics": […]}`.
    package func json(_ diagnostics: [Diagnostic]) -> String {
        JSONValue.object([.init("diagnostics", Self.value(diagnostics))]).text() + "\n"
    }

    /// A list of objects, to be put into a larger one.
    package static func value(_ diagnostics: [Diagnostic]) -> JSONValue {
        .array(diagnostics.map(Self.value))
    }

    private static func value(_ diagnostic: Diagnostic) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("severity", .string(diagnostic.severity.rawValue)),
            .init("file", .string(diagnostic.location.file)),
            .init("line", .integer(diagnostic.location.line)),
            .init("column", .integer(diagnostic.location.column)),
            .init("path", .string(diagnostic.path)),
            .init("message", .string(diagnostic.message)),
        ]
        if let hint = diagnostic.hint { members.append(.init("hint", .string(hint))) }
        if let related = diagnostic.related {
            members.append(
                .init(
                    "related",
                    .object([
                        .init("file", .string(related.file)), .init("line", .integer(related.line)),
                        .init("column", .integer(related.column)),
                    ])))
        }
        return .object(members)
    }
}
