import MartletHTTP
import MartletSecurity

/// User name and password (RFC 7617).
///
/// A password takes a tenth of a second to check, so another thread does it, and the worker
/// remembers for some minutes that it was right.
struct BasicMethod: Sendable {
    let forwards: Bool

    func evaluate(
        _ exchange: Exchange, _ state: AuthenticationState, index: Int
    ) -> AuthenticationPolicy.Outcome {
        let head = exchange.request
        let place = CredentialPlace.known(.authorization)
        let range: ByteRange
        switch place.find(in: head) {
        case .none: return .absent
        case .several: return .refused(.credentialsAmbiguous)
        case .one(let found): range = found
        }
        guard let field = AuthorizationField(head.copy(range).span) else {
            return .refused(.credentialsMalformed)
        }
        guard field.scheme == .basic else { return .absent }
        return self.check(range, field, exchange, state, index)
    }

    private func check(
        _ range: ByteRange, _ field: AuthorizationField, _ exchange: Exchange,
        _ state: AuthenticationState, _ index: Int
    ) -> AuthenticationPolicy.Outcome {
        let head = exchange.request
        let now = exchange.worker.wallSeconds
        // The scheme is part of it, so that no other credential is the same.
        let value = head.copy(range)
        let hash = state.hash(value.span)
        if let known = state.cache.find(
            value.span, hash: hash, epoch: state.epoch, now: now)
        {
            return .accepted(known)
        }
        guard let credentials = BasicCredentials(value.span.extracting(field.credentials)) else {
            return .refused(.credentialsMalformed)
        }
        exchange.triedCredential = credentials.userName
        exchange.triedUser = credentials.userName
        if let lockout = state.plan.lockout,
            lockout.secondsLocked(credentials.userName.span, at: exchange.worker.limitTime) > 0
        {
            return .refused(.lockedOut)
        }
        // A name that nobody has costs as much time as one that somebody has.
        let password = state.plan.passwords[credentials.userName] ?? state.plan.decoyPassword
        guard let password else { return .refused(.passwordWrong) }
        switch exchange.sideAnswers[index] {
        case .yes where state.plan.passwords[credentials.userName] != nil:
            state.cache.insert(
                password.identity, for: value.span, hash: hash, epoch: state.epoch,
                expiry: now + AuthenticationState.passwordSeconds, now: now)
            return .accepted(password.identity)
        case .yes, .no, .content, .unauthenticated: return .refused(.passwordWrong)
        case .failed: return .refused(.unavailable)
        case .none: break
        }
        let isAsked = state.ask(
            .password(user: credentials.userName, password: credentials.password),
            .verifyPassword(password.hash, password: credentials.password), for: exchange,
            method: index)
        guard isAsked else { return .refused(.unavailable) }
        return .wait(
            Wait(
                ticks: AuthenticationPolicy.waitTicks,
                late: .reply(.problem(.authenticationUnavailable)), continuation: .sameStep))
    }
}
