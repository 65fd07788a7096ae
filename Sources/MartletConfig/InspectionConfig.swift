/// The injection filter of a route (row C8).
package struct InspectionConfig: Sendable, Equatable {
    package var action = FindingActionConfig.block
    /// From this score on a request counts as an attack.
    package var threshold = 5
    /// Also what some ordinary requests have; for routes with plain values.
    package var isStrict = false
    /// Whether the body is looked at, which is held for it.
    package var body = true
    /// Values of a request, names included; more is itself a sign of an attack.
    package var maxValues = 10_000
    package var exceptions: [InspectionExceptionConfig] = []

    package init() {}
}

/// Rules that do not count for some parameters.
package struct InspectionExceptionConfig: Sendable, Equatable, ExceptionCarrying {
    /// The parameter's name, with one `*` for any bytes.
    package var parameter = "*"
    /// Such as `json`; `nil` is everywhere.
    package var part: String?
    /// Ids of rules.
    package var rules: [String] = []
    package var exception = ExceptionConfig()
    package var source = SourceLocation.unknown

    package init() {}

    /// Where in a request a value can stand.
    package static let parts = [
        "path", "query-name", "query", "header", "user-agent", "referer", "cookie-name", "cookie",
        "form-name", "form", "multipart-name", "multipart", "file-name", "json-name", "json",
        "xml", "body", "message",
    ]
}

/// The bot filter of a route (row C7).
package struct BotFilterConfig: Sendable, Equatable {
    package var action = FindingActionConfig.block
    package var threshold = 5
    /// Parts of user agents that are let through.
    package var allow: [String] = []
    /// Parts of user agents that are not wanted.
    package var deny: [String] = []
    /// Names of signs; `nil` is all but `library`.
    package var signs: [String]?

    package init() {}

    package static let signNames = [
        "scanner", "ai-crawler", "library", "no-user-agent", "odd-user-agent", "no-accept",
        "browser-without-language", "browser-without-encoding", "browser-old-protocol",
    ]
}
