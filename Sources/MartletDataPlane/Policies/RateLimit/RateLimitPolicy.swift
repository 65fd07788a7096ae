import MartletAlgorithms
import MartletConfig
import MartletHTTP
import MartletTelemetry

/// The limits that one path pattern of a route is under, asked together (rows D1 to D3).
///
/// Immutable; the counters are the plan's. First the places for requests under way, which can be
/// given back; then every window is looked at; only if all have room are they charged. So a
/// request that is refused by one limit costs nothing under the others, but for one that another
/// worker's request beats to the last of a window.
struct RateLimitPolicy: Sendable {
    struct Use: Sendable {
        /// A row of `Plan.rateLimits`.
        let limit: Int
        let weight: UInt64
        /// `nil`: everybody's requests are counted together.
        let key: RateLimitKey?
    }

    let uses: [Use]
    /// One of the limits is of bandwidth, so bodies are looked at.
    private let pacesBodies: Bool
    private let readsLittle: Bool

    /// - `limits`: what the names are rows of; they have been checked.
    init(
        _ configs: [RateLimitUseConfig], limits: [RateLimitPlan], captureNames: [String]
    ) throws(InvalidPolicy) {
        var uses: [Use] = []
        for config in configs.prefix(RateLimitUseConfig.countMax) {
            guard let index = limits.firstIndex(where: { $0.name == config.limit }) else {
                throw InvalidPolicy("there is no rate limit named `\(config.limit)`")
            }
            var key: RateLimitKey?
            if let template = limits[index].key {
                key = try RateLimitKey(template, captureNames: captureNames)
            }
            uses.append(Use(limit: index, weight: UInt64(clamping: config.weight), key: key))
        }
        self.uses = uses
        self.pacesBodies = uses.contains { use in
            let limit = limits[use.limit]
            return limit.responseBandwidth != nil || limit.requestBandwidth != nil
        }
        self.readsLittle = uses.contains { limits[$0.limit].readsLittle }
    }

    /// Counts the request: the reply if it has to come again, a wait if the key's bandwidth is
    /// used up.
    func apply(to exchange: Exchange) -> Verdict {
        if exchange.rateLimits.hasWaited { return self.awaitBandwidth(exchange) }
        let plan = exchange.generation.plan
        let time = exchange.worker.limitTime
        let first = self.begin(exchange, plan)
        if let refusing = self.enter(exchange, plan, from: first)
            ?? self.charge(exchange, plan, from: first, at: time)
        {
            return .reply(self.refuse(exchange, refusing))
        }
        let shard = exchange.generation.shard
        for index in self.uses.indices {
            shard.rateLimited(limit: self.uses[index].limit, isAllowed: true)
        }
        guard self.pacesBodies else { return .next }
        exchange.isPaced = true
        if self.readsLittle { exchange.readsLittle = true }
        return self.awaitBandwidth(exchange)
    }

    /// Has the exchange wait while its key owes what others have taken: it could end before it is
    /// ever held, and so could all that follow it.
    ///
    /// It holds nothing yet but its head. Whoever has waited goes on, so that streams that are
    /// under way for long do not keep new ones out; but not while the debt is near its bound, as
    /// what goes on then would be counted no more.
    private func awaitBandwidth(_ exchange: Exchange) -> Verdict {
        let hasWaited = exchange.rateLimits.hasWaited
        exchange.rateLimits.hasWaited = false
        let first = max(0, exchange.rateLimits.count - self.uses.count)
        let debt = ExchangeDriver.debt(of: exchange, from: first)
        let most = hasWaited ? BandwidthLimit.debtNanosecondsMax / 2 : 0
        // In a dry run nobody is waited for.
        guard debt > most, exchange.downstream != nil else { return .next }
        exchange.rateLimits.hasWaited = true
        return .wait(
            Wait(
                ticks: debt / WorkerClock.tickNanoseconds + 1, late: .goOn,
                continuation: .sameStep))
    }

    /// Looks at the windows and charges none, for an answer that came before this step.
    func look(_ exchange: Exchange) {
        let plan = exchange.generation.plan
        let time = exchange.worker.limitTime
        for row in self.begin(exchange, plan)..<exchange.rateLimits.count {
            let limit = plan.rateLimits[exchange.rateLimits.limit(row)].windows
            guard let limit else { continue }
            let standing = limit.standing(exchange.rateLimits.key(row), cost: 0, at: time)
            exchange.rateLimits.decided(row, standing)
        }
    }

    /// Notes under which limits and keys the exchange is.
    ///
    /// - Returns: the row of the first.
    private func begin(_ exchange: Exchange, _ plan: Plan) -> Int {
        let first = exchange.rateLimits.count
        for index in self.uses.indices {
            let hash = self.uses[index].key?.hash(exchange, secret: plan.hashSecret) ?? 0
            exchange.rateLimits.append(limit: self.uses[index].limit, key: hash)
        }
        return first
    }

    /// Takes the places for requests under way.
    ///
    /// - Returns: the row of the limit that has none left.
    private func enter(_ exchange: Exchange, _ plan: Plan, from first: Int) -> Int? {
        for index in self.uses.indices {
            guard let limit = plan.rateLimits[self.uses[index].limit].concurrency else { continue }
            let row = first + index
            switch limit.enter(exchange.rateLimits.key(row)) {
            case .entered(let lease, let remaining):
                exchange.rateLimits.entered(row, lease, remaining: remaining)
            case .full, .crowded:
                exchange.rateLimits.foundFull(row)
                return row
            }
        }
        return nil
    }

    /// Charges all windows, or none.
    ///
    /// - Returns: the row of the limit that has no room.
    private func charge(
        _ exchange: Exchange, _ plan: Plan, from first: Int, at time: LimitTime
    ) -> Int? {
        // One limit asks its own windows before it charges them.
        if self.uses.count > 1 {
            for index in self.uses.indices {
                guard let limit = plan.rateLimits[self.uses[index].limit].windows else { continue }
                let row = first + index
                let decision = limit.standing(
                    exchange.rateLimits.key(row), cost: self.uses[index].weight, at: time)
                exchange.rateLimits.decided(row, decision)
                guard decision.isAllowed else { return row }
            }
        }
        for index in self.uses.indices {
            guard let limit = plan.rateLimits[self.uses[index].limit].windows else { continue }
            let row = first + index
            let decision = limit.take(
                exchange.rateLimits.key(row), cost: self.uses[index].weight, at: time)
            exchange.rateLimits.decided(row, decision)
            guard decision.isAllowed else { return row }
        }
        return nil
    }

    private func refuse(_ exchange: Exchange, _ row: Int) -> LocalReply {
        let limit = exchange.rateLimits.limit(row)
        exchange.rateLimits.refuse(row)
        exchange.rateLimits.leave(exchange.generation.plan.rateLimits)
        exchange.record.rateLimit = UInt16(clamping: limit)
        exchange.generation.shard.rateLimited(limit: limit, isAllowed: false)
        return .problem(.quotaExceeded)
    }
}
