/// How callers are known: where keys come from, which policies there are, what upstreams are told.
package struct AuthenticationConfig: Sendable, Equatable {
    /// What API keys are hashed with.
    package var keySecret: SecretTextConfig?
    /// Shown to callers in `WWW-Authenticate`.
    package var realm = "martlet"
    /// Where clients read who gives tokens (RFC 9728), told in challenges.
    package var resourceMetadata: String?
    /// That document, served here.
    package var protectedResource: ProtectedResourceConfig?
    package var issuers: [TokenIssuerConfig] = []
    package var logins: [LoginConfig] = []
    package var policies: [AuthenticationPolicyConfig] = []
    /// The policy of routes that name none; `nil` for open routes.
    package var defaultPolicy: String?
    /// Fields that tell upstreams who calls; clients cannot send them.
    package var identityHeaders: [HeaderValueConfig] = []
    package var identityHeadersSource = SourceLocation.unknown
    /// Verified credentials that each worker remembers; 0 for none.
    package var cachedCredentials = 4096
    package var lockout: LockoutConfig?

    package init() {}
}

/// A text that is never shown.
package struct SecretTextConfig: Sendable, Equatable {
    package var text: String
    package var source: SourceLocation

    package init(text: String, source: SourceLocation = .unknown) {
        self.text = text
        self.source = source
    }

    package static func == (left: SecretTextConfig, right: SecretTextConfig) -> Bool {
        left.text == right.text
    }
}

/// Who is locked out after failed credentials, and for how long.
package struct LockoutConfig: Sendable, Equatable {
    package enum Key: String, Sendable, Equatable, CaseIterable {
        /// The client's real address, or the first half of it for IPv6.
        case address
        /// The user name, or the part of a key that may be shown.
        case credential
    }

    /// Failures that are forgiven; one more locks.
    package var attempts = 10
    /// In this time all of them are forgotten, one after the other.
    package var decay: Duration = .seconds(600)
    package var keys: [Key] = [.address, .credential]
    /// How many are told apart.
    package var maxTracked = 100_000

    package init() {}
}

/// Who makes tokens, and what its tokens must be like.
package struct TokenIssuerConfig: Sendable, Equatable {
    package enum Keys: Sendable, Equatable {
        case url(String)
        case set(FileTextConfig)
        /// A secret that the issuer shares.
        case secret(SecretTextConfig)
        /// Tokens that only the issuer can read: it is asked about each (RFC 7662).
        case introspection(IntrospectionConfig)
    }

    package var name = ""
    package var source = SourceLocation.unknown
    /// What `iss` says; `nil` takes any, where the keys alone tell who it is.
    package var issuer: String?
    package var audiences: [String] = []
    package var keys: Keys?
    /// Empty for those of public keys, or for HS256 with a secret.
    package var algorithms: [String] = []
    package var leeway: Duration = .seconds(30)
    package var maxAge: Duration?
    @Excepted package var requiresExpiry = true
    package var type: String?
    package var claims: [ClaimRuleConfig] = []
    /// The claim whose text says which consumer it is.
    package var subjectClaim = "sub"
    package var scopeClaims = ["scope", "scp"]
    package var groupClaim: String?
    /// The consumer of tokens whose subject is no consumer's.
    package var consumer: String?
    package var refreshInterval: Duration = .seconds(300)
    package var fetchTimeout: Duration = .seconds(5)
    /// How soon the keys may be fetched again because of a `kid` that is not known.
    package var unknownKeyInterval: Duration = .seconds(10)

    package init() {}
}

/// Where an issuer says what a token means.
package struct IntrospectionConfig: Sendable, Equatable {
    package var url = ""
    package var clientID = ""
    package var clientSecret = SecretTextConfig(text: "")
    /// How long an answer is believed, if the token does not end before.
    package var cache: Duration = .seconds(60)

    package init() {}
}

/// A condition on a claim: its values, or that it is there.
package struct ClaimRuleConfig: Sendable, Equatable {
    package var place: String
    /// One is enough; empty for any value.
    package var values: [String]

    package init(place: String, values: [String]) {
        self.place = place
        self.values = values
    }
}

/// Which credentials a route takes.
package struct AuthenticationPolicyConfig: Sendable, Equatable {
    package enum Requirement: String, Sendable, Equatable, CaseIterable {
        /// One method that accepts is enough.
        case any
        /// Every method has to accept, and for the same consumer.
        case all
    }

    package var name = ""
    package var source = SourceLocation.unknown
    package var methods: [AuthenticationMethodConfig] = []
    package var requirement = Requirement.any
    /// The consumer of requests without any credentials; `nil` refuses them.
    @Excepted package var anonymous: String? = nil

    package init() {}
}

/// One way to show who one is.
package enum AuthenticationMethodConfig: Sendable, Equatable {
    case apiKey(APIKeyMethodConfig)
    case jwt(JWTMethodConfig)
    case basic(BasicMethodConfig)
    case signature(SignatureMethodConfig)
    case hmac(HMACMethodConfig)
    case session(SessionMethodConfig)
    case clientCertificate
}

/// Where an API key is looked for.
package struct APIKeyMethodConfig: Sendable, Equatable {
    package enum Place: Sendable, Equatable {
        case header(String)
        case query(String)
        case cookie(String)
        /// `Authorization: Bearer` or `ApiKey`.
        case authorization
    }

    package var places = Self.defaultPlaces
    /// The terms of a place in the query.
    package var queryException: ExceptionConfig?
    /// Whether the upstream sees it.
    package var forwards = false

    package init() {}

    /// Where keys are looked for if nothing else is said.
    static var defaultPlaces: [Place] { [.header("x-api-key")] }

    /// As if no parameter were named.
    mutating func removeQuery() {
        self.queryException = nil
        self.places.removeAll { if case .query = $0 { true } else { false } }
        if self.places.isEmpty { self.places = Self.defaultPlaces }
    }
}

/// Where a token is looked for and whose are taken.
package struct JWTMethodConfig: Sendable, Equatable {
    /// Empty for all.
    package var issuers: [String] = []
    /// In place of `Authorization: Bearer`.
    package var header: String?
    package var cookie: String?
    package var forwards = true

    package init() {}
}

package struct BasicMethodConfig: Sendable, Equatable {
    package var forwards = false

    package init() {}
}

/// What a signed request has to be like (RFC 9421).
package struct SignatureMethodConfig: Sendable, Equatable {
    /// Components that have to be covered.
    package var covered = ["@method", "@authority", "@path", "@query"]
    /// How old a signature may be; no signature is taken twice meanwhile.
    package var maxAge: Duration = .seconds(300)
    /// Whether a body needs a `Content-Digest` that is covered (RFC 9530).
    @Excepted package var requiresDigest = true

    package init() {}
}

/// What a route says of authentication.
package enum RouteAuthenticationConfig: Sendable, Equatable {
    /// As `authentication.default` says.
    case inherited
    /// Open to everybody, as it is written.
    case none
    case named(String)
    case inline(AuthenticationPolicyConfig)
}

/// Who of those that are known may do what; a rule holds for its methods.
package struct AccessRuleConfig: Sendable, Equatable {
    package var source = SourceLocation.unknown
    /// Empty for all.
    package var methods: [String] = []
    /// One of these, or of `groups`; both empty for everybody.
    package var consumers: [String] = []
    package var groups: [String] = []
    package var deniedConsumers: [String] = []
    package var deniedGroups: [String] = []
    /// All of these.
    package var scopes: [String] = []

    package init() {}
}

/// Another server's word on each request.
package struct ExternalAuthorizationConfig: Sendable, Equatable {
    package enum Failure: String, Sendable, Equatable, CaseIterable {
        /// Nobody is let through.
        case deny
        /// Everybody is.
        case allow
    }

    package var source = SourceLocation.unknown
    package var url = ""
    package var timeout: Duration = .seconds(1)
    /// Of the request, shown to the server.
    package var headers: [String] = ["authorization", "cookie"]
    /// Of the server's answer, sent to the upstream.
    package var responseHeaders: [String] = []
    /// How long a yes is believed; zero asks each time.
    package var cache: Duration = .zero
    @Excepted package var onFailure = Failure.deny

    package init() {}
}

/// Another upstream for some of those that are known.
package struct BranchConfig: Sendable, Equatable {
    package var source = SourceLocation.unknown
    package var consumers: [String] = []
    package var groups: [String] = []
    package var claims: [ClaimRuleConfig] = []
    package var upstream = ""

    package init() {}
}
