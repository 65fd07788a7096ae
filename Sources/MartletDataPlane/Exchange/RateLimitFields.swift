import MartletAlgorithms
import MartletHTTP

/// Writes `RateLimit-Policy`, `RateLimit` (draft-ietf-httpapi-ratelimit-headers, revision 11) and
/// `Retry-After` into the answers of routes with limits.
///
/// Into all of them: forwarded, our own, and refusals. An upstream's own such fields speak of
/// limits that clients do not meet here, so they go.
enum RateLimitFields {
    static func write(_ exchange: Exchange) {
        let limits = exchange.generation.plan.rateLimits
        self.write(exchange.rateLimits, limits, to: &exchange.response.headers)
    }

    static func write(
        _ outcome: ExchangeRateLimits, _ limits: ContiguousArray<RateLimitPlan>,
        to headers: inout HeaderList
    ) {
        headers.remove(.rateLimitPolicy)
        headers.remove(.rateLimit)
        self.writePolicies(outcome, limits, &headers)
        self.writeStandings(outcome, limits, &headers)
        guard outcome.isRefused else { return }
        headers.remove(.retryAfter)
        let open = headers.beginField(.retryAfter)
        headers.appendDecimal(outcome.retryAfterSeconds)
        headers.endField(open)
    }

    private static func writePolicies(
        _ outcome: ExchangeRateLimits, _ limits: ContiguousArray<RateLimitPlan>,
        _ headers: inout HeaderList
    ) {
        var open: OpenField?
        for row in 0..<outcome.count {
            let limit = outcome.limit(row)
            guard !limits[limit].policy.isEmpty else { continue }
            self.begin(&open, .rateLimitPolicy, &headers)
            headers.appendBytes(limits[limit].policy)
        }
        if let open { headers.endField(open) }
    }

    /// Of a refusal only what refused it, so that `Retry-After` is never earlier than a `t`.
    private static func writeStandings(
        _ outcome: ExchangeRateLimits, _ limits: ContiguousArray<RateLimitPlan>,
        _ headers: inout HeaderList
    ) {
        var open: OpenField?
        for row in 0..<outcome.count where !outcome.isRefused || row == outcome.refusing {
            let limit = outcome.limit(row)
            for window in 0..<outcome.windowCount(row) {
                let standing = outcome.standing(row, window: window)
                guard !outcome.isFull, !outcome.isRefused || !standing.isAllowed else { continue }
                self.begin(&open, .rateLimit, &headers)
                headers.appendBytes(limits[limit].windowNames[window])
                headers.appendBytes(";r=")
                headers.appendDecimal(standing.remaining)
                headers.appendBytes(";t=")
                headers.appendDecimal(standing.resetSeconds)
            }
            guard let left = outcome.placesLeft(row), !outcome.isRefused || outcome.isFull
            else { continue }
            self.begin(&open, .rateLimit, &headers)
            headers.appendBytes(limits[limit].concurrencyName)
            headers.appendBytes(";r=")
            headers.appendDecimal(UInt64(left))
        }
        if let open { headers.endField(open) }
    }

    /// Begins the field, or separates from the item before.
    private static func begin(
        _ open: inout OpenField?, _ name: HeaderName, _ headers: inout HeaderList
    ) {
        if open == nil {
            open = headers.beginField(name)
        } else {
            headers.appendBytes(", ")
        }
    }

    /// The problem document's `violated-policies` (draft §6.1): the windows without room.
    static func violated(_ exchange: Exchange) -> [UInt8] {
        let outcome = exchange.rateLimits
        guard outcome.isRefused else { return [] }
        let row = outcome.refusing
        let limit = exchange.generation.plan.rateLimits[outcome.limit(row)]
        var names: [[UInt8]] = outcome.isFull ? [limit.concurrencyName] : []
        if !outcome.isFull {
            for window in 0..<outcome.windowCount(row)
            where !outcome.standing(row, window: window).isAllowed {
                names.append(limit.windowNames[window])
            }
        }
        return Array(",\"violated-policies\":[".utf8) + names.joined(separator: [0x2c]) + [0x5d]
    }
}
