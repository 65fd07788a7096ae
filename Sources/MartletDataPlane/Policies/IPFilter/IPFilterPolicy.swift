import MartletAlgorithms
package import MartletConfig
package import MartletHTTP

/// Which client addresses a route serves: of all blocks that hold an address the narrowest decides.
///
/// The real client's address, after trusted proxies. Immutable; a row of the plan. A look-up takes
/// the logarithm of the number of blocks.
package struct IPFilterPolicy: Sendable, Equatable {
    private static let denied: UInt32 = 0
    private static let allowed: UInt32 = 1

    private let blocks: CIDRSet
    /// What becomes of an address in none of them.
    private let servesOthers: Bool

    package init(_ config: IPFilterConfig) throws(InvalidPolicy) {
        var blocks: [CIDRBlock] = []
        for text in config.allow ?? [] { blocks.append(try Self.block(text, Self.allowed)) }
        // Later, so that of two equal blocks the denied one holds.
        for text in config.deny { blocks.append(try Self.block(text, Self.denied)) }
        self.blocks = CIDRSet(blocks)
        self.servesOthers = config.allow == nil
    }

    /// The reply to a client that is not served.
    package func reply(to address: ClientAddress) -> LocalReply? {
        let value =
            address.isIPv4
            ? self.blocks.value(ipv4: UInt32(truncatingIfNeeded: address.bits))
            : self.blocks.value(
                high: UInt64(truncatingIfNeeded: address.bits >> 64),
                low: UInt64(truncatingIfNeeded: address.bits))
        let isServed = value.map { $0 == Self.allowed } ?? self.servesOthers
        return isServed ? nil : .problem(.addressDenied)
    }

    private static func block(_ text: String, _ value: UInt32) throws(InvalidPolicy) -> CIDRBlock {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = parts.first.flatMap({ ClientAddress(parsing: Array($0.utf8).span) })
        else { throw InvalidPolicy("`\(text)` is not an address block") }
        // An IPv4-mapped block counts its prefix as IPv6.
        let isMapped = address.isIPv4 && text.contains(":")
        let given = parts.count == 2 ? Int(parts[1]) : address.isIPv4 && !isMapped ? 32 : 128
        guard let given else { throw InvalidPolicy("`\(text)` is not an address block") }
        let length = isMapped ? given - 96 : given
        let block =
            address.isIPv4
            ? CIDRBlock(
                ipv4: UInt32(truncatingIfNeeded: address.bits), prefixLength: length, value: value)
            : CIDRBlock(
                high: UInt64(truncatingIfNeeded: address.bits >> 64),
                low: UInt64(truncatingIfNeeded: address.bits), prefixLength: length, value: value)
        guard let block else { throw InvalidPolicy("`\(text)` is not an address block") }
        return block
    }
}
