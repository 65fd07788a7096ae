/// Removal of the fields that concern one connection only (RFC 9110 §7.6.1).
///
/// Runs before Martlet adds a field of its own, so that a message cannot name one of ours in its
/// `Connection` and have it removed. Bounded by `nominationsMax` names times the field count.
package enum HopByHopHeaders {
    /// More names in `Connection` are refused: nothing honest lists them, and each is a pass.
    package static let nominationsMax = 64

    private static var always: UInt64 {
        HeaderName.connection.bit | HeaderName.keepAlive.bit | HeaderName.proxyConnection.bit
            | HeaderName.proxyAuthenticate.bit | HeaderName.proxyAuthorization.bit
            | HeaderName.te.bit | HeaderName.trailer.bit | HeaderName.transferEncoding.bit
            | HeaderName.upgrade.bit | HeaderName.http2Settings.bit
    }

    /// Names that `Connection` cannot have removed.
    ///
    /// RFC 9110 §7.6.1 forbids nominating fields that are meant for all recipients. Honouring such
    /// a nomination would let a client make the upstream read another message than the one that
    /// policies judged (`host`, framing, content), or strip what an earlier trusted hop reported.
    private static var neverNominated: UInt64 {
        HeaderName.host.bit | HeaderName.contentLength.bit | HeaderName.contentType.bit
            | HeaderName.contentEncoding.bit | HeaderName.cacheControl.bit
            | HeaderName.authorization.bit | HeaderName.cookie.bit | HeaderName.setCookie.bit
            | HeaderName.expect.bit | HeaderName.date.bit | HeaderName.location.bit
            | HeaderName.vary.bit | HeaderName.via.bit | HeaderName.forwarded.bit
            | HeaderName.xForwardedFor.bit | HeaderName.xForwardedHost.bit
            | HeaderName.xForwardedPort.bit | HeaderName.xForwardedProto.bit
            | HeaderName.xRealIP.bit
    }

    /// Removes a request's hop-by-hop fields; `te: trailers` is kept, written anew.
    ///
    /// - Returns: `false` if `Connection` names too many fields; the request is answered 400.
    package static func removeFromRequest(_ headers: inout HeaderList) -> Bool {
        guard headers.presence & self.always != 0 else { return true }
        let takesTrailers = self.listsTrailers(headers)
        guard self.removeNominated(&headers) else { return false }
        headers.remove(anyOf: self.always)
        if takesTrailers {
            // RFC 9110 §10.1.4: who sends TE must name it in Connection, which is
            // not written in HTTP/2.
            var open = headers.beginField(.connection)
            headers.appendBytes("te")
            headers.endField(open)
            open = headers.beginField(.te)
            headers.appendBytes("trailers")
            headers.endField(open)
        }
        return true
    }

    /// Removes a response's hop-by-hop fields.
    ///
    /// - Returns: `false` if `Connection` names too many fields; the response is answered 502.
    package static func removeFromResponse(_ headers: inout HeaderList) -> Bool {
        guard headers.presence & self.always != 0 else { return true }
        guard self.removeNominated(&headers) else { return false }
        headers.remove(anyOf: self.always)
        return true
    }

    private static func listsTrailers(_ headers: borrowing HeaderList) -> Bool {
        guard headers.presence & HeaderName.te.bit != 0 else { return false }
        for field in headers.fields where field.known == .te && !field.isRemoved {
            var elements = ListElements(field.value)
            while let element = elements.next(in: headers.bytes.span) {
                if headers.span(element).isEqualIgnoringCase(to: "trailers") { return true }
            }
        }
        return false
    }

    private static func removeNominated(_ headers: inout HeaderList) -> Bool {
        guard headers.presence & HeaderName.connection.bit != 0 else { return true }
        // Nearly every message says just this, and it names no field.
        if ConnectionTokens.sole(headers) != nil { return true }
        var nominations = 0
        for index in headers.fields.indices {
            guard headers.fields[index].known == .connection, !headers.fields[index].isRemoved
            else { continue }
            var elements = ListElements(headers.fields[index].value)
            while let element = elements.next(in: headers.bytes.span) {
                nominations += 1
                guard nominations <= self.nominationsMax else { return false }
                self.remove(nominated: element, from: &headers)
            }
        }
        return true
    }

    private static func remove(nominated name: ByteRange, from headers: inout HeaderList) {
        let known = HeaderName(headers.span(name))
        if known != .other {
            if known.bit & self.neverNominated == 0 { headers.remove(known) }
            return
        }
        for index in headers.fields.indices {
            let field = headers.fields[index]
            guard field.known == .other, !field.isRemoved, field.name.count == name.count,
                headers.span(field.name).isEqualIgnoringCase(to: headers.span(name))
            else { continue }
            headers.markRemoved(at: index)
        }
    }
}

/// What a message's `Connection` says of the connection itself (RFC 9110 §7.6.1, RFC 9112 §9.3).
package struct ConnectionTokens: Sendable, BitwiseCopyable, Equatable {
    package var close = false
    package var keepAlive = false
    package var upgrade = false

    package init(close: Bool = false, keepAlive: Bool = false, upgrade: Bool = false) {
        self.close = close
        self.keepAlive = keepAlive
        self.upgrade = upgrade
    }

    /// The only `Connection` field, if it says `keep-alive` or `close` and nothing else.
    fileprivate static func sole(_ headers: borrowing HeaderList) -> ConnectionTokens? {
        var value: ByteRange?
        for field in headers.fields where field.known == .connection && !field.isRemoved {
            guard value == nil else { return nil }
            value = field.value
        }
        guard let value else { return nil }
        switch value.count {
        case 5: return headers.isValue(value, "close") ? ConnectionTokens(close: true) : nil
        case 10:
            return headers.isValue(value, "keep-alive") ? ConnectionTokens(keepAlive: true) : nil
        default: return nil
        }
    }

    /// Whether the sender leaves its connection open after this message (RFC 9112 §9.3).
    package static func keepsAlive(
        _ headers: borrowing HeaderList, minorVersion: UInt8
    ) -> Bool {
        guard headers.presence & HeaderName.connection.bit != 0 else { return minorVersion >= 1 }
        let tokens = Self.scan(headers)
        return minorVersion >= 1 ? !tokens.close : tokens.keepAlive && !tokens.close
    }

    /// Reads every `Connection` field that has not been removed.
    package static func scan(_ headers: borrowing HeaderList) -> ConnectionTokens {
        if let tokens = Self.sole(headers) { return tokens }
        var tokens = ConnectionTokens()
        guard headers.presence & HeaderName.connection.bit != 0 else { return tokens }
        for field in headers.fields where field.known == .connection && !field.isRemoved {
            var elements = ListElements(field.value)
            while let element = elements.next(in: headers.bytes.span) {
                let token = headers.span(element)
                if token.isEqualIgnoringCase(to: "close") {
                    tokens.close = true
                } else if token.isEqualIgnoringCase(to: "keep-alive") {
                    tokens.keepAlive = true
                } else if token.isEqualIgnoringCase(to: "upgrade") {
                    tokens.upgrade = true
                }
            }
        }
        return tokens
    }
}
