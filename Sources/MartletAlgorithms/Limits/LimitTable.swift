import Synchronization

/// What every key has spent under one rule: counters that all workers share, in fixed memory,
/// without a lock.
///
/// A key's hash chooses a line of eight words, and one of them is the key's: a tag of its hash and
/// the rule's state in one atomic word, so that both change together or not at all. Idle keys give
/// way to new ones. If none of a line's keys is idle, the one that has spent the least gives way,
/// and the new key takes over what it had spent. So no key ever gets more than its limit; in a
/// table that is too small a new key gets less. docs/adr/0030 tells why, and how much less.
package final class LimitTable<Rule: LimitRule>: Sendable {
    package let rule: Rule
    private let words: AtomicWords
    /// A new key owes nothing of what was spent by the one that gives way, which is forgotten.
    ///
    /// For tables by which nobody may suffer for others.
    private let forgetsEvicted: Bool
    private let tagMask: UInt64
    private let tagBits: UInt64
    /// The monotonic clock when the table was made; rules count from here.
    private let origin: UInt64
    private let evictions = Atomic<UInt64>(0)

    /// Where the keys' words begin: before them is one for what partly ordered states were evicted.
    private static var firstWord: Int { Rule.isPartlyOrdered ? 1 : 0 }
    /// More tries than this for one request, each lost to another worker, mean that something is
    /// wrong: the request is turned away.
    private static var triesMax: Int { 100_000 }

    /// A key's word as it was found, or where it would go.
    private struct Place {
        var line: Int
        var word: Int
        /// What stands there now.
        var value: UInt64
        /// What the key has spent.
        var state: UInt64
        var isFound: Bool
    }

    /// `nil` if there is no memory for it.
    ///
    /// - `keysMax`: how many keys are to be told apart; `nil` for a limit without keys.
    package init?(
        rule: Rule, keysMax: Int?, at time: LimitTime, forgetsEvicted: Bool = false
    ) {
        let lineCount = keysMax.map { Self.lineCount(keysMax: $0) } ?? 1
        guard let words = AtomicWords(lineCount: lineCount) else { return nil }
        self.words = words
        self.forgetsEvicted = forgetsEvicted
        self.rule = rule
        self.tagBits = keysMax == nil ? 0 : UInt64(64 - rule.stateBits)
        self.tagMask = (1 &<< self.tagBits) &- 1
        self.origin = time.monotonic
    }

    /// Half of the words stay free at `keysMax`, so that few lines are full.
    package static func lineCount(keysMax: Int) -> Int { max(1, min(keysMax, 1 << 32)) / 4 + 1 }

    /// Memory, all of it.
    package var byteCount: Int { self.words.byteCount }

    /// How many keys have given way that had spent something.
    package var evictionCount: UInt64 { self.evictions.load(ordering: .relaxed) }

    package func moment(_ time: LimitTime) -> Rule.Moment {
        self.rule.moment(
            LimitTime(
                monotonic: time.monotonic &- min(time.monotonic, self.origin), wall: time.wall))
    }

    /// Whether `cost` could be spent now; spends nothing.
    package func standing(_ hash: UInt64, cost: UInt64, _ moment: Rule.Moment) -> LimitStanding {
        let state = self.place(of: hash, moment).state
        return self.rule.charged(state, cost, moment) == nil
            ? self.rule.denied(state, cost, moment) : self.rule.allowed(state, moment)
    }

    /// Spends `cost` if there is room for it.
    package func take(_ hash: UInt64, cost: UInt64, _ moment: Rule.Moment) -> LimitStanding {
        for _ in 0..<Self.triesMax {
            let place = self.place(of: hash, moment)
            guard let state = self.rule.charged(place.state, cost, moment) else {
                return self.rule.denied(place.state, cost, moment)
            }
            if self.put(state, hash, at: place, moment) { return self.rule.allowed(state, moment) }
        }
        return LimitStanding(isAllowed: false, remaining: 0, reset: 0)
    }

    /// Finds the key's word, or the one that it would take over.
    ///
    /// All threads prefer the same word, and words only grow, so no key comes to stand in two.
    private func place(of hash: UInt64, _ moment: Rule.Moment) -> Place {
        let line = self.words.line(of: hash)
        let tag = hash & self.tagMask
        var (least, leastRank, leastValue) = (Self.firstWord, UInt64.max, UInt64(0))
        for word in Self.firstWord..<AtomicWords.wordsPerLine {
            let value = self.words.load(line: line, word: word)
            let state = value &>> self.tagBits
            if value & self.tagMask == tag {
                return Place(line: line, word: word, value: value, state: state, isFound: true)
            }
            let rank = self.rule.rank(state, moment)
            if rank < leastRank { (least, leastRank, leastValue) = (word, rank, value) }
        }
        return Place(
            line: line, word: least, value: leastValue,
            state: self.inherited(line, leastValue &>> self.tagBits, moment), isFound: false)
    }

    /// What a key has to take over that is new, or was evicted, together with a word.
    ///
    /// Where states are fully ordered, the least of a line is no less than what was evicted from
    /// it before.
    private func inherited(_ line: Int, _ state: UInt64, _ moment: Rule.Moment) -> UInt64 {
        guard !self.forgetsEvicted else { return 0 }
        guard Rule.isPartlyOrdered else { return state }
        let evicted = self.words.load(line: line, word: 0)
        return self.rule.merged(state, evicted, moment)
    }

    /// Writes a state if its word is still as it was found.
    private func put(
        _ state: UInt64, _ hash: UInt64, at place: Place, _ moment: Rule.Moment
    ) -> Bool {
        guard place.isFound else { return self.putNew(state, hash, at: place, moment) }
        return self.exchange(state, hash, at: place)
    }

    private func exchange(_ state: UInt64, _ hash: UInt64, at place: Place) -> Bool {
        self.words.exchange(
            line: place.line, word: place.word, place.value,
            for: state &<< self.tagBits | hash & self.tagMask)
    }

    /// Writes the state of a key that had no word, in the place of one that is missed least.
    private func putNew(
        _ state: UInt64, _ hash: UInt64, at place: Place, _ moment: Rule.Moment
    ) -> Bool {
        let victim = place.value &>> self.tagBits
        guard !self.rule.isIdle(victim, moment) else {
            return self.exchange(state, hash, at: place)
        }
        if Rule.isPartlyOrdered, !self.forgetsEvicted,
            !self.remember(victim, place.line, moment)
        {
            return false
        }
        guard self.exchange(state, hash, at: place) else { return false }
        self.evictions.add(1, ordering: .relaxed)
        return true
    }

    /// Notes what is about to be evicted, before it is: who looks for it in vain finds the note.
    private func remember(_ state: UInt64, _ line: Int, _ moment: Rule.Moment) -> Bool {
        let evicted = self.words.load(line: line, word: 0)
        let merged = self.rule.merged(evicted, state, moment)
        return merged == evicted
            || self.words.exchange(line: line, word: 0, evicted, for: merged)
    }
}

extension LimitTable where Rule == TokenBucket {
    /// Spends `cost` whether there is room or not.
    ///
    /// - Returns: nanoseconds to wait before more is spent.
    package func pace(_ hash: UInt64, cost: UInt64, _ moment: Rule.Moment) -> UInt64 {
        for _ in 0..<Self.triesMax {
            let place = self.place(of: hash, moment)
            let (state, wait) = self.rule.paced(place.state, cost, moment)
            if self.put(state, hash, at: place, moment) { return wait }
        }
        return 0
    }

    /// Nanoseconds until what a key has spent too much is paid off; spends nothing.
    package func debt(_ hash: UInt64, _ moment: Rule.Moment) -> UInt64 {
        self.rule.debt(self.place(of: hash, moment).state, moment)
    }
}
