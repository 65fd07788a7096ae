import MartletConfig
import MartletHTTP
import NIOCore

/// A health check over HTTP/1.1: one GET, and its answer as far as it is looked at.
///
/// Owned by the check's handler.
final class HTTP1HealthExchange {
    let request: [UInt8]
    private let expectation: HealthExpectation
    private let response = ResponseHead()
    private var parser = ResponseHeadParser()
    private var reader = BodyReader()
    private var isInBody = false
    private var body: [UInt8] = []

    private static let limits = HeadLimits(
        startLineBytesMax: 16 * 1024, headBytesMax: 64 * 1024, fieldCountMax: 1000)

    init(_ probe: HealthProbe) {
        let config = probe.config
        let host = config.host ?? String(decoding: probe.endpoint.hostField, as: UTF8.self)
        var text = "GET \(config.path) HTTP/1.1\r\nHost: \(host)\r\n"
        text += "User-Agent: martlet-health-check\r\nConnection: close\r\n"
        for field in config.headers { text += "\(field.name): \(field.value)\r\n" }
        self.request = Array((text + "\r\n").utf8)
        self.expectation = HealthExpectation(config)
    }

    /// - Returns: how the check has ended, if it has.
    func received(_ buffer: ByteBuffer) -> HealthCheckResult? {
        let bytes = Array(buffer.readableBytesView)
        var position = 0
        while true {
            if self.isInBody { return self.readBody(bytes.span, at: &position) }
            switch self.parser.parse(
                bytes.span, at: &position, into: self.response, limits: Self.limits)
            {
            case .needsMore: return nil
            case .failed: return .malformed
            case .complete:
                guard !self.response.isInterim else {
                    self.response.reset()
                    self.parser = ResponseHeadParser()
                    continue
                }
                if let wrong = self.expectation.head(self.response.status, self.response.headers) {
                    return wrong
                }
                guard self.expectation.looksAtBody else { return .passed }
                self.reader.begin(self.response.bodyFraming(answering: .get))
                self.isInBody = true
            }
        }
    }

    private func readBody(_ bytes: Span<UInt8>, at position: inout Int) -> HealthCheckResult? {
        while true {
            switch self.reader.next(bytes, at: &position, limits: Self.limits) {
            case .needsMore: return nil
            case .failed: return .malformed
            case .data(let range):
                for index in range { self.body.append(bytes[index]) }
                if self.expectation.isFound(in: self.body) { return .passed }
                guard self.body.count < HealthProbeHandler.bodyBytesMax else {
                    return .bodyUnexpected
                }
            case .end:
                return self.expectation.isFound(in: self.body) ? .passed : .bodyUnexpected
            }
        }
    }

    /// The connection has ended, which may be the answer's end.
    func closed() -> HealthCheckResult? {
        guard self.isInBody, self.reader.isWholeAtClose else { return nil }
        return self.expectation.isFound(in: self.body) ? .passed : .bodyUnexpected
    }
}
