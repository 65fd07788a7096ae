import MartletAlgorithms
import MartletConfig

/// What the limits of a route would say of a request that comes alone, in words.
enum RateLimitText {
    static func lines(_ exchange: Exchange) -> [String] {
        let outcome = exchange.rateLimits
        return (0..<outcome.count).flatMap { row in
            self.lines(outcome[row], exchange.generation.plan)
        }
    }

    private static func lines(_ row: ExchangeRateLimits.Row, _ plan: Plan) -> [String] {
        let limit = plan.rateLimits[row.limit]
        let key = limit.key.map { "for each `\($0.text)`" } ?? "for all requests together"
        var lines = ["\(limit.name): \(key)"]
        for window in 0..<row.decision.count {
            let standing = row.decision[window]
            let name = String(
                decoding: limit.windowNames[window].dropFirst().dropLast(), as: UTF8.self)
            let quota = limit.windows?.settings.windows[window].quota ?? 0
            lines.append(
                "  \(name): \(standing.isAllowed ? "room" : "no room"), "
                    + "\(standing.remaining) of \(quota) left")
        }
        if let left = row.placesLeft, let count = limit.concurrency?.limit {
            lines.append("  at the same time: \(left) of \(count) left")
        }
        if let bandwidth = limit.responseBandwidth {
            lines.append("  answers: \(bandwidth.bytesPerSecond) bytes a second")
        }
        if let bandwidth = limit.requestBandwidth {
            lines.append("  bodies of requests: \(bandwidth.bytesPerSecond) bytes a second")
        }
        return lines
    }
}
