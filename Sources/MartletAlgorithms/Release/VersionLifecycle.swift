/// What becomes of a version of an API, and when.
package enum VersionStage: Sendable, Equatable, CaseIterable {
    case active
    /// It works, and says that it should not be used (RFC 9745).
    case deprecated
    /// Answered with 410 (RFC 8594, RFC 9110 §15.5.11).
    case gone
}

/// The dates of a version, as seconds since 1970; from the configuration.
package struct VersionLifecycle: Sendable, BitwiseCopyable, Equatable {
    package let deprecatedAt: Int64?
    package let sunsetAt: Int64?

    package init(deprecatedAt: Int64? = nil, sunsetAt: Int64? = nil) {
        self.deprecatedAt = deprecatedAt
        self.sunsetAt = sunsetAt
    }

    package func stage(at seconds: Int64) -> VersionStage {
        if let sunsetAt, seconds >= sunsetAt { return .gone }
        if let deprecatedAt, seconds >= deprecatedAt { return .deprecated }
        return .active
    }

    /// When the stage changes next; `nil` if it does not.
    package func nextChange(after seconds: Int64) -> Int64? {
        var next: Int64?
        for date in [self.sunsetAt, self.deprecatedAt] {
            guard let date, date > seconds, date < next ?? .max,
                self.stage(at: date) != self.stage(at: seconds)
            else { continue }
            next = date
        }
        return next
    }
}
