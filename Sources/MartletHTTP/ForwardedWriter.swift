/// What the request's receiver knows of the hop that a forwarding field describes.
package struct ForwardedHop: Sendable, BitwiseCopyable {
    package var peer: ClientAddress
    package var origin: ForwardedOrigin
    /// Whether the client's connection to Martlet was TLS.
    package var isSecure: Bool
    /// Where in the head the client's `Host` stands; may be empty.
    package var authority: ByteRange
    /// The listener's port.
    package var port: UInt16

    package init(
        peer: ClientAddress, origin: ForwardedOrigin, isSecure: Bool, authority: ByteRange,
        port: UInt16
    ) {
        self.peer = peer
        self.origin = origin
        self.isSecure = isSecure
        self.authority = authority
        self.port = port
    }
}

/// Tells the upstream of the client: `X-Forwarded-*` and `Forwarded` (row A4).
///
/// Runs after `ForwardedHeaders.receive`, which removed what nobody trusted wrote. A style that is
/// not written is removed, as a proxy in front that does not write it passes on the client's own.
package struct ForwardedWriter: Sendable, Equatable {
    package enum Client: Sendable, BitwiseCopyable {
        /// The believed list and the peer after it.
        case append
        /// The client alone.
        case replace
        /// The client alone, as `ClientAddress.masked`.
        case mask
        /// No field at all.
        case off
    }

    package let client: Client
    package let xForwarded: Bool
    package let rfc7239: Bool

    package init(client: Client, xForwarded: Bool, rfc7239: Bool) {
        self.client = client
        self.xForwarded = xForwarded
        self.rfc7239 = rfc7239
    }

    package func apply(to headers: inout HeaderList, hop: ForwardedHop) {
        guard self.client != .off, self.xForwarded || self.rfc7239 else {
            return ForwardedHeaders.removeAll(&headers)
        }
        if self.rfc7239 { self.writeForwarded(&headers, hop) } else { headers.remove(.forwarded) }
        if self.xForwarded {
            self.writeXForwarded(&headers, hop)
        } else {
            ForwardedHeaders.removeXForwarded(&headers, except: 0)
        }
    }

    // MARK: X-Forwarded-*

    private static var reported: UInt64 {
        HeaderName.xForwardedProto.bit | HeaderName.xForwardedHost.bit
            | HeaderName.xForwardedPort.bit
    }

    private func writeXForwarded(_ headers: inout HeaderList, _ hop: ForwardedHop) {
        let open = headers.beginField(.xForwardedFor)
        if self.client == .append {
            if hop.origin.source == .xForwardedFor {
                Self.appendBelieved(.xForwardedFor, &headers, hop.origin)
            } else if hop.origin.source != .peer {
                headers.appendBytes(hop.origin.address.text.span)
                headers.appendBytes(", ")
            }
            headers.appendBytes(hop.peer.text.span)
            headers.remove(.xForwardedFor)
        } else {
            headers.appendBytes(self.soleAddress(hop).text.span)
            ForwardedHeaders.removeXForwarded(&headers, except: Self.reported)
        }
        headers.endField(open)
        self.writeReported(&headers, hop)
    }

    /// Scheme, host and port as a trusted proxy met them are kept; the port of this listener would
    /// contradict them, so it is told only if nothing was reported.
    private func writeReported(_ headers: inout HeaderList, _ hop: ForwardedHop) {
        let hasProto = headers.contains(.xForwardedProto)
        let hasHost = headers.contains(.xForwardedHost)
        if !hasProto {
            let open = headers.beginField(.xForwardedProto)
            headers.appendBytes(hop.isSecure ? "https" : "http")
            headers.endField(open)
        }
        if !hasHost, !hop.authority.isEmpty {
            let open = headers.beginField(.xForwardedHost)
            headers.appendBytes(copying: hop.authority)
            headers.endField(open)
        }
        if !hasProto, !hasHost, !headers.contains(.xForwardedPort) {
            let open = headers.beginField(.xForwardedPort)
            headers.appendDecimal(UInt64(hop.port))
            headers.endField(open)
        }
    }

    private func soleAddress(_ hop: ForwardedHop) -> ClientAddress {
        self.client == .mask ? hop.origin.address.masked : hop.origin.address
    }

    /// The list from the first believed element on, its lines joined, each element's comma behind
    /// it.
    private static func appendBelieved(
        _ name: HeaderName, _ headers: inout HeaderList, _ origin: ForwardedOrigin
    ) {
        for index in headers.fields.indices where index >= origin.believedField {
            let field = headers.fields[index]
            guard field.known == name, !field.isRemoved, !field.value.isEmpty else { continue }
            var believed = field.value
            if index == origin.believedField, field.value.indices.contains(origin.believedStart) {
                believed = ByteRange(start: origin.believedStart, end: field.value.end)
            }
            headers.appendBytes(copying: believed)
            headers.appendBytes(", ")
        }
    }

    // MARK: Forwarded

    private func writeForwarded(_ headers: inout HeaderList, _ hop: ForwardedHop) {
        let open = headers.beginField(.forwarded)
        if self.client == .append {
            if hop.origin.source == .forwarded {
                Self.appendBelieved(.forwarded, &headers, hop.origin)
            } else if hop.origin.source != .peer {
                Self.appendFor(&headers, hop.origin.address)
                headers.appendBytes(", ")
            }
            Self.appendFor(&headers, hop.peer)
        } else {
            Self.appendFor(&headers, self.soleAddress(hop))
        }
        Self.appendHost(&headers, hop.authority)
        headers.appendBytes(";proto=")
        headers.appendBytes(self.isSecure(headers, hop) ? "https" : "http")
        headers.remove(.forwarded)
        headers.endField(open)
    }

    /// RFC 7239 §6: IPv6 stands in brackets, and brackets in quotes.
    private static func appendFor(_ headers: inout HeaderList, _ address: ClientAddress) {
        headers.appendBytes(address.isIPv4 ? "for=" : "for=\"[")
        headers.appendBytes(address.text.span)
        if !address.isIPv4 { headers.appendBytes("]\"") }
    }

    private static func appendHost(_ headers: inout HeaderList, _ authority: ByteRange) {
        guard !authority.isEmpty else { return }
        var isToken = true
        for index in authority.indices {
            let bits = ByteClass.table[Int(headers.bytes[index])]
            // The target class holds neither `"` nor `\`, so quoting needs no escapes.
            guard bits & ByteClass.target != 0 else { return }
            if bits & ByteClass.token == 0 { isToken = false }
        }
        headers.appendBytes(isToken ? ";host=" : ";host=\"")
        headers.appendBytes(copying: authority)
        if !isToken { headers.appendBytes("\"") }
    }

    /// A list that stands for the client alone tells the scheme that the client used, if a trusted
    /// proxy reported it; an appended element tells its own hop's.
    private func isSecure(_ headers: borrowing HeaderList, _ hop: ForwardedHop) -> Bool {
        guard self.client != .append, let reported = headers.first(.xForwardedProto) else {
            return hop.isSecure
        }
        return headers.span(reported).isEqualIgnoringCase(to: "https")
    }
}

extension HeaderList {
    /// Eight digits in the order of memory, all at once: the nibbles are spread to a byte each,
    /// then those of ten and more are moved from behind `9` to `a`.
    private static func hexDigits(_ value: UInt32) -> UInt64 {
        var nibbles = UInt64(value)
        nibbles = (nibbles | nibbles &<< 16) & 0x0000_ffff_0000_ffff
        nibbles = (nibbles | nibbles &<< 8) & 0x00ff_00ff_00ff_00ff
        nibbles = (nibbles | nibbles &<< 4) & 0x0f0f_0f0f_0f0f_0f0f
        let isLetter = (nibbles &+ 0x0606_0606_0606_0606) &>> 4 & 0x0101_0101_0101_0101
        return (nibbles &+ 0x3030_3030_3030_3030 &+ isLetter &* 0x27).bigEndian
    }

    /// Puts a number into the store as sixteen lower-case hexadecimal digits.
    package mutating func appendHex(_ value: UInt64) {
        let digits: InlineArray<2, UInt64> = [
            Self.hexDigits(UInt32(truncatingIfNeeded: value &>> 32)),
            Self.hexDigits(UInt32(truncatingIfNeeded: value)),
        ]
        unsafe digits.span.withUnsafeBytes { bytes in
            _ = unsafe self.appendBytes(bytes.bindMemory(to: UInt8.self).span)
        }
    }
}
