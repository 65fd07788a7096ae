import MartletSecurity
import Testing

@Suite struct APIKeyHashTests {
    @Test func aSecretThatCouldBeGuessedIsRefused() {
        #expect(APIKeyHasher(secret: [UInt8](repeating: 1, count: 31)) == nil)
        #expect(APIKeyHasher(secret: [UInt8](repeating: 1, count: 32)) != nil)
    }

    /// RFC 4231 §4.7, whose key is longer than a block.
    @Test func hashIsHMAC() throws {
        let hasher = try #require(APIKeyHasher(secret: [UInt8](repeating: 0xaa, count: 131)))
        let text = "Test Using Larger Than Block-Size Key - Hash Key First"
        #expect(
            hasher.hash(Array(text.utf8)).text
                == "hmac-sha256:60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
    }

    @Test func textComesBack() throws {
        let hasher = try #require(APIKeyHasher(secret: [UInt8](repeating: 1, count: 32)))
        let hash = hasher.hash(Array("key".utf8).span)
        #expect(APIKeyHash(text: hash.text) == hash)
        #expect(hasher.hash(Array("kez".utf8)) != hash)
        for text in [
            "", "hmac-sha256:", "sha256:00", String(hash.text.dropLast()), hash.text + "00",
        ] {
            #expect(APIKeyHash(text: text) == nil)
        }
    }
}
