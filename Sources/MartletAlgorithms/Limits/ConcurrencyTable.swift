/// How many requests of each key are in flight, in fixed memory that all workers share.
///
/// Counters lie as those of `LimitTable` do. A key that has requests in flight is never evicted, as
/// its counter must find it again; if all words of a line are busy, a new key is turned away
/// (`crowded`).
final class ConcurrencyTable: Sendable {
    typealias Lease = ConcurrencyLimit.Lease
    typealias OnEnter = ConcurrencyLimit.OnEnter

    private let words: AtomicWords

    /// Each try is lost to another worker that got on.
    private static let triesMax = 100_000

    /// `nil` if there is no memory.
    init?(lineCount: Int) {
        guard let words = AtomicWords(lineCount: lineCount) else { return nil }
        self.words = words
    }

    /// Memory of all counters.
    var byteCount: Int { self.words.byteCount }

    func enter(_ key: UInt64, limit: UInt32) -> OnEnter {
        let line = self.words.line(of: key)
        let tag = ConcurrencyWord.tag(of: key)
        for _ in 0..<Self.triesMax {
            if let (word, value) = self.find(tag, line) {
                guard value.count < limit else { return .full }
                if self.exchange(line, word, value, for: value.counted(up: true)) {
                    return Self.entered(line, word, limit &- value.count &- 1)
                }
            } else {
                guard let (word, value) = self.free(line) else { return .crowded }
                if self.claim(tag, line, word, value) {
                    return Self.entered(line, word, limit &- 1)
                }
            }
        }
        return .crowded
    }

    func leave(_ lease: Lease) {
        for _ in 0..<Self.triesMax {
            let value = self.load(lease.line, lease.word)
            guard value.count > 0 else { return }
            if self.exchange(lease.line, lease.word, value, for: value.counted(up: false)) {
                return
            }
        }
    }

    /// How many requests of a key are in flight.
    func count(_ key: UInt64) -> UInt32 {
        self.find(ConcurrencyWord.tag(of: key), self.words.line(of: key))?.value.count ?? 0
    }

    private static func entered(_ line: Int, _ word: Int, _ remaining: UInt32) -> OnEnter {
        .entered(Lease(line: line, word: word), remaining: remaining)
    }

    // MARK: A line's words

    private func load(_ line: Int, _ word: Int) -> ConcurrencyWord {
        ConcurrencyWord(bits: self.words.load(line: line, word: word))
    }

    private func exchange(
        _ line: Int, _ word: Int, _ expected: ConcurrencyWord, for value: ConcurrencyWord
    ) -> Bool {
        self.words.exchange(line: line, word: word, expected.bits, for: value.bits)
    }

    /// The word that is the key's for certain.
    private func find(_ tag: UInt64, _ line: Int) -> (word: Int, value: ConcurrencyWord)? {
        for word in 0..<AtomicWords.wordsPerLine {
            let value = self.load(line, word)
            if value.tag == tag, !value.isClaim { return (word, value) }
        }
        return nil
    }

    private func free(_ line: Int) -> (word: Int, value: ConcurrencyWord)? {
        for word in 0..<AtomicWords.wordsPerLine {
            let value = self.load(line, word)
            if value.count == 0 { return (word, value) }
        }
        return nil
    }

    /// Makes a free word the key's own, unless another thread makes another one so meanwhile.
    ///
    /// First the word is marked as claimed. Then all others are looked at: a claim of the same key
    /// is struck out, and if the key has a word already, ours is given up. Only then the claim is
    /// made good, if nobody has struck it out. Of two threads one marks its word after the other
    /// and sees the other's, so both cannot succeed. The version in each word tells a claim from a
    /// later one in the same place.
    private func claim(
        _ tag: UInt64, _ line: Int, _ word: Int, _ free: ConcurrencyWord
    ) -> Bool {
        let claim = free.claimed(tag)
        guard self.exchange(line, word, free, for: claim) else { return false }
        for other in 0..<AtomicWords.wordsPerLine where other != word {
            var value = self.load(line, other)
            while value.tag == tag {
                guard value.isClaim else {
                    _ = self.exchange(line, word, claim, for: claim.cleared)
                    return false
                }
                if self.exchange(line, other, value, for: value.cleared) { break }
                value = self.load(line, other)
            }
        }
        return self.exchange(line, word, claim, for: claim.confirmed)
    }
}

/// A key's counter in one word: tag, version, claim, count.
private struct ConcurrencyWord: BitwiseCopyable, Equatable {
    var bits: UInt64

    private static let countMask: UInt64 = 1 << 21 - 1
    private static let claimBit: UInt64 = 1 << 21
    private static let versionUnit: UInt64 = 1 << 22
    private static let versionMask: UInt64 = 0xfff << 22
    private static let tagMask: UInt64 = ~0 << 34

    /// Never that of a word that was never used.
    static func tag(of key: UInt64) -> UInt64 { max(key &<< 34, 1 &<< 34) }

    var tag: UInt64 { self.bits & Self.tagMask }
    var isClaim: Bool { self.bits & Self.claimBit != 0 }
    var count: UInt32 { UInt32(truncatingIfNeeded: self.bits & Self.countMask) }

    private var nextVersion: UInt64 { (self.bits &+ Self.versionUnit) & Self.versionMask }

    func counted(up: Bool) -> ConcurrencyWord {
        ConcurrencyWord(bits: up ? self.bits &+ 1 : self.bits &- 1)
    }

    func claimed(_ tag: UInt64) -> ConcurrencyWord {
        ConcurrencyWord(bits: tag | self.nextVersion | Self.claimBit | 1)
    }

    /// Free, and nobody's.
    var cleared: ConcurrencyWord { ConcurrencyWord(bits: self.nextVersion) }

    var confirmed: ConcurrencyWord { ConcurrencyWord(bits: self.bits & ~Self.claimBit) }
}
