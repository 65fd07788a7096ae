import MartletSecurity
import Testing

@Suite struct APIKeyTableTests {
    static func hashes(_ count: Int) throws -> [APIKeyHash] {
        let hasher = try #require(APIKeyHasher(secret: [UInt8](repeating: 5, count: 32)))
        return (0..<count).map { hasher.hash(Array("key \($0)".utf8).span) }
    }

    @Test(arguments: [0, 1, 2, 3, 1000, 10_000])
    func everyKeyIsFoundAndNoOther(count: Int) throws {
        let hashes = try Self.hashes(count + 100)
        let table = try APIKeyTable(Array(hashes.prefix(count)))
        for (row, hash) in hashes.enumerated() {
            #expect(table.row(of: hash) == (row < count ? row : nil))
        }
    }

    @Test func oneHashTwiceIsAnError() throws {
        let hashes = try Self.hashes(3)
        #expect(throws: APIKeyTable.Failure.duplicate(first: 1, second: 3)) {
            try APIKeyTable(hashes + [hashes[1]])
        }
    }
}
