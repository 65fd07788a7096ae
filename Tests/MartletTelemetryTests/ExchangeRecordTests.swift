import MartletTelemetry
import Testing

@Suite struct ExchangeRecordTests {
    @Test func aNewRecordNamesNothing() {
        let record = ExchangeRecord()
        #expect(record.route == ExchangeRecord.noRoute)
        #expect(record.upstream == ExchangeRecord.noUpstream)
        #expect(record.endpoint == ExchangeRecord.noEndpoint)
        #expect(record.errorCode == ExchangeRecord.noError)
        #expect(record.flags.isEmpty)
    }

    /// It is copied for each exchange.
    @Test func isSmall() {
        #expect(MemoryLayout<ExchangeRecord>.size <= 76)
    }

    @Test func flagsAreApart() {
        let flags: [ExchangeRecord.Flags] = [
            .upstreamConnectionReused, .clientAborted, .localReply,
        ]
        #expect(flags.reduce(0) { $0 + $1.rawValue } == ExchangeRecord.Flags(flags).rawValue)
        #expect(ExchangeRecord.Flags(flags).rawValue.nonzeroBitCount == flags.count)
    }
}
