import MartletJSON

/// An issuer's keys at one moment: a JSON Web Key Set (RFC 7517 §5), or keys of the configuration.
///
/// Immutable, so one object serves all workers. Bounded by `byteCountMax` and `keyCountMax`.
package final class KeySet: Sendable {
    package static let byteCountMax = 512 * 1024
    package static let keyCountMax = 256
    /// Keys tried for one token that names none.
    private static let triesMax = 8

    package let keys: [VerificationKey]
    /// Keys of the document that are not used here: of another kind, for another use, or weak.
    package let skippedCount: Int
    /// Tells this set from those before it, so that what was verified by a key that is gone is not
    /// trusted any more.
    package let version: UInt64

    package enum Refusal: UInt8, Error, Sendable, BitwiseCopyable {
        case notJSON
        case notASet
        case tooManyKeys
        /// A set that mixes secrets and public keys invites taking one for the other.
        case mixed
        case duplicateIdentifier
        case noUsableKey

        package var sentence: StaticString {
            switch self {
            case .notJSON: "it is not JSON"
            case .notASet: "it is no key set: `keys` is missing"
            case .tooManyKeys: "it holds too many keys"
            case .mixed: "it mixes secrets and public keys"
            case .duplicateIdentifier: "two keys have the same `kid`"
            case .noUsableKey: "it holds no key that could be used"
            }
        }
    }

    package init(_ keys: [VerificationKey], version: UInt64, skippedCount: Int = 0) {
        self.keys = keys
        self.version = version
        self.skippedCount = skippedCount
    }

    package static func parse(
        _ text: Span<UInt8>, version: UInt64
    ) throws(Refusal) -> KeySet {
        guard text.count <= Self.byteCountMax, let document = try? JSONDocument(text),
            document.kind(0) == .object
        else { throw .notJSON }
        guard let list = document.value(of: "keys", in: 0), document.kind(list) == .array else {
            throw .notASet
        }
        guard document.count(list) <= Self.keyCountMax else { throw .tooManyKeys }
        var keys: [VerificationKey] = []
        var skippedCount = 0
        var skippedNames: [[UInt8]] = []
        var node = document.firstChild(of: list)
        while node < document.end(of: list) {
            do throws(VerificationKey.JWKRefusal) {
                keys.append(try VerificationKey(document, node))
            } catch {
                // RFC 7517 §5: what is not understood is ignored.
                skippedCount += 1
                if document.kind(node) == .object,
                    let name = document.value(of: "kid", in: node), document.kind(name) == .string
                {
                    skippedNames.append(document.string(name).copy)
                }
            }
            node = document.end(of: node)
        }
        try self.check(keys)
        // Whose name it is nobody could tell, though one of the two is of no use.
        for key in keys {
            guard let name = key.identifier, skippedNames.contains(name) else { continue }
            throw .duplicateIdentifier
        }
        return KeySet(keys, version: version, skippedCount: skippedCount)
    }

    private static func check(_ keys: [VerificationKey]) throws(Refusal) {
        guard let first = keys.first else { throw .noUsableKey }
        guard keys.allSatisfy({ $0.isSymmetric == first.isSymmetric }) else { throw .mixed }
        var known: [[UInt8]: [JWSAlgorithm?]] = [:]
        for key in keys {
            guard let identifier = key.identifier else { continue }
            let algorithms = known[identifier] ?? []
            // One `kid` for two algorithms of one key is usual.
            guard algorithms.isEmpty || key.algorithm != nil,
                !algorithms.contains(key.algorithm), !algorithms.contains(nil)
            else { throw .duplicateIdentifier }
            known[identifier] = algorithms + [key.algorithm]
        }
    }

    package enum Check: Equatable {
        case verified
        case failed
        /// No key is called so: it may be newer than this set.
        case unknownKey
    }

    /// Whether one of the keys has signed the token.
    ///
    /// A key without a `kid`, such as a secret from the configuration, is tried for every token.
    package func check(_ token: CompactToken) -> Check {
        var isKnown = false
        var tries = 0
        for key in self.keys {
            let isNamed = token.keyIdentifier == key.identifier
            guard isNamed || token.keyIdentifier == nil || key.identifier == nil else { continue }
            guard key.fits(token.algorithm) else {
                if isNamed, token.keyIdentifier != nil { isKnown = true }
                continue
            }
            if isNamed || token.keyIdentifier == nil { isKnown = true }
            tries += 1
            guard tries <= Self.triesMax else { break }
            if key.verifies(
                token.signature, over: token.signingInput, algorithm: token.algorithm)
            {
                return .verified
            }
        }
        return isKnown ? .failed : .unknownKey
    }
}
