import Foundation
import MartletTelemetry
import Testing

@Suite struct LogTimeTests {
    /// Second after second through one encoder, so that its cache is used and left.
    private func times(_ starts: [Int64], _ format: AccessLogEncoder.Format) -> [String] {
        let encoder = AccessLogEncoder(format: format, layout: MetricsShardTests.layout())
        let none: [UInt8] = []
        return starts.map { start in
            var record = ExchangeRecord()
            record.startNanoseconds = start
            var bytes: [UInt8] = []
            encoder.append(
                record,
                AccessLogFields(
                    head: none.span, client: none.span, requestID: none.span, traceID: none.span,
                    clientSubject: none.span, consumer: none.span, credential: none.span),
                to: &bytes)
            let text = String(decoding: bytes, as: UTF8.self)
            return format == .json
                ? String(text.dropFirst(9).prefix(24)) : String(text.dropFirst(7).prefix(26))
        }
    }

    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (999_999, "1970-01-01T00:00:00.000Z"),
            (1_000_000, "1970-01-01T00:00:00.001Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (951_782_399_000_000_000, "2000-02-28T23:59:59.000Z"),
            (951_782_400_000_000_000, "2000-02-29T00:00:00.000Z"),
            (4_107_542_400_000_000_000, "2100-03-01T00:00:00.000Z"),
            (4_107_542_399_999_999_999, "2100-02-28T23:59:59.999Z"),
            (.max, "2262-04-11T23:47:16.854Z"), (.min, "1677-09-21T00:12:43.145Z"),
        ] as [(Int64, String)])
    func edges(start: Int64, expected: String) {
        #expect(self.times([start], .json) == [expected])
    }

    @Test func agreesWithTheCalendar() {
        let formatter = ISO8601DateFormatter()
        formatter.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
        // Odd steps through every month of 1902–2038, and again within one second.
        let starts = stride(from: -2_145_916_800, to: 2_145_916_800, by: 1_234_567).flatMap {
            [Int64($0) * 1_000_000_000, Int64($0) * 1_000_000_000 + 250_000_000]
        }
        let expected = starts.map {
            formatter.string(from: Date(timeIntervalSince1970: Double($0 / 250_000_000) / 4))
        }
        #expect(self.times(starts, .json) == expected)
    }

    @Test func commonFormat() {
        #expect(
            self.times([0, 951_782_400_000_000_000, 1_767_225_599_000_000_000], .common) == [
                "01/Jan/1970:00:00:00 +0000", "29/Feb/2000:00:00:00 +0000",
                "31/Dec/2025:23:59:59 +0000",
            ])
    }
}
