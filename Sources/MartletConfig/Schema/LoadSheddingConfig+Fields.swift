extension LoadSheddingConfig {
    static let record = Record(
        "`load-shedding`", "Which requests are refused when the process itself is overloaded.",
        fields: [
            Field(
                "loop-delay", \.loopDelay, .duration(10...60_000),
                """
                How late an event loop may be before requests of low importance are refused; \
                three times that for normal ones, ten times for high ones.
                """),
            Field(
                "memory", \.memoryBytesMax, ValueKind<Int>.size((16 << 20)...(1 << 42)).optional,
                """
                What the process may have: from 85 % on requests of low importance are refused, \
                from 92 % normal ones, from 97 % high ones.
                """),
        ],
        initial: { LoadSheddingConfig() })
}
