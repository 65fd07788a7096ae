extension RateLimitConfig {
    static let record = Record(
        "a rate limit", "A limit that routes share by naming it.",
        fields: [
            Field(
                "key", \.key, ValueKind<RateLimitKeyConfig>.rateLimitKey.optional,
                """
                Whose requests are counted together, such as `{client.network}` or \
                `{header.x-tenant | client.address}`; left out, everybody's. There are \
                `client.address`, `client.network` (of IPv6 the first 64 bits), `header.NAME`, \
                `cookie.NAME`, `host`, `method`, `listener`, `route`, and what the \
                path captures.
                """),
            Field(
                "max-keys", \.maxKeys, .integer(1...16_000_000),
                """
                How many keys are told apart at the same time; 16 bytes each for a window, 64 for \
                `concurrency`.
                """),
            Field(
                "windows", \.windows, .oneOrMany(RateLimitWindowConfig.kind),
                """
                So much in so long, such as `100/1m` or `10000/day`; up to four, which must all \
                have room.
                """),
            Field(
                "concurrency", \.concurrency, ValueKind<Int>.integer(1...1_048_576).optional,
                """
                Requests of a key that may be under way at the same time.
                """),
            Field(
                "bandwidth", \.bandwidth, BandwidthConfig.kind.optional,
                """
                Bytes a second of bodies, such as `1MiB`; nothing is refused, it waits.
                """),
        ],
        initial: { RateLimitConfig() },
        check: { node, limit, decoder in limit.check(node, &decoder) })

    /// Short form: windows alone, for everybody together.
    static let kind = ValueKind<RateLimitConfig>.either(
        ValueKind<[RateLimitWindowConfig]>.oneOrMany(RateLimitWindowConfig.kind).map { windows in
            var limit = RateLimitConfig()
            limit.windows = windows
            return limit
        },
        when: { node in
            if case .mapping = node.value { false } else { true }
        },
        otherwise: record.kind)

    private mutating func check(_ node: ConfigNode, _ decoder: inout ConfigDecoder) {
        self.keySource = node["key"]?.location ?? node.location
        let isEmpty =
            node["windows"] == nil && node["concurrency"] == nil && node["bandwidth"] == nil
        if isEmpty {
            decoder.add(
                at: node, "this limit limits nothing",
                hint: "give `windows`, `concurrency` or `bandwidth`")
        }
        if self.windows.count > Self.windowCountMax, let windows = node["windows"] {
            decoder.add(
                at: windows, "a limit has at most \(Self.windowCountMax) windows",
                hint: "put the others into a limit of their own")
        }
        var names: Set<String> = []
        for index in self.windows.indices {
            let name = self.windows[index].name ?? self.windows[index].period.text
            guard !names.insert(name).inserted else { continue }
            decoder.add(
                at: self.windows[index].source,
                "two windows of this limit would both be called by \(ConfigNode.quote(name))",
                hint: "give one of them a `name`")
        }
        if self.key == nil, node["key"] == nil, let keys = node["max-keys"] {
            decoder.add(
                at: keys, "`max-keys` says how many keys there are, but this limit has no `key`",
                hint: "give `key`, or leave `max-keys` out")
        }
        if let key = self.key, key.isChosenByClients, let place = node["key"] {
            decoder.add(
                .warning, at: place,
                "clients write this key themselves, so one that writes another has a new bucket",
                hint: "add the address, such as `{client.network} …`, or use it where the value "
                    + "has been checked")
        }
    }
}

extension RateLimitWindowConfig {
    private static let record = Record(
        "a window", "So much in so long.",
        fields: [
            Field(
                "name", \.name,
                ValueKind<String>.text(
                    "a name", encode: { _ in nil },
                    parse: { text throws(TextProblem) in
                        try NameText.check(text)
                        return text
                    }
                ).optional,
                """
                What `RateLimit` calls it; made from the limit's name if it is left out.
                """),
            Field(
                "limit", \.limit, .integer(1...1_000_000_000_000),
                """
                How many in the window.
                """, isRequired: true),
            Field(
                "per", \.period, periodKind,
                """
                How long the window is, such as `1m`, or a turn of the calendar: `minute`, \
                `hour`, `day`, `week` (from Monday), `month`.
                """, isRequired: true),
            Field(
                "algorithm", \.algorithm, .choice,
                """
                How a window that is no turn of the calendar counts: `token-bucket` refills \
                steadily, `sliding-window` looks back over the last window.
                """),
            Field(
                "burst", \.burst, ValueKind<Int>.integer(1...1_000_000_000).optional,
                """
                What a token bucket holds at most; `limit` if it is left out.
                """),
            Field(
                "time-zone", \.utcOffset, offsetKind,
                """
                By whose clocks the calendar turns: `UTC`, or how far they are ahead, such as \
                `+01:00`.
                """),
        ],
        initial: { RateLimitWindowConfig() },
        check: { node, window, decoder in window.check(node, &decoder) })

    /// Short form: `100/1m`, `10000/day`.
    static let kind: ValueKind<RateLimitWindowConfig> = {
        let short = ValueKind<RateLimitWindowConfig>.text(
            "a window such as `100/1m`", pattern: #"^\d+/\w+$"#, parse: parseShort)
        let either = ValueKind.either(
            short, when: { $0.scalar != nil }, otherwise: record.kind)
        return ValueKind(either.shape) { node, decoder in
            guard var window = either.decode(node, &decoder) else { return nil }
            window.source = node.location
            return window
        }
    }()

    private static func parseShort(_ text: String) throws(TextProblem) -> RateLimitWindowConfig {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, 1...13 ~= parts[0].utf8.count,
            parts[0].utf8.allSatisfy({ 0x30...0x39 ~= $0 }), let limit = Int(parts[0]), limit > 0
        else {
            throw TextProblem(
                "\(ConfigNode.quote(text)) is not a window",
                hint: "write how many in how long, such as `100/1m` or `10000/day`")
        }
        var window = RateLimitWindowConfig()
        window.limit = limit
        window.period = try self.period(String(parts[1]))
        return window
    }

    private static let periodKind = ValueKind<Period>.text(
        "a duration such as `1m`, or `day`", parse: period)

    private static func period(_ text: String) throws(TextProblem) -> Period {
        if let unit = CalendarUnit(rawValue: text) { return .calendar(unit) }
        let units = CalendarUnit.allCases.map(\.rawValue)
        if let nearest = EditDistance.nearest(to: text, among: units),
            !(text.utf8.first.map { 0x30...0x39 ~= $0 } ?? false)
        {
            throw TextProblem(
                "\(ConfigNode.quote(text)) is no turn of the calendar",
                hint: "did you mean `\(nearest)`?")
        }
        let milliseconds = try DurationText.milliseconds(text)
        try Bounds.check(
            milliseconds, in: 1...(366 * ValueKind<Duration>.day), shown: text,
            format: { DurationText.format(milliseconds: $0) })
        return .duration(.milliseconds(milliseconds))
    }

    private static let offsetKind = ValueKind<Int>.text(
        "`UTC` or an offset such as `+01:00`", pattern: #"^(UTC|[+-]\d{2}:\d{2})$"#,
        encode: { .string($0 == 0 ? "UTC" : "") }, parse: offset)

    private static func offset(_ text: String) throws(TextProblem) -> Int {
        if text == "UTC" { return 0 }
        let digits = Array(text.utf8.dropFirst())
        let isWellFormed =
            digits.count == 5 && digits[2] == 0x3a && (text.hasPrefix("+") || text.hasPrefix("-"))
        guard isWellFormed, let hours = Int(text.dropFirst().prefix(2)),
            let minutes = Int(text.suffix(2)), 0...14 ~= hours, 0...59 ~= minutes
        else {
            throw TextProblem(
                "\(ConfigNode.quote(text)) is no offset from UTC",
                hint: "write `UTC`, or how far the clocks are ahead, such as `+01:00`")
        }
        let seconds = hours * 3600 + minutes * 60
        return text.hasPrefix("-") ? -seconds : seconds
    }

    private func check(_ node: ConfigNode, _ decoder: inout ConfigDecoder) {
        switch self.period {
        case .calendar(let unit):
            for key in ["algorithm", "burst"] {
                guard let value = node[key] else { continue }
                decoder.add(
                    at: value, "a turn of the calendar has no `\(key)`",
                    hint: "leave it out, or give the window a duration, such as `per: 24h`")
            }
            let isShort = unit == .minute || unit == .hour
            if isShort, let zone = node["time-zone"] {
                decoder.add(
                    at: zone, "the \(unit.rawValue) turns for every zone at the same time",
                    hint: "leave `time-zone` out")
            }
        case .duration:
            if let zone = node["time-zone"] {
                decoder.add(
                    at: zone, "`time-zone` is for turns of the calendar",
                    hint: "leave it out, or write `per: day`")
            }
            if self.algorithm == .slidingWindow, let burst = node["burst"] {
                decoder.add(
                    at: burst, "a sliding window has no burst",
                    hint: "leave it out, or write `algorithm: token-bucket`")
            }
        }
    }
}

extension BandwidthConfig {
    private static let record = Record(
        "`bandwidth`", "How fast bodies may go, for each key.",
        fields: [
            Field(
                "response", \.response, bytesKind.optional,
                """
                Bytes a second of response bodies.
                """),
            Field(
                "request", \.request, bytesKind.optional,
                """
                Bytes a second of request bodies.
                """),
            Field(
                "burst", \.burst, ValueKind<Int>.size((64 << 10)...(4 << 30)).optional,
                """
                What passes unhindered after a pause; what passes in a second if it is left out, \
                and at least 64KiB.
                """),
        ],
        initial: { BandwidthConfig() },
        check: { node, bandwidth, decoder in
            guard node["response"] == nil, node["request"] == nil else { return }
            decoder.add(
                at: node, "this slows nothing down", hint: "give `response` or `request`")
        })

    private static let bytesKind = ValueKind<Int>.size(1024...(100 << 30))

    /// Short form: of response bodies.
    static let kind = ValueKind<BandwidthConfig>.either(
        bytesKind.map { bytes in
            var bandwidth = BandwidthConfig()
            bandwidth.response = bytes
            return bandwidth
        },
        when: { $0.scalar != nil }, otherwise: record.kind)
}

extension RateLimitUseConfig {
    private static let record = Record(
        "a rate limit's use", "A limit that this route is under.",
        fields: [
            Field(
                "name", \.limit, reference, "One of the main `rate-limits`.", isRequired: true),
            Field(
                "weight", \.weight, .integer(1...1_000_000),
                """
                What one request costs in each of the limit's windows.
                """),
        ],
        initial: { RateLimitUseConfig() },
        check: { node, use, decoder in
            guard let weight = node["weight"], !use.limit.isEmpty else { return }
            decoder.need(.weight(use.weight, limit: use.limit), at: weight.location)
        })

    /// Short form: the limit's name.
    static let kind = ValueKind<RateLimitUseConfig>.either(
        reference.map { name in
            var use = RateLimitUseConfig()
            use.limit = name
            return use
        },
        when: { $0.scalar != nil }, otherwise: record.kind)

    /// A route is under few limits, and under each only once.
    static func check(
        _ uses: [RateLimitUseConfig], _ node: ConfigNode, _ decoder: inout ConfigDecoder
    ) {
        if uses.count > self.countMax {
            decoder.add(
                at: node, "a route is under at most \(self.countMax) rate limits",
                hint: "give one limit several windows")
        }
        var seen: Set<String> = []
        for use in uses where !seen.insert(use.limit).inserted {
            decoder.add(
                at: node, "\(ConfigNode.quote(use.limit)) stands here twice",
                hint: "name it once, with a `weight`")
        }
    }

    private static let reference = ValueKind<String>.string("the name of a rate limit").checked {
        name, node, decoder in
        decoder.refer(to: .rateLimit, node)
        decoder.need(.rateLimit(name), at: node.location)
    }
}

extension ValueKind<RateLimitKeyConfig> {
    static let rateLimitKey = ValueKind<RateLimitKeyConfig>.text(
        "a key such as `{client.network}`", parse: RateLimitKeyText.parse)
}
