/// Why a signed request is not taken: for the log, never for the caller.
package enum SignatureRefusal: UInt8, Error, Sendable, BitwiseCopyable, CaseIterable {
    case malformed
    case tooMany
    case componentUnknown
    case componentTwice
    case componentMissing
    /// Something that has to be covered is not.
    case componentNotCovered
    case keyUnknown
    case algorithmWrong
    case createdMissing
    case tooOld
    case createdInTheFuture
    case expired
    case signatureInvalid
    case replayed
    case digestMissing
    case digestWrong

    /// The log code.
    package var name: StaticString {
        switch self {
        case .malformed: "signature_malformed"
        case .tooMany: "signature_too_many"
        case .componentUnknown: "signature_component_unknown"
        case .componentTwice: "signature_component_twice"
        case .componentMissing: "signature_component_missing"
        case .componentNotCovered: "signature_component_not_covered"
        case .keyUnknown: "signature_key_unknown"
        case .algorithmWrong: "signature_algorithm_wrong"
        case .createdMissing: "signature_created_missing"
        case .tooOld: "signature_too_old"
        case .createdInTheFuture: "signature_created_in_the_future"
        case .expired: "signature_expired"
        case .signatureInvalid: "signature_invalid"
        case .replayed: "signature_replayed"
        case .digestMissing: "digest_missing"
        case .digestWrong: "digest_wrong"
        }
    }
}
