/// Logins that cannot come to an end, or that others on the way could take part in.
enum LoginCheck {
    static func check(_ document: ConfigDocument, _ decoder: inout ConfigDecoder) {
        for login in document.authentication.logins {
            decoder.path = [.key("authentication"), .key("logins"), .key(login.name)]
            let issuer = document.authentication.issuers.first { $0.name == login.issuer }
            if let issuer {
                self.checkDiscovery(login, issuer, &decoder)
                self.checkAudience(login, issuer, &decoder)
            }
            self.checkCookie(login, document, &decoder)
        }
    }

    private static func checkDiscovery(
        _ login: LoginConfig, _ issuer: TokenIssuerConfig, _ decoder: inout ConfigDecoder
    ) {
        guard login.authorizationEndpoint == nil || login.tokenEndpoint == nil,
            let name = issuer.issuer
        else { return }
        guard (try? URLText.parse(name)) != nil else {
            return decoder.add(
                at: login.source,
                "the issuer \(ConfigNode.quote(name)) is no URL, so there is no document that "
                    + "says where its pages are",
                hint: "give `authorization-endpoint` and `token-endpoint`",
                related: issuer.source)
        }
        guard name.hasPrefix("http://"), !URLText.isOfThisMachine(name) else { return }
        decoder.add(
            .warning, at: login.source,
            "the document that says where people log in comes over plain HTTP and can be changed "
                + "on the way",
            hint: "use an issuer with `https://`", related: issuer.source)
    }

    /// OpenID Connect Core 1.0 §2: an ID token is for the client that asked for it.
    private static func checkAudience(
        _ login: LoginConfig, _ issuer: TokenIssuerConfig, _ decoder: inout ConfigDecoder
    ) {
        guard !issuer.audiences.isEmpty, !issuer.audiences.contains(login.clientID) else { return }
        decoder.add(
            .warning, at: login.source,
            "ID tokens are for \(ConfigNode.quote(login.clientID)), which is not among the "
                + "`audiences` of the issuer: logins fail",
            hint: "add the `client-id` to `audiences`", related: issuer.source)
    }

    /// A browser keeps a `Secure` cookie to HTTPS.
    private static func checkCookie(
        _ login: LoginConfig, _ document: ConfigDocument, _ decoder: inout ConfigDecoder
    ) {
        guard login.session.isSecure else { return }
        if let origin = login.origin {
            guard origin.hasPrefix("http://"), !URLText.isOfThisMachine(origin) else { return }
            return decoder.add(
                .warning, at: login.source,
                "browsers do not keep the session at \(ConfigNode.quote(origin)): its cookie is "
                    + "for HTTPS",
                hint: "give `origin` with `https://`")
        }
        let mayBeSecure = document.listeners.contains {
            $0.tls != nil || !$0.trustedProxies.isEmpty || $0.address.isLoopback
        }
        guard !mayBeSecure, !document.listeners.isEmpty else { return }
        decoder.add(
            .warning, at: login.source,
            "browsers do not keep the session: its cookie is for HTTPS, and no listener has TLS",
            hint: "use a listener with `tls`; or name `trusted-proxies` or `origin` if something "
                + "before Martlet has it")
    }
}
