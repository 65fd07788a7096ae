import MartletConfig
import MartletHTTP

/// What those that are known may do: consumers, groups and scopes, by method.
///
/// Immutable; a row of the plan. Every rule that is for the request's method has to hold; somebody
/// who is no consumer is in no list.
struct AccessPolicy: Sendable {
    struct Rule: Sendable {
        /// Empty for all methods.
        let methods: [[UInt8]]
        let consumers: [Int32]
        let groups: NameSet
        let deniedConsumers: [Int32]
        let deniedGroups: NameSet
        let scopes: NameSet
        /// The value of `WWW-Authenticate` where scopes are missing; empty for none.
        let challenge: [UInt8]
    }

    private static let get = Array("GET".utf8)

    let rules: [Rule]
    /// Its own row.
    let index: UInt32

    func apply(to exchange: Exchange) -> Verdict {
        let identity = exchange.identity
        for index in self.rules.indices where self.isFor(index, exchange.request) {
            guard let reason = self.refusal(index, identity) else { continue }
            exchange.refusal = reason
            // RFC 6750 §3.1: of whoever has shown nothing no error is told.
            return .reply(
                .denied(
                    access: self.index, rule: UInt16(clamping: index),
                    isScope: reason == .scopeMissing && !exchange.isAnonymous))
        }
        return .next
    }

    private func isFor(_ index: Int, _ head: RequestHead) -> Bool {
        let methods = self.rules[index].methods
        guard !methods.isEmpty else { return true }
        // Methods have a case (RFC 9110 §9.1), but many upstreams take `delete` for `DELETE`.
        let method = head.copy(head.methodBytes)
        // HEAD is GET without the content (§9.3.2).
        if method.span.isEqualIgnoringCase(to: "head"), methods.contains(Self.get) { return true }
        for wanted in methods where method.span.isEqualIgnoringCase(to: wanted.span) {
            return true
        }
        // Who may not DELETE may not say so in a field.
        return MethodOverride.names(anyOf: methods, in: head.headers)
    }

    private func refusal(_ index: Int, _ identity: Identity) -> RefusalReason? {
        let rule = self.rules[index]
        if identity.consumer >= 0, rule.deniedConsumers.contains(identity.consumer) {
            return .consumerDenied
        }
        if rule.deniedGroups.intersects(identity.groups) { return .consumerDenied }
        if !rule.consumers.isEmpty || !rule.groups.isEmpty {
            let isNamed = identity.consumer >= 0 && rule.consumers.contains(identity.consumer)
            guard isNamed || rule.groups.intersects(identity.groups) else {
                return .consumerNotAllowed
            }
        }
        return identity.scopes.isSuperset(of: rule.scopes) ? nil : .scopeMissing
    }
}
