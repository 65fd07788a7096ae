/// The Huffman code of HPACK (RFC 7541 Appendix B), decoded by table: a look at `windowBits` bits
/// gives one symbol or two.
///
/// The code is canonical: ordered by length, then by symbol, each code is the one before plus one.
/// So the lengths say all of it. Made once, shared by every decoder, 16 KiB.
package struct HPACKHuffman: Sendable {
    package static let shared = HPACKHuffman()

    static let windowBits = 12
    /// The end-of-string symbol, which must not be encoded (RFC 7541 §5.2).
    static let endOfString = 256
    private static let bitsMax = 30

    /// The code length of each symbol, the end of string last.
    package static let lengths: [UInt8] = [
        13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28,
        28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
        6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6,
        5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
        13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
        7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
        15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5,
        6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
        20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23,
        24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
        22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23,
        21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
        26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
        19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
        20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23,
        26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
        30,
    ]

    /// For each window: symbols in bits 0-7 and 8-15, the bits that they take in 16-23, how many
    /// they are in 24-25, the bits of the first alone in 26-31; 0 where the first is longer.
    private let window: [UInt32]
    /// The symbols, ordered by code.
    private let symbols: [UInt16]
    /// For each length, the first code of the next length, aligned to 32 bits: codes below it are
    /// not longer.
    private let ends: [UInt64]
    /// For each length, its first code, and that code's place in `symbols`.
    private let firsts: [(code: UInt32, place: Int)]

    private init() {
        var symbols: [UInt16] = []
        var ends: [UInt64] = [0]
        var firsts: [(code: UInt32, place: Int)] = [(0, 0)]
        var code: UInt32 = 0
        for bits in 1...Self.bitsMax {
            code <<= 1
            firsts.append((code, symbols.count))
            for (symbol, length) in Self.lengths.enumerated() where Int(length) == bits {
                symbols.append(UInt16(symbol))
                code += 1
            }
            ends.append(UInt64(code) << UInt64(32 - bits))
        }
        self.symbols = symbols
        self.ends = ends
        self.firsts = firsts
        self.window = Self.makeWindow(symbols: symbols, ends: ends, firsts: firsts)
    }

    private static func makeWindow(
        symbols: [UInt16], ends: [UInt64], firsts: [(code: UInt32, place: Int)]
    ) -> [UInt32] {
        /// The symbol at the top of 32 bits of which `count` are known, and its length.
        func first(_ bits: UInt32, count: Int) -> (symbol: UInt32, length: Int)? {
            guard count > 0,
                let length = (1...count).first(where: { UInt64(bits) < ends[$0] })
            else { return nil }
            let index = (bits >> UInt32(32 - length)) - firsts[length].code
            return (UInt32(symbols[firsts[length].place + Int(index)]), length)
        }
        return (0..<(1 << self.windowBits)).map { value in
            let bits = UInt32(value) << UInt32(32 - self.windowBits)
            guard let one = first(bits, count: self.windowBits) else { return 0 }
            let alone = UInt32(one.length) << 26
            let rest = self.windowBits - one.length
            guard let two = first(bits << UInt32(one.length), count: rest) else {
                return one.symbol | UInt32(one.length) << 16 | 1 << 24 | alone
            }
            let length = UInt32(one.length + two.length)
            return one.symbol | two.symbol << 8 | length << 16 | 2 << 24 | alone
        }
    }

    /// The symbol at the top of 32 bits, and its length: for codes longer than the window.
    @inline(never)
    private func long(_ bits: UInt32) -> (symbol: Int, length: Int) {
        var length = Self.windowBits + 1
        while length < Self.bitsMax, UInt64(bits) >= self.ends[length] { length += 1 }
        let first = self.firsts[length]
        let index = Int((bits >> UInt32(32 - length)) - first.code)
        return (Int(self.symbols[first.place + index]), length)
    }

    /// The most bytes that `count` encoded ones can stand for, with room for a pair at the end.
    static func decodedCountMax(_ count: Int) -> Int { count * 8 / 5 + 2 }

    /// Decodes all of `encoded` to `target`, which has room for `decodedCountMax` bytes.
    ///
    /// - Returns: how many bytes came out; `nil` if the padding is longer than 7 bits or not the
    ///   first bits of the end of string, or if that was encoded.
    func decode(_ encoded: Span<UInt8>, to target: UnsafeMutablePointer<UInt8>) -> Int? {
        let window = self.window.span
        var count = 0
        // The bits not used yet, at the top; `held` of them are accounted for.
        var bits: UInt64 = 0
        var held = 0
        var position = 0
        while true {
            self.refill(&bits, &held, from: encoded, at: &position)
            guard held >= Self.windowBits else { break }
            repeat {
                let entry = window[Int(truncatingIfNeeded: bits &>> UInt64(64 - Self.windowBits))]
                if entry == 0 { break }
                unsafe target[count] = UInt8(truncatingIfNeeded: entry)
                unsafe target[count &+ 1] = UInt8(truncatingIfNeeded: entry &>> 8)
                count &+= Int(truncatingIfNeeded: entry &>> 24 & 3)
                let length = entry &>> 16 & 0xff
                bits = bits &<< UInt64(length)
                held &-= Int(length)
            } while held >= Self.windowBits
            guard held >= Self.windowBits else { continue }
            // A long code, which may need bits that are not held yet.
            self.refill(&bits, &held, from: encoded, at: &position)
            let (symbol, length) = self.long(UInt32(truncatingIfNeeded: bits >> 32))
            // All ones to the end is padding, if it is that short; it is looked at below.
            guard length <= held else { break }
            guard symbol != Self.endOfString else { return nil }
            unsafe target[count] = UInt8(truncatingIfNeeded: symbol)
            count &+= 1
            bits = bits &<< UInt64(length)
            held -= length
        }
        return unsafe self.finish(bits, held: held, target, count: count)
    }

    /// Takes bytes until more than 56 bits are held, eight at a time while there are that many.
    @inline(__always)
    private func refill(
        _ bits: inout UInt64, _ held: inout Int, from encoded: Span<UInt8>, at position: inout Int
    ) {
        if position &+ 8 <= encoded.count {
            let word = unsafe encoded.withUnsafeBytes { bytes in
                unsafe bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self).bigEndian
            }
            // Bits below `held` that do not make a byte are put there again by the next word.
            bits |= word &>> UInt64(held)
            position &+= (63 &- held) &>> 3
            held |= 56
            return
        }
        while held <= 56, position < encoded.count {
            bits |= UInt64(encoded[position]) << UInt64(56 - held)
            held += 8
            position += 1
        }
    }

    /// Decodes the last bits, fewer than a window or than the code that they begin.
    private func finish(
        _ bits: UInt64, held: Int, _ target: UnsafeMutablePointer<UInt8>, count: Int
    ) -> Int? {
        var (bits, held, count) = (bits, held, count)
        while held > 0 {
            let entry = self.window[Int(truncatingIfNeeded: bits >> UInt64(64 - Self.windowBits))]
            let length = Int(entry >> 26)
            guard entry != 0, length <= held else { break }
            unsafe target[count] = UInt8(truncatingIfNeeded: entry)
            count += 1
            bits <<= UInt64(length)
            held -= length
        }
        // RFC 7541 §5.2: fewer than 8 bits, each of them 1.
        let padding = bits >> UInt64(64 - max(held, 1))
        guard held < 8, held == 0 || padding == (1 << UInt64(held)) - 1 else { return nil }
        return count
    }
}

extension ByteStore {
    /// Appends what Huffman-coded bytes stand for; appends nothing and gives `false` if they are
    /// not well coded.
    package mutating func append(_ huffman: HPACKHuffman, decoding encoded: Span<UInt8>) -> Bool {
        var isValid = false
        unsafe self.append(atMost: HPACKHuffman.decodedCountMax(encoded.count)) { target in
            guard let count = unsafe huffman.decode(encoded, to: target) else { return 0 }
            isValid = true
            return count
        }
        return isValid
    }
}
