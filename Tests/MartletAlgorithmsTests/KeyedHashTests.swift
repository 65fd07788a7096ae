import MartletAlgorithms
import Testing

@Suite struct KeyedHashTests {
    static func hash(
        _ text: String, cut: Int? = nil, secret: HashSecret = HashSecret(0, 0)
    ) -> UInt64 {
        let bytes = Array(text.utf8)
        var hash = KeyedHash(secret: secret)
        var index = 0
        while index < bytes.count {
            let end = min(bytes.count, index + (cut ?? bytes.count))
            hash.absorb(bytes.span.extracting(index..<end))
            index = end
        }
        return hash.value
    }

    /// What another implementation gives for a secret of zeros: CPython 3.11 and later, where
    /// `PYTHONHASHSEED=0 python3 -c "print(hex(hash(b'a'*8) & (2**64 - 1)))"` prints them.
    @Test(
        arguments: [
            ("aaaaaaaa", 0xc501_b12e_1842_8c92), ("abcdefghijk", 0x1421_5fc6_5e2c_3bd4),
            ("0123456789abcdef", 0x1d42_b30f_7e06_0c24),
            ("xxxxxxxxxxxxxxx", 0xd962_3e71_4b29_0b4b),
        ] as [(String, UInt64)])
    func isSipHash13(text: String, expected: UInt64) {
        #expect(Self.hash(text) == expected)
    }

    @Test(arguments: [1, 2, 3, 5, 7, 8, 9, 13, 16])
    func piecesMakeNoDifference(cut: Int) {
        let text = "how a request's bytes were cut into reads is the kernel's matter"
        for count in 0...text.utf8.count {
            let part = String(text.prefix(count))
            #expect(Self.hash(part, cut: cut) == Self.hash(part))
        }
    }

    @Test func wordsAreTheirBytes() {
        var words = KeyedHash(secret: HashSecret(1, 2))
        var bytes = KeyedHash(secret: HashSecret(1, 2))
        bytes.absorb([7].span)
        words.absorb([7].span)
        words.absorb(0x0807_0605_0403_0201)
        bytes.absorb([1, 2, 3, 4, 5, 6, 7, 8].span)
        #expect(words.value == bytes.value)
    }

    @Test func partsAreKeptApart() {
        func hash(_ parts: [String]) -> UInt64 {
            var hash = KeyedHash(secret: HashSecret(1, 2))
            for part in parts { hash.absorb(part: Array(part.utf8).span) }
            return hash.value
        }
        let keys = [["ab", "c"], ["a", "bc"], ["abc"], ["abc", ""], ["", "abc"], []]
        #expect(Set(keys.map(hash)).count == keys.count)
    }

    @Test func bothHalvesOfThePairAreTheirOwn() {
        var firsts: Set<UInt64> = []
        var seconds: Set<UInt64> = []
        for number in 0..<1000 as Range<UInt64> {
            var hash = KeyedHash(secret: HashSecret(1, 2))
            hash.absorb(number)
            let pair = hash.pair
            #expect(pair == hash.pair && pair.first != pair.second)
            firsts.insert(pair.first)
            seconds.insert(pair.second)
        }
        #expect(firsts.count == 1000 && seconds.count == 1000)
        #expect(firsts.isDisjoint(with: seconds))
    }

    @Test func theSecretMatters() {
        let secrets = [HashSecret(0, 0), HashSecret(0, 1), HashSecret(1, 0), HashSecret(1, 1)]
        #expect(Set(secrets.map { Self.hash("key", secret: $0) }).count == secrets.count)
    }

    /// Numbers in a row fall evenly into buckets, whichever bits choose the bucket.
    @Test(arguments: [0, 32, 56] as [UInt64])
    func spreads(shift: UInt64) {
        var counts = [Int](repeating: 0, count: 256)
        for number in 0..<25_600 as Range<UInt64> {
            var hash = KeyedHash(secret: HashSecret(3, 4))
            hash.absorb(number)
            counts[Int(hash.value >> shift & 255)] += 1
        }
        // 100 on average; the deviation of a Poisson distribution is 10.
        #expect(counts.allSatisfy { 50...150 ~= $0 })
    }
}
