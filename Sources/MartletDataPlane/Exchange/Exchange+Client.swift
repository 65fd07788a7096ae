import MartletHTTP

/// What the client wrote, where a trusted proxy stands before Martlet: it ends the client's TLS and
/// may change the host. From anybody else these fields are gone (`ForwardedHeaders.receive`).
extension Exchange {
    var isClientSecure: Bool {
        let head = self.request
        guard let scheme = head.headers.first(.xForwardedProto) else { return self.isSecure }
        return head.headers.isValue(scheme, "https")
    }

    /// The host, and the port if there is one.
    var clientAuthority: [UInt8] {
        let head = self.request
        let own = head.copy(head.authority)
        guard let reported = head.headers.first(.xForwardedHost) else { return own }
        let value = head.copy(reported)
        guard case .authority = Authority.parse(value.span) else { return own }
        return value
    }
}
