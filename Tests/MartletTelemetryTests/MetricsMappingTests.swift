import MartletTelemetry
import Testing

/// A reload: counts are carried by name, and what the old generation still counts is not lost.
@Suite struct MetricsMappingTests {
    private typealias Shards = MetricsShardTests

    private let old = Shards.layout(
        listeners: ["public", "inner"], routes: ["a", "b", "c"],
        upstreams: ["x": ["1", "2"], "y": ["3"]], errorCodes: ["one", "two"])
    /// Everything in other places, something gone, something new.
    private let new = Shards.layout(
        listeners: ["inner", "new", "public"], routes: ["new", "c", "a"],
        upstreams: ["w": ["9"], "x": ["2", "4", "1"]], errorCodes: ["zero", "two", "one"])

    private func fill(_ shard: MetricsShard) {
        for route in 0..<3 {
            for _ in 0...route {
                var record = Shards.record(route: UInt32(route))
                record.listener = UInt16(route % 2)
                record.errorCode = UInt8(route % 2)
                record.flags = .localReply
                shard.exchangeFinished(record)
            }
        }
        shard.exchangeFinished(Shards.record(route: ExchangeRecord.noRoute))
        shard.connectionOpened(listener: 0)
        shard.rejected(listener: 1, reason: .draining)
        for endpoint in 0..<2 {
            for _ in 0...endpoint {
                shard.upstreamAttemptFinished(
                    upstream: 0, endpoint: endpoint, status: 200, headNanoseconds: 5)
            }
        }
        shard.upstreamRetried(upstream: 1)
        shard.upstreamReplaced(upstream: 1)
        shard.upstreamConnected(upstream: 0)
    }

    /// Series of the old layout whose names are in the new one too.
    private func kept(_ series: [String: String]) -> [String: String] {
        series.filter { key, _ in
            !key.contains("route=b") && !key.contains("upstream=y")
                && key != "martlet_metrics_series_dropped_total"
        }
    }

    @Test func everySeriesThatIsStillNamedKeepsItsValue() throws {
        let before = MetricsShard(layout: self.old)
        self.fill(before)
        let expected = try self.kept(Shards.series(before, under: self.old))
        let after = MetricsShard(layout: self.new, adopting: before)
        let series = try Shards.series(after, under: self.new)
        #expect(expected.count > 60)
        for (key, value) in expected { #expect(series[key] == value, "\(key)") }
        #expect(!series.keys.contains { $0.contains("route=new") })
    }

    @Test func aSnapshotOfAnOldLayoutIsAddedByName() throws {
        let before = MetricsShard(layout: self.old)
        self.fill(before)
        let expected = try self.kept(Shards.series(before, under: self.old))
        let series = try Shards.series(before, MetricsShard(layout: self.new), under: self.new)
        for (key, value) in expected { #expect(series[key] == value, "\(key)") }
    }

    @Test func whatFinishesOnTheOldGenerationIsCountedOnce() throws {
        let before = MetricsShard(layout: self.old)
        before.connectionOpened(listener: 0)
        let after = MetricsShard(layout: self.new, adopting: before)
        before.exchangeFinished(Shards.record(route: 2))
        before.connectionClosed(listener: 0)
        for _ in 0..<3 {
            let series = try Shards.series(after, under: self.new)
            #expect(series["martlet_requests_total|listener=public|route=c|code=2xx"] == "1")
            #expect(series["martlet_downstream_connections|listener=public"] == "0")
            #expect(series["martlet_downstream_connections_total|listener=public"] == "1")
        }
    }

    @Test func generationsThatLastOverTwoReloadsReachTheNewest() throws {
        let first = MetricsShard(layout: self.old)
        let second = MetricsShard(layout: self.new, adopting: first)
        let third = MetricsShard(layout: self.old, adopting: second)
        first.exchangeFinished(Shards.record(route: 0))
        second.exchangeFinished(Shards.record(route: 2))
        let series = try Shards.series(third, under: self.old)
        #expect(series["martlet_requests_total|listener=public|route=a|code=2xx"] == "1")
        #expect(series["martlet_requests_total|listener=inner|route=a|code=2xx"] == "1")
    }

    @Test func aRouteThatComesBackFindsTheCountsItsOldGenerationKept() throws {
        let first = MetricsShard(layout: self.old)
        first.upstreamConnected(upstream: 1)
        let second = MetricsShard(layout: self.new, adopting: first)
        let third = MetricsShard(layout: self.old, adopting: second)
        first.upstreamDisconnected(upstream: 1)
        let series = try Shards.series(third, under: self.old)
        #expect(series["martlet_upstream_connections|upstream=y"] == "0")
        #expect(series["martlet_upstream_connects_total|upstream=y"] == "1")
    }

    @Test func anOldShardIsLetGoWithItsGeneration() {
        weak var released: MetricsShard?
        let after: MetricsShard
        do {
            let before = MetricsShard(layout: self.old)
            released = before
            after = MetricsShard(layout: self.new, adopting: before)
            before.rejected(listener: 0, reason: .malformed)
        }
        #expect(released != nil, "its last counts are not yet fetched")
        _ = after.snapshot()
        #expect(released == nil)
    }
}
