package import MartletConfig
package import MartletHTTP
package import NIOCore

/// One SRV record (RFC 2782).
package struct ServiceRecord: Sendable, Hashable {
    package var target: String
    package var port: Int
    package var priority: Int
    package var weight: Int

    package init(target: String, port: Int, priority: Int = 0, weight: Int = 0) {
        self.target = target
        self.port = port
        self.priority = priority
        self.weight = weight
    }

    /// Weights of endpoints, at most 1000, in the proportions of the records'.
    ///
    /// Weights of 0 alone are no wish; one among others gets next to nothing, as the RFC has it.
    package static func weights(_ records: [ServiceRecord]) -> [Int] {
        let highest = records.map(\.weight).max() ?? 0
        guard highest > 0 else { return records.map { _ in 1 } }
        let isScaled = highest > 1000 || records.contains { $0.weight == 0 }
        guard isScaled else { return records.map(\.weight) }
        return records.map { max(1, $0.weight * 1000 / highest) }
    }
}

/// What names stand for at one moment.
package struct ResolvedAddresses: Sendable, Equatable {
    /// By host name; without a port.
    package var names: [String: [SocketAddress]]
    /// By the name of a service.
    package var services: [String: [ServiceRecord]]

    package init(
        names: [String: [SocketAddress]] = [:], services: [String: [ServiceRecord]] = [:]
    ) {
        self.names = names
        self.services = services
    }

    /// What an endpoint may be dialled at, and what of its name's addresses must not be.
    ///
    /// A numeric host stands for itself, and whoever wrote it into the configuration has allowed
    /// just that address; a name without an entry has no address. Of a file nothing is allowed by
    /// its being there.
    package func addresses(
        of endpoint: EndpointConfig, egress: EgressRule
    ) -> (allowed: [SocketAddress], refused: [RefusedAddress]) {
        let written = try? SocketAddress(ipAddress: endpoint.host, port: endpoint.port)
        if let written, !endpoint.isFromFile { return ([written], []) }
        return EgressCheck.split(
            written.map { [$0] } ?? self.names[endpoint.host] ?? [],
            host: endpoint.isFromFile ? "" : endpoint.host, port: endpoint.port, egress)
    }
}
