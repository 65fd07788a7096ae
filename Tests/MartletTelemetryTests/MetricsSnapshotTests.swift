import MartletTelemetry
import Testing

@Suite struct MetricsSnapshotTests {
    private func text(
        _ shard: MetricsShard, seriesMax: Int = 10_000, process: ProcessMetrics = ProcessMetrics()
    ) -> [UInt8] {
        MetricsSnapshot(layout: shard.layout, shards: [shard.snapshot()])
            .prometheusText(process: process, seriesMax: seriesMax)
    }

    /// Counts everything there is at least once.
    private func filledShard(routes: [String] = ["orders"]) -> MetricsShard {
        let shard = MetricsShard(layout: MetricsShardTests.layout(routes: routes))
        shard.connectionOpened(listener: 0)
        shard.rejected(listener: 0, reason: .headTimeout)
        shard.handshakeEnded(listener: 0, result: .ok)
        shard.tcpPassed(listener: 0, received: 3, sent: 6)
        for route in routes.indices {
            var record = MetricsShardTests.record(route: UInt32(route))
            record.errorCode = 1
            record.flags = .localReply
            shard.exchangeFinished(record)
        }
        shard.found(kind: 0, .reported)
        shard.abused(.trap, points: 100)
        shard.clientBlocked(by: .consumer, .blocked)
        shard.rateLimited(limit: 0, isAllowed: true)
        shard.upstreamConnected(upstream: 0)
        shard.upstreamConnectFailed(upstream: 0, reason: .timeout)
        shard.upstreamRetried(upstream: 0)
        shard.upstreamReplaced(upstream: 0)
        shard.upstreamHedged(upstream: 0)
        shard.upstreamHedgeWon(upstream: 0)
        shard.upstreamAttemptFinished(upstream: 0, endpoint: 0, status: 200, headNanoseconds: 7)
        return shard
    }

    @Test func writesTheWholeCatalogueAndNothingElse() throws {
        var process = ProcessMetrics()
        process.rateLimitBytes = [1024]
        process.rateLimitEvictions = [3]
        process.listenerCertificates = [
            CertificateExpiry(owner: "public", certificate: "*.example.com", seconds: 7)
        ]
        process.upstreamCertificates = [
            CertificateExpiry(owner: "backend", certificate: "CN=martlet", seconds: 8)
        ]
        process.endpoints.available = [GatheredSeries(labels: ["backend", "a:1"], value: 1)]
        process.endpoints.checks = [GatheredSeries(labels: ["backend", "passed"], value: 4)]
        process.endpoints.ejections = [GatheredSeries(labels: ["backend", "latency"], value: 5)]
        process.releases.shares = [GatheredSeries(labels: ["next"], value: 55_000_000)]
        process.releases.aborts = [GatheredSeries(labels: ["next"], value: 1)]
        process.releases.requests = [GatheredSeries(labels: ["next", "canary"], value: 6)]
        process.releases.errors = [GatheredSeries(labels: ["next", "canary"], value: 2)]
        process.endpoints.openBreakers = [GatheredSeries(labels: ["a"], value: 1)]
        process.endpoints.breakerOpenings = [GatheredSeries(labels: ["a"], value: 2)]
        process.endpoints.concurrencyLimits = [GatheredSeries(labels: ["a"], value: 20)]
        process.sheddingLevel = 1
        process.mirrors.requests = [GatheredSeries(labels: ["next", "identical"], value: 3)]
        process.mirrors.differences = [GatheredSeries(labels: ["next", "value"], value: 4)]
        let parser = try ExpositionParser(self.text(self.filledShard(), process: process))
        #expect(parser.series["martlet_release_share_ratio|release=next"] == "0.055")
        #expect(
            parser.series["martlet_upstream_health_checks_total|upstream=backend|result=passed"]
                == "4")
        let expiry = "tls_certificate_expiry_timestamp_seconds"
        #expect(
            parser.series["martlet_\(expiry)|listener=public|certificate=*.example.com"] == "7")
        #expect(
            parser.series["martlet_upstream_\(expiry)|upstream=backend|certificate=CN=martlet"]
                == "8")
        #expect(Set(parser.families.keys) == Set(MetricCatalog.all.map(\.name.description)))
        for metric in MetricCatalog.all {
            let name = metric.name.description
            let keys = parser.series.keys.filter { $0.split(separator: "|")[0].hasPrefix(name) }
            #expect(!keys.isEmpty, "\(name)")
            #expect(parser.families[name]?.type == "\(metric.kind)")
            #expect(parser.families[name]?.help == metric.help.description)
        }
    }

    @Test func histogramsAreCumulativeAndEndWithTheCount() throws {
        let shard = MetricsShard(layout: MetricsShardTests.layout())
        let durations: [UInt64] = [0, 500_000, 500_001, 70_000_000_000, 2_000_000_000]
        for duration in durations {
            var record = MetricsShardTests.record(route: 0)
            record.durationNanoseconds = duration
            shard.exchangeFinished(record)
        }
        let series = try ExpositionParser(self.text(shard)).series
        let name = "martlet_request_duration_seconds"
        var last = 0
        for label in DurationBuckets.labels + ["+Inf"] {
            let count = Int(series["\(name)_bucket|route=orders|le=\(label)"] ?? "") ?? -1
            let bound = Double(label.description) ?? .infinity
            #expect(count == durations.count { Double($0) / 1e9 <= bound }, "\(label)")
            #expect(count >= last)
            last = count
        }
        #expect(last == durations.count)
        #expect(series["\(name)_sum|route=orders"] == "72.001000001")
    }

    @Test func processValues() throws {
        var process = ProcessMetrics()
        process.version = "1.2.3"
        process.startNanoseconds = 1_700_000_000_250_000_000
        process.usage.residentMemoryBytes = 1 << 40
        process.usage.openFiles = 12
        process.usage.cpuNanoseconds = 1
        process.accessLogLinesDropped = 4
        process.reloadsSucceeded = 5
        process.reloadsFailed = 6
        process.generation = .max
        let shard = MetricsShard(layout: MetricsShardTests.layout())
        let series = try ExpositionParser(self.text(shard, process: process)).series
        #expect(series["martlet_build_info|version=1.2.3"] == "1")
        #expect(series["martlet_process_start_time_seconds"] == "1700000000.25")
        #expect(series["process_resident_memory_bytes"] == "1099511627776")
        #expect(series["process_open_fds"] == "12")
        #expect(series["process_cpu_seconds_total"] == "0.000000001")
        #expect(series["martlet_access_log_dropped_total"] == "4")
        #expect(series["martlet_config_reloads_total|result=success"] == "5")
        #expect(series["martlet_config_reloads_total|result=failure"] == "6")
        #expect(series["martlet_config_generation"] == "18446744073709551615")
    }

    @Test(arguments: ["a\"b", "a\\b", "a\nb", "\\n", "\"} 1\nevil{x=\"", "naïve ✓", ""])
    func hostileNamesStayOneLabel(name: String) throws {
        let shard = MetricsShard(layout: MetricsShardTests.layout(routes: [name, "other"]))
        shard.exchangeFinished(MetricsShardTests.record(route: 0))
        let series = try ExpositionParser(self.text(shard)).series
        #expect(series["martlet_requests_total|listener=public|route=\(name)|code=2xx"] == "1")
    }

    @Test(arguments: [0, 1, 5, 20, 50, 100, 1000])
    func theCapHoldsAndCountsWhatItLeavesOut(seriesMax: Int) throws {
        let shard = self.filledShard(routes: (0..<20).map { "r\($0)" })
        let whole = try ExpositionParser(self.text(shard)).series.count
        let capped = try ExpositionParser(self.text(shard, seriesMax: seriesMax)).series
        let dropped = try #require(Int(capped["martlet_metrics_series_dropped_total"] ?? ""))
        #expect(capped.count <= seriesMax + 1)
        #expect(capped.count + dropped == whole)
        #expect((dropped > 0) == (seriesMax < whole - 1))
    }

    @Test func golden() throws {
        let shard = MetricsShard(layout: MetricsShardTests.layout(routes: [], upstreams: [:]))
        shard.connectionOpened(listener: 0)
        shard.rejected(listener: 0, reason: .bodyRate)
        var process = ProcessMetrics()
        process.version = "0.1.0"
        process.startNanoseconds = 1_500_000_000
        let expected = """
            # HELP martlet_build_info Always 1; the version is the label.
            # TYPE martlet_build_info gauge
            martlet_build_info{version="0.1.0"} 1
            # HELP martlet_process_start_time_seconds When the process started, in seconds since \
            1970.
            # TYPE martlet_process_start_time_seconds gauge
            martlet_process_start_time_seconds 1.5
            # HELP process_resident_memory_bytes Resident memory of the process.
            # TYPE process_resident_memory_bytes gauge
            process_resident_memory_bytes 0
            # HELP process_open_fds Open file descriptors of the process.
            # TYPE process_open_fds gauge
            process_open_fds 0
            # HELP process_cpu_seconds_total User and system time of the process.
            # TYPE process_cpu_seconds_total counter
            process_cpu_seconds_total 0
            # HELP martlet_access_log_dropped_total Access log lines lost because their \
            destination was too slow or failed.
            # TYPE martlet_access_log_dropped_total counter
            martlet_access_log_dropped_total 0
            # HELP martlet_config_reloads_total Configuration reloads by result.
            # TYPE martlet_config_reloads_total counter
            martlet_config_reloads_total{result="success"} 0
            martlet_config_reloads_total{result="failure"} 0
            # HELP martlet_config_generation Number of the configuration in force; it grows by \
            one with each reload.
            # TYPE martlet_config_generation gauge
            martlet_config_generation 0
            # HELP martlet_downstream_connections Open client connections.
            # TYPE martlet_downstream_connections gauge
            martlet_downstream_connections{listener="public"} 1
            # HELP martlet_downstream_connections_total Client connections accepted.
            # TYPE martlet_downstream_connections_total counter
            martlet_downstream_connections_total{listener="public"} 1
            # HELP martlet_downstream_rejected_total Connections and requests refused because of \
            a limit of the listener.
            # TYPE martlet_downstream_rejected_total counter
            martlet_downstream_rejected_total{listener="public",reason="body_rate"} 1
            # HELP martlet_metrics_series_dropped_total Time series left out because of the \
            series cap.
            # TYPE martlet_metrics_series_dropped_total counter
            martlet_metrics_series_dropped_total 0

            """
        #expect(String(decoding: self.text(shard, process: process), as: UTF8.self) == expected)
    }
}
