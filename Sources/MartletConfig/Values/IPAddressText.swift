/// IP addresses and networks in text, strictly: no octal, no short forms, no zone.
enum IPAddressText {
    /// The 4 or 16 bytes of an address, or `nil`.
    static func parse(_ text: some StringProtocol) -> [UInt8]? {
        text.contains(":") ? self.parseIPv6(String(text)) : self.parseIPv4(String(text))
    }

    /// Whether a host, a name or an address, is this machine: nobody else is on the way to it.
    static func isThisMachine(_ host: String) -> Bool {
        self.parse(host).map(self.isLoopback) ?? (host == "localhost")
    }

    static func isLoopback(_ bytes: [UInt8]) -> Bool {
        bytes.count == 4 ? bytes[0] == 127 : bytes == [UInt8](repeating: 0, count: 15) + [1]
    }

    /// Checks `10.0.0.0/8` or a single address.
    static func checkNetwork(_ text: String) throws(TextProblem) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let bytes = self.parse(parts[0]) else {
            throw TextProblem(
                "\(ConfigNode.quote(text)) is not a network",
                hint: "write `10.0.0.0/8`, `2001:db8::/32` or one address")
        }
        guard parts.count == 2 else { return }
        let bitsMax = bytes.count * 8
        guard let bits = self.decimal(parts[1], max: bitsMax) else {
            throw TextProblem(
                "the prefix length of \(ConfigNode.quote(text)) is not 0–\(bitsMax)")
        }
        let network = self.masked(bytes, bits: bits)
        guard network == bytes else {
            throw TextProblem(
                "\(ConfigNode.quote(text)) has bits set after its prefix",
                hint: "write `\(self.format(network))/\(bits)`")
        }
    }

    private static func masked(_ bytes: [UInt8], bits: Int) -> [UInt8] {
        bytes.indices.map { index in
            let kept = min(8, max(0, bits - index * 8))
            return bytes[index] & (kept == 0 ? 0 : 0xff << UInt8(8 - kept))
        }
    }

    static func format(_ bytes: [UInt8]) -> String {
        if bytes.count == 4 { return bytes.map(String.init).joined(separator: ".") }
        let groups = stride(from: 0, to: bytes.count - 1, by: 2).map {
            UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1])
        }
        let used = groups.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0
        let written = groups[..<used].map { String($0, radix: 16) }.joined(separator: ":")
        return used == groups.count ? written : "\(written)::"
    }

    private static func parseIPv4(_ text: String) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bytes: [UInt8] = []
        for part in parts {
            guard let value = self.decimal(part, max: 255) else { return nil }
            bytes.append(UInt8(value))
        }
        return bytes
    }

    private static func parseIPv6(_ text: String) -> [UInt8]? {
        guard text.utf8.count <= 45 else { return nil }
        guard let gap = text.firstRange(of: "::") else {
            let bytes = self.groups(Substring(text))
            return bytes?.count == 16 ? bytes : nil
        }
        guard let head = self.groups(text[..<gap.lowerBound]),
            let tail = self.groups(text[gap.upperBound...]), head.count + tail.count <= 14
        else { return nil }
        return head + [UInt8](repeating: 0, count: 16 - head.count - tail.count) + tail
    }

    private static func groups(_ text: Substring) -> [UInt8]? {
        guard !text.isEmpty else { return [] }
        var bytes: [UInt8] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if part.contains("."), index == parts.count - 1 {
                guard let last = self.parseIPv4(String(part)) else { return nil }
                bytes += last
                continue
            }
            guard 1...4 ~= part.utf8.count, part.utf8.first != UInt8(ascii: "+"),
                let group = UInt16(part, radix: 16)
            else { return nil }
            bytes += [UInt8(group >> 8), UInt8(group & 0xff)]
        }
        return bytes
    }

    /// A decimal number without sign or leading zero.
    private static func decimal(_ text: Substring, max: Int) -> Int? {
        guard 1...3 ~= text.utf8.count, text.utf8.allSatisfy({ 0x30...0x39 ~= $0 }),
            text == "0" || !text.hasPrefix("0"), let value = Int(text), value <= max
        else { return nil }
        return value
    }
}
