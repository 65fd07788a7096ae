import MartletAlgorithms

/// A hash that is the same in every process and release: endpoints keep their clients over
/// restarts, and several Martlets send a client to the same endpoint.
///
/// Whoever knows an upstream's endpoints can choose keys that fall on one of them; a bounded load
/// is the answer to that, not a secret.
enum StableHash {
    private static let secret = HashSecret(0x6d61_7274_6c65_7421, 0x656e_6470_6f69_6e74)

    static func value(of bytes: Span<UInt8>) -> UInt64 {
        var hash = KeyedHash(secret: Self.secret)
        hash.absorb(bytes)
        return hash.value
    }

    static func value(of number: UInt128) -> UInt64 {
        var hash = KeyedHash(secret: Self.secret)
        hash.absorb(UInt64(truncatingIfNeeded: number))
        hash.absorb(UInt64(truncatingIfNeeded: number >> 64))
        return hash.value
    }
}
