import MartletConfig
import MartletHTTP
import MartletSecurity

/// Finds out who calls, by one of several methods or by all of them.
///
/// Immutable; a row of the plan, an object so that a step copies one reference. The first step of
/// its routes. What it finds stands in `Exchange.identity`; why somebody is refused in
/// `Exchange.refusal`, for the log alone.
final class AuthenticationPolicy: Sendable {
    enum Method: Sendable {
        case apiKey(APIKeyMethod)
        case jwt(JWTMethod)
        case basic(BasicMethod)
        case signature(SignatureMethod)
        case hmac(HMACMethod)
        case session(SessionMethod)
        case clientCertificate
    }

    enum Outcome {
        /// No credentials of this kind.
        case absent
        case accepted(Identity)
        case refused(RefusalReason)
        /// Nothing that this method knows, in a field that another method of the policy reads too:
        /// an API key and a token both stand behind `Bearer`.
        case unrecognised(RefusalReason)
        case wait(Wait)
        /// It ends for another reason, such as a body that is too large.
        case reply(LocalReply)
    }

    let methods: [Method]
    let requiresAll: Bool
    /// The consumer of requests without credentials.
    let anonymous: Int32?
    /// Its own row.
    let index: UInt32
    /// What the upstream is not to see of credentials: fields by their names, and the rest.
    let withheldFields: [[UInt8]]
    private let hasSessions: Bool
    let withheld: [WithheldCredential]
    /// Values of `WWW-Authenticate`.
    let challenges: [[UInt8]]
    /// The same for a token that was refused (RFC 6750 §3.1).
    let errorChallenges: [[UInt8]]

    init(
        _ config: AuthenticationPolicyConfig, methods: [Method], anonymous: Int32?, index: UInt32,
        withheld: [WithheldCredential], challenges: [[UInt8]], errorChallenges: [[UInt8]]
    ) {
        self.methods = methods
        self.hasSessions = methods.contains { method in
            if case .session = method { true } else { false }
        }
        self.requiresAll = config.requirement == .all
        self.anonymous = anonymous
        self.index = index
        self.withheldFields = withheld.compactMap(\.fieldName)
        self.withheld = withheld.filter { $0.fieldName == nil }
        self.challenges = challenges
        self.errorChallenges = errorChallenges
    }

    /// What a step waits for at most: longer than any call that it asks for takes by itself.
    static let waitTicks = 65 * WorkerClock.ticksPerSecond

    func apply(to exchange: Exchange) -> Verdict {
        exchange.isCallerChecked = true
        let state = exchange.generation.authentication
        if self.hasSessions, let verdict = self.ownAnswer(exchange, state) { return verdict }
        if let lockout = state.plan.lockout {
            let seconds = lockout.secondsLocked(
                exchange.origin.address, at: exchange.worker.limitTime)
            if seconds > 0 { return self.lockedOut(exchange, seconds) }
        }
        let verdict = self.requiresAll ? self.all(exchange, state) : self.any(exchange, state)
        guard case .next = verdict, let abuse = exchange.generation.plan.abuseDetection,
            let reply = abuse.reply(toConsumerOf: exchange)
        else { return verdict }
        return .reply(reply)
    }

    /// What a login's own paths answer: whoever shows which credentials may log in and out.
    private func ownAnswer(_ exchange: Exchange, _ state: AuthenticationState) -> Verdict? {
        for index in self.methods.indices {
            guard case .session(let method) = self.methods[index],
                let outcome = method.answer(exchange, state, index: index)
            else { continue }
            return self.verdict(outcome, exchange)
        }
        return nil
    }

    /// Of an outcome that no other method changes.
    private func verdict(_ outcome: Outcome, _ exchange: Exchange) -> Verdict? {
        switch outcome {
        case .wait(let wait): .wait(wait)
        case .reply(let reply): .reply(reply)
        case .refused(let reason), .unrecognised(let reason): self.refuse(exchange, reason)
        case .absent, .accepted: nil
        }
    }

    private func any(_ exchange: Exchange, _ state: AuthenticationState) -> Verdict {
        var refusals = Refusals()
        for index in self.methods.indices {
            switch self.evaluate(index, exchange, state) {
            case .absent: continue
            case .accepted(let identity):
                // Else whoever has credentials of their own could try other people's passwords.
                if refusals.failed == .passwordWrong { self.countFailedTry(exchange) }
                exchange.identity = identity
                self.withhold(exchange)
                return .next
            case .refused(let reason): refusals.add(reason)
            case .unrecognised(let reason): refusals.addUnrecognised(reason)
            case .wait(let wait): return .wait(wait)
            case .reply(let reply): return .reply(reply)
            }
        }
        if let reason = refusals.reason { return self.refuse(exchange, reason) }
        return self.nobody(exchange, state)
    }

    /// Why none of the methods has accepted.
    ///
    /// A wrong credential counts for the lockout, whatever else is wrong with others beside it.
    private struct Refusals {
        private var first: RefusalReason?
        private var unrecognised: RefusalReason?
        private(set) var failed: RefusalReason?

        mutating func add(_ reason: RefusalReason) {
            self.first = self.first ?? reason
            if reason.isFailedTry { self.failed = self.failed ?? reason }
        }

        /// Counts only if no other method knows what it is.
        mutating func addUnrecognised(_ reason: RefusalReason) {
            self.unrecognised = self.unrecognised ?? reason
        }

        var reason: RefusalReason? { self.failed ?? self.first ?? self.unrecognised }
    }

    private func all(_ exchange: Exchange, _ state: AuthenticationState) -> Verdict {
        var identity = Identity()
        var absentCount = 0
        for index in self.methods.indices {
            switch self.evaluate(index, exchange, state) {
            case .absent: absentCount += 1
            case .accepted(let other):
                guard let merged = identity.merged(with: other, in: state.plan) else {
                    return self.refuse(exchange, .consumersDiffer)
                }
                identity = merged
            case .refused(let reason), .unrecognised(let reason):
                return self.refuse(exchange, reason)
            case .wait(let wait): return .wait(wait)
            case .reply(let reply): return .reply(reply)
            }
        }
        if absentCount == 0 {
            exchange.identity = identity
            self.withhold(exchange)
            return .next
        }
        guard absentCount == self.methods.count else {
            return self.refuse(exchange, .credentialsMissing)
        }
        return self.nobody(exchange, state)
    }

    /// No credentials at all: the anonymous consumer, or the issuer's page for a browser.
    private func nobody(_ exchange: Exchange, _ state: AuthenticationState) -> Verdict {
        if let anonymous {
            exchange.identity = state.plan.identity(of: anonymous)
            exchange.isAnonymous = true
            self.withhold(exchange)
            return .next
        }
        for index in self.methods.indices {
            guard case .session(let method) = self.methods[index],
                let outcome = method.begin(exchange, state, index: index),
                let verdict = self.verdict(outcome, exchange)
            else { continue }
            return verdict
        }
        return self.refuse(exchange, .credentialsMissing)
    }

    private func evaluate(
        _ index: Int, _ exchange: Exchange, _ state: AuthenticationState
    ) -> Outcome {
        switch self.methods[index] {
        case .apiKey(let method): method.evaluate(exchange, state)
        case .jwt(let method): method.evaluate(exchange, state, index: index)
        case .basic(let method): method.evaluate(exchange, state, index: index)
        case .signature(let method): method.evaluate(exchange, state, index: index)
        case .hmac(let method): method.evaluate(exchange, state, index: index)
        case .session(let method): method.evaluate(exchange, state)
        case .clientCertificate: ClientCertificateMethod.evaluate(exchange, state)
        }
    }

    // MARK: Refusing

    private func refuse(_ exchange: Exchange, _ reason: RefusalReason) -> Verdict {
        exchange.refusal = reason
        if reason == .unavailable { return .reply(.problem(.authenticationUnavailable)) }
        if case .token(.keysMissing) = reason {
            return .reply(.problem(.authenticationUnavailable))
        }
        if reason == .lockedOut {
            let tried = exchange.triedUser
            let seconds =
                exchange.generation.authentication.plan.lockout?.secondsLocked(
                    tried.span, at: exchange.worker.limitTime) ?? 1
            return self.lockedOut(exchange, max(seconds, 1))
        }
        if reason.isFailedTry { self.countFailedTry(exchange) }
        // RFC 6750 §3.1: an error is told of a token that was shown, not of its absence.
        var isToken = false
        if case .token = reason { isToken = true }
        return .reply(.challenge(policy: self.index, hasCredentials: isToken))
    }

    /// Of the address, and of a password's user.
    ///
    /// What is no password is too long to be guessed, and its name no secret: with a count of its
    /// own anybody could lock a partner out.
    private func countFailedTry(_ exchange: Exchange) {
        let tried = exchange.triedUser
        exchange.generation.authentication.plan.lockout?.failed(
            exchange.origin.address, credential: tried.span, at: exchange.worker.limitTime)
    }

    /// Removes what the upstream is not to see: all credentials of the policy's kinds, also those
    /// beside the ones that were accepted.
    private func withhold(_ exchange: Exchange) {
        let head = exchange.request
        for index in self.withheldFields.indices {
            head.headers.removeAnySpelling(of: self.withheldFields[index])
        }
        for index in self.withheld.indices { self.withheld[index].remove(from: exchange) }
    }

    private func lockedOut(_ exchange: Exchange, _ seconds: UInt64) -> Verdict {
        exchange.refusal = .lockedOut
        return .reply(.lockedOut(seconds: UInt32(clamping: seconds)))
    }
}
