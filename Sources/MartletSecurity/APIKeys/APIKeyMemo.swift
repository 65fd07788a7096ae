/// Which row a key was the last time, for one worker: HMAC-SHA256 costs as much as the rest of a
/// limit, and the same callers come again and again.
///
/// Holds no keys, but 128 bits of a hash of each under a secret of the process: whoever wants to be
/// taken for somebody else has to meet them by chance. Confined to its worker; made once, never
/// bigger: a key that finds its place taken takes it over.
package struct APIKeyMemo {
    private struct Entry: BitwiseCopyable {
        var first: UInt64 = 0
        var second: UInt64 = 0
        /// Negative for none.
        var row: Int32 = -1
    }

    private var entries: ContiguousArray<Entry>
    private let mask: Int

    /// 3 MiB.
    private static let entriesMax = 1 << 17

    /// - `keyCount`: of those that there are; half of the places stay free.
    package init(keyCount: Int) {
        var count = keyCount > 0 ? 1 : 0
        while count < min(keyCount * 2, Self.entriesMax) { count *= 2 }
        self.entries = ContiguousArray(repeating: Entry(), count: count)
        self.mask = count - 1
    }

    /// - `hash`: of the key.
    package func row(of hash: (first: UInt64, second: UInt64)) -> Int? {
        guard !self.entries.isEmpty else { return nil }
        let entry = self.entries[Int(truncatingIfNeeded: hash.first) & self.mask]
        let difference = entry.first ^ hash.first | entry.second ^ hash.second
        return difference == 0 && entry.row >= 0 ? Int(entry.row) : nil
    }

    package mutating func insert(_ row: Int, for hash: (first: UInt64, second: UInt64)) {
        guard !self.entries.isEmpty, let row = Int32(exactly: row) else { return }
        self.entries[Int(truncatingIfNeeded: hash.first) & self.mask] =
            Entry(first: hash.first, second: hash.second, row: row)
    }
}
