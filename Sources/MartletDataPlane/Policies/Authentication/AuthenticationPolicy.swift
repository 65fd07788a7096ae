import MartletHTTP
import MartletSecurity

/// Finds out who calls, by one of several methods or by all of them.
///
/// Immutable; a row of the plan. The first step of its routes. What it finds stands in
/// `Exchange.identity`; why somebody is refused in `Exchange.refusal`, for the log alone.
struct AuthenticationPolicy: Sendable {
    enum Method: Sendable {
        case apiKey(APIKeyMethod)
        case jwt(JWTMethod)
        case basic(BasicMethod)
        case signature(SignatureMethod)
        case session(SessionMethod)
        case clientCertificate
    }

    enum Outcome {
        /// No credentials of this kind.
        case absent
        case accepted(Identity)
        case refused(RefusalReason)
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
    /// Values of `WWW-Authenticate`.
    let challenges: [[UInt8]]
    /// The same for a token that was refused (RFC 6750 §3.1).
    let errorChallenges: [[UInt8]]

    /// What a step waits for at most: longer than any call that it asks for takes by itself.
    static let waitTicks = 65 * WorkerClock.ticksPerSecond

    func apply(to exchange: Exchange) -> Verdict {
        exchange.isCallerChecked = true
        let state = exchange.generation.authentication
        if let lockout = state.plan.lockout {
            let seconds = lockout.secondsLocked(
                exchange.origin.address, at: exchange.worker.limitTime)
            if seconds > 0 { return self.lockedOut(exchange, seconds) }
        }
        return self.requiresAll ? self.all(exchange, state) : self.any(exchange, state)
    }

    private func any(_ exchange: Exchange, _ state: AuthenticationState) -> Verdict {
        var reason: RefusalReason?
        for index in self.methods.indices {
            switch self.evaluate(index, exchange, state) {
            case .absent: continue
            case .accepted(let identity):
                exchange.identity = identity
                return .next
            case .refused(let refused): reason = reason ?? refused
            case .wait(let wait): return .wait(wait)
            case .reply(let reply): return .reply(reply)
            }
        }
        if let reason { return self.refuse(exchange, reason) }
        return self.nobody(exchange, state)
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
            case .refused(let reason): return self.refuse(exchange, reason)
            case .wait(let wait): return .wait(wait)
            case .reply(let reply): return .reply(reply)
            }
        }
        if absentCount == 0 {
            exchange.identity = identity
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
            return .next
        }
        for index in self.methods.indices {
            guard case .session(let method) = self.methods[index],
                let outcome = method.begin(exchange, state, index: index)
            else { continue }
            switch outcome {
            case .wait(let wait): return .wait(wait)
            case .reply(let reply): return .reply(reply)
            case .refused(let reason): return self.refuse(exchange, reason)
            case .absent, .accepted: continue
            }
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
        case .session(let method): method.evaluate(exchange, state, index: index)
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
        if reason.isFailedTry {
            let tried = exchange.triedCredential
            exchange.generation.authentication.plan.lockout?.failed(
                exchange.origin.address, credential: tried.span,
                at: exchange.worker.limitTime)
        }
        return .reply(
            .challenge(policy: self.index, hasCredentials: reason != .credentialsMissing))
    }

    private func lockedOut(_ exchange: Exchange, _ seconds: UInt64) -> Verdict {
        exchange.refusal = .lockedOut
        return .reply(.lockedOut(seconds: UInt32(clamping: seconds)))
    }
}
