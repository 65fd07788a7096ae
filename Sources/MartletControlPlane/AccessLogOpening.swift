import MartletConfig
import MartletTelemetry

/// Opens what the configuration names as the access log's destination.
enum AccessLogOpening {
    /// - Returns: `nil` when no access log is kept.
    static func open(_ config: AccessLogConfig) throws(AccessLogOpenError) -> AccessLogSink? {
        let destination: AccessLogDestination
        switch config.destination {
        case .off: return nil
        case .standardOutput: destination = .standardOutput
        case .standardError: destination = .standardError
        case .file(let path): destination = .file(path)
        }
        return try AccessLogSink(
            destination: destination, bytesBufferedMax: config.maxBufferedBytes)
    }
}
