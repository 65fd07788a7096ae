/// How a sender signs its requests with a secret that it shares.
package struct HMACMethodConfig: Sendable, Equatable {
    package enum Encoding: String, Sendable, Equatable, CaseIterable {
        case hex, base64, base64url
    }

    /// The field with the signature, in lower case.
    package var header = ""
    /// What stands before the signature.
    package var prefix = ""
    /// The field holds pairs; `nil`: the signature alone.
    package var pairs: HMACPairsConfig?
    package var encoding = Encoding.hex
    /// A text with parts of the request.
    package var signed = ""
    /// The field with the time.
    package var timestamp: String?
    package var maxAge: Duration = .seconds(300)
    /// The id of a consumer's signing key.
    package var key: String?
    /// The field in which requests name their key.
    package var keyHeader: String?
    /// Whether a signature is taken once only; `nil`: if there is a time.
    package var once: Bool?
    /// Whether the upstream sees the signature.
    package var forwards = true

    package init() {}

    package var hasTimestamp: Bool { self.timestamp != nil || self.pairs?.timestamp != nil }

    /// A sender without times repeats a delivery that failed as it was.
    package var isTakenOnce: Bool { self.once ?? self.hasTimestamp }
}

/// Which pairs of a signature's field count.
package struct HMACPairsConfig: Sendable, Equatable {
    package var signature = ""
    package var timestamp: String?

    package init() {}
}
