package import MartletConfig
package import MartletHTTP

/// A redirect reply: where the client is sent instead (row B6).
///
/// Parts that are not given are the request's own. The location is absolute, and relative only if
/// there is no host to name (HTTP/1.0 without `Host`). Immutable.
package struct RedirectPolicy: Sendable {
    package enum Scheme: String, Sendable, BitwiseCopyable {
        case http, https

        var defaultPort: UInt16 { self == .http ? 80 : 443 }
    }

    private enum Path: Sendable {
        case same
        case whole(ValueTemplate)
        case prefix(ValueTemplate)
    }

    /// 301, 302, 303, 307 or 308.
    package let status: Int
    private let scheme: Scheme?
    private let host: [UInt8]
    private let port: UInt16?
    private let path: Path
    private let dropsQuery: Bool

    /// `captureNames` are what the path pattern captures, in its order.
    package init(_ config: RedirectConfig, captureNames: [String]) throws(InvalidPolicy) {
        guard [301, 302, 303, 307, 308].contains(config.status) else {
            throw InvalidPolicy("\(config.status) is not a redirect's status")
        }
        self.status = config.status
        self.scheme = try config.scheme.map { text throws(InvalidPolicy) in
            guard let scheme = Scheme(rawValue: text) else {
                throw InvalidPolicy("`\(text)` is neither `http` nor `https`")
            }
            return scheme
        }
        self.port = try config.port.map { number throws(InvalidPolicy) in
            guard let port = UInt16(exactly: number), port > 0 else {
                throw InvalidPolicy("\(number) is not a port")
            }
            return port
        }
        self.host = try Self.host(config.host ?? "")
        if let path = config.path {
            self.path = .whole(try PathRewritePolicy.template(path, captureNames))
        } else if let prefix = config.prefix {
            let text = prefix.isEmpty ? "/" : prefix
            self.path = .prefix(try PathRewritePolicy.template(text, captureNames))
        } else {
            self.path = .same
        }
        self.dropsQuery = config.dropQuery
    }

    private static func host(_ text: String) throws(InvalidPolicy) -> [UInt8] {
        let isHost = text.utf8.allSatisfy { byte in
            TargetByte.table[Int(byte)] & TargetByte.unreserved != 0 || "[]:".utf8.contains(byte)
        }
        let isBracketed = text.hasPrefix("[") && text.hasSuffix("]")
        guard isHost, isBracketed || !text.contains(":") else {
            throw InvalidPolicy("`\(text)` is not a host")
        }
        return Array(text.utf8)
    }

    /// Appends the value of `Location`.
    ///
    /// - `prefixEnd`: how many bytes of the path the route's prefix consumed: 3 for `/v1`.
    /// - `scheme`: of the client's connection.
    package func location(
        head: RequestHead, captures: PathCaptures, prefixEnd: Int, scheme: Scheme,
        into output: inout [UInt8]
    ) {
        if !self.host.isEmpty || !head.host.isEmpty {
            self.writeOrigin(head, scheme, &output)
        }
        self.writePath(head, captures, prefixEnd, &output)
        guard !self.dropsQuery, head.hasQuery else { return }
        output.append(UInt8(ascii: "?"))
        Self.copy(head.query, head, &output)
    }

    /// `https://host:port`; a scheme's own port is left out.
    ///
    /// With a scheme given and no port, the port is the scheme's own: the client's would speak the
    /// other scheme. With neither, it is the one that the client wrote in `Host`.
    private func writeOrigin(_ head: RequestHead, _ requested: Scheme, _ output: inout [UInt8]) {
        let scheme = self.scheme ?? requested
        output.append(contentsOf: scheme == .https ? Self.https : Self.http)
        if self.host.isEmpty {
            Self.copy(head.host, head, &output)
        } else {
            output.append(contentsOf: self.host)
        }
        let port: UInt16
        if let given = self.port {
            port = given
        } else if self.scheme != nil {
            return
        } else {
            port = Self.port(head) ?? scheme.defaultPort
        }
        guard port != scheme.defaultPort else { return }
        output.append(UInt8(ascii: ":"))
        var divisor: UInt16 = 10_000
        while port < divisor { divisor /= 10 }
        while divisor > 0 {
            output.append(0x30 + UInt8(truncatingIfNeeded: port / divisor % 10))
            divisor /= 10
        }
    }

    private static let http = Array("http://".utf8)
    private static let https = Array("https://".utf8)

    /// The port in the client's authority, which the request target's parser has checked.
    private static func port(_ head: RequestHead) -> UInt16? {
        var (index, value) = (head.authority.end, 0)
        var scale = 1
        while index > Int(head.authority.start), scale <= 100_000,
            0x30...0x39 ~= head.headers.bytes[index - 1]
        {
            index -= 1
            value += Int(head.headers.bytes[index] - 0x30) * scale
            scale *= 10
        }
        guard index > Int(head.authority.start), head.headers.bytes[index - 1] == UInt8(ascii: ":"),
            value > 0
        else { return nil }
        return UInt16(exactly: value)
    }

    private func writePath(
        _ head: RequestHead, _ captures: PathCaptures, _ prefixEnd: Int, _ output: inout [UInt8]
    ) {
        let start = output.count
        switch self.path {
        case .same: Self.copy(head.path, head, &output)
        case .whole(let template):
            template.write(to: &output, captures: captures, head: head)
        case .prefix(let template):
            template.write(to: &output, captures: captures, head: head)
            let rest = min(Int(head.path.start) + max(prefixEnd, 0), head.path.end)
            if rest < head.path.end { output.append(UInt8(ascii: "/")) }
            Self.copy(ByteRange(start: rest, end: head.path.end), head, &output)
        }
        Self.mergeSlashes(&output, from: start)
    }

    /// `OPTIONS *` and joined templates leave no `*`, no empty path and no `//`, which would be
    /// read as an authority.
    private static func mergeSlashes(_ output: inout [UInt8], from start: Int) {
        guard start < output.count, output[start] == UInt8(ascii: "/") else {
            output.removeLast(output.count - start)
            output.append(UInt8(ascii: "/"))
            return
        }
        var end = start + 1
        for index in output.indices.dropFirst(start + 1) {
            if output[index] == UInt8(ascii: "/"), output[end - 1] == UInt8(ascii: "/") { continue }
            output[end] = output[index]
            end += 1
        }
        output.removeLast(output.count - end)
    }

    /// Copies visible ASCII only: nothing else can end a header line or hide in it.
    private static func copy(_ range: ByteRange, _ head: RequestHead, _ output: inout [UInt8]) {
        for index in range.indices where 0x21...0x7e ~= head.headers.bytes[index] {
            output.append(head.headers.bytes[index])
        }
    }
}
