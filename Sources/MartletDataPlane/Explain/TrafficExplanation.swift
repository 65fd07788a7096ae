import MartletAlgorithms
import MartletConfig
import MartletHTTP

/// How the endpoint of a request would be chosen and which tries it has, in words.
///
/// Asks the same picker that the worker asks, with nothing in flight and everything healthy.
enum TrafficExplanation {
    static func lines(_ exchange: Exchange, _ upstream: Upstream) -> [String] {
        guard let traffic = upstream.traffic else { return [] }
        return Self.balancing(exchange, upstream, traffic) + Self.tries(exchange, traffic)
    }

    /// Which side of a release the request is on.
    static func release(_ exchange: Exchange) -> [String] {
        let extras = exchange.generation.plan.extras(of: exchange.route)
        guard let index = extras?.release else { return [] }
        let plan = exchange.generation.plan.releases[index]
        let names = plan.variantNames.joined(separator: ", ")
        switch plan.placement(of: exchange) {
        case .canary: return ["release \(plan.name): gets \(names) by `always`"]
        case .baseline: return ["release \(plan.name): takes no part, gets \(plan.baseline)"]
        case .byShare: break
        }
        guard let hash = plan.cohort.hash(of: exchange) else {
            return ["release \(plan.name) with \(names): by chance, as it has no cohort"]
        }
        let point = Cohort.point(of: hash, salt: plan.salt)
        let line = "release \(plan.name) with \(names): at \(point) of \(Cohort.pointCount)"
        guard plan.rollout == nil else { return [line + ", below the canary's share it gets it"] }
        let variant = TrafficSplit(shares: plan.shares).variant(at: point)
        return [line + ", gets \(variant.map { plan.variantNames[$0] } ?? plan.baseline)"]
    }

    /// Who else hears of the request, and who answers if the upstream does not.
    static func others(_ exchange: Exchange) -> [String] {
        let plan = exchange.generation.plan
        var lines: [String] = []
        if plan.document.loadShedding != nil, let importance = exchange.route?.importance {
            lines.append("load-shedding: of \(importance) importance")
        }
        if let row = plan.extras(of: exchange.route)?.fallback {
            let fallback = plan.fallbacks[row]
            let names = [
                fallback.upstream.map { "upstream \(plan.upstreams[$0].name)" },
                fallback.reply.map { "status \(plan.staticReplies[Int($0)].status)" },
            ].compactMap { $0 }
            lines.append("fallback \(names.joined(separator: ", then "))")
        }
        if let row = plan.extras(of: exchange.route)?.mirror {
            let mirror = plan.mirrors[row]
            let isMeant = mirror.config.includesUnsafe || exchange.request.method.isSafe
            let share = Double(mirror.config.share) / 100
            lines.append(
                "mirror \(mirror.name) to upstream \(mirror.config.upstream): "
                    + (isMeant ? "\(share) % of such requests" : "not of this method"))
        }
        return lines
    }

    private static func balancing(
        _ exchange: Exchange, _ upstream: Upstream, _ traffic: UpstreamTraffic
    ) -> [String] {
        let settings = traffic.plan.settings
        var lines: [String] = []
        var request = PickRequest()
        switch traffic.plan.hashing {
        case nil: lines.append("balancing \(settings.balancing.algorithm.rawValue)")
        case let hashing?:
            request.hash = hashing.hash(of: exchange)
            let sources = settings.balancing.hashOn.map(\.text).joined(separator: ", ")
            lines.append(
                "balancing consistent-hash by \(sources)"
                    + (request.hash == nil ? ": the request has none of them" : ""))
        }
        if let sticky = traffic.plan.sticky {
            request.boundIdentifier = sticky.boundIdentifier(exchange.request.headers)
            lines.append(
                "sticky by cookie \(settings.balancing.sticky?.cookie ?? ""): "
                    + (request.boundIdentifier == nil ? "not bound yet" : "bound"))
        }
        var random = SeededRandom(seed: 1)
        if request.hash != nil || request.boundIdentifier != nil,
            case .endpoint(let index) = traffic.picker.pick(request, now: 0, random: &random)
        {
            lines.append("endpoint \(upstream.plan.endpoints[index].text)")
        }
        return lines + Self.shares(upstream, traffic)
    }

    /// Which endpoints get traffic while all is well, if not all do.
    private static func shares(_ upstream: Upstream, _ traffic: UpstreamTraffic) -> [String] {
        let tiers = traffic.plan.balancing.tiers
        guard tiers.count > 1 else { return [] }
        return tiers.enumerated().map { place, tier in
            let names = tier.members.map { upstream.plan.endpoints[$0].text }
            let order = place == 0 ? "first" : "then"
            return "\(order) \(names.joined(separator: ", "))"
        }
    }

    private static func tries(_ exchange: Exchange, _ traffic: UpstreamTraffic) -> [String] {
        let settings = traffic.plan.settings
        let extras = exchange.generation.plan.extras(of: exchange.route)
        let own = extras?.retries.map { exchange.generation.plan.retries[$0] }
        let plan = own ?? traffic.plan.retries
        var lines = ["tries \(Self.text(plan, isIdempotent: exchange.request.method.isIdempotent))"]
        if let hedging = settings.hedging {
            let fixed = hedging.after.map { "\(WorkerClock.nanoseconds($0) / 1_000_000) ms" }
            let delay = fixed ?? "what \(hedging.percentile) % take"
            lines.append(
                exchange.request.method.isSafe
                    ? "hedging after \(delay)" : "hedging not of this method")
        }
        if settings.circuitBreaker != nil { lines.append("circuit-breaker closed") }
        if settings.endpointCircuitBreaker != nil {
            lines.append("endpoint-circuit-breaker closed")
        }
        if settings.adaptive != nil { lines.append("adaptive-concurrency") }
        if let limit = settings.requestCountMax { lines.append("max-requests \(limit)") }
        return lines
    }

    private static func text(_ plan: RetryPlan, isIdempotent: Bool) -> String {
        guard plan.tryCountMax > 1 else { return "1" }
        var causes: [String] = []
        if plan.conditions.contains(.connectFailure) { causes.append("connect-failure") }
        if plan.conditions.contains(.refused) { causes.append("refused") }
        if isIdempotent || plan.includesUnsafe {
            if plan.conditions.contains(.connectionLost) { causes.append("connection-lost") }
            if plan.conditions.contains(.timeout) { causes.append("timeout") }
            if plan.conditions.contains(.status) {
                causes += (400..<600).filter { plan.statuses.contains(UInt16($0)) }
                    .map(String.init)
            }
        }
        return "\(plan.tryCountMax) on \(causes.joined(separator: ", "))"
    }
}
