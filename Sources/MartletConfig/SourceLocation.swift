/// Where in which file something was written.
package struct SourceLocation: Sendable, Equatable, Hashable {
    package var file: String
    /// From 1; 0 is unknown.
    package var line: Int
    /// From 1; 0 is unknown.
    package var column: Int

    package static let unknown = SourceLocation(file: "", line: 0, column: 0)

    package init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }
}
