/// Which addresses Martlet may connect to for one upstream, or for a call of its own (row T1).
///
/// A pure value: who looks a name up asks it about every address, and dials one of those that it
/// let through, without looking the name up again. Immutable.
package struct EgressRule: Sendable, Equatable {
    /// What was allowed in writing, beside all that is global.
    private let allowed: AddressBlocks

    /// Nothing but what is global.
    package static let strict = EgressRule(allowed: .none)

    /// - `allowed`: blocks that may be connected to although they are not global.
    package init(allowed: AddressBlocks) { self.allowed = allowed }

    /// Whether an address may be dialled that a name stands for.
    ///
    /// - Returns: `nil` if so, else why not.
    ///
    /// - `host`: the name; `localhost` is a permission for loopback addresses, as it cannot stand
    ///   for anything else (RFC 6761 §6.3).
    package func refusal(of address: ClientAddress, host: String) -> AddressScope? {
        let scope = AddressScope(address)
        if scope == .global { return nil }
        if self.allowed.contains(address) {
            // A form that is allowed leads only where the address in it would.
            return address.embeddedIPv4.flatMap { self.refusal(of: $0, host: host) }
        }
        return scope == .loopback && host == "localhost" ? nil : scope
    }
}
