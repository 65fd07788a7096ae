extension TelemetryConfig {
    static let record = Record(
        "`telemetry`", "What is written down about traffic and about the process.",
        fields: [
            Field(
                "access-log", "One line for each exchange: a mapping, or its destination alone.",
                shape: .either([
                    AccessLogConfig.destinationKind.shape, AccessLogConfig.record.shape,
                ]),
                defaultValue: { AccessLogConfig.destinationKind.encode($0.accessLog.destination) },
                apply: { node, telemetry, decoder in
                    AccessLogConfig.decode(node, into: &telemetry.accessLog, &decoder)
                }),
            Field(
                "log", \.processLog, ProcessLogConfig.record,
                """
                The process's own log, on standard error.
                """),
            Field("metrics", \.metrics, MetricsConfig.record, "Prometheus metrics."),
        ],
        initial: { TelemetryConfig() })
}

extension AccessLogConfig {
    static let record = Record(
        "`access-log`", "One line for each exchange.",
        fields: [
            Field(
                "destination", \.destination, destinationKind,
                """
                `stdout`, `stderr`, `off` or a file's absolute path.
                """),
            Field("format", \.format, .choice, "How a line looks."),
            Field(
                "max-buffered", \.maxBufferedBytes, .size(4096...(1 << 30)),
                """
                Lines waiting for a slow disk or pipe; more are dropped and counted.
                """),
        ],
        initial: { AccessLogConfig() })

    static func decode(
        _ node: ConfigNode, into log: inout AccessLogConfig, _ decoder: inout ConfigDecoder
    ) {
        guard node.scalar != nil else {
            self.record.decode(node, into: &log, &decoder)
            return
        }
        guard let destination = self.destinationKind.decode(node, &decoder) else { return }
        log.destination = destination
    }

    static let destinationKind = ValueKind<Destination>.text(
        "`stdout`, `stderr`, `off` or a file's absolute path",
        encode: { .string($0.text) },
        parse: { text throws(TextProblem) in
            switch text {
            case "stdout": return .standardOutput
            case "stderr": return .standardError
            case "off": return .off
            default:
                guard !text.hasPrefix("/") else { return .file(text) }
                let nearest = EditDistance.nearest(to: text, among: ["stdout", "stderr", "off"])
                throw TextProblem(
                    "\(ConfigNode.quote(text)) is no destination of a log",
                    hint: nearest.map { "did you mean `\($0)`?" }
                        ?? "write `stdout`, `stderr`, `off` or a path that begins with `/`")
            }
        })
}

extension AccessLogConfig.Destination {
    fileprivate var text: String {
        switch self {
        case .off: "off"
        case .standardOutput: "stdout"
        case .standardError: "stderr"
        case .file(let path): path
        }
    }
}

extension ProcessLogConfig {
    static let record = Record(
        "`log`", "The process's own log, on standard error.",
        fields: [
            Field("level", \.level, .choice, "What is logged: this and all that is worse."),
            Field("format", \.format, .choice, "How a line looks."),
        ],
        initial: { ProcessLogConfig() })
}

extension MetricsConfig {
    static let record = Record(
        "`metrics`", "Prometheus metrics.",
        fields: [
            Field(
                "max-series", \.maxSeries, .integer(100...10_000_000),
                """
                Time series at most; the rest are counted in \
                `martlet_metrics_series_dropped_total`.
                """)
        ],
        initial: { MetricsConfig() })
}
