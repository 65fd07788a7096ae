/// What templates may say of the caller, beside what the path captures: `{consumer.name}`.
package enum IdentityName {
    package static let fixed = [
        "consumer.name", "consumer.groups", "credential.name", "subject", "scopes",
    ]
    package static let prefixes = ["consumer.metadata.", "claims."]
    /// More than this many in one route are refused.
    package static let countMax = 8

    /// Whether a template means the caller by it; a path captures no name with a dot but may
    /// capture `subject` and `scopes`.
    package static func isIdentity(_ name: String) -> Bool {
        self.fixed.contains(name)
            || self.prefixes.contains { name.hasPrefix($0) && name.count > $0.count }
    }
}
