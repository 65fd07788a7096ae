import MartletAlgorithms
import MartletHTTP
import MartletSecurity

/// API keys: hashed under the server's secret and looked up by that.
struct APIKeyMethod: Sendable {
    /// Two that hold something are refused, as two fields of one kind are.
    let places: [CredentialPlace]
    /// `Authorization: Bearer` and `ApiKey` are looked at, after the others.
    let usesAuthorization: Bool
    /// Another method of the policy reads tokens behind `Bearer`.
    let sharesBearer: Bool
    let forwards: Bool

    /// Longer ones are none.
    static let byteCountMax = 256

    func evaluate(
        _ exchange: Exchange, _ state: AuthenticationState
    )
        -> AuthenticationPolicy.Outcome
    {
        let head = exchange.request
        var found: ByteRange?
        for place in self.places {
            switch place.find(in: head) {
            case .none: continue
            case .several: return .refused(.credentialsAmbiguous)
            case .one(let range):
                guard found == nil else { return .refused(.credentialsAmbiguous) }
                found = place.decoded(range, in: head)
            }
        }
        if let found { return self.check(found, exchange, state) }
        guard self.usesAuthorization else { return .absent }
        let place = CredentialPlace.known(.authorization)
        switch place.find(in: head) {
        case .none: return .absent
        case .several: return .refused(.credentialsAmbiguous)
        case .one(let range):
            guard let field = AuthorizationField(head.copy(range).span) else {
                return .refused(.credentialsMalformed)
            }
            guard field.scheme == .bearer || field.scheme == .apiKey else { return .absent }
            let start = Int(range.start)
            let key = ByteRange(
                start: start + field.credentials.lowerBound,
                end: start + field.credentials.upperBound)
            let outcome = self.check(key, exchange, state)
            if case .accepted = outcome, !self.forwards { place.remove(from: exchange) }
            if case .refused(.apiKeyUnknown) = outcome, self.sharesBearer, field.scheme == .bearer {
                return .unrecognised(.apiKeyUnknown)
            }
            return outcome
        }
    }

    private func check(
        _ range: ByteRange, _ exchange: Exchange, _ state: AuthenticationState
    ) -> AuthenticationPolicy.Outcome {
        guard 1...Self.byteCountMax ~= Int(range.count),
            let row = Self.row(of: range, exchange.request, state)
        else { return .refused(.apiKeyUnknown) }
        let now = exchange.worker.wallSeconds
        let plan = state.plan
        let rights = plan.keyRights[Int(plan.keys[row].rights)]
        guard now >= rights.notBefore else { return .refused(.apiKeyNotYetValid) }
        guard now < rights.expiry else { return .refused(.apiKeyExpired) }
        return .accepted(plan.identity(ofKey: row, rights))
    }

    private static func row(
        of range: ByteRange, _ head: RequestHead, _ state: AuthenticationState
    ) -> Int? {
        let hash = self.hash(head.headers, range, state.plan.secret)
        if let known = state.keyMemo.row(of: hash) { return known }
        let text = head.copy(range)
        guard let hasher = state.plan.hasher, !APIKeyText.isDamaged(text.span),
            let row = state.plan.keyTable.row(of: hasher.hash(text.span))
        else { return nil }
        state.keyMemo.insert(row, for: hash)
        return row
    }

    private static func hash(
        _ headers: borrowing HeaderList, _ range: ByteRange, _ secret: HashSecret
    ) -> (first: UInt64, second: UInt64) {
        var hash = KeyedHash(secret: secret)
        hash.absorb(part: headers.span(range))
        return hash.pair
    }
}
