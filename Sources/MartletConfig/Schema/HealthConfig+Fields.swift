extension HealthCheckConfig {
    static let record = Record(
        "`health-check`", "How endpoints are asked whether they are well.",
        fields: requestFields + expectationFields + timingFields,
        initial: { HealthCheckConfig() },
        check: { node, check, decoder in
            let strangers: [String] =
                switch check.kind {
                case .http: ["service"]
                case .tcp: ["path", "host", "headers", "expect", "service"]
                case .grpc: ["path", "expect"]
                }
            for key in strangers {
                guard let given = node[key] else { continue }
                decoder.add(
                    at: given, "`\(key)` says nothing to a check of type `\(check.kind.rawValue)`",
                    hint: "leave it out, or write another `type`")
            }
        })

    private static let requestFields: [Field<HealthCheckConfig>] = [
        Field(
            "type", \.kind, .choice,
            """
            `http`: a GET, whose answer is looked at. `tcp`: a connection comes about, TLS \
            included where the endpoint has it. `grpc`: `grpc.health.v1.Health/Check` says that \
            it is serving.
            """),
        Field(
            "path", \.path,
            .text(
                "a path such as `/healthz`", pattern: "^/", encode: { .string($0) },
                parse: { text throws(TextProblem) in
                    guard text.hasPrefix("/"),
                        text.utf8.allSatisfy({ 0x21...0x7e ~= $0 && $0 != 0x23 })
                    else {
                        throw TextProblem(
                            "\(ConfigNode.quote(text)) is not a path",
                            hint: "begin it with `/`; a query may follow")
                    }
                    return text
                }), "What is asked for; a query may follow."),
        Field(
            "host", \.host,
            ValueKind<String>.text("a host", parse: HostText.hostValue).optional,
            "The `Host` that is sent; the endpoint's own if it is left out."),
        Field(
            "headers", \.headers, fieldsKind,
            "Fields that are sent along."),
        Field(
            "service", \.service,
            ValueKind<String>.text(
                "a gRPC service's name", encode: { .string($0) },
                parse: { text throws(TextProblem) in
                    guard 1...120 ~= text.utf8.count else {
                        throw TextProblem("a service's name has 1–120 bytes")
                    }
                    return text
                }
            ).optional,
            "For `grpc`: the service that is asked for; the server as a whole if it is left out."),
        Field(
            "port", \.port, ValueKind<Int>.integer(1...65535).optional,
            "Where it is asked; the endpoint's own port if it is left out."),
    ]

    private static let fieldsKind = ValueKind<[Named<String>]>.map(
        names: "a header name to a value",
        .text(
            "a header value",
            parse: { text throws(TextProblem) in
                guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else {
                    throw TextProblem("a header value holds no control characters")
                }
                return text
            }),
        checkName: { name throws(TextProblem) in _ = try NameText.header(name) }
    ).map { named in
        named.map { HeaderValueConfig(name: $0.name.lowercased(), value: $0.value) }
    }

    private static let expectationFields: [Field<HealthCheckConfig>] = [
        .group(
            "expect", "What a good answer is like.", named: "`expect`",
            [
                Field(
                    "status", \.statuses, .oneOrMany(StatusRangeConfig.kind),
                    "One of these: `200`, or a range such as `200-299`."),
                Field(
                    "headers", \.expectedHeaders, fieldsKind,
                    "Fields that it has, with exactly these values."),
                Field(
                    "body", \.expectedBody, ValueKind<String>.string().optional,
                    "A text that is in the first 64 KiB of its body."),
            ], initial: { HealthCheckConfig() })
    ]

    private static let timingFields: [Field<HealthCheckConfig>] = [
        Field(
            "interval", \.interval, .duration(50...ValueKind<Duration>.day),
            "From the end of a check to the next."),
        Field(
            "unhealthy-interval", \.unhealthyInterval,
            ValueKind<Duration>.duration(50...ValueKind<Duration>.day).optional,
            "The same for an endpoint that is unhealthy; `interval` if it is left out."),
        Field(
            "timeout", \.timeout, .duration(10...600_000),
            "A check that has not ended by then has failed."),
        Field(
            "jitter", \.jitterPercent, .integer(0...100),
            "Percent of the interval by which a check may lie from its time."),
        Field(
            "healthy-after", \.passCount, .integer(1...1000),
            "Passes in a row that make an unhealthy endpoint healthy."),
        Field(
            "unhealthy-after", \.failureCount, .integer(1...1000),
            "Failures in a row that make a healthy endpoint unhealthy."),
        Field(
            "initially", \.initially, .choice,
            """
            What is believed of an endpoint before there is a result: `healthy`, `unhealthy`, or \
            `first-result`, which is unhealthy until then and decides alone.
            """),
    ]
}

extension StatusRangeConfig {
    fileprivate static let kind = ValueKind<StatusRangeConfig>.text(
        "a status such as `200` or `200-299`", pattern: "^[1-5][0-9][0-9](-[1-5][0-9][0-9])?$",
        encode: { .string($0.text) },
        parse: { text throws(TextProblem) in
            let parts = text.split(separator: "-", omittingEmptySubsequences: false).map {
                Int($0) ?? 0
            }
            guard let first = parts.first, let last = parts.last, parts.count <= 2,
                100...599 ~= first, first...599 ~= max(last, first), last >= first
            else {
                throw TextProblem(
                    "\(ConfigNode.quote(text)) is no status",
                    hint: "write `200`, or a range such as `200-299`")
            }
            return StatusRangeConfig(first: first, last: last)
        })
}

extension OutlierEjectionConfig {
    static let record = Record(
        "`outlier-ejection`", "When an endpoint is taken out for a while.",
        fields: [
            Field(
                "consecutive-failures", \.consecutiveFailures, .integer(0...1_000_000),
                """
                Failures in a row, as one worker sees them: no answer, or a status from 500 on; \
                0 does not count them.
                """),
            Field(
                "success-rate", \.successRate, OutlierSuccessRateConfig.record.kind.optional,
                "Compares the share of requests that succeeded with the other endpoints'."),
            Field(
                "latency", \.latency, OutlierLatencyConfig.record.kind.optional,
                "Compares the mean latency with the median of the endpoints."),
            Field(
                "interval", \.interval, .duration(1000...3_600_000),
                "How often endpoints are compared."),
            Field(
                "duration", \.duration, .duration(1000...ValueKind<Duration>.day),
                "How long it is out; twice as long the second time, and so on."),
            Field(
                "max-duration", \.durationMax, .duration(1000...ValueKind<Duration>.day),
                "The longest of all."),
            Field(
                "max-ejected", \.ejectedPercentMax, .integer(0...100),
                """
                Percent of the endpoints that may be out at the same time; one of two or more \
                always may, unless this is 0.
                """),
        ],
        initial: { OutlierEjectionConfig() })
}

extension OutlierSampleConfig {
    fileprivate static var sampleFields: [Field<Self>] {
        [
            Field(
                "min-requests", \.requestCountMin, .integer(1...1_000_000),
                "Requests in an interval without which nothing is said of an endpoint."),
            Field(
                "min-endpoints", \.endpointCountMin, .integer(2...1000),
                "Endpoints with so many without which nothing is said of any."),
        ]
    }
}

extension OutlierSuccessRateConfig {
    static let record = Record(
        "`success-rate`", "Compares the share of requests that succeeded.",
        fields: sampleFields + [
            Field(
                "difference", \.differencePercent, .integer(0...100),
                """
                How far below the mean it must be in any case, in percent of the requests; it \
                must also be 1.9 standard deviations below.
                """)
        ],
        initial: { OutlierSuccessRateConfig() })
}

extension OutlierLatencyConfig {
    static let record = Record(
        "`latency`", "Compares the mean latency with the median of the endpoints.",
        fields: sampleFields + [
            Field(
                "factor", \.factorPercent, .integer(101...100_000),
                "Percent of the median from which on it is slow."),
            Field(
                "difference", \.differenceMin, .duration(),
                "How much more than the median it must be in any case."),
        ],
        initial: { OutlierLatencyConfig() })
}
