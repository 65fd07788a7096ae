import MartletHTTP
import Testing

@Suite struct AddressScopeTests {
    private static func scope(_ text: String) -> AddressScope? {
        ClientAddress(parsing: Array(text.utf8).span).map(AddressScope.init)
    }

    @Test(arguments: [
        "1.1.1.1", "8.8.8.8", "93.184.216.34", "9.255.255.255", "11.0.0.0", "100.63.255.255",
        "100.128.0.0", "126.255.255.255", "128.0.0.0", "169.253.255.255", "169.255.0.0",
        "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.167.255.255", "192.169.0.0",
        "198.17.255.255", "198.20.0.0", "223.255.255.255", "2606:4700::1111", "2000::",
        "2a00:1450:4001::8a", "2001:4860:4860::8888", "2001:200::1",
    ])
    func global(text: String) { #expect(Self.scope(text) == .global) }

    @Test(
        arguments: [
            ("0.0.0.0", .unspecified), ("0.1.2.3", .unspecified), ("::", .unspecified),
            ("127.0.0.1", .loopback), ("127.255.255.254", .loopback), ("::1", .loopback),
            ("10.0.0.1", .private), ("10.255.255.255", .private), ("172.16.0.1", .private),
            ("172.31.255.255", .private), ("192.168.0.1", .private), ("100.64.0.1", .private),
            ("100.127.255.255", .private), ("fc00::1", .private), ("fdff::1", .private),
            ("fec0::1", .private), ("169.254.0.1", .linkLocal), ("fe80::1", .linkLocal),
            ("febf::1", .linkLocal), ("169.254.169.254", .metadata), ("fd00:ec2::254", .metadata),
            ("169.254.170.2", .metadata), ("100.100.100.200", .metadata),
            ("168.63.129.16", .metadata), ("192.0.0.192", .metadata),
            ("224.0.0.1", .multicast), ("239.255.255.255", .multicast), ("ff02::1", .multicast),
            ("192.0.0.8", .reserved), ("192.0.2.1", .reserved), ("198.18.0.1", .reserved),
            ("198.19.255.255", .reserved), ("198.51.100.1", .reserved), ("203.0.113.1", .reserved),
            ("240.0.0.1", .reserved), ("255.255.255.255", .reserved), ("2001:db8::1", .reserved),
            ("2001:2::1", .reserved), ("2001:10::1", .reserved), ("3fff::1", .reserved),
            ("100::1", .reserved), ("5f00::1", .reserved), ("4000::1", .reserved),
            ("1fff::1", .reserved), ("192.88.99.1", .reserved),
        ] as [(String, AddressScope)])
    func special(text: String, scope: AddressScope) { #expect(Self.scope(text) == scope) }

    /// Mapped addresses are the IPv4 addresses that they stand for.
    @Test(
        arguments: [
            ("::ffff:127.0.0.1", .loopback), ("::ffff:7f00:1", .loopback),
            ("0:0:0:0:0:ffff:a9fe:a9fe", .metadata), ("::ffff:10.0.0.1", .private),
            ("::ffff:8.8.8.8", .global),
        ] as [(String, AddressScope)])
    func mapped(text: String, scope: AddressScope) { #expect(Self.scope(text) == scope) }

    @Test(arguments: [
        "::127.0.0.1", "::7f00:1", "::8.8.8.8", "::ffff:0:127.0.0.1", "64:ff9b::127.0.0.1",
        "64:ff9b::7f00:1", "64:ff9b::8.8.8.8", "64:ff9b:1::1", "64:ff9b:1:ffff::7f00:1",
        "2002:7f00:1::", "2002:a9fe:a9fe::1", "2001:0:7f00:1::1", "2001::1",
        "2600::5efe:127.0.0.1", "2600::200:5efe:10.0.0.1",
    ])
    func embedded(text: String) { #expect(Self.scope(text) == .embedded) }

    @Test func namesAreUnique() {
        #expect(
            Set(AddressScope.allCases.map(\.name.description)).count == AddressScope.allCases.count)
    }
}
