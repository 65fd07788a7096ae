import MartletHTTP
import Testing

@Suite struct TraceContextTests {
    static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    static let parent = "00f067aa0ba902b7"

    @Test(
        arguments: [
            ("00-\(trace)-\(parent)-01", true), ("00-\(trace)-\(parent)-00", true),
            ("00-\(trace)-\(parent)-ff", true), ("01-\(trace)-\(parent)-01", true),
            ("cc-\(trace)-\(parent)-01-what-comes", true), ("cc-\(trace)-\(parent)-01-", true),
            ("00-\(trace)-\(parent)-01-more", false), ("cc-\(trace)-\(parent)-01.more", false),
            ("ff-\(trace)-\(parent)-01", false), ("0-\(trace)-\(parent)-01", false),
            ("00-\(trace.uppercased())-\(parent)-01", false), ("00-\(trace)-\(parent)-0A", false),
            ("00-00000000000000000000000000000000-\(parent)-01", false),
            ("00-\(trace)-0000000000000000-01", false), ("00_\(trace)-\(parent)-01", false),
            ("00-\(trace)-\(parent)_01", false), ("00-\(trace)x\(parent)-01", false),
            ("00-\(trace)-\(parent)-1", false), ("00-\(trace)-\(parent)-0g", false),
            ("00-\(trace)-\(parent)-01 ", false), ("", false), ("00", false),
            ("00-\(trace.dropLast())-\(parent)-01", false), ("0G-\(trace)-\(parent)-01", false),
        ] as [(String, Bool)])
    func parses(text: String, isValid: Bool) {
        let context = TraceContext.read(text)
        #expect((context != nil) == isValid)
        guard let context else { return }
        #expect(context.traceHigh == 0x4bf9_2f35_77b3_4da6)
        #expect(context.traceLow == 0xa3ce_929d_0e0e_4736)
        #expect(context.parent == 0x00f0_67aa_0ba9_02b7)
        #expect(context.isSampled == (text.dropFirst(53).prefix(2) != "00"))
    }

    @Test(
        arguments: [
            (
                ["traceparent: 00-\(trace)-\(parent)-01", "tracestate: a=b"],
                ["tracestate: a=b", "traceparent: 00-\(trace)-000000000000000a-01"]
            ),
            (
                ["traceparent: cc-\(trace)-\(parent)-03-x"],
                ["traceparent: 00-\(trace)-000000000000000a-01"]
            ),
            (
                ["traceparent: 00-\(trace)-\(parent)-02"],
                ["traceparent: 00-\(trace)-000000000000000a-00"]
            ),
            (
                ["traceparent: nonsense", "tracestate: a=b"],
                ["traceparent: 00-00000000000000010000000000000002-000000000000000a-00"]
            ),
            (
                ["tracestate: a=b", "x: 1"],
                ["x: 1", "traceparent: 00-00000000000000010000000000000002-000000000000000a-00"]
            ),
            (
                [
                    "traceparent: 00-\(trace)-\(parent)-01",
                    "traceparent: 00-\(trace)-\(parent)-01", "tracestate: a=b",
                ],
                ["traceparent: 00-00000000000000010000000000000002-000000000000000a-00"]
            ),
        ] as [([String], [String])])
    func applies(before: [String], after: [String]) {
        var headers = HeaderLines.list(before)
        let context = TraceContext.apply(to: &headers, random: (1, 2), parent: 10)
        let lines = HeaderLines.text(headers)
        #expect(lines == after)
        #expect(context.parent == 10)
    }

    @Test func neverWritesZeroIdentifiers() {
        var headers = HeaderList()
        let context = TraceContext.apply(to: &headers, random: (0, 0), parent: 0)
        #expect(context.traceHigh | context.traceLow != 0)
        #expect(context.parent != 0)
        let value = headers.first(.traceparent).map { headers.text($0) } ?? ""
        #expect(TraceContext.read(value) == context)
    }
}
