package import MartletHTTP
package import NIOCore

/// An address that a name stands for and that must not be dialled.
package struct RefusedAddress: Sendable, Equatable {
    package let text: String
    package let scope: AddressScope
}

/// Parts what a name stands for into what may be dialled and what must not be (row T1).
///
/// The control plane looks names up, and what comes out of here is all that is ever dialled:
/// nothing behind it knows a name.
package enum EgressCheck {
    /// - `port`: what is dialled; addresses of a look-up have none.
    package static func split(
        _ addresses: [SocketAddress], host: String, port: Int, _ rule: EgressRule
    ) -> (allowed: [SocketAddress], refused: [RefusedAddress]) {
        var allowed: [SocketAddress] = []
        var refused: [RefusedAddress] = []
        for address in addresses {
            // What cannot be read, such as one with a zone, is unspecified and so refused.
            if let scope = rule.refusal(of: ClientAddress(address), host: host) {
                refused.append(RefusedAddress(text: address.ipAddress ?? "", scope: scope))
            } else {
                var address = address
                address.port = port
                allowed.append(address)
            }
        }
        return (allowed, refused)
    }
}
