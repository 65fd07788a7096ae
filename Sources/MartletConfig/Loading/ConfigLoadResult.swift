/// What came of loading a configuration: a document if there is no error, and all that was found.
package struct ConfigLoadResult: Sendable {
    /// `nil` if there is an error among the diagnostics.
    package let document: ConfigDocument?
    /// Errors and warnings, in the order of files, lines and columns.
    package let diagnostics: [Diagnostic]
    /// Every file that was read or looked for, as it can be opened: what a watcher watches.
    package let files: [String]
    /// The text of each configuration file by the name that locations give it.
    package let sources: [String: SourceText]

    package var errors: [Diagnostic] { self.diagnostics.filter { $0.severity == .error } }
    package var warnings: [Diagnostic] { self.diagnostics.filter { $0.severity == .warning } }

    /// The document, or every reason why there is none.
    package func get() throws(InvalidConfig) -> ConfigDocument {
        guard let document = self.document else {
            throw InvalidConfig(diagnostics: self.errors)
        }
        return document
    }
}
