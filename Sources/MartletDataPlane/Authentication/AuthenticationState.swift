import MartletAlgorithms
import MartletConfig
package import MartletSecurity

/// One worker's state for authentication: what was verified, issuers' keys, what is being asked.
///
/// Confined to its loop. Bounded: the caches by their capacities, what is asked by `callsMax` and
/// `ticketsMax`.
package final class AuthenticationState {
    let plan: AuthenticationPlan
    var cache: CredentialCache<Identity>
    /// What external servers have allowed: field lines for the upstream.
    var allowed: CredentialCache<[UInt8]>
    /// Tokens that an issuer has called inactive: asked about again only after a while.
    var inactive: CredentialCache<Bool>
    var keyMemo: APIKeyMemo
    var tokenHeaders = TokenHeaderMemo()
    private(set) var issuers: [IssuerKeys]
    /// Counts changes of keys: what was verified by older ones is looked at again.
    private(set) var keysVersion: UInt64 = 0
    private var calls: [UInt64: PendingCall] = [:]
    private var lastCall: UInt64 = 0

    /// Answers that are awaited at the same time, by this worker.
    private static let callsMax = 256
    /// Exchanges that wait for one answer.
    private static let ticketsMax = 1024
    /// A verified password is asked for again after this.
    static let passwordSeconds: Int64 = 300
    /// An inactive token is, at most; it may be one that is not good yet.
    static let inactiveSecondsMax: Int64 = 10

    private struct PendingCall {
        let key: CallKey
        var tickets: [(ticket: WaitTicket, method: Int)]
    }

    /// What makes two calls one.
    enum CallKey: Equatable {
        case password(user: [UInt8], password: [UInt8])
        case keys(issuer: Int)
        case token(issuer: Int, [UInt8])
        case request(url: String, [UInt8])
        /// Like no other.
        case single(UInt64)
    }

    init(_ plan: AuthenticationPlan, adopting previous: AuthenticationState?) {
        self.plan = plan
        self.cache = CredentialCache(
            capacity: plan.hasCacheableCredentials ? plan.config.cachedCredentials : 0,
            credentialBytesMax: CompactToken.byteCountMax)
        self.allowed = CredentialCache(
            capacity: plan.rules.cachesExternally ? plan.config.cachedCredentials : 0,
            credentialBytesMax: CompactToken.byteCountMax)
        let introspects = plan.issuers.contains { $0.introspection != nil }
        self.inactive = CredentialCache(
            capacity: introspects ? plan.config.cachedCredentials : 0,
            credentialBytesMax: CompactToken.byteCountMax)
        self.keyMemo = APIKeyMemo(keyCount: plan.keys.count)
        self.issuers = plan.issuers.map { issuer in
            if let source = issuer.source,
                let known = previous?.issuers.first(where: {
                    $0.name == issuer.name && $0.source == source
                })
            {
                return known
            }
            return IssuerKeys(name: issuer.name, source: issuer.source, keys: issuer.keys)
        }
        self.keysVersion = previous?.keysVersion ?? 0
    }

    /// What cached credentials rest on: the plan and the keys.
    var epoch: UInt64 { self.plan.epoch << 32 | self.keysVersion & 0xffff_ffff }

    /// The hash by which cached credentials are found.
    func hash(_ credential: Span<UInt8>) -> UInt64 {
        var hash = KeyedHash(secret: self.plan.secret)
        hash.absorb(part: credential)
        return hash.value
    }

    /// Whether nobody has shown this signature before; asked once for each exchange.
    ///
    /// - `index`: of the method.
    func isFirst(_ signature: [UInt8], _ exchange: Exchange, _ index: Int) -> Bool {
        if exchange.sideAnswers[index] == .yes { return true }
        guard let replays = self.plan.replays else { return true }
        let hash = self.hash(signature.span)
        guard replays.take(hash, cost: 1, at: exchange.worker.limitTime).isAllowed else {
            return false
        }
        exchange.sideAnswers.set(.yes, method: index)
        return true
    }

    /// An issuer's keys have been fetched, and are others than before.
    package func keysArrived(_ keys: KeySet, issuer name: String, url: String) {
        for issuer in self.issuers where issuer.name == name && issuer.source?.url == url {
            issuer.keys = keys
        }
        self.keysVersion += 1
    }

    // MARK: Calls

    /// Has a call made, or joins one that is under way.
    ///
    /// - Returns: whether there is room for it.
    func ask(
        _ key: CallKey, _ call: @autoclosure () -> SideCall, for exchange: Exchange, method: Int
    ) -> Bool {
        if let id = self.calls.first(where: { $0.value.key == key })?.key {
            guard let count = self.calls[id]?.tickets.count, count < Self.ticketsMax else {
                return false
            }
            self.calls[id]?.tickets.append((exchange.makeWaitTicket(), method))
            return true
        }
        guard self.calls.count < Self.callsMax, let service = exchange.worker.sideCalls else {
            return false
        }
        self.lastCall += 1
        let id = self.lastCall
        self.calls[id] = PendingCall(key: key, tickets: [(exchange.makeWaitTicket(), method)])
        exchange.worker.start(call(), on: service, for: self) { state, answer in
            state.answered(id, answer)
        }
        return true
    }

    /// Has a call made that is this exchange's alone.
    func askAlone(_ call: @autoclosure () -> SideCall, for exchange: Exchange, method: Int) -> Bool
    {
        self.ask(.single(self.lastCall), call(), for: exchange, method: method)
    }

    /// Tells those who wait.
    private func answered(_ id: UInt64, _ answer: SideCallAnswer) {
        guard let call = self.calls.removeValue(forKey: id) else { return }
        for (ticket, method) in call.tickets where ticket.isValid {
            ticket.exchange.sideAnswers.set(answer, method: method)
            switch answer {
            case .content(let content), .unauthenticated(let content):
                ticket.exchange.sideContents[method] = content
            case .yes, .no, .failed: break
            }
            ExchangeDriver.resume(ticket)
        }
    }
}
