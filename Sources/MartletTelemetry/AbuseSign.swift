/// What a client may do that speaks against it.
package enum AbuseSign: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case notFound, methodNotAllowed, malformed, invalid, wrongCredentials, forbidden, rateLimited
    case injection, bot
    /// Something that a policy has found and let pass.
    case reported
    case slow, upstreamUnauthorized, upstreamNotFound
    /// A route that only those ask for who look for something.
    case trap

    /// The value of the label `sign`, and what the access log calls it.
    package var label: StaticString {
        switch self {
        case .notFound: "not_found"
        case .methodNotAllowed: "method_not_allowed"
        case .malformed: "malformed"
        case .invalid: "invalid"
        case .wrongCredentials: "wrong_credentials"
        case .forbidden: "forbidden"
        case .rateLimited: "rate_limited"
        case .injection: "injection"
        case .bot: "bot"
        case .reported: "reported"
        case .slow: "slow"
        case .upstreamUnauthorized: "upstream_unauthorized"
        case .upstreamNotFound: "upstream_not_found"
        case .trap: "trap"
        }
    }
}

/// What a client is known by where its behaviour is watched.
package enum AbuseKey: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case address, consumer

    /// The value of the label `by`.
    package var label: StaticString {
        switch self {
        case .address: "address"
        case .consumer: "consumer"
        }
    }
}
