package import MartletJSON

/// Who makes tokens, and what its tokens must be like; its keys come and go apart from it.
package struct TokenIssuer: Sendable, Equatable {
    /// As the configuration calls it.
    package let name: String
    package let rules: ClaimRules
    private let algorithms: UInt16

    /// - `algorithms`: those that are taken, whatever keys there are (RFC 8725 §3.1).
    package init(name: String, rules: ClaimRules, algorithms: [JWSAlgorithm]) {
        self.name = name
        self.rules = rules
        self.algorithms = algorithms.reduce(0) { $0 | 1 << UInt16($1.rawValue) }
    }

    package func takes(_ algorithm: JWSAlgorithm) -> Bool {
        self.algorithms & 1 << UInt16(algorithm.rawValue) != 0
    }

    /// Checks all of a token but which issuer it is for.
    ///
    /// The signature comes before the claims, so that nothing is told of claims that somebody made
    /// up.
    ///
    /// - `claims`: the token's payload, read.
    package func check(
        _ token: CompactToken, claims: JSONDocument, keys: KeySet?, now: Int64
    ) -> TokenRefusal? {
        guard self.takes(token.algorithm) else { return .algorithmNotAllowed }
        guard let keys else { return .keysMissing }
        switch keys.check(token) {
        case .unknownKey: return .keyUnknown
        case .failed: return .signatureInvalid
        case .verified: break
        }
        return self.rules.checkType(token.type) ?? self.rules.check(claims, now: now)
    }

    /// Reads a token's payload.
    package static func claims(of token: CompactToken) throws(TokenRefusal) -> JSONDocument {
        guard let document = try? JSONDocument(token.payload.span, limits: Self.claimLimits),
            document.kind(0) == .object
        else { throw .claimsMalformed }
        return document
    }

    private static let claimLimits: JSONLimits = {
        var limits = JSONLimits()
        limits.bytesMax = CompactToken.byteCountMax
        limits.depthMax = 16
        limits.nodeCountMax = 2048
        return limits
    }()
}
