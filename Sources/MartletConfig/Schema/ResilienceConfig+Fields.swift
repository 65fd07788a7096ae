extension RetryConfig {
    private static let record = Record(
        "`retries`", "Which failed tries are made again, how often and when.",
        fields: [
            Field(
                "attempts", \.attempts, .integer(1...8),
                """
                Tries in all, the first one included; 1 makes none again.
                """),
            Field(
                "on", \.conditions, .oneOrMany(.choice, isEmptyAllowed: true),
                """
                `connect-failure`: no connection came about. `refused`: the upstream says that \
                it did not look at the request. `connection-lost`: before the answer began. \
                `timeout`: the answer did not begin in time.
                """),
            Field(
                "statuses", \.statuses, .oneOrMany(.integer(400...599), isEmptyAllowed: true),
                """
                Answers that are tried again, such as `[502, 503, 504]`.
                """),
            Field(
                "unsafe", \.includesUnsafe, .boolean,
                """
                Also methods that are not idempotent, such as `POST`: they may take effect twice.
                """),
            Field(
                "backoff-start", \.backoffStart, .duration(0...60_000),
                """
                The longest wait before the first retry; it doubles with each, and the wait is \
                drawn from nothing to that. A retry after a failed connect does not wait.
                """),
            Field("backoff-max", \.backoffMax, .duration(0...600_000), "The longest wait of all."),
            Field(
                "max-retry-after", \.retryAfterMax, .duration(0...600_000),
                """
                An answer's `Retry-After` is waited for up to this; one that asks for more goes \
                to the client.
                """),
            Field(
                "try-timeout", \.tryTimeout, ValueKind<Duration>.duration().optional,
                """
                From the last byte of the request to the response head, of each try; \
                `timeouts.response` if it is left out.
                """),
            Field(
                "max-replay-body", \.replayBodyBytesMax, .size(0...(16 << 20)),
                """
                What is sent of a request's body is kept up to this to be sent again; a request \
                with more has one try from there on. Counts as `held-body-memory`.
                """),
        ],
        initial: { RetryConfig() },
        check: { node, retries, decoder in
            guard retries.includesUnsafe, let unsafe = node["unsafe"] else { return }
            decoder.add(
                .warning, at: unsafe,
                "requests that are not idempotent may take effect more than once",
                hint: "keep it only if the upstream knows repeated requests")
        })

    private static let offKind = ValueKind<RetryConfig>.choice([("off", RetryConfig.off)])

    /// One try and no other.
    private static var off: RetryConfig {
        var retries = RetryConfig()
        retries.attempts = 1
        return retries
    }

    /// Short form: `off`.
    static let kind = ValueKind<RetryConfig>.either(
        offKind, when: { $0.scalar != nil }, otherwise: record.kind)
}

extension RetryBudgetConfig {
    static let record = Record(
        "`retry-budget`", "How many retries there may be.",
        fields: [
            Field(
                "percent", \.percent, .integer(0...1000),
                "Percent of the requests in the window that may be retries."),
            Field(
                "min-retries", \.retryCountMin, .integer(0...1_000_000),
                """
                In each window, whatever the percentage says; shared out among the workers.
                """),
            Field(
                "window", \.window, .duration(1000...3_600_000), "What is looked back on."),
        ],
        initial: { RetryBudgetConfig() })
}

extension AdaptiveConcurrencyConfig {
    static let record = Record(
        "`adaptive-concurrency`",
        "How many requests in flight an upstream takes without a queue, found by its latency.",
        fields: [
            Field(
                "start", \.start, .integer(1...1_000_000),
                "Requests in flight at the beginning; shared out among the workers."),
            Field("min", \.min, .integer(1...1_000_000), "It never falls below this."),
            Field("max", \.max, .integer(1...1_000_000), "It never rises above this."),
            Field(
                "tolerance", \.tolerancePercent, .integer(101...1000),
                "Percent of the latency without a queue, above which there is one."),
            Field(
                "probe-interval", \.probeInterval, .duration(1000...3_600_000),
                """
                How often the latency without a queue is measured anew, with half the limit for \
                some moments.
                """),
        ],
        initial: { AdaptiveConcurrencyConfig() },
        check: { node, adaptive, decoder in
            guard adaptive.min > adaptive.max else { return }
            decoder.add(
                at: node["min"] ?? node, "`min` is more than `max`",
                hint: "let it be at most \(adaptive.max)")
        })
}

extension CircuitBreakerConfig {
    static let record = Record(
        "a circuit breaker", "When calls are no longer made, and when they are tried again.",
        fields: [
            Field(
                "window", \.window, .duration(1000...3_600_000),
                "The calls of this time are looked at."),
            Field(
                "min-calls", \.callCountMin, .integer(1...1_000_000),
                """
                With fewer calls in the window nothing is said; each worker counts its own.
                """),
            Field(
                "failures", \.failurePercent, .integer(1...100),
                """
                Percent of the calls that failed: no answer, or a status from 500 on.
                """),
            Field(
                "slow-after", \.slowAfter, ValueKind<Duration>.duration().optional,
                """
                A call that takes longer to begin its answer is slow; none is if this is left out.
                """),
            Field("slow-calls", \.slowPercent, .integer(1...100), "Percent that were slow."),
            Field(
                "open", \.open, .duration(1...3_600_000),
                """
                How long no calls are made; twice as long each time that the probes fail.
                """),
            Field("max-open", \.openMax, .duration(1...86_400_000), "The longest of all."),
            Field(
                "probes", \.probes, .integer(1...100),
                """
                Calls that are let through then; it opens again when `failures` percent failed.
                """),
        ],
        initial: { CircuitBreakerConfig() })
}

extension HedgingConfig {
    static let record = Record(
        "`hedging`", "When a read that is not answered yet is sent once more.",
        fields: [
            Field(
                "after", \.after, ValueKind<Duration>.duration(1...60_000).optional,
                """
                A fixed time without an answer, in place of `percentile`.
                """),
            Field(
                "percentile", \.percentile, .integer(50...99),
                """
                Of the answers of the last while, these percent came sooner than it is waited for.
                """),
            Field(
                "min-delay", \.delayMin, .duration(1...60_000),
                """
                With `percentile`: never sooner than this.
                """),
            Field(
                "min-samples", \.sampleCountMin, .integer(10...1_000_000),
                """
                With `percentile`: answers on a worker below which nothing is sent once more.
                """),
        ],
        initial: { HedgingConfig() },
        check: { node, hedging, decoder in
            guard hedging.after != nil, let after = node["after"] else { return }
            for key in ["percentile", "min-delay", "min-samples"] {
                guard let other = node[key] else { continue }
                decoder.add(
                    at: other, "`\(key)` and `after` do not go together",
                    hint: "leave one of them out", related: after.location)
            }
        })
}
