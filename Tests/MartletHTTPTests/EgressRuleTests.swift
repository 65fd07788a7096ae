import MartletHTTP
import Testing

@Suite struct EgressRuleTests {
    private static func refusal(
        _ text: String, allow: [String] = [], host: String = "a.example"
    ) throws -> AddressScope? {
        let blocks = try #require(AddressBlocks(blocks: allow))
        let parsed = ClientAddress(parsing: Array(text.utf8).span)
        let address = try #require(parsed)
        return EgressRule(allowed: blocks).refusal(of: address, host: host)
    }

    @Test func onlyGlobalAddressesUnlessAllowed() throws {
        #expect(try Self.refusal("8.8.8.8") == nil)
        #expect(try Self.refusal("10.0.0.1") == .private)
        #expect(try Self.refusal("10.0.0.1", allow: ["10.0.0.0/8"]) == nil)
        #expect(try Self.refusal("10.0.0.1", allow: ["10.0.0.1"]) == nil)
        #expect(try Self.refusal("10.0.0.2", allow: ["10.0.0.1"]) == .private)
        #expect(try Self.refusal("169.254.169.254", allow: ["10.0.0.0/8"]) == .metadata)
        #expect(try Self.refusal("fd00::1", allow: ["10.0.0.0/8"]) == .private)
        #expect(EgressRule.strict.refusal(of: ClientAddress(ipv4: 0), host: "a") == .unspecified)
    }

    /// A form that stands for an address is allowed by its own block, not by the other's.
    @Test func whatStandsForAnotherAddress() throws {
        #expect(try Self.refusal("64:ff9b::10.0.0.1", allow: ["10.0.0.0/8"]) == .embedded)
        #expect(try Self.refusal("64:ff9b::8.8.8.8", allow: ["64:ff9b::/96"]) == nil)
        #expect(try Self.refusal("64:ff9b::169.254.169.254", allow: ["64:ff9b::/96"]) == .metadata)
        #expect(try Self.refusal("2002:7f00:1::1", allow: ["2002::/16"]) == .loopback)
        #expect(try Self.refusal("2002:808:808::1", allow: ["2002::/16"]) == nil)
        #expect(try Self.refusal("::127.0.0.1", allow: ["::/96"]) == .loopback)
        #expect(try Self.refusal("::ffff:0:10.0.0.1", allow: ["::ffff:0:0:0/96"]) == .private)
        #expect(try Self.refusal("::ffff:10.0.0.1", allow: ["10.0.0.0/8"]) == nil)
    }

    @Test func localhostIsLoopbackAndNothingElse() throws {
        #expect(try Self.refusal("127.0.0.1", host: "localhost") == nil)
        #expect(try Self.refusal("::1", host: "localhost") == nil)
        #expect(try Self.refusal("10.0.0.1", host: "localhost") == .private)
        #expect(try Self.refusal("127.0.0.1", host: "localhost.example") == .loopback)
        #expect(try Self.refusal("127.0.0.1", host: "Localhost") == .loopback)
    }
}
