extension HTTP2LimitsConfig {
    static let record = Record(
        "`http2`", "What one HTTP/2 connection may hold and ask for.",
        fields: [
            Field(
                "max-concurrent-streams", \.maxConcurrentStreams, .integer(1...10_000),
                """
                Requests of one connection that are served at the same time; more are refused.
                """),
            Field(
                "stream-window", \.streamWindowBytes, windowKind,
                """
                Body bytes of one request that may be under way or held.
                """),
            Field(
                "connection-window", \.connectionWindowBytes, windowKind,
                """
                Body bytes of all requests of a connection that may be under way or held.
                """),
            Field(
                "max-resets", \.maxResets, .integer(1...1_000_000),
                """
                Streams of a connection that may end in a reset in ten seconds; one more ends it.
                """),
            Field(
                "max-control-frames", \.maxControlFrames, .integer(10...1_000_000),
                """
                SETTINGS, PING, PRIORITY and unknown frames of a connection in ten seconds.
                """),
            Field(
                "max-window-updates", \.maxWindowUpdates, .integer(100...10_000_000),
                """
                WINDOW_UPDATE frames of a connection in ten seconds.
                """),
            Field(
                "max-empty-frames", \.maxEmptyFrames, .integer(1...1_000_000),
                """
                DATA frames of a connection without a byte in ten seconds.
                """),
            Field(
                "max-continuations", \.maxContinuations, .integer(1...1_000_000),
                """
                CONTINUATION frames of a connection in ten seconds.
                """),
        ],
        initial: { HTTP2LimitsConfig() },
        check: { node, limits, decoder in
            guard limits.connectionWindowBytes < limits.streamWindowBytes else { return }
            decoder.add(
                .warning, at: node,
                "`connection-window` is smaller than `stream-window`, which can never be used up",
                hint: "make it as large as some streams' windows together")
        })

    /// RFC 9113 §6.9.1: from the default to 2^31-1.
    private static let windowKind = ValueKind<Int>.size(65_535...0x7fff_ffff)
}
