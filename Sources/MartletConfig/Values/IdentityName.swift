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

    /// The name that a slip probably stands for: of `consumer.nmae`, `consumer.name`.
    static func nearest(to name: String) -> String? {
        if let fixed = EditDistance.nearest(to: name, among: self.fixed) { return fixed }
        for prefix in self.prefixes {
            let dotCount = prefix.count { $0 == "." }
            let parts = name.split(
                separator: ".", maxSplits: dotCount, omittingEmptySubsequences: false)
            guard parts.count == dotCount + 1, let rest = parts.last, !rest.isEmpty else {
                continue
            }
            let stem = parts.dropLast().joined(separator: ".") + "."
            if EditDistance.nearest(to: stem, among: [prefix]) != nil { return prefix + rest }
        }
        return nil
    }
}
