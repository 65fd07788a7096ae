import MartletTelemetry
import Testing

/// Shards are looked at through the text they become: what nobody can scrape does not count.
@Suite struct MetricsShardTests {
    static func layout(
        listeners: [String] = ["public"], routes: [String] = ["orders", "users"],
        upstreams: [String: [String]] = ["backend": ["10.0.0.1:80", "10.0.0.2:80"]],
        errorCodes: [String] = ["connection_refused", "no_route"]
    ) -> MetricsLayout {
        MetricsLayout(
            listeners: listeners, routes: routes,
            upstreams: upstreams.sorted { $0.key < $1.key }.map {
                MetricsLayout.Upstream(name: $0.key, endpoints: $0.value)
            },
            errorCodes: errorCodes, rateLimits: ["calls"], findings: ["sql-union"],
            findingKinds: ["bot"])
    }

    static func series(
        _ shards: MetricsShard..., under layout: MetricsLayout
    ) throws -> [String:
        String]
    {
        let snapshot = MetricsSnapshot(layout: layout, shards: shards.map { $0.snapshot() })
        let text = snapshot.prometheusText(process: ProcessMetrics(), seriesMax: 10_000)
        return try ExpositionParser(text).series
    }

    static func record(route: UInt32, status: UInt16 = 200) -> ExchangeRecord {
        var record = ExchangeRecord()
        record.route = route
        record.status = status
        record.bytesReceived = 10
        record.bytesSent = 100
        record.durationNanoseconds = 3_000_000
        return record
    }

    @Test func countsAbuseOverAReload() throws {
        let old = MetricsShard(layout: Self.layout())
        old.abused(.notFound, points: 2)
        old.clientBlocked(by: .address, .blocked)
        let layout = Self.layout(routes: ["other"])
        let new = MetricsShard(layout: layout, adopting: old)
        new.abused(.notFound, points: 3)
        new.abused(.trap, points: 100)
        new.clientBlocked(by: .consumer, .reported)
        let series = try Self.series(new, under: layout)
        #expect(series["martlet_abuse_points_total|sign=not_found"] == "5")
        #expect(series["martlet_abuse_points_total|sign=trap"] == "100")
        let blocked = "martlet_clients_blocked_total"
        #expect(series["\(blocked)|by=address|action=blocked"] == "1")
        #expect(series["\(blocked)|by=consumer|action=reported"] == "1")
        #expect(series["\(blocked)|by=address|action=reported"] == nil)
    }

    @Test func countsFindingsOverAReload() throws {
        let old = MetricsShard(layout: Self.layout())
        old.found(kind: 0, .blocked)
        old.found(kind: 1, .blocked)
        let shard = MetricsShard(layout: Self.layout(routes: ["users"]), adopting: old)
        shard.found(kind: 0, .blocked)
        shard.found(kind: 0, .reported)
        let series = try Self.series(shard, under: shard.layout)
        #expect(series["martlet_findings_total|kind=bot|action=blocked"] == "2")
        #expect(series["martlet_findings_total|kind=bot|action=reported"] == "1")
    }

    @Test func countsAnExchange() throws {
        let layout = Self.layout()
        let shard = MetricsShard(layout: layout)
        shard.exchangeFinished(Self.record(route: 1))
        shard.exchangeFinished(Self.record(route: 1, status: 503))
        shard.exchangeFinished(Self.record(route: ExchangeRecord.noRoute, status: 404))
        let series = try Self.series(shard, under: layout)
        #expect(series["martlet_requests_total|listener=public|route=users|code=2xx"] == "1")
        #expect(series["martlet_requests_total|listener=public|route=users|code=5xx"] == "1")
        #expect(series["martlet_requests_total|listener=public|route=|code=4xx"] == "1")
        #expect(series["martlet_request_bytes_total|route=users"] == "20")
        #expect(series["martlet_response_bytes_total|route=users"] == "200")
        let duration = "martlet_request_duration_seconds"
        #expect(series["\(duration)_bucket|route=users|le=0.0025"] == "0")
        #expect(series["\(duration)_bucket|route=users|le=0.005"] == "2")
        #expect(series["\(duration)_bucket|route=users|le=+Inf"] == "2")
        #expect(series["\(duration)_count|route=users"] == "2")
        #expect(series["\(duration)_sum|route=users"] == "0.006")
        #expect(
            !series.keys.contains { $0.contains("route=orders") }, "unused routes are not shown")
    }

    @Test(
        arguments: [
            (UInt8(1), true, "1"), (1, false, nil), (ExchangeRecord.noError, true, nil),
            (2, true, nil),
        ] as [(UInt8, Bool, String?)])
    func countsLocalRepliesOnly(errorCode: UInt8, isLocal: Bool, count: String?) throws {
        let layout = Self.layout()
        let shard = MetricsShard(layout: layout)
        var record = Self.record(route: ExchangeRecord.noRoute, status: 404)
        record.errorCode = errorCode
        record.flags = isLocal ? .localReply : []
        shard.exchangeFinished(record)
        let series = try Self.series(shard, under: layout)
        #expect(series["martlet_local_replies_total|listener=public|code=no_route"] == count)
        #expect(
            series.keys.filter { $0.hasPrefix("martlet_local_replies") }.count
                == (count == nil ? 0 : 1))
    }

    @Test func countsConnectionsAndRejections() throws {
        let layout = Self.layout(listeners: ["inner", "public"])
        let shard = MetricsShard(layout: layout)
        for _ in 0..<3 { shard.connectionOpened(listener: 1) }
        shard.connectionClosed(listener: 1)
        for reason in DownstreamRejection.allCases { shard.rejected(listener: 0, reason: reason) }
        for result in TLSHandshakeResult.allCases {
            shard.handshakeEnded(listener: 1, result: result)
        }
        let series = try Self.series(shard, under: layout)
        #expect(series["martlet_downstream_connections|listener=public"] == "2")
        #expect(series["martlet_downstream_connections|listener=inner"] == "0")
        #expect(series["martlet_downstream_connections_total|listener=public"] == "3")
        for reason in DownstreamRejection.allCases {
            let key = "martlet_downstream_rejected_total|listener=inner|reason=\(reason.label)"
            #expect(series[key] == "1")
        }
        for result in TLSHandshakeResult.allCases {
            let key = "martlet_tls_handshakes_total|listener=public|result=\(result.label)"
            #expect(series[key] == "1")
        }
    }

    @Test func countsUpstreams() throws {
        let layout = Self.layout(upstreams: ["a": ["1"], "b": ["2", "3"]])
        let shard = MetricsShard(layout: layout)
        shard.upstreamConnected(upstream: 1)
        shard.upstreamConnected(upstream: 1)
        shard.upstreamDisconnected(upstream: 1)
        shard.upstreamWaitBegan(upstream: 1)
        shard.upstreamWaitBegan(upstream: 1)
        shard.upstreamWaitEnded(upstream: 1)
        shard.upstreamRetried(upstream: 0)
        shard.upstreamReplaced(upstream: 0)
        for reason in ConnectFailure.allCases {
            shard.upstreamConnectFailed(upstream: 0, reason: reason)
        }
        shard.upstreamAttemptFinished(
            upstream: 1, endpoint: 1, status: 200, headNanoseconds: 1_000_000)
        shard.upstreamAttemptFinished(upstream: 1, endpoint: 0, status: 0, headNanoseconds: 9)
        let series = try Self.series(shard, under: layout)
        #expect(series["martlet_upstream_connections|upstream=b"] == "1")
        #expect(series["martlet_upstream_connects_total|upstream=b"] == "2")
        #expect(series["martlet_upstream_pending|upstream=b"] == "1")
        #expect(series["martlet_upstream_pending|upstream=a"] == "0")
        #expect(series["martlet_upstream_retries_total|upstream=a"] == "1")
        #expect(series["martlet_upstream_requests_total|upstream=b|endpoint=3|code=2xx"] == "1")
        #expect(series["martlet_upstream_requests_total|upstream=b|endpoint=2|code=none"] == "1")
        #expect(series["martlet_upstream_duration_seconds_count|upstream=b"] == "1")
        #expect(series["martlet_upstream_duration_seconds_bucket|upstream=b|le=0.001"] == "1")
        for reason in ConnectFailure.allCases {
            let key = "martlet_upstream_connect_failures_total|upstream=a|reason=\(reason.label)"
            #expect(series[key] == "1")
        }
    }

    @Test func sumsOfManyShards() throws {
        let layout = Self.layout()
        let shards = (0..<3).map { _ in MetricsShard(layout: layout) }
        for shard in shards { shard.exchangeFinished(Self.record(route: 0)) }
        // One opens what another closes: only the sum makes sense.
        shards[0].connectionClosed(listener: 0)
        shards[1].connectionOpened(listener: 0)
        shards[1].connectionOpened(listener: 0)
        let series = try Self.series(shards[0], shards[1], shards[2], under: layout)
        #expect(series["martlet_requests_total|listener=public|route=orders|code=2xx"] == "3")
        #expect(series["martlet_downstream_connections|listener=public"] == "1")
    }
}
