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
        guard outcome.count > 0 else { return }
        self.writePolicies(outcome, limits, &headers)
        self.writeStandings(outcome, limits, &headers)
        guard outcome.isRefused else { return }
        headers.remove(.retryAfter)
        headers.add(.retryAfter, valueBytesMax: RateLimitPlan.digitsMax) { cursor in
            cursor.writeDecimal(outcome.retryAfterSeconds)
        }
    }

    /// `RateLimit-Limit` of older drafts, and what came before all of them.
    private static let olderPrefixes = ["ratelimit-", "x-ratelimit-"].map { Array($0.utf8) }

    /// Removes what an upstream says in those; before anything that the route itself sets.
    static func removeOlder(from headers: inout HeaderList) {
        guard headers.presence & HeaderName.other.bit != 0 else { return }
        for prefix in self.olderPrefixes { headers.removeAnySpelling(beginning: prefix) }
    }

    private static func writePolicies(
        _ outcome: ExchangeRateLimits, _ limits: ContiguousArray<RateLimitPlan>,
        _ headers: inout HeaderList
    ) {
        let first = outcome.limit(0)
        if outcome.count == 1, !limits[first].policyLine.isEmpty {
            return headers.addLine(
                limits[first].policyLine, nameCount: RateLimitPlan.policyNameCount,
                known: .rateLimitPolicy)
        }
        var bytesMax = 0
        for row in 0..<outcome.count { bytesMax += limits[outcome.limit(row)].policy.count + 2 }
        headers.add(.rateLimitPolicy, valueBytesMax: bytesMax) { cursor in
            let start = cursor.count
            for row in 0..<outcome.count {
                let limit = outcome.limit(row)
                guard !limits[limit].policy.isEmpty else { continue }
                if cursor.count > start { cursor.write(", ") }
                cursor.write(limits[limit].policy)
            }
        }
    }

    private static func writeStandings(
        _ outcome: ExchangeRateLimits, _ limits: ContiguousArray<RateLimitPlan>,
        _ headers: inout HeaderList
    ) {
        var bytesMax = 0
        for row in 0..<outcome.count { bytesMax += limits[outcome.limit(row)].standingBytesMax }
        headers.add(.rateLimit, valueBytesMax: bytesMax) { cursor in
            let start = cursor.count
            // Of a refusal only what refused it, so that `Retry-After` is never earlier than a `t`.
            for row in 0..<outcome.count where !outcome.isRefused || row == outcome.refusing {
                self.write(row, of: outcome, limits, from: start, to: &cursor)
            }
        }
    }

    /// - `start`: where the field's value begins.
    private static func write(
        _ row: Int, of outcome: ExchangeRateLimits, _ limits: ContiguousArray<RateLimitPlan>,
        from start: Int, to cursor: inout ByteCursor
    ) {
        let limit = outcome.limit(row)
        for window in 0..<outcome.windowCount(row) {
            let standing = outcome.standing(row, window: window)
            guard !outcome.isFull, !outcome.isRefused || !standing.isAllowed else { continue }
            if cursor.count > start { cursor.write(", ") }
            cursor.write(limits[limit].windowNames[window])
            cursor.write(";r=")
            cursor.writeDecimal(standing.remaining)
            cursor.write(";t=")
            cursor.writeDecimal(standing.resetSeconds)
        }
        guard let left = outcome.placesLeft(row), !outcome.isRefused || outcome.isFull
        else { return }
        if cursor.count > start { cursor.write(", ") }
        cursor.write(limits[limit].concurrencyName)
        cursor.write(";r=")
        cursor.writeDecimal(UInt64(left))
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
