import MartletHTTP
import Testing

@Suite struct AddressTextTests {
    @Test(arguments: [
        (ClientAddress(ipv4: .max), "255.255.255.255"), (ClientAddress(ipv4: 0), "0.0.0.0"),
        (ClientAddress(ipv4: 0x0a09_6300), "10.9.99.0"), (ClientAddress(ipv6: 0), "::"),
        (ClientAddress(ipv6: .max), "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        (ClientAddress(ipv6: 1 << 127), "8000::"), (ClientAddress(ipv6: 1 << 64), "0:0:0:1::"),
        (ClientAddress(ipv6: 0x10), "::10"),
    ])
    func renders(address: ClientAddress, text: String) {
        let rendered = address.text
        #expect(rendered.count == text.utf8.count)
        #expect(rendered.span.text == text)
    }

    /// Every pattern of zero groups is read back as it was.
    @Test func roundTrips() {
        for pattern in UInt128(0)..<256 {
            var bits: UInt128 = 0
            for group in UInt128(0)..<8 {
                bits = (bits << 16) | ((pattern >> group) & 1 == 0 ? 0 : 0xabc0 + group)
            }
            let address = ClientAddress(ipv6: bits)
            #expect(ClientAddress.read(address.text.span.text) == address)
        }
    }
}
