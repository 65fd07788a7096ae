import MartletConfig
import MartletHTTP

/// Where in a request a credential is looked for, and how it is taken out of it.
enum CredentialPlace: Sendable {
    case known(HeaderName)
    case header([UInt8])
    case query([UInt8], removal: QueryEditPolicy)
    case cookie([UInt8], removal: CookieEditPolicy)

    enum Found: BitwiseCopyable {
        case none
        /// In the head's store; not decoded.
        case one(ByteRange)
        /// Which of them counts would be anybody's guess.
        case several
    }

    init(header name: String) {
        let bytes = Array(name.utf8)
        let known = HeaderName(bytes.span)
        self = known == .other ? .header(bytes) : .known(known)
    }

    init(query name: String) throws(InvalidPolicy) {
        var edit = QueryEditConfig()
        edit.remove = [name]
        self = .query(
            Array(name.utf8), removal: try QueryEditPolicy(edit, captureNames: []))
    }

    init(cookie name: String) throws(InvalidPolicy) {
        var edit = CookieEditConfig()
        edit.remove = [name]
        self = .cookie(
            Array(name.utf8), removal: try CookieEditPolicy(edit, captureNames: []))
    }

    func find(in head: RequestHead) -> Found {
        switch self {
        case .known(let name):
            guard head.headers.presence & name.bit != 0 else { return .none }
            return Self.find(in: head.headers) { headers, index in
                headers.fields[index].known == name && !headers.fields[index].isRemoved
            }
        case .header(let name):
            return Self.find(in: head.headers) { headers, index in
                headers.isField(index, named: name.span)
            }
        case .query(let name, _):
            return Self.parameter(name, head.query, head.headers, isThere: head.hasQuery)
        case .cookie(let name, _): return Self.cookie(name, head.headers)
        }
    }

    /// What was found, without the escapes of a query.
    ///
    /// A `+` is one: keys may hold it, and no key a space.
    func decoded(_ range: ByteRange, in head: RequestHead) -> ByteRange {
        guard case .query = self else { return range }
        let value = head.copy(range)
        guard value.contains(UInt8(ascii: "%")) else { return range }
        var decoded: [UInt8] = []
        var index = 0
        while index < value.count {
            let escaped = value.span.escapedByte(at: index)
            decoded.append(escaped ?? value[index])
            index += escaped == nil ? 1 : 3
        }
        return head.headers.appendBytes(decoded)
    }

    /// So that the upstream does not see it.
    func remove(from exchange: Exchange) {
        let head = exchange.request
        switch self {
        case .known(let name): head.headers.remove(name)
        case .header(let name): head.headers.removeAnySpelling(of: name)
        case .query(_, let removal): removal.apply(to: head, captures: exchange.captures)
        case .cookie(_, let removal): removal.apply(to: head, captures: exchange.captures)
        }
    }

    private static func find(
        in headers: borrowing HeaderList, _ isWanted: (borrowing HeaderList, Int) -> Bool
    ) -> Found {
        var found = Found.none
        for index in headers.fields.indices where isWanted(headers, index) {
            guard case .none = found else { return .several }
            found = .one(headers.fields[index].value)
        }
        return found
    }

    private static func parameter(
        _ name: [UInt8], _ query: ByteRange, _ headers: borrowing HeaderList, isThere: Bool
    ) -> Found {
        guard isThere else { return .none }
        var found = Found.none
        var parameters = QueryParameters(query)
        while let parameter = parameters.next(in: headers.bytes.span) {
            guard parameter.hasName(name, in: headers.bytes.span) else { continue }
            guard case .none = found else { return .several }
            found = .one(parameter.value)
        }
        return found
    }

    private static func cookie(_ name: [UInt8], _ headers: borrowing HeaderList) -> Found {
        guard headers.presence & HeaderName.cookie.bit != 0 else { return .none }
        var found = Found.none
        for field in headers.fields where field.known == .cookie && !field.isRemoved {
            var pairs = CookiePairs(field.value)
            while let pair = pairs.next(in: headers.bytes.span) {
                guard headers.span(pair.name).isEqual(to: name) else { continue }
                guard case .none = found else { return .several }
                found = .one(ByteRange(start: Int(pair.rest.start) + 1, end: pair.rest.end))
            }
        }
        return found
    }
}

extension RequestHead {
    /// Bytes of the head's store, for what outlives an access to it: a credential is hashed, looked
    /// up and kept.
    func copy(_ range: ByteRange) -> [UInt8] { self.headers.bytes.copy(range.indices) }
}
