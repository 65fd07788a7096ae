import MartletSecurity
import Testing

@Suite struct CredentialCacheTests {
    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    private func find(
        _ cache: inout CredentialCache<Int>, _ text: String, hash: UInt64 = 1, epoch: UInt64 = 0,
        now: Int64 = 0
    ) -> Int? {
        let bytes = self.bytes(text)
        return cache.find(bytes.span, hash: hash, epoch: epoch, now: now)
    }

    private func insert(
        _ cache: inout CredentialCache<Int>, _ value: Int, _ text: String, hash: UInt64 = 1,
        epoch: UInt64 = 0, expiry: Int64 = 100, now: Int64 = 0
    ) {
        let bytes = self.bytes(text)
        cache.insert(value, for: bytes.span, hash: hash, epoch: epoch, expiry: expiry, now: now)
    }

    @Test func anEntryIsBelievedUntilItsExpiry() {
        var cache = CredentialCache<Int>(capacity: 8, credentialBytesMax: 10)
        self.insert(&cache, 7, "a")
        let before = self.find(&cache, "a", now: 99)
        let at = self.find(&cache, "a", now: 100)
        #expect(before == 7)
        #expect(at == nil)
    }

    @Test func equalHashesAreNotEqualCredentials() {
        var cache = CredentialCache<Int>(capacity: 8, credentialBytesMax: 10)
        self.insert(&cache, 7, "a")
        let other = self.find(&cache, "b")
        #expect(other == nil)
    }

    @Test func anotherEpochForgetsAll() {
        var cache = CredentialCache<Int>(capacity: 8, credentialBytesMax: 10)
        self.insert(&cache, 7, "a", epoch: 1)
        let other = self.find(&cache, "a", epoch: 2)
        let same = self.find(&cache, "a", epoch: 1)
        #expect(other == nil)
        #expect(same == 7)
    }

    @Test func theOneUsedLongestAgoGivesWay() {
        var cache = CredentialCache<Int>(capacity: 4, credentialBytesMax: 10)
        for (index, text) in ["a", "b", "c", "d"].enumerated() { self.insert(&cache, index, text) }
        let first = self.find(&cache, "a")
        #expect(first == 0)
        self.insert(&cache, 9, "e")
        let (kept, lost, new) = (
            self.find(&cache, "a"), self.find(&cache, "b"), self.find(&cache, "e")
        )
        #expect(kept == 0)
        #expect(lost == nil)
        #expect(new == 9)
    }

    @Test func whatIsDeadGivesWayFirst() {
        var cache = CredentialCache<Int>(capacity: 4, credentialBytesMax: 10)
        self.insert(&cache, 0, "a")
        self.insert(&cache, 1, "b", expiry: 5)
        self.insert(&cache, 2, "c")
        self.insert(&cache, 3, "d")
        self.insert(&cache, 4, "e", now: 6)
        let (first, dead, new) = (
            self.find(&cache, "a", now: 6), self.find(&cache, "b", now: 6),
            self.find(&cache, "e", now: 6)
        )
        #expect(first == 0)
        #expect(dead == nil)
        #expect(new == 4)
    }

    @Test func newValuesTakeTheOldOnesPlace() {
        var cache = CredentialCache<Int>(capacity: 4, credentialBytesMax: 10)
        self.insert(&cache, 0, "a")
        self.insert(&cache, 1, "a", expiry: 300)
        let found = self.find(&cache, "a", now: 200)
        #expect(found == 1)
    }

    @Test func longCredentialsAndDeadOnesAreNotKept() {
        var cache = CredentialCache<Int>(capacity: 4, credentialBytesMax: 3)
        self.insert(&cache, 0, "abcd")
        self.insert(&cache, 1, "abc", expiry: 0)
        var none = CredentialCache<Int>(capacity: 0, credentialBytesMax: 3)
        self.insert(&none, 2, "a")
        let (long, dead, nowhere) = (
            self.find(&cache, "abcd"), self.find(&cache, "abc"), self.find(&none, "a")
        )
        #expect(long == nil)
        #expect(dead == nil)
        #expect(nowhere == nil)
    }
}
