import MartletHTTP
import Testing

@Suite struct HPACKHuffmanTests {
    static func decode(_ bytes: [UInt8]) -> String? {
        var store = ByteStore()
        guard store.append(HPACKHuffman.shared, decoding: bytes.span) else { return nil }
        return store.span.text
    }

    /// RFC 7541 C.4 and C.6, and the padding of nothing.
    @Test(arguments: [
        ("", ""), ("f1e3c2e5f23a6ba0ab90f4ff", "www.example.com"), ("a8eb10649cbf", "no-cache"),
        ("25a849e95ba97d7f", "custom-key"), ("25a849e95bb8e8b4bf", "custom-value"),
        ("6402", "302"), ("aec3771a4b", "private"),
        ("d07abe941054d444a8200595040b8166e082a62d1bff", "Mon, 21 Oct 2013 20:13:21 GMT"),
        ("9d29ad171863c78f0b97c8e9ae82ae43d3", "https://www.example.com"),
        ("640eff", "307"), ("9bd9ab", "gzip"),
        (
            "94e7821dd7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b106"
                + "3d5007",
            "foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1"
        ),
    ])
    func example(text: String, decoded: String) {
        #expect(Self.decode(hex(text)) == decoded)
    }

    /// A bit writer of the test's own: the code of each symbol as RFC 7541 lists it, by way of the
    /// lengths, of which the code is the canonical one.
    static let codes: [(code: UInt32, length: Int)] = {
        var codes = [(code: UInt32, length: Int)](repeating: (0, 0), count: 257)
        var code: UInt32 = 0
        for length in 1...30 {
            code <<= 1
            for symbol in 0...256 where HPACKHuffman.lengths[symbol] == length {
                codes[symbol] = (code, length)
                code += 1
            }
        }
        return codes
    }()

    static func encode(_ symbols: [Int], padding: Bool = true) -> [UInt8] {
        var bits: [UInt8] = []
        for symbol in symbols {
            let (code, length) = Self.codes[symbol]
            for place in (0..<length).reversed() { bits.append(UInt8(code >> UInt32(place) & 1)) }
        }
        while bits.count % 8 != 0 { bits.append(padding ? 1 : 0) }
        return stride(from: 0, to: bits.count, by: 8).map { start in
            bits[start..<(start + 8)].reduce(0) { $0 << 1 | $1 }
        }
    }

    /// RFC 7541 Appendix B: first and last of some lengths, and those that are easily mistaken.
    @Test(
        arguments: [
            (48, 0x0, 5), (116, 0x9, 5), (32, 0x14, 6), (58, 0x5c, 7), (122, 0x7b, 7),
            (38, 0xf8, 8),
            (90, 0xfd, 8), (33, 0x3f8, 10), (124, 0x7fc, 11), (62, 0xffb, 12), (0, 0x1ff8, 13),
            (125, 0x3ffd, 14), (123, 0x7ffe, 15), (92, 0x7fff0, 19), (128, 0xfffe6, 20),
            (1, 0x7fffd8, 23), (9, 0xffffea, 24), (234, 0x1ffffee, 25), (255, 0x3ffffee, 26),
            (203, 0x7ffffde, 27), (127, 0xffffffc, 28), (249, 0xffffffe, 28), (10, 0x3fff_fffc, 30),
            (22, 0x3fff_fffe, 30), (256, 0x3fff_ffff, 30),
        ] as [(Int, UInt32, Int)])
    func code(symbol: Int, code: UInt32, length: Int) {
        #expect(Self.codes[symbol].code == code)
        #expect(Self.codes[symbol].length == length)
    }

    @Test func everySymbolComesBackInAnyNeighbourhood() {
        for symbol in 0...255 {
            for around in [[], [48], [0], [255], [10, 48, 10]] {
                let symbols = around + [symbol] + around + [symbol]
                var store = ByteStore()
                let isValid = store.append(
                    HPACKHuffman.shared, decoding: Self.encode(symbols).span)
                #expect(isValid)
                let isSame = store.span.isEqual(to: symbols.map { UInt8($0) })
                #expect(isSame, "\(symbols)")
            }
        }
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func randomStringsComeBack(seed: UInt64) {
        var random = SeededNumbers(seed: seed)
        for _ in 0..<2000 {
            let count = Int(random.next() % 40)
            let symbols = (0..<count).map { _ in Int(random.next() % 256) }
            var store = ByteStore()
            let isValid = store.append(HPACKHuffman.shared, decoding: Self.encode(symbols).span)
            #expect(isValid)
            let isSame = store.span.isEqual(to: symbols.map { UInt8($0) })
            #expect(isSame, "seed \(seed): \(symbols)")
        }
    }

    @Test func paddingIsShortAndAllOnes() {
        // `0` is five bits, so three are padding.
        #expect(Self.decode(Self.encode([48])) == "0")
        #expect(Self.decode(Self.encode([48], padding: false)) == nil)
        #expect(Self.decode([0b0000_0110]) == nil)
        // `&` is eight bits: no padding, and a whole byte of it is too much.
        #expect(Self.decode(hex("f8")) == "&")
        #expect(Self.decode(hex("f8ff")) == nil)
        for count in 1...8 {
            #expect(Self.decode([UInt8](repeating: 0xff, count: count)) == nil)
        }
        // Seven bits of padding are allowed: `[` is 13 bits, three of them 39.
        #expect(Self.decode(Self.encode([91, 91, 91])) == "[[[")
    }

    @Test func theEndOfStringIsNotASymbol() {
        #expect(Self.decode(Self.encode([256])) == nil)
        #expect(Self.decode(Self.encode([97, 256, 97, 97])) == nil)
        #expect(Self.decode(hex("3fffffff ffffffff")) == nil)
    }

    @Test func whatIsIllCodedLeavesNothing() {
        var store = ByteStore()
        store.append("before")
        let isValid = store.append(
            HPACKHuffman.shared, decoding: hex("1c6490b2 ffffffff").span)
        let count = store.count
        #expect(!isValid)
        #expect(count == 6)
    }
}

/// Numbers that a seed decides (splitmix64), for tests.
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { self.state = seed }

    mutating func next() -> UInt64 {
        self.state &+= 0x9e37_79b9_7f4a_7c15
        var word = self.state
        word = (word ^ word >> 30) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ word >> 27) &* 0x94d0_49bb_1331_11eb
        return word ^ word >> 31
    }
}
