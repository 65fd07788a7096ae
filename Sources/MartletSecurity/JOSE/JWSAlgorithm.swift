/// The signature algorithms of RFC 7518 §3.1 and RFC 8037 that are taken; `none` is not among them.
package enum JWSAlgorithm: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case rs256, rs384, rs512
    case ps256, ps384, ps512
    case es256, es384, es512
    case edDSA
    case hs256, hs384, hs512

    package enum Hash: Sendable, BitwiseCopyable { case sha256, sha384, sha512 }

    /// As `alg` spells it.
    package var name: StaticString {
        switch self {
        case .rs256: "RS256"
        case .rs384: "RS384"
        case .rs512: "RS512"
        case .ps256: "PS256"
        case .ps384: "PS384"
        case .ps512: "PS512"
        case .es256: "ES256"
        case .es384: "ES384"
        case .es512: "ES512"
        case .edDSA: "EdDSA"
        case .hs256: "HS256"
        case .hs384: "HS384"
        case .hs512: "HS512"
        }
    }

    /// Names are compared with case (RFC 7515 §4.1.1); `Ed25519` of RFC 9864 means the same key and
    /// signature as `EdDSA` here.
    package init?(_ name: Span<UInt8>) {
        if Self.isSame(name, "Ed25519") {
            self = .edDSA
            return
        }
        for algorithm in Self.allCases where Self.isSame(name, algorithm.name) {
            self = algorithm
            return
        }
        return nil
    }

    package init?(_ name: String) {
        self.init(Array(name.utf8).span)
    }

    package var hash: Hash {
        switch self {
        case .rs256, .ps256, .es256, .hs256: .sha256
        case .rs384, .ps384, .es384, .hs384: .sha384
        case .rs512, .ps512, .es512, .edDSA, .hs512: .sha512
        }
    }

    /// Whoever can check such a signature can make one.
    package var isSymmetric: Bool { self.rawValue >= JWSAlgorithm.hs256.rawValue }

    private static func isSame(_ name: Span<UInt8>, _ text: StaticString) -> Bool {
        let bytes = unsafe UnsafeBufferPointer(
            start: text.utf8Start, count: text.utf8CodeUnitCount)
        guard name.count == text.utf8CodeUnitCount else { return false }
        for index in name.indices where unsafe name[index] != bytes[index] { return false }
        return true
    }
}
