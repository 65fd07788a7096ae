import MartletHTTP
import Testing

@Suite struct ClientAddressTests {
    static func text(_ address: ClientAddress?) -> String? {
        address.map {
            var bytes: [UInt8] = []
            $0.write(to: &bytes)
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"),
        ("10.20.109.100", "10.20.109.100"),
        ("::", "::"), ("::1", "::1"), ("1::", "1::"), ("2001:DB8::00A", "2001:db8::a"),
        ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"),
        ("1:0:3:4:5:6:7:8", "1:0:3:4:5:6:7:8"), ("0:0:0:4:5:0:0:0", "::4:5:0:0:0"),
        ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"), ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
        ("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("::ffff:192.0.2.1", "192.0.2.1"), ("::FFFF:c000:0201", "192.0.2.1"),
        ("0:0:0:0:0:ffff:1.2.3.4", "1.2.3.4"), ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
        ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"),
    ])
    func parsesAndRenders(text: String, canonical: String) {
        #expect(Self.text(ClientAddress.read(text)) == canonical)
        #expect(Self.text(ClientAddress.readNode(text)) == canonical)
    }

    @Test(arguments: [
        "", " ", ".", "1", "1.2.3", "1.2.3.4.5", "1.2.3.", ".1.2.3", "1..2.3", "256.1.1.1",
        "1.2.3.999", "01.2.3.4", "1.2.3.04", "0x7f.0.0.1", "2130706433", " 1.2.3.4", "1.2.3.4 ",
        "1.2.3.4a", "1.2.3.-4", "+1.2.3.4", "00.0.0.0", ":", ":::", "1:", ":1", "1:2", "::1::",
        "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8",
        "12345::", "g::", "::1%eth0", "[::1]", "::1.2.3", "::1.2.3.4.5", "::1.2.3.256", "1.2.3.4::",
        "1:2:3:4:5:6:7:1.2.3.4", "::1:2:3:4:5:6:7.8.9.10:1", "unknown", "_hidden", "localhost",
        "::1\u{0}", "1:2:3:4:5:6:7:8:", "1:2:3:4::5:6:7:8",
    ])
    func refuses(text: String) {
        #expect(ClientAddress.read(text) == nil)
    }

    @Test(
        arguments: [
            ("192.0.2.1:80", "192.0.2.1"), ("192.0.2.1:65535", "192.0.2.1"), ("[::1]", "::1"),
            ("[2001:db8::1]:443", "2001:db8::1"), ("[::ffff:1.2.3.4]:1", "1.2.3.4"),
            ("192.0.2.1:_port", "192.0.2.1"), ("::1", "::1"),
            ("192.0.2.1:", nil), ("192.0.2.1:123456", nil), ("192.0.2.1:a", nil), ("[::1", nil),
            ("[]", nil), ("[::1]:", nil), ("[::1]x", nil), ("[::1]443", nil), ("[1.2.3.4]", nil),
            (":80", nil), ("", nil), ("[", nil), ("]", nil), ("1.2.3.4:80:90", nil),
            ("unknown", nil), ("_gazonk", nil), ("[::1]:_", "::1"), ("192.0.2.1:_a\"", nil),
        ] as [(String, String?)])
    func parsesNodes(text: String, canonical: String?) {
        #expect(Self.text(ClientAddress.readNode(text)) == canonical)
    }

    @Test(arguments: [
        ("192.0.2.77", "192.0.2.0"), ("255.255.255.255", "255.255.255.0"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::"), ("::1", "::"), ("::ffff:10.1.2.3", "10.1.2.0"),
    ])
    func masks(text: String, masked: String) {
        #expect(Self.text(ClientAddress.read(text)?.masked) == masked)
    }

    @Test func mappedAddressesAreTheIPv4Ones() {
        #expect(ClientAddress(ipv6: 0xffff_c000_0201) == ClientAddress(ipv4: 0xc000_0201))
        #expect(ClientAddress(ipv6: 0xc000_0201) != ClientAddress(ipv4: 0xc000_0201))
    }
}
