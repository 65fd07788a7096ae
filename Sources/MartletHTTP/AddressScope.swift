/// How far an address reaches, by the registries of special-purpose addresses (RFC 6890), so that
/// Martlet does not connect to what only its own machine or network can reach.
///
/// Not known to be global is denied: of IPv6 only what IANA hands out (2000::/3) counts as such.
package enum AddressScope: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case global
    /// `0.0.0.0/8`, `::`: many systems take it for this machine.
    case unspecified
    case loopback
    /// RFC 1918, shared address space (RFC 6598), unique local addresses (RFC 4193), site-local.
    case `private`
    case linkLocal
    /// Where clouds tell their machines secrets.
    case metadata
    case multicast
    /// Documentation, benchmarks, protocol assignments, what nobody has.
    case reserved
    /// An IPv6 address that stands for another one: IPv4-compatible, translated (RFC 2765),
    /// NAT64 (RFC 6052, 8215), 6to4 (RFC 3056), Teredo (RFC 4380), ISATAP (RFC 5214).
    case embedded

    /// As messages and logs call it.
    package var name: StaticString {
        switch self {
        case .global: "global"
        case .unspecified: "unspecified"
        case .loopback: "loopback"
        case .private: "private"
        case .linkLocal: "link_local"
        case .metadata: "metadata"
        case .multicast: "multicast"
        case .reserved: "reserved"
        case .embedded: "embedded"
        }
    }

    package init(_ address: ClientAddress) {
        self =
            address.isIPv4
            ? Self.ipv4(UInt32(truncatingIfNeeded: address.bits)) : Self.ipv6(address.bits)
    }

    // MARK: IPv4

    private struct Block4 {
        let first: UInt32
        let length: UInt32
        let scope: AddressScope

        init(_ first: UInt32, _ length: UInt32, _ scope: AddressScope) {
            (self.first, self.length, self.scope) = (first, length, scope)
        }
    }

    /// The narrower ones first.
    private static let blocks4: [Block4] = [
        Block4(0xa9fe_a9fe, 32, .metadata),  // 169.254.169.254: most clouds
        Block4(0xa9fe_aa02, 32, .metadata),  // 169.254.170.2: containers of Amazon
        Block4(0x6464_64c8, 32, .metadata),  // 100.100.100.200: Alibaba
        Block4(0xa83f_8110, 32, .metadata),  // 168.63.129.16: Azure
        Block4(0xc000_00c0, 32, .metadata),  // 192.0.0.192: Oracle
        Block4(0x0000_0000, 8, .unspecified),
        Block4(0x0a00_0000, 8, .private),
        Block4(0x6440_0000, 10, .private),
        Block4(0x7f00_0000, 8, .loopback),
        Block4(0xa9fe_0000, 16, .linkLocal),
        Block4(0xac10_0000, 12, .private),
        Block4(0xc000_0000, 24, .reserved),  // 192.0.0.0: protocol assignments
        Block4(0xc000_0200, 24, .reserved),  // 192.0.2.0: documentation
        Block4(0xc058_6300, 24, .reserved),  // 192.88.99.0: relays of 6to4
        Block4(0xc0a8_0000, 16, .private),
        Block4(0xc612_0000, 15, .reserved),  // 198.18.0.0: benchmarks
        Block4(0xc633_6400, 24, .reserved),  // 198.51.100.0: documentation
        Block4(0xcb00_7100, 24, .reserved),  // 203.0.113.0: documentation
        Block4(0xe000_0000, 4, .multicast),
        Block4(0xf000_0000, 4, .reserved),
    ]

    private static func ipv4(_ bits: UInt32) -> AddressScope {
        for block in self.blocks4 where (bits ^ block.first) >> (32 - block.length) == 0 {
            return block.scope
        }
        return .global
    }

    // MARK: IPv6

    private struct Block6 {
        let first: UInt128
        let length: UInt128
        let scope: AddressScope

        /// - `high`: the first 64 bits.
        init(_ high: UInt64, low: UInt64 = 0, _ length: UInt128, _ scope: AddressScope) {
            self.first = UInt128(high) << 64 | UInt128(low)
            (self.length, self.scope) = (length, scope)
        }
    }

    /// The narrower ones first.
    private static let blocks6: [Block6] = [
        Block6(0, low: 0, 128, .unspecified),
        Block6(0, low: 1, 128, .loopback),
        Block6(0xfd00_0ec2_0000_0000, low: 0x254, 128, .metadata),  // Amazon
        Block6(0, low: 0xffff_0000_0000, 96, .embedded),  // mapped, should it ever come so
        Block6(0, low: 0xffff_0000_0000_0000, 96, .embedded),  // translated
        Block6(0, 96, .embedded),  // compatible
        Block6(0x0064_ff9b_0000_0000, 96, .embedded),  // NAT64
        Block6(0x0064_ff9b_0001_0000, 48, .embedded),  // NAT64 of one's own
        Block6(0x2001_0000_0000_0000, 32, .embedded),  // Teredo
        Block6(0x2001_0000_0000_0000, 23, .reserved),  // protocol assignments
        Block6(0x2001_0db8_0000_0000, 32, .reserved),  // documentation
        Block6(0x2002_0000_0000_0000, 16, .embedded),  // 6to4
        Block6(0x3fff_0000_0000_0000, 20, .reserved),  // documentation
        Block6(0xfc00_0000_0000_0000, 7, .private),
        Block6(0xfe80_0000_0000_0000, 10, .linkLocal),
        Block6(0xfec0_0000_0000_0000, 10, .private),  // site-local, given up by RFC 3879
        Block6(0xff00_0000_0000_0000, 8, .multicast),
    ]

    private static func ipv6(_ bits: UInt128) -> AddressScope {
        for block in self.blocks6 where self.isSame(bits, block.first, length: block.length) {
            return block.scope
        }
        guard self.isSame(bits, 0x2000 << 112, length: 3) else { return .reserved }
        // ISATAP: `…:0:5efe:192.0.2.1`, with or without the universal bit.
        return UInt32(truncatingIfNeeded: bits >> 32) & ~0x0200_0000 == 0x5efe ? .embedded : .global
    }

    fileprivate static func isSame(_ left: UInt128, _ right: UInt128, length: UInt128) -> Bool {
        (left ^ right) >> (128 - length) == 0
    }
}

extension ClientAddress {
    /// The IPv4 address that a form of the kind `embedded` leads to; `nil` where none is known.
    var embeddedIPv4: ClientAddress? {
        guard !self.isIPv4 else { return nil }
        let (last, upper) = (UInt32(truncatingIfNeeded: self.bits), self.bits >> 32)
        switch upper {
        // Compatible, but for `::` and `::1`; translated; NAT64.
        case 0: return last > 1 ? ClientAddress(ipv4: last) : nil
        case 0xffff_0000, 0x0064_ff9b << 64: return ClientAddress(ipv4: last)
        default:
            // 6to4: behind the first 16 bits.
            guard self.bits >> 112 == 0x2002 else { return nil }
            return ClientAddress(ipv4: UInt32(truncatingIfNeeded: self.bits >> 80))
        }
    }
}
