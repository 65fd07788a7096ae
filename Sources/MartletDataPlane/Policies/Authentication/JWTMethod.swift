import MartletHTTP
import MartletJSON
import MartletSecurity

/// Signed tokens (RFC 7519, RFC 6750, RFC 8725).
///
/// A token that was verified is remembered until it expires, or the issuer's keys change.
struct JWTMethod: Sendable {
    /// Rows of the issuers whose tokens are taken.
    let issuers: [Int]
    /// `nil`: `Authorization: Bearer`.
    let place: CredentialPlace?
    let forwards: Bool

    /// A token is verified again after so long, even without `exp`.
    static let cachedSecondsMax: Int64 = 3600

    func evaluate(
        _ exchange: Exchange, _ state: AuthenticationState, index: Int
    ) -> AuthenticationPolicy.Outcome {
        let place = self.place ?? .known(.authorization)
        let value: [UInt8]
        switch place.find(in: exchange.request) {
        case .none: return .absent
        case .several: return .refused(.credentialsAmbiguous)
        case .one(let found): value = exchange.request.copy(found)
        }
        var credentials = value.indices
        if self.place == nil {
            guard let field = AuthorizationField(value.span) else {
                return .refused(.credentialsMalformed)
            }
            guard field.scheme == .bearer else { return .absent }
            credentials = field.credentials
        }
        let now = exchange.worker.wallSeconds
        let hash = state.hash(value.span.extracting(credentials))
        if let known = state.cache.find(
            value.span.extracting(credentials), hash: hash, epoch: state.epoch, now: now),
            self.issuers.contains(Int(known.issuer))
        {
            return self.accepted(known, exchange)
        }
        let outcome = self.check(Array(value[credentials]), hash, exchange, state, index)
        guard case .accepted(let identity) = outcome else { return outcome }
        return self.accepted(identity, exchange)
    }

    /// A method beside it may have the same field forwarded when it is its own.
    private func accepted(
        _ identity: Identity, _ exchange: Exchange
    ) -> AuthenticationPolicy.Outcome {
        if self.place == nil, !self.forwards {
            CredentialPlace.known(.authorization).remove(from: exchange)
        }
        return .accepted(identity)
    }

    private func check(
        _ text: [UInt8], _ hash: UInt64, _ exchange: Exchange, _ state: AuthenticationState,
        _ index: Int
    ) -> AuthenticationPolicy.Outcome {
        let now = exchange.worker.wallSeconds
        let opaque = self.issuers.first { state.plan.issuers[$0].introspection != nil }
        do throws(TokenRefusal) {
            let token = try CompactToken(text.span, headers: &state.tokenHeaders)
            let claims = try TokenIssuer.claims(of: token)
            var refusal = TokenRefusal.issuerUnknown
            for row in self.issuers
            where state.plan.issuers[row].introspection == nil
                && Self.isFor(claims, state.plan.issuers[row])
            {
                let keys = state.issuers[row].keys
                let found = state.plan.issuers[row].issuer.check(
                    token, claims: claims, keys: keys, now: now)
                guard let found else {
                    let identity = Self.identity(claims, row, state.plan)
                    state.cache.insert(
                        identity, for: text.span, hash: hash, epoch: state.epoch,
                        expiry: min(identity.expiry, now + Self.cachedSecondsMax), now: now)
                    return .accepted(identity)
                }
                refusal = found
                if let wait = self.waitForKeys(refusal, row, exchange, state, index) {
                    return .wait(wait)
                }
            }
            // Nobody else has made it.
            if let opaque, refusal == .issuerUnknown {
                return self.introspect(text, opaque, exchange, state, index)
            }
            return .refused(.token(refusal))
        } catch {
            guard let opaque, error != .tooLong else { return .refused(.token(error)) }
            return self.introspect(text, opaque, exchange, state, index)
        }
    }

    /// Has the issuer say what the token means (RFC 7662), and remembers it for a while.
    private func introspect(
        _ token: [UInt8], _ row: Int, _ exchange: Exchange, _ state: AuthenticationState,
        _ index: Int
    ) -> AuthenticationPolicy.Outcome {
        let issuer = state.plan.issuers[row]
        guard let plan = issuer.introspection else { return .refused(.token(.keysMissing)) }
        let now = exchange.worker.wallSeconds
        let hash = state.hash(token.span)
        switch exchange.sideAnswers[index] {
        case .none: break
        case .no, .unauthenticated:
            let seconds = min(plan.cacheSeconds, AuthenticationState.inactiveSecondsMax)
            if seconds > 0 {
                state.inactive.insert(
                    true, for: token.span, hash: hash, epoch: state.epoch, expiry: now + seconds,
                    now: now)
            }
            return .refused(.token(.inactive))
        case .failed: return .refused(.unavailable)
        case .yes, .content:
            let content = exchange.sideContents[index]
            guard let claims = try? JSONDocument(content.span) else {
                return .refused(.unavailable)
            }
            if let refusal = issuer.issuer.rules.check(claims, now: now) {
                return .refused(.token(refusal))
            }
            let identity = Self.identity(claims, row, state.plan)
            state.cache.insert(
                identity, for: token.span, hash: hash, epoch: state.epoch,
                expiry: min(identity.expiry, now + plan.cacheSeconds), now: now)
            return .accepted(identity)
        }
        if state.inactive.find(token.span, hash: hash, epoch: state.epoch, now: now) != nil {
            return .refused(.token(.inactive))
        }
        let isAsked = state.ask(
            .token(issuer: row, token), .introspect(plan, token: token), for: exchange,
            method: index)
        guard isAsked else { return .refused(.unavailable) }
        return .wait(
            Wait(
                ticks: WorkerClock.ticks(plan.timeout) + WorkerClock.ticksPerSecond,
                late: .reply(.problem(.authenticationUnavailable)), continuation: .sameStep))
    }

    /// Whose token it says it is chooses the keys that it is checked with.
    private static func isFor(_ claims: JSONDocument, _ issuer: IssuerPlan) -> Bool {
        guard let wanted = issuer.issuer.rules.issuer else { return true }
        guard let node = claims.value(of: "iss", in: 0), claims.kind(node) == .string else {
            return false
        }
        return claims.string(node).isEqual(to: wanted)
    }

    /// Keys that are not there may have been made since they were fetched.
    private func waitForKeys(
        _ refusal: TokenRefusal, _ row: Int, _ exchange: Exchange, _ state: AuthenticationState,
        _ index: Int
    ) -> Wait? {
        let issuer = state.issuers[row]
        let worker = exchange.worker
        guard refusal == .keyUnknown || refusal == .keysMissing, let source = issuer.source,
            exchange.sideAnswers[index] == nil, worker.clock.tick >= issuer.unknownKeyTick
        else { return nil }
        let isAsked = state.ask(
            .keys(issuer: row), .fetchKeys(issuer: issuer.name), for: exchange, method: index)
        guard isAsked else { return nil }
        // This worker asks again only then; nor does the control plane fetch sooner.
        issuer.unknownKeyTick =
            worker.clock.tick + WorkerClock.ticks(source.unknownKeyInterval)
        return Wait(
            ticks: WorkerClock.ticks(source.timeout) + WorkerClock.ticksPerSecond,
            late: .reply(.problem(.authenticationUnavailable)), continuation: .sameStep)
    }

    static func identity(
        _ claims: JSONDocument, _ row: Int, _ plan: AuthenticationPlan
    ) -> Identity {
        let issuer = plan.issuers[row]
        let subject = issuer.subject.find(in: claims).flatMap { ClaimText.line(claims, $0) } ?? []
        var identity = plan.identity(of: issuer.consumer(of: subject))
        identity.issuer = Int32(row)
        if case .some(.some(let expiry)) = ClaimRules.time("exp", claims) {
            identity.expiry = expiry
        }
        var scopeText: [UInt8] = []
        for place in issuer.scopes {
            guard let node = place.find(in: claims) else { continue }
            self.add(node, claims, plan.scopeNames, to: &identity.scopes)
            let line = ClaimText.names(claims, node, separator: 0x20)
            guard !line.isEmpty else { continue }
            scopeText += (scopeText.isEmpty ? [] : [0x20]) + line
        }
        var groupText =
            identity.consumer >= 0 ? plan.consumers[Int(identity.consumer)].groupText : []
        if let node = issuer.group?.find(in: claims) {
            self.add(node, claims, plan.groupNames, to: &identity.groups)
            let line = ClaimText.names(claims, node, separator: 0x2c)
            if !line.isEmpty { groupText += (groupText.isEmpty ? [] : [0x2c]) + line }
        }
        for (bit, rule) in plan.claimRules.enumerated() where rule.check(claims) == nil {
            identity.claims |= 1 << UInt64(bit)
        }
        identity.ownTexts = IdentityTexts(
            subject: subject, groups: groupText, scopes: scopeText,
            claims: plan.claimPlaces.map { place in
                place.find(in: claims).flatMap { ClaimText.line(claims, $0) } ?? []
            })
        return identity
    }

    private static func add(
        _ node: Int, _ claims: JSONDocument, _ names: NameTable, to set: inout NameSet
    ) {
        var found = NameSet()
        _ = ClaimText.contains(claims, node) { text in
            if let row = names.row(of: text.copy) { found.insert(row) }
            return false
        }
        set.formUnion(found)
    }
}
