import MartletConfig
import MartletHTTP

/// Which parts of a request say where it belongs, the first that it has; compiled.
///
/// Immutable. A hash is worked out where the bytes stand: nothing is copied.
struct RequestHashing: Sendable, Equatable {
    private enum Source: Sendable, Equatable {
        case header([UInt8])
        case cookie([UInt8])
        case query([UInt8])
        /// Where it stands among the captures is the route's to say.
        case capture
        case clientAddress
        case consumer
    }

    private let sources: [Source]
    /// The name of the capture, if there is one.
    let captureName: String?

    init(_ config: [HashSourceConfig]) {
        self.sources = config.map { source in
            switch source {
            case .header(let name): .header(Array(name.utf8))
            case .cookie(let name): .cookie(Array(name.utf8))
            case .query(let name): .query(Array(name.utf8))
            case .capture: .capture
            case .clientAddress: .clientAddress
            case .consumer: .consumer
            }
        }
        self.captureName =
            config.lazy.compactMap { source in
                if case .capture(let name) = source { name } else { nil }
            }.first
    }

    /// - Returns: `nil` if the request has none of the parts.
    func hash(of exchange: Exchange) -> UInt64? {
        for source in self.sources {
            if case .clientAddress = source {
                return StableHash.value(of: exchange.origin.address.bits)
            }
            if case .consumer = source {
                guard let hash = Self.callerHash(exchange) else { continue }
                return hash
            }
            if let range = Self.range(of: source, in: exchange) {
                return RequestField.hash(of: range, in: exchange.request.headers)
            }
        }
        return nil
    }

    private static func range(of source: Source, in exchange: Exchange) -> ByteRange? {
        switch source {
        case .header(let name):
            return RequestField.header(named: name, in: exchange.request.headers)
        case .cookie(let name):
            return RequestField.cookie(named: name, in: exchange.request.headers)
        case .query(let name):
            return RequestField.parameter(
                named: name, of: exchange.request.query, in: exchange.request.headers)
        case .capture:
            let place = exchange.generation.plan.program(of: exchange.match).hashCapture
            guard Int(place) < exchange.captures.count else { return nil }
            return exchange.captures[Int(place)]
        case .clientAddress, .consumer:
            return nil
        }
    }

    private static func callerHash(_ exchange: Exchange) -> UInt64? {
        guard exchange.isCallerChecked else { return nil }
        let name = exchange.consumerName
        if !name.isEmpty { return StableHash.value(of: name.span) }
        guard let subject = exchange.identityTexts?.subject, !subject.isEmpty else { return nil }
        return StableHash.value(of: subject.span)
    }
}

/// Finds a named part of a request where it stands.
enum RequestField {
    static func hash(of range: ByteRange, in headers: borrowing HeaderList) -> UInt64 {
        StableHash.value(of: headers.span(range))
    }

    static func header(named name: [UInt8], in headers: borrowing HeaderList) -> ByteRange? {
        headers.first(named: name.span)
    }

    static func cookie(named name: [UInt8], in headers: borrowing HeaderList) -> ByteRange? {
        guard headers.presence & HeaderName.cookie.bit != 0 else { return nil }
        for field in headers.fields where field.known == .cookie && !field.isRemoved {
            var pairs = CookiePairs(field.value)
            while let pair = pairs.next(in: headers.bytes.span) {
                guard headers.span(pair.name).isEqual(to: name), pair.rest.count > 0 else {
                    continue
                }
                return ByteRange(start: Int(pair.rest.start) + 1, end: pair.rest.end)
            }
        }
        return nil
    }

    static func parameter(
        named name: [UInt8], of query: ByteRange, in headers: borrowing HeaderList
    ) -> ByteRange? {
        guard query.count > 0 else { return nil }
        var parameters = QueryParameters(query)
        while let parameter = parameters.next(in: headers.bytes.span) {
            if parameter.hasName(name, in: headers.bytes.span) { return parameter.value }
        }
        return nil
    }
}
