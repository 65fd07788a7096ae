/// Where a request came from, as far as trusted proxies can be believed.
package struct ForwardedOrigin: Sendable, BitwiseCopyable, Equatable {
    package enum Source: Sendable, BitwiseCopyable {
        case peer, xForwardedFor, forwarded
        /// One with a single address.
        case field
    }

    /// The client: the first address, from the right, that no trusted proxy vouches for any more.
    package var address: ClientAddress
    /// Which field told it.
    ///
    /// The other one, if there, is not believed.
    package var source = Source.peer
    package var isPeerTrusted: Bool
    /// The field in which the believed part of the list begins, and where in the store.
    fileprivate(set) package var believedField = 0
    fileprivate(set) package var believedStart = 0

    package init(peer: ClientAddress, isPeerTrusted: Bool) {
        self.address = peer
        self.isPeerTrusted = isPeerTrusted
    }
}

/// Which field of a trusted peer tells who the client is.
package enum ClientAddressSource: Sendable, Equatable {
    /// `X-Forwarded-For`, or without it `Forwarded`.
    case either
    case xForwardedFor
    case forwarded
    /// A field with one address, such as `X-Real-IP`; its name in lower case.
    case field([UInt8])
}

/// Reading of `Forwarded` (RFC 7239), `X-Forwarded-*` and `X-Real-IP`.
///
/// Only what a trusted peer sends is read, and of its list only the part that it and its trusted
/// predecessors wrote; anything further left is the client's own claim.
package enum ForwardedHeaders {
    static var xForwarded: UInt64 {
        HeaderName.xForwardedFor.bit | HeaderName.xForwardedHost.bit
            | HeaderName.xForwardedPort.bit | HeaderName.xForwardedProto.bit
            | HeaderName.xRealIP.bit
    }

    /// Fields by which some upstreams let the caller replace the path that was routed (row B5), and
    /// `Proxy`, which CGI turns into the `HTTP_PROXY` of its own calls.
    private static var misleading: UInt64 {
        HeaderName.xOriginalURL.bit | HeaderName.xRewriteURL.bit | HeaderName.proxy.bit
    }

    /// Drops what the peer may not say, then finds the client.
    ///
    /// From every peer: spellings with `_`, path overrides, and what tells of a client's
    /// certificate, which only who ended its TLS may say (RFC 9440 §4). From an untrusted one:
    /// `Forwarded`, `X-Forwarded-*`, `X-Real-IP`. `X-Forwarded-For` wins when a trusted peer sends
    /// `Forwarded` as well, because a proxy that writes the former often passes on the latter
    /// unread.
    ///
    /// - `source`: the field that is believed in place of that rule; the others that could tell the
    ///   client are dropped then, as a proxy that does not write them passes on the client's own.
    package static func receive(
        _ headers: inout HeaderList, peer: ClientAddress, trusted: borrowing AddressBlocks,
        source: ClientAddressSource = .either
    ) -> ForwardedOrigin {
        var origin = ForwardedOrigin(peer: peer, isPeerTrusted: trusted.contains(peer))
        headers.remove(anyOf: self.misleading)
        self.removeOthers(&headers, onlyUnderscored: true)
        guard origin.isPeerTrusted else {
            self.removeAll(&headers)
            if case .field(let name) = source { headers.removeAnySpelling(of: name) }
            return origin
        }
        switch source {
        case .either: self.readEither(headers, trusted, &origin)
        case .xForwardedFor:
            headers.remove(anyOf: HeaderName.forwarded.bit | HeaderName.xRealIP.bit)
            self.read(.xForwardedFor, .xForwardedFor, headers, trusted, &origin)
        case .forwarded:
            // Scheme and host stand in it as well, so that those of the other kind are nobody's.
            self.removeXForwarded(&headers, except: 0)
            self.read(.forwarded, .forwarded, headers, trusted, &origin)
        case .field(let name): self.readSingle(name, &headers, &origin)
        }
        return origin
    }

    private static func readEither(
        _ headers: borrowing HeaderList, _ trusted: borrowing AddressBlocks,
        _ origin: inout ForwardedOrigin
    ) {
        if headers.contains(.xForwardedFor) {
            self.read(.xForwardedFor, .xForwardedFor, headers, trusted, &origin)
        } else if headers.contains(.forwarded) {
            self.read(.forwarded, .forwarded, headers, trusted, &origin)
        }
    }

    /// Reads a field with one address.
    ///
    /// Where there are several, or it holds anything else, nobody knows whose it is: it is dropped,
    /// and the peer is the client.
    private static func readSingle(
        _ name: [UInt8], _ headers: inout HeaderList, _ origin: inout ForwardedOrigin
    ) {
        let isRealIP = HeaderName(name.span) == .xRealIP
        headers.remove(
            anyOf: HeaderName.forwarded.bit | HeaderName.xForwardedFor.bit
                | (isRealIP ? 0 : HeaderName.xRealIP.bit))
        var found: ClientAddress?
        var count = 0
        for index in headers.fields.indices
        where !headers.fields[index].isRemoved && headers.isField(index, spelled: name) {
            let field = headers.fields[index]
            count += 1
            guard headers.span(field.name).isEqualIgnoringCase(to: name.span) else {
                // Another spelling is nobody's field, and could be taken for this one behind us.
                headers.markRemoved(at: index)
                count -= 1
                continue
            }
            found = ClientAddress(parsingNode: headers.span(field.value))
        }
        guard count == 1, let address = found else {
            if count > 0 { headers.removeAnySpelling(of: name) }
            return
        }
        origin.address = address
        origin.source = .field
    }

    /// Removes every forwarding field, whoever sent it.
    package static func removeAll(_ headers: inout HeaderList) {
        headers.remove(.forwarded)
        self.removeXForwarded(&headers, except: 0)
    }

    /// Removes `X-Forwarded-*` and `X-Real-IP`, but for known names whose bits are in `except`.
    static func removeXForwarded(_ headers: inout HeaderList, except: UInt64) {
        headers.remove(anyOf: self.xForwarded & ~except)
        self.removeOthers(&headers, onlyUnderscored: false)
    }

    /// Removes fields of unknown names that are forwarding fields.
    ///
    /// - `onlyUnderscored`: spares `x-forwarded-*` in its proper spelling.
    private static func removeOthers(_ headers: inout HeaderList, onlyUnderscored: Bool) {
        guard headers.presence & HeaderName.other.bit != 0 else { return }
        for index in headers.fields.indices {
            let field = headers.fields[index]
            guard field.known == .other, !field.isRemoved, field.name.count >= 9,
                self.isForwarding(headers.span(field.name), onlyUnderscored: onlyUnderscored)
            else { continue }
            headers.markRemoved(at: index)
        }
    }

    private static func isForwarding(_ name: Span<UInt8>, onlyUnderscored: Bool) -> Bool {
        guard name[0] | 0x20 == UInt8(ascii: "x") else {
            // In both spellings, whoever sent them.
            return name.isEqualFolded(to: "client-cert")
                || name.isEqualFolded(to: "client-cert-chain")
        }
        let isXForwarded = self.isXForwarded(name)
        if isXForwarded, !onlyUnderscored { return true }
        return name.firstIndex(of: UInt8(ascii: "_")) != nil
            && (isXForwarded || self.isUnderscoredSingle(name))
    }

    private static func isXForwarded(_ name: Span<UInt8>) -> Bool {
        guard name.count > 12, ByteClass.folded(name[11]) == UInt8(ascii: "-") else { return false }
        let first = name.extracting(0..<11)
        return first.isEqualFolded(to: "x-forwarded")
    }

    private static func isUnderscoredSingle(_ name: Span<UInt8>) -> Bool {
        name.isEqualFolded(to: "x-real-ip") || name.isEqualFolded(to: "x-original-url")
            || name.isEqualFolded(to: "x-rewrite-url")
    }

    /// Reads a list left to right and keeps the part from the last address that is not a trusted
    /// proxy's: the same as reading right to left to the first untrusted one, but in one pass and
    /// with quotes understood.
    ///
    /// What cannot be read (`unknown`) vouches for nothing left of it.
    private static func read(
        _ name: HeaderName, _ source: ForwardedOrigin.Source, _ headers: borrowing HeaderList,
        _ trusted: borrowing AddressBlocks, _ origin: inout ForwardedOrigin
    ) {
        let peer = origin.address
        for index in headers.fields.indices {
            let field = headers.fields[index]
            guard field.known == name, !field.isRemoved else { continue }
            var elements = ListElements(field.value)
            while let element = elements.next(in: headers.bytes.span) {
                let text = headers.span(element)
                let parsed =
                    source == .forwarded
                    ? ForwardedElement.client(text) : ClientAddress(parsingNode: text)
                guard let address = parsed else {
                    origin.address = peer
                    origin.source = .peer
                    continue
                }
                guard origin.source == .peer || !trusted.contains(address) else { continue }
                origin.address = address
                origin.source = source
                origin.believedField = index
                origin.believedStart = Int(element.start)
            }
        }
    }
}

/// One element of `Forwarded`: `for=192.0.2.1;proto=https;by=…` (RFC 7239 §4).
enum ForwardedElement {
    /// The address in `for`; `nil` if there is none, more than one, or something else in it.
    static func client(_ element: Span<UInt8>) -> ClientAddress? {
        var found: ClientAddress?
        var start = 0
        while start < element.count {
            let end = self.pairEnd(element, from: start)
            let pair = element.trimmed(start..<end)
            start = end + 1
            guard pair.count > 4, element[pair.lowerBound + 3] == UInt8(ascii: "="),
                element.extracting(pair.lowerBound..<pair.lowerBound + 3)
                    .isEqualIgnoringCase(to: "for")
            else { continue }
            let value = pair.lowerBound + 4..<pair.upperBound
            guard found == nil, let address = self.node(element, value) else { return nil }
            found = address
        }
        return found
    }

    private static func pairEnd(_ element: Span<UInt8>, from start: Int) -> Int {
        var isQuoted = false
        var index = start
        while index < element.count {
            if element[index] == UInt8(ascii: "\"") { isQuoted.toggle() }
            if element[index] == UInt8(ascii: ";"), !isQuoted { break }
            index += 1
        }
        return index
    }

    /// An address has no character that a quoted string must escape, so none is unescaped.
    private static func node(_ element: Span<UInt8>, _ range: Range<Int>) -> ClientAddress? {
        guard element[range.lowerBound] == UInt8(ascii: "\"") else {
            return ClientAddress(parsingNode: element.extracting(range))
        }
        guard range.count > 2, element[range.upperBound - 1] == UInt8(ascii: "\"")
        else { return nil }
        return ClientAddress(
            parsingNode: element.extracting(range.lowerBound + 1..<range.upperBound - 1))
    }
}

extension Span where Element == UInt8 {
    /// Whether the bytes are `text`, compared without case and with `_` taken for `-`.
    func isEqualFolded(to text: StaticString) -> Bool {
        guard self.count == text.utf8CodeUnitCount else { return false }
        let other = unsafe UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        for index in self.indices where unsafe ByteClass.folded(self[index]) != other[index] {
            return false
        }
        return true
    }
}
