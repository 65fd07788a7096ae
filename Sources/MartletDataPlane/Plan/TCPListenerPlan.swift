import MartletConfig
import MartletTLS

/// Where a listener's connections go as they are, compiled.
package struct TCPListenerPlan: Sendable {
    /// Row of the upstream for connections that name no listed server; `nil` closes them.
    package let upstream: Int?
    /// Rows of upstreams, in the order of the names.
    private let upstreams: [Int]
    private let names: CertificateNameTable

    /// - `upstreams`: the document's, in the plan's order.
    init(_ config: TCPListenerConfig, upstreams: [UpstreamConfig]) {
        let row = { (name: String) in upstreams.firstIndex { $0.name == name } }
        self.upstream = config.upstream.flatMap(row)
        self.upstreams = config.serverNames.map { row($0.upstream) ?? 0 }
        self.names = CertificateNameTable(config.serverNames.map { [$0.name] })
    }

    /// The client's first message has to be read before it is known where it goes.
    var needsServerName: Bool { !self.upstreams.isEmpty }

    /// - `serverName`: in lower case; empty if the client named none.
    package func upstream(for serverName: [UInt8]) -> Int? {
        guard let index = self.names.index(of: serverName) else { return self.upstream }
        return self.upstreams[index]
    }
}
