import MartletJSON

/// What was found out about credentials, so that the next request with the same ones need not pay
/// for it again: verified tokens, answers of other servers, passwords.
///
/// Confined to its worker. Never bigger than it was made: a place is found by the credential's
/// keyed hash, four entries share it, and the one used longest ago gives way. An entry is believed
/// until its expiry and no longer, and only while `epoch` is what it was, so that a change of keys
/// or consumers forgets all that rested on them.
package struct CredentialCache<Value> {
    private struct Entry: BitwiseCopyable {
        var hash: UInt64 = 0
        var epoch: UInt64 = 0
        var expiry = Int64.min
        var usedAt: UInt64 = 0
    }

    private static var ways: Int { 4 }

    private var entries: ContiguousArray<Entry>
    /// The credentials themselves: equal hashes are not equal credentials.
    private var credentials: ContiguousArray<ContiguousArray<UInt8>>
    private var values: ContiguousArray<Value?>
    private let mask: Int
    private let credentialBytesMax: Int
    private var uses: UInt64 = 0

    /// - `capacity`: entries, rounded up to a power of two; 0 for a cache that keeps nothing.
    /// - `credentialBytesMax`: longer credentials are not kept.
    package init(capacity: Int, credentialBytesMax: Int) {
        var sets = capacity > 0 ? 1 : 0
        while sets * Self.ways < capacity { sets *= 2 }
        self.entries = ContiguousArray(repeating: Entry(), count: sets * Self.ways)
        self.credentials = ContiguousArray(repeating: [], count: sets * Self.ways)
        self.values = ContiguousArray(repeating: nil, count: sets * Self.ways)
        self.mask = sets - 1
        self.credentialBytesMax = credentialBytesMax
    }

    /// - `hash`: of the credential, keyed with a secret of the process.
    /// - `now`: seconds since 1970.
    package mutating func find(
        _ credential: Span<UInt8>, hash: UInt64, epoch: UInt64, now: Int64
    ) -> Value? {
        guard !self.entries.isEmpty else { return nil }
        let first = (Int(truncatingIfNeeded: hash) & self.mask) &* Self.ways
        for index in first..<first &+ Self.ways {
            guard self.entries[index].hash == hash, self.entries[index].epoch == epoch,
                self.entries[index].expiry > now,
                self.holds(credential, at: index)
            else { continue }
            self.uses &+= 1
            self.entries[index].usedAt = self.uses
            return self.values[index]
        }
        return nil
    }

    package mutating func insert(
        _ value: Value, for credential: Span<UInt8>, hash: UInt64, epoch: UInt64, expiry: Int64,
        now: Int64
    ) {
        guard !self.entries.isEmpty, expiry > now, credential.count <= self.credentialBytesMax
        else { return }
        let first = (Int(truncatingIfNeeded: hash) & self.mask) &* Self.ways
        var victim = first
        for index in first..<first &+ Self.ways {
            let entry = self.entries[index]
            if entry.hash == hash, self.holds(credential, at: index) {
                victim = index
                break
            }
            let isDead = entry.expiry <= now || entry.epoch != epoch
            let isVictimDead =
                self.entries[victim].expiry <= now || self.entries[victim].epoch != epoch
            if isVictimDead { continue }
            if isDead || entry.usedAt < self.entries[victim].usedAt { victim = index }
        }
        self.uses &+= 1
        self.entries[victim].hash = hash
        self.entries[victim].epoch = epoch
        self.entries[victim].expiry = expiry
        self.entries[victim].usedAt = self.uses
        self.values[victim] = value
        self.credentials[victim].removeAll(keepingCapacity: true)
        self.credentials[victim].append(credential)
    }

    package mutating func removeAll() {
        for index in self.entries.indices {
            self.entries[index] = Entry()
            self.credentials[index] = []
            self.values[index] = nil
        }
    }

    private func holds(_ credential: Span<UInt8>, at index: Int) -> Bool {
        let known = self.credentials[index]
        return ConstantTime.isEqual(known.span, credential)
    }
}
