/// What a listener does with its connections if it does not speak HTTP: bytes go through as they
/// are.
package struct TCPListenerConfig: Sendable, Equatable {
    package var source = SourceLocation.unknown
    /// Where a connection goes whose server name is not listed, or that tells none; `nil` closes
    /// it.
    package var upstream: String?
    /// By the server name of the client's TLS handshake, which is not touched.
    package var serverNames: [ServerNameConfig] = []

    package init() {}
}

/// `api.example.com` or `*.example.com` (one label), and where it goes.
package struct ServerNameConfig: Sendable, Equatable {
    package var name = ""
    package var upstream = ""

    package init() {}
}
