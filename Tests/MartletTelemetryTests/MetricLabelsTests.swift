import MartletTelemetry
import Testing

@Suite struct MetricLabelsTests {
    @Test(
        arguments: [
            (0, "none"), (99, "none"), (100, "1xx"), (199, "1xx"), (200, "2xx"), (299, "2xx"),
            (304, "3xx"), (404, "4xx"), (499, "4xx"), (500, "5xx"), (599, "5xx"), (600, "none"),
            (65535, "none"),
        ] as [(UInt16, String)])
    func statusesBecomeClasses(status: UInt16, label: String) {
        #expect(StatusClass(status).label.description == label)
    }

    @Test func labelsAreUniqueAndPlain() {
        let lists = [
            DownstreamRejection.allCases.map(\.label.description),
            TLSHandshakeResult.allCases.map(\.label.description),
            ConnectFailure.allCases.map(\.label.description),
            StatusClass.allCases.map(\.label.description),
            AbuseSign.allCases.map(\.label.description),
            AbuseKey.allCases.map(\.label.description),
        ]
        for list in lists {
            #expect(Set(list).count == list.count)
            #expect(
                list.allSatisfy {
                    $0.utf8.allSatisfy { "abcdefghijklmnopqrstuvwxyz_12345".utf8.contains($0) }
                })
        }
    }

    /// Raw values are offsets into a shard's rows.
    @Test func rawValuesCountFromZero() {
        #expect(
            DownstreamRejection.allCases.map { Int($0.rawValue) }
                == Array(DownstreamRejection.allCases.indices))
        #expect(
            TLSHandshakeResult.allCases.map { Int($0.rawValue) }
                == Array(TLSHandshakeResult.allCases.indices))
        #expect(
            ConnectFailure.allCases.map { Int($0.rawValue) }
                == Array(ConnectFailure.allCases.indices))
        #expect(
            StatusClass.allCases.map { Int($0.rawValue) } == Array(StatusClass.allCases.indices))
    }
}
