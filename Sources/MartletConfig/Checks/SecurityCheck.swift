/// What is valid and yet opens more than may be meant (row P2): warnings, which `--strict` makes
/// errors.
///
/// What one value shows is told by its own field (`trusted-proxies` of everybody, CORS with
/// credentials for wildcards); here is what only the whole shows.
enum SecurityCheck {
    static func check(_ document: ConfigDocument, _ decoder: inout ConfigDecoder) {
        PlainTextCheck.check(document, &decoder)
        OpenRouteCheck.check(document, &decoder)
        AbuseDetectionCheck.check(document, &decoder)
        self.checkIssuers(document, &decoder)
        CredentialCheck.check(document, &decoder)
        LoginCheck.check(document, &decoder)
        decoder.path = []
    }

    /// Two that say they are the same: a token passes if either lets it.
    private static func checkIssuers(
        _ document: ConfigDocument, _ decoder: inout ConfigDecoder
    ) {
        for policy in document.policies {
            for case .jwt(let method) in policy.methods {
                self.checkIssuers(method, policy, document, &decoder)
            }
        }
    }

    private static func checkIssuers(
        _ method: JWTMethodConfig, _ policy: AuthenticationPolicyConfig,
        _ document: ConfigDocument, _ decoder: inout ConfigDecoder
    ) {
        self.checkIntrospection(method, policy, document, &decoder)
        var seen: [String: TokenIssuerConfig] = [:]
        for issuer in document.authentication.issuers
        where method.issuers.isEmpty || method.issuers.contains(issuer.name) {
            // An issuer that is asked about each token is not found by `iss`.
            if case .introspection = issuer.keys { continue }
            guard let text = issuer.issuer else { continue }
            guard let other = seen.updateValue(issuer, forKey: text) else { continue }
            decoder.path = [.key("authentication")]
            decoder.add(
                .warning, at: policy.source,
                "\(ConfigNode.quote(other.name)) and \(ConfigNode.quote(issuer.name)) have the "
                    + "same `issuer`: a token is taken if either of them takes it",
                hint: "make one of them, or name the one that is meant in `issuers` of `jwt`",
                related: issuer.source)
        }
    }

    /// A token that only its issuer can read says of none whose it is: one of them is asked.
    private static func checkIntrospection(
        _ method: JWTMethodConfig, _ policy: AuthenticationPolicyConfig,
        _ document: ConfigDocument, _ decoder: inout ConfigDecoder
    ) {
        let asked = document.authentication.issuers.filter { issuer in
            guard case .introspection = issuer.keys else { return false }
            return method.issuers.isEmpty || method.issuers.contains(issuer.name)
        }
        guard asked.count > 1 else { return }
        decoder.path = [.key("authentication")]
        decoder.add(
            at: policy.source,
            "`jwt` asks one issuer about a token, but \(ConfigNode.quote(asked[0].name)) and "
                + "\(ConfigNode.quote(asked[1].name)) both have `introspection`",
            hint: "give each a `jwt` of its own, with its name in `issuers`",
            related: asked[1].source)
    }
}
