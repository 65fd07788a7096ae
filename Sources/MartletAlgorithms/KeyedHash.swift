/// What makes a hash unpredictable to strangers: 128 random bits, drawn once in a process.
package struct HashSecret: Sendable, BitwiseCopyable, Equatable {
    let first: UInt64
    let second: UInt64

    package init(_ first: UInt64, _ second: UInt64) {
        self.first = first
        self.second = second
    }
}

/// SipHash-1-3 (Aumasson and Bernstein, 2012) of bytes that come in pieces.
///
/// For tables whose keys strangers choose: without the secret nobody can find keys that fall into
/// one place. A value of 56 bytes; nothing is allocated.
package struct KeyedHash: Sendable, BitwiseCopyable {
    private var v0: UInt64
    private var v1: UInt64
    private var v2: UInt64
    private var v3: UInt64
    /// Bytes that do not fill a word yet, the first in the lowest place.
    private var tail: UInt64 = 0
    private var tailCount: UInt64 = 0
    private var byteCount: UInt64 = 0

    package init(secret: HashSecret) {
        self.v0 = secret.first ^ 0x736f_6d65_7073_6575
        self.v1 = secret.second ^ 0x646f_7261_6e64_6f6d
        self.v2 = secret.first ^ 0x6c79_6765_6e65_7261
        self.v3 = secret.second ^ 0x7465_6462_7974_6573
    }

    /// Takes eight bytes in, the lowest first.
    package mutating func absorb(_ word: UInt64) {
        self.byteCount &+= 8
        guard self.tailCount > 0 else { return self.compress(word) }
        let shift = self.tailCount &* 8
        self.compress(self.tail | word &<< shift)
        self.tail = word &>> (64 &- shift)
    }

    /// Takes bytes in; where one piece ends and the next begins makes no difference.
    package mutating func absorb(_ bytes: Span<UInt8>) {
        var index = 0
        while index &+ 8 <= bytes.count {
            self.absorb(
                unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
                    .littleEndian)
            index &+= 8
        }
        if index < bytes.count, index > 0, self.tailCount == 0 {
            // The rest is the upper end of the last eight bytes.
            let last = unsafe bytes.bytes.unsafeLoadUnaligned(
                fromByteOffset: bytes.count &- 8, as: UInt64.self
            ).littleEndian
            self.tailCount = UInt64(bytes.count &- index)
            self.tail = last &>> (64 &- self.tailCount &* 8)
            self.byteCount &+= self.tailCount
            return
        }
        while index < bytes.count {
            self.absorb(byte: bytes[index])
            index &+= 1
        }
    }

    /// Takes one part of a key in, so that `ab`, `c` and `a`, `bc` are two keys.
    package mutating func absorb(part bytes: Span<UInt8>) {
        self.absorb(UInt64(bytes.count))
        self.absorb(bytes)
    }

    /// The hash of what was taken in so far.
    package var value: UInt64 {
        var state = self
        state.compress(state.tail | self.byteCount &<< 56)
        state.v2 ^= 0xff
        for _ in 0..<3 { state.round() }
        return state.v0 ^ state.v1 ^ state.v2 ^ state.v3
    }

    /// 128 bits of it, which nobody meets by chance: the longer output of SipHash.
    package var pair: (first: UInt64, second: UInt64) {
        var state = self
        state.compress(state.tail | self.byteCount &<< 56)
        state.v2 ^= 0xee
        for _ in 0..<3 { state.round() }
        let first = state.v0 ^ state.v1 ^ state.v2 ^ state.v3
        state.v1 ^= 0xdd
        for _ in 0..<3 { state.round() }
        return (first, state.v0 ^ state.v1 ^ state.v2 ^ state.v3)
    }

    /// Takes one byte in.
    package mutating func absorb(byte: UInt8) {
        self.tail |= UInt64(byte) &<< (self.tailCount &* 8)
        self.tailCount &+= 1
        self.byteCount &+= 1
        guard self.tailCount == 8 else { return }
        self.compress(self.tail)
        (self.tail, self.tailCount) = (0, 0)
    }

    private mutating func compress(_ word: UInt64) {
        self.v3 ^= word
        self.round()
        self.v0 ^= word
    }

    private mutating func round() {
        self.v0 &+= self.v1
        self.v1 = Self.rotated(self.v1, by: 13) ^ self.v0
        self.v0 = Self.rotated(self.v0, by: 32)
        self.v2 &+= self.v3
        self.v3 = Self.rotated(self.v3, by: 16) ^ self.v2
        self.v0 &+= self.v3
        self.v3 = Self.rotated(self.v3, by: 21) ^ self.v0
        self.v2 &+= self.v1
        self.v1 = Self.rotated(self.v1, by: 17) ^ self.v2
        self.v2 = Self.rotated(self.v2, by: 32)
    }

    private static func rotated(_ value: UInt64, by count: UInt64) -> UInt64 {
        value &<< count | value &>> (64 &- count)
    }
}
