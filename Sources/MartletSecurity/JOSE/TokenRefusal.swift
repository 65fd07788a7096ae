/// Why a token is not taken: for the log and the metrics, never for the caller.
package enum TokenRefusal: UInt8, Error, Sendable, BitwiseCopyable, CaseIterable {
    // What it is.
    case tooLong
    case malformed
    case headerMalformed
    case encrypted
    case critical
    case typeWrong
    // Who signed it.
    case algorithmUnknown
    case algorithmNotAllowed
    case issuerUnknown
    case keysMissing
    case keyUnknown
    /// The issuer says that it means nothing, or nothing any more.
    case inactive
    case signatureInvalid
    // What it says.
    case claimsMalformed
    case issuerWrong
    case audienceWrong
    case expiryMissing
    case expired
    case notYetValid
    case issuedInTheFuture
    case tooOld
    case claimMissing
    case claimWrong

    /// The log code.
    package var name: StaticString {
        switch self {
        case .tooLong: "token_too_long"
        case .malformed: "token_malformed"
        case .headerMalformed: "token_header_malformed"
        case .encrypted: "token_encrypted"
        case .critical: "token_extension_unknown"
        case .typeWrong: "token_type_wrong"
        case .algorithmUnknown: "token_algorithm_unknown"
        case .algorithmNotAllowed: "token_algorithm_not_allowed"
        case .issuerUnknown: "token_issuer_unknown"
        case .keysMissing: "issuer_keys_missing"
        case .keyUnknown: "token_key_unknown"
        case .inactive: "token_inactive"
        case .signatureInvalid: "token_signature_invalid"
        case .claimsMalformed: "token_claims_malformed"
        case .issuerWrong: "token_issuer_wrong"
        case .audienceWrong: "token_audience_wrong"
        case .expiryMissing: "token_expiry_missing"
        case .expired: "token_expired"
        case .notYetValid: "token_not_yet_valid"
        case .issuedInTheFuture: "token_issued_in_the_future"
        case .tooOld: "token_too_old"
        case .claimMissing: "token_claim_missing"
        case .claimWrong: "token_claim_wrong"
        }
    }
}
