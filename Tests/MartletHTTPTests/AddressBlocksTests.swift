import MartletHTTP
import Testing

@Suite struct AddressBlocksTests {
    @Test(
        arguments: [
            (["10.0.0.0/8"], "10.255.255.255", true), (["10.0.0.0/8"], "11.0.0.0", false),
            (["10.0.0.0/8"], "9.255.255.255", false), (["10.1.2.3/8"], "10.0.0.1", true),
            (["192.0.2.1"], "192.0.2.1", true), (["192.0.2.1"], "192.0.2.2", false),
            (["192.0.2.1/32"], "192.0.2.0", false), (["0.0.0.0/0"], "203.0.113.9", true),
            (["0.0.0.0/0"], "::1", false), (["::/0"], "2001:db8::1", true),
            (["::/0"], "10.0.0.1", false),
            (["2001:db8::/32"], "2001:db8:ffff::1", true), (["2001:db8::/32"], "2001:db9::", false),
            (["::1"], "::1", true), (["fd00::/8", "::1/128"], "fdff::1", true),
            (["10.0.0.0/8"], "::ffff:10.0.0.1", true), (["::ffff:10.0.0.0/104"], "10.9.9.9", true),
            (["::ffff:10.0.0.1"], "10.0.0.1", true), (["::ffff:10.0.0.1"], "10.0.0.2", false),
            (["10.0.0.0/9", "10.0.0.0/8", "172.16.0.0/12", "10.128.0.0/9"], "10.200.0.1", true),
            (["10.0.0.0/9", "10.0.0.0/8", "172.16.0.0/12", "10.128.0.0/9"], "172.32.0.0", false),
            ([], "127.0.0.1", false),
        ] as [([String], String, Bool)])
    func contains(blocks: [String], address: String, isTrusted: Bool) throws {
        let proxies = try #require(AddressBlocks(blocks: blocks))
        let address = try #require(ClientAddress.read(address))
        #expect(proxies.contains(address) == isTrusted)
        #expect(proxies.isEmpty == blocks.isEmpty)
    }

    @Test(arguments: [
        "", "/", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8/8", "10.0.0/8", "::/129",
        "::/1000", "a/8", "10.0.0.0/8 ", "::ffff:10.0.0.0/95", "10.0.0.0/+8", "10.0.0.0/ 8",
    ])
    func refuses(text: String) {
        #expect(AddressBlocks(blocks: ["::1", text]) == nil)
    }
}
