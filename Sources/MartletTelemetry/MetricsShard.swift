/// One worker's counters and histograms: plain integers that only its loop touches.
///
/// Owned by a generation of the worker. A count is one addition at a place known beforehand; no
/// lock, no look-up by name. Bounded by the layout.
package final class MetricsShard {
    /// A shard whose generation still has exchanges in flight, and where its counts belong.
    private struct Predecessor {
        var shard: MetricsShard
        let mapping: MetricsMapping
    }

    package let layout: MetricsLayout
    private var values: [UInt64]
    private var predecessors: [Predecessor] = []
    private let buckets = DurationBuckets()

    package init(layout: MetricsLayout) {
        self.layout = layout
        self.values = [UInt64](repeating: 0, count: layout.slotCount)
    }

    /// Carries on the counts of the generation before, so that a reload resets nothing.
    ///
    /// Counts are carried by name: of a route, an upstream, an endpoint. The old shard may count
    /// on while its exchanges finish; that reaches this shard with each snapshot, until the old
    /// generation lets its shard go.
    package init(layout: MetricsLayout, adopting previous: MetricsShard) {
        self.layout = layout
        self.values = [UInt64](repeating: 0, count: layout.slotCount)
        let older = previous.predecessors.map(\.shard)
        previous.predecessors = []
        for shard in older + [previous] {
            self.predecessors.append(
                Predecessor(
                    shard: shard, mapping: MetricsMapping(from: shard.layout, to: layout)))
        }
        self.absorbPredecessors()
    }

    /// A copy of the counters that may leave the loop.
    package func snapshot() -> MetricsShardSnapshot {
        self.absorbPredecessors()
        return MetricsShardSnapshot(layout: self.layout, values: self.values)
    }

    private func absorbPredecessors() {
        for index in self.predecessors.indices {
            self.predecessors[index].mapping.move(
                from: &self.predecessors[index].shard.values, to: &self.values)
        }
        // Nobody else holds the shard: its generation is over and all it counted is here.
        var index = 0
        while index < self.predecessors.count {
            if isKnownUniquelyReferenced(&self.predecessors[index].shard) {
                self.predecessors.remove(at: index)
            } else {
                index += 1
            }
        }
    }

    // MARK: Downstream

    package func connectionOpened(listener: Int) {
        let slot = self.layout.listenerSlot(listener)
        self.values[slot &+ MetricsLayout.ListenerSlot.connections] &+= 1
        self.values[slot &+ MetricsLayout.ListenerSlot.connectionsTotal] &+= 1
    }

    package func connectionClosed(listener: Int) {
        let slot = self.layout.listenerSlot(listener)
        self.values[slot &+ MetricsLayout.ListenerSlot.connections] &-= 1
    }

    /// Bytes of a connection that is passed on as it is.
    package func tcpPassed(listener: Int, received: Int = 0, sent: Int = 0) {
        let slot = self.layout.listenerSlot(listener)
        self.values[slot &+ MetricsLayout.ListenerSlot.tcpBytesReceived] &+= UInt64(received)
        self.values[slot &+ MetricsLayout.ListenerSlot.tcpBytesSent] &+= UInt64(sent)
    }

    package func rejected(listener: Int, reason: DownstreamRejection) {
        let slot = self.layout.listenerSlot(listener) &+ MetricsLayout.ListenerSlot.rejections
        self.values[slot &+ Int(reason.rawValue)] &+= 1
    }

    package func handshakeEnded(listener: Int, result: TLSHandshakeResult) {
        let slot = self.layout.listenerSlot(listener) &+ MetricsLayout.ListenerSlot.handshakes
        self.values[slot &+ Int(result.rawValue)] &+= 1
    }

    /// Counts a finished exchange: request, bytes, duration, and its local reply if it had one.
    package func exchangeFinished(_ record: borrowing ExchangeRecord) {
        let listener = Int(record.listener)
        let position = self.layout.routePosition(record.route)
        let request = self.layout.requestSlot(listener: listener, routePosition: position)
        self.values[request &+ Int(StatusClass(record.status).rawValue)] &+= 1
        let route = self.layout.routeSlot(position: position)
        self.values[route &+ MetricsLayout.RouteSlot.bytesReceived] &+= record.bytesReceived
        self.values[route &+ MetricsLayout.RouteSlot.bytesSent] &+= record.bytesSent
        self.observe(record.durationNanoseconds, at: route &+ MetricsLayout.RouteSlot.duration)
        guard record.errorCode != ExchangeRecord.noError, record.flags.contains(.localReply) else {
            return
        }
        self.localReply(listener: listener, errorCode: record.errorCode)
    }

    private func localReply(listener: Int, errorCode: UInt8) {
        // A code that the layout has no name for is not counted, rather than counted elsewhere.
        guard Int(errorCode) < self.layout.errorCodes.count else { return }
        let slot = self.layout.listenerSlot(listener) &+ MetricsLayout.ListenerSlot.localReplies
        self.values[slot &+ Int(errorCode)] &+= 1
    }

    /// A rate limit was asked.
    package func rateLimited(limit: Int, isAllowed: Bool) {
        let result = isAllowed ? RateLimitResult.allowed : .denied
        self.values[self.layout.rateLimitSlot(limit) &+ Int(result.rawValue)] &+= 1
    }

    /// A policy has found something of a kind.
    package func found(kind: Int, _ action: FindingAction) {
        guard kind < self.layout.findingKinds.count else { return }
        self.values[self.layout.findingSlot(kind) &+ Int(action.rawValue)] &+= 1
    }

    /// Something speaks against a client.
    package func abused(_ sign: AbuseSign, points: UInt64) {
        self.values[self.layout.abuseBase &+ Int(sign.rawValue)] &+= points
    }

    /// A client has too many points.
    package func clientBlocked(by key: AbuseKey, _ action: FindingAction) {
        self.values[self.layout.abuseActionSlot(key) &+ Int(action.rawValue)] &+= 1
    }

    // MARK: Upstream

    package func upstreamConnected(upstream: Int) {
        let slot = self.layout.upstreamSlot(upstream)
        self.values[slot &+ MetricsLayout.UpstreamSlot.connections] &+= 1
        self.values[slot &+ MetricsLayout.UpstreamSlot.connects] &+= 1
    }

    package func upstreamDisconnected(upstream: Int) {
        self.values[
            self.layout.upstreamSlot(upstream) &+ MetricsLayout.UpstreamSlot.connections] &-= 1
    }

    package func upstreamConnectFailed(upstream: Int, reason: ConnectFailure) {
        let slot = self.layout.upstreamSlot(upstream) &+ MetricsLayout.UpstreamSlot.connectFailures
        self.values[slot &+ Int(reason.rawValue)] &+= 1
    }

    /// A request began to wait for a connection.
    package func upstreamWaitBegan(upstream: Int) {
        self.values[
            self.layout.upstreamSlot(upstream) &+ MetricsLayout.UpstreamSlot.pending] &+= 1
    }

    /// A request got its connection, or gave up.
    package func upstreamWaitEnded(upstream: Int) {
        self.values[
            self.layout.upstreamSlot(upstream) &+ MetricsLayout.UpstreamSlot.pending] &-= 1
    }

    package func upstreamRetried(upstream: Int) {
        self.values[
            self.layout.upstreamSlot(upstream) &+ MetricsLayout.UpstreamSlot.retries] &+= 1
    }

    package func upstreamHedged(upstream: Int) {
        self.values[
            self.layout.upstreamSlot(upstream) &+ MetricsLayout.UpstreamSlot.hedges] &+= 1
    }

    package func upstreamHedgeWon(upstream: Int) {
        self.values[
            self.layout.upstreamSlot(upstream) &+ MetricsLayout.UpstreamSlot.hedgesWon] &+= 1
    }

    /// Counts a request that the route's fallback took over.
    package func upstreamReplaced(upstream: Int) {
        self.values[
            self.layout.upstreamSlot(upstream) &+ MetricsLayout.UpstreamSlot.fallbacks] &+= 1
    }

    /// Counts one attempt that was sent to an endpoint.
    ///
    /// - `endpoint`: within its upstream.
    /// - `status`: of the endpoint's answer; 0 if none came, and then nothing is timed.
    /// - `headNanoseconds`: from the request written to the head of the answer.
    package func upstreamAttemptFinished(
        upstream: Int, endpoint: Int, status: UInt16, headNanoseconds: UInt64
    ) {
        let slot = self.layout.endpointSlot(upstream: upstream, endpoint: endpoint)
        self.values[slot &+ Int(StatusClass(status).rawValue)] &+= 1
        guard status != 0 else { return }
        self.observe(
            headNanoseconds,
            at: self.layout.upstreamSlot(upstream) &+ MetricsLayout.UpstreamSlot.duration)
    }

    private func observe(_ nanoseconds: UInt64, at slot: Int) {
        let bucket = self.buckets.index(of: nanoseconds)
        self.values[slot &+ DurationBuckets.bucketOffset &+ bucket] &+= 1
        self.values[slot &+ DurationBuckets.sumOffset] &+= nanoseconds
    }
}

/// What one worker had counted at one moment.
package struct MetricsShardSnapshot: Sendable {
    package let layout: MetricsLayout
    let values: [UInt64]
}
