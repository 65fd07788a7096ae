import MartletAlgorithms
import MartletConfig
import MartletHTTP
import MartletTelemetry

/// Watches what clients do over many requests, and keeps those out for a while whose points are too
/// many (row C7).
///
/// Immutable but for the counters, which all workers share and which are kept over reloads while
/// their settings stay the same.
package final class AbuseDetection: Sendable {
    private let table: PenaltyTable
    private let action: FindingAction
    private let countsAddresses: Bool
    private let countsConsumers: Bool
    private let exempt: AddressBlocks
    /// By the raw value of the sign.
    private let scores: [UInt16]
    /// Rows of consumers that stand for everybody without credentials.
    private let isAnonymous: [Bool]
    private let secret: HashSecret

    /// `nil` if the document has none.
    init?(_ document: ConfigDocument, secret: HashSecret, previous: AbuseDetection?) {
        guard let config = document.abuseDetection else { return nil }
        let settings = PenaltyTable.Settings(
            threshold: UInt64(clamping: config.threshold),
            decayNanoseconds: WorkerClock.nanoseconds(config.decay),
            blockNanoseconds: WorkerClock.nanoseconds(config.blockFor), keysMax: config.maxTracked)
        if let previous, previous.table.settings == settings {
            self.table = previous.table
        } else {
            guard let table = PenaltyTable(settings, at: LimitTime(monotonic: 0, wall: 0)) else {
                return nil
            }
            self.table = table
        }
        self.action = FindingAction(config.action)
        self.countsAddresses = config.keys.contains(.address)
        self.countsConsumers = config.keys.contains(.consumer)
        self.exempt = AddressBlocks(blocks: config.exempt) ?? .none
        self.scores = AbuseSign.allCases.map { $0.score(config.scores) }
        let anonymous = Set(document.policies.compactMap(\.anonymous))
        self.isAnonymous = document.consumers.map { anonymous.contains($0.name) }
        self.secret = secret
    }

    // MARK: Keeping out

    /// Once it is known where the request comes from.
    func reply(toAddressOf exchange: Exchange) -> LocalReply? {
        guard self.action == .blocked, self.countsAddresses else { return nil }
        let seconds = self.table.secondsBlocked(
            self.key(exchange.origin.address), at: exchange.worker.limitTime)
        guard seconds > 0, self.watches(exchange), Self.isClient(exchange) else { return nil }
        return self.reply(exchange, .addressBlocked, seconds)
    }

    /// Once it is known who calls.
    func reply(toConsumerOf exchange: Exchange) -> LocalReply? {
        guard self.action == .blocked, self.countsConsumers,
            let key = self.consumerKey(exchange)
        else { return nil }
        let seconds = self.table.secondsBlocked(key, at: exchange.worker.limitTime)
        guard seconds > 0, self.watches(exchange) else { return nil }
        return self.reply(exchange, .consumerBlocked, seconds)
    }

    private func reply(
        _ exchange: Exchange, _ reason: RefusalReason, _ seconds: UInt64
    ) -> LocalReply {
        exchange.isCallerChecked = true
        exchange.refusal = reason
        return .blocked(seconds: UInt32(clamping: seconds))
    }

    private func watches(_ exchange: Exchange) -> Bool {
        exchange.listener.plan.detectsAbuse && !self.exempt.contains(exchange.origin.address)
    }

    /// Where a trusted proxy does not say for whom it asks, its address is that of everybody behind
    /// it.
    private static func isClient(_ exchange: Exchange) -> Bool {
        !exchange.listener.plan.trustedProxies.contains(exchange.origin.address)
    }

    // MARK: Counting

    /// Counts what the exchange says of its client: once, for the sign with the most points.
    func exchangeEnded(_ exchange: Exchange) {
        let trap = exchange.generation.plan.extras(of: exchange.route)?.abuseScore ?? 0
        var (sign, points) = (AbuseSign.trap, trap)
        for other in [AbuseSign(answerOf: exchange), AbuseSign(findingOf: exchange)] {
            guard let other, self.scores[Int(other.rawValue)] > points else { continue }
            (sign, points) = (other, self.scores[Int(other.rawValue)])
        }
        guard points > 0, self.watches(exchange) else { return }
        var isCounted = false
        if self.countsAddresses, Self.isClient(exchange) {
            let key = self.key(exchange.origin.address)
            isCounted = self.count(sign, points, key, .address, exchange)
        }
        if self.countsConsumers, let key = self.consumerKey(exchange) {
            isCounted = self.count(sign, points, key, .consumer, exchange) || isCounted
        }
        guard isCounted else { return }
        exchange.record.abuseSign = sign.rawValue
        exchange.record.abusePoints = points
        exchange.generation.shard.abused(sign, points: UInt64(points))
    }

    /// - Returns: whether it counts; the same again does not, where it says nothing new.
    private func count(
        _ sign: AbuseSign, _ points: UInt16, _ key: UInt64, _ kind: AbuseKey, _ exchange: Exchange
    ) -> Bool {
        let time = exchange.worker.limitTime
        if sign.isOfPath {
            var deed = KeyedHash(secret: self.secret)
            deed.absorb(key)
            Self.absorb(exchange.receivedPath, of: exchange.request.headers, into: &deed)
            guard self.table.isNew(deed.value, at: time) else { return false }
        }
        guard self.table.add(UInt64(points), to: key, at: time) else { return true }
        exchange.record.abuseAction = self.action
        exchange.generation.shard.clientBlocked(by: kind, self.action)
        exchange.worker.blockedClients.add(
            BlockedClient(
                exchange, kind, sign: sign, action: self.action, seconds: self.table.blockSeconds))
        return true
    }

    // MARK: Keys

    private func key(_ address: ClientAddress) -> UInt64 {
        var hash = KeyedHash(secret: self.secret)
        hash.absorb(UInt64(AbuseKey.address.rawValue))
        hash.absorb(client: address)
        return hash.value
    }

    /// `nil` for somebody who is not known, and for who stands for everybody.
    ///
    /// Of a consumer that many tokens are of, each subject by itself.
    private func consumerKey(_ exchange: Exchange) -> UInt64? {
        let identity = exchange.identity
        let consumer = Int(identity.consumer)
        if consumer >= 0, consumer < self.isAnonymous.count, self.isAnonymous[consumer] {
            return nil
        }
        let name = exchange.consumerName
        let subject = exchange.identityTexts?.subject ?? []
        guard !name.isEmpty || !subject.isEmpty else { return nil }
        var hash = KeyedHash(secret: self.secret)
        hash.absorb(UInt64(AbuseKey.consumer.rawValue))
        hash.absorb(part: name.span)
        hash.absorb(part: subject.span)
        hash.absorb(UInt64(UInt32(bitPattern: identity.issuer)))
        return hash.value
    }

    private static func absorb(
        _ range: ByteRange, of headers: borrowing HeaderList, into hash: inout KeyedHash
    ) {
        hash.absorb(part: headers.span(range))
    }
}
