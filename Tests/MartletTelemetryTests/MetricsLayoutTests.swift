import MartletTelemetry
import Testing

@Suite struct MetricsLayoutTests {
    @Test(
        arguments: [(0, 0, [], 0), (1, 1, [1], 1), (2, 3, [0, 2, 1], 5), (3, 100, [4], 30)]
            as [(Int, Int, [Int], Int)])
    func everyCounterHasAPlaceOfItsOwn(
        listeners: Int, routes: Int, endpoints: [Int], errorCodes: Int
    ) throws {
        let layout = MetricsLayout(
            listeners: (0..<listeners).map { "l\($0)" }, routes: (0..<routes).map { "r\($0)" },
            upstreams: endpoints.enumerated().map { index, count in
                MetricsLayout.Upstream(name: "u\(index)", endpoints: (0..<count).map { "e\($0)" })
            },
            errorCodes: (0..<errorCodes).map { "c\($0)" })
        let shard = MetricsShard(layout: layout)
        let counts = self.countEverything(shard)
        // Each was counted once; where two shared a place, there would be a 2.
        let series = try ExpositionParser(
            MetricsSnapshot(layout: layout, shards: [shard.snapshot()])
                .prometheusText(process: ProcessMetrics(), seriesMax: 100_000)
        ).series
        let labelled = series.filter { key, value in
            value != "0" && (key.contains("code=") || key.contains("reason="))
        }
        #expect(labelled.count == counts)
        #expect(labelled.values.allSatisfy { $0 == "1" })
        #expect(layout.slotCount < 200 * (1 + listeners + endpoints.count) * (1 + routes))
    }

    /// One of each series with a code or a reason; how many those are.
    private func countEverything(_ shard: MetricsShard) -> Int {
        var count = 0
        let layout = shard.layout
        for listener in layout.listeners.indices {
            for reason in DownstreamRejection.allCases {
                shard.rejected(listener: listener, reason: reason)
                count += 1
            }
            for route in Array(layout.routes.indices.map(UInt32.init)) + [ExchangeRecord.noRoute] {
                for status in StatusClass.allCases {
                    var record = ExchangeRecord()
                    record.listener = UInt16(listener)
                    record.route = route
                    record.status = UInt16(status.rawValue) * 100
                    let isFirst = route == ExchangeRecord.noRoute && status == .none
                    if isFirst { count += self.countLocalReplies(shard, &record) }
                    shard.exchangeFinished(record)
                    count += 1
                }
            }
        }
        for (upstream, plan) in layout.upstreams.enumerated() {
            for reason in ConnectFailure.allCases {
                shard.upstreamConnectFailed(upstream: upstream, reason: reason)
                count += 1
            }
            for endpoint in plan.endpoints.indices {
                for status in StatusClass.allCases {
                    shard.upstreamAttemptFinished(
                        upstream: upstream, endpoint: endpoint,
                        status: UInt16(status.rawValue) * 100, headNanoseconds: 1)
                    count += 1
                }
            }
        }
        return count
    }

    /// Leaves on the record a code that is counted with it.
    private func countLocalReplies(_ shard: MetricsShard, _ record: inout ExchangeRecord) -> Int {
        guard !shard.layout.errorCodes.isEmpty else { return 0 }
        record.flags = .localReply
        record.errorCode = 0
        return 1
    }
}
