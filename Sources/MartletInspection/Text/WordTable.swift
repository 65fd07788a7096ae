/// Whole words and what each of them is: open addressing over one byte store, immutable.
///
/// Made once from the lists under `Vocabulary`. A lookup reads the word twice at most.
struct WordTable: Sendable {
    static let wordBytesMax = 48

    private struct Entry: Sendable {
        var start: UInt32
        var count: UInt8
        /// Never 0: 0 is "not in the table".
        var kind: UInt8
    }

    private var bytes: [UInt8] = []
    private var entries: [Entry] = []
    private var slots: [UInt16] = []

    /// Each list is words of lower case with spaces between them.
    ///
    /// The first list that has a word decides about it.
    init(_ lists: [(kind: UInt8, words: StaticString)]) {
        var seen: Set<[UInt8]> = []
        for list in lists {
            for word in Self.split(list.words) where seen.insert(word).inserted {
                precondition(word.count <= Self.wordBytesMax && list.kind != 0)
                self.entries.append(
                    Entry(
                        start: UInt32(self.bytes.count), count: UInt8(word.count), kind: list.kind))
                self.bytes += word
            }
        }
        var capacity = 16
        while capacity < self.entries.count * 3 { capacity *= 2 }
        self.slots = [UInt16](repeating: 0, count: capacity)
        for (index, entry) in self.entries.enumerated() {
            let start = Int(entry.start)
            var slot = Self.hash(self.bytes.span, start..<start + Int(entry.count))
            while self.slots[slot & (capacity - 1)] != 0 { slot &+= 1 }
            self.slots[slot & (capacity - 1)] = UInt16(index + 1)
        }
    }

    /// The words of a list.
    static func split(_ words: StaticString) -> [[UInt8]] {
        let text = unsafe UnsafeBufferPointer(
            start: words.utf8Start, count: words.utf8CodeUnitCount)
        return unsafe text.split(whereSeparator: { TextByte.isBlank($0) }).map { unsafe Array($0) }
    }

    private static func hash(_ text: Span<UInt8>, _ range: Range<Int>) -> Int {
        var hash: UInt32 = 0x811c_9dc5
        for index in range { hash = (hash ^ UInt32(text[index])) &* 0x0100_0193 }
        return Int(hash ^ hash &>> 15)
    }

    /// What the bytes of a range are, 0 if they are no word of the table.
    func kind(of text: Span<UInt8>, _ range: Range<Int>) -> UInt8 {
        guard !range.isEmpty, range.count <= Self.wordBytesMax, range.lowerBound >= 0,
            range.upperBound <= text.count
        else { return 0 }
        let mask = self.slots.count - 1
        var slot = Self.hash(text, range)
        while true {
            let index = self.slots[slot & mask]
            if index == 0 { return 0 }
            let entry = self.entries[Int(index) - 1]
            if Int(entry.count) == range.count, self.holds(entry, text, range.lowerBound) {
                return entry.kind
            }
            slot &+= 1
        }
    }

    private func holds(_ entry: Entry, _ text: Span<UInt8>, _ start: Int) -> Bool {
        for offset in 0..<Int(entry.count)
        where self.bytes[Int(entry.start) + offset] != text[start + offset] {
            return false
        }
        return true
    }
}
