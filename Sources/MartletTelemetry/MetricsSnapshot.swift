/// The sum of all workers' counters at one scrape, and its text.
///
/// Made by the control plane from the snapshots of the shards. Workers that have not yet taken
/// up the newest plan are added by name.
package struct MetricsSnapshot: Sendable {
    package let layout: MetricsLayout
    private(set) var values: [UInt64]

    /// Adds up shards under the layout of the newest plan.
    package init(layout: MetricsLayout, shards: [MetricsShardSnapshot]) {
        self.layout = layout
        self.values = [UInt64](repeating: 0, count: layout.slotCount)
        for shard in shards {
            if shard.layout === layout {
                for index in self.values.indices { self.values[index] &+= shard.values[index] }
            } else {
                MetricsMapping(from: shard.layout, to: layout).add(shard.values, to: &self.values)
            }
        }
    }

    /// Prometheus text 0.0.4 (`text/plain; version=0.0.4; charset=utf-8`).
    ///
    /// Counters appear once they are not zero, so that unused routes cost nothing; gauges always.
    ///
    /// - `seriesMax`: more series are left out and counted, the dearest first.
    package func prometheusText(process: ProcessMetrics, seriesMax: Int) -> [UInt8] {
        var text = PrometheusText(seriesMax: seriesMax)
        self.writeProcess(process, to: &text)
        self.writeListeners(process.listenerCertificates, to: &text)
        self.writeUpstreams(process.upstreamCertificates, to: &text)
        Self.write(process.endpoints.available, MetricCatalog.endpointAvailable, to: &text)
        Self.write(process.endpoints.checks, MetricCatalog.healthChecks, to: &text)
        Self.write(process.endpoints.ejections, MetricCatalog.endpointEjections, to: &text)
        Self.write(process.endpoints.openBreakers, MetricCatalog.openBreakers, to: &text)
        Self.write(process.endpoints.breakerOpenings, MetricCatalog.breakerOpenings, to: &text)
        Self.write(
            process.endpoints.concurrencyLimits, MetricCatalog.concurrencyLimit, to: &text)
        if let level = process.sheddingLevel {
            text.begin(MetricCatalog.sheddingLevel)
            text.series(value: level)
        }
        text.begin(MetricCatalog.releaseShare)
        for entry in process.releases.shares {
            text.series(entry.labels.map(PrometheusText.escaped), seconds: entry.value)
        }
        Self.write(process.releases.aborts, MetricCatalog.releaseAborts, to: &text)
        Self.write(process.releases.requests, MetricCatalog.releaseRequests, to: &text)
        Self.write(process.releases.errors, MetricCatalog.releaseErrors, to: &text)
        Self.write(process.mirrors.requests, MetricCatalog.mirrorRequests, to: &text)
        Self.write(process.mirrors.differences, MetricCatalog.mirrorDifferences, to: &text)
        self.writeRateLimits(process, to: &text)
        self.writeFindings(to: &text)
        self.writeAbuse(to: &text)
        self.writeRoutes(to: &text)
        text.writeSeriesDropped()
        return text.bytes
    }

    private func writeProcess(_ process: ProcessMetrics, to text: inout PrometheusText) {
        text.begin(MetricCatalog.buildVersion)
        text.series([PrometheusText.escaped(process.version)], value: 1)
        text.begin(MetricCatalog.startTime)
        text.series(seconds: process.startNanoseconds)
        text.begin(MetricCatalog.residentMemory)
        text.series(value: process.usage.residentMemoryBytes)
        text.begin(MetricCatalog.openFiles)
        text.series(value: process.usage.openFiles)
        text.begin(MetricCatalog.cpuTime)
        text.series(seconds: process.usage.cpuNanoseconds)
        text.begin(MetricCatalog.accessLogDropped)
        text.series(value: process.accessLogLinesDropped)
        text.begin(MetricCatalog.configReloads)
        text.series([Array("success".utf8)], value: process.reloadsSucceeded)
        text.series([Array("failure".utf8)], value: process.reloadsFailed)
        text.begin(MetricCatalog.configGeneration)
        text.series(value: process.generation)
    }

    // MARK: Listeners

    private func writeListeners(
        _ certificates: [CertificateExpiry], to text: inout PrometheusText
    ) {
        typealias Slot = MetricsLayout.ListenerSlot
        let names = self.layout.listeners.map(PrometheusText.escaped)
        let reasons = DownstreamRejection.allCases.map {
            PrometheusText.escaped($0.label.description)
        }
        let codes = self.layout.errorCodes.map(PrometheusText.escaped)
        text.begin(MetricCatalog.downstreamConnections)
        for (index, name) in names.enumerated() {
            text.series(
                [name], value: self.gauge(self.layout.listenerSlot(index) + Slot.connections))
        }
        text.begin(MetricCatalog.downstreamConnectionsTotal)
        for (index, name) in names.enumerated() {
            self.writeUsed(
                [name], at: self.layout.listenerSlot(index) + Slot.connectionsTotal, to: &text)
        }
        for (metric, slot) in [
            (MetricCatalog.tcpReceivedBytes, Slot.tcpBytesReceived),
            (MetricCatalog.tcpSentBytes, Slot.tcpBytesSent),
        ] {
            text.begin(metric)
            for (index, name) in names.enumerated() {
                self.writeUsed([name], at: self.layout.listenerSlot(index) + slot, to: &text)
            }
        }
        text.begin(MetricCatalog.downstreamRejected)
        for (index, name) in names.enumerated() {
            self.writeRow(
                [name], reasons, at: self.layout.listenerSlot(index) + Slot.rejections, to: &text)
        }
        let results = TLSHandshakeResult.allCases.map {
            PrometheusText.escaped($0.label.description)
        }
        text.begin(MetricCatalog.tlsHandshakes)
        for (index, name) in names.enumerated() {
            self.writeRow(
                [name], results, at: self.layout.listenerSlot(index) + Slot.handshakes, to: &text)
        }
        Self.write(certificates, MetricCatalog.tlsCertificateExpiry, to: &text)
        text.begin(MetricCatalog.localReplies)
        for (index, name) in names.enumerated() {
            self.writeRow(
                [name], codes, at: self.layout.listenerSlot(index) + Slot.localReplies, to: &text)
        }
    }

    private static func write(
        _ certificates: [CertificateExpiry], _ metric: MetricCatalog.Metric,
        to text: inout PrometheusText
    ) {
        text.begin(metric)
        for entry in certificates {
            text.series(
                [
                    PrometheusText.escaped(entry.owner), PrometheusText.escaped(entry.certificate),
                ], value: entry.seconds)
        }
    }

    private static func write(
        _ series: [GatheredSeries], _ metric: MetricCatalog.Metric, to text: inout PrometheusText
    ) {
        text.begin(metric)
        for entry in series {
            text.series(entry.labels.map(PrometheusText.escaped), value: entry.value)
        }
    }

    // MARK: Policies

    private func writeFindings(to text: inout PrometheusText) {
        let actions = FindingAction.allCases.map { PrometheusText.escaped($0.label.description) }
        text.begin(MetricCatalog.findings)
        for (index, kind) in self.layout.findingKinds.enumerated() {
            self.writeRow(
                [PrometheusText.escaped(kind)], actions, at: self.layout.findingSlot(index),
                to: &text)
        }
    }

    private func writeAbuse(to text: inout PrometheusText) {
        let signs = AbuseSign.allCases.map { PrometheusText.escaped($0.label.description) }
        text.begin(MetricCatalog.abusePoints)
        self.writeRow([], signs, at: self.layout.abuseBase, to: &text)
        let actions = FindingAction.allCases.map { PrometheusText.escaped($0.label.description) }
        text.begin(MetricCatalog.clientsBlocked)
        for key in AbuseKey.allCases {
            self.writeRow(
                [PrometheusText.escaped(key.label.description)], actions,
                at: self.layout.abuseActionSlot(key), to: &text)
        }
    }

    // MARK: Upstreams

    private func writeUpstreams(
        _ certificates: [CertificateExpiry], to text: inout PrometheusText
    ) {
        typealias Slot = MetricsLayout.UpstreamSlot
        let names = self.layout.upstreams.map { PrometheusText.escaped($0.name) }
        let reasons = ConnectFailure.allCases.map { PrometheusText.escaped($0.label.description) }
        text.begin(MetricCatalog.upstreamConnections)
        for (index, name) in names.enumerated() {
            text.series(
                [name], value: self.gauge(self.layout.upstreamSlot(index) + Slot.connections))
        }
        text.begin(MetricCatalog.upstreamConnects)
        self.writeUpstreamCounter(names, offset: Slot.connects, to: &text)
        text.begin(MetricCatalog.upstreamConnectFailures)
        for (index, name) in names.enumerated() {
            self.writeRow(
                [name], reasons, at: self.layout.upstreamSlot(index) + Slot.connectFailures,
                to: &text)
        }
        text.begin(MetricCatalog.upstreamPending)
        for (index, name) in names.enumerated() {
            text.series([name], value: self.gauge(self.layout.upstreamSlot(index) + Slot.pending))
        }
        text.begin(MetricCatalog.upstreamRetries)
        self.writeUpstreamCounter(names, offset: Slot.retries, to: &text)
        text.begin(MetricCatalog.upstreamHedges)
        self.writeUpstreamCounter(names, offset: Slot.hedges, to: &text)
        text.begin(MetricCatalog.upstreamHedgesWon)
        self.writeUpstreamCounter(names, offset: Slot.hedgesWon, to: &text)
        text.begin(MetricCatalog.upstreamFallbacks)
        self.writeUpstreamCounter(names, offset: Slot.fallbacks, to: &text)
        Self.write(certificates, MetricCatalog.upstreamCertificateExpiry, to: &text)
        self.writeEndpoints(names, to: &text)
        text.begin(MetricCatalog.upstreamDuration)
        for (index, name) in names.enumerated() {
            self.writeHistogram(
                [name], at: self.layout.upstreamSlot(index) + Slot.duration, to: &text)
        }
    }

    private func writeUpstreamCounter(
        _ names: [[UInt8]], offset: Int, to text: inout PrometheusText
    ) {
        for (index, name) in names.enumerated() {
            self.writeUsed([name], at: self.layout.upstreamSlot(index) + offset, to: &text)
        }
    }

    private func writeEndpoints(_ names: [[UInt8]], to text: inout PrometheusText) {
        text.begin(MetricCatalog.upstreamRequests)
        for (index, upstream) in self.layout.upstreams.enumerated() {
            for (endpoint, endpointName) in upstream.endpoints.enumerated() {
                self.writeRow(
                    [names[index], PrometheusText.escaped(endpointName)], Self.statusClasses,
                    at: self.layout.endpointSlot(upstream: index, endpoint: endpoint), to: &text)
            }
        }
    }

    // MARK: Rate limits

    private func writeRateLimits(_ process: ProcessMetrics, to text: inout PrometheusText) {
        let names = self.layout.rateLimits.map(PrometheusText.escaped)
        let results = RateLimitResult.allCases.map { PrometheusText.escaped($0.label.description) }
        text.begin(MetricCatalog.rateLimitRequests)
        for (index, name) in names.enumerated() {
            self.writeRow([name], results, at: self.layout.rateLimitSlot(index), to: &text)
        }
        text.begin(MetricCatalog.rateLimitMemory)
        for (name, byteCount) in zip(names, process.rateLimitBytes) {
            text.series([name], value: byteCount)
        }
        text.begin(MetricCatalog.rateLimitEvictions)
        for (name, count) in zip(names, process.rateLimitEvictions) {
            text.series([name], value: count)
        }
    }

    // MARK: Routes

    private func writeRoutes(to text: inout PrometheusText) {
        typealias Slot = MetricsLayout.RouteSlot
        // The empty name is that of requests without a route; a configured name is never empty.
        let names = self.layout.routes.map(PrometheusText.escaped) + [[]]
        text.begin(MetricCatalog.requests)
        for (listener, listenerName) in self.layout.listeners.enumerated() {
            let escaped = PrometheusText.escaped(listenerName)
            for (position, name) in names.enumerated() {
                self.writeRow(
                    [escaped, name], Self.statusClasses,
                    at: self.layout.requestSlot(listener: listener, routePosition: position),
                    to: &text)
            }
        }
        self.writeRouteCounter(
            MetricCatalog.requestBytes, names, offset: Slot.bytesReceived, to: &text)
        self.writeRouteCounter(
            MetricCatalog.responseBytes, names, offset: Slot.bytesSent, to: &text)
        text.begin(MetricCatalog.requestDuration)
        for (position, name) in names.enumerated() {
            self.writeHistogram(
                [name], at: self.layout.routeSlot(position: position) + Slot.duration, to: &text)
        }
    }

    private func writeRouteCounter(
        _ metric: MetricCatalog.Metric, _ names: [[UInt8]], offset: Int,
        to text: inout PrometheusText
    ) {
        text.begin(metric)
        for (position, name) in names.enumerated() {
            self.writeUsed(
                [name], at: self.layout.routeSlot(position: position) + offset, to: &text)
        }
    }

    // MARK: Series

    private static let statusClasses = StatusClass.allCases.map {
        PrometheusText.escaped($0.label.description)
    }

    /// A gauge's value; below zero for a moment while generations change over, shown as zero.
    private func gauge(_ slot: Int) -> UInt64 {
        UInt64(max(Int64(truncatingIfNeeded: self.values[slot]), 0))
    }

    private func writeUsed(_ labels: [[UInt8]], at slot: Int, to text: inout PrometheusText) {
        guard self.values[slot] != 0 else { return }
        text.series(labels, value: self.values[slot])
    }

    /// Writes neighbouring counters that differ in the last label only.
    private func writeRow(
        _ labels: [[UInt8]], _ last: [[UInt8]], at slot: Int, to text: inout PrometheusText
    ) {
        for (offset, value) in last.enumerated() where self.values[slot + offset] != 0 {
            text.series(labels + [value], value: self.values[slot + offset])
        }
    }

    private func writeHistogram(_ labels: [[UInt8]], at slot: Int, to text: inout PrometheusText) {
        // Every observation lies in one of the buckets, so they are all zero or it was used.
        let first = slot + DurationBuckets.bucketOffset
        let buckets = self.values[first...(first + DurationBuckets.boundCount)]
        guard buckets.contains(where: { $0 != 0 }) else { return }
        text.histogram(labels, values: self.values, at: slot)
    }
}
