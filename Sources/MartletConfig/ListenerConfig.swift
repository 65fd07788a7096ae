/// One address on which clients are served.
package struct ListenerConfig: Sendable, Equatable {
    package var name = ""
    package var source = SourceLocation.unknown
    package var address = SocketAddressConfig(host: "0.0.0.0", port: 8080)
    package var limits = ListenerLimitsConfig()
    package var timeouts = ListenerTimeoutsConfig()
    /// `nil`: plain text.
    package var tls: ListenerTLSConfig?
    /// Every request is sent there instead of being served.
    package var httpsRedirect: HTTPSRedirectConfig?
    /// Peers whose `Forwarded` and `X-Forwarded-*` are believed, read right to left (CIDR texts).
    @ExceptedList package var trustedProxies: [String] = []
    /// Which field of theirs tells the client; `nil`: `X-Forwarded-For`, or without it `Forwarded`.
    package var clientAddressFrom: ClientAddressSourceConfig?
    /// Of routes here that have none of their own; `inherited`: `authentication.default`.
    package var authentication = RouteAuthenticationConfig.inherited
    package var requestID = RequestIDConfig()
    /// Connections are passed on as they are; HTTP is not spoken.
    package var tcp: TCPListenerConfig?
    /// Clients of this listener are counted and kept out by `abuse-detection`.
    package var detectsAbuse = true
    /// What clients may speak, the preferred one first.
    package var protocols: [ProtocolConfig] = [.http2, .http1]
    /// Adds `next-hop` and `details` to `Proxy-Status`.
    ///
    /// Off: internals stay hidden (row A3).
    @Excepted package var exposeInternals = false

    package init() {}
}

/// An IP address or host name with a port.
///
/// Port 0 asks the system for a free one.
package struct SocketAddressConfig: Sendable, Equatable {
    package var host: String
    package var port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }
}

/// The field of a trusted proxy that tells who the client is.
package enum ClientAddressSourceConfig: Sendable, Equatable {
    case xForwardedFor
    case forwarded
    /// One with a single address, such as `x-real-ip`; lower case.
    case header(String)
}

/// What a listener accepts from one client.
///
/// Each is on by default and has a metric and an error.
package struct ListenerLimitsConfig: Sendable, Equatable {
    /// Open client connections on this listener, over all workers.
    package var maxConnections = 20_000
    package var maxRequestLineBytes = 8 * 1024
    /// Request line and header section together.
    package var maxHeaderBytes = 32 * 1024
    package var maxHeaderCount = 100
    package var maxBodyBytes = 100 * 1024 * 1024
    package var maxRequestsPerConnection = 100_000
    /// Bytes a second that a request body must reach once `bodyGrace` is over; 0 turns it off.
    package var minBodyBytesPerSecond = 240
    package var http2 = HTTP2LimitsConfig()

    package init() {}
}

/// What one HTTP/2 connection may hold and ask for; counts are those of ten seconds.
package struct HTTP2LimitsConfig: Sendable, Equatable {
    package var maxConcurrentStreams = 100
    /// Body bytes of one stream that may be under way or held.
    package var streamWindowBytes = 256 * 1024
    /// The same for all streams of a connection together.
    package var connectionWindowBytes = 1024 * 1024
    package var maxResets = 100
    /// SETTINGS, PING, PRIORITY and frames of unknown types.
    package var maxControlFrames = 500
    package var maxWindowUpdates = 20_000
    package var maxEmptyFrames = 100
    package var maxContinuations = 200

    package init() {}
}

/// How long a client may take.
package struct ListenerTimeoutsConfig: Sendable, Equatable {
    /// From the connection to the end of its TLS handshake.
    package var tlsHandshake: Duration = .seconds(10)
    /// From the first byte of a head to its last, however many reads it takes.
    package var requestHead: Duration = .seconds(10)
    /// Between two requests of one connection, and before the first.
    package var idle: Duration = .seconds(60)
    /// Before the minimum body rate is enforced.
    package var bodyGrace: Duration = .seconds(5)
    /// Without one byte taken by a client that has an answer waiting.
    package var writeStall: Duration = .seconds(30)
    /// Without one byte of an answer for a client that has closed its side.
    package var halfClosed: Duration = .seconds(10)

    package init() {}
}

/// What may be spoken on a connection, by its ALPN name.
package enum ProtocolConfig: String, Sendable, Equatable, CaseIterable {
    case http2 = "h2"
    case http1 = "http/1.1"
}

/// The id by which a request is found in logs.
package struct RequestIDConfig: Sendable, Equatable {
    /// Keeps a client's well-formed id (1–128 of `A-Za-z0-9._~+/=:-`) instead of making one.
    package var accept = true
    /// Adds the id to the answer.
    package var respond = true

    package init() {}
}
