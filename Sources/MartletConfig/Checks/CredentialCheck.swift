/// Credentials that nobody has, and groups that nobody is in.
enum CredentialCheck {
    static func check(_ document: ConfigDocument, _ decoder: inout ConfigDecoder) {
        // What is wrong elsewhere may be why nobody has any.
        let isWhole = !decoder.diagnostics.contains { $0.severity == .error }
        for policy in document.policies {
            for method in policy.methods {
                if isWhole { self.checkOwners(of: method, policy, document, &decoder) }
                self.checkFields(of: method, policy, document, &decoder)
            }
        }
        if isWhole { self.checkGroups(document, &decoder) }
    }

    private static func checkOwners(
        of method: AuthenticationMethodConfig, _ policy: AuthenticationPolicyConfig,
        _ document: ConfigDocument, _ decoder: inout ConfigDecoder
    ) {
        let consumers = document.consumers
        let (name, lack, hint): (String, String, String)
        switch method {
        case .apiKey where consumers.allSatisfy(\.apiKeys.isEmpty):
            (name, lack, hint) = ("api-key", "no consumer has `api-keys`", "give one a key")
        case .basic where consumers.allSatisfy(\.passwords.isEmpty):
            (name, lack, hint) = ("basic", "no consumer has `passwords`", "give one a password")
        case .signature where consumers.allSatisfy(\.signingKeys.isEmpty):
            (name, lack, hint) = ("signature", "no consumer has `signing-keys`", "give one a key")
        case .hmac where consumers.allSatisfy(\.signingKeys.isEmpty):
            (name, lack, hint) = ("hmac", "no consumer has `signing-keys`", "give one a key")
        case .clientCertificate where consumers.allSatisfy(\.certificates.isEmpty):
            (name, lack, hint) = (
                "client-certificate", "no consumer has `certificates`", "name one's certificate"
            )
        case .clientCertificate
        where document.listeners.allSatisfy({ $0.tls?.clientCertificates == nil }):
            (name, lack, hint) = (
                "client-certificate", "no listener asks for certificates",
                "give a listener `tls: { client-certificates: … }`"
            )
        default: return
        }
        decoder.path = [.key("authentication")]
        decoder.add(
            .warning, at: policy.source, "nobody can show what `\(name)` asks for: \(lack)",
            hint: "\(hint), or leave `\(name)` out")
    }

    /// A field that clients cannot send cannot hold their credentials.
    private static func checkFields(
        of method: AuthenticationMethodConfig, _ policy: AuthenticationPolicyConfig,
        _ document: ConfigDocument, _ decoder: inout ConfigDecoder
    ) {
        let authentication = document.authentication
        for name in method.fields
        where authentication.identityHeaders.contains(where: { $0.name == name }) {
            decoder.path = [.key("authentication"), .key("identity-headers"), .key(name)]
            decoder.add(
                at: authentication.identityHeadersSource,
                "`\(name)` holds callers' credentials, and clients cannot send what is under "
                    + "`identity-headers`",
                hint: "give one of them another name", related: policy.source)
        }
    }

    /// Who is in no list is let through by `deny-groups`: a name that is misspelt denies nobody.
    private static func checkGroups(_ document: ConfigDocument, _ decoder: inout ConfigDecoder) {
        let hasForeignGroups = document.authentication.issuers.contains { $0.groupClaim != nil }
        guard !hasForeignGroups else { return }
        let known = Set(document.consumers.flatMap(\.groups))
        for (index, route) in document.routes.enumerated() {
            for rule in route.access {
                for group in rule.deniedGroups + rule.groups where !known.contains(group) {
                    let nearest = EditDistance.nearest(to: group, among: known.sorted())
                    decoder.path = [.key("routes"), .index(index), .key("access")]
                    decoder.add(
                        .warning, at: rule.source,
                        "nobody is in the group \(ConfigNode.quote(group))",
                        hint: nearest.map { "did you mean `\($0)`?" }
                            ?? "give it to a consumer, or an issuer a `group-claim`")
                }
            }
        }
    }
}

extension AuthenticationMethodConfig {
    /// Header fields of its own that it looks at, in lower case.
    fileprivate var fields: [String] {
        switch self {
        case .apiKey(let config):
            config.places.compactMap { place in
                if case .header(let name) = place { name.lowercased() } else { nil }
            }
        case .jwt(let config): config.header.map { [$0.lowercased()] } ?? []
        case .hmac(let config):
            [config.header] + [config.timestamp, config.keyHeader].compactMap { $0?.lowercased() }
        default: []
        }
    }
}
