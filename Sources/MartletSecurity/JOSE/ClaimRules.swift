package import MartletJSON

/// What the claims of a token must be (RFC 7519 §4.1, RFC 8725 §3.8, §3.9).
///
/// Immutable; of one issuer. Time is an argument, in seconds since 1970.
package struct ClaimRules: Sendable, Equatable {
    /// `iss`; `nil` for any, where the key alone tells who it is.
    package var issuer: [UInt8]?
    /// One of these must be in `aud`; empty for none asked for.
    package var audiences: [[UInt8]] = []
    /// A token without `exp` would be good for ever.
    package var requiresExpiry = true
    /// How far clocks may differ.
    package var leewaySeconds: Int64 = 30
    /// How long ago `iat` may be; `nil` for any time.
    package var ageSecondsMax: Int64?
    /// `typ` must be this (`at+jwt` of RFC 9068); `nil` for any.
    package var type: [UInt8]?
    package var claims: [ClaimRule] = []

    package init() {}

    package func checkType(_ type: [UInt8]?) -> TokenRefusal? {
        guard let wanted = self.type else { return nil }
        return type == wanted ? nil : .typeWrong
    }

    /// - Returns: the first rule that does not hold.
    package func check(_ document: JSONDocument, now: Int64) -> TokenRefusal? {
        guard document.nodeCount > 0, document.kind(0) == .object else { return .claimsMalformed }
        if let issuer = self.issuer {
            guard let node = document.value(of: "iss", in: 0), document.kind(node) == .string,
                document.string(node).holdsSameBytes(as: issuer.span)
            else { return .issuerWrong }
        }
        if let refusal = self.checkAudience(document) { return refusal }
        if let refusal = self.checkTimes(document, now: now) { return refusal }
        for rule in self.claims {
            if let refusal = rule.check(document) { return refusal }
        }
        return nil
    }

    private func checkAudience(_ document: JSONDocument) -> TokenRefusal? {
        guard !self.audiences.isEmpty else { return nil }
        guard let node = document.value(of: "aud", in: 0) else { return .audienceWrong }
        let found = ClaimText.contains(document, node) { text in text.isAny(of: self.audiences) }
        return found ? nil : .audienceWrong
    }

    private func checkTimes(_ document: JSONDocument, now: Int64) -> TokenRefusal? {
        let leeway = self.leewaySeconds
        guard let expiry = Self.time("exp", document), let start = Self.time("nbf", document),
            let issued = Self.time("iat", document)
        else { return .claimsMalformed }
        if let expiry = expiry {
            // RFC 7519 §4.1.4: on or after which it must not be accepted.
            guard now &- leeway < expiry else { return .expired }
        } else if self.requiresExpiry {
            return .expiryMissing
        }
        if let start = start, now &+ leeway < start { return .notYetValid }
        if let issued = issued {
            guard now &+ leeway >= issued else { return .issuedInTheFuture }
            if let age = self.ageSecondsMax, now &- leeway &- issued > age { return .tooOld }
        } else if self.ageSecondsMax != nil {
            return .claimMissing
        }
        return nil
    }

    /// A NumericDate (RFC 7519 §2), fractions cut off.
    ///
    /// - Returns: `nil` if there is another thing in its place, `.some(nil)` if there is none.
    package static func time(_ key: StaticString, _ document: JSONDocument) -> Int64?? {
        guard let node = document.value(of: key, in: 0) else { return .some(nil) }
        guard document.kind(node) == .number,
            let value = document.number(node).roundedDown, value.magnitude < 1 << 53
        else { return nil }
        return .some(value)
    }
}
