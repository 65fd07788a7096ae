import MartletAlgorithms
import MartletSecurity
import Testing

@Suite struct APIKeyMemoTests {
    private func row(_ memo: APIKeyMemo, _ first: UInt64, _ second: UInt64) -> Int? {
        memo.row(of: (first, second))
    }

    @Test func bothHalvesOfTheHashCount() {
        var memo = APIKeyMemo(keyCount: 100)
        #expect(self.row(memo, 7, 8) == nil)
        memo.insert(3, for: (7, 8))
        #expect(self.row(memo, 7, 8) == 3)
        #expect(self.row(memo, 7, 9) == nil)
        #expect(self.row(memo, 7 + 1 << 40, 8) == nil)
    }

    /// A hash of zeros is not found in an empty place.
    @Test func emptyPlacesAreNobodys() {
        #expect(self.row(APIKeyMemo(keyCount: 100), 0, 0) == nil)
        #expect(self.row(APIKeyMemo(keyCount: 0), 0, 0) == nil)
    }

    @Test func fourShareAPlaceAndTheFifthTakesOneOver() {
        var memo = APIKeyMemo(keyCount: 1)
        for number in UInt64(0)..<4 { memo.insert(Int(number), for: (5 + number << 32, 1)) }
        for number in UInt64(0)..<4 { #expect(self.row(memo, 5 + number << 32, 1) == Int(number)) }
        memo.insert(9, for: (5 + 9 << 32, 2 << 62))
        #expect(self.row(memo, 5 + 9 << 32, 2 << 62) == 9)
        #expect(self.row(memo, 5 + 2 << 32, 1) == nil)
        for number in [0, 1, 3] as [UInt64] {
            #expect(self.row(memo, 5 + number << 32, 1) == Int(number))
        }
        var none = APIKeyMemo(keyCount: 0)
        none.insert(1, for: (5, 1))
        #expect(self.row(none, 5, 1) == nil)
    }

    /// As many keys as it was made for hardly ever push each other out.
    @Test func nearlyAllKeysStay() {
        var random = SeededRandom(seed: 7)
        var memo = APIKeyMemo(keyCount: 10_000)
        let hashes = (0..<10_000).map { _ in (random.next(), random.next()) }
        for (row, hash) in hashes.enumerated() { memo.insert(row, for: hash) }
        let lost = hashes.enumerated().count { memo.row(of: $1) != $0 }
        #expect(lost < 100, "\(lost) of 10,000")
    }
}
