import MartletAlgorithms
import MartletHTTP

/// Writes `RateLimit-Policy`, `RateLimit` (draft-ietf-httpapi-ratelimit-headers, revision 11) and
/// `Retry-After` into the answers of routes with limits.
///
/// Into all of them: forwarded, our own, and refusals. An upstream's own such fields speak of
/// limits that clients do not meet here, so they go.
enum RateLimitFields {
    private static let policyName = Array("ratelimit-policy".utf8)
    private static let name = Array("ratelimit".utf8)

    static func write(_ exchange: Exchange) {
        let limits = exchange.generation.plan.rateLimits
        self.write(exchange.rateLimits, limits, to: &exchange.response.headers)
    }

    static func write(
        _ outcome: ExchangeRateLimits, _ limits: ContiguousArray<RateLimitPlan>,
        to headers: inout HeaderList
    ) {
        headers.remove(named: self.policyName.span)
        headers.remove(named: self.name.span)
        self.writePolicies(outcome, limits, &headers)
        self.writeStandings(outcome, limits, &headers)
        guard outcome.isRefused else { return }
        headers.remove(.retryAfter)
        let open = headers.beginField(.retryAfter)
        self.write(outcome.retryAfterSeconds, &headers)
        headers.endField(open)
    }

    private static func writePolicies(
        _ outcome: ExchangeRateLimits, _ limits: ContiguousArray<RateLimitPlan>,
        _ headers: inout HeaderList
    ) {
        var open: OpenField?
        for row in 0..<outcome.count {
            let limit = outcome[row].limit
            guard !limits[limit].policy.isEmpty else { continue }
            self.begin(&open, self.policyName, &headers)
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
            let decision = outcome[row].decision
            let limit = outcome[row].limit
            for window in 0..<decision.count {
                let standing = decision[window]
                guard !outcome.isFull, !outcome.isRefused || !standing.isAllowed else { continue }
                self.begin(&open, self.name, &headers)
                headers.appendBytes(limits[limit].windowNames[window])
                headers.appendBytes(";r=")
                self.write(standing.remaining, &headers)
                headers.appendBytes(";t=")
                self.write(standing.resetSeconds, &headers)
            }
            guard let left = outcome[row].placesLeft, !outcome.isRefused || outcome.isFull
            else { continue }
            self.begin(&open, self.name, &headers)
            headers.appendBytes(limits[limit].concurrencyName)
            headers.appendBytes(";r=")
            self.write(UInt64(left), &headers)
        }
        if let open { headers.endField(open) }
    }

    /// Begins the field, or separates from the item before.
    private static func begin(
        _ open: inout OpenField?, _ name: [UInt8], _ headers: inout HeaderList
    ) {
        if open == nil {
            open = headers.beginField(name: name.span)
        } else {
            headers.appendBytes(", ")
        }
    }

    /// The problem document's `violated-policies` (draft §6.1): the windows without room.
    static func violated(_ exchange: Exchange) -> [UInt8] {
        let outcome = exchange.rateLimits
        guard outcome.isRefused else { return [] }
        let row = outcome[outcome.refusing]
        let limit = exchange.generation.plan.rateLimits[row.limit]
        var names: [[UInt8]] = outcome.isFull ? [limit.concurrencyName] : []
        if !outcome.isFull {
            for window in 0..<row.decision.count where !row.decision[window].isAllowed {
                names.append(limit.windowNames[window])
            }
        }
        return Array(",\"violated-policies\":[".utf8) + names.joined(separator: [0x2c]) + [0x5d]
    }

    private static func write(_ number: UInt64, _ headers: inout HeaderList) {
        var divisor: UInt64 = 1
        while number / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            headers.appendByte(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / divisor % 10))
            divisor /= 10
        }
    }
}
