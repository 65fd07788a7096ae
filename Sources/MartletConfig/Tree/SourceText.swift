/// A file's text by lines, to show the line that a diagnostic is about.
package struct SourceText: Sendable, Equatable {
    private let lines: [String]

    package init(_ text: String) {
        self.lines = text.unicodeScalars.split(
            separator: "\n", omittingEmptySubsequences: false
        ).map { line in
            String(line.last == "\r" ? line.dropLast() : line)
        }
    }

    /// Every line, without the empty one behind the last line end.
    var all: ArraySlice<String> {
        self.lines.last?.isEmpty == true ? self.lines.dropLast() : self.lines[...]
    }

    /// The line with this number, from 1.
    package func line(_ number: Int) -> String? {
        number >= 1 && number <= self.lines.count ? self.lines[number - 1] : nil
    }
}
