package import MartletAlgorithms
import MartletConfig
import MartletHTTP

/// One limit, compiled: its counters, which all workers and generations share, and what answers
/// tell of it.
///
/// A row of `Plan.rateLimits`. Immutable but for the counters, which are atomic (ADR 30).
package struct RateLimitPlan: Sendable {
    package let name: String
    let key: RateLimitKeyConfig?
    let keysMax: Int?
    /// `nil` without windows.
    package let windows: SharedLimit?
    package let concurrency: ConcurrencyLimit?
    let responseBandwidth: BandwidthLimit?
    let requestBandwidth: BandwidthLimit?
    /// Each window's name in quotes, for `RateLimit`.
    let windowNames: [[UInt8]]
    /// The name for `concurrency`, in quotes.
    let concurrencyName: [UInt8]
    /// What `RateLimit-Policy` says of this limit; empty if it says nothing.
    let policy: [UInt8]
    /// The whole field, for routes with this limit alone; empty if it says nothing.
    let policyLine: [UInt8]
    /// Of the items of `RateLimit`, with what stands between them.
    let standingBytesMax: Int

    /// No 64-bit number has more.
    static let digitsMax = 20
    static let policyNameCount = HeaderName.rateLimitPolicy.text.utf8CodeUnitCount

    /// Memory of all counters once every key has been used.
    package var byteCount: Int {
        (self.windows?.byteCount ?? 0) + (self.concurrency?.byteCount ?? 0)
            + (self.responseBandwidth?.byteCount ?? 0) + (self.requestBandwidth?.byteCount ?? 0)
    }

    /// How many keys have lost their place to others while they were counted.
    package var evictionCount: UInt64 {
        (self.windows?.evictionCount ?? 0) &+ (self.responseBandwidth?.evictionCount ?? 0)
            &+ (self.requestBandwidth?.evictionCount ?? 0)
    }

    /// Answers are to be read in small pieces.
    ///
    /// A large one would be seconds' worth of a low rate, for which all others of the key wait. But
    /// a small burst is used up between two ticks, and only large pieces make up for that.
    var readsLittle: Bool {
        guard let bandwidth = self.responseBandwidth else { return false }
        return bandwidth.bytesPerSecond <= Self.littleBytesPerSecond
            && bandwidth.burst >= bandwidth.bytesPerSecond / 4
    }

    private static let littleBytesPerSecond: UInt64 = 4 * 1024 * 1024
}

/// Makes the limits of a plan; those that are as they were keep their counters.
struct RateLimitCompiler {
    /// Counters count from here on.
    ///
    /// The workers' clock begins when the machine does, which is early enough for all of them.
    private static let origin = LimitTime(monotonic: 0, wall: 0)

    private let previous: [RateLimitPlan]
    private(set) var diagnostics: [Diagnostic] = []

    init(previous: Plan?) { self.previous = Array(previous?.rateLimits ?? []) }

    mutating func compile(_ configs: [RateLimitConfig]) -> [RateLimitPlan] {
        configs.map { self.compile($0) }
    }

    private mutating func compile(_ config: RateLimitConfig) -> RateLimitPlan {
        let keysMax = config.key == nil ? nil : config.maxKeys
        let known = self.previous.first {
            $0.name == config.name && $0.key?.pieces == config.key?.pieces
                && $0.keysMax == keysMax
        }
        let names = config.windows.indices.map { Self.quoted(config.policyName(ofWindow: $0)) }
        let concurrencyName = Self.quoted("\(config.name)-concurrency")
        let policy = Self.policy(config, names, concurrencyName)
        // `, "NAME";r=…;t=…` for each window, and the places.
        let numberBytesMax = 2 * (RateLimitPlan.digitsMax + 4)
        return RateLimitPlan(
            name: config.name, key: config.key, keysMax: keysMax,
            windows: self.windows(config, keysMax, known?.windows),
            concurrency: self.concurrency(config, keysMax, known?.concurrency),
            responseBandwidth: self.bandwidth(
                config, config.bandwidth?.response, keysMax, known?.responseBandwidth),
            requestBandwidth: self.bandwidth(
                config, config.bandwidth?.request, keysMax, known?.requestBandwidth),
            windowNames: names, concurrencyName: concurrencyName,
            policy: policy, policyLine: Self.line(policy),
            standingBytesMax: (names + [concurrencyName]).reduce(0) {
                $0 + $1.count + numberBytesMax
            })
    }

    // MARK: Counters

    private mutating func windows(
        _ config: RateLimitConfig, _ keysMax: Int?, _ known: SharedLimit?
    ) -> SharedLimit? {
        guard !config.windows.isEmpty else { return nil }
        var windows: [LimitWindow] = []
        for (index, window) in config.windows.enumerated() {
            guard let compiled = Self.window(window, hasKeys: keysMax != nil) else {
                self.refuse(
                    config, "windows[\(index)]", at: window.source,
                    "\(window.limit) in \(window.period.text) is more than is counted",
                    hint: Self.bounds(window))
                continue
            }
            windows.append(compiled)
        }
        guard windows.count == config.windows.count else { return nil }
        let settings = LimitSettings(name: config.name, windows: windows, keysMax: keysMax)
        if let known, known.settings == settings { return known }
        let limit = SharedLimit(settings, at: Self.origin)
        if limit == nil { self.refuseMemory(config) }
        return limit
    }

    private static func window(_ config: RateLimitWindowConfig, hasKeys: Bool) -> LimitWindow? {
        let limit = UInt64(clamping: config.limit)
        switch config.period {
        case .calendar(let unit):
            guard
                let zone = TimeZoneOffsets(first: Int32(clamping: config.utcOffset), changes: [])
            else { return nil }
            return PeriodQuota(limit: limit, per: self.period(unit), in: zone)
                .map(LimitWindow.quota)
        case .duration(let duration):
            let period = self.nanoseconds(duration)
            switch config.algorithm {
            case .tokenBucket:
                return TokenBucket(
                    tokens: limit, per: period,
                    burst: config.burst.map(UInt64.init(clamping:)) ?? limit
                ).map(LimitWindow.tokenBucket)
            case .slidingWindow:
                return SlidingWindow(
                    limit: limit, per: period, stateBitsMax: hasKeys ? 52 : 64
                ).map(LimitWindow.slidingWindow)
            }
        }
    }

    private static func bounds(_ config: RateLimitWindowConfig) -> String {
        switch (config.period, config.algorithm) {
        case (.calendar, _): "at most 33554431 a minute, 2147483647 an hour, 34359738367 a day"
        case (.duration, .tokenBucket): "at most about 7000000 a second"
        case (.duration, .slidingWindow):
            "at most 1048575 with a key, 67108863 without; `token-bucket` counts more"
        }
    }

    private static func period(_ unit: RateLimitWindowConfig.CalendarUnit) -> CalendarPeriod {
        switch unit {
        case .minute: .minute
        case .hour: .hour
        case .day: .day
        case .week: .week
        case .month: .month
        }
    }

    static func nanoseconds(_ duration: Duration) -> UInt64 {
        let (seconds, attoseconds) = duration.components
        let (whole, isOver) = UInt64(clamping: seconds).multipliedReportingOverflow(
            by: 1_000_000_000)
        return isOver ? .max : whole &+ UInt64(clamping: attoseconds / 1_000_000_000)
    }

    private mutating func concurrency(
        _ config: RateLimitConfig, _ keysMax: Int?, _ known: ConcurrencyLimit?
    ) -> ConcurrencyLimit? {
        guard let count = config.concurrency else { return nil }
        // Requests that are under way count under the new number too.
        let limit =
            known?.changed(to: UInt32(clamping: count))
            ?? ConcurrencyLimit(limit: UInt32(clamping: count), keysMax: keysMax)
        if limit == nil { self.refuseMemory(config) }
        return limit
    }

    private mutating func bandwidth(
        _ config: RateLimitConfig, _ rate: Int?, _ keysMax: Int?, _ known: BandwidthLimit?
    ) -> BandwidthLimit? {
        guard let rate else { return nil }
        let burst = config.bandwidth?.burst ?? max(rate, Self.burstBytesMin)
        if let known, known.bytesPerSecond == rate, known.burst == burst { return known }
        let limit = BandwidthLimit(
            bytesPerSecond: UInt64(clamping: rate), burst: UInt64(clamping: burst),
            keysMax: keysMax, at: Self.origin)
        if limit == nil { self.refuseMemory(config) }
        return limit
    }

    /// More than one read of a socket brings.
    private static let burstBytesMin = 64 * 1024

    private mutating func refuseMemory(_ config: RateLimitConfig) {
        self.refuse(
            config, "max-keys", at: config.source, "there is no memory for so many keys",
            hint: "give a smaller `max-keys`")
    }

    private mutating func refuse(
        _ config: RateLimitConfig, _ key: String, at source: SourceLocation, _ message: String,
        hint: String
    ) {
        self.diagnostics.append(
            Diagnostic(
                .error, at: source, path: "rate-limits.\(config.name).\(key)", message, hint: hint))
    }

    // MARK: Texts

    private static func line(_ policy: [UInt8]) -> [UInt8] {
        guard !policy.isEmpty else { return [] }
        return Array("\(HeaderName.rateLimitPolicy.text): ".utf8) + policy + [13, 10]
    }

    /// A string of RFC 9651; names hold nothing that it would escape.
    private static func quoted(_ name: String) -> [UInt8] { Array("\"\(name)\"".utf8) }

    /// The limit's items of `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers §3).
    private static func policy(
        _ config: RateLimitConfig, _ names: [[UInt8]], _ concurrencyName: [UInt8]
    ) -> [UInt8] {
        var items: [String] = []
        for (index, window) in config.windows.enumerated() {
            let name = String(decoding: names[index], as: UTF8.self)
            guard let compiled = self.window(window, hasKeys: config.key != nil) else { continue }
            // A month has no length of its own, and `w` is optional.
            let length = compiled.seconds.map { ";w=\($0)" } ?? ""
            items.append("\(name);q=\(compiled.quota)\(length)")
        }
        if let count = config.concurrency {
            let name = String(decoding: concurrencyName, as: UTF8.self)
            items.append("\(name);q=\(count);qu=\"concurrent-requests\"")
        }
        return Array(items.joined(separator: ", ").utf8)
    }
}
