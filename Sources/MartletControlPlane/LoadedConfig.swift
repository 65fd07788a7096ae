package import MartletConfig

/// A document that was loaded without errors, and what it was read from.
package struct LoadedConfig: Sendable {
    package let path: String
    package let document: ConfigDocument
    package let files: [String]
    /// Told in the log when it starts.
    package let warnings: [Diagnostic]

    package init(
        path: String, document: ConfigDocument, files: [String], warnings: [Diagnostic] = []
    ) {
        self.path = path
        self.document = document
        self.files = files
        self.warnings = warnings
    }
}
