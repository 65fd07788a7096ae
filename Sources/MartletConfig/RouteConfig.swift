/// Which requests go where, and what is changed on the way.
///
/// Exactly one of `upstream`, `redirect` and `respond` is set.
package struct RouteConfig: Sendable, Equatable {
    package var name = ""
    package var source = SourceLocation.unknown
    /// Listener names; empty is every listener.
    package var listeners: [String] = []
    package var match = RouteMatchConfig()
    /// Higher wins over any other precedence rule.
    package var priority = 0

    package var upstream: String?
    package var redirect: RedirectConfig?
    package var respond: StaticReplyConfig?

    package var ipFilter: IPFilterConfig?
    package var cors: CORSConfig?
    /// In the order in which they are asked.
    package var rateLimits: [RateLimitUseConfig] = []
    @Excepted package var authentication = RouteAuthenticationConfig.inherited
    package var access: [AccessRuleConfig] = []
    package var externalAuthorization: ExternalAuthorizationConfig?
    package var branches: [BranchConfig] = []
    /// Before anything is done about the request.
    package var delay: Duration?
    package var validation: RequestValidationConfig?
    package var inspection: InspectionConfig?
    package var bots: BotFilterConfig?
    /// Points for whoever asks for it; `nil` for none.
    package var abuseScore: Int?
    package var rewrite: RewriteConfig?
    package var requestHeaders = HeaderEditConfig()
    package var responseHeaders = HeaderEditConfig()
    package var query = QueryEditConfig()
    package var cookies = CookieEditConfig()
    package var host: HostConfig = .preserve
    package var forwarded = ForwardedConfig()
    /// Overrides the upstream's response timeout.
    package var responseTimeout: Duration?
    /// For the whole exchange, every try and the answer's body included.
    package var totalTimeout: Duration?
    /// In place of the upstream's.
    package var retries: RetryConfig?
    /// What a client gets when the upstream does not answer.
    package var fallback: FallbackConfig?
    /// What is refused first when the process is overloaded.
    package var importance = ImportanceConfig.normal
    /// Out of service for a while, on purpose.
    package var maintenance: MaintenanceConfig?
    /// Trouble that is made on purpose.
    package var fault: FaultConfig?
    /// A version of an API that is on its way out.
    package var version: VersionConfig?
    /// Other upstreams that get a share of the users.
    package var release: ReleaseConfig?
    /// Another upstream that gets copies, and whose answers are compared.
    package var mirror: MirrorConfig?
    /// Overrides the listener's body limit.
    package var maxBodyBytes: Int?
    /// Of a body that a policy wants whole.
    package var maxHeldBodyBytes = 1 << 20
    /// WebSockets may be opened; else their handshake is answered 501.
    package var webSocket = true
    /// Path spellings that are refused unless listed here.
    @ExceptedList package var allow: [PathAllowance] = []

    package init() {}
}

/// The conditions of a route.
///
/// All that are given must hold; within a list, one is enough.
package struct RouteMatchConfig: Sendable, Equatable {
    /// `api.example.com` or `*.example.com` (one or more labels); empty is every host.
    ///
    /// Lower case.
    package var hosts: [String] = []
    /// Empty is every path.
    package var paths: [PathPatternConfig] = []
    /// Empty is every method.
    package var methods: [String] = []
    package var headers: [FieldMatchConfig] = []
    package var query: [FieldMatchConfig] = []
    package var cookies: [FieldMatchConfig] = []
    /// Media types such as `application/json` or `text/*`, compared without parameters.
    package var contentTypes: [String] = []
    /// Names of regions, one of which the client's address is in; empty is everywhere.
    package var regions: [String] = []

    package init() {}
}

/// A path pattern as it was written.
package struct PathPatternConfig: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// Written under `path`: exact, or with `{name}`, `{name:int}`, `{name:uuid}`, `{name*}`.
        case template
        /// Written under `prefix`: whole segments, so `/v1` matches `/v1` and `/v1/a`, not `/v10`.
        case prefix
    }

    package var kind: Kind
    package var text: String
    package var source: SourceLocation
    /// Some of it came from the environment, so diagnostics must not show it.
    package var isSecret = false

    package init(kind: Kind, text: String, source: SourceLocation = .unknown) {
        self.kind = kind
        self.text = text
        self.source = source
    }
}

/// A condition on a header, query parameter or cookie.
///
/// Header names compare without case.
package struct FieldMatchConfig: Sendable, Equatable {
    package enum Test: Sendable, Equatable {
        case equals(String)
        case oneOf([String])
        case hasPrefix(String)
        case hasSuffix(String)
        case contains(String)
        case isPresent
        case isAbsent
    }

    package var name: String
    package var test: Test

    package init(name: String, test: Test) {
        self.name = name
        self.test = test
    }
}

/// A path spelling that is refused by default because upstreams disagree on its meaning.
package enum PathAllowance: String, Sendable, Equatable, CaseIterable {
    case encodedSlash = "encoded-slash"
    case encodedBackslash = "encoded-backslash"
    case encodedControls = "encoded-controls"
    case doubleEncoding = "double-encoding"
    case invalidUTF8 = "invalid-utf8"
}

/// What the upstream sees in place of the client's path.
///
/// Captures are written `{name}`.
package struct RewriteConfig: Sendable, Equatable {
    /// The whole path; query text is kept.
    package var path: String?
    /// Replaces the part that a `prefix` match consumed.
    package var prefix: String?
    package var stripPrefix: String?
    package var addPrefix: String?
    package var source = SourceLocation.unknown

    package init() {}
}

/// A redirect reply.
///
/// Parts that are `nil` keep the request's.
package struct RedirectConfig: Sendable, Equatable {
    /// 301, 302, 303, 307 or 308.
    package var status = 302
    package var scheme: String?
    package var host: String?
    package var port: Int?
    /// Template for the whole path.
    package var path: String?
    /// Replaces the part that a `prefix` match consumed.
    package var prefix: String?
    /// Drops the query text.
    package var dropQuery = false
    package var source = SourceLocation.unknown

    package init() {}
}

/// A reply without an upstream.
package struct StaticReplyConfig: Sendable, Equatable {
    package var status = 200
    package var headers: [HeaderValueConfig] = []
    package var body = ""

    package init() {}
}

/// A header or query parameter with the value it gets.
///
/// Values may hold captures `{name}`.
package struct HeaderValueConfig: Sendable, Equatable {
    package var name: String
    package var value: String

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// Header edits, done in the order remove, rename, set, add.
package struct HeaderEditConfig: Sendable, Equatable {
    /// Names; a trailing `*` removes all that begin so.
    package var remove: [String] = []
    /// Old name to new name.
    package var rename: [HeaderValueConfig] = []
    package var set: [HeaderValueConfig] = []
    package var add: [HeaderValueConfig] = []
    /// Response only: names that Martlet hides by default (`server`, `x-powered-by` …) and this
    /// route shows.
    package var keep: [String] = []
    /// Maps values: for the named header, each value on the left becomes the one on the right.
    package var map: [ValueMapConfig] = []

    package init() {}

    package var isEmpty: Bool { self == HeaderEditConfig() }
}

/// For one name, which value becomes which.
package struct ValueMapConfig: Sendable, Equatable {
    package var name: String
    package var values: [HeaderValueConfig]

    package init(name: String, values: [HeaderValueConfig]) {
        self.name = name
        self.values = values
    }
}

/// Query parameter edits, done in the order remove, rename, set, add.
///
/// Values are percent-encoded.
package struct QueryEditConfig: Sendable, Equatable {
    package var remove: [String] = []
    package var rename: [HeaderValueConfig] = []
    package var set: [HeaderValueConfig] = []
    package var add: [HeaderValueConfig] = []
    package var map: [ValueMapConfig] = []

    package init() {}

    package var isEmpty: Bool { self == QueryEditConfig() }
}

/// Request cookie edits, done in the order remove, rename, set.
package struct CookieEditConfig: Sendable, Equatable {
    package var remove: [String] = []
    package var rename: [HeaderValueConfig] = []
    package var set: [HeaderValueConfig] = []

    package init() {}

    package var isEmpty: Bool { self == CookieEditConfig() }
}

/// Which `Host` the upstream sees.
package enum HostConfig: Sendable, Equatable {
    /// The client's.
    case preserve
    /// The endpoint's own host and port.
    case upstream
    case literal(String)
}

/// What the upstream learns of the client.
package struct ForwardedConfig: Sendable, Equatable {
    package enum Client: String, Sendable, Equatable, CaseIterable {
        /// The real address, after the hops that a trusted proxy reported.
        case append
        /// The real address alone; what earlier hops said is dropped.
        case replace
        /// The address with its last octet (IPv4) or 80 bits (IPv6) zeroed, alone.
        case mask
        /// No forwarding header at all.
        case off
    }

    package var client: Client = .append
    /// `x-forwarded-for`, `-proto`, `-host` and `-port`.
    package var xForwarded = true
    /// `Forwarded` (RFC 7239).
    package var rfc7239 = false

    package init() {}
}
