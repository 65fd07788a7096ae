import MartletConfig
import MartletHTTP
import MartletSecurity

/// Credentials that a policy's methods take and that the upstream is not to see (`forward: false`).
enum WithheldCredential: Sendable {
    case place(CredentialPlace)
    /// `Authorization`, where it is of this scheme.
    case authorization(AuthorizationField.Scheme)

    /// The name of a field that Martlet does not know otherwise: the usual place, which is cleared
    /// without a look for what it holds.
    var fieldName: [UInt8]? {
        guard case .place(.header(let name)) = self else { return nil }
        return name
    }

    func remove(from exchange: Exchange) {
        let head = exchange.request
        switch self {
        case .place(let place): self.remove(place, from: exchange)
        case .authorization(let scheme):
            guard head.headers.presence & HeaderName.authorization.bit != 0 else { return }
            for index in head.headers.fields.indices {
                let field = head.headers.fields[index]
                guard field.known == .authorization, !field.isRemoved,
                    let value = AuthorizationField(head.copy(field.value).span),
                    value.scheme == scheme
                else { continue }
                head.headers.markRemoved(at: index)
            }
        }
    }
}

extension WithheldCredential {
    private func remove(_ place: CredentialPlace, from exchange: Exchange) {
        switch place {
        case .known, .header: break
        case .query, .cookie:
            // A query or cookies are written anew only for what is there.
            if case .none = place.find(in: exchange.request) { return }
        }
        place.remove(from: exchange)
    }
}

extension AuthenticationPolicy {
    /// Of all methods of a policy; `Bearer` only if none of those that read it forwards it.
    static func withheld(
        _ methods: [Method], _ plan: AuthenticationPlan
    ) -> [WithheldCredential] {
        var withheld: [WithheldCredential] = []
        var bearer: (isRead: Bool, isForwarded: Bool) = (false, false)
        for method in methods {
            switch method {
            case .apiKey(let method):
                if !method.forwards { withheld += method.places.map { .place($0) } }
                guard method.usesAuthorization else { continue }
                bearer = (true, bearer.isForwarded || method.forwards)
                if !method.forwards { withheld.append(.authorization(.apiKey)) }
            case .jwt(let method):
                if let place = method.place {
                    if !method.forwards { withheld.append(.place(place)) }
                } else {
                    bearer = (true, bearer.isForwarded || method.forwards)
                }
            case .basic(let method):
                if !method.forwards { withheld.append(.authorization(.basic)) }
            case .session(let method):
                if !method.forwards { withheld.append(.place(plan.logins[method.login].place)) }
            case .hmac(let method):
                if let place = method.withheld { withheld.append(.place(place)) }
            case .signature, .clientCertificate: continue
            }
        }
        if bearer.isRead, !bearer.isForwarded { withheld.append(.authorization(.bearer)) }
        return withheld
    }
}
