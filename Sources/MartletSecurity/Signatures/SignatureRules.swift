/// What a signature has to be like, beside being right (RFC 9421 §3.2.1).
package struct SignatureRules: Sendable, Equatable {
    /// What has to be covered, so that nobody changes it on the way.
    package var covered: [SignedComponent] = [.method, .authority, .path, .query]
    /// How long ago it may have been made; replays are looked for as long.
    package var ageSecondsMax: Int64 = 300
    package var leewaySeconds: Int64 = 30

    package init() {}

    package func check(_ signature: MessageSignature, now: Int64) -> SignatureRefusal? {
        guard let created = signature.created else { return .createdMissing }
        if let refusal = self.checkAge(of: created, now: now) { return refusal }
        if let expires = signature.expires, expires <= now &- self.leewaySeconds {
            return .expired
        }
        let isCovered = self.covered.allSatisfy { signature.components.contains($0) }
        return isCovered ? nil : .componentNotCovered
    }

    /// Whether it was made at a time that is taken.
    package func checkAge(of created: Int64, now: Int64) -> SignatureRefusal? {
        guard created <= now &+ self.leewaySeconds else { return .createdInTheFuture }
        guard now &- created <= self.ageSecondsMax &+ self.leewaySeconds else { return .tooOld }
        return nil
    }
}
