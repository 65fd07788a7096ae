import MartletHTTP
import MartletJSON
import MartletSecurity

/// Sessions of people who have logged in with a browser (OpenID Connect).
///
/// A session is a cookie that only Martlet can read; what it says is remembered like a token. The
/// paths of the login are answered here too: the steps of a login are side calls, and what comes of
/// them are the fields of a redirect.
struct SessionMethod: Sendable {
    /// Row of the plan's logins.
    let login: Int
    let forwards: Bool

    func evaluate(
        _ exchange: Exchange, _ state: AuthenticationState
    ) -> AuthenticationPolicy.Outcome {
        self.identity(state.plan.logins[self.login], exchange, state).map { .accepted($0) }
            ?? .absent
    }

    /// What the login's own paths answer, whoever asks; `nil` for all other paths.
    func answer(
        _ exchange: Exchange, _ state: AuthenticationState, index: Int
    ) -> AuthenticationPolicy.Outcome? {
        let plan = state.plan.logins[self.login]
        let head = exchange.request
        let path = head.copy(head.path)
        if path == plan.loginPath {
            guard head.method == .get || head.method == .head else { return nil }
            return self.step(.begin(returnTo: Self.root), plan, exchange, state, index)
        }
        if path == plan.callbackPath { return self.finish(plan, exchange, state, index) }
        guard path == plan.logoutPath else { return nil }
        self.end(plan, exchange, state)
        return self.step(.logOut, plan, exchange, state, index)
    }

    private static let root = [UInt8(ascii: "/")]

    /// Sends a browser that has shown no credentials to the issuer; `nil` for whoever is no
    /// browser that shows a page.
    func begin(
        _ exchange: Exchange, _ state: AuthenticationState, index: Int
    ) -> AuthenticationPolicy.Outcome? {
        let plan = state.plan.logins[self.login]
        let head = exchange.request
        guard head.method == .get || head.method == .head, Self.isNavigation(head) else {
            return nil
        }
        var target = head.copy(head.path)
        if head.hasQuery { target += [UInt8(ascii: "?")] + head.copy(head.query) }
        // `//host` would lead to another host.
        if target.starts(with: [0x2f, 0x2f]) { target = Self.root }
        return self.step(.begin(returnTo: target), plan, exchange, state, index)
    }

    // MARK: Sessions

    private func identity(
        _ plan: LoginPlan, _ exchange: Exchange, _ state: AuthenticationState
    ) -> Identity? {
        // Of two cookies neither counts: one of them is somebody else's.
        guard case .one(let range) = plan.place.find(in: exchange.request) else { return nil }
        return self.identity(of: exchange.request.copy(range), plan, exchange, state)
    }

    /// - `text`: a cookie's value.
    private func identity(
        of text: [UInt8], _ plan: LoginPlan, _ exchange: Exchange, _ state: AuthenticationState
    ) -> Identity? {
        let key = Self.key(plan, text)
        let hash = state.hash(key.span)
        guard !state.plan.hasEnded(session: hash, at: exchange.worker.limitTime) else { return nil }
        let now = exchange.worker.wallSeconds
        if let known = state.cache.find(key.span, hash: hash, epoch: state.epoch, now: now) {
            return known
        }
        guard let content = plan.sessionSeal.open(text.span),
            let claims = try? JSONDocument(content.span), claims.kind(0) == .object,
            case .some(.some(let expiry)) = ClaimRules.time("exp", claims), expiry > now
        else { return nil }
        let identity = JWTMethod.identity(claims, plan.issuerRow, state.plan)
        state.cache.insert(
            identity, for: key.span, hash: hash, epoch: state.epoch,
            expiry: min(expiry, now + JWTMethod.cachedSecondsMax), now: now)
        return identity
    }

    /// What a session is remembered by.
    private static func key(_ plan: LoginPlan, _ text: [UInt8]) -> [UInt8] {
        // No other credential can hold a zero byte, so none of them is taken for a session.
        [0] + Array(plan.name.utf8) + [0] + text
    }

    /// From here on the session is none, whoever has a copy of its cookie.
    ///
    /// Only one that is good is noted, so that nobody can fill the table with nonsense.
    private func end(_ plan: LoginPlan, _ exchange: Exchange, _ state: AuthenticationState) {
        for cookie in Self.cookies(exchange.request, named: { $0 == Array(plan.cookie.utf8) })
        where self.identity(of: cookie.value, plan, exchange, state) != nil {
            state.plan.end(
                session: state.hash(Self.key(plan, cookie.value).span),
                at: exchange.worker.limitTime)
        }
    }

    // MARK: Steps of a login

    private func finish(
        _ plan: LoginPlan, _ exchange: Exchange, _ state: AuthenticationState, _ index: Int
    ) -> AuthenticationPolicy.Outcome {
        let head = exchange.request
        guard head.method == .get else { return .refused(.loginFailed) }
        return self.step(
            .finish(
                query: head.hasQuery ? head.copy(head.query) : [],
                attempts: Self.attempts(plan, head)),
            plan, exchange, state, index)
    }

    private func step(
        _ kind: LoginStep.Kind, _ plan: LoginPlan, _ exchange: Exchange,
        _ state: AuthenticationState, _ index: Int
    ) -> AuthenticationPolicy.Outcome {
        switch exchange.sideAnswers[index] {
        case .yes, .content:
            exchange.replyContent = exchange.sideContents[index]
            return .reply(.login)
        case .no, .unauthenticated: return .refused(.loginFailed)
        case .failed: return .refused(.unavailable)
        case .none: break
        }
        exchange.sideContents[index] = []
        let step = LoginStep(plan: plan, kind: kind, origin: Self.origin(plan, exchange))
        guard state.askAlone(.logIn(step), for: exchange, method: index) else {
            return .refused(.unavailable)
        }
        // A login may look up the discovery document, the keys and the token, one after the other.
        return .wait(
            Wait(
                ticks: 3 * WorkerClock.ticks(plan.timeout) + WorkerClock.ticksPerSecond,
                late: .reply(.problem(.authenticationUnavailable)), continuation: .sameStep))
    }

    private static func origin(_ plan: LoginPlan, _ exchange: Exchange) -> String {
        if let origin = plan.origin { return origin }
        return (exchange.isClientSecure ? "https://" : "http://")
            + String(decoding: exchange.clientAuthority, as: UTF8.self)
    }

    /// What was remembered of the login that this browser comes back from, which `state` names.
    private static func attempts(_ plan: LoginPlan, _ head: RequestHead) -> [LoginAttemptCookie] {
        guard head.hasQuery else { return [] }
        let states = head.copy(head.query).split(separator: UInt8(ascii: "&")).filter {
            $0.starts(with: self.stateParameter)
        }
        let names = states.map { state in
            Array(plan.attemptCookie.utf8)
                + state.dropFirst(self.stateParameter.count).prefix(LoginPlan.attemptNameCount)
        }
        return self.cookies(head, named: names.contains)
    }

    private static let stateParameter = Array("state=".utf8)

    private static func cookies(
        _ head: RequestHead, named isWanted: ([UInt8]) -> Bool
    ) -> [LoginAttemptCookie] {
        var found: [LoginAttemptCookie] = []
        for field in head.headers.fields where field.known == .cookie && !field.isRemoved {
            var pairs = CookiePairs(field.value)
            while let pair = pairs.next(in: head.headers.bytes.span),
                found.count < Self.cookiesMax
            {
                let name = head.copy(pair.name)
                guard isWanted(name) else { continue }
                let value = ByteRange(start: Int(pair.rest.start) + 1, end: pair.rest.end)
                found.append(LoginAttemptCookie(name: name, value: head.copy(value)))
            }
        }
        return found
    }

    /// Cookies of one name that are looked at.
    private static let cookiesMax = 16

    /// A page is wanted, not data for a script: only there a redirect to a form makes sense
    /// (Fetch Metadata; Accept where that is not sent).
    private static func isNavigation(_ head: RequestHead) -> Bool {
        var acceptsPage = false
        for index in head.headers.fields.indices {
            let field = head.headers.fields[index]
            guard !field.isRemoved else { continue }
            if head.headers.isField(index, named: Self.fetchMode.span) {
                return head.copy(field.value) == Self.navigate
            }
            guard field.known == .accept else { continue }
            acceptsPage = acceptsPage || head.headers.text(field.value).contains("text/html")
        }
        return acceptsPage
    }

    private static let fetchMode = Array("sec-fetch-mode".utf8)
    private static let navigate = Array("navigate".utf8)
}
