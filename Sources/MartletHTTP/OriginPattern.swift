/// Which origins (RFC 6454 §6.2) may read answers: one, or the subdomains of a host.
///
/// Compared byte by byte with what a browser writes: lower case, without a default port. Immutable.
package struct OriginPattern: Sendable, Equatable {
    /// Why a text is no pattern.
    package enum Problem: Error, Sendable, Equatable {
        /// `null` is what any sandboxed or local document says.
        case null
        case noScheme, noHost, upperCase, hasPath
        case defaultPort, malformedPort
        /// A wildcard other than a whole first label, or with fewer than two labels behind it.
        case wildcard
        case malformedHost
    }

    /// The whole origin, or what stands before the subdomain.
    private let prefix: [UInt8]
    /// What stands behind the subdomain, from its dot on; empty for one origin.
    private let suffix: [UInt8]

    package var isWildcard: Bool { !self.suffix.isEmpty }
    /// Anyone between client and Martlet can speak in the name of such an origin.
    package var isPlainText: Bool { self.prefix.starts(with: Array("http://".utf8)) }

    /// Parses `https://app.example.com`, `http://localhost:3000`, `https://*.example.com`.
    package init(parsing text: String) throws(Problem) {
        guard text != "null" else { throw .null }
        guard let separator = text.firstRange(of: "://"), separator.lowerBound != text.startIndex
        else { throw .noScheme }
        guard text == text.lowercased() else { throw .upperCase }
        let scheme = text[..<separator.lowerBound]
        let authority = text[separator.upperBound...]
        guard Self.isScheme(scheme) else { throw .noScheme }
        guard !authority.contains(where: { "/?#@".contains($0) }) else { throw .hasPath }
        let host = try Self.hostWithoutPort(authority, scheme: scheme)
        guard !host.isEmpty else { throw .noHost }
        guard host.hasPrefix("*") else {
            guard Self.isHost(host) else { throw host.contains("*") ? .wildcard : .malformedHost }
            (self.prefix, self.suffix) = (Array(text.utf8), [])
            return
        }
        let parent = host.dropFirst(2)
        guard host.hasPrefix("*."), !parent.contains("*"), parent.contains("."),
            Self.isHost(parent)
        else { throw .wildcard }
        self.prefix = Array("\(scheme)://".utf8)
        self.suffix = Array(authority.dropFirst().utf8)
    }

    /// Whether the value of an `Origin` field fits.
    package func matches(_ origin: Span<UInt8>) -> Bool {
        guard self.isWildcard else { return origin.isEqual(to: self.prefix) }
        let (start, end) = (self.prefix.count, origin.count - self.suffix.count)
        // At least one byte of a label.
        guard end > start, origin.extracting(0..<start).isEqual(to: self.prefix),
            origin.extracting(end..<origin.count).isEqual(to: self.suffix)
        else { return false }
        // Labels and dots only: nothing that would end the host before the suffix.
        for index in start..<end where !Self.isHostByte(origin[index]) { return false }
        return origin[start] != UInt8(ascii: ".") && origin[end - 1] != UInt8(ascii: ".")
    }

    private static func isScheme(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, 0x61...0x7a ~= first else { return false }
        return text.utf8.allSatisfy {
            0x61...0x7a ~= $0 || 0x30...0x39 ~= $0 || $0 == 0x2b || $0 == 0x2d || $0 == 0x2e
        }
    }

    /// Takes a port off that is one; a browser leaves a scheme's own port out.
    private static func hostWithoutPort(
        _ authority: Substring, scheme: Substring
    ) throws(Problem) -> Substring {
        let end = authority.lastIndex(of: "]") ?? authority.startIndex
        guard let colon = authority[end...].lastIndex(of: ":") else { return authority }
        let digits = authority[authority.index(after: colon)...]
        guard 1...5 ~= digits.utf8.count, digits.utf8.allSatisfy({ 0x30...0x39 ~= $0 }),
            digits.first != "0", let port = Int(digits), port <= 65535
        else { throw .malformedPort }
        if scheme == "http" && port == 80 || scheme == "https" && port == 443 {
            throw .defaultPort
        }
        return authority[..<colon]
    }

    private static func isHost(_ text: Substring) -> Bool {
        if text.hasPrefix("[") {
            guard text.hasSuffix("]") else { return false }
            let address = ClientAddress(parsing: Array(text.dropFirst().dropLast().utf8).span)
            return address.map { !$0.isIPv4 || text.contains(":") } ?? false
        }
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        return text.utf8.count <= 253 && labels.allSatisfy { 1...63 ~= $0.utf8.count }
            && text.utf8.allSatisfy(self.isHostByte)
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        0x61...0x7a ~= byte || 0x30...0x39 ~= byte || byte == 0x2d || byte == 0x2e || byte == 0x5f
    }
}
