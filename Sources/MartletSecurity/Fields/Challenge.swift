/// A challenge of `WWW-Authenticate` (RFC 9110 §11.6.1), rendered at load.
package enum Challenge {
    /// RFC 6750 §3.1.
    package enum BearerError: String, Sendable, CaseIterable {
        case invalidToken = "invalid_token"
        case insufficientScope = "insufficient_scope"
    }

    /// - `scope`: the scopes that are needed, with spaces between; empty for none.
    /// - `resourceMetadata`: the URL of RFC 9728 §5.1.
    package static func bearer(
        realm: String, error: BearerError? = nil, scope: String = "",
        resourceMetadata: String? = nil
    ) -> String {
        var parts = ["realm=\(self.quoted(realm))"]
        if let error { parts.append("error=\(self.quoted(error.rawValue))") }
        if !scope.isEmpty { parts.append("scope=\(self.quoted(scope))") }
        if let resourceMetadata {
            parts.append("resource_metadata=\(self.quoted(resourceMetadata))")
        }
        return "Bearer " + parts.joined(separator: ", ")
    }

    /// RFC 7617 §2.1: names and passwords are UTF-8.
    package static func basic(realm: String) -> String {
        "Basic realm=\(self.quoted(realm)), charset=\"UTF-8\""
    }

    package static func apiKey(realm: String) -> String { "ApiKey realm=\(self.quoted(realm))" }

    /// For signed requests; RFC 9421 registers no scheme and asks by `Accept-Signature`.
    package static func signature(realm: String) -> String {
        "Signature realm=\(self.quoted(realm))"
    }

    /// For sessions: no scheme is registered for cookies, and only browsers that show a page are
    /// sent to log in.
    package static func session(realm: String, login: String) -> String {
        "Session realm=\(self.quoted(realm)), login=\(self.quoted(login))"
    }

    /// A quoted-string (RFC 9110 §5.6.4); what cannot stand in one is left out.
    package static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars where scalar.value >= 0x20 && scalar.value < 0x7f {
            if scalar == "\"" || scalar == "\\" { result.append("\\") }
            result.unicodeScalars.append(scalar)
        }
        return result + "\""
    }
}
