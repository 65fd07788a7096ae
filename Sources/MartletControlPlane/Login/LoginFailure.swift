import MartletSecurity

/// Why a login came to nothing: for the log, never for the browser.
enum LoginFailure: Error {
    /// Begun too long ago, in another browser, or never.
    case attemptUnknown
    case issuerOther
    /// As the issuer says, which is shown as far as it is plain text.
    case refused(String)
    case discovery(String)
    case notReached(String)
    case tokenMissing
    case token(TokenRefusal)
    case tooLarge

    /// The issuer is in trouble, not whoever logs in.
    var isIssuers: Bool {
        switch self {
        case .discovery, .notReached, .tokenMissing: true
        case .token(.keysMissing), .token(.keyUnknown): true
        case .attemptUnknown, .issuerOther, .refused, .token, .tooLarge: false
        }
    }

    var sentence: String {
        switch self {
        case .attemptUnknown: "this browser has begun no such login, or more than ten minutes ago"
        case .issuerOther: "another issuer has answered"
        case .refused(let reason):
            "the issuer refused: " + reason.prefix(64).filter { $0.isASCII && !$0.isNewline }
        case .discovery(let reason): "the issuer's discovery document: \(reason)"
        case .notReached(let reason): "the token endpoint: \(reason)"
        case .tokenMissing: "the token endpoint gave no ID token"
        case .token(let refusal): "the ID token: \(refusal.name)"
        case .tooLarge: "more is to be remembered than fits into a cookie"
        }
    }
}
