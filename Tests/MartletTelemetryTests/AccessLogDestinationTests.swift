import MartletTelemetry
import Testing

@Suite struct AccessLogDestinationTests {
    @Test func aFileThatCannotBeOpenedIsNamedWithTheReason() throws {
        let path = "/nonexistent-\(UInt32.random(in: 0...(.max)))/log"
        let error = #expect(throws: AccessLogOpenError.self) {
            try AccessLogSink(destination: .file(path), bytesBufferedMax: 1)
        }
        #expect(error?.message == "cannot open \(path): No such file or directory")
    }

    @Test(arguments: [.standardOutput, .standardError] as [AccessLogDestination])
    func standardStreamsAreNeverReopened(destination: AccessLogDestination) throws {
        let sink = try AccessLogSink(destination: destination, bytesBufferedMax: 1)
        try sink.reopen()
        #expect(sink.close(withinNanoseconds: 30_000_000_000))
    }
}
