import MartletHTTP

/// Host names and socket addresses in text.
enum HostText {
    /// Whether this is a host name: labels of letters, digits, `-` and `_`, 253 bytes at most.
    static func isName(_ text: some StringProtocol) -> Bool {
        guard 1...253 ~= text.utf8.count else { return false }
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        let areWellFormed = labels.allSatisfy { label in
            1...63 ~= label.utf8.count && !label.hasPrefix("-")
                && !label.hasSuffix("-") && label.utf8.allSatisfy(self.isLabelByte)
        }
        // All digits in the last label would be an IPv4 address in disguise.
        let isNumeric = labels.last?.utf8.allSatisfy { 0x30...0x39 ~= $0 } ?? true
        return areWellFormed && !isNumeric
    }

    private static func isLabelByte(_ byte: UInt8) -> Bool {
        0x30...0x39 ~= byte || 0x61...0x7a ~= byte | 0x20 && byte >= 0x41 || byte == 0x2d
            || byte == 0x5f
    }

    /// Splits `host:port`, `[ipv6]:port`, `host`; the host loses its brackets.
    static func split(_ text: Substring) throws(TextProblem) -> (host: String, port: Int?) {
        let shown = ConfigNode.quote(String(text))
        var host = text
        var port: Substring?
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else {
                throw TextProblem("\(shown): `[` is not closed", hint: "write `[::1]:8080`")
            }
            host = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            guard host.contains(":"), IPAddressText.parse(host) != nil,
                rest.isEmpty || rest.hasPrefix(":")
            else { throw TextProblem("\(shown) is not an IPv6 address with a port") }
            port = rest.isEmpty ? nil : rest.dropFirst()
        } else if let colon = text.lastIndex(of: ":") {
            host = text[..<colon]
            port = text[text.index(after: colon)...]
            guard !host.contains(":") else {
                throw TextProblem(
                    "\(shown): an IPv6 address stands in brackets", hint: "write `[::1]:8080`")
            }
        }
        guard let port else { return (host.lowercased(), nil) }
        return (host.lowercased(), try self.port(port, in: shown))
    }

    private static func port(_ text: Substring, in shown: String) throws(TextProblem) -> Int {
        guard 1...5 ~= text.utf8.count, text.utf8.allSatisfy({ 0x30...0x39 ~= $0 }),
            let port = Int(text), port <= 65535
        else {
            throw TextProblem("the port of \(shown) is not a number from 0 to 65535")
        }
        return port
    }

    /// `0.0.0.0:8080`, `[::]:8080`, `:8080` (every IPv4 interface), `localhost:8080`.
    static func socketAddress(_ text: String) throws(TextProblem) -> SocketAddressConfig {
        let shown = ConfigNode.quote(text)
        if let port = Int(text), 0...65535 ~= port {
            throw TextProblem(
                "\(shown) is not an address", hint: "write `:\(port)` for every interface")
        }
        if text.contains("://") {
            throw TextProblem(
                "\(shown) is not an address",
                hint: "write an address and a port, such as `0.0.0.0:8080`")
        }
        let parts = try self.split(Substring(text))
        guard let port = parts.port else {
            throw TextProblem("the address \(shown) has no port", hint: "write `\(text):8080`")
        }
        let host = parts.host.isEmpty ? "0.0.0.0" : parts.host
        guard IPAddressText.parse(host) != nil || self.isName(host) else {
            throw TextProblem(
                "\(shown) is not an address",
                hint: "write an IP address and a port, such as `0.0.0.0:8080`")
        }
        return SocketAddressConfig(host: host, port: port)
    }

    /// `api.example.com` or `*.example.com`, in lower case.
    static func matched(_ text: String) throws(TextProblem) -> String {
        let shown = ConfigNode.quote(text)
        let lowered = text.lowercased()
        guard text != "*" else {
            throw TextProblem(
                "\(shown) is not a host", hint: "leave `host` out to match every host")
        }
        guard !text.contains("/") else {
            throw TextProblem(
                "\(shown) is not a host", hint: "write the host alone; the path goes under `path`")
        }
        if lowered.hasPrefix("["), lowered.hasSuffix("]") {
            guard IPAddressText.parse(lowered.dropFirst().dropLast())?.count == 16 else {
                throw TextProblem("\(shown) is not an IPv6 address")
            }
            return lowered
        }
        guard !text.contains(":") else {
            throw TextProblem(
                "\(shown): hosts are matched without their port",
                hint: "leave the port out; use `listeners` to tell ports apart")
        }
        guard !text.hasSuffix(".") else {
            throw TextProblem("\(shown) ends with a dot", hint: "leave the last dot out")
        }
        let name = lowered.hasPrefix("*.") ? lowered.dropFirst(2) : Substring(lowered)
        guard !name.contains("*") else {
            throw TextProblem(
                "\(shown): `*` stands only for whole labels in front", hint: "write `*.example.com`"
            )
        }
        guard self.isName(name) || (name == lowered && IPAddressText.parse(name) != nil) else {
            let isASCII = name.utf8.allSatisfy { $0 < 0x80 }
            throw TextProblem(
                "\(shown) is not a host name",
                hint: isASCII ? nil : "write an international name in its `xn--` form")
        }
        return lowered
    }

    /// A `Host` value: a name or address, with a port or without.
    static func hostValue(_ text: String) throws(TextProblem) -> String {
        let parts = try self.split(Substring(text))
        guard IPAddressText.parse(parts.host) != nil || self.isName(parts.host) else {
            throw TextProblem(
                "\(ConfigNode.quote(text)) is not a host name",
                hint: "write `api.example.com` or `api.example.com:8080`")
        }
        return text.lowercased()
    }
}
