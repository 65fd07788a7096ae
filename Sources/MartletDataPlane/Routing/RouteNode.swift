import MartletHTTP

/// One place in the tree of path segments, flat: children and candidates are indices.
///
/// Owned by the routing table. Every node has one parent, so a search visits each at most once.
struct RouteNode: Sendable, BitwiseCopyable {
    static let none = UInt32.max

    /// Literal children: a part of the slot table.
    var literals = SlotRange()
    var integer = Self.none
    var uuid = Self.none
    var any = Self.none
    /// Patterns that end here with the path.
    var exact = CandidateRange()
    /// `{name*}` behind this node: there is one more `/`.
    var rest = CandidateRange()
    /// Prefixes that end here: the path ends too, or a `/` follows.
    var prefix = CandidateRange()
}

/// A part of the candidate table.
struct CandidateRange: Sendable, BitwiseCopyable {
    var start: UInt32 = 0
    var count: UInt32 = 0
}

/// A small open-addressing table inside the slot table; `count` is a power of two, or 0.
struct SlotRange: Sendable, BitwiseCopyable {
    var start: UInt32 = 0
    var count: UInt32 = 0
}

/// A text and what it leads to: sixteen bytes, so that a look-up mostly reads one cache line.
struct Slot: Sendable, BitwiseCopyable {
    /// Texts up to this long stand in the slot itself.
    static let inlineCountMax = 8

    /// `RouteNode.none` in an empty slot.
    var target = RouteNode.none
    /// Bytes of the text.
    var count: UInt32 = 0
    /// The text's bytes; of a longer one its hash and, in the low half, where it begins.
    var word: UInt64 = 0

    /// The bytes of a short text as one number.
    @inline(__always)
    static func packed(_ text: Span<UInt8>) -> UInt64 {
        var word: UInt64 = 0
        for index in text.indices { word = word &<< 8 | UInt64(text[index]) }
        return word
    }

    /// Where a longer text lies among the texts.
    var text: ByteRange {
        ByteRange(start: UInt32(truncatingIfNeeded: self.word), count: self.count)
    }
}

/// All the open-addressing tables, one behind the other, and the texts of their keys.
///
/// Filled at load from the configuration alone, so the hash needs no secret.
struct SlotTable: Sendable {
    private(set) var slots: ContiguousArray<Slot> = []
    private(set) var texts: [UInt8] = []

    /// FNV-1a: short keys, no setup.
    static let hashSeed: UInt32 = 0x811c_9dc5

    @inline(__always)
    static func hash(_ hash: UInt32, _ byte: UInt8) -> UInt32 {
        (hash ^ UInt32(byte)) &* 0x0100_0193
    }

    static func hash(_ bytes: Span<UInt8>) -> UInt32 {
        var hash = Self.hashSeed
        for index in bytes.indices { hash = Self.hash(hash, bytes[index]) }
        return hash
    }

    /// FNV's low bits are weak: the high ones are folded in.
    @inline(__always)
    private static func place(_ hash: UInt32) -> UInt32 { hash ^ (hash &>> 15) }

    /// What a key leads to, or `RouteNode.none`.
    ///
    /// In line, so that the arrays are not retained.
    @inline(__always)
    func find(_ key: Span<UInt8>, hash: UInt32, in range: SlotRange) -> UInt32 {
        guard range.count > 0 else { return RouteNode.none }
        let isInline = key.count <= Slot.inlineCountMax
        let word = isInline ? Slot.packed(key) : UInt64(hash) &<< 32
        var place = Self.place(hash)
        for _ in 0..<range.count {
            let slot = self.slots[Int(range.start &+ place & (range.count &- 1))]
            if slot.target == RouteNode.none { return RouteNode.none }
            if Int(slot.count) == key.count {
                if isInline {
                    if slot.word == word { return slot.target }
                } else if slot.word &>> 32 == word &>> 32,
                    self.texts.span.extracting(slot.text.indices).isEqual(to: key)
                {
                    return slot.target
                }
            }
            place &+= 1
        }
        return RouteNode.none
    }

    /// Adds one table.
    ///
    /// Keys are distinct.
    mutating func append(_ entries: [(key: String, target: UInt32)]) -> SlotRange {
        guard !entries.isEmpty else { return SlotRange() }
        var capacity = 1
        while capacity < entries.count * 2 && entries.count > 1 { capacity *= 2 }
        let range = SlotRange(start: UInt32(self.slots.count), count: UInt32(capacity))
        self.slots.append(contentsOf: repeatElement(Slot(), count: capacity))
        for entry in entries {
            let key = Array(entry.key.utf8)
            let hash = Self.hash(key.span)
            var place = Self.place(hash)
            while self.slots[Int(range.start &+ place & (range.count &- 1))].target
                != RouteNode.none
            {
                place &+= 1
            }
            self.slots[Int(range.start &+ place & (range.count &- 1))] = self.slot(
                key, hash: hash, target: entry.target)
        }
        return range
    }

    private mutating func slot(_ key: [UInt8], hash: UInt32, target: UInt32) -> Slot {
        let count = UInt32(key.count)
        guard key.count > Slot.inlineCountMax else {
            return Slot(target: target, count: count, word: Slot.packed(key.span))
        }
        let start = UInt64(self.texts.count)
        self.texts.append(contentsOf: key)
        return Slot(target: target, count: count, word: UInt64(hash) << 32 | start)
    }
}
