package import MartletSecurity

/// One way to log in with a browser, compiled (OpenID Connect Core 1.0).
package final class LoginPlan: Sendable {
    package let name: String
    /// Row of the plan's issuers.
    let issuerRow: Int
    package let issuerName: String
    package let issuer: TokenIssuer
    /// Keys that are in the configuration; `nil` if they are fetched.
    package let keys: KeySet?
    package let clientID: String
    /// The value of `Authorization` at the token endpoint.
    package let authorization: String
    package let endpoints: LoginEndpoints
    /// With spaces between.
    package let scope: String
    package let loginPath: [UInt8]
    package let callbackPath: [UInt8]
    package let logoutPath: [UInt8]
    /// `nil`: that of the request.
    package let origin: String?
    package let afterLogout: String
    package let timeout: Duration
    /// With its prefix.
    package let cookie: String
    /// What is remembered of a login under way; the first letters of its state follow.
    package let attemptCookie: String
    package static let attemptNameCount = 8
    package let isSecure: Bool
    package let lifetimeSeconds: Int64
    /// Claims of the ID token that a session holds: those that the configuration asks for.
    package let keptClaims: [String]
    package let sessionSeal: SealedText
    package let attemptSeal: SealedText
    let place: CredentialPlace

    init(_ parts: Parts, place: CredentialPlace) {
        self.name = parts.name
        self.issuerRow = parts.issuerRow
        self.issuerName = parts.issuer.name
        self.issuer = parts.issuer.issuer
        self.keys = parts.issuer.keys
        self.clientID = parts.clientID
        self.authorization = parts.authorization
        self.endpoints = parts.endpoints
        self.scope = parts.scope
        self.loginPath = Array((parts.path + "/login").utf8)
        self.callbackPath = Array((parts.path + "/callback").utf8)
        self.logoutPath = Array((parts.path + "/logout").utf8)
        self.origin = parts.origin
        self.afterLogout = parts.afterLogout
        self.timeout = parts.timeout
        self.cookie = parts.cookie
        self.attemptCookie = parts.attemptCookie
        self.isSecure = parts.isSecure
        self.lifetimeSeconds = parts.lifetimeSeconds
        self.keptClaims = parts.keptClaims
        self.sessionSeal = SealedText(
            secrets: parts.secrets, purpose: "session \(parts.name)")
        self.attemptSeal = SealedText(
            secrets: parts.secrets, purpose: "login \(parts.name)")
        self.place = place
    }

    /// What a plan is made of.
    struct Parts {
        var name = ""
        var issuerRow = 0
        var issuer: IssuerPlan
        var clientID = ""
        var authorization = ""
        var endpoints: LoginEndpoints
        var scope = ""
        var path = ""
        var origin: String?
        var afterLogout = ""
        var timeout = Duration.seconds(10)
        var cookie = ""
        var attemptCookie = ""
        var isSecure = true
        var lifetimeSeconds: Int64 = 0
        var keptClaims: [String] = []
        var secrets: [[UInt8]] = []
    }
}

/// Where an issuer's pages and calls are; `nil` for what its discovery document says.
package struct LoginEndpoints: Sendable, Equatable {
    /// The issuer's identifier, under which the document is found.
    package var issuer: String
    package var authorization: String?
    package var token: String?
    package var endSession: String?

    package init(
        issuer: String, authorization: String? = nil, token: String? = nil,
        endSession: String? = nil
    ) {
        self.issuer = issuer
        self.authorization = authorization
        self.token = token
        self.endSession = endSession
    }
}

/// A step of a login, for whoever talks to issuers.
///
/// What comes of it is field lines of a redirect.
package struct LoginStep: Sendable {
    package enum Kind: Sendable, Equatable {
        /// A browser is sent to the issuer, and comes back to this path and query afterwards.
        case begin(returnTo: [UInt8])
        /// It has come back, with this query and what was remembered of the attempt.
        case finish(query: [UInt8], attempts: [LoginAttemptCookie])
        case logOut
    }

    package let plan: LoginPlan
    package let kind: Kind
    /// As the browser sees it: scheme and host.
    package let origin: String

    package init(plan: LoginPlan, kind: Kind, origin: String) {
        self.plan = plan
        self.kind = kind
        self.origin = origin
    }
}

/// A cookie that was set at the beginning of a login.
package struct LoginAttemptCookie: Sendable, Equatable {
    package let name: [UInt8]
    package let value: [UInt8]

    package init(name: [UInt8], value: [UInt8]) {
        self.name = name
        self.value = value
    }
}
