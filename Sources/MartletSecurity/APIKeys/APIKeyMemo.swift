/// Which row a key was the last time, for one worker: HMAC-SHA256 costs as much as the rest of a
/// limit, and the same callers come again and again.
///
/// Holds no keys, but 96 bits of a hash of each under a secret of the process: whoever wants to be
/// taken for somebody else has to meet them by chance. Confined to its worker; made once, never
/// bigger. Four entries share one line of memory; a key that finds them taken takes over the one
/// that its hash chooses.
package struct APIKeyMemo {
    private struct Entry: BitwiseCopyable {
        var first: UInt64 = 0
        var second: UInt32 = 0
        /// Negative for none.
        var row: Int32 = -1
    }

    private static var ways: Int { 4 }

    private var entries: ContiguousArray<Entry>
    private let mask: Int

    /// 2 MiB.
    private static let entriesMax = 1 << 17

    /// - `keyCount`: of those that there are; half of the places stay free.
    package init(keyCount: Int) {
        var sets = keyCount > 0 ? 1 : 0
        while sets * Self.ways < min(keyCount * 2, Self.entriesMax) { sets *= 2 }
        self.entries = ContiguousArray(repeating: Entry(), count: sets * Self.ways)
        self.mask = sets - 1
    }

    /// - `hash`: of the key.
    package func row(of hash: (first: UInt64, second: UInt64)) -> Int? {
        guard !self.entries.isEmpty else { return nil }
        let first = self.place(of: hash)
        for index in first..<first &+ Self.ways {
            let entry = self.entries[index]
            let isSame =
                entry.first == hash.first
                && entry.second == UInt32(truncatingIfNeeded: hash.second)
            if isSame, entry.row >= 0 { return Int(entry.row) }
        }
        return nil
    }

    package mutating func insert(_ row: Int, for hash: (first: UInt64, second: UInt64)) {
        guard !self.entries.isEmpty, let row = Int32(exactly: row) else { return }
        let first = self.place(of: hash)
        let free = (first..<first + Self.ways).first { self.entries[$0].row < 0 }
        let victim = free ?? first + Int(truncatingIfNeeded: hash.second >> 62)
        self.entries[victim] = Entry(
            first: hash.first, second: UInt32(truncatingIfNeeded: hash.second), row: row)
    }

    private func place(of hash: (first: UInt64, second: UInt64)) -> Int {
        (Int(truncatingIfNeeded: hash.first) & self.mask) &* Self.ways
    }
}
