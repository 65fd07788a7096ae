/// One thing that is wrong with a configuration, told so that it can be mended.
package struct Diagnostic: Sendable, Equatable {
    package enum Severity: String, Sendable, Equatable {
        case error
        case warning
    }

    package var severity: Severity
    package var location: SourceLocation
    /// The key's place in the document: `routes[2].match.path`.
    package var path: String
    /// What is wrong, and what was expected.
    package var message: String
    /// How to mend it.
    package var hint: String?
    /// A second place that matters, such as the other of two overlapping routes.
    package var related: SourceLocation?

    package init(
        _ severity: Severity,
        at location: SourceLocation,
        path: String,
        _ message: String,
        hint: String? = nil,
        related: SourceLocation? = nil
    ) {
        self.severity = severity
        self.location = location
        self.path = path
        self.message = message
        self.hint = hint
        self.related = related
    }
}

/// A configuration that cannot be used, with every reason at once.
package struct InvalidConfig: Error, Sendable, Equatable {
    package let diagnostics: [Diagnostic]

    package init(diagnostics: [Diagnostic]) {
        self.diagnostics = diagnostics
    }
}
