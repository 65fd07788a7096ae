/// What can be an exception; docs/exceptions.md has a row for each.
package enum ExceptionKind: String, Sendable, CaseIterable {
    case insecure = "tls.insecure"
    case egress = "egress.allow"
    case trustedProxies = "trusted-proxies"
    case exposeInternals = "expose-internals"
    case openRoute = "authentication"
    case anonymous
    case keyInQuery = "api-key.query"
    case unsignedBodies = "signature.require-digest"
    case endlessTokens = "require-expiry"
    case plainSession = "session.secure"
    case onFailure = "external-authorization.on-failure"
    case corsCredentials = "cors.credentials"
    case corsPrivateNetwork = "cors.private-network"
    case pathSpelling = "allow"
    case inspection = "inspect.exceptions"

    /// What it opens, for the log and for a report.
    package var meaning: String {
        switch self {
        case .insecure: "certificates of endpoints are not checked"
        case .egress: "host names may lead to this network"
        case .trustedProxies: "what this network says of clients is believed"
        case .exposeInternals: "clients are told about upstreams"
        case .openRoute: "this route is open to everybody"
        case .anonymous: "requests without credentials are let through"
        case .keyInQuery: "API keys are taken from the query"
        case .unsignedBodies: "bodies need no signed digest"
        case .endlessTokens: "tokens without an expiry are taken"
        case .plainSession: "session cookies go over plain HTTP"
        case .onFailure: "requests pass while the authorising server is down"
        case .corsCredentials: "pages of these origins act with users' credentials"
        case .corsPrivateNetwork: "pages of the Internet may use this private network"
        case .pathSpelling: "paths that upstreams disagree on are let through"
        case .inspection: "rules of the injection filter are off for a parameter"
        }
    }
}

/// An exception of a document.
package struct StatedException: Sendable, Equatable {
    package let kind: ExceptionKind
    package let terms: ExceptionConfig

    package init(kind: ExceptionKind, terms: ExceptionConfig) {
        self.kind = kind
        self.terms = terms
    }
}
