/// The request target (RFC 9112 §3.2), taken apart and brought to one spelling.
///
/// What is matched is what is forwarded: the path that comes out of here is the one that routes,
/// policies and the upstream all see. Nothing is copied when the client wrote it that way already.
/// Where RFC 3986 would mend something odd, we refuse it, as others may mend it differently.
package enum RequestTarget {
    /// Sets path, query, path traits, authority and host on a head.
    ///
    /// The method, the minor version and the header fields are on the head already; nothing is
    /// assumed about the target's bytes.
    /// - Returns: `nil` if the head may go on; after an error the head is of no use.
    package static func resolve(_ target: ByteRange, head: RequestHead) -> RequestTargetError? {
        guard !target.isEmpty else { return .empty }
        if let error = resolveHost(head: head) { return error }
        let first = head.headers.bytes[Int(target.start)]
        if head.method == .connect { return resolveConnect(target, head: head) }
        if first == UInt8(ascii: "/") {
            return resolvePathAndQuery(from: Int(target.start), to: target.end, head: head)
        }
        if first == UInt8(ascii: "*") && target.count == 1 {
            guard head.method == .options else { return .asteriskWithoutOptions }
            head.path = target
            return nil
        }
        return resolveAbsolute(target, head: head)
    }

    // MARK: Host

    /// Exactly one Host field in HTTP/1.1, at most one in HTTP/1.0 (RFC 9112 §3.2).
    static func resolveHost(head: RequestHead) -> RequestTargetError? {
        head.authority = .empty
        head.host = .empty
        head.pathTraits = []
        head.query = .empty
        head.hasQuery = false
        guard let value = head.headers.first(.host) else {
            return head.minorVersion == 0 ? nil : .missingHost
        }
        var count = 0
        for field in head.headers.fields where field.known == .host && !field.isRemoved {
            count += 1
        }
        guard count == 1 else { return .repeatedHost }
        switch authority(value, head.headers) {
        case .authority(let authority):
            set(authority, at: value, head: head)
            return nil
        case .userinfo: return .userinfo
        case .invalid: return .invalidHost
        }
    }

    /// Puts the authority on the head, in lower case.
    ///
    /// The field itself keeps the client's letters.
    private static func set(_ authority: Authority, at range: ByteRange, head: RequestHead) {
        var range = range
        if authority.hasUpperCase {
            let start = head.headers.bytes.count
            for index in range.indices { head.headers.appendByte(head.headers.bytes[index]) }
            range = ByteRange(start: start, end: head.headers.bytes.count)
            head.headers.lowercase(range)
        }
        head.authority = range
        head.host = ByteRange(start: range.start, count: UInt32(authority.hostCount))
    }

    // MARK: Forms other than origin-form

    /// RFC 9112 §3.2.3.
    ///
    /// The caller refuses CONNECT; the head is filled for its log line.
    private static func resolveConnect(
        _ target: ByteRange, head: RequestHead
    ) -> RequestTargetError? {
        switch authority(target, head.headers) {
        case .authority(let authority):
            guard let port = authority.port else { return .connectWithoutAuthority }
            if let error = compare(authority, at: target, defaultPort: port, head: head) {
                return error
            }
            set(authority, at: target, head: head)
            head.path = head.headers.appendBytes("/")
            return nil
        case .userinfo: return .userinfo
        case .invalid: return .connectWithoutAuthority
        }
    }

    /// RFC 9112 §3.2.2.
    ///
    /// The RFC lets the target win over Host; we refuse two different ones.
    private static func resolveAbsolute(
        _ target: ByteRange, head: RequestHead
    ) -> RequestTargetError? {
        let start = Int(target.start)
        let isSecure: Bool
        let authorityStart: Int
        switch scheme(target, head.headers) {
        case .http: (isSecure, authorityStart) = (false, start + 7)
        case .https: (isSecure, authorityStart) = (true, start + 8)
        case .unsupported: return .unsupportedScheme
        case .none: return classifyUnknown(target, head.headers)
        }
        var pathStart = authorityStart
        while pathStart < target.end, !endsAuthority(head.headers.bytes[pathStart]) {
            pathStart += 1
        }
        let range = ByteRange(start: authorityStart, end: pathStart)
        switch authority(range, head.headers) {
        case .authority(let authority):
            let port: UInt16 = isSecure ? 443 : 80
            if let error = compare(authority, at: range, defaultPort: port, head: head) {
                return error
            }
            if head.host.isEmpty { set(authority, at: range, head: head) }
        case .userinfo: return .userinfo
        case .invalid: return .invalidAuthority
        }
        if pathStart < target.end, head.headers.bytes[pathStart] == UInt8(ascii: "/") {
            return resolvePathAndQuery(from: pathStart, to: target.end, head: head)
        }
        return resolveEmptyPath(from: pathStart, to: target.end, head: head)
    }

    /// RFC 9110 §4.2.3: an empty path is `/`; RFC 9112 §3.2.4: for OPTIONS without a query, `*`.
    private static func resolveEmptyPath(
        from start: Int, to end: Int, head: RequestHead
    ) -> RequestTargetError? {
        if start == end {
            head.path = head.headers.appendBytes(head.method == .options ? "*" : "/")
            return nil
        }
        guard head.headers.bytes[start] == UInt8(ascii: "?") else { return .fragment }
        head.path = head.headers.appendBytes("/")
        return resolveQuery(from: start + 1, to: end, head: head)
    }

    private enum Scheme { case http, https, unsupported, none }

    private static func scheme(_ range: ByteRange, _ headers: borrowing HeaderList) -> Scheme {
        let target = headers.span(range)
        guard let colon = target.firstIndex(of: UInt8(ascii: ":")), colon + 2 < target.count,
            target[colon + 1] == UInt8(ascii: "/"), target[colon + 2] == UInt8(ascii: "/")
        else { return .none }
        let name = target.extracting(0..<colon)
        if name.isEqualIgnoringCase(to: "http") { return .http }
        return name.isEqualIgnoringCase(to: "https") ? .https : .unsupported
    }

    private static func classifyUnknown(
        _ target: ByteRange, _ headers: borrowing HeaderList
    ) -> RequestTargetError {
        switch authority(target, headers) {
        case .authority: .authorityWithoutConnect
        case .userinfo: .userinfo
        case .invalid: .unknownForm
        }
    }

    static func authority(
        _ range: ByteRange, _ headers: borrowing HeaderList
    ) -> Authority.Outcome {
        Authority.parse(headers.span(range))
    }

    private static func endsAuthority(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#")
    }

    /// Compares with Host, whatever the letters' case; the scheme's own port equals none.
    static func compare(
        _ authority: Authority, at range: ByteRange, defaultPort: UInt16, head: RequestHead
    ) -> RequestTargetError? {
        guard !head.host.isEmpty else { return nil }
        guard case .authority(let other) = self.authority(head.authority, head.headers),
            other.hasTrailingDot == authority.hasTrailingDot,
            other.port ?? defaultPort == authority.port ?? defaultPort
        else { return .hostMismatch }
        let host = ByteRange(start: range.start, count: UInt32(authority.hostCount))
        return isEqual(host, head.host, head.headers) ? nil : .hostMismatch
    }

    private static func isEqual(
        _ one: ByteRange, _ other: ByteRange, _ headers: borrowing HeaderList
    ) -> Bool {
        headers.span(one).isEqualIgnoringCase(to: headers.span(other))
    }

    // MARK: Path and query

    static func resolvePathAndQuery(
        from start: Int, to end: Int, head: RequestHead
    ) -> RequestTargetError? {
        let scan = self.scan(head.headers, from: start, to: end)
        switch scan.outcome {
        case .invalidByte:
            let isFragment = head.headers.bytes[scan.end] == UInt8(ascii: "#")
            return isFragment ? .fragment : .invalidByte
        case .normal:
            head.path = ByteRange(start: start, end: scan.end)
        case .needsNormalising:
            var normaliser = PathNormaliser()
            if let error = normaliser.normalise(from: start, to: scan.end, in: &head.headers) {
                return error
            }
            head.path = normaliser.path
            head.pathTraits = normaliser.traits
        }
        guard scan.end < end else { return nil }
        return resolveQuery(from: scan.end + 1, to: end, head: head)
    }

    private static func scan(
        _ headers: borrowing HeaderList, from start: Int, to end: Int
    ) -> PathScan {
        PathScan(headers.bytes.span, from: start, to: end)
    }

    private static func resolveQuery(
        from start: Int, to end: Int, head: RequestHead
    ) -> RequestTargetError? {
        if let error = checkQuery(head.headers, from: start, to: end) { return error }
        head.query = ByteRange(start: start, end: end)
        head.hasQuery = true
        return nil
    }

    /// The query goes on as it is, but for bytes that could end it or hide something.
    ///
    /// RFC 3986 §3.4, plus the raw `` ^ ` { | } `` that browsers and common clients send.
    private static func checkQuery(
        _ headers: borrowing HeaderList, from start: Int, to end: Int
    ) -> RequestTargetError? {
        let bytes = headers.bytes.span
        var index = start
        while index < end {
            let byte = bytes[index]
            let bits = TargetByte.table[Int(byte)]
            if bits & TargetByte.query == 0 {
                return byte == UInt8(ascii: "#") ? .fragment : .invalidByte
            }
            if byte == UInt8(ascii: "%") {
                guard index + 2 < end, ByteClass.hexValue(bytes[index + 1]) != nil,
                    ByteClass.hexValue(bytes[index + 2]) != nil
                else { return .invalidPercentEncoding }
                index += 2
            }
            index += 1
        }
        return nil
    }
}
