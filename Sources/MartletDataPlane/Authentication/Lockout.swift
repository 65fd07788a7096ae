import MartletAlgorithms
import MartletConfig
import MartletHTTP

/// Who has shown wrong credentials too often: counted for the address and for what may be shown of
/// the credentials, over all workers, forgotten as time goes by.
///
/// Two token buckets for each key, in fixed memory: a failure takes a token, an empty bucket locks.
/// Kept over reloads while the settings stay the same.
package final class Lockout: Sendable {
    let config: LockoutConfig
    private let secret: HashSecret
    private let addresses: SharedLimit?
    private let credentials: SharedLimit?

    init?(_ config: LockoutConfig, secret: HashSecret, at time: LimitTime) {
        self.config = config
        self.secret = secret
        let period = WorkerClock.nanoseconds(config.decay)
        guard
            let bucket = TokenBucket(
                tokens: UInt64(config.attempts), per: period, burst: UInt64(config.attempts))
        else { return nil }
        func limit(_ name: String) -> SharedLimit? {
            SharedLimit(
                LimitSettings(
                    name: name, windows: [.tokenBucket(bucket)], keysMax: config.maxTracked,
                    forgetsEvicted: true),
                at: time)
        }
        self.addresses = config.keys.contains(.address) ? limit("address") : nil
        self.credentials = config.keys.contains(.credential) ? limit("credential") : nil
    }

    /// Seconds until the address may try again; 0 if it may now.
    func secondsLocked(_ address: ClientAddress, at time: LimitTime) -> UInt64 {
        guard let addresses else { return 0 }
        let decision = addresses.standing(self.key(address), cost: 1, at: time)
        return decision.isAllowed ? 0 : decision.retryAfterSeconds
    }

    func secondsLocked(_ credential: Span<UInt8>, at time: LimitTime) -> UInt64 {
        guard let credentials, !credential.isEmpty else { return 0 }
        let decision = credentials.standing(self.key(credential), cost: 1, at: time)
        return decision.isAllowed ? 0 : decision.retryAfterSeconds
    }

    /// - `credential`: the part that may be shown; empty for none.
    func failed(_ address: ClientAddress, credential: Span<UInt8>, at time: LimitTime) {
        _ = self.addresses?.take(self.key(address), cost: 1, at: time)
        guard !credential.isEmpty else { return }
        _ = self.credentials?.take(self.key(credential), cost: 1, at: time)
    }

    private func key(_ address: ClientAddress) -> UInt64 {
        var hash = KeyedHash(secret: self.secret)
        hash.absorb(client: address)
        return hash.value
    }

    private func key(_ credential: Span<UInt8>) -> UInt64 {
        var hash = KeyedHash(secret: self.secret)
        hash.absorb(part: credential)
        return hash.value
    }
}

extension KeyedHash {
    /// Of IPv6 the first 64 bits: the rest is for the client to choose.
    mutating func absorb(client address: ClientAddress) {
        let bits = address.isIPv4 ? address.bits : address.bits >> 64
        self.absorb(UInt64(truncatingIfNeeded: bits))
        self.absorb(address.isIPv4 ? 4 : 6)
    }
}
