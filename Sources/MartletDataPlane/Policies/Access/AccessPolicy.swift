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
        return self.isOverriding(head.headers, methods)
    }

    /// Some upstreams take the method from a field: who may not DELETE may not say so there.
    private func isOverriding(_ headers: borrowing HeaderList, _ methods: [[UInt8]]) -> Bool {
        guard headers.presence & HeaderName.other.bit != 0 else { return false }
        for index in headers.fields.indices where headers.fields[index].known == .other {
            for name in Self.overridingFields where headers.isField(index, spelled: name) {
                let value = headers.fields[index].value
                for method in methods where Self.names(value, of: headers, method) { return true }
            }
        }
        return false
    }

    /// Whether a method is among those of a list.
    private static func names(
        _ value: ByteRange, of headers: borrowing HeaderList, _ method: [UInt8]
    ) -> Bool {
        var elements = ListElements(value)
        while let element = elements.next(in: headers.bytes.span) {
            let name = headers.span(element)
            if name.isEqualIgnoringCase(to: method.span) { return true }
        }
        return false
    }

    private static let overridingFields = [
        "x-http-method-override", "x-http-method", "x-method-override",
    ].map { Array($0.utf8) }

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
