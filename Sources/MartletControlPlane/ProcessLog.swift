import Foundation
package import Logging
package import MartletConfig

/// The process's own log: one JSON object or one line of text for each event, on standard error.
///
/// An event has a short stable name; what belongs to it is metadata. Access lines go elsewhere.
package struct ProcessLog: LogHandler {
    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    private let isJSON: Bool

    package init(_ config: ProcessLogConfig) {
        self.isJSON = config.format == .json
        self.logLevel =
            switch config.level {
            case .debug: .debug
            case .info: .info
            case .warning: .warning
            case .error: .error
            }
    }

    package static func logger(_ config: ProcessLogConfig) -> Logger {
        Logger(label: "martlet") { _ in ProcessLog(config) }
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let fields = self.metadata.merging(event.metadata ?? [:]) { $1 }
        let time = Self.timestamp()
        var line: String
        if self.isJSON {
            line = "{\"time\":\"\(time)\",\"level\":\"\(event.level)\",\"event\":"
            line += Self.quoted("\(event.message)")
            for (key, value) in fields.sorted(by: { $0.key < $1.key }) {
                line += ",\(Self.quoted(key)):\(Self.json(value))"
            }
            line += "}\n"
        } else {
            line = "\(time) \(event.level) \(event.message)"
            for (key, value) in fields.sorted(by: { $0.key < $1.key }) {
                line += " \(key)=\(value)"
            }
            line += "\n"
        }
        let bytes = Array(line.utf8)
        // One call for one line, so that lines of several threads do not mix.
        try? FileHandle.standardError.write(contentsOf: bytes)
    }

    /// RFC 3339 with milliseconds, in UTC.
    private static func timestamp() -> String {
        Date.now.formatted(
            Date.ISO8601FormatStyle(includingFractionalSeconds: true, timeZone: .gmt))
    }

    /// Numbers stay numbers.
    private static func json(_ value: Logger.MetadataValue) -> String {
        if case .stringConvertible(let number) = value, number is any BinaryInteger {
            return "\(number)"
        }
        return Self.quoted("\(value)")
    }

    static func quoted(_ text: String) -> String {
        var json = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": json += "\\\""
            case "\\": json += "\\\\"
            case "\n": json += "\\n"
            case "\r": json += "\\r"
            case "\t": json += "\\t"
            case _ where scalar.value < 0x20:
                let hex = String(scalar.value, radix: 16)
                json += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: json.unicodeScalars.append(scalar)
            }
        }
        return json + "\""
    }
}
