import MartletTelemetry
import Testing

/// Through the encoder: each record's names and no other's.
@Suite struct LogNamesTests {
    private static let layout = MetricsShardTests.layout(
        listeners: ["l0", "l1"], routes: ["r0", "r1", "r2"],
        upstreams: ["u0": ["e0", "e1"], "u1": [], "u2": ["e2"]], errorCodes: ["c0", "c1"])

    @Test(
        arguments: [
            (0, 0, 0, 0, 0, ["l0", "r0", "u0", "e0", "c0"]),
            (1, 2, 0, 1, 1, ["l1", "r2", "u0", "e1", "c1"]),
            (0, 1, 2, 0, 255, ["l0", "r1", "u2", "e2", nil]),
            (0, 1, 0, 2, 255, ["l0", "r1", "u0", nil, nil]),
            (0, 1, 1, 0, 255, ["l0", "r1", "u1", nil, nil]),
            (2, 3, 3, 0, 2, [nil, nil, nil, nil, nil]),
        ] as [(UInt16, UInt32, UInt16, UInt16, UInt8, [String?])])
    func namesByIndex(
        listener: UInt16, route: UInt32, upstream: UInt16, endpoint: UInt16, errorCode: UInt8,
        expected: [String?]
    ) throws {
        var line = AccessLogEncoderTests.Line()
        line.layout = Self.layout
        line.record.listener = listener
        line.record.route = route
        line.record.upstream = upstream
        line.record.endpoint = endpoint
        line.record.errorCode = errorCode
        let object = try line.object()
        let keys = ["listener", "route", "upstream", "endpoint", "error"]
        #expect(keys.map { object[$0] as? String } == expected)
    }
}
