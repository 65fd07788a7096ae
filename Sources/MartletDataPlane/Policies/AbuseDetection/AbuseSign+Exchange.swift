import MartletConfig
import MartletHTTP
import MartletTelemetry

/// What an exchange that is over says of its client.
extension AbuseSign {
    /// Of the answer: Martlet's own, or an upstream's.
    ///
    /// Only what people and programs that work do not do: a limit that a message is too large for,
    /// credentials that are missing or have expired, and what a browser asks by itself before it
    /// sends something are no signs.
    init?(answerOf exchange: Exchange) {
        guard let error = ProxyError(rawValue: exchange.record.errorCode) else {
            self.init(upstreamOf: exchange)
            return
        }
        let isAsked = exchange.request.method != .options
        switch error {
        case .routeNotFound where isAsked: self = .notFound
        case .methodNotAllowed where isAsked, .methodNotSupported: self = .methodNotAllowed
        case .requestMalformed where exchange.record.status == 400 || exchange.record.status == 0:
            self = .malformed
        case .pathRefused, .upgradeMalformed: self = .malformed
        case .requestInvalid: self = .invalid
        case .requestDenied: self = Finding.isBot(exchange.record.finding) ? .bot : .injection
        case .unauthenticated where exchange.refusal?.isFailedTry == true:
            self = .wrongCredentials
        case .accessDenied, .addressDenied: self = .forbidden
        case .quotaExceeded: self = .rateLimited
        case .requestTimeout: self = .slow
        default: return nil
        }
    }

    private init?(upstreamOf exchange: Exchange) {
        guard !exchange.record.flags.contains(.localReply) else { return nil }
        switch exchange.record.status {
        case 401: self = .upstreamUnauthorized
        case 404: self = .upstreamNotFound
        default: return nil
        }
    }

    /// Of what a policy has found and let pass.
    init?(findingOf exchange: Exchange) {
        guard exchange.record.findingAction == .reported,
            exchange.record.finding != Finding.validation,
            exchange.record.finding != Finding.unseenBody
        else { return nil }
        self = .reported
    }

    /// The same path again says nothing new: a page with a broken link, a program that asks again
    /// and again.
    var isOfPath: Bool {
        switch self {
        case .notFound, .methodNotAllowed, .forbidden, .upstreamNotFound: true
        default: false
        }
    }

    func score(_ scores: AbuseScoresConfig) -> UInt16 {
        let points =
            switch self {
            case .notFound: scores.notFound
            case .methodNotAllowed: scores.methodNotAllowed
            case .malformed: scores.malformed
            case .invalid: scores.invalid
            case .wrongCredentials: scores.wrongCredentials
            case .forbidden: scores.forbidden
            case .rateLimited: scores.rateLimited
            case .injection: scores.injection
            case .bot: scores.bot
            case .reported: scores.reported
            case .slow: scores.slow
            case .upstreamUnauthorized: scores.upstreamUnauthorized
            case .upstreamNotFound: scores.upstreamNotFound
            case .trap: 0
            }
        return UInt16(clamping: points)
    }
}
