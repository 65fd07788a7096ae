/// Who calls, as far as it is known: rows and bits of the generation's `AuthenticationPlan`.
///
/// Copied into the exchange and into the worker's cache; what is text is shared.
package struct Identity: Sendable {
    package static let noConsumer = Int32(-1)

    /// Row of the plan's consumers; negative for somebody who is none of them.
    package var consumer = Identity.noConsumer
    package var groups = NameSet()
    package var scopes = NameSet()
    /// A bit for each of the plan's claim rules that holds.
    package var claims: UInt64 = 0
    /// Row of the issuer whose token it is; negative for other credentials.
    package var issuer = Int32(-1)
    /// Seconds since 1970 from which it is not to be believed.
    package var expiry = Int64.max
    /// Row of the plan's API keys, which has the texts; negative for other credentials.
    package var apiKey = Int32(-1)
    package var ownTexts: IdentityTexts?

    package init() {}

    package static let unknown = Identity()

    /// What it says in words.
    ///
    /// An API key's stay with the plan: among many keys each would cost a line of memory that no
    /// cache holds, to count one more user of them.
    func texts(in plan: AuthenticationPlan) -> IdentityTexts? {
        if let own = self.ownTexts { return own }
        return self.apiKey >= 0 ? plan.keyTexts[Int(self.apiKey)] : nil
    }

    /// What two credentials of one request say together; `nil` if they belong to two consumers.
    func merged(with other: Identity, in plan: AuthenticationPlan) -> Identity? {
        var merged = self
        if merged.consumer < 0 {
            merged.consumer = other.consumer
        } else if other.consumer >= 0, other.consumer != merged.consumer {
            return nil
        }
        merged.groups.formUnion(other.groups)
        merged.scopes.formUnion(other.scopes)
        merged.claims |= other.claims
        merged.expiry = min(merged.expiry, other.expiry)
        merged.ownTexts = IdentityTexts.merged(self.texts(in: plan), other.texts(in: plan))
        merged.apiKey = -1
        return merged
    }
}

/// What can be told of an identity in words; made once for each credential.
package final class IdentityTexts: Sendable {
    let subject: [UInt8]
    let credential: [UInt8]
    let groups: [UInt8]
    let scopes: [UInt8]
    /// In the order of the plan's claim places; empty for those that are not there.
    let claims: [[UInt8]]

    init(
        subject: [UInt8] = [], credential: [UInt8] = [], groups: [UInt8] = [],
        scopes: [UInt8] = [], claims: [[UInt8]] = []
    ) {
        self.subject = subject
        self.credential = credential
        self.groups = groups
        self.scopes = scopes
        self.claims = claims
    }

    static func merged(_ first: IdentityTexts?, _ second: IdentityTexts?) -> IdentityTexts? {
        guard let first, let second else { return first ?? second }
        func pick(_ path: (IdentityTexts) -> [UInt8]) -> [UInt8] {
            path(first).isEmpty ? path(second) : path(first)
        }
        // Access is decided by the groups and scopes of both.
        return IdentityTexts(
            subject: pick { $0.subject }, credential: pick { $0.credential },
            groups: self.joined(first.groups, second.groups, separator: UInt8(ascii: ",")),
            scopes: self.joined(first.scopes, second.scopes, separator: UInt8(ascii: " ")),
            claims: first.claims.isEmpty ? second.claims : first.claims)
    }

    /// All names of two lists, each once.
    private static func joined(
        _ first: [UInt8], _ second: [UInt8], separator: UInt8
    ) -> [UInt8] {
        var names: [ArraySlice<UInt8>] = []
        for name in first.split(separator: separator) + second.split(separator: separator)
        where !names.contains(name) { names.append(name) }
        return Array(names.joined(separator: [separator]))
    }
}

extension Exchange {
    /// Empty for somebody who is no consumer, and before it is known.
    var consumerName: [UInt8] {
        let consumer = Int(self.identity.consumer)
        return consumer < 0 ? [] : self.generation.authentication.plan.consumers[consumer].name
    }

    /// Of the identity.
    var identityTexts: IdentityTexts? {
        self.identity.texts(in: self.generation.authentication.plan)
    }

    /// What logs may show of the credentials: those that were taken, or those that were tried.
    var shownCredential: [UInt8] {
        guard let texts = self.identityTexts else { return self.triedCredential }
        return texts.credential.isEmpty ? texts.subject : texts.credential
    }
}
