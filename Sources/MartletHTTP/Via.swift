/// `Via` (RFC 9110 §7.6.3): which proxies a message went through, and whether it goes in a circle.
///
/// Every Martlet writes the same pseudonym, so that `Via` tells nothing of the deployment (row A3).
/// Martlets in a row are legitimate (edge, then sidecar), so one that finds its name is not yet in
/// a loop; one that finds it more than `hopsMax` times is. A loop thus ends after a few rounds.
package enum Via {
    /// The most Martlets that a request may have passed before this one.
    package static let hopsMax = 5

    /// Adds `1.1 martlet`.
    ///
    /// - `minorVersion`: of the message received (`x` of HTTP/1.x), unless that was `isHTTP2`.
    package static func append(
        to headers: inout HeaderList, minorVersion: UInt8, isHTTP2: Bool = false
    ) {
        let open = headers.beginField(.via)
        if isHTTP2 {
            headers.appendBytes("2 martlet")
        } else {
            headers.appendBytes(minorVersion == 0 ? "1.0 martlet" : "1.1 martlet")
        }
        headers.endField(open)
    }

    /// Whether the request has been through Martlet too often: `proxy_loop_detected`, 502.
    package static func isLoop(_ headers: borrowing HeaderList) -> Bool {
        guard headers.presence & HeaderName.via.bit != 0 else { return false }
        var hops = 0
        for field in headers.fields where field.known == .via && !field.isRemoved {
            hops += self.hops(headers.span(field.value))
            if hops > self.hopsMax { return true }
        }
        return false
    }

    /// How many elements name Martlet as the one that received.
    ///
    /// Comments are not told apart: one that is never closed would hide every element after it.
    private static func hops(_ value: Span<UInt8>) -> Int {
        var (hops, start) = (0, 0)
        while start < value.count {
            let end = value.firstIndex(of: UInt8(ascii: ","), from: start) ?? value.count
            if self.isMartlet(value, value.trimmed(start..<end)) { hops += 1 }
            start = end + 1
        }
        return hops
    }

    /// Whether an element, `[protocol "/"] version RWS received-by [RWS comment]`, is one of ours.
    private static func isMartlet(_ value: Span<UInt8>, _ element: Range<Int>) -> Bool {
        var start = element.lowerBound
        while start < element.upperBound, !self.isSpace(value[start]) { start += 1 }
        while start < element.upperBound, self.isSpace(value[start]) { start += 1 }
        var end = start
        while end < element.upperBound, !self.isSpace(value[end]) { end += 1 }
        return value.extracting(start..<end).isEqualIgnoringCase(to: "martlet")
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}
