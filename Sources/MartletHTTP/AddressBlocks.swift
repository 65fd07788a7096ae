/// A set of address blocks, compiled at load: peers whose forwarding fields are believed, addresses
/// that may be connected to.
///
/// Sorted disjoint ranges, so that a look-up is a binary search however long the list is.
package struct AddressBlocks: Sendable, Equatable {
    private struct Block: Sendable, BitwiseCopyable, Equatable {
        var first: UInt128
        var last: UInt128
    }

    private let ipv4: [Block]
    private let ipv6: [Block]

    package static let none = AddressBlocks(ipv4: [], ipv6: [])

    private init(ipv4: [Block], ipv6: [Block]) {
        self.ipv4 = Self.merged(ipv4)
        self.ipv6 = Self.merged(ipv6)
    }

    /// Compiles `10.0.0.0/8`, `2001:db8::/32`, `192.0.2.1`; `nil` if one of them is neither.
    package init?(blocks texts: [String]) {
        var (ipv4, ipv6): ([Block], [Block]) = ([], [])
        for text in texts {
            guard let (block, isIPv4) = Self.parse(text) else { return nil }
            if isIPv4 { ipv4.append(block) } else { ipv6.append(block) }
        }
        self.init(ipv4: ipv4, ipv6: ipv6)
    }

    package var isEmpty: Bool { self.ipv4.isEmpty && self.ipv6.isEmpty }

    /// Whether the address lies in one of the blocks.
    package func contains(_ address: ClientAddress) -> Bool {
        let blocks = address.isIPv4 ? self.ipv4.span : self.ipv6.span
        var (low, high) = (0, blocks.count)
        while low < high {
            let middle = (low + high) / 2
            if address.bits < blocks[middle].first {
                high = middle
            } else if address.bits > blocks[middle].last {
                low = middle + 1
            } else {
                return true
            }
        }
        return false
    }

    /// Host bits may be set; `/0` to `/32` or `/128`; IPv4-mapped blocks from `/96` on are IPv4.
    private static func parse(_ text: String) -> (Block, isIPv4: Bool)? {
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count <= 2, let first = parts.first else { return nil }
        let addressBytes = Array(first)
        guard let address = ClientAddress(parsing: addressBytes.span) else { return nil }
        let isMapped = address.isIPv4 && addressBytes.contains(UInt8(ascii: ":"))
        let width = address.isIPv4 ? 32 : 128
        var prefix = width
        if parts.count == 2 {
            guard let given = Self.decimal(parts[1]) else { return nil }
            prefix = isMapped ? given - 96 : given
            guard 0...width ~= prefix else { return nil }
        }
        let hostBits = (UInt128.max >> UInt128(128 - width)) >> UInt128(prefix)
        let block = Block(first: address.bits & ~hostBits, last: address.bits | hostBits)
        return (block, address.isIPv4)
    }

    private static func decimal(_ digits: Substring.UTF8View) -> Int? {
        guard 1...3 ~= digits.count else { return nil }
        var value = 0
        for digit in digits {
            guard 0x30...0x39 ~= digit else { return nil }
            value = value * 10 + Int(digit - 0x30)
        }
        return value
    }

    private static func merged(_ blocks: [Block]) -> [Block] {
        var merged: [Block] = []
        for block in blocks.sorted(by: { $0.first < $1.first }) {
            if let last = merged.last, block.first <= last.last {
                merged[merged.count - 1].last = max(last.last, block.last)
            } else {
                merged.append(block)
            }
        }
        return merged
    }
}
