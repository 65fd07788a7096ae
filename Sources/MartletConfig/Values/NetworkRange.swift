/// The addresses of a block, as numbers: for what only a list as a whole shows.
struct NetworkRange {
    let first: UInt128
    let last: UInt128
    let isIPv4: Bool

    /// `10.0.0.0/8`, or one address; IPv4-mapped IPv6 counts as the IPv4 that it stands for.
    init?(_ text: String) {
        let parts = text.split(separator: "/")
        guard let bytes = parts.first.flatMap({ IPAddressText.parse($0) }) else { return nil }
        let width = bytes.count * 8
        guard let bits = parts.count > 1 ? Int(parts[1]) : width, 0...width ~= bits else {
            return nil
        }
        let number = bytes.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        let hosts = (UInt128.max >> UInt128(128 - width)) >> UInt128(bits)
        let isMapped = width == 128 && bits >= 96 && number >> 32 == 0xffff
        self.isIPv4 = width == 32 || isMapped
        self.first = isMapped ? number & 0xffff_ffff & ~hosts : number & ~hosts
        self.last = self.first | hosts
    }

    func overlaps(_ other: NetworkRange) -> Bool {
        self.isIPv4 == other.isIPv4 && self.first <= other.last && other.first <= self.last
    }

    /// Whether blocks together hold three quarters or more of what clients come from: of IPv4, or
    /// of the IPv6 that is given out (2000::/3).
    ///
    /// So that `0.0.0.0/1` and `128.0.0.0/1` are seen for what they are, and lists of countries are
    /// not.
    static func isNearlyEverything(_ blocks: [String]) -> Bool {
        let ranges = blocks.compactMap { NetworkRange($0) }
        let ipv6First = UInt128(1) << 125
        return self.holds(3 << 30, of: ranges.filter(\.isIPv4), in: 0...0xffff_ffff)
            || self.holds(
                3 * (ipv6First >> 2), of: ranges.filter { !$0.isIPv4 },
                in: ipv6First...(ipv6First + (ipv6First - 1)))
    }

    private static func holds(
        _ wanted: UInt128, of ranges: [NetworkRange], in bounds: ClosedRange<UInt128>
    ) -> Bool {
        var count: UInt128 = 0
        var next = bounds.lowerBound
        for range in ranges.sorted(by: { $0.first < $1.first }) {
            let first = max(range.first, next)
            let last = min(range.last, bounds.upperBound)
            guard first <= last else { continue }
            count += last - first + 1
            next = last + 1
        }
        return count >= wanted
    }
}
