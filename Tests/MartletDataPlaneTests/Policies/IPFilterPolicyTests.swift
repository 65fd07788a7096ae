import MartletConfig
import MartletDataPlane
import MartletHTTP
import Testing

struct IPFilterPolicyTests {
    private static func isServed(
        _ text: String, allow: [String]? = nil, deny: [String] = []
    ) throws -> Bool {
        var config = IPFilterConfig()
        (config.allow, config.deny) = (allow, deny)
        let parsed = ClientAddress(parsing: Array(text.utf8).span)
        let address = try #require(parsed)
        let reply = try IPFilterPolicy(config).reply(to: address)
        #expect(reply == nil || reply == .problem(.addressDenied))
        return reply == nil
    }

    @Test func allowedBlocksDenyTheRest() throws {
        let blocks = ["10.0.0.0/8", "2001:db8::/32", "192.0.2.7"]
        for text in ["10.0.0.0", "10.255.255.255", "2001:db8::1", "192.0.2.7", "::ffff:10.1.1.1"] {
            #expect(try Self.isServed(text, allow: blocks), "\(text)")
        }
        for text in ["11.0.0.0", "192.0.2.8", "2001:db9::", "::1", "::10.0.0.1", "0.0.0.0"] {
            #expect(try !Self.isServed(text, allow: blocks), "\(text)")
        }
    }

    @Test func deniedBlocksServeTheRest() throws {
        #expect(try !Self.isServed("198.51.100.9", deny: ["198.51.100.0/24"]))
        #expect(try Self.isServed("198.51.101.9", deny: ["198.51.100.0/24"]))
        #expect(try Self.isServed("::1", deny: ["0.0.0.0/0"]))
        #expect(try !Self.isServed("::ffff:1.2.3.4", deny: ["0.0.0.0/0"]))
    }

    @Test func theNarrowestBlockDecides() throws {
        let (allow, deny) = (["10.0.0.0/8", "10.1.2.3"], ["10.1.0.0/16"])
        #expect(try Self.isServed("10.2.0.1", allow: allow, deny: deny))
        #expect(try !Self.isServed("10.1.0.1", allow: allow, deny: deny))
        #expect(try Self.isServed("10.1.2.3", allow: allow, deny: deny))
        #expect(try !Self.isServed("11.0.0.1", allow: allow, deny: deny))
        // One that is both is denied.
        #expect(try !Self.isServed("10.1.2.3", allow: ["10.1.2.3"], deny: ["10.1.2.3/32"]))
    }

    /// A list that was written and names nobody lets nobody in.
    @Test func anEmptyListOfAllowedBlocksDeniesEverybody() throws {
        #expect(try !Self.isServed("10.2.0.1", allow: []))
        #expect(try !Self.isServed("10.2.0.1", allow: [], deny: ["11.0.0.0/8"]))
    }

    @Test func mappedBlocksAreIPv4() throws {
        #expect(try Self.isServed("10.1.1.1", allow: ["::ffff:10.0.0.0/104"]))
        #expect(try Self.isServed("10.0.0.1", allow: ["::ffff:10.0.0.1"]))
        #expect(try !Self.isServed("10.0.0.2", allow: ["::ffff:10.0.0.1"]))
    }

    @Test(arguments: ["", "10.0.0.0/33", "10.0.0.0/", "10.0.0/8", "::/129", "a", "1.2.3.4/-1"])
    func whatIsNoBlock(text: String) {
        var config = IPFilterConfig()
        config.deny = [text]
        #expect(throws: (any Error).self) { try IPFilterPolicy(config) }
    }
}
