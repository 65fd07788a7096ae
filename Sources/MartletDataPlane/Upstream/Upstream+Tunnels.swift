import MartletTelemetry

/// Connections that are passed on as they are: each has its own, outside of the pool.
extension Upstream {
    enum OnTunnel {
        /// The client's side hears of it later.
        case dialled(TCPUpstreamHandler)
        case failed(ProxyError)
    }

    /// Dials the endpoint whose turn it is.
    func dialTunnel(for downstream: TCPDownstreamHandler) -> OnTunnel {
        guard let (endpoint, address) = self.nextAddressToDial(for: downstream.peer) else {
            return .failed(self.plan.errorWithoutEndpoint)
        }
        let handler = TCPUpstreamHandler(
            upstream: self, endpoint: endpoint, plan: self.plan.endpoints[endpoint],
            for: downstream)
        handler.connectBegan()
        self.connector.connect(to: address, handler: handler)
        return .dialled(handler)
    }

    func tunnelOpened() {
        self.shard.upstreamConnected(upstream: self.index)
    }

    func tunnelClosed() {
        self.shard.upstreamDisconnected(upstream: self.index)
    }

    func tunnelFailed(_ error: ProxyError) {
        self.shard.upstreamConnectFailed(
            upstream: self.index, reason: error == .connectTimeout ? .timeout : .refused)
    }
}
