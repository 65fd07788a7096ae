import MartletAlgorithms
import MartletConfig
import MartletHTTP
import MartletTelemetry

/// Whose requests are counted together, compiled for one path pattern of a route.
///
/// Immutable. Only what differs between requests is taken into the hash; literal text is the same
/// for all requests of a limit.
struct RateLimitKey: Sendable {
    private enum Source: Sendable {
        case clientAddress
        case clientNetwork
        case header(known: HeaderName, name: [UInt8])
        case cookie([UInt8])
        case host
        case method
        case listener
        case route
        /// A position in the route's captures.
        case capture(Int)
    }

    /// For each piece, what may stand in it; the first that the request has counts.
    private let pieces: [[Source]]

    init(_ config: RateLimitKeyConfig, captureNames: [String]) throws(InvalidPolicy) {
        var pieces: [[Source]] = []
        for piece in config.pieces {
            guard case .firstOf(let sources) = piece else { continue }
            var compiled: [Source] = []
            for source in sources {
                compiled.append(try Self.compile(source, config, captureNames))
            }
            pieces.append(compiled)
        }
        self.pieces = pieces
    }

    private static func compile(
        _ source: RateLimitKeyConfig.Source, _ config: RateLimitKeyConfig, _ captureNames: [String]
    ) throws(InvalidPolicy) -> Source {
        switch source {
        case .clientAddress: return .clientAddress
        case .clientNetwork: return .clientNetwork
        case .header(let name):
            let bytes = Array(name.utf8)
            return .header(known: HeaderName(bytes.span), name: bytes)
        case .cookie(let name): return .cookie(Array(name.utf8))
        case .host: return .host
        case .method: return .method
        case .listener: return .listener
        case .route: return .route
        case .capture(let name):
            guard let index = captureNames.firstIndex(of: name) else {
                throw InvalidPolicy(
                    "the key `\(config.text)` of a rate limit needs `{\(name)}`, which the path "
                        + "pattern does not capture")
            }
            return .capture(index)
        }
    }

    /// The key of a request.
    func hash(_ exchange: Exchange, secret: HashSecret) -> UInt64 {
        var hash = KeyedHash(secret: secret)
        for piece in self.pieces.indices {
            var found = UInt64.max
            for index in self.pieces[piece].indices {
                if Self.absorb(self.pieces[piece][index], exchange, into: &hash) {
                    found = UInt64(index)
                    break
                }
            }
            // What was found where is part of the key: an address in a header is not the client's.
            hash.absorb(found)
        }
        return hash.value
    }

    /// - Returns: whether the request has it.
    private static func absorb(
        _ source: Source, _ exchange: Exchange, into hash: inout KeyedHash
    ) -> Bool {
        let head = exchange.request
        switch source {
        case .clientAddress: self.absorb(exchange.origin.address, isNetwork: false, into: &hash)
        case .clientNetwork: self.absorb(exchange.origin.address, isNetwork: true, into: &hash)
        case .header(let known, let name):
            return self.absorb(header: name, known, of: head.headers, into: &hash)
        case .cookie(let name): return self.absorb(cookie: name, of: head.headers, into: &hash)
        case .host: return self.absorb(head.host, of: head.headers, into: &hash)
        case .method: return self.absorb(head.methodBytes, of: head.headers, into: &hash)
        case .listener:
            // By name, which stays the same over reloads.
            let name = exchange.listener.plan.nameBytes
            hash.absorb(part: name.span)
        case .route:
            hash.absorb(exchange.generation.plan.routeHashes[Int(exchange.match.route)])
        case .capture(let index):
            return self.absorb(decoded: exchange.captures[index], of: head.headers, into: &hash)
        }
        return true
    }

    /// Part of a path as the upstream reads it: `%40` and `@` are one key.
    private static func absorb(
        decoded range: ByteRange, of headers: borrowing HeaderList, into hash: inout KeyedHash
    ) -> Bool {
        let bytes = headers.span(range)
        var escapeCount = 0
        for index in bytes.indices where bytes.escapedByte(at: index) != nil { escapeCount += 1 }
        guard escapeCount > 0 else { return self.absorb(range, of: headers, into: &hash) }
        // What `absorb(part:)` would make of the decoded bytes.
        hash.absorb(UInt64(bytes.count - 2 * escapeCount))
        var index = 0
        while index < bytes.count {
            let escaped = bytes.escapedByte(at: index)
            hash.absorb(byte: escaped ?? bytes[index])
            index += escaped == nil ? 1 : 3
        }
        return true
    }

    private static func absorb(
        _ address: ClientAddress, isNetwork: Bool, into hash: inout KeyedHash
    ) {
        let bits = address.isIPv4 || !isNetwork ? address.bits : (address.bits >> 64) << 64
        hash.absorb(address.isIPv4 ? 4 : 6)
        hash.absorb(UInt64(truncatingIfNeeded: bits >> 64))
        hash.absorb(UInt64(truncatingIfNeeded: bits))
    }

    private static func absorb(
        _ range: ByteRange, of headers: borrowing HeaderList, into hash: inout KeyedHash
    ) -> Bool {
        guard !range.isEmpty else { return false }
        hash.absorb(part: headers.span(range))
        return true
    }

    private static func absorb(
        header name: [UInt8], _ known: HeaderName, of headers: borrowing HeaderList,
        into hash: inout KeyedHash
    ) -> Bool {
        let value = known == .other ? headers.first(named: name.span) : headers.first(known)
        guard let value else { return false }
        return self.absorb(value, of: headers, into: &hash)
    }

    private static func absorb(
        cookie name: [UInt8], of headers: borrowing HeaderList, into hash: inout KeyedHash
    ) -> Bool {
        guard headers.presence & HeaderName.cookie.bit != 0 else { return false }
        for field in headers.fields where field.known == .cookie && !field.isRemoved {
            var pairs = CookiePairs(field.value)
            while let pair = pairs.next(in: headers.bytes.span) {
                guard headers.span(pair.name).isEqual(to: name), pair.rest.count > 1 else {
                    continue
                }
                // Behind `=`.
                let value = ByteRange(start: Int(pair.rest.start) + 1, end: pair.rest.end)
                hash.absorb(part: headers.span(value).trimmed.unquoted)
                return true
            }
        }
        return false
    }
}
