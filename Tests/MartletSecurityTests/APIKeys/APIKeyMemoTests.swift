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

    @Test func aPlaceIsTakenOver() {
        var memo = APIKeyMemo(keyCount: 1)
        memo.insert(1, for: (5, 1))
        memo.insert(2, for: (5 + 1 << 32, 1))
        #expect(self.row(memo, 5, 1) == nil)
        #expect(self.row(memo, 5 + 1 << 32, 1) == 2)
        var none = APIKeyMemo(keyCount: 0)
        none.insert(1, for: (5, 1))
        #expect(self.row(none, 5, 1) == nil)
    }
}
