/// How people log in with a browser (OpenID Connect), and what session they get for it.
package struct LoginConfig: Sendable, Equatable {
    package var name = ""
    package var source = SourceLocation.unknown
    /// One of `authentication.issuers`: whose tokens say who it is.
    package var issuer = ""
    package var clientID = ""
    package var clientSecret = SecretTextConfig(text: "")
    /// `nil`: read from the issuer's discovery document.
    package var authorizationEndpoint: String?
    package var tokenEndpoint: String?
    package var endSessionEndpoint: String?
    package var scopes = ["openid"]
    /// Under which `/login`, `/callback` and `/logout` are answered.
    package var path = "/.login"
    /// What browsers see in place of the request's own scheme and host.
    package var origin: String?
    /// Where a browser is sent after a logout.
    package var afterLogout = "/"
    package var timeout: Duration = .seconds(10)
    package var session = SessionConfig()

    package init() {}
}

/// The cookie that holds a session.
package struct SessionConfig: Sendable, Equatable {
    package var secret = SecretTextConfig(text: "")
    /// Sessions sealed with it are still taken.
    package var previousSecret: SecretTextConfig?
    package var cookie = "martlet-session"
    package var lifetime: Duration = .seconds(8 * 3600)
    /// Whether browsers keep the cookie to HTTPS.
    @Excepted package var isSecure = true

    package init() {}
}

/// A session of one of `authentication.logins`.
package struct SessionMethodConfig: Sendable, Equatable {
    package var login = ""
    /// Whether the upstream sees the cookie.
    package var forwards = false

    package init() {}
}
