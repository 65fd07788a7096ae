package import MartletSecurity

/// Why a caller was refused: for the log, never for the caller.
package enum RefusalReason: Sendable, Equatable, BitwiseCopyable {
    /// No credentials of any kind that the route takes.
    case credentialsMissing
    /// Two fields of one kind: which of them counts would be anybody's guess.
    case credentialsAmbiguous
    case credentialsMalformed
    case apiKeyUnknown
    case apiKeyExpired
    case apiKeyNotYetValid
    case passwordWrong
    case certificateMissing
    case certificateUnknown
    case token(TokenRefusal)
    case signature(SignatureRefusal)
    /// A browser has come back from the issuer without a login.
    case loginFailed
    /// Two methods have accepted, for two consumers.
    case consumersDiffer
    case lockedOut
    /// Its behaviour has been bad, by what it is known by.
    case addressBlocked
    case consumerBlocked
    /// What has to be asked does not answer.
    case unavailable
    // Those that are known and may not.
    case consumerDenied
    case consumerNotAllowed
    case scopeMissing
    /// Another server has said so.
    case deniedExternally

    /// The log code.
    package var name: StaticString {
        switch self {
        case .credentialsMissing: "credentials_missing"
        case .credentialsAmbiguous: "credentials_ambiguous"
        case .credentialsMalformed: "credentials_malformed"
        case .apiKeyUnknown: "api_key_unknown"
        case .apiKeyExpired: "api_key_expired"
        case .apiKeyNotYetValid: "api_key_not_yet_valid"
        case .passwordWrong: "password_wrong"
        case .certificateMissing: "certificate_missing"
        case .certificateUnknown: "certificate_unknown"
        case .token(let refusal): refusal.name
        case .signature(let refusal): refusal.name
        case .loginFailed: "login_failed"
        case .consumersDiffer: "consumers_differ"
        case .lockedOut: "locked_out"
        case .addressBlocked: "address_blocked"
        case .consumerBlocked: "consumer_blocked"
        case .unavailable: "authentication_unavailable"
        case .consumerDenied: "consumer_denied"
        case .consumerNotAllowed: "consumer_not_allowed"
        case .scopeMissing: "scope_missing"
        case .deniedExternally: "denied_externally"
        }
    }

    /// Somebody has shown credentials that are wrong: it counts for the lockout.
    var isFailedTry: Bool {
        switch self {
        case .apiKeyUnknown, .passwordWrong, .certificateUnknown, .credentialsMalformed: true
        case .token(let refusal):
            refusal == .signatureInvalid || refusal == .inactive || refusal == .algorithmUnknown
                || refusal == .algorithmNotAllowed || refusal == .malformed
        case .signature(let refusal): refusal == .signatureInvalid || refusal == .keyUnknown
        default: false
        }
    }
}
